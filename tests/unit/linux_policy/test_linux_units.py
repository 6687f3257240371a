"""The kinds systemd_unit and timer."""

import pytest
from linux_sandbox import Sandbox, after, said
from linux_systemd import Systemd


def unit(name: str, enabled: str, status: str | None = None) -> dict[str, object]:
    return {"id": name, "kind": "systemd_unit", "name": name, "enabled": enabled, "status": status}


def acts(host: Sandbox) -> list[str]:
    return [command for command in host.commands if not command.startswith("systemctl show")]


def test_all_units_are_asked_for_once_and_changed_by_one_call_for_each_verb(host: Sandbox) -> None:
    Systemd(
        host,
        cron_service=("disabled", "inactive"),
        atd_service=("masked", "inactive"),
        cups_service=("enabled", "active/running"),
        bluetooth_service=("enabled", "active/running"),
        ok_service=("enabled", "active/running"),
    )
    settings = (
        unit("cron.service", "enabled", "running"),
        unit("atd.service", "enabled", "running"),
        unit("cups.service", "disabled", "stopped"),
        unit("bluetooth.service", "masked", "stopped"),
        unit("ok.service", "enabled", "running"),
    )
    rows = host.rows(*settings)
    assert {name: after(row) for name, row in rows.items()} == {
        "cron.service": ("changed", "disabled, stopped", "enabled, running"),
        "atd.service": ("changed", "masked, stopped", "enabled, running"),
        "cups.service": ("changed", "enabled, running", "disabled, stopped"),
        "bluetooth.service": ("changed", "enabled, running", "masked, stopped"),
        "ok.service": ("compliant", "enabled, running", "enabled, running"),
    }
    assert acts(host) == [
        "systemctl unmask -- atd.service",
        "systemctl enable -- cron.service atd.service",
        "systemctl disable -- cups.service",
        "systemctl stop -- cups.service bluetooth.service",
        "systemctl mask -- bluetooth.service",
        "systemctl start -- cron.service atd.service",
    ]
    host.commands.clear()
    assert {row["status"] for row in host.rows(*settings).values()} == {"compliant"}
    assert len(host.commands) == 1


@pytest.mark.parametrize(
    "enabled, state, status",
    [
        ("enabled", "static", "compliant"),
        ("enabled", "indirect", "compliant"),
        ("enabled", "generated", "compliant"),
        ("enabled", "enabled-runtime", "changed"),
        ("disabled", "masked", "compliant"),
        ("disabled", "indirect", "compliant"),
        ("disabled", "enabled-runtime", "changed"),
        ("masked", "disabled", "changed"),
        ("masked", "masked-runtime", "changed"),
    ],
)
def test_which_states_count_as_which(host: Sandbox, enabled: str, state: str, status: str) -> None:
    Systemd(host, a_service=(state, "inactive"))
    assert host.row(unit("a.service", enabled))["status"] == status


@pytest.mark.parametrize("enabled", ["disabled", "masked"])
def test_a_unit_that_is_not_installed_is_off(host: Sandbox, enabled: str) -> None:
    Systemd(host)
    assert after(host.row(unit("a.service", enabled, "stopped"))) == ("compliant", "<absent>", "<absent>")


def test_a_unit_that_is_not_installed_cannot_be_on(host: Sandbox) -> None:
    Systemd(host)
    row = host.row(unit("a.service", "enabled"))
    assert (row["status"], row["message"]) == ("failed", "this unit is not installed")


@pytest.mark.parametrize("state", ["static", "generated"])
def test_what_has_nothing_to_disable_can_only_be_masked(host: Sandbox, state: str) -> None:
    Systemd(host, a_service=(state, "inactive"))
    row = host.row(unit("a.service", "disabled"))
    message = f"it is {state}: it has nothing to disable, and can only be masked"
    assert (row["status"], row["message"]) == ("failed", message)
    assert acts(host) == []


def test_a_unit_whose_conditions_do_not_hold_is_unsupported_and_tried_again(host: Sandbox) -> None:
    systemd = Systemd(host, a_service=("enabled", "inactive"))
    systemd.unmet.add("a.service")
    row = host.row(unit("a.service", "enabled", "running"))
    message = "the conditions under which this unit starts do not hold on this host"
    assert (row["status"], row["message"]) == ("unsupported", message)
    assert acts(host) == ["systemctl start -- a.service"]
    systemd.unmet.clear()
    assert host.row(unit("a.service", "enabled", "running"))["status"] == "changed"


def test_one_unit_that_fails_hides_no_other(host: Sandbox) -> None:
    systemd = Systemd(host, a_service=("disabled", "inactive"), b_service=("disabled", "inactive"))
    systemd.refuses["start a.service"] = "Job for a.service failed.\n"
    rows = host.rows(unit("a.service", "enabled", "running"), unit("b.service", "enabled", "running"))
    assert rows["a.service"] == {
        "status": "failed",
        "before": "disabled, stopped",
        "after": "enabled, stopped",
        "message": "systemctl start: Job for a.service failed.",
    }
    assert after(rows["b.service"]) == ("changed", "disabled, stopped", "enabled, running")


def test_a_service_that_is_started_over_and_over_does_not_run(host: Sandbox) -> None:
    Systemd(host, a_service=("enabled", "activating/auto-restart"))
    assert host.row(unit("a.service", "enabled", "running"), check=True)["before"] == "enabled, stopped"


def test_a_started_service_gets_a_moment_to_fall_over(host: Sandbox) -> None:
    Systemd(host, a_service=("enabled", "inactive"))
    host.row(unit("a.service", "enabled", "running"))
    assert host.slept == [1.0]


@pytest.mark.parametrize(
    "setting",
    [unit("ssh.service", "disabled"), unit("sshd.service", "masked"), unit("ssh.service", "enabled", "stopped")],
)
def test_the_server_that_this_run_came_in_by_stays_on(host: Sandbox, setting: dict[str, object]) -> None:
    Systemd(host, ssh_service=("enabled", "active/running"), sshd_service=("enabled", "active/running"))
    assert host.row(setting, check=True)["status"] == "noncompliant"
    host.signed_in("beheer")
    row = host.row(setting)
    assert (row["status"], row["message"]) == ("failed", "this run came in over SSH, and the next one could not")
    assert acts(host) == []


@pytest.mark.parametrize("server, status", [("active/running", "changed"), ("inactive", "failed")])
def test_the_socket_stays_where_it_starts_the_server(host: Sandbox, server: str, status: str) -> None:
    Systemd(host, ssh_service=("disabled", server), ssh_socket=("enabled", "active/listening"))
    host.signed_in("beheer")
    assert host.row(unit("ssh.socket", "disabled", "stopped"))["status"] == status


def test_without_systemd_every_unit_fails_with_what_systemctl_says(host: Sandbox) -> None:
    host.answers["systemctl"] = said(code=1, error="System has not been booted with systemd as init system (PID 1).\n")
    row = host.row(unit("a.service", "enabled"))
    assert (row["status"], row["before"]) == ("failed", "<unknown>")
    assert row["message"] == "systemctl show: System has not been booted with systemd as init system (PID 1)."


TIMER = {
    "id": "t",
    "kind": "timer",
    "name": "opruimen",
    "on_calendar": "Mon..Fri 06:30",
    "command": '/usr/bin/find /tmp -name "100%" -newer $HOME',
    "description": "Clean up 100%",
    "user": "beheer",
    "randomized_delay": 300,
}
SERVICE_TEXT = """\
# Kept by Werkplek: what is changed here is changed back.
[Unit]
Description=Clean up 100%%

[Service]
Type=oneshot
User=beheer
ExecStart=/usr/bin/find /tmp -name "100%%" -newer $$HOME
"""
TIMER_TEXT = """\
# Kept by Werkplek: what is changed here is changed back.
[Unit]
Description=Clean up 100%%

[Timer]
OnCalendar=Mon..Fri 06:30
Persistent=true
RandomizedDelaySec=300

[Install]
WantedBy=timers.target
"""
FOLDER = "/etc/systemd/system"


def test_a_timer_is_checked_written_enabled_and_started(host: Sandbox) -> None:
    Systemd(host)
    host.answers |= {"systemd-analyze calendar -- Mon..Fri 06:30": said(), "systemd-analyze verify": said()}
    wanted = "Mon..Fri 06:30, enabled, running"
    assert after(host.row(TIMER)) == ("changed", "<absent>", wanted)
    assert host.text(f"{FOLDER}/werkplek-opruimen.service") == SERVICE_TEXT
    assert host.text(f"{FOLDER}/werkplek-opruimen.timer") == TIMER_TEXT
    assert [command.partition(" /")[0] for command in acts(host)] == [
        "systemd-analyze calendar -- Mon..Fri 06:30",
        "systemd-analyze verify --man=no --recursive-errors=no",
        "systemctl daemon-reload",
        "systemctl enable -- werkplek-opruimen.timer",
        "systemctl restart -- werkplek-opruimen.timer",
    ]
    assert after(host.row(TIMER)) == ("compliant", wanted, wanted)


def test_a_timer_at_other_times_is_another_timer(host: Sandbox) -> None:
    Systemd(host)
    host.answers["systemd-analyze"] = said()
    host.row(TIMER)
    row = host.row({**TIMER, "on_calendar": "daily"})
    assert after(row) == ("changed", "another timer, enabled, running", "daily, enabled, running")
    assert host.commands[-2] == "systemctl restart -- werkplek-opruimen.timer"


@pytest.mark.parametrize(
    "refused, message",
    [
        ("systemd-analyze calendar", "systemd-analyze refuses the time: no such time"),
        ("systemd-analyze verify", "systemd-analyze refuses it: no such time"),
    ],
)
def test_a_timer_that_systemd_refuses_is_not_written(host: Sandbox, refused: str, message: str) -> None:
    Systemd(host)
    host.answers |= {"systemd-analyze": said(), refused: said(code=1, error="no such time\n")}
    row = host.row(TIMER)
    assert (row["status"], row["message"]) == ("failed", message)
    assert not host.path(FOLDER).exists()


def test_a_timer_that_should_be_gone_is_stopped_and_taken_away(host: Sandbox) -> None:
    Systemd(host)
    host.answers["systemd-analyze"] = said()
    host.row(TIMER)
    host.commands.clear()
    gone = {"id": "t", "kind": "timer", "name": "opruimen", "state": "absent"}
    assert after(host.row(gone)) == ("changed", "present", "<absent>")
    assert list(host.path(FOLDER).iterdir()) == []
    assert acts(host) == ["systemctl disable --now -- werkplek-opruimen.timer", "systemctl daemon-reload"]
    assert host.row(gone)["status"] == "compliant"
