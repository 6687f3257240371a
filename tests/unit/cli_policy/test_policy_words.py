"""Settings in words: what each kind is about, and what stands for what is filled in later."""

import pytest

from werkplek.policy.model import HOLE
from werkplek.policy.words import described, shown, told_apart, wires

PATH = "HKLM:\\SOFTWARE\\A"


def value(**fields):
    return {"kind": "registry", "path": PATH, "name": "V", "state": "present", **fields}


@pytest.mark.parametrize(
    ("wire", "what", "words"),
    [
        (value(type="dword", data=0), f"{PATH}\\V", "dword: 0"),
        (value(type="string", data=""), f"{PATH}\\V", "string: ''"),
        (value(type="multistring", data=["a", "b"]), f"{PATH}\\V", "multistring: a, b"),
        (value(type="multistring", data=[]), f"{PATH}\\V", "multistring: none"),
        (value(type="none"), f"{PATH}\\V", "none, without data"),
        (value(type="string", name="", data="x"), f"{PATH}\\(default)", "string: x"),
        (value(state="absent"), f"{PATH}\\V", "absent"),
        ({"kind": "registry", "path": PATH, "state": "present"}, PATH, "present"),
        ({"kind": "registry", "path": PATH, "state": "absent"}, PATH, "absent"),
        ({"kind": "registry", "path": PATH, "list": ["a"], "state": "present"}, PATH, "list: a"),
        ({"kind": "registry", "path": PATH, "list": [], "state": "present"}, PATH, "list: none"),
        ({"kind": "service", "name": "S", "start": "disabled"}, "service S", "disabled"),
        ({"kind": "service", "name": "S", "start": "manual", "status": "stopped"}, "service S", "manual, stopped"),
        ({"kind": "user_right", "right": "SeX", "members": []}, "SeX", "none"),
        ({"kind": "account_policy", "name": "LockoutBadCount", "data": 5}, "LockoutBadCount", "5"),
        ({"kind": "security_option", "name": "NewGuestName", "data": "gast"}, "NewGuestName", "gast"),
        ({"kind": "audit", "name": "Logon", "subcategory": "{0}", "events": ["failure"]}, "audit Logon", "failure"),
        ({"kind": "local_group", "group": "G", "members": ["S-1"], "mode": "exact"}, "group G", "exact: S-1"),
        ({"kind": "package", "name": "7zip", "state": "present"}, "package 7zip", "state present"),
        (
            {"kind": "scheduled_task", "name": "T", "run": {"path": "x", "arguments": "-y"}, "enabled": True},
            "scheduled task T",
            "enabled true; run path x arguments -y",
        ),
        ({"kind": "file", "path": "/etc/a", "state": "file", "mode": "0640"}, "/etc/a", "state file; mode 0640"),
        (
            {"kind": "file", "path": "/etc/a", "state": "file", "content": "a\n"},
            "/etc/a",
            "content of 2 characters; state file",
        ),
        (
            {"kind": "config_line", "path": "/etc/a", "section": "s", "key": "k", "value": "", "state": "present"},
            "/etc/a: s: k",
            "state present; value ",
        ),
        ({"kind": "config_line", "path": "/etc/a", "key": "k", "state": "absent"}, "/etc/a: k", "state absent"),
        ({"kind": "audit_rule", "rule": "-w /etc/a -p wa"}, "-w /etc/a -p wa", "present"),
        ({"kind": "mount_option", "path": "/tmp", "option": "nodev"}, "mount option /tmp", "option nodev"),
        ({"kind": "dconf", "key": "/org/a", "value": "true"}, "dconf /org/a", "value true"),
        ({"kind": "switch_vlans"}, "switch vlans", "as registry and plan say"),
        (
            {"kind": "switch_ntp", "servers": ["10.4.1.20", "10.4.1.21"], "key": f"{HOLE}secret:k@2026-03-02{HOLE}"},
            "switch ntp",
            "key {secret: k} of 2026-03-02; servers 10.4.1.20, 10.4.1.21",
        ),
        (
            {
                "kind": "switch_lines",
                "eos": {"inherent": "EOS is so"},
                "ios": {"section": "line con 0", "lines": ["a 1", "b 2"], "replaces": ["a", "b"], "absent": ["c"]},
            },
            "switch lines",
            "ios in line con 0: a 1 / b 2, instead of a, b, nothing that begins with c; eos by itself: EOS is so",
        ),
        (
            {
                "kind": "switch_lines",
                "ios": {
                    "ports": ["uplink", "unused"],
                    "lines": [["vlan", {"switch": "user_vlans"}, f"{HOLE}secret:k@2026-03-02{HOLE}"]],
                    "by_default": True,
                    "owns": ["vlan"],
                },
            },
            "switch lines",
            "ios on ports uplink, unused: vlan {switch: user_vlans} {secret: k} of 2026-03-02, by default, "
            "and nothing else that begins with vlan",
        ),
        ({"kind": "switch_lines", "eos": {"absent": ["c"]}}, "switch lines", "eos: nothing that begins with c"),
        ({"kind": "odd", "size": 3}, "odd", "size 3"),
    ],
)
def test_each_kind_has_words(wire, what, words):
    assert described({"id": "x", **wire}) == ("x", what, words)


def hole(name):
    return f"{HOLE}{name}{HOLE}"


def test_what_is_filled_in_later_is_a_name_without_a_record():
    text = (
        f'{{"data":"{hole("secret:wifi_key@2026-05-01")}","id":"a","kind":"registry","name":"V","path":"P","type":"string"}},'
        f'{{"data":{hole("registry.id")},"id":"b","kind":"registry","name":"V","path":"P","type":"dword"}},'
        f'{{"id":"c","kind":"registry","path":"P\\\\{hole("key:registry.name")}","state":"present"}}'
    )
    assert [described(wire) for wire in wires(text)] == [
        ("a", "P\\V", "string: {secret: wifi_key} of 2026-05-01"),
        ("b", "P\\V", "dword: {from: registry.id}"),
        ("c", "P\\{from: registry.name}", "present"),
    ]


def test_a_hosts_record_fills_in_its_own_values_and_no_secret():
    record = {"id": 7, "name": "PC-1", "wifi_key": "hidden", "serial": None}
    assert shown(hole("registry.id"), record) == "7"
    assert shown(f"P\\{hole('key:registry.name')}", record) == "P\\PC-1"
    assert shown(hole("registry.serial"), record) == "{from: registry.serial}"
    assert shown(hole("secret:wifi_key@2026-05-01"), record) == "{secret: wifi_key} of 2026-05-01"


def test_forms_that_are_the_same_in_words_are_told_apart_by_their_fields():
    one, other = value(type="multistring", data=["a, b"]), value(type="multistring", data=["a", "b"])
    assert described({"id": "x", **one}) == described({"id": "x", **other})
    assert told_apart(one, other) == ('{"data": ["a, b"]}', '{"data": ["a", "b"]}')
    assert told_apart({"z": "é", "kind": "audit", "a": 1}, {"kind": "audit", "b": hole("registry.id")}) == (
        '{"a": 1, "z": "é"}',
        '{"b": "{from: registry.id}"}',
    )
