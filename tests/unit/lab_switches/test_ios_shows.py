"""What an IOS switch shows."""

from __future__ import annotations

import pytest
from ios_bench import IOS, Bench, cabled, switch


@pytest.fixture
def bench() -> Bench:
    return Bench(switch())


def test_show_version_names_the_system_the_model_and_the_members() -> None:
    shown = Bench(switch(members=2)).type("show version")
    assert "Cisco IOS Software [Cupertino], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 17.9.4a," in shown
    assert "pap-sw-01 uptime is " in shown
    assert "cisco C9300-24P (X86) processor with" in shown
    rows = [line.split() for line in shown.splitlines() if line.endswith("INSTALL")]
    assert rows == [
        ["*", "1", "5", "C9300-24P", "17.09.04a", "CAT9K_IOSXE", "INSTALL"],
        ["2", "5", "C9300-24P", "17.09.04a", "CAT9K_IOSXE", "INSTALL"],
    ]


def test_show_switch_names_the_members() -> None:
    rows = [line.split() for line in Bench(switch(members=3)).type("show switch").splitlines()[-3:]]
    assert [(row[0], row[1], row[-1]) for row in rows] == [
        ("*1", "Active", "Ready"),
        ("2", "Standby", "Ready"),
        ("3", "Member", "Ready"),
    ]


def test_show_running_config_has_its_head_and_ends_with_end(bench: Bench) -> None:
    rows = bench.type("show running-config").splitlines()
    size = len(IOS.running_text(bench.device))
    assert rows[:5] == ["Building configuration...", "", f"Current configuration : {size} bytes", "!", "version 17.9"]
    assert rows[-1] == "end"


def test_show_running_config_of_one_interface(bench: Bench) -> None:
    assert bench.type("show running-config interface Vlan490").splitlines()[4:] == [
        "interface Vlan490",
        " ip address 10.4.90.11 255.255.255.0",
        "end",
    ]
    assert "^" in bench.type("show running-config interface Vlan7")


def test_show_interfaces_status_tells_each_port(bench: Bench) -> None:
    bench.configure("interface Gi1/0/1", "description balie 1", "switchport access vlan 490")
    bench.configure("interface Gi1/0/2", "shutdown", "interface Gi1/0/3", "no switchport", "end")
    bench.device.ports["GigabitEthernet1/0/4"].lit = False
    assert bench.type("show interfaces status").splitlines() == [
        "",
        "Port         Name               Status       Vlan       Duplex  Speed Type",
        "Gi1/0/1      balie 1            connected    490        a-full a-1000 10/100/1000BaseTX",
        "Gi1/0/2                         disabled     1            auto   auto 10/100/1000BaseTX",
        "Gi1/0/3                         connected    routed     a-full a-1000 10/100/1000BaseTX",
        "Gi1/0/4                         notconnect   1            auto   auto 10/100/1000BaseTX",
        "Te1/1/1                         notconnect   trunk        auto   auto SFP-10GBase-SR",
    ]


def test_show_vlan_brief_has_ports_by_vlan(bench: Bench) -> None:
    bench.configure("interface range Gi1/0/1 - 2", "switchport access vlan 490", "vlan 20", "state suspend", "end")
    rows = bench.type("show vlan brief").splitlines()[3:]
    assert [" ".join(row.split()) for row in rows] == [
        "1 default active Gi1/0/3, Gi1/0/4",
        "20 VLAN0020 suspended",
        "490 pap-beheer active Gi1/0/1, Gi1/0/2",
        "1002 fddi-default act/unsup",
        "1003 token-ring-default act/unsup",
        "1004 fddinet-default act/unsup",
        "1005 trnet-default act/unsup",
    ]


def test_show_vlan_has_types_too(bench: Bench) -> None:
    assert "490  enet  100490     1500  -      -      -        -    -        0      0" in bench.type("show vlan")


def test_show_interfaces_trunk_has_trunks_that_are_up() -> None:
    one, other = switch(), switch("pap-sw-02")
    bench = Bench(one)
    assert bench.type("show interfaces trunk") == ""
    cabled(one, "TenGigabitEthernet1/1/1", other, "TenGigabitEthernet1/1/1")
    bench.configure("interface Te1/1/1", "switchport trunk allowed vlan 77,490", "end")
    rows = bench.type("show interfaces trunk").splitlines()
    assert "Te1/1/1     on               802.1q         trunking      1" in rows
    assert rows[rows.index("Port        Vlans allowed on trunk") + 1] == "Te1/1/1     77,490"
    assert rows[rows.index("Port        Vlans allowed and active in management domain") + 1] == "Te1/1/1     490"


def test_show_ip_interface_brief_tells_addresses_and_states(bench: Bench) -> None:
    bench.configure("interface Vlan1", "shutdown", "interface Vlan77", "end")
    rows = {row.split()[0]: row.split()[1:] for row in bench.type("show ip interface brief").splitlines()[1:]}
    assert rows["Vlan490"] == ["10.4.90.11", "YES", "NVRAM", "up", "up"]
    assert rows["Vlan1"] == ["unassigned", "YES", "unset", "administratively", "down", "down"]
    assert rows["Vlan77"] == ["unassigned", "YES", "unset", "down", "down"]


def test_show_interfaces_of_one(bench: Bench) -> None:
    rows = bench.type("show interfaces Vlan490").splitlines()
    assert rows[0] == "Vlan490 is up, line protocol is up (connected)"
    assert "  Internet address is 10.4.90.11/24" in rows
    assert "Vlan490 is up, line protocol is up\n  Internet address is 10.4.90.11/24" in bench.type("show ip interface")


def test_show_access_lists_leaves_remarks_out(bench: Bench) -> None:
    bench.configure("ip access-list standard B", "remark wie", "permit 10.4.249.0 0.0.0.255", "permit 10.7.1.1", "end")
    assert bench.type("show access-lists").splitlines() == [
        "Standard IP access list B",
        "    20 permit 10.4.249.0, wildcard bits 0.0.0.255",
        "    30 permit 10.7.1.1",
    ]


def test_show_logging_tells_levels_and_hosts(bench: Bench) -> None:
    bench.configure("logging host 10.4.1.30", "end")
    rows = bench.type("show logging").splitlines()
    assert "    Trap logging: level informational, 0 message lines logged" in rows
    assert "        Logging to 10.4.1.30  (udp port 514, audit disabled, link up)," in rows
    bench.configure("no logging trap", "end")
    assert "    Trap logging: disabled" in bench.type("show logging").splitlines()


def test_show_lldp_interface_tells_what_a_port_does(bench: Bench) -> None:
    bench.configure("interface Gi1/0/1", "no lldp transmit", "end")
    assert "GigabitEthernet1/0/1:\n    Tx: disabled\n    Rx: enabled\n" in bench.type("show lldp interface")


def test_a_neighbour_tells_its_whole_name() -> None:
    one, other = switch(), switch("pap-sw-02")
    cabled(one, "TenGigabitEthernet1/1/1", other, "TenGigabitEthernet1/1/1")
    Bench(other).configure("ip domain name papendrecht.nl")
    bench = Bench(one)
    assert "System Name: pap-sw-02.papendrecht.nl" in bench.type("show lldp neighbors detail")
    assert "pap-sw-02.papendrecht.nl" in bench.type("show lldp neighbors")
    bench.configure("interface Te1/1/1", "no lldp receive", "end")
    assert "Total entries displayed: 0" in bench.type("show lldp neighbors")
    assert "Total entries displayed: 1" in Bench(other).type("show lldp neighbors")


@pytest.mark.parametrize(
    ("command", "begins"),
    [
        ("show inventory", 'NAME: "Switch 1", DESCR: "C9300-24P"'),
        ("show cdp", "Global CDP information:"),
        ("show cdp neighbors detail", "Total cdp entries displayed : 0"),
        ("show clock", "00:00:00.000 UTC"),
        ("show ntp associations", "  address         ref clock"),
        ("show users", "    Line       User"),
        ("show processes cpu", "CPU utilization for five seconds:"),
        ("dir", "Directory of flash:/"),
        ("show reload", "No reload is scheduled."),
    ],
)
def test_other_commands_answer(bench: Bench, command: str, begins: str) -> None:
    assert bench.type(command).startswith(begins)


@pytest.mark.parametrize("command", ["show foo", "show switch virtual", "show ipv6 interface", "debug all", "foo"])
def test_what_the_double_does_not_know_it_refuses(bench: Bench, command: str) -> None:
    assert bench.type(command).endswith("^\n% Invalid input detected at '^' marker.\n")
    assert not bench.device.log[-1].accepted


def test_ping_reaches_the_switches_of_the_lab(bench: Bench) -> None:
    bench.device.reachable = {"10.4.90.12"}.__contains__
    assert "Success rate is 100 percent (5/5)" in bench.type("ping 10.4.90.12")
    assert bench.type("ping 10.4.90.13 repeat 2").endswith("..\nSuccess rate is 0 percent (0/2)")
