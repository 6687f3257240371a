"""windows_policy on the lab's host, from module arguments to files."""

from __future__ import annotations

import json
from typing import Any

import pytest
from windows_lab import LabHost

SID = "S-1-5-21-2127521184-1604012920-1887927527-1104"
SIGNED_OUT = "S-1-5-21-2127521184-1604012920-1887927527-1107"
ENTRA = "S-1-12-1-1044937718-1196813263-2841730441-3014508931"
KEY = "HKLM:\\SOFTWARE\\Policies\\Test"
LOCKOUT = "{0cce9217-69ae-11d9-bed3-505054503030}"


def registry(name: str, type_: str, data: Any, path: str = KEY) -> dict[str, Any]:
    return {"kind": "registry", "path": path, "name": name, "type": type_, "data": data}


def users(now: str) -> str:
    return "; ".join(f"{user}={now}" for user in (ENTRA, SID, SIGNED_OUT, "default"))


# a setting, what the factory state holds, what the setting asks for, an edit that breaks it, and what it then holds
KINDS: dict[str, tuple[dict[str, Any], str, str, dict[str, Any], str]] = {
    "registry": (registry("a", "dword", 1), "<absent>", "dword:0x00000001", {"data": 2}, "dword:0x00000002"),
    "default_value": (registry("", "string", "x"), "<absent>", "string:x", {"data": "y"}, "string:y"),
    "absent_value": (
        {**registry("UBR", "dword", 0, r"HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion"), "state": "absent"},
        "dword:0x000007f1",
        "<absent>",
        {"state": "present", "data": 7},
        "dword:0x00000007",
    ),
    "key": ({"kind": "registry", "path": KEY}, "<absent>", "<present>", {"state": "absent"}, "<absent>"),
    "absent_key": (
        {"kind": "registry", "path": r"HKLM:\SYSTEM\CurrentControlSet\Control\Lsa", "state": "absent"},
        "<present>",
        "<absent>",
        {"state": "present"},
        "<present>",
    ),
    "list": (
        {"kind": "registry", "path": KEY, "list": ["a", "b", "c"]},
        "<absent>",
        "list:a|b|c",
        {"list": ["c"]},
        "list:c",
    ),
    "user": (
        registry("a", "string", "é€", "HKCU:\\SOFTWARE\\Policies\\Test"),
        users("<absent>"),
        users("string:é€"),
        {"data": "x"},
        users("string:x"),
    ),
    "service": (
        {"kind": "service", "name": "spooler", "start": "disabled", "status": "stopped"},
        "automatic, running",
        "disabled, stopped",
        {"start": "manual", "status": "running"},
        "manual, running",
    ),
    "service_start": (
        {"kind": "service", "name": "WSearch", "start": "manual"},
        "delayed",
        "manual",
        {"start": "delayed"},
        "delayed",
    ),
    "user_right": (
        {"kind": "user_right", "right": "SeBackupPrivilege", "members": ["S-1-5-32-544"]},
        "S-1-5-32-544, S-1-5-32-551",
        "S-1-5-32-544",
        {"members": []},
        "none",
    ),
    "security_option": (
        {"kind": "security_option", "name": "NewGuestName", "data": "bezoeker"},
        "Gast",
        "bezoeker",
        {"data": "Gast"},
        "Gast",
    ),
    "account_policy": ({"kind": "account_policy", "name": "LockoutBadCount", "data": 5}, "10", "5", {"data": 0}, "0"),
    "audit": (
        {"kind": "audit", "subcategory": LOCKOUT, "name": "Account Lockout", "events": ["failure", "success"]},
        "success",
        "success, failure",
        {"events": []},
        "none",
    ),
    "local_group": (
        {"kind": "local_group", "group": "gebruikers", "members": ["S-1-5-4", ".\\beheer"], "mode": "exact"},
        "S-1-5-11, S-1-5-21-2127521184-1604012920-1887927527-513, S-1-5-4",
        "S-1-5-21-1004336348-1177238915-682003330-1001, S-1-5-4",
        {"members": []},
        "none",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_way_of_a_setting(host: LabHost, kind: str) -> None:
    wire, factory, wanted, edit, broken = KINDS[kind]
    settings = [{"id": "it", **wire}]
    before = host.on_disk()

    checked = host.run(settings, check=True)
    assert checked.of("it") == ("noncompliant", factory, wanted)
    assert checked.changed
    assert checked.diff == {"before": f"it: {factory}\n", "after": f"it: {wanted}\n"}
    assert host.on_disk() == before

    assert host.run(settings).of("it") == ("changed", factory, wanted)
    again = host.run(settings)
    assert again.of("it") == ("compliant", wanted, wanted) or again.of("it") == ("compliant", "<absent>", "<absent>")
    assert not again.changed
    assert again.diff == {"before": "", "after": ""}

    host.edit({**wire, **edit})
    assert host.run(settings, check=True).of("it") == ("noncompliant", broken, wanted)
    assert host.run(settings).of("it") == ("changed", broken, wanted)
    assert host.run(settings).statuses == {"compliant"}


@pytest.mark.parametrize(
    ("type_", "data", "text"),
    [
        ("dword", 4294967295, "dword:0xffffffff"),
        ("qword", 2**64 - 1, "qword:0xffffffffffffffff"),
        ("string", "a\nb <é> 'q' \"d\" {{ x }}", "string:a\\nb <é> 'q' \"d\" {{ x }}"),
        ("expandstring", "%SystemRoot%\\x", "expandstring:%SystemRoot%\\x"),
        ("multistring", ["a", "b|c"], "multistring:a|b|c"),
        ("multistring", [], "multistring:"),
        ("binary", "00FF10", "binary:00ff10"),
        ("none", "0a", "none:0a"),
    ],
)
def test_value_types(host: LabHost, type_: str, data: object, text: str) -> None:
    settings = [{"id": "it", **registry("v", type_, data)}]
    assert host.run(settings).of("it") == ("changed", "<absent>", text)
    assert host.run(settings).of("it") == ("compliant", text, text)
    assert host.dump()["registry"]["HKLM:\\software\\policies\\test"] == {"v": text}


def test_the_right_data_in_the_wrong_type_is_repaired(host: LabHost) -> None:
    host.edit(registry("v", "string", "%x%"))
    settings = [{"id": "it", **registry("v", "expandstring", "%x%")}]
    assert host.run(settings).of("it") == ("changed", "string:%x%", "expandstring:%x%")


def test_names_are_the_same_in_any_case(host: LabHost) -> None:
    host.edit(registry("Value", "dword", 1))
    settings = [{"id": "it", **registry("VALUE", "dword", 2, KEY.upper())}]
    assert host.run(settings).of("it")[0] == "changed"
    assert host.dump()["registry"]["HKLM:\\software\\policies\\test"] == {"Value": "dword:0x00000002"}


def test_one_users_drift_is_that_users_target(host: LabHost) -> None:
    path = "HKCU:\\SOFTWARE\\Policies\\Test"
    settings = [{"id": "it", **registry("v", "dword", 1, path)}]
    host.run(settings)
    host.edit({**registry("v", "dword", 9, path), "user": SID})

    answer = host.run(settings, check=True)
    targets = {t["target"]: (t["status"], t["before"], t["after"]) for t in answer.results["it"]["targets"]}
    right = "dword:0x00000001"
    assert targets == {
        ENTRA: ("compliant", right, right),
        SID: ("noncompliant", "dword:0x00000009", right),
        SIGNED_OUT: ("compliant", right, right),
        "default": ("compliant", right, right),
    }
    assert answer.diff == {"before": f"it: {SID}=dword:0x00000009\n", "after": f"it: {SID}={right}\n"}


def test_a_new_user_is_found(host: LabHost) -> None:
    settings = [{"id": "it", **registry("v", "dword", 1, "HKCU:\\SOFTWARE\\Policies\\Test")}]
    host.run(settings)
    host.edit({"kind": "user", "sid": "S-1-5-21-1-2-3-1200"})
    assert "S-1-5-21-1-2-3-1200=<absent>" in host.run(settings, check=True).results["it"]["before"]


def test_failing_settings_do_not_hide_the_others(host: LabHost) -> None:
    denied, right = f"{KEY}\\denied", "user right SeTcbPrivilege"
    host.edit({"kind": "faults", "read_denied": [denied, right], "write_denied": [f"{KEY}\\locked"]})
    answer = host.run(
        [
            {"id": "unreadable", **registry("denied", "dword", 1)},
            {"id": "good", **registry("good", "dword", 1)},
            {"id": "unwritable", **registry("locked", "dword", 1)},
            {"id": "right", "kind": "user_right", "right": "SeTcbPrivilege", "members": []},
            {"id": "service", "kind": "service", "name": "Nothing", "start": "manual"},
            {"id": "audit", "kind": "audit", "subcategory": LOCKOUT.replace("17", "ff"), "events": []},
        ]
    )
    assert {name: result["status"] for name, result in answer.results.items()} == {
        "unreadable": "failed",
        "good": "changed",
        "unwritable": "failed",
        "right": "failed",
        "service": "failed",
        "audit": "unsupported",
    }
    messages = {name: result.get("message") for name, result in answer.results.items()}
    assert messages["unreadable"] == "cannot read: Access is denied."
    assert messages["unwritable"] == "cannot write: Access is denied.: wanted dword:0x00000001, found <absent>"
    assert messages["service"] == "service Nothing is not installed"
    assert messages["audit"] == "this Windows has no audit subcategory {0cce92ff-69ae-11d9-bed3-505054503030}"
    assert answer.diff["after"] == "good: dword:0x00000001\n"


@pytest.mark.parametrize(
    ("fault", "wire", "message"),
    [
        (f"{KEY}\\v", registry("v", "dword", 1), "did not stick: wanted dword:0x00000001, found <absent>"),
        (
            "System Access LockoutBadCount",
            {"kind": "account_policy", "name": "LockoutBadCount", "data": 5},
            "did not stick: wanted 5, found 10",
        ),
    ],
)
def test_a_write_that_goes_nowhere_is_found_out(host: LabHost, fault: str, wire: dict[str, Any], message: str) -> None:
    host.edit({"kind": "faults", "write_ignored": [fault]})
    answer = host.run([{"id": "it", **wire}])
    assert answer.results["it"]["status"] == "failed"
    assert answer.results["it"]["message"] == message
    assert not answer.changed

    host.edit({"kind": "faults"})
    assert host.run([{"id": "it", **wire}]).statuses == {"changed"}


def test_a_service_that_is_not_installed_may_stay_disabled(host: LabHost) -> None:
    host.edit({"kind": "service", "name": "Browser", "state": "absent"})
    setting = {"id": "it", "kind": "service", "name": "Browser", "start": "disabled", "status": "stopped"}
    assert host.run([setting]).of("it") == ("compliant", "<not installed>", "<not installed>")


def test_a_malformed_request_touches_nothing(host: LabHost) -> None:
    before = host.on_disk()
    good = {"id": "good", **registry("v", "dword", 1)}
    bad = {"id": "bad", "kind": "service", "name": "Spooler", "start": "never"}
    answer = host.call(json.dumps({"schema": 1, "settings": [good, bad, {"id": "odd", **registry("w", "dword", "1")}]}))
    assert answer["msg"] == (
        "The policy is malformed, nothing was touched:\n"
        "  settings[1] (bad): start: found 'never'; expected one of automatic, delayed, manual, disabled\n"
        "  settings[2] (odd): data: found '1'; expected a whole number, 0 to 4294967295"
    )
    assert answer["changed"] is False
    assert host.on_disk() == before


def test_a_request_that_is_not_json(host: LabHost) -> None:
    assert host.call("schema: 1")["msg"] == (
        "The policy is malformed, nothing was touched:\n"
        '  policy: found no JSON object; expected {"schema": 1, "settings": [...]}'
    )


def test_the_answer_does_not_repeat_the_policy(host: LabHost) -> None:
    answer = host.call(json.dumps({"schema": 1, "settings": []}))
    assert answer["settings"] == "[]"
    assert answer["invocation"] == {"module_args": {"policy": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "reclaim": False}}


def test_edits_that_are_not_understood_are_refused(host: LabHost) -> None:
    (host.folder / "edits.json").write_text('[{"kind": "service", "name": "Spooler", "start": "manual", "colour": 1}]')
    done = host.lab("edit", str(host.folder / "edits.json"))
    assert done.returncode == 1
    assert "colour: unknown field" in done.stderr
