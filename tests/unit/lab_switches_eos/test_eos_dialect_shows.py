"""What a switch of the dialect of EOS shows, who gets in, and what it forwards."""

from __future__ import annotations

import json

import pytest
from eos_bench import EOS, FIRST, Bench, cabled, switch

from werkplek.lab.switches.estate import Member, Port, SwitchHost
from werkplek.lab.switches.fabric_rows import PortForwarding


def test_it_says_what_it_is() -> None:
    bench = Bench(switch())
    assert bench.type("show version").splitlines()[:7] == [
        "Arista CCS-720XP-24Y6",
        "Hardware version: 01.00",
        "Serial number: JPE19000001",
        "Hardware MAC address: 001c.7300.0001",
        "System MAC address: 001c.7300.0001",
        "",
        "Software image version: 4.35.0F",
    ]
    said = json.loads(bench.type("show version | json"))
    assert (said["modelName"], said["version"], said["systemMacAddress"]) == (
        "CCS-720XP-24Y6",
        "4.35.0F",
        "00:1c:73:00:00:01",
    )
    assert json.loads(bench.type("show hostname | json")) == {"hostname": "pap-sw-01", "fqdn": "pap-sw-01"}


def test_it_may_be_another_system_than_the_registry_says() -> None:
    device = switch()
    device.faults.other_system = True
    assert Bench(device).type("show version").startswith("Cisco IOS XE Software")


def test_the_configuration_has_a_head_and_separators() -> None:
    text = Bench(switch(ports=1, text="hostname x\nntp server 10.0.0.1\nntp server 10.0.0.2\n")).type(
        "enable", "show run"
    )
    assert text.splitlines() == [
        "! Command: show running-config",
        "! device: x (CCS-720XP-24Y6, EOS-4.35.0F)",
        "!",
        "no aaa root",
        "!",
        "service routing protocols model multi-agent",
        "!",
        "hostname x",
        "!",
        "ntp server 10.0.0.1",
        "ntp server 10.0.0.2",
        "!",
        "spanning-tree mode mstp",
        "!",
        "interface Ethernet1",
        "!",
        "interface Management1",
        "!",
        "no ip routing",
        "!",
        "end",
    ]


def test_pipes_narrow_what_is_shown() -> None:
    bench = Bench(switch())
    assert bench.type("show running-config | include vlan") == "vlan 490"
    assert bench.type("show running-config | section ^vlan") == "vlan 490\n   name pap-beheer"
    assert bench.type("show running-config | section trunk") == "interface Ethernet4\n   switchport mode trunk"
    assert bench.type("show running-config | begin no ip").splitlines() == ["no ip routing", "!", "end"]


def test_saving_is_apart_from_running() -> None:
    bench = Bench(switch())
    bench.type("configure", "vlan 410", "end")
    assert "vlan 410" not in bench.type("show startup-config")
    assert bench.type("write memory") == "Copy completed successfully."
    assert "vlan 410" in bench.type("show startup-config")


def test_a_full_flash_takes_no_configuration() -> None:
    device = switch()
    device.faults.startup_full = True
    saved, bench = device.startup, Bench(device)
    said = "% Error copying system:/running-config to flash:/startup-config (No space left on device)"
    assert bench.type("copy running-config startup-config") == said
    assert device.startup == saved


def test_a_file_takes_the_place_of_the_configuration() -> None:
    bench = Bench(switch())
    before = bench.running()
    bench.type("copy running-config flash:before", "configure", "vlan 410", "end")
    assert bench.type("configure replace flash:before") == ""
    assert bench.running() == before
    assert bench.type("configure replace flash:other").startswith("% Error copying flash:other to session")


def test_ports_and_neighbours_follow_cables_and_shutdown() -> None:
    one, other = switch(), switch("pap-sw-02")
    cabled(one, "Ethernet4", other, "Ethernet3")
    bench, far = Bench(one), Bench(other)
    far.type("configure", "hostname anders", "end")
    rows = bench.type("show interfaces status").splitlines()
    assert [line.split()[:3] for line in rows[1:]] == [
        ["Et1", "connected", "1"],
        ["Et2", "connected", "1"],
        ["Et3", "connected", "1"],
        ["Et4", "connected", "trunk"],
        ["Ma1", "notconnect", "routed"],
    ]
    said = bench.type("show lldp neighbors detail")
    assert '    Port ID     : "Ethernet3"' in said
    assert '  - System Name: "anders"' in said
    far.type("configure", "interface Ethernet3", "shutdown", "end")
    assert "connected    trunk" not in bench.type("show interfaces status")
    assert "System Name" not in bench.type("show lldp neighbors detail")
    assert json.loads(bench.type("show lldp neighbors | json")) == {"lldpNeighbors": []}


def test_a_port_that_is_not_there_is_neither_shown_nor_entered() -> None:
    device = switch()
    device.faults.missing_ports = ("Ethernet2",)
    bench = Bench(device)
    assert "interface Ethernet2" not in bench.running()
    assert "Et2" not in bench.type("show interfaces status")
    bench.type("configure")
    assert bench.type("interface Ethernet2") == "% Invalid input (at token 1: 'Ethernet2')"


def test_vlans_are_listed_with_the_ports_that_carry_them() -> None:
    bench = Bench(switch())
    bench.type("configure", "vlan 410", "interface Ethernet1", "switchport access vlan 410", "end")
    assert [line.split(maxsplit=3) for line in bench.type("show vlan").splitlines()[2:]] == [
        ["1", "default", "active", "Et2, Et3, Et4"],
        ["410", "VLAN0410", "active", "Et1, Et4"],
        ["490", "pap-beheer", "active", "Et4"],
    ]


@pytest.mark.parametrize("line", ["show bogus", "show version | xml", "reload", "ssh 10.0.0.1", "bash"])
def test_unknown_commands_are_refused(line: str) -> None:
    assert Bench(switch()).type(line).startswith(("% Invalid input (at token ", "% Incomplete command"))


def test_rights_come_from_the_account_where_sign_ins_are_authorized() -> None:
    without = FIRST.replace("aaa authorization exec default local\n", "")
    assert Bench(switch()).prompt == "pap-sw-01#"
    bench = Bench(switch(text=without))
    assert bench.prompt == "pap-sw-01>"
    assert bench.type("configure") == "% Invalid input (at token 0: 'configure')"
    assert bench.type("enable") == ""
    assert bench.prompt == "pap-sw-01#"


def test_an_enable_password_is_asked_for() -> None:
    text = FIRST.replace("aaa authorization exec default local", "enable password 0 hoog")
    bench = Bench(switch(text=text))
    assert bench.type("enable", "laag").strip() == "% Bad secret"
    bench.type("enable", "hoog")
    assert bench.prompt == "pap-sw-01#"


def test_signing_in_needs_the_account_s_password() -> None:
    device = switch()
    assert EOS.signs_in(device, "beheer", "geheim")
    assert not EOS.signs_in(device, "beheer", "anders")
    assert not EOS.signs_in(device, "niemand", "geheim")
    bench = Bench(device)
    bench.type("configure", "aaa authentication login default group TAC local", "end")
    assert EOS.signs_in(device, "beheer", "geheim")
    bench.type("configure", "aaa authentication login default group TAC", "end")
    assert not EOS.signs_in(device, "beheer", "geheim")
    bench.type("configure", "no aaa authentication login default", "username leeg nopassword", "end")
    assert not EOS.signs_in(device, "leeg", "")


def test_an_access_list_says_from_where() -> None:
    device = switch()
    assert EOS.may_connect(device, "192.0.2.1")
    bench = Bench(device)
    bench.type("configure", "management ssh", "ip access-group WERKPLEK-BEHEER in")
    assert EOS.may_connect(device, "192.0.2.1"), "a list that is not there lets everybody in"
    bench.type("ip access-list standard WERKPLEK-BEHEER", "deny host 10.2.249.9", "permit 10.2.249.0/24")
    assert EOS.may_connect(device, "10.2.249.8")
    assert not EOS.may_connect(device, "10.2.249.9")
    assert not EOS.may_connect(device, "192.0.2.1")
    bench.type("management ssh", "shutdown")
    assert not EOS.may_connect(device, "10.2.249.8")


def test_forwarding_is_what_the_configuration_says() -> None:
    device = switch(ports=9)
    bench = Bench(device)
    bench.type("configure", "vlan 410,420,430,498", "vlan 430", "state suspend")
    ports = (
        ("switchport access vlan 410",),
        ("switchport trunk native vlan 410", "switchport phone vlan 420", "switchport mode trunk phone"),
        ("switchport access vlan 430",),
        ("switchport mode trunk", "switchport trunk native vlan 498", "switchport trunk allowed vlan 410,430,499"),
        ("shutdown", "switchport access vlan 410"),
        ("no switchport",),
        ("switchport access vlan 999",),
        ("switchport mode trunk", "switchport trunk allowed vlan none"),
        ("switchport mode trunk", "switchport trunk native vlan tag", "switchport trunk allowed vlan 410"),
    )
    for number, lines in enumerate(ports, start=1):
        bench.type(f"interface Ethernet{number}", *lines)
    found = {one.port.name: one for one in EOS.forwarding(device)}
    nothing = frozenset[int]()
    assert [found[f"Ethernet{number}"].port for number in (1, 2, 4, 9)] == [
        PortForwarding("Ethernet1", True, "access", 410, 0, 0, nothing),
        PortForwarding("Ethernet2", True, "access", 410, 420, 0, nothing),
        PortForwarding("Ethernet4", True, "trunk", 0, 0, 498, frozenset({410})),
        PortForwarding("Ethernet9", True, "trunk", 0, 0, 0, frozenset({410})),
    ]
    assert {name: one.dead for name, one in found.items() if not one.port.up} == {
        "Ethernet3": ("VLAN 430 does not exist",),
        "Ethernet5": ("shutdown",),
        "Ethernet6": ("routed",),
        "Ethernet7": ("VLAN 999 does not exist",),
        "Ethernet8": ("no VLAN is allowed that exists",),
        "Management1": ("routed",),
    }


@pytest.mark.parametrize("old", [False, True])
def test_the_first_configuration_is_one_that_the_switch_takes(old: bool) -> None:
    ports = tuple(Port(f"Ethernet{number}", "1000base-t", 1, None) for number in range(1, 5))
    uplink = Port("Ethernet49", "10gbase-x-sfpp", 1, ("drs-dist-01", "TenGigabitEthernet1/1/1"))
    host = SwitchHost(
        name="pap-sw-09",
        platform="arista-eos",
        municipality="papendrecht",
        role="access-switch",
        address="10.4.90.19",
        management_vlan=490,
        members=(Member(1, "JPE1", "CCS-720XP-48Y6"),),
        ports=(*ports, uplink),
    )
    device = switch(ports=49, text=EOS.factory(host, "beheer", "geheim", old))
    running = Bench(device).running()
    assert EOS.signs_in(device, "beheer", "geheim")
    assert "   ip address 10.4.90.19/24" in running
    assert running[running.index("interface Ethernet49") + 1] == "   switchport mode trunk"
    assert ("snmp-server community public ro" in running) is old
