"""Engines' answers become rows with a source; an answer that lacks a setting never looks compliant."""

import json

import pytest

from werkplek.enforcement.results import action_result, rows_of
from werkplek.errors import WerkplekError
from werkplek.policy.model import EngineCall, SettingSource


def source(name, line):
    return SettingSource(name, f"policies/workstation/x.yml:{line}", "workstation")


CALL = EngineCall((source("lock", 3), source("banner", 9)), ("{}",), {})
CONTEXT = {"municipality": "papendrecht", "check_mode": False}


def row(name, status="compliant", before="dword:0x00000001", after="dword:0x00000001", **more):
    return {"id": name, "status": status, "before": before, "after": after, **more}


def answer(*rows):
    return {"changed": False, "settings": json.dumps(rows)}


def test_rows_carry_the_policy_line():
    rows = rows_of("windows_policy", CALL, answer(row("lock"), row("banner", "changed", "<absent>", "string:x")))
    assert [(each["id"], each["source"]) for each in rows] == [
        ("lock", "policies/workstation/x.yml:3"),
        ("banner", "policies/workstation/x.yml:9"),
    ]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ([row("lock")], "1 rows; missing: banner; not asked for: none"),
        ([row("lock"), row("banner"), row("other")], "3 rows; missing: none; not asked for: other"),
        ([row("lock"), row("banner"), row("lock")], "2 rows; missing: none; not asked for: none"),
        ([row("lock"), row("banner", "fine")], "2 rows; missing: none; not asked for: none"),
    ],
)
def test_incomplete_answers_are_refused(given, found):
    with pytest.raises(WerkplekError) as caught:
        rows_of("windows_policy", CALL, answer(*given))
    assert str(caught.value) == (
        "Engine windows_policy gave incomplete results.\n"
        f"  engine windows_policy: found {found}; expected one row with a known status for each of 2 settings"
    )


@pytest.mark.parametrize(
    "broken", [{}, {"settings": "not json"}, {"settings": "[1]"}, {"settings": '[{"id": "lock"}]'}]
)
def test_unreadable_answers_are_refused(broken):
    with pytest.raises(WerkplekError, match="expected settings as one JSON text with a row per setting"):
        rows_of("windows_policy", CALL, broken)


def test_a_run_that_changed_says_how_much():
    result = action_result([row("lock"), row("banner", "changed")], CONTEXT)
    assert result["changed"] is True
    assert "failed" not in result
    assert result["msg"] == "2 settings: 1 compliant, 1 changed"
    assert [each["id"] for each in result["settings"]] == ["banner"]
    assert [each["id"] for each in json.loads(result["evidence"])] == ["lock", "banner"]
    assert result["werkplek"] == {"schema": 1, "municipality": "papendrecht", "check_mode": False}


def test_one_failure_names_the_setting_and_hides_no_other():
    broken = row("lock", "failed", "dword:0x00000000", "dword:0x00000001", message="access denied", source="p.yml:3")
    result = action_result([broken, row("banner", "changed", source="p.yml:9")], CONTEXT)
    assert result["failed"] is True
    assert result["counts"]["changed"] == 1
    assert result["msg"] == (
        "1 setting failed; the others were enforced:\n"
        "  lock (p.yml:3): access denied; found dword:0x00000000, left dword:0x00000001"
    )


def test_check_mode_lists_what_differs():
    rows = [row("lock", "noncompliant", "dword:0x0", "dword:0x1", source="p.yml:3"), row("banner", source="p.yml:9")]
    result = action_result(rows, CONTEXT)
    assert result["changed"] is True
    assert "failed" not in result
    assert action_result(rows, CONTEXT, drift_fails=True)["failed"] is True
    assert result["msg"] == (
        "1 setting is not as the policy says:\n  lock (p.yml:3): found dword:0x0, wanted dword:0x1"
    )


def owned(name, line, message="group policy sets dword:0x00000001"):
    return row(name, "owned_elsewhere", message=message, source=f"p.yml:{line}")


def test_what_is_owned_elsewhere_fails_no_host_and_is_named():
    result = action_result([owned("lock", 3), row("banner", source="p.yml:9")], CONTEXT, drift_fails=True)
    assert "failed" not in result
    assert result["changed"] is False
    assert result["counts"]["owned_elsewhere"] == 1
    assert [each["id"] for each in result["settings"]] == ["lock"]
    assert result["msg"] == (
        "2 settings: 1 compliant, 1 owned_elsewhere\n"
        "1 setting is owned elsewhere:\n"
        "  lock (p.yml:3): group policy sets dword:0x00000001"
    )


def test_what_is_owned_elsewhere_is_named_beside_failures_and_drift():
    failed = row("lock", "failed", "a", "b", message="access denied", source="p.yml:3")
    elsewhere = [owned("one", 4), owned("two", 5, message="")]
    named = (
        "2 settings are owned elsewhere:\n"
        "  one (p.yml:4): group policy sets dword:0x00000001\n"
        "  two (p.yml:5): no reason given"
    )
    assert action_result([failed, *elsewhere], CONTEXT)["msg"] == (
        f"1 setting failed; the others were enforced:\n  lock (p.yml:3): access denied; found a, left b\n{named}"
    )
    drifted = row("lock", "noncompliant", "a", "b", source="p.yml:3")
    assert action_result([drifted, *elsewhere], CONTEXT)["msg"] == (
        f"1 setting is not as the policy says:\n  lock (p.yml:3): found a, wanted b\n{named}"
    )
