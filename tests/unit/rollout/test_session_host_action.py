"""The action session_host: which module it calls, how it waits, and which answers it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from session_actions import action, plugin

from werkplek.rollout.waiting import Patience

URL = "https://netbox.example/dcim/devices/7/"
MEMBERS = ["DRS-VL-0001", "DRS-VL-0002"]
BUSY = [{"user": "jdevries", "state": "active"}, {"user": "apietersen", "state": "disconnected"}]
ILL = [{"check": "xrdp runs", "ok": False, "found": "failed"}, {"check": "port", "ok": True, "found": "TLS"}]


def answer(**more: Any) -> dict[str, Any]:
    return {
        "changed": False,
        "draining": False,
        "sessions": [],
        "image_version": "2026.11.1",
        "healthy": True,
        "health": [],
        **more,
    }


def variables(
    system: str = "linux", cluster: str | None = "VDI Linux", image: str | None = "2026.11.1"
) -> dict[str, Any]:
    return {
        "inventory_hostname": "DRS-VL-0001",
        "platform_lineage": ["some-release", system],
        "groups": {"cluster_VDI_Linux": MEMBERS, "vdi_host": MEMBERS},
        "registry": {"url": URL, "cluster": cluster, "custom_fields": {"image_version": image}},
    }


class Door:
    """Runs the action over a host that gives these answers in turn, the last one from then on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.plugin = plugin("session_host")
        self.now, self.calls, self.shown = 0.0, [], []
        monkeypatch.setattr(
            self.plugin, "Patience", lambda seconds, interval: Patience(seconds, interval, self.clock, self.sleep)
        )

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def __call__(
        self, *answers: dict[str, Any], where: dict[str, Any] | None = None, **arguments: Any
    ) -> dict[str, Any]:
        self.calls, self.shown, left = [], [], list(answers)

        def execute(module_name: str, module_args: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
            self.calls.append((module_name, module_args))
            return left.pop(0) if len(left) > 1 else left[0]

        made = action(self.plugin, arguments)
        made._execute_module = execute
        made._display = type("Display", (), {"display": staticmethod(self.shown.append)})
        return made.run(None, where or variables())

    def refused(self, *answers: dict[str, Any], **arguments: Any) -> AnsibleActionFail:
        with pytest.raises(AnsibleActionFail) as caught:
            self(*answers, **arguments)
        return caught.value

    def states(self) -> list[str]:
        """What was asked, in order."""
        return [f"{asked['state']}{', log off' * asked['log_off']}" for _, asked in self.calls]


@pytest.fixture
def door(monkeypatch):
    return Door(monkeypatch)


def test_a_look_is_one_call_and_its_answer_with_the_hosts_cluster(door):
    assert door(answer()) == {**answer(), "cluster_members": MEMBERS}
    assert door.calls == [("linux_session_host", {"state": "status", "log_off": False})]


def test_a_windows_host_is_asked_by_its_own_module(door):
    door(answer(), where=variables("windows"))
    assert door.calls == [("windows_session_host", {"state": "status", "log_off": False})]


def test_a_host_without_a_cluster_is_its_only_member(door):
    assert door(answer(), where=variables(cluster=None))["cluster_members"] == ["DRS-VL-0001"]


def test_a_drain_hands_over_the_message_and_the_sign_out(door):
    assert door(answer(changed=True), state="drained", message="Tot ziens", log_off=True)["changed"] is True
    assert door.calls == [("linux_session_host", {"state": "drained", "log_off": True, "message": "Tot ziens"})]


@pytest.mark.parametrize("waits", [{}, {"empty_within_minutes": 1}, {"well_within_seconds": 1}])
def test_a_module_that_fails_is_the_actions_failure_and_nothing_follows(door, waits):
    failed = {"failed": True, "msg": "loginctl failed"}
    assert door(failed, image_field="image_version", **waits) == failed
    assert len(door.calls) == 1


def test_people_are_waited_for(door):
    found = door(
        answer(changed=True, sessions=BUSY),
        answer(sessions=BUSY),
        answer(sessions=BUSY[:1]),
        answer(),
        state="drained",
        empty_within_minutes=1,
        log_off=True,
    )
    assert (found["sessions"], found["changed"], door.now) == ([], True, 20)
    assert door.states() == ["drained", "status", "status", "status"]
    assert door.shown == [
        "  DRS-VL-0001 waits: jdevries (active), apietersen (disconnected)",
        "  DRS-VL-0001 waits: jdevries (active)",
    ]


def test_people_that_stay_are_named_and_not_signed_out(door):
    error = door.refused(answer(sessions=BUSY), state="drained", empty_within_minutes=0.5)
    assert str(error) == "People are still there after 0.5 minutes: jdevries (active), apietersen (disconnected)."
    assert error.result["sessions"] == BUSY
    assert door.now == 30
    assert set(door.states()) == {"drained", "status"}


def test_people_that_stay_are_signed_out_where_that_is_allowed(door):
    found = door(
        answer(sessions=BUSY),
        answer(sessions=BUSY),
        answer(sessions=BUSY),
        answer(sessions=BUSY),
        answer(),
        state="drained",
        empty_within_minutes=0.1,
        log_off=True,
    )
    assert found["sessions"] == []
    assert door.states() == ["drained", "status", "status", "drained, log off", "status"]


def test_people_that_even_then_stay_are_named(door):
    error = door.refused(answer(sessions=BUSY[:1]), state="drained", empty_within_minutes=0, log_off=True)
    assert str(error) == "People are still there after 0 minutes: jdevries (active)."
    assert door.states().count("drained, log off") == 1
    assert door.now == 60


def test_a_wait_that_cannot_look_is_a_failure_at_once(door):
    error = door.refused(answer(), {"failed": True, "msg": "loginctl failed"}, state="drained", empty_within_minutes=5)
    assert str(error) == "loginctl failed"
    assert (error.result, door.now) == ({"failed": True, "msg": "loginctl failed"}, 0)


def test_health_is_waited_for_with_a_sign_in_each_time(door):
    account = {"login": True, "login_account": "svc-health", "login_password": "its-own"}
    found = door(
        answer(), answer(health=ILL, healthy=False), answer(), well_within_seconds=30, interval_seconds=5, **account
    )
    assert (found["healthy"], door.now) == (True, 5)
    assert [asked.get("login") for _, asked in door.calls] == [None, True, True]
    assert door.calls[1] == ("linux_session_host", {"state": "status", "log_off": False, **account})
    assert door.shown == ["  DRS-VL-0001 waits: xrdp runs (found failed)"]


def test_nobody_signs_in_on_windows(door):
    door(answer(), where=variables("windows"), login=True, well_within_seconds=1)
    assert [asked for _, asked in door.calls] == [{"state": "status", "log_off": False}] * 2


def test_a_host_that_stays_ill_is_refused_with_what_is_wrong(door):
    error = door.refused(answer(health=ILL, healthy=False), well_within_seconds=30, login=True)
    assert str(error) == "This host does not serve people: xrdp runs (found failed)"
    assert error.result["healthy"] is False
    assert door.now == 30


def test_a_look_alone_does_not_judge_health(door):
    assert door(answer(health=ILL, healthy=False))["healthy"] is False


def test_an_empty_host_and_a_well_one_may_be_asked_for_at_once(door):
    found = door(
        answer(changed=True), answer(), answer(), state="drained", empty_within_minutes=1, well_within_seconds=1
    )
    assert found["changed"] is True
    assert door.states() == ["drained", "status", "status"]


def test_the_image_that_the_registry_asks_for(door):
    assert door(answer(), image_field="image_version")["image_version"] == "2026.11.1"


def test_another_image_is_refused_with_the_whole_answer(door):
    error = door.refused(answer(image_version="2026.10.2"), image_field="image_version")
    assert str(error) == (
        f"This host runs the wrong image.\n  {URL}: found image 2026.10.2 on the host; expected image 2026.11.1."
        " Deploy that image, or correct the registry. Nothing was changed on this host."
    )
    assert error.result["cluster_members"] == MEMBERS


def test_an_image_that_nobody_chose_is_refused_and_one_that_nobody_asks_about_is_not(door):
    error = door.refused(answer(), image_field="image_version", where=variables(image=None))
    assert str(error).startswith(f"This host runs the wrong image.\n  {URL}: found none; expected the image version")
    assert door(answer(), where=variables(image=None))["image_version"] == "2026.11.1"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"state": "gone"}, "value of state must be one of: status, drained, accepting, got: gone"),
        ({"login": True}, "login is True but all of the following are missing: well_within_seconds"),
        ({"empty": 1}, "Unsupported parameters for (session_host) module: empty"),
    ],
)
def test_arguments_that_mean_nothing_are_refused_before_any_call(door, arguments, said):
    assert str(door.refused(answer(), **arguments)).startswith(said)
    assert door.calls == []


def test_a_password_is_never_shown():
    assert plugin("session_host").SPEC["login_password"]["no_log"] is True


def test_who_is_there_in_words():
    present = plugin("session_host").present
    assert present(answer(sessions=BUSY[:1])) == "jdevries (active)"
    assert present(answer()) == ""
