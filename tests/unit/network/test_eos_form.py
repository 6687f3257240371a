"""EOS's running configurations read in the form of our lines, negated, and without secrets."""

from __future__ import annotations

import pytest

from werkplek.network.eos_form import mask, negate, parse_eos

ACL = ("ip access-list standard X",)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("vlan 410-411,420\n", [((), "vlan 410"), ((), "vlan 411"), ((), "vlan 420")]),
        (
            "vlan 410-411\n   state suspend\n",
            [((), "vlan 410"), ((), "vlan 411"), (("vlan 410",), "state suspend"), (("vlan 411",), "state suspend")],
        ),
        ("vlan internal order ascending range 1006 1199\n", []),
        (
            "ip access-list standard X\n   10 permit 10.2.249.0/24\n   20 permit host 10.2.250.7\n",
            [((), ACL[0]), (ACL, "permit 10.2.249.0/24"), (ACL, "permit 10.2.250.7/32")],
        ),
        ("tacacs-server host 10.1.1.1 key 7 070C285F4D06\n", [((), "tacacs-server host 10.1.1.1 key cisco")]),
        ("ntp authentication-key 1 sha1 7 070c285f4d06\n", [((), "ntp authentication-key 1 sha1 cisco")]),
        (
            "ip domain-name x.example\nip name-server 10.0.0.1\n",
            [((), "dns domain x.example"), ((), "ip name-server vrf default 10.0.0.1")],
        ),
        ("logging host 10.0.0.1 514\n", [((), "logging host 10.0.0.1")]),
        ("banner login\nHallo !\n  daar\nEOF\n!\nend\n", [((), "banner login\nHallo !\n  daar")]),
        (
            "management ssh\n   !\n   vrf X\n      shutdown\n",
            [((), "management ssh"), (("management ssh",), "vrf X"), (("management ssh", "vrf X"), "shutdown")],
        ),
    ],
)
def test_a_configuration_is_read(text: str, rows: list[tuple[tuple[str, ...], str]]) -> None:
    assert sorted(parse_eos(text).rows) == sorted(rows)


@pytest.mark.parametrize(
    ("text", "opposite"),
    [
        ("vlan 410", "no vlan 410"),
        ("no protocol http", "protocol http"),
        ("switchport mode trunk phone", "no switchport mode"),
        ("switchport trunk allowed vlan 410", "no switchport trunk allowed vlan"),
        ("description Balie 1", "no description"),
        ("permit 10.2.249.0/24", "no permit 10.2.249.0/24"),
        ("ntp server 10.0.0.1 key 1", "no ntp server 10.0.0.1"),
        ("ntp server vrf X 10.0.0.1 iburst", "no ntp server vrf X 10.0.0.1"),
        ("ntp authentication-key 1 sha1 geheim", "no ntp authentication-key 1"),
        ("tacacs-server host 10.0.0.1 key geheim", "no tacacs-server host 10.0.0.1"),
        ("radius-server host 10.0.0.1 vrf X key geheim", "no radius-server host 10.0.0.1 vrf X"),
        ("username jan privilege 15 secret sha512 $6$x", "no username jan"),
        ("snmp-server community public ro", "no snmp-server community public"),
        ("snmp-server group G v3 priv read V", "no snmp-server group G v3 priv"),
        ("snmp-server user u G v3 localized 80 auth sha 1 priv aes 2", "no snmp-server user u G v3"),
        ("snmp-server host 10.0.0.1 version 2c public", "no snmp-server host 10.0.0.1 version 2c public"),
        ("logging trap errors", "logging trap informational"),
        ("no logging trap", "logging trap informational"),
        ("ip route 0.0.0.0/0 10.4.90.1", "no ip route 0.0.0.0/0 10.4.90.1"),
        ("banner login\nHallo", "no banner login"),
    ],
)
def test_a_line_is_taken_away_by(text: str, opposite: str) -> None:
    assert negate((), text) == opposite


@pytest.mark.parametrize(
    "line",
    [
        "username beheer privilege 15 role network-admin secret sha512 $6$geheim$geheim",
        "enable password sha512 $6$geheim",
        "aaa root secret 0 geheim",
        "tacacs-server host 10.0.0.1 timeout 5 key 7 geheim",
        "radius-server key 8a geheim",
        "ntp authentication-key 1 sha1 0 geheim",
        "snmp-server community geheim ro",
        "snmp-server user u g v3 localized 8000 auth sha geheim priv aes geheim",
        "+tacacs-server host 10.0.0.1 key 7 geheim",
        "-snmp-server community geheim ro",
    ],
)
def test_a_configuration_is_kept_without_its_secrets(line: str) -> None:
    masked = mask(f"hostname x\n{line}\nhostname y\n")
    assert "geheim" not in masked
    assert "<secret>" in masked
    assert masked.startswith("hostname x\n")
    assert masked.endswith("\nhostname y\n")


def test_what_is_no_secret_stays() -> None:
    text = "aaa authentication policy lockout\nmanagement security\n   password encryption-key common\nkey-exchange x\n"
    assert mask(text) == text
