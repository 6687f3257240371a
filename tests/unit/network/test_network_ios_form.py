"""Running configurations of IOS in the form of our lines, and how a line is taken away."""

import pytest

from werkplek.network.ios import Ios
from werkplek.network.ios_form import canonical, negate, parse_ios, type_7

ACL = ("ip access-list standard WERKPLEK-BEHEER",)
TRUNK = ("interface Te1/1/1",)


def below(text, *section):
    return parse_ios(text).below(tuple(section))


def test_what_says_nothing_of_the_configuration_is_left_out():
    text = (
        "Building configuration...\n\nCurrent configuration : 4000 bytes\n! Last change at 10:00\nversion 17.9\n!\n"
        "hostname PAP-SW-0001\nntp clock-period 36028797\n% Non Volatile\nend\n"
    )
    assert parse_ios(text).rows == (((), "hostname PAP-SW-0001"),)


def test_lines_stand_below_the_sections_that_they_are_indented_in():
    text = "archive\n log config\n  logging enable\n path flash:a\ninterface Vlan1\n shutdown\n"
    assert parse_ios(text).rows == (
        ((), "archive"),
        (("archive",), "log config"),
        (("archive", "log config"), "logging enable"),
        (("archive",), "path flash:a"),
        ((), "interface Vlan1"),
        (("interface Vlan1",), "shutdown"),
    )


def test_vlans_that_are_shown_together_come_apart():
    assert below("vlan 410,420-422\nvlan 430\n name x\nvlan internal allocation policy ascending\n") == (
        "vlan 410",
        "vlan 420",
        "vlan 421",
        "vlan 422",
        "vlan 430",
        "vlan internal allocation policy ascending",
    )


def test_resolvers_that_are_shown_together_come_apart():
    assert below("ip name-server 10.4.1.10 10.4.1.11\nip name-server vrf Mgmt 10.0.0.1 10.0.0.2\n") == (
        "ip name-server 10.4.1.10",
        "ip name-server 10.4.1.11",
        "ip name-server vrf Mgmt 10.0.0.1 10.0.0.2",
    )


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (["410,420"], "410,420"),
        (["410-412", "add 420-421", "add 430"], "410-412,420,421,430"),
        (["410", "add 411,412"], "410-412"),
        (["none"], "none"),
        (["none", "add 410"], "410"),
        (["add 410"], None),
    ],
)
def test_a_trunk_list_over_several_lines_is_one(lines, whole):
    shown = "".join(f" switchport trunk allowed vlan {line}\n" for line in lines)
    expected = (f"switchport trunk allowed vlan {whole}",) if whole else ()
    assert below(f"interface Te1/1/1\n{shown}", *TRUNK) == expected


def test_two_trunks_keep_their_lists_apart():
    text = (
        "interface Te1\n switchport trunk allowed vlan 410\n switchport trunk allowed vlan add 420\n"
        "interface Te2\n switchport trunk allowed vlan 510\n"
    )
    assert below(text, "interface Te1") == ("switchport trunk allowed vlan 410,420",)
    assert below(text, "interface Te2") == ("switchport trunk allowed vlan 510",)


def test_a_port_that_says_that_it_is_one_of_a_switch_says_nothing():
    assert below("interface Gi1\n switchport\n switchport mode access\n", "interface Gi1") == (
        "switchport mode access",
    )


def test_sequence_numbers_of_an_access_list_are_left_out_and_its_hosts_are_addresses():
    lines = ("10 permit 10.4.249.0 0.0.0.255", "20 permit host 10.7.249.1", "30 remark 10 people", "permit 10.9.0.1")
    assert below("\n ".join([*ACL, *lines]), *ACL) == (
        "permit 10.4.249.0 0.0.0.255",
        "permit 10.7.249.1",
        "remark 10 people",
        "permit 10.9.0.1",
    )


def test_hosts_of_an_extended_access_list_stay_because_it_needs_the_word():
    section = "ip access-list extended X"
    assert below(f"{section}\n 10 permit ip host 10.0.0.1 any\n", section) == ("permit ip host 10.0.0.1 any",)


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ("banner login ^C\nOne\n\n Two\n^C", "banner login\nOne\n\n Two"),
        ("banner login ^COne\nTwo^C", "banner login\nOne\nTwo"),
        ("banner login ^COne^C", "banner login\nOne"),
        ("banner login \x03One\nTwo\n\x03", "banner login\nOne\nTwo"),
        ("banner login #\nhostname not this one\n#", "banner login\nhostname not this one"),
    ],
)
def test_a_banner_is_one_line_whatever_it_says(shown, text):
    assert below(f"{shown}\nhostname x\n") == (text, "hostname x")


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ("060506324F41", "cisco"),
        ("094F471A1A0A", "cisco"),
        ("0822455D0A16", "cisco"),
        ("0822455D0A1", "0822455D0A1"),
        ("0A22455D0A16", "0A22455D0A16"),
        ("08FFFFFF", "08FFFFFF"),
    ],
)
def test_type_7_is_read_where_it_hides_a_text(shown, text):
    assert type_7(shown) == text


@pytest.mark.parametrize(
    ("shown", "line"),
    [
        ("key 7 0822455D0A16", "key cisco"),
        ("key 0 cisco", "key cisco"),
        ("key cisco", "key cisco"),
        ("key 7 <secret>", "key <secret>"),
        ("key 6 <secret>", "key <secret>"),
        ("ntp authentication-key 1 md5 0822455D0A16 7", "ntp authentication-key 1 md5 cisco"),
        ("server-key 7 0822455D0A16", "server-key cisco"),
        ("ntp server 10.0.0.1 key 7", "ntp server 10.0.0.1 key 7"),
        ("enable secret 9 $9$x", "enable secret 9 $9$x"),
        ("snmp-server user u g v3 auth sha A priv aes 128 B", "snmp-server user u g v3 auth sha priv aes 128"),
        ("snmp-server user u g v3 auth sha priv aes 128", "snmp-server user u g v3 auth sha priv aes 128"),
        ("snmp-server user u g v3 auth md5 A priv des B", "snmp-server user u g v3 auth md5 priv des"),
        (
            "snmp-server user u g v3 auth sha <secret> priv aes 128 <secret>",
            "snmp-server user u g v3 auth sha priv aes 128",
        ),
        ("switchport trunk allowed vlan 420,410-411", "switchport trunk allowed vlan 410,411,420"),
    ],
)
def test_lines_that_mean_the_same_are_the_same(shown, line):
    assert canonical((), shown) == line
    assert canonical((), line) == line


@pytest.mark.parametrize(
    ("section", "text", "command"),
    [
        ((), "ip http server", "no ip http server"),
        ((), "no ip finger", "ip finger"),
        ((), "vlan 20", "no vlan 20"),
        ((), "ntp server 10.0.0.1 key 1", "no ntp server 10.0.0.1"),
        ((), "ntp server vrf Mgmt 10.0.0.1 key 1", "no ntp server vrf Mgmt 10.0.0.1"),
        ((), "ntp authentication-key 9 md5 abc", "no ntp authentication-key 9"),
        ((), "username oud privilege 15 secret 9 abc", "no username oud"),
        ((), "enable secret 9 abc", "no enable secret"),
        ((), "enable secret level 5 9 abc", "no enable secret level 5"),
        ((), "enable password 7 abc", "no enable password"),
        ((), "snmp-server community public RO 10", "no snmp-server community public"),
        ((), "snmp-server group G v3 priv read V", "no snmp-server group G v3 priv"),
        ((), "snmp-server group G v2c", "no snmp-server group G v2c"),
        ((), "snmp-server user u g v3 auth sha priv aes 128", "no snmp-server user u g v3"),
        ((), "snmp-server host 10.0.0.1 version 2c public", "no snmp-server host 10.0.0.1 version 2c public"),
        ((), "logging trap debugging", "logging trap informational"),
        ((), "no logging trap", "logging trap informational"),
        ((), "banner login\nOne\nTwo", "no banner login"),
        ((), "key chain OSPF", "no key chain OSPF"),
        (("tacacs server T",), "key abc", "no key"),
        (("radius server R",), "key abc", "no key"),
        (("radius server R",), "address ipv4 10.0.0.1 auth-port 1812 acct-port 1813", "no address ipv4"),
        (("key chain OSPF",), "key 1", "no key 1"),
        (("vlan 410",), "state suspend", "no state"),
        (ACL, "permit 10.0.0.1", "no permit 10.0.0.1"),
        (TRUNK, "shutdown", "no shutdown"),
        (TRUNK, "description Balie 3", "no description"),
        (TRUNK, "switchport mode trunk", "no switchport mode"),
        (TRUNK, "switchport access vlan 410", "no switchport access vlan"),
        (TRUNK, "switchport voice vlan 420", "no switchport voice vlan"),
        (TRUNK, "switchport trunk native vlan 498", "no switchport trunk native vlan"),
        (TRUNK, "switchport trunk allowed vlan 410", "no switchport trunk allowed vlan"),
        (TRUNK, "switchport nonegotiate", "no switchport nonegotiate"),
    ],
)
def test_how_a_line_is_taken_away(section, text, command):
    assert negate(section, text) == command


def test_the_platform_reads_and_negates_so():
    platform = Ios()
    assert platform.parse("vlan 1,2\n").rows == (((), "vlan 1"), ((), "vlan 2"))
    assert platform.canonical((), "key 0 x") == "key x"
    assert platform.negate((), "vlan 20") == "no vlan 20"
    assert platform.mask("enable secret 9 x") == "enable secret 9 <secret>"


PARTS = "line con 0\n stopbits 1\nline vty 0 4\n exec-timeout 0 0\n login local\nline vty 5 15\n login local\n"


def test_terminals_that_ios_shows_in_two_parts_are_one_section_that_says_what_only_one_has():
    found = parse_ios(PARTS)
    assert found.below(("line vty 0 4",)) == found.below(("line vty 5 15",)) == ()
    assert found.below(("line vty 0 15",)) == ("login local", "exec-timeout 0 0 (line vty 0 4)")
    assert found.below(("line con 0",)) == ("stopbits 1",)
    assert negate(("line vty 0 15",), "exec-timeout 0 0 (line vty 0 4)") == "no exec-timeout 0 0"


def test_three_parts_are_one_section_too_and_terminals_beyond_it_stay_apart():
    text = "".join(f"line vty {first} {last}\n login local\n" for first, last in [(0, 4), (5, 9), (10, 15), (16, 31)])
    assert parse_ios(text).below(("line vty 0 15",)) == ("login local",)
    assert parse_ios(text).below(("line vty 16 31",)) == ("login local",)


def test_terminals_in_one_part_stay_as_they_are_shown():
    assert parse_ios("line vty 0 4\n login local\n").rows == (((), "line vty 0 4"), (("line vty 0 4",), "login local"))
