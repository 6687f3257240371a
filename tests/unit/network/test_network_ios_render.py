"""A switch's document in exactly the lines of IOS, setting by setting, and what each setting claims besides."""

import pytest
from network_samples import network, port, switch, wired

from werkplek.network.document import Peer, Port, Setting, SwitchDocument
from werkplek.network.ios_render import ACL, management_interface, port_lines, render
from werkplek.network.lines import Claim

DOCUMENT = network(*wired(("P1", "D1"), P1=[port("Gi1/0/1", 410, [420]), port("Gi1/0/2")])).documents["P1"]


def rendered(kind, body=None, document=DOCUMENT, **more):
    setting = Setting("the_id", kind, body or {}, more.get("waived", False), False)
    made = render(SwitchDocument(**{**fields(document), "settings": (setting,)}))
    assert {line.setting for line in made.lines} | {claim.setting for claim in made.claims} == {"the_id"}
    return made


def fields(document):
    return {name: getattr(document, name) for name in document.__slots__}


def shown(made):
    return [": ".join(line.path) for line in made.lines]


def claims(made, how):
    return [": ".join([*one.section, one.prefix]) for one in made.claims if one.how == how]


def test_vlans():
    made = rendered("switch_vlans")
    assert shown(made) == [
        "vlan 410",
        "vlan 410: name pap-workplace",
        "vlan 420",
        "vlan 420: name pap-voice",
        "vlan 490",
        "vlan 490: name pap-management",
        "vlan 498",
        "vlan 498: name pap-native",
        "vlan 499",
        "vlan 499: name pap-parking",
    ]
    assert claims(made, "owns")[:3] == ["vlan", "vlan 410: state", "vlan 410: shutdown"]
    assert claims(made, "replaces")[:2] == ["vlan 410: name", "vlan 420: name"]
    assert claims(made, "keeps") == [
        "vlan access-map",
        "vlan configuration",
        "vlan dot1q",
        "vlan filter",
        "vlan group",
        "vlan internal",
    ]


def test_ports():
    made = rendered("switch_ports")
    assert shown(made) == [
        "interface Gi1/0/1: switchport access vlan 410",
        "interface Gi1/0/1: switchport voice vlan 420",
        "interface Gi1/0/1: switchport mode access",
        "interface Gi1/0/2: shutdown",
        "interface Gi1/0/2: switchport access vlan 499",
        "interface Gi1/0/2: switchport mode access",
        "interface to-D1: description D1 to-P1",
        "interface to-D1: switchport trunk native vlan 498",
        "interface to-D1: switchport trunk allowed vlan 410,420,490",
        "interface to-D1: switchport mode trunk",
    ]
    assert claims(made, "owns") == ["interface Gi1/0/1: ", "interface Gi1/0/2: ", "interface to-D1: "]
    assert [one for one in claims(made, "replaces") if "to-D1" in one] == [
        "interface to-D1: description",
        "interface to-D1: switchport mode",
        "interface to-D1: switchport trunk native vlan",
        "interface to-D1: switchport trunk allowed vlan",
    ]
    assert [one for one in claims(made, "keeps") if "to-D1" in one] == [
        "interface to-D1: speed",
        "interface to-D1: duplex",
        "interface to-D1: power inline",
        "interface to-D1: media-type",
        "interface to-D1: mtu",
        "interface to-D1: channel-group",
        "interface to-D1: load-interval",
        "interface to-D1: carrier-delay",
    ]


def a_port(profile, untagged=None, voice=None, allowed=(), description=""):
    return Port("Gi1/0/1", profile, description, untagged, voice, allowed, Peer("D1", "x"), "url")


@pytest.mark.parametrize(
    ("one", "lines"),
    [
        (
            a_port("printer", 430, description="Hal"),
            "description Hal|switchport access vlan 430|switchport mode access",
        ),
        (a_port("phone", 420), "switchport access vlan 420|switchport mode access"),
        (
            a_port("access_point", 460, allowed=(410, 440, 460)),
            "switchport trunk native vlan 460|switchport trunk allowed vlan 410,440,460|switchport mode trunk",
        ),
        (a_port("uplink", None, allowed=()), "switchport trunk allowed vlan none|switchport mode trunk"),
        (a_port("unused", None), "shutdown|switchport mode access"),
    ],
)
def test_a_port_of_each_profile(one, lines):
    assert "|".join(port_lines(one)) == lines


def test_a_dead_port_is_shut_before_anything_else():
    assert port_lines(a_port("unused", 499, description="leeg"))[:2] == ["shutdown", "description leeg"]


def test_management():
    made = rendered("switch_management", {"networks": ["10.4.249.0/24", "10.7.249.9/32"], "gateway": "10.4.249.1"})
    assert shown(made) == [
        f"ip access-list standard {ACL}",
        f"ip access-list standard {ACL}: permit 10.4.249.0 0.0.0.255",
        f"ip access-list standard {ACL}: permit 10.7.249.9",
        "ip default-gateway 10.4.249.1",
    ]
    assert claims(made, "owns") == [f"ip access-list standard {ACL}: ", "interface Vlan490: shutdown"]
    assert claims(made, "replaces") == ["ip default-gateway"]
    assert management_interface(DOCUMENT) == "Vlan490"


def test_management_without_a_gateway_leaves_it_alone():
    made = rendered("switch_management", {"networks": ["10.4.249.0/24"]})
    assert not any("gateway" in one for one in shown(made) + claims(made, "replaces"))


def test_ntp_with_a_key():
    made = rendered("switch_ntp", {"servers": ["10.4.1.20", "10.4.1.21"], "key": "tijd", "key_number": 7})
    assert shown(made) == [
        "ntp authenticate",
        "ntp authentication-key 7 md5 tijd",
        "ntp trusted-key 7",
        "ntp server 10.4.1.20 key 7",
        "ntp server 10.4.1.21 key 7",
    ]
    assert claims(made, "owns") == ["ntp server", "ntp authentication-key", "ntp trusted-key"]
    assert claims(made, "replaces") == ["ntp authentication-key 7"]


def test_ntp_without_a_key():
    made = rendered("switch_ntp", {"servers": ["10.4.1.20"]})
    assert shown(made) == ["ntp server 10.4.1.20"]
    assert claims(made, "owns") == ["ntp server"]


def test_the_first_key_is_number_one():
    assert "ntp server 10.4.1.20 key 1" in shown(rendered("switch_ntp", {"servers": ["10.4.1.20"], "key": "tijd"}))


def test_dns():
    made = rendered("switch_dns", {"servers": ["10.4.1.10", "10.4.1.11"], "domain": "papendrecht.nl"})
    assert shown(made) == ["ip domain name papendrecht.nl", "ip name-server 10.4.1.10", "ip name-server 10.4.1.11"]
    assert claims(made, "owns") == ["ip name-server"]
    assert claims(made, "replaces") == ["ip domain name"]


def test_syslog_at_the_level_that_ios_does_not_show():
    made = rendered("switch_syslog", {"hosts": ["10.4.1.30"]})
    assert shown(made) == ["logging host 10.4.1.30", "logging trap informational"]
    assert [line.by_default for line in made.lines] == [False, True]
    assert claims(made, "owns") == ["logging host", "logging trap", "no logging trap"]


def test_syslog_at_another_level():
    made = rendered("switch_syslog", {"hosts": ["10.4.1.30"], "level": "warnings"})
    assert shown(made) == ["logging host 10.4.1.30", "logging trap warnings"]
    assert not any(line.by_default for line in made.lines)
    assert claims(made, "replaces") == ["logging trap", "no logging trap"]


SNMP = {
    "user": "pap-monitor",
    "group": "WPL",
    "view": "ALLES",
    "auth": "eerste",
    "priv": "tweede",
    "hosts": ["10.4.1.40"],
}


def test_snmp():
    made = rendered("switch_snmp", SNMP | {"location": "Markt, Papendrecht"})
    assert shown(made) == [
        "snmp-server view ALLES iso included",
        "snmp-server group WPL v3 priv read ALLES",
        "snmp-server location Markt, Papendrecht",
        "snmp-server user pap-monitor WPL v3 auth sha eerste priv aes 128 tweede",
        "snmp-server host 10.4.1.40 version 3 priv pap-monitor",
    ]
    assert claims(made, "owns") == [
        "snmp-server community",
        "snmp-server host",
        "snmp-server group",
        "snmp-server user",
    ]
    assert claims(made, "replaces") == ["snmp-server location", "snmp-server user pap-monitor"]


def test_snmp_without_a_location():
    assert not any("location" in line for line in shown(rendered("switch_snmp", SNMP)))


@pytest.mark.parametrize(
    ("kind", "word", "group", "ports"),
    [
        ("switch_tacacs", "tacacs", "tacacs+", ""),
        ("switch_radius", "radius", "radius", " auth-port 1812 acct-port 1813"),
    ],
)
def test_servers_that_decide_who_gets_in(kind, word, group, ports):
    made = rendered(kind, {"group": "WPL", "servers": ["10.4.1.50", "10.4.1.51"], "key": "sleutel"})
    assert shown(made) == [
        f"{word} server WPL-1",
        f"{word} server WPL-1: address ipv4 10.4.1.50{ports}",
        f"{word} server WPL-1: key sleutel",
        f"{word} server WPL-2",
        f"{word} server WPL-2: address ipv4 10.4.1.51{ports}",
        f"{word} server WPL-2: key sleutel",
        f"aaa group server {group} WPL",
        f"aaa group server {group} WPL: server name WPL-1",
        f"aaa group server {group} WPL: server name WPL-2",
    ]
    assert claims(made, "owns") == [
        f"{word} server",
        f"{word}-server host",
        f"{word}-server key",
        f"aaa group server {group} WPL: server name",
    ]
    assert claims(made, "replaces") == [
        f"{word} server WPL-1: address ipv4",
        f"{word} server WPL-1: key",
        f"{word} server WPL-2: address ipv4",
        f"{word} server WPL-2: key",
    ]


def test_the_banner():
    made = rendered("switch_banner", {"text": "Van Papendrecht.\n\nAlleen beheerders.\n"})
    assert [line[:2] for line in made.lines] == [((), "banner login\nVan Papendrecht.\n\nAlleen beheerders.")]
    assert made.claims == (Claim((), "banner login", "replaces", "the_id"),)


def test_own_lines_stand_behind_the_others_and_know_the_switch():
    vlans = Setting("vlans", "switch_vlans", {}, False, False)
    form = {"ios": {"lines": [["ip dhcp snooping vlan", {"switch": "user_vlans"}]]}}
    own = Setting("own", "switch_lines", form, False, False)
    made = render(SwitchDocument(**{**fields(DOCUMENT), "settings": (own, vlans)}))
    assert [line[:3] for line in made.lines[-2:]] == [
        ((), "ip dhcp snooping vlan 410", "own"),
        ((), "ip dhcp snooping vlan 420", "own"),
    ]


def test_a_switch_without_settings_has_no_lines():
    made = render(network(switch("P1", port("Gi1", 410))).documents["P1"])
    assert (made.lines, made.claims, made.unsupported, made.inherent) == ((), (), {}, {})
