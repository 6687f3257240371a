"""Ports and VLANs on IOS."""

from __future__ import annotations

import pytest
from ios_bench import Bench, cabled, switch

from werkplek.lab.switches.ios_names import compressed, full, short, vlans

ONE = "interface GigabitEthernet1/0/1"


@pytest.fixture
def bench() -> Bench:
    return Bench(switch())


def port(bench: Bench, *lines: str) -> str:
    """What is said to the last of these lines on the first port."""
    return bench.configure("interface Gi1/0/1", *lines)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("gi1/0/1", "GigabitEthernet1/0/1"),
        ("Te1/1/1", "TenGigabitEthernet1/1/1"),
        ("twe1/1/1", "TwentyFiveGigE1/1/1"),
        ("vl410", "Vlan410"),
        ("po1", "Port-channel1"),
        ("vlan5000", None),
        ("vlan1/1", None),
        ("ethernet1", None),
        ("1/0/1", None),
    ],
)
def test_an_interface_has_a_full_name(word: str, name: str | None) -> None:
    assert full(word) == name


def test_an_interface_has_a_short_name() -> None:
    assert [short(name) for name in ("GigabitEthernet1/0/1", "Vlan410")] == ["Gi1/0/1", "Vl410"]


def test_lists_of_vlans_are_read_and_written() -> None:
    assert compressed(vlans("410,412-414,416,417")) == "410,412-414,416,417"
    assert vlans("410-409") == vlans("0") == vlans("4095") == vlans("a") == frozenset()


def test_a_vlan_that_is_not_there_is_made_and_that_is_said(bench: Bench) -> None:
    assert port(bench, "switchport access vlan 410") == "% Access VLAN does not exist. Creating vlan 410"
    assert port(bench, "switchport voice vlan 420") == "% Voice VLAN does not exist. Creating vlan 420"
    assert "vlan 410,420" in bench.shown()
    assert port(bench, "switchport access vlan 420") == ""


def test_a_value_replaces_the_old_one_and_the_default_is_not_shown(bench: Bench) -> None:
    port(
        bench,
        "switchport access vlan 490",
        "switchport access vlan 1",
        "switchport mode access",
        "switchport mode trunk",
    )
    assert bench.shown(ONE) == ["switchport mode trunk"]
    port(bench, "no switchport mode", "shutdown", "no shutdown", "speed 100", "speed auto")
    assert bench.shown(ONE) == []


def test_lines_of_a_port_stand_in_the_order_of_ios(bench: Bench) -> None:
    port(
        bench,
        "ip dhcp snooping limit rate 15",
        "spanning-tree portfast",
        "storm-control broadcast level bps 20000000",
        "dot1x pae authenticator",
        "mab",
        "authentication port-control auto",
        "shutdown",
        "switchport voice vlan 490",
        "switchport mode access",
        "switchport access vlan 490",
        "description balie",
    )
    assert bench.shown(ONE) == [
        "description balie",
        "switchport access vlan 490",
        "switchport mode access",
        "switchport voice vlan 490",
        "shutdown",
        "authentication port-control auto",
        "mab",
        "dot1x pae authenticator",
        "storm-control broadcast level bps 20000000",
        "spanning-tree portfast",
        "ip dhcp snooping limit rate 15",
    ]


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (["410,420-422"], "410,420-422"),
        (["410,420", "add 430"], "410,420,430"),
        (["410,420", "remove 420"], "410"),
        (["410", "except 1,499"], "2-498,500-4094"),
        (["410", "none"], "none"),
        (["410", "all"], None),
        (["none", "add 410"], "410"),
    ],
)
def test_what_a_trunk_carries_is_a_list_that_words_change(bench: Bench, lines: list[str], shown: str | None) -> None:
    port(bench, *(f"switchport trunk allowed vlan {line}" for line in lines))
    assert bench.shown(ONE) == ([f"switchport trunk allowed vlan {shown}"] if shown else [])


def test_a_long_list_goes_on_in_a_second_line(bench: Bench) -> None:
    port(bench, f"switchport trunk allowed vlan {','.join(str(vid) for vid in range(100, 180, 3))}")
    first, second = bench.shown(ONE)
    assert first.startswith("switchport trunk allowed vlan 100,103,")
    assert second.startswith("switchport trunk allowed vlan add ")
    bench.device.dialect.load(bench.device, bench.device.dialect.running_text(bench.device))
    assert bench.shown(ONE) == [first, second]


@pytest.mark.parametrize("line", ["switchport access vlan 4095", "switchport trunk allowed vlan 1-5000", "speed 33"])
def test_a_value_out_of_range_is_refused_below_it(bench: Bench, line: str) -> None:
    caret, message, *_ = port(bench, line).splitlines()
    assert caret == f"{' ' * (len('pap-sw-01(config-if)#') + line.rindex(' ') + 1)}^"
    assert message == "% Invalid input detected at '^' marker."


def test_a_port_that_is_not_there_is_refused(bench: Bench) -> None:
    said = bench.configure("interface GigabitEthernet1/0/44")
    assert said == f"{' ' * len('pap-sw-01(config)#interface ')}^\n% Invalid input detected at '^' marker.\n"


def test_a_port_cannot_be_taken_away_but_put_back(bench: Bench) -> None:
    port(bench, "description balie", "shutdown")
    assert bench.configure("no interface Gi1/0/1") == "% Removal of physical interfaces is not permitted."
    assert bench.configure("default interface Gi1/0/1") == (
        "Interface GigabitEthernet1/0/1 set to default configuration"
    )
    assert bench.shown(ONE) == []


def test_an_interface_of_a_vlan_comes_and_goes(bench: Bench) -> None:
    bench.configure("interface Vlan410")
    assert bench.shown("interface Vlan410") == ["no ip address"]
    bench.type("ip address 10.4.10.1 255.255.255.0", "shutdown")
    assert bench.shown("interface Vlan410") == ["ip address 10.4.10.1 255.255.255.0", "shutdown"]
    assert bench.type("ip address 10.4.10.1 255.0.255.0") == "Bad mask 255.0.255.0 for address 10.4.10.1"
    bench.type("no ip address")
    assert bench.shown("interface Vlan410") == ["no ip address", "shutdown"]
    bench.configure("no interface Vlan410")
    assert "interface Vlan410" not in bench.shown()
    assert bench.configure("no interface Vlan1") == "%Cannot remove Vlan 1."


def test_a_switched_port_has_no_address_and_an_interface_of_a_vlan_no_mode(bench: Bench) -> None:
    assert port(bench, "ip address 10.4.10.1 255.255.255.0") == "% IP addresses may not be configured on L2 links."
    assert "^" in bench.configure("interface Vlan490", "switchport mode access")


def test_a_routed_port_loses_its_switched_lines(bench: Bench) -> None:
    port(bench, "switchport access vlan 490", "no switchport")
    assert bench.shown(ONE) == ["no switchport", "no ip address"]
    port(bench, "switchport")
    assert bench.shown(ONE) == []


def test_port_security_and_fixed_trunks_need_a_mode_that_is_set(bench: Bench) -> None:
    assert port(bench, "switchport port-security") == "Command rejected: GigabitEthernet1/0/1 is a dynamic port."
    assert port(bench, "switchport nonegotiate") == (
        "Command rejected: Conflict between 'nonegotiate' and 'dynamic' status on this interface: Gi1/0/1"
    )
    assert port(bench, "switchport mode access", "switchport port-security", "switchport nonegotiate") == ""


def test_portfast_warns_and_is_shown_without_edge(bench: Bench) -> None:
    said = port(bench, "spanning-tree portfast edge")
    assert said.startswith("%Warning: portfast should only be enabled on ports connected to a single\n")
    assert "%Portfast has been configured on GigabitEthernet1/0/1 but" in said
    assert bench.shown(ONE) == ["spanning-tree portfast"]


def test_a_channel_is_made_by_its_members_and_leads_them(bench: Bench) -> None:
    port(bench, "switchport mode trunk", "switchport trunk allowed vlan 490")
    assert port(bench, "channel-group 3 mode active") == "Creating a port-channel interface Port-channel 3"
    wanted = ["switchport trunk allowed vlan 490", "switchport mode trunk"]
    assert bench.shown("interface Port-channel3") == wanted
    bench.configure("interface Port-channel3", "switchport trunk allowed vlan add 491", "shutdown")
    for name in (ONE, "interface Port-channel3"):
        assert bench.shown(name)[0] == "switchport trunk allowed vlan 490,491"
        assert "shutdown" in bench.shown(name)
    bench.configure("no interface Port-channel3")
    assert "channel-group 3 mode active" not in bench.shown(ONE)


def test_vlans_are_named_once(bench: Bench) -> None:
    bench.configure("vlan 410", "name pap-werkplek", "vlan 420")
    assert bench.shown("vlan 410") == ["name pap-werkplek"]
    assert bench.type("name pap-werkplek") == "%VLAN #420 and #410 have an identical name: pap-werkplek"
    assert "^" in bench.type(f"name {'x' * 33}")
    bench.configure("vlan 410", "no name")
    assert "vlan 410,420" in bench.shown()


def test_several_vlans_are_made_at_once_but_not_named(bench: Bench) -> None:
    assert bench.configure("vlan 20,30-32", "name x") == "% Command is only allowed on single vlan"
    assert "vlan 20,30-32" in bench.shown()
    bench.configure("no vlan 30-31")
    assert "vlan 20,32" in bench.shown()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("no vlan 1", "%Default VLAN 1 may not be deleted."),
        ("no vlan 1002", "%Default VLAN 1002 may not be deleted."),
        (
            "vlan 5000",
            "Command rejected: Bad VLAN list - character #5 (EOT) delimits a VLAN\n"
            "number which is out of the range 1..4094.",
        ),
        ("vlan 12x", "Command rejected: Bad VLAN list - character #3 is a non-numeric\ncharacter ('x')."),
    ],
)
def test_vlans_that_cannot_be_are_refused(bench: Bench, line: str, said: str) -> None:
    assert bench.configure(line) == said


def test_vlan_1_keeps_its_name(bench: Bench) -> None:
    assert bench.configure("vlan 1", "name x") == "%Default VLAN 1 may not have its name changed."


def test_vtp_keeps_vlans_out_of_the_configuration(bench: Bench) -> None:
    assert bench.configure("vtp mode server") == "Setting device to VTP Server mode for VLANS."
    assert "vlan 490" not in bench.shown()
    assert "pap-beheer" in bench.type("end", "show vlan brief")
    assert bench.configure("vtp mode off") == "Setting device to VTP Off mode for VLANS."
    assert "vlan 490" in bench.shown()
    assert bench.type("vtp mode off") == "Device mode already VTP Off for VLANS."


def test_a_member_of_a_stack_has_its_own_ports() -> None:
    bench = Bench(switch(members=2))
    assert bench.configure("interface Gi2/0/4", "shutdown") == ""
    assert bench.shown("interface GigabitEthernet2/0/4") == ["shutdown"]


def test_neighbours_are_heard_where_both_ends_are_up() -> None:
    one, other = switch("pap-sw-01"), switch("pap-sw-02")
    cabled(one, "TenGigabitEthernet1/1/1", other, "TenGigabitEthernet1/1/1")
    bench = Bench(one)
    shown = bench.type("show lldp neighbors detail")
    assert "Local Intf: Te1/1/1" in shown
    assert "Port id: Te1/1/1" in shown
    assert "System Name: pap-sw-02" in shown
    assert shown.endswith("Total entries displayed: 1")
    Bench(other).configure("interface Te1/1/1", "shutdown")
    assert bench.type("show lldp neighbors detail") == "\nTotal entries displayed: 0"
    assert "Te1/1/1                         notconnect" in bench.type("show interfaces status")
    Bench(other).configure("interface Te1/1/1", "no shutdown", "no lldp run")
    assert bench.type("show lldp neighbors detail") == "\nTotal entries displayed: 0"
    bench.configure("no lldp run")
    assert bench.type("end", "show lldp neighbors") == "% LLDP is not enabled"
