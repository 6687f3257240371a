"""Features, products and tasks: modules that say no more than whether they changed something."""

import json

import pytest
from module_scripts import DIFFERENT, FEATURE, PACKAGE, SAME, TASK, feature, play, request, statuses

from werkplek.enforcement.module_calls import answered

SMB, TFTP, TELNET = feature("SMB1Protocol"), feature("TFTP"), feature("TelnetClient")
PDF = feature("PrintToPDF", "present")
PRODUCT = {
    "id": "silverlight",
    "kind": "product",
    "code": "{89F4137D-6C26-4A84-BDB8-2E5A4BB71E00}",
    "name": "Silverlight",
    "state": "absent",
}
TASK_GONE = {"id": "task", "kind": "scheduled_task", "name": "A", "path": "\\W", "state": "absent"}


def failing(msg):
    return {"failed": True, "changed": False, "msg": msg}


def names(*features):
    return {"name": [one["name"] for one in features], "state": features[0]["state"]}


@pytest.mark.parametrize("check", [True, False])
def test_features_that_are_as_wanted_cost_a_call_for_each_state(check):
    script = [(FEATURE, names(SMB, TFTP), True, SAME), (FEATURE, names(PDF), True, SAME)]
    rows = play([SMB, PDF, TFTP], script, check=check)
    assert rows == [
        {"id": "SMB1Protocol", "status": "compliant", "before": "disabled", "after": "disabled"},
        {"id": "PrintToPDF", "status": "compliant", "before": "enabled", "after": "enabled"},
        {"id": "TFTP", "status": "compliant", "before": "disabled", "after": "disabled"},
    ]


def test_a_group_that_differs_is_asked_one_by_one():
    script = [
        (FEATURE, names(SMB, TFTP), True, DIFFERENT),
        (FEATURE, names(SMB), True, DIFFERENT),
        (FEATURE, names(TFTP), True, SAME),
    ]
    rows = play([SMB, TFTP], script, check=True)
    assert rows[0] == {"id": "SMB1Protocol", "status": "noncompliant", "before": "not disabled", "after": "disabled"}
    assert statuses(rows) == {"SMB1Protocol": "noncompliant", "TFTP": "compliant"}


def test_only_what_differs_is_set_and_all_of_it_in_one_call():
    script = [
        (FEATURE, names(SMB, TFTP, TELNET), True, DIFFERENT),
        (FEATURE, names(SMB), True, DIFFERENT),
        (FEATURE, names(TFTP), True, SAME),
        (FEATURE, names(TELNET), True, DIFFERENT),
        (FEATURE, names(SMB, TELNET), False, {"changed": True, "reboot_required": False}),
        (FEATURE, names(SMB, TELNET), True, SAME),
    ]
    rows = play([SMB, TFTP, TELNET], script, check=False)
    assert statuses(rows) == {"SMB1Protocol": "changed", "TFTP": "compliant", "TelnetClient": "changed"}
    assert "message" not in rows[0]


def test_a_feature_that_waits_for_a_restart_has_changed_and_says_so():
    script = [
        (FEATURE, names(SMB), True, DIFFERENT),
        (FEATURE, names(SMB), False, {"changed": True, "reboot_required": True}),
        (FEATURE, names(SMB), True, DIFFERENT),
    ]
    (row,) = play([SMB], script, check=False)
    assert (row["status"], row["message"]) == ("changed", "a restart is needed")


def test_of_features_set_together_only_the_one_that_waits_for_a_restart_says_so():
    waiting = {"changed": True, "reboot_required": True}
    script = [
        (FEATURE, names(SMB, TFTP, TELNET), True, DIFFERENT),
        *[(FEATURE, names(one), True, DIFFERENT) for one in (SMB, TFTP, TELNET)],
        (FEATURE, names(SMB, TFTP, TELNET), False, waiting),
        (FEATURE, names(SMB, TFTP, TELNET), True, DIFFERENT),
        (FEATURE, names(SMB), True, DIFFERENT),
        (FEATURE, names(TFTP), True, SAME),
        (FEATURE, names(TELNET), True, DIFFERENT),
        (FEATURE, names(SMB), False, waiting),
        (FEATURE, names(TELNET), False, {"changed": True, "reboot_required": False}),
    ]
    rows = play([SMB, TFTP, TELNET], script, check=False)
    assert [(row["status"], row.get("message")) for row in rows] == [
        ("changed", "a restart is needed"),
        ("changed", None),
        ("failed", "the module reports success, and still finds it as it was"),
    ]


def test_a_feature_that_stays_as_it_was_has_failed_whatever_the_module_says():
    script = [
        (FEATURE, names(SMB), True, DIFFERENT),
        (FEATURE, names(SMB), False, DIFFERENT),
        (FEATURE, names(SMB), True, DIFFERENT),
    ]
    (row,) = play([SMB], script, check=False)
    assert row == {
        "id": "SMB1Protocol",
        "status": "failed",
        "before": "not disabled",
        "after": "disabled",
        "message": "the module reports success, and still finds it as it was",
    }


def test_a_feature_that_this_windows_lacks_is_unsupported_and_costs_the_others_one_call():
    script = [
        (FEATURE, names(SMB, TFTP, TELNET), True, failing("Failed to find feature 'TFTP'")),
        (FEATURE, names(SMB, TELNET), True, SAME),
    ]
    rows = play([SMB, TFTP, TELNET], script, check=False)
    assert statuses(rows) == {"SMB1Protocol": "compliant", "TFTP": "unsupported", "TelnetClient": "compliant"}
    assert rows[1]["message"] == "Failed to find feature 'TFTP'"


def test_one_feature_that_cannot_be_set_hides_no_other():
    script = [
        (FEATURE, names(SMB, TFTP), True, DIFFERENT),
        (FEATURE, names(SMB), True, DIFFERENT),
        (FEATURE, names(TFTP), True, DIFFERENT),
        (FEATURE, names(SMB, TFTP), False, failing("The source files could not be found.")),
        (FEATURE, names(SMB), False, DIFFERENT),
        (FEATURE, names(TFTP), False, failing("The source files could not be found.")),
        (FEATURE, names(SMB), True, SAME),
    ]
    rows = play([SMB, TFTP], script, check=False)
    assert statuses(rows) == {"SMB1Protocol": "changed", "TFTP": "failed"}
    assert rows[1]["message"] == "The source files could not be found."


def test_a_group_that_cannot_be_read_is_asked_one_by_one():
    script = [
        (FEATURE, names(SMB, TFTP), True, failing("boom")),
        (FEATURE, names(SMB), True, SAME),
        (FEATURE, names(TFTP), True, failing("boom")),
    ]
    rows = play([SMB, TFTP], script, check=False)
    assert statuses(rows) == {"SMB1Protocol": "compliant", "TFTP": "failed"}
    assert rows[1]["message"] == "cannot read: boom"


def test_a_waived_feature_is_looked_at_and_left():
    script = [
        (FEATURE, names(SMB, TFTP), True, DIFFERENT),
        (FEATURE, names(SMB), True, DIFFERENT),
        (FEATURE, names(TFTP), True, DIFFERENT),
        (FEATURE, names(TFTP), False, DIFFERENT),
        (FEATURE, names(TFTP), True, SAME),
    ]
    rows = play([{**SMB, "observe": "waived"}, TFTP], script, check=False)
    assert rows[0] == {"id": "SMB1Protocol", "status": "waived", "before": "not disabled", "after": "not disabled"}
    assert statuses(rows) == {"SMB1Protocol": "waived", "TFTP": "changed"}


def test_a_product_is_removed_by_its_code_as_msi_and_nothing_else():
    arguments = {"product_id": PRODUCT["code"], "provider": "msi", "state": "absent"}
    script = [
        (PACKAGE, arguments, True, {**DIFFERENT, "reboot_required": False, "rc": 0}),
        (PACKAGE, arguments, False, {**DIFFERENT, "reboot_required": True, "rc": 3010}),
        (PACKAGE, arguments, True, {**SAME, "reboot_required": False, "rc": 0}),
    ]
    (row,) = play([PRODUCT], script, check=False)
    assert row == {
        "id": "silverlight",
        "status": "changed",
        "before": "installed",
        "after": "<absent>",
        "message": "a restart is needed",
    }


def test_an_uninstaller_that_fails_says_why():
    said = "unexpected rc from 'msiexec.exe': see rc, stdout, and stderr for more details"
    script = [
        (PACKAGE, {}, True, DIFFERENT),
        (PACKAGE, {}, False, {**failing(said), "rc": 1603, "stderr": "", "stdout": "Fatal error.\r\n"}),
    ]
    (row,) = play([PRODUCT], script, check=False)
    assert (row["status"], row["message"]) == ("failed", f"{said}: Fatal error.")


def test_rows_come_in_the_order_of_the_request():
    script = [(TASK, {"state": "absent"}, True, SAME), (FEATURE, {}, True, SAME), (PACKAGE, {}, True, SAME)]
    rows = play([TASK_GONE, SMB, PRODUCT], script, check=True)
    assert list(statuses(rows)) == ["task", "SMB1Protocol", "silverlight"]


def test_an_unknown_kind_fails_and_hides_no_other():
    rows = play([{"id": "x", "kind": "driver"}, PRODUCT], [(PACKAGE, {}, True, SAME)], check=False)
    assert statuses(rows) == {"x": "failed", "silverlight": "compliant"}
    assert rows[0]["message"] == "the engine windows_modules does not know kind driver"


def test_another_schema_is_refused():
    with pytest.raises(ValueError, match=r"^schema 2 instead of 1$"):
        answered('{"schema": 2, "settings": []}', lambda _call: {}, check=True, diff=False)


def test_the_diff_shows_what_moved_and_nothing_else():
    answers = iter([DIFFERENT, SAME])
    answer = answered(request(PRODUCT, TASK_GONE), lambda _call: next(answers), check=True, diff=True)
    assert answer["diff"] == {"before": "silverlight: installed\n", "after": "silverlight: <absent>\n"}
    assert [row["status"] for row in json.loads(answer["settings"])] == ["noncompliant", "compliant"]
