"""What windows_policy leaves alone on the lab's host: waived settings, and those that group policy or MDM own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from windows_lab import LabHost

SID = "S-1-5-21-2127521184-1604012920-1887927527-1104"
SIGNED_OUT = "S-1-5-21-2127521184-1604012920-1887927527-1107"
ENTRA = "S-1-12-1-1044937718-1196813263-2841730441-3014508931"
KEY = "HKLM:\\SOFTWARE\\Policies\\Test"
MEMORY = "HKLM:\\software\\werkplek\\enforcement"
LOCKOUT = "{0cce9217-69ae-11d9-bed3-505054503030}"
TEMPLATE = """[Version]
signature="$CHICAGO$"
[Privilege Rights]
SeTcbPrivilege = *S-1-5-18
[System Access]
LockoutBadCount = 7
"""
GIVEN_UP = "it came back changed twice in a row after it was set; find what else sets it, then run once with reclaim"


def registry(name: str, data: Any, path: str = KEY, type_: str = "dword") -> dict[str, Any]:
    return {"kind": "registry", "path": path, "name": name, "type": type_, "data": data}


def wanted(**fields: Any) -> list[dict[str, Any]]:
    return [{"id": "it", **registry("v", 1), **fields}]


def test_a_waived_setting_is_read_and_never_written(host: LabHost) -> None:
    host.edit(registry("v", 2))
    before = host.on_disk()
    for check in (True, False):
        answer = host.run(wanted(observe="waived"), check=check)
        assert answer.of("it") == ("waived", "dword:0x00000002", "dword:0x00000002")
        assert (answer.changed, answer.diff) == (False, {"before": "", "after": ""})
    assert host.on_disk() == before


@pytest.mark.parametrize("check", [True, False])
def test_group_policy_keeps_what_it_sets(host: LabHost, check: bool) -> None:
    host.edit({**registry("V", 2, KEY.lower()), "kind": "group_policy"})
    before = host.on_disk()
    answer = host.run(wanted(), check=check)
    assert answer.of("it") == ("owned_elsewhere", "dword:0x00000002", "dword:0x00000002")
    assert answer.results["it"]["message"] == r"group policy sets dword:0x00000002 (C:\ProgramData\ntuser.pol)"
    assert (answer.changed, answer.diff) == (False, {"before": "", "after": ""})
    assert host.on_disk() == before


@pytest.mark.parametrize(
    ("type_", "data", "other"),
    [
        ("qword", 2**40, 1),
        ("string", "é", "e"),
        ("expandstring", "%x%", "x"),
        ("multistring", ["a", "b"], []),
        ("binary", "00ff", ""),
        ("none", "0a", "0b"),
    ],
)
def test_group_policy_of_every_type(host: LabHost, type_: str, data: object, other: object) -> None:
    policy = registry("v", data, type_=type_)
    host.edit({**policy, "kind": "group_policy"}, registry("v", 7))
    assert host.run([{"id": "it", **policy}]).statuses == {"changed"}
    assert host.run([{"id": "it", **policy, "data": other}]).statuses == {"owned_elsewhere"}


def test_group_policy_of_one_user(host: LabHost) -> None:
    path = "HKCU:\\SOFTWARE\\Policies\\Test"
    host.edit({**registry("v", 2, path), "kind": "group_policy", "user": SID})
    answer = host.run([{"id": "it", **registry("v", 1, path)}])
    assert {t["target"]: t["status"] for t in answer.results["it"]["targets"]} == {
        ENTRA: "changed",
        SID: "owned_elsewhere",
        SIGNED_OUT: "changed",
        "default": "changed",
    }
    message = f"{SID}=group policy sets dword:0x00000002 (C:\\Users\\j.jansen\\ntuser.pol)"
    assert (answer.results["it"]["status"], answer.results["it"]["message"]) == ("owned_elsewhere", message)
    assert answer.changed
    right = "dword:0x00000001"
    assert answer.diff["after"] == f"it: {ENTRA}={right}; {SIGNED_OUT}={right}; default={right}\n"


def test_group_policy_that_removes_a_value(host: LabHost) -> None:
    host.edit({"kind": "group_policy", "path": KEY, "name": "v", "state": "absent"})
    answer = host.run(wanted())
    assert answer.of("it") == ("owned_elsewhere", "<absent>", "<absent>")
    assert answer.results["it"]["message"] == r"group policy removes it (C:\ProgramData\ntuser.pol)"


def test_a_group_policy_that_is_taken_away_owns_nothing(host: LabHost) -> None:
    file = r"C:\ProgramData\ntuser.pol"
    host.edit(
        {**registry("v", 2), "kind": "group_policy"}, {"kind": "policy_file", "path": file.upper(), "state": "absent"}
    )
    assert host.dump()["policy_files"] == {}
    assert host.run(wanted()).of("it") == ("changed", "dword:0x00000002", "dword:0x00000001")


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        ({"kind": "policy_file", "path": "ntuser.pol", "data": ""}, "path: found 'ntuser.pol'; expected a path"),
        ({"kind": "policy_file", "path": r"C:\x", "data": "5"}, "data: found '5'; expected bytes as hexadecimal text"),
        ({"kind": "group_policy", "path": KEY}, "name: found nothing; expected a value's name"),
        (
            {**registry("v", 1, "HKCU:\\SOFTWARE"), "kind": "group_policy", "user": "S-1-5-21-9"},
            "the registry names no profile folder of S-1-5-21-9",
        ),
    ],
)
def test_policies_that_cannot_be_planted_are_refused(host: LabHost, edit: dict[str, Any], why: str) -> None:
    (host.folder / "edits.json").write_text(json.dumps([{"kind": "user", "sid": "S-1-5-21-9"}, edit]))
    done = host.lab("edit", str(host.folder / "edits.json"))
    assert done.returncode == 1
    assert why in done.stderr


def test_security_templates_and_audit_policies(host: LabHost) -> None:
    templates, audits = r"C:\Windows\security\templates\policies", r"C:\Windows\security\audit\audit.csv"
    host.edit(
        {
            "kind": "policy_file",
            "path": f"{templates}\\gpt00001.inf",
            "text": TEMPLATE,
        },
        {"kind": "policy_file", "path": audits, "text": f"header\r\n,System,Blokkering,{LOCKOUT},Failure,,2\r\n"},
    )
    answer = host.run(
        [
            {"id": "right", "kind": "user_right", "right": "SeTcbPrivilege", "members": ["S-1-5-32-544"]},
            {"id": "lockout", "kind": "account_policy", "name": "LockoutBadCount", "data": 5},
            {"id": "audit", "kind": "audit", "subcategory": LOCKOUT, "events": ["success", "failure"]},
        ]
    )
    assert answer.statuses == {"owned_elsewhere"}
    assert [answer.results[name]["message"] for name in ("right", "lockout", "audit")] == [
        f"group policy sets S-1-5-18 ({templates}\\gpt00001.inf)",
        f"group policy sets 7 ({templates}\\gpt00001.inf)",
        f"group policy sets failure ({audits})",
    ]


def test_mdm_keeps_what_it_sets(host: LabHost) -> None:
    root = "HKLM:\\SOFTWARE\\Microsoft\\PolicyManager"
    current, meaning = f"{root}\\current\\device\\System", f"{root}\\default\\System\\AllowX"
    host.edit(
        registry("AllowX", 3, current),
        registry("AllowX_ProviderSet", 1, current),
        registry("AllowX_WinningProvider", "B5292708-1619", current, "string"),
        registry("RegKeyPathRedirect", KEY.removeprefix("HKLM:\\"), meaning, "string"),
        registry("RegValueNameRedirect", "v", meaning, "string"),
    )
    answer = host.run(wanted())
    assert answer.of("it") == ("owned_elsewhere", "<absent>", "<absent>")
    # mono keeps the names of keys in lower case
    assert answer.results["it"]["message"] == "MDM policy system/AllowX sets dword:0x00000003 (provider B5292708-1619)"


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (
            {"kind": "policy_file", "path": r"C:\ProgramData\ntuser.pol", "data": "50526567"},
            "damaged before byte 4: expected more bytes",
        ),
        ({"kind": "faults", "read_denied": [r"file C:\ProgramData\ntuser.pol"]}, "Access is denied."),
    ],
)
def test_a_policy_file_that_cannot_be_read_owns_nothing(host: LabHost, edit: dict[str, Any], why: str) -> None:
    host.edit({**registry("v", 2), "kind": "group_policy"}, edit)
    answer = host.call(json.dumps({"schema": 1, "settings": wanted()}))
    assert json.loads(answer["settings"])[0]["status"] == "changed"
    assert answer["warnings"] == [
        f"cannot read C:\\ProgramData\\ntuser.pol: {why}; treated as if nothing were set there"
    ]


def test_what_comes_back_changed_twice_is_left_alone_until_reclaimed(host: LabHost) -> None:
    for _ in range(2):
        host.edit(registry("v", 9))
        assert host.run(wanted()).of("it")[0] == "changed"
    host.edit(registry("v", 9))
    before = host.on_disk()
    for check in (True, False):
        answer = host.run(wanted(), check=check)
        assert answer.of("it") == ("owned_elsewhere", "dword:0x00000009", "dword:0x00000009")
        assert answer.results["it"]["message"] == GIVEN_UP
        assert not answer.changed
    assert host.run(wanted(), check=True, reclaim=True).of("it")[0] == "noncompliant"
    assert host.on_disk() == before

    assert host.run(wanted(), reclaim=True).of("it")[0] == "changed"
    assert host.run(wanted()).statuses == {"compliant"}
    assert list(host.dump()["registry"][MEMORY]) == ["machine it"]


def test_the_memory_of_users_is_kept_by_their_sid(host: LabHost) -> None:
    path = "HKCU:\\SOFTWARE\\Policies\\Test"
    setting = [{"id": "it", **registry("v", 1, path)}]
    host.run(setting)
    assert sorted(host.dump()["registry"][MEMORY]) == [f"{user} it" for user in (ENTRA, SID, SIGNED_OUT, "default")]
    for _ in range(2):
        host.edit({**registry("v", 9, path), "user": SID})
        answer = host.run(setting)
    assert {t["target"]: t["status"] for t in answer.results["it"]["targets"]} == {
        ENTRA: "compliant",
        SID: "owned_elsewhere",
        SIGNED_OUT: "compliant",
        "default": "compliant",
    }


def test_a_memory_that_cannot_be_written_stops_nothing(host: LabHost) -> None:
    place = "HKLM:\\SOFTWARE\\Werkplek\\Enforcement"
    host.edit({"kind": "faults", "write_denied": [place]})
    answer = host.call(json.dumps({"schema": 1, "settings": wanted()}))
    assert json.loads(answer["settings"])[0]["status"] == "changed"
    assert answer["warnings"] == [
        f"cannot write {place}, the memory of settings that come back changed: Access is denied."
    ]


def test_nothing_that_leaves_the_module_or_stays_on_the_host_holds_a_secret(host: LabHost) -> None:
    machine = {"id": "it", "secret": True, **registry("v", "canary-7", type_="string")}
    user = {"id": "user", "secret": True, **registry("v", "canary-7", "HKCU:\\SOFTWARE\\Policies\\Test", "string")}

    def said(*, check: bool = False, **fields: Any) -> str:
        settings = [{**machine, **fields}, {**user, **fields}]
        answer = host.call(json.dumps({"schema": 1, "settings": settings}), check=check)
        text = json.dumps([answer, json.loads(answer.get("settings", "[]"))])
        assert "canary" not in text
        assert "parrot" not in text
        return text

    assert "<secret>" in said(check=True)
    assert '"status": "changed"' in said()
    assert '"status": "compliant"' in said()
    host.edit(registry("v", "parrot-8", type_="string"))
    assert "<another value>" in said(check=True)
    assert '"status": "waived"' in said(observe="waived")
    host.edit({"kind": "faults", "write_ignored": [KEY]})
    assert "did not stick" in said()
    host.edit({"kind": "faults", "write_denied": [KEY]})
    assert "cannot write: UnauthorizedAccessException" in said()
    host.edit({"kind": "faults", "read_denied": [KEY]})
    assert "cannot read: UnauthorizedAccessException" in said()
    assert "expected a whole number" in said(type="dword")
    host.edit({"kind": "faults"}, {**registry("v", "parrot-8", type_="string"), "kind": "group_policy"})
    assert "group policy sets <another value>" in said()
    assert "canary" not in json.dumps(host.dump()["registry"][MEMORY])
    assert set(host.dump()["registry"][MEMORY].values()) == {"string:0 secret"}
