"""Who gets in on IOS, with what rights, and how secrets are kept."""

from __future__ import annotations

import pytest
from ios_bench import FIRST, IOS, Bench, switch

from werkplek.lab.switches.ios_secrets import fits, hidden, readable, scrypted
from werkplek.lab.switches.tree import Entry

# Both from Cisco's documentation and from common knowledge of the format: `cisco` with seed 8.
TYPE_7 = "0822455D0A16"
# passlib's cisco_type9 has none; hashcat's example for mode 9300, whose password is `hashcat`.
TYPE_9 = "$9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6"


def test_type_7_is_the_known_one() -> None:
    assert readable(TYPE_7) == "cisco"
    assert readable(hidden("geheim met blank")) == "geheim met blank"
    assert readable("XX22") is None


def test_type_9_is_the_known_one() -> None:
    assert fits("hashcat", TYPE_9)
    assert not fits("hashcats", TYPE_9)
    assert fits("geheim", scrypted("geheim"))
    assert not fits("geheim", "geheim")


def test_keys_in_the_clear_are_hidden_when_the_service_comes_on_and_stay_so() -> None:
    bench = Bench(switch())
    bench.configure("tacacs server A", "key geheim", "username anna password 0 geheim", "enable password geheim")
    assert bench.shown("tacacs server A") == ["key geheim"]
    bench.configure("service password-encryption")
    assert bench.shown("tacacs server A") == [f"key 7 {hidden('geheim')}"]
    assert f"username anna password 7 {hidden('geheim')}" in bench.shown()
    assert f"enable password 7 {hidden('geheim')}" in bench.shown()
    bench.configure("tacacs server B", "key 0 later", "no service password-encryption", "tacacs server C", "key klaar")
    assert bench.shown("tacacs server B") == [f"key 7 {hidden('later')}"]
    assert bench.shown("tacacs server C") == ["key klaar"]


def test_a_hidden_key_stays_as_given() -> None:
    bench = Bench(switch())
    bench.configure("service password-encryption", "radius server A", f"key 7 {TYPE_7}")
    assert bench.shown("radius server A") == [f"key 7 {TYPE_7}"]


def test_keys_of_ntp_are_always_hidden() -> None:
    bench = Bench(switch())
    bench.configure("ntp authentication-key 1 md5 geheim", f"ntp authentication-key 2 md5 {TYPE_7} 7")
    keys = [line for line in bench.shown() if "authentication-key" in line]
    assert keys == [f"ntp authentication-key 1 md5 {hidden('geheim')} 7", f"ntp authentication-key 2 md5 {TYPE_7} 7"]


def test_a_secret_is_kept_hashed() -> None:
    bench = Bench(switch())
    bench.configure(f"enable secret 9 {TYPE_9}", "username anna secret geheim")
    assert f"enable secret 9 {TYPE_9}" in bench.shown()
    [line] = [line for line in bench.shown() if "anna" in line]
    assert line.startswith("username anna secret 9 $9$")
    bench.configure("enable secret hashcat")
    [line] = [line for line in bench.shown() if line.startswith("enable secret")]
    assert fits("hashcat", line.split()[-1])


def test_an_account_of_the_switch_gets_in_with_its_own_password() -> None:
    device = switch()
    assert IOS.signs_in(device, "beheer", "geheim")
    assert not IOS.signs_in(device, "beheer", "anders")
    assert not IOS.signs_in(device, "niemand", "geheim")
    Bench(device).configure("username anna password geheim7")
    assert IOS.signs_in(device, "anna", "geheim7")


@pytest.mark.parametrize(
    ("methods", "gets_in"),
    [
        ("local", True),
        ("group tacacs+ local", True),
        ("group tacacs+", False),
        ("none", True),
        ("group radius none", True),
    ],
)
def test_with_aaa_the_list_of_methods_decides_and_no_server_answers(methods: str, gets_in: bool) -> None:
    device = switch()
    Bench(device).configure("aaa new-model", f"aaa authentication login default {methods}")
    assert IOS.signs_in(device, "beheer", "geheim") is gets_in


def test_terminals_may_have_a_list_of_their_own() -> None:
    device = switch()
    bench = Bench(device)
    bench.configure(
        "aaa new-model", "aaa authentication login default local", "aaa authentication login EIGEN group tacacs+"
    )
    bench.type("line vty 0 15", "login authentication EIGEN")
    assert not IOS.signs_in(device, "beheer", "geheim")


def test_without_authorization_aaa_gives_no_rights() -> None:
    device = switch()
    assert Bench(device).prompt == "pap-sw-01#"
    Bench(device).configure("aaa new-model")
    assert Bench(device).prompt == "pap-sw-01>"
    Bench(device).session.privilege = 15
    admin = Bench(device)
    admin.session.privilege = 15
    admin.configure("aaa authorization exec default local")
    assert Bench(device).prompt == "pap-sw-01#"


def test_who_has_few_rights_can_look_but_not_touch() -> None:
    device = switch(text=FIRST.replace("privilege 15 ", ""))
    bench = Bench(device)
    assert bench.prompt == "pap-sw-01>"
    assert "Cisco IOS" in bench.type("show version")
    for line in ("configure terminal", "show running-config", "write memory"):
        assert "% Invalid input detected" in bench.type(line)


def test_more_rights_for_who_knows_the_secret() -> None:
    device = switch(text=FIRST.replace("privilege 15 ", ""))
    bench = Bench(device)
    assert bench.type("enable") == "% Error in authentication."
    device.running["enable secret"] = Entry(f"enable secret 9 {TYPE_9}")
    assert bench.press("enable\r") == "enable\r\nPassword: "
    assert "hashcat" not in bench.press("hashcat\r")
    assert bench.prompt == "pap-sw-01#"
    bench.type("disable")
    for _ in range(3):
        shown = bench.press("enable\r" if bench.session.question is None else "fout\r")
    assert bench.press("fout\r").startswith("\r\n% Bad secrets\r\n")
    assert shown.endswith("Password: ")
    assert bench.prompt == "pap-sw-01>"


def test_terminals_that_take_no_ssh_take_nobody() -> None:
    device = switch()
    assert IOS.may_connect(device, "")
    Bench(device).configure("line vty 0 15", "transport input telnet")
    assert not IOS.may_connect(device, "")


def test_an_access_list_says_from_where() -> None:
    device = switch()
    bench = Bench(device)
    bench.configure("line vty 0 15", "access-class BEHEER in")
    assert IOS.may_connect(device, "10.9.9.9")  # a list that is not there lets everybody in
    bench.configure("ip access-list standard BEHEER", "remark wie", "deny 10.4.249.66", "permit 10.4.249.0 0.0.0.255")
    assert IOS.may_connect(device, "10.4.249.10")
    assert not IOS.may_connect(device, "10.4.249.66")
    assert not IOS.may_connect(device, "10.9.9.9")
    assert IOS.may_connect(device, "")  # nobody's address is asked about


def test_the_banner_comes_before_the_password_and_another_after_it() -> None:
    device = switch()
    Bench(device).configure("banner login #", "Alleen beheerders", "#", "banner motd @Hallo@")
    assert IOS.banner(device) == "Alleen beheerders"
    assert IOS.greeting(device) == "Hallo"
