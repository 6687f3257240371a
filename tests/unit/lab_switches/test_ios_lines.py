"""What lines of configuration do on IOS: replace, add, take away, hide what is the default, refuse."""

from __future__ import annotations

import pytest
from ios_bench import Bench, switch

INVALID = "% Invalid input detected at '^' marker."


@pytest.fixture
def bench() -> Bench:
    return Bench(switch())


def test_an_unknown_command_is_refused_with_a_caret_below_its_first_wrong_word(bench: Bench) -> None:
    said = bench.configure("ip fooserver 10.1.1.1")
    assert said == f"{' ' * len('pap-sw-01(config)#ip ')}^\n{INVALID}\n"


def test_an_incomplete_and_an_ambiguous_command_are_told(bench: Bench) -> None:
    assert bench.configure("ip domain") == "% Incomplete command.\n"
    assert bench.configure("lo") == '% Ambiguous command:  "lo"'


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (["ip domain name een.nl", "ip domain name twee.nl"], ["ip domain name twee.nl"]),
        (["ip domain-name een.nl"], ["ip domain name een.nl"]),
        (["ip default-gateway 10.4.90.1", "no ip default-gateway"], []),
        (
            ["ntp server 10.4.1.20", "ntp server 10.4.1.21 prefer"],
            ["ntp server 10.4.1.20", "ntp server 10.4.1.21 prefer"],
        ),
        (["ntp server 10.4.1.20 key 1", "ntp server 10.4.1.20"], ["ntp server 10.4.1.20"]),
        (["ntp server 10.4.1.20", "no ntp server 10.4.1.20"], []),
        (["ip name-server 10.4.1.10 10.4.1.11"], ["ip name-server 10.4.1.10", "ip name-server 10.4.1.11"]),
        (["no ip domain lookup"], ["no ip domain lookup"]),
        (["no ip domain lookup", "ip domain lookup"], []),
        (["no ip domain-lookup"], ["no ip domain lookup"]),
        (["service pad", "no service pad"], []),
        (["no logging console"], ["no logging console"]),
        (["logging console 6"], ["logging console informational"]),
        (["logging trap informational"], []),
        (["logging trap warnings"], ["logging trap warnings"]),
        (["logging buffered 64000 6"], ["logging buffered 64000 informational"]),
        (["logging 10.4.1.30"], ["logging host 10.4.1.30"]),
        (["logging enable"], []),
        (["errdisable recovery interval 300"], []),
        (["errdisable recovery interval 600"], ["errdisable recovery interval 600"]),
        (["udld enable", "udld aggressive"], ["udld aggressive"]),
        (["ip dhcp snooping vlan 410", "ip dhcp snooping vlan 411-412"], ["ip dhcp snooping vlan 410-412"]),
        (["ip dhcp snooping vlan 410-412", "no ip dhcp snooping vlan 411"], ["ip dhcp snooping vlan 410,412"]),
        (["ip arp inspection validate ip src-mac"], ["ip arp inspection validate src-mac ip"]),
        (["spanning-tree portfast edge bpduguard default"], ["spanning-tree portfast bpduguard default"]),
        (["no ip igmp snooping"], ["no ip igmp snooping"]),
        (["snmp-server community geheim"], ["snmp-server community geheim RO"]),
        (["snmp-server community a RO", "snmp-server community a RW"], ["snmp-server community a RW"]),
        (["snmp-server location Markt 1", "no snmp-server"], []),
        (["clock timezone CET 1"], ["clock timezone CET 1"]),
        (["file privilege 15"], []),
    ],
)
def test_a_line_stands_as_ios_shows_it(bench: Bench, lines: list[str], shown: list[str]) -> None:
    before = bench.shown()
    bench.configure(*lines)
    assert [line for line in bench.shown() if line not in before and line != "!"] == shown


@pytest.mark.parametrize("line", ["ip http server", "ip http secure-server", "aaa new-model"])
def test_some_lines_are_shown_both_ways(bench: Bench, line: str) -> None:
    bench.configure(line)
    assert line in bench.shown()
    bench.configure(f"no {line}")
    assert f"no {line}" in bench.shown()
    assert line not in bench.shown()


def test_aaa_off_takes_its_lines_away(bench: Bench) -> None:
    bench.configure("aaa new-model", "aaa authentication login default local")
    assert "aaa session-id common" in bench.shown()
    bench.configure("no aaa new-model")
    assert [line for line in bench.shown() if "aaa" in line] == ["no aaa new-model"]


def test_a_new_name_is_in_the_prompt_at_once(bench: Bench) -> None:
    bench.configure("hostname pap-sw-02")
    assert bench.prompt == "pap-sw-02(config)#"
    assert bench.type("hostname 2pap") == "% Hostname contains one or more illegal characters."
    bench.type("no hostname")
    assert bench.prompt == "Switch(config)#"


def test_a_banner_goes_on_to_its_mark(bench: Bench) -> None:
    said = bench.configure("banner login #")
    assert said == "Enter TEXT message.  End with the character '#'."
    bench.type("Alleen", "beheerders?", "#")
    assert bench.prompt == "pap-sw-01(config)#"
    rows = bench.shown()
    assert rows[rows.index("banner login ^C") :][:4] == ["banner login ^C", "Alleen", "beheerders?", "^C"]
    bench.configure("no banner login")
    assert "banner login ^C" not in bench.shown()


def test_a_banner_of_one_line(bench: Bench) -> None:
    bench.configure("banner motd @Welkom@")
    assert "banner motd ^CWelkom^C" in bench.shown()


def test_a_mark_that_is_typed_as_two_letters_is_only_its_first(bench: Bench) -> None:
    """As on IOS, where pasted banners begin with a C too many."""
    bench.configure("banner login ^C", "hallo", "^C")
    assert "banner login ^CC" in bench.shown()


def test_method_lists_take_groups_and_ways(bench: Bench) -> None:
    bench.configure("aaa new-model", "aaa authentication login default group tacacs+ group EIGEN local")
    assert "aaa authentication login default group tacacs+ group EIGEN local" in bench.shown()
    assert "^" in bench.type("aaa authentication login default lokaal")


def test_servers_and_groups_are_blocks(bench: Bench) -> None:
    bench.configure(
        "tacacs server A", "address ipv4 10.4.1.50", "key geheim", "radius server B", "address ipv4 10.4.1.60"
    )
    bench.configure("aaa group server tacacs+ G", "server name A")
    assert bench.prompt == "pap-sw-01(config-sg-tacacs+)#"
    assert bench.shown("tacacs server A") == ["address ipv4 10.4.1.50", "key geheim"]
    assert bench.shown("radius server B") == ["address ipv4 10.4.1.60 auth-port 1645 acct-port 1646"]
    assert bench.shown("aaa group server tacacs+ G") == ["server name A"]


def test_a_named_access_list_is_numbered_and_spelled_as_ios_xe_does(bench: Bench) -> None:
    bench.configure(
        "ip access-list standard BEHEER", "permit 10.4.249.7 0.0.0.255", "permit host 10.7.1.1", "deny any log"
    )
    assert bench.shown("ip access-list standard BEHEER") == [
        "10 permit 10.4.249.0 0.0.0.255",
        "20 permit 10.7.1.1",
        "30 deny any log",
    ]
    bench.type("15 permit 10.5.0.0 0.0.255.255", "no permit host 10.7.1.1", "no 30", "permit 10.4.249.0 0.0.0.255")
    assert bench.shown("ip access-list standard BEHEER") == [
        "10 permit 10.4.249.0 0.0.0.255",
        "15 permit 10.5.0.0 0.0.255.255",
    ]
    assert bench.type("10 permit any") == "% Duplicate sequence number"
    assert bench.type("no 99") == "% Specified sequence number doesn't exist"


def test_an_extended_list_has_hosts_and_ports(bench: Bench) -> None:
    bench.configure(
        "ip access-list extended X", "permit tcp 10.4.10.0 0.0.0.255 10.4.1.9 0.0.0.0 eq 443", "deny ip any any"
    )
    assert bench.shown("ip access-list extended X") == [
        "10 permit tcp 10.4.10.0 0.0.0.255 host 10.4.1.9 eq 443",
        "20 deny ip any any",
    ]
    assert bench.configure("ip access-list standard X") == "Access-list type conflicts with prior definition"


def test_a_numbered_list_is_a_list_of_that_name(bench: Bench) -> None:
    bench.configure("access-list 10 permit 10.4.249.0 0.0.0.255")
    assert bench.shown("ip access-list standard 10") == ["10 permit 10.4.249.0 0.0.0.255"]
    bench.configure("no access-list 10")
    assert "ip access-list standard 10" not in bench.shown()


def test_terminals_are_shown_in_two_blocks_even_when_alike(bench: Bench) -> None:
    bench.configure("line vty 0 15", "exec-timeout 5", "transport input ssh telnet")
    for block in ("line vty 0 4", "line vty 5 15"):
        assert bench.shown(block) == ["exec-timeout 5 0", "login local", "transport input telnet ssh"]


def test_one_terminal_that_differs_stands_by_itself(bench: Bench) -> None:
    bench.configure("line vty 2", "length 40")
    blocks = [line for line in bench.shown() if line.startswith("line vty")]
    assert blocks == ["line vty 0 1", "line vty 2", "line vty 3 4", "line vty 5 15"]
    assert bench.configure("no line vty 0 4") == "% Can't delete last 5 VTY lines"


def test_ten_minutes_and_the_default_list_of_methods_are_not_shown(bench: Bench) -> None:
    bench.configure("aaa new-model", "line con 0", "exec-timeout 10 0", "login authentication default", "stopbits 1")
    assert bench.shown("line con 0") == ["stopbits 1"]
    bench.type("no exec-timeout", "login authentication EIGEN")
    assert bench.shown("line con 0") == ["exec-timeout 0 0", "login authentication EIGEN", "stopbits 1"]


def test_a_terminal_signs_in_by_aaa_or_without_it(bench: Bench) -> None:
    assert bench.configure("line vty 0 4", "login authentication default").endswith(f"{INVALID}\n")
    assert bench.configure("aaa new-model", "line vty 0 4", "login local").endswith(f"{INVALID}\n")


def test_the_log_of_changes_is_a_section_in_a_section(bench: Bench) -> None:
    bench.configure("archive", "path flash:a", "log config", "logging enable", "notify syslog", "hidekeys")
    assert bench.shown("archive") == [
        "path flash:a",
        "log config",
        " logging enable",
        " notify syslog contenttype plaintext",
        " hidekeys",
    ]


def test_an_account_goes_only_after_a_question(bench: Bench) -> None:
    asked = bench.configure("username anna privilege 5 secret 9 $9$abc$def")
    assert asked == ""
    shown = bench.press("no username anna\r")
    assert shown.endswith("same name.Do you want to continue? [confirm]")
    bench.press("n")
    assert "username anna privilege 5 secret 9 $9$abc$def" in bench.shown()
    bench.press("no username anna\r")
    bench.press("\r")
    assert not [line for line in bench.shown() if "anna" in line]


def test_an_account_keeps_its_secret_when_its_level_changes(bench: Bench) -> None:
    bench.configure("username anna secret 9 $9$abc$def", "username anna privilege 7")
    assert "username anna privilege 7 secret 9 $9$abc$def" in bench.shown()
    assert bench.configure("username anna geheim=x").endswith(f"{INVALID}\n")


def test_snmp_users_are_not_in_the_configuration(bench: Bench) -> None:
    assert bench.type("show snmp user") == "%SNMP agent not enabled"
    bench.configure("snmp-server user mon G v3 auth sha geheim1 priv aes 128 geheim2")
    assert not [line for line in bench.shown() if "mon" in line]
    shown = bench.type("end", "show snmp user").splitlines()
    assert shown[0] == "User name: mon"
    assert shown[3:6] == ["Authentication Protocol: SHA", "Privacy Protocol: AES128", "Group-name: G"]
    bench.configure("no snmp-server user mon G v3")
    assert bench.type("end", "show snmp user") == "%SNMP agent not enabled"


def test_traps_are_on_by_kind_or_all(bench: Bench) -> None:
    bench.configure("snmp-server enable traps vtp", "snmp-server enable traps config")
    assert [line for line in bench.shown() if "traps" in line] == [
        "snmp-server enable traps vtp",
        "snmp-server enable traps config",
    ]
    bench.configure("no snmp-server enable traps", "snmp-server enable traps")
    assert len([line for line in bench.shown() if "traps" in line]) == 21
    assert "^" in bench.configure("snmp-server enable traps foo")


def test_receivers_of_traps_stand_beside_each_other(bench: Bench) -> None:
    bench.configure("snmp-server host 10.1.1.1 version 3 priv mon", "snmp-server host 10.1.1.1 traps version 2c oud")
    hosts = ["snmp-server host 10.1.1.1 version 3 priv mon", "snmp-server host 10.1.1.1 version 2c oud"]
    assert [line for line in bench.shown() if "snmp-server host" in line] == hosts
    bench.configure("no snmp-server host 10.1.1.1 version 2c oud")
    assert [line for line in bench.shown() if "snmp-server host" in line] == hosts[:1]


def test_lines_are_shown_in_the_order_of_ios(bench: Bench) -> None:
    bench.configure(
        "ntp server 10.1.1.1", "logging host 10.1.1.2", "banner login @x@", "aaa new-model", "ip ssh version 2"
    )
    rows = bench.shown()
    order = [
        "version 17.9",
        "hostname pap-sw-01",
        "aaa new-model",
        "vtp mode transparent",
        "spanning-tree mode rapid-pvst",
        "vlan 490",
        "interface GigabitEthernet1/0/1",
        "interface TenGigabitEthernet1/1/1",
        "interface Vlan490",
        "ip ssh version 2",
        "logging host 10.1.1.2",
        "banner login ^Cx^C",
        "line con 0",
        "line vty 0 4",
        "ntp server 10.1.1.1",
        "end",
    ]
    assert [line for line in rows if line in order] == order
