"""A switch's document in EOS's own lines."""

from __future__ import annotations

import pytest
from eos_switches import document, port, setting

from werkplek.network.eos import Eos
from werkplek.network.eos_render import engine_id, localized, port_lines
from werkplek.network.lines import Claim, Line

EOS = Eos()


def _lines(kind: str, body: dict[str, object] | None = None) -> list[str]:
    """Lines with their sections, `section: line`."""
    return [": ".join(line.path) for line in EOS.render(document(setting(kind, body))).lines]


def test_vlans_have_the_plan_s_names() -> None:
    assert _lines("switch_vlans")[:4] == [
        "vlan 410",
        "vlan 410: name pap-werkplek",
        "vlan 420",
        "vlan 420: name pap-telefonie",
    ]


@pytest.mark.parametrize(
    ("made", "lines"),
    [
        (
            port("Ethernet1", "workplace", 410, voice=420, description="Balie 1"),
            [
                "description Balie 1",
                "switchport trunk native vlan 410",
                "switchport phone vlan 420",
                "switchport mode trunk phone",
            ],
        ),
        (
            port("Ethernet1", "workplace", 410, description=""),
            ["switchport access vlan 410", "switchport mode access"],
        ),
        (
            port("Ethernet1", "uplink", 498, allowed=(410, 411, 490), description=""),
            [
                "switchport trunk native vlan 498",
                "switchport trunk allowed vlan 410-411,490",
                "switchport mode trunk",
            ],
        ),
        (
            port("Ethernet1", "uplink", 498, description=""),
            ["switchport trunk native vlan 498", "switchport trunk allowed vlan none", "switchport mode trunk"],
        ),
        (
            port("Ethernet1", "unused", 499, description=""),
            ["shutdown", "switchport access vlan 499", "switchport mode access"],
        ),
        (port("Ethernet1", "unused", None, description=""), ["shutdown", "switchport mode access"]),
    ],
)
def test_a_port_has_the_lines_of_its_profile(made: object, lines: list[str]) -> None:
    assert port_lines(made) == lines  # type: ignore[arg-type]


def test_what_eos_does_not_show_holds_by_default() -> None:
    rendering = EOS.render(document())
    assert {line.text for line in rendering.lines if line.by_default} == {
        "switchport mode access",
        "logging trap informational",
    }


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        (
            "switch_ntp",
            [
                "ntp authentication-key 1 sha1 0 tijd-geheim",
                "ntp trusted-key 1",
                "ntp authenticate",
                "ntp server 10.2.0.1 key 1",
                "ntp server 10.2.0.2 key 1",
            ],
        ),
        ("switch_dns", ["dns domain papendrecht.example", "ip name-server vrf default 10.2.0.53"]),
        ("switch_syslog", ["logging host 10.2.0.9", "logging trap informational"]),
        (
            "switch_tacacs",
            [
                "tacacs-server host 10.2.0.20 key 0 tac-geheim",
                "aaa group server tacacs+ TAC",
                "aaa group server tacacs+ TAC: server 10.2.0.20",
            ],
        ),
        (
            "switch_radius",
            [
                "radius-server host 10.2.0.21 key 0 rad-geheim",
                "radius-server host 10.2.0.22 key 0 rad-geheim",
                "aaa group server radius RAD",
                "aaa group server radius RAD: server 10.2.0.21",
                "aaa group server radius RAD: server 10.2.0.22",
            ],
        ),
        ("switch_banner", ["banner login\nGemeente Papendrecht\nAlleen voor bevoegden"]),
        (
            "switch_management",
            [
                "ip access-list standard WERKPLEK-BEHEER",
                "ip access-list standard WERKPLEK-BEHEER: permit 10.2.249.0/24",
                "ip access-list standard WERKPLEK-BEHEER: permit 10.2.250.7/32",
                "management ssh: ip access-group WERKPLEK-BEHEER in",
                "ip route 0.0.0.0/0 10.4.90.1",
            ],
        ),
    ],
)
def test_a_kind_has_its_lines(kind: str, lines: list[str]) -> None:
    assert _lines(kind) == lines


def test_time_without_a_key_and_management_without_a_gateway() -> None:
    assert _lines("switch_ntp", {"servers": ["10.2.0.1"]}) == ["ntp server 10.2.0.1"]
    assert "ip route 0.0.0.0/0 10.4.90.1" not in _lines("switch_management", {"networks": ["10.2.249.0/24"]})


def test_snmp_keys_are_made_for_the_switch_s_own_engine() -> None:
    engine = engine_id(document())
    assert engine.startswith("8000757105")
    assert _lines("switch_snmp") == [
        f"snmp-server engineID local {engine}",
        "snmp-server location Gemeentehuis Papendrecht",
        "snmp-server view WERKPLEK iso included",
        "snmp-server group WERKPLEK v3 priv read WERKPLEK",
        f"snmp-server user wpl-monitor WERKPLEK v3 localized {engine}"
        f" auth sha {localized('snmp-geheim-een', engine)} priv aes {localized('snmp-geheim-twee', engine)[:32]}",
        "snmp-server host 10.2.0.7 version 3 priv wpl-monitor",
    ]


def test_a_localized_key_is_that_of_the_standard() -> None:
    # RFC 3414, appendix A.3.2
    assert localized("maplesyrup", "000000000000000000000002") == "6695febc9288e36282235fc7151f128497b38f3f"
    assert localized("<secret>", "000000000000000000000002") == "<secret>", "what stands in its place stays"


def test_own_lines_come_with_the_switch_s_words_and_claims() -> None:
    form = {
        "lines": ["ip dhcp snooping", ["ip dhcp snooping vlan", {"switch": "user_vlans"}]],
        "replaces": ["ip dhcp snooping vlan"],
    }
    rendering = EOS.render(document(setting("switch_lines", {"eos": form}, name="dhcp_snooping")))
    assert rendering.lines == (
        Line((), "ip dhcp snooping", "dhcp_snooping"),
        Line((), "ip dhcp snooping vlan 410,420,430", "dhcp_snooping"),
    )
    assert rendering.claims == (Claim((), "ip dhcp snooping vlan", "replaces", "dhcp_snooping"),)


def test_a_form_for_ports_goes_to_the_ports_of_these_profiles() -> None:
    form = {"ports": ["workplace", "printer"], "lines": ["spanning-tree portfast"]}
    rendering = EOS.render(document(setting("switch_lines", {"eos": form}, name="portfast")))
    assert [line.section for line in rendering.lines] == [("interface Ethernet1",), ("interface Ethernet2",)]


def test_without_a_form_for_eos_a_setting_is_unsupported_and_an_inherent_one_says_why() -> None:
    rendering = EOS.render(
        document(
            setting("switch_lines", {"ios": {"lines": ["ip ssh version 2"]}}, name="ssh_version"),
            setting("switch_lines", {"eos": {"inherent": "EOS has SSH version 2 only"}}, name="ssh_eos"),
        )
    )
    assert rendering.unsupported == {"ssh_version": "there is no form of it for platform arista-eos"}
    assert rendering.inherent == {"ssh_eos": "EOS has SSH version 2 only"}
