"""What can be wrong with a switch on purpose."""

from __future__ import annotations

import pytest
from ios_bench import IOS, Bench, switch

from werkplek.lab.switches.device import Device, Faults
from werkplek.lab.switches.forwarding import decisions


@pytest.fixture
def device() -> Device:
    return switch(members=2)


@pytest.fixture
def bench(device: Device) -> Bench:
    return Bench(device)


def test_a_session_is_cut_after_so_many_lines_of_configuration(bench: Bench, device: Device) -> None:
    device.faults = Faults(drop_after=3)
    bench.type("show version", "configure terminal", "vlan 410", "name een", "vlan 420", "name twee")
    assert bench.closed
    assert bench.session.cut
    assert "vlan 420" in bench.shown()
    assert "twee" not in "".join(bench.shown())
    again = Bench(device)  # it strikes once
    again.configure("vlan 420", "name twee")
    assert not again.closed


def test_a_question_that_nobody_expects_holds_a_line_back(bench: Bench, device: Device) -> None:
    device.faults = Faults(prompt_after=1)
    bench.configure("vlan 410")
    assert bench.press("vlan 420\r").endswith("Proceed? [confirm]")
    assert "vlan 410,420" not in bench.shown()
    bench.press("\r")
    assert "vlan 410,420" in bench.shown()
    assert bench.configure("vlan 430") == ""


def test_who_says_no_to_the_question_changes_nothing(bench: Bench, device: Device) -> None:
    device.faults = Faults(prompt_after=0)
    bench.type("configure terminal")
    bench.press("vlan 420\r")
    bench.press("n")
    assert "vlan 420" not in bench.shown()


def test_a_configuration_that_somebody_holds_is_closed(bench: Bench, device: Device) -> None:
    device.faults = Faults(locked_by="anna")
    assert bench.type("configure terminal") == (
        "Configuration mode locked exclusively by user 'anna' process '300' from terminal '0'. Please try later."
    )
    assert bench.prompt == "pap-sw-01#"
    assert "User              : anna" in bench.type("show configuration lock")


def test_a_session_can_hold_the_configuration_until_it_ends(device: Device) -> None:
    one, other = Bench(device), Bench(device)
    one.type("configure terminal lock")
    assert other.type("configure terminal").startswith("Configuration mode locked exclusively by user 'beheer'")
    one.type("end")
    assert other.type("configure terminal") == "Enter configuration commands, one per line.  End with CNTL/Z."
    other.type("end")
    one.type("configure terminal lock")
    one.session.end(cut=True)
    assert other.type("configure terminal") == "Enter configuration commands, one per line.  End with CNTL/Z."


def test_a_full_switch_saves_nothing(bench: Bench, device: Device) -> None:
    device.faults = Faults(startup_full=True)
    before = device.startup
    bench.configure("hostname anders", "end")
    said = "Building configuration...\nstartup-config file open failed (Not enough space)"
    assert bench.type("write memory") == said
    assert not device.log[-1].accepted
    assert device.startup == before


def test_a_full_table_of_vlans_takes_no_more(bench: Bench, device: Device) -> None:
    device.faults = Faults(vlans_full=True)
    said = "% Failed to create VLANs 410\nVLAN(s) not available in Port Manager."
    assert bench.configure("vlan 410") == said
    assert bench.configure("interface Gi1/0/1", "switchport access vlan 410") == said
    assert bench.configure("vlan 490") == ""
    assert "410" not in "".join(bench.shown())


def test_a_member_that_is_missing_takes_its_ports_with_it(bench: Bench, device: Device) -> None:
    device.faults = Faults(missing_members=(2,))
    rows = bench.type("show switch").splitlines()
    assert rows[-2].split() == ["*1", "Active", "0200.0000.0001", "1", "V01", "Ready"]
    assert rows[-1].split() == ["2", "Member", "0000.0000.0000", "0", "V01", "Removed"]
    assert "Gi2/0/1" not in bench.type("show interfaces status")
    assert "     2 " not in bench.type("show version")
    assert "interface GigabitEthernet2/0/1" in bench.shown()  # it is provisioned
    dead = {item.port.name: item.dead for item in decisions(device)}
    assert dead["GigabitEthernet2/0/1"] == ("the port is not there",)
    assert dead["GigabitEthernet1/0/1"] == ()


def test_a_port_that_is_missing_is_nowhere(bench: Bench, device: Device) -> None:
    device.faults = Faults(missing_ports=("GigabitEthernet1/0/3",))
    assert "^" in bench.configure("interface Gi1/0/3")
    bench.type("end")
    assert "interface GigabitEthernet1/0/3" not in bench.shown()
    assert "Gi1/0/3" not in bench.type("show interfaces status")
    assert bench.type("show interfaces Gi1/0/3").endswith("% Invalid input detected at '^' marker.\n")


def test_another_system_says_so(bench: Bench, device: Device) -> None:
    device.faults = Faults(other_system=True)
    assert "Cisco" not in bench.type("show version")


def test_an_unplugged_port_is_dead_until_it_is_plugged_in(bench: Bench, device: Device) -> None:
    port = device.ports["GigabitEthernet1/0/1"]
    port.plugged = False
    assert decisions(device)[0].dead == ("unplugged",)
    assert "Gi1/0/1                         notconnect" in bench.type("show interfaces status")
    port.plugged = True
    assert decisions(device)[0].port.up
    assert "Gi1/0/1                         connected" in bench.type("show interfaces status")


def test_a_switch_without_faults_is_told_of_each_change_once(bench: Bench, device: Device) -> None:
    told: list[str] = []
    device.on_change(lambda changed: told.append(changed.name))
    bench.configure("vlan 410", "name x", "foo")
    assert len(told) == 2
    IOS.load(device, device.startup)
    assert len(told) == 3
