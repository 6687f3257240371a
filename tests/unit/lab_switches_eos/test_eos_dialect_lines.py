"""What lines of EOS's configuration are taken, how they are shown, and what is refused with which words."""

from __future__ import annotations

import pytest
from eos_bench import FIRST, Bench, switch

from werkplek.lab.switches.dialect import Refusal
from werkplek.lab.switches.eos import Eos


def _after(*lines: str) -> list[str]:
    """Lines of the running configuration that were not there before, with their indent."""
    bench = Bench(switch())
    before = bench.running()
    bench.type("configure", *lines, "end")
    return [line for line in bench.running() if line not in before]


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (["vlan 410", "name pap-werkplek"], ["vlan 410", "   name pap-werkplek"]),
        (["vlan 420-421,410"], ["vlan 410,420-421"]),
        (["vlan 430", "name VLAN0430"], ["vlan 430"]),
        (["vlan 430", "state suspend"], ["vlan 430", "   state suspend"]),
        (["vlan 430", "state suspend", "name x"], ["vlan 430", "   name x", "   state suspend"]),
        (["vlan 490", "state active"], []),
        (["int et1", "description Balie 1"], ["   description Balie 1"]),
        (["interface Ethernet 1", "switchport access vlan 410"], ["   switchport access vlan 410"]),
        (["interface Ethernet1-2", "shutdown"], ["   shutdown", "   shutdown"]),
        (["interface Ethernet1", "switchport mode access", "switchport access vlan 1"], []),
        (["interface Ethernet1", "no switchport"], ["   no switchport"]),
        (["interface Ethernet1", "no switchport", "switchport"], []),
        (["interface Ethernet1", "switchport mode trunk phone"], ["   switchport mode trunk phone"]),
        (["interface Ethernet1", "switchport phone vlan 420"], ["   switchport phone vlan 420"]),
        (["interface Ethernet1", "switchport phone trunk tagged"], []),
        (["interface Ethernet1", "switchport trunk native vlan 498"], ["   switchport trunk native vlan 498"]),
        (["interface Ethernet1", "switchport trunk allowed vlan none"], ["   switchport trunk allowed vlan none"]),
        (["interface Ethernet1", "spanning-tree portfast edge"], ["   spanning-tree portfast"]),
        (["interface Ethernet1", "description x", "no description"], []),
        (["interface Ethernet1", "description x", "default description"], []),
        (["logging host 10.1.1.1 514 protocol udp"], ["logging host 10.1.1.1"]),
        (["logging host 10.1.1.1 1514"], ["logging host 10.1.1.1 1514"]),
        (["logging trap 6"], []),
        (["logging trap errors"], ["logging trap errors"]),
        (["logging trap errors", "no logging trap"], []),
        (["ip name-server 10.0.0.1 10.0.0.2"], [f"ip name-server vrf default 10.0.0.{end}" for end in (1, 2)]),
        (["ip domain-name papendrecht.example"], ["dns domain papendrecht.example"]),
        (["ntp server 10.0.0.3 prefer iburst"], ["ntp server 10.0.0.3 prefer iburst"]),
        (["tacacs-server host 10.0.0.4 key 0 geheim"], ["tacacs-server host 10.0.0.4 key 7 15150E04012326"]),
        (["tacacs-server host 10.0.0.4 key 7 0300"], ["tacacs-server host 10.0.0.4 key 7 0300"]),
        (["aaa authentication login default local"], []),
        (["aaa authentication login default group TAC local"], ["aaa authentication login default group TAC local"]),
        (["ip dhcp snooping vlan 410", "ip dhcp snooping vlan 412,411"], ["ip dhcp snooping vlan 410-412"]),
        (["ip dhcp snooping vlan 410-412", "no ip dhcp snooping vlan 411"], ["ip dhcp snooping vlan 410,412"]),
        (["ip igmp snooping"], []),
        (["no ip igmp snooping"], ["no ip igmp snooping"]),
        (["ip routing"], ["ip routing"]),
        (["ip routing", "no ip routing"], []),
        (["spanning-tree mode rapid-pvst"], ["spanning-tree mode rapid-pvst"]),
        (["spanning-tree mode rapid-pvst", "no spanning-tree mode"], []),
        (["errdisable recovery interval 300"], []),
        (["ip route 0.0.0.0/0 10.4.90.1"], ["ip route 0.0.0.0/0 10.4.90.1"]),
        (["ip route 0.0.0.0/0 10.4.90.1", "ip route 0.0.0.0/0 10.4.90.2", "no ip route 0.0.0.0/0"], []),
        (["management ssh", "shutdown", "no shutdown"], []),
        (["management telnet", "no shutdown"], ["management telnet", "   no shutdown"]),
        (["management ssh", "vrf X", "no shutdown"], ["management ssh", "   vrf X", "      no shutdown"]),
        (["management api http-commands", "no protocol http", "protocol https"], []),
        (
            ["management api http-commands", "no shutdown", "vrf X", "shutdown"],
            ["management api http-commands", "   no shutdown", "   vrf X", "      shutdown"],
        ),
        (["banner login", "Verboden", "toegang", "EOF"], ["banner login", "Verboden", "toegang", "EOF"]),
    ],
)
def test_a_line_is_shown_as_eos_shows_it(lines: list[str], shown: list[str]) -> None:
    assert _after(*lines) == shown


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("foo", "% Invalid input (at token 0: 'foo')"),
        ("vlan foo", "% Invalid input (at token 1: 'foo')"),
        ("vlan 4095", "% Invalid input (at token 1: '4095')"),
        ("no vlan foo", "% Invalid input (at token 2: 'foo')"),
        ("interface Ethernet99", "% Invalid input (at token 1: 'Ethernet99')"),
        ("no interface Ethernet1", "% Invalid input (at token 2: 'Ethernet1')"),
        ("spanning-tree mode pvst", "% Invalid input (at token 2: 'pvst')"),
        ("ip route 10.0.0.1/24 10.1.1.1", "% Invalid input (at token 2: '10.0.0.1/24')"),
        ("ntp server", "% Incomplete command"),
        ("switchport access vlan 10", "% Invalid input (at token 0: 'switchport')"),
        ("ip d", "% Ambiguous command (at token 0: 'ip')"),
        ("commit", "% Invalid input (at token 0: 'commit')"),
        ("service password-encryption", "% Invalid input (at token 1: 'password-encryption')"),
    ],
)
def test_what_eos_does_not_know_is_refused_and_changes_nothing(line: str, said: str) -> None:
    bench = Bench(switch())
    before = bench.running()
    bench.type("configure")
    assert bench.type(line) == said
    bench.type("end")
    assert bench.running() == before


def test_a_trunk_s_list_is_added_to_and_taken_from() -> None:
    bench = Bench(switch())
    bench.type("configure", "interface Ethernet4")
    shown = []
    for line in ("410,490", "add 411-412", "remove 490", "except 1-4000", "all"):
        bench.type(f"switchport trunk allowed vlan {line}")
        shown += [row.strip() for row in bench.type("show running-config").splitlines() if " allowed " in row] or ["-"]
    assert shown == [
        "switchport trunk allowed vlan 410,490",
        "switchport trunk allowed vlan 410-412,490",
        "switchport trunk allowed vlan 410-412",
        "switchport trunk allowed vlan 4001-4094",
        "-",
    ]


def test_an_access_list_numbers_its_lines() -> None:
    lines = ["permit 10.2.249.0/24", "permit 10.2.250.0 255.255.255.0", "permit 10.2.1.1/32", "5 deny host 10.2.249.9"]
    assert _after(
        "ip access-list standard WERKPLEK-BEHEER", *lines, "permit 10.2.249.0/24", "no permit 10.2.1.1/32"
    ) == [
        "ip access-list standard WERKPLEK-BEHEER",
        "   5 deny host 10.2.249.9",
        "   10 permit 10.2.249.0/24",
        "   20 permit 10.2.250.0/24",
    ]


def test_an_snmp_user_s_passphrases_become_keys_for_the_switch_s_engine() -> None:
    user = "snmp-server user u g v3 auth sha maplesyrup priv aes maplesyrup"
    engine = "000000000000000000000002"
    assert _after(f"snmp-server engineID local {engine}", user)[1] == (
        f"snmp-server user u g v3 localized {engine}"
        # RFC 3414, appendix A.3.2
        " auth sha 6695febc9288e36282235fc7151f128497b38f3f priv aes 6695febc9288e36282235fc7151f1284"
    )


def test_an_account_keeps_what_a_line_does_not_say() -> None:
    shown = _after("username jan secret sha512 $6$x$y", "username jan privilege 5", "username jan role lezer")
    assert shown == ["username jan privilege 5 role lezer secret sha512 $6$x$y"]


def test_a_configuration_s_text_makes_the_same_configuration() -> None:
    device = switch()
    Bench(device).type("configure", "vlan 410-412", "management ssh", "vrf X", "no shutdown", "banner motd", "a", "EOF")
    text = Eos().running_text(device)
    assert Eos().running_text(switch(text=text)) == text


def test_a_text_with_a_line_that_is_none_is_refused_whole() -> None:
    device = switch()
    before = Eos().running_text(device)
    with pytest.raises(Refusal) as refused:
        Eos().load(device, FIRST + "vlan 410\nip finger\n")
    number = len(FIRST.splitlines()) + 2
    assert str(refused.value) == f"> ip finger % Invalid input (at token 1: 'finger') at line {number}"
    assert Eos().running_text(device) == before


def test_a_full_vlan_table_takes_no_new_vlan() -> None:
    device = switch()
    device.faults.vlans_full = True
    bench = Bench(device)
    bench.type("configure")
    assert bench.type("vlan 410") == "% Cannot create VLAN 410: the maximum number of VLANs (4094) is reached"
    assert bench.type("vlan 490") == ""
