"""One session with a switch of platform EOS: looked at, changed with a way back, confirmed or undone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from eos_switches import BODIES, DIALECT, Direct, document, double, setting

from werkplek.errors import WerkplekError
from werkplek.lab.switches.device import Device, Member, Neighbour
from werkplek.lab.switches.device import Port as LabPort
from werkplek.lab.switches.eos_sessions import of
from werkplek.network import engine
from werkplek.network.compare import Command
from werkplek.network.document import SwitchDocument
from werkplek.network.eos import Eos
from werkplek.network.eos_session import EosSession
from werkplek.network.health import Patience
from werkplek.network.platform import Neighbour as Seen
from werkplek.network.platform import TerminalError

EOS = Eos()
VLAN = [Command((), "vlan 410", "vlans"), Command(("vlan 410",), "name pap-werkplek", "vlans")]


class Run:
    """The engine on one switch."""

    def __init__(self, tmp_path: Path, device: Device | None = None) -> None:
        self.device = device or double()
        self.terminal = Direct(self.device)
        self.state = tmp_path

    def enforce(
        self, wanted: SwitchDocument | None = None, *, check: bool = False, diff: bool = False
    ) -> dict[str, Any]:
        """The engine's answer, its settings as {id: row}."""
        patience = Patience(settle=0, pause=self.device.clock.advance, clock=self.device.clock.now)
        now = lambda: datetime(2026, 3, 1, tzinfo=UTC)  # noqa: E731 - one word
        options = engine.Options(check, diff, 5, patience, self.state, now)
        answer = engine.enforce(wanted or document(), EOS, EosSession(self.terminal), options)
        return {**answer, "settings": {row["id"]: row for row in json.loads(answer["settings"])}}

    def statuses(self, **how: Any) -> set[str]:
        """The statuses of all settings."""
        return {row["status"] for row in self.enforce(**how)["settings"].values()}

    @property
    def running(self) -> str:
        """What the switch runs."""
        return DIALECT.running_text(self.device)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


def test_every_kind_is_enforced_and_the_second_run_changes_nothing(run: Run) -> None:
    first = run.enforce()
    assert {name: row["status"] for name, row in first["settings"].items()} == dict.fromkeys(BODIES, "changed")
    enforced = run.running
    second = run.enforce()
    assert second["changed"] is False
    assert {row["status"] for row in second["settings"].values()} == {"compliant"}
    assert run.running == enforced == run.device.startup


def test_check_mode_shows_the_switch_s_own_difference_and_changes_nothing(run: Run) -> None:
    before = run.running
    answer = run.enforce(document(setting("switch_vlans"), setting("switch_tacacs")), check=True, diff=True)
    assert answer["changed"] is True
    assert run.running == before
    assert answer["preview"].splitlines()[:1] == ["--- system:/running-config"]
    assert "+vlan 410\n+   name pap-werkplek" in answer["preview"]
    assert "+tacacs-server host 10.2.0.20 key <secret>" in answer["preview"]
    assert of(run.device).open == {}


def test_drift_is_found_and_mended(run: Run) -> None:
    run.enforce()
    enforced = run.running
    other = Direct(run.device)
    drift = (
        *("interface Ethernet2", "switchport access vlan 410", "switchport trunk native vlan 5", "exit"),
        *("interface Ethernet5", "no shutdown", "description stiekem", "exit", "interface Ethernet3"),
        *("switchport mode trunk", "exit", "no vlan 420", "vlan 666", "exit", "vlan 410", "state suspend", "exit"),
        *("snmp-server community public ro", "logging trap errors", "ntp server 192.0.2.1"),
        *("tacacs-server host 10.2.0.20 key 0 anders", "no snmp-server user wpl-monitor WERKPLEK v3"),
        *("snmp-server user wpl-monitor WERKPLEK v3 auth sha anders-anders priv aes anders-anders",),
        *("ip access-list standard WERKPLEK-BEHEER", "permit any", "exit", "ip route 0.0.0.0/0 10.4.90.2"),
    )
    for line in ("configure", *drift, "end", "write memory"):
        other.send(line)
    found = run.enforce(check=True)["settings"]
    assert {name for name, row in found.items() if row["status"] == "noncompliant"} == {
        *("switch_vlans", "switch_ports", "switch_snmp", "switch_syslog", "switch_ntp", "switch_tacacs"),
        "switch_management",
    }
    assert run.statuses() == {"compliant", "changed"}
    assert run.running == enforced


def test_what_runs_and_is_not_saved_is_saved(run: Run) -> None:
    run.enforce()
    run.device.startup = "hostname x\n"
    answer = run.enforce()
    assert answer["settings"]["switch_vlans"]["message"] == "it was running, and not saved"
    assert run.device.startup == run.running


def test_a_waived_setting_is_seen_and_left(run: Run) -> None:
    answer = run.enforce(document(setting("switch_vlans"), setting("switch_dns", waived=True)))
    assert answer["settings"]["switch_dns"]["status"] == "waived"
    assert "dns domain" not in run.running


def test_a_session_cut_half_way_leaves_the_switch_as_it_was(run: Run) -> None:
    before = run.running
    run.device.faults.drop_after = 3
    answer = run.enforce()
    assert {row["status"] for row in answer["settings"].values()} == {"failed"}
    assert answer["settings"]["switch_vlans"]["message"] == (
        "the session was lost (Socket is closed); it runs what it ran before"
    )
    assert run.running == before


def test_what_a_cut_run_left_open_is_aborted_by_the_next(run: Run) -> None:
    run.device.faults.drop_after = 3
    run.enforce()
    assert run.statuses() == {"changed"}
    assert of(run.device).open == {}


def test_a_lost_uplink_undoes_the_change_at_once(tmp_path: Path) -> None:
    device = double()
    far = Device("drs-dist-01", DIALECT, device.clock, {"Ethernet1": LabPort("Ethernet1")}, device.members)
    DIALECT.load(far, "hostname drs-dist-01\n")
    far.ports["Ethernet1"].neighbour, device.ports["Ethernet6"].neighbour = (
        Neighbour("pap-sw-01", "Ethernet6"),
        Neighbour("drs-dist-01", "Ethernet1"),
    )
    device.peers = far.peers = {"pap-sw-01": device, "drs-dist-01": far}
    run = Run(tmp_path, device)
    before = run.running
    device.on_change(lambda changed: setattr(device.ports["Ethernet6"], "plugged", "vlan 410" not in changed.running))
    answer = run.enforce()
    assert answer["settings"]["switch_vlans"]["message"] == "uplink(s) down: Ethernet6; it runs what it ran before"
    assert run.running == before


def test_a_commit_that_nobody_confirms_goes_back_by_itself(run: Run) -> None:
    before = run.running
    EosSession(run.terminal).apply(VLAN, minutes=5)
    assert "vlan 410" in run.running
    run.device.clock.advance(299)
    assert "vlan 410" in run.running
    run.device.clock.advance(1)
    assert run.running == before


def test_a_confirmed_change_stays_and_is_saved(run: Run) -> None:
    session = EosSession(run.terminal)
    session.apply(VLAN, minutes=90)
    assert any(line == "commit timer 01:30:00" for line in run.terminal.typed)
    session.confirm()
    run.device.clock.advance(24 * 3600)
    assert "vlan 410" in run.running
    assert run.device.startup == run.running


def test_a_change_that_cannot_be_saved_is_undone(run: Run) -> None:
    before = run.running
    run.device.faults.startup_full = True
    answer = run.enforce(document(setting("switch_vlans")))
    said = "% Error copying system:/running-config to flash:/startup-config (No space left on device)"
    assert answer["settings"]["switch_vlans"]["message"] == f"{said}; it runs what it ran before"
    assert run.running == before


def test_a_refused_line_aborts_the_whole_session(run: Run) -> None:
    before = run.running
    form = {"lines": ["ip dhcp snooping", "ip finger"]}
    answer = run.enforce(document(setting("switch_vlans"), setting("switch_lines", {"eos": form}, name="finger")))
    assert answer["settings"]["finger"]["message"] == (
        "% Invalid input (at token 1: 'finger'); it runs what it ran before"
    )
    assert run.running == before
    assert of(run.device).open == {}


def test_a_full_vlan_table_is_told_in_the_switch_s_words(run: Run) -> None:
    before = run.running
    run.device.faults.vlans_full = True
    answer = run.enforce()
    assert answer["settings"]["switch_vlans"]["message"] == (
        "% Cannot create VLAN 410: the maximum number of VLANs (4094) is reached; it runs what it ran before"
    )
    assert run.running == before


def test_a_locked_configuration_is_not_touched(run: Run) -> None:
    before = run.running
    run.device.faults.locked_by = "jansen"
    answer = run.enforce()
    assert answer["settings"]["switch_dns"]["message"] == (
        "% Configuration is locked by user jansen on vty2; it runs what it ran before"
    )
    assert run.running == before


def test_somebody_s_change_that_waits_for_its_confirmation_stops_the_run(run: Run) -> None:
    other = Direct(run.device)
    for line in ("configure session elders", "vlan 700", "commit timer 00:10:00"):
        other.send(line)
    answer = run.enforce()
    assert answer["settings"]["switch_vlans"]["message"].startswith(
        "configuration session elders waits for its confirmation; nothing was entered; "
    )
    other.send("configure session elders commit")
    assert "vlan 490,700" in run.running


def test_sessions_of_others_are_left_open(run: Run) -> None:
    other = Direct(run.device)
    for line in ("configure session elders", "vlan 700", "end"):
        other.send(line)
    run.enforce()
    assert " elders " in other.send("show configuration sessions detail")


def test_a_switch_of_another_system_is_not_touched(run: Run) -> None:
    run.device.faults.other_system = True
    before = run.running
    with pytest.raises(WerkplekError, match=r"a switch that says of itself: Cisco IOS XE Software"):
        run.enforce()
    assert run.running == before


def test_a_port_that_the_switch_has_not_stops_the_run(run: Run) -> None:
    run.device.faults.missing_ports = ("Ethernet2",)
    with pytest.raises(WerkplekError, match=r"1 port\(s\) that the switch has not: Ethernet2 \(url\)"):
        run.enforce()


def test_links_and_neighbours_have_full_names() -> None:
    device = double()
    far = Device(
        "pap-ios", DIALECT, device.clock, {"Te1/1/1": LabPort("Te1/1/1")}, (Member(1, "x", "y", "z", "Active"),)
    )
    DIALECT.load(far, "hostname pap-ios\ndns domain papendrecht.example\n")
    device.ports["Ethernet6"].neighbour = Neighbour("pap-ios", "Te1/1/1")
    device.peers = {"pap-ios": far}
    links = EosSession(Direct(device)).links()
    assert links.up == frozenset(f"Ethernet{number}" for number in range(1, 7))
    assert links.neighbours == frozenset({Seen("Ethernet6", "pap-ios", "TenGigabitEthernet1/1/1")})


def test_without_lldp_there_are_no_neighbours(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    send = run.terminal.send

    def without(command: str, **how: Any) -> str:
        if "lldp" in command:
            raise TerminalError("% Invalid input")
        return send(command, **how)

    monkeypatch.setattr(run.terminal, "send", without)
    assert EosSession(run.terminal).links().neighbours == frozenset()


def test_a_lost_session_s_error_is_not_hidden(run: Run) -> None:
    session = EosSession(run.terminal)
    run.device.faults.drop_after = 1
    with pytest.raises(TerminalError) as lost:
        session.preview(VLAN)
    assert lost.value.gone
