"""Packages: one call reads, one per group sets, and the list afterwards decides."""

import pytest
from module_scripts import (
    CHOCO,
    DIFFERENT,
    FACTS,
    NO_CHOCOLATEY,
    facts,
    package,
    play,
    statuses,
)

ZIP, READER = package("7zip"), package("adobereader")
GONE = package("utorrent", state="absent")


def failing(msg, **more):
    return {"failed": True, "changed": False, "msg": msg, **more}


@pytest.mark.parametrize("check", [True, False])
def test_a_host_that_is_as_wanted_costs_one_call(check):
    rows = play([ZIP, READER, GONE], [facts(("7Zip", "24.8.0"), ("adobereader", "1.0.0"))], check=check)
    assert rows == [
        {"id": "7zip", "status": "compliant", "before": "24.8.0", "after": "24.8.0"},
        {"id": "adobereader", "status": "compliant", "before": "1.0.0", "after": "1.0.0"},
        {"id": "utorrent", "status": "compliant", "before": "<absent>", "after": "<absent>"},
    ]


def test_a_check_reads_and_reaches_no_source():
    pinned = package("git", version="2.50.1")
    rows = play([ZIP, pinned, GONE], [facts(("git", "2.49.0"), ("utorrent", "3.6.0"))], check=True)
    assert rows == [
        {"id": "7zip", "status": "noncompliant", "before": "<absent>", "after": "any version"},
        {"id": "git", "status": "noncompliant", "before": "2.49.0", "after": "2.50.1"},
        {"id": "utorrent", "status": "noncompliant", "before": "3.6.0", "after": "<absent>"},
    ]


def test_what_goes_and_what_comes_is_a_call_for_each_group():
    script = [
        facts(("utorrent", "3.6.0")),
        (CHOCO, {"name": ["utorrent"], "state": "absent"}, False, DIFFERENT),
        (CHOCO, {"name": ["7zip", "adobereader"], "state": "present", "source": None}, False, DIFFERENT),
        (CHOCO, {"name": ["eigen"], "state": "present", "source": "huis"}, False, DIFFERENT),
        facts(("7zip", "24.8.0"), ("adobereader", "1.0.0"), ("eigen", "1.2.0")),
    ]
    rows = play([ZIP, READER, package("eigen", source="huis"), GONE], script, check=False)
    assert set(statuses(rows).values()) == {"changed"}
    assert rows[0] == {"id": "7zip", "status": "changed", "before": "<absent>", "after": "24.8.0"}
    assert rows[3] == {"id": "utorrent", "status": "changed", "before": "3.6.0", "after": "<absent>"}


def test_a_pinned_package_is_moved_to_its_version_from_either_side():
    script = [
        facts(("git", "2.51.0")),
        (CHOCO, {"name": ["git"], "state": "downgrade", "version": "2.50.1"}, False, DIFFERENT),
        facts(("git", "2.50.1")),
    ]
    (row,) = play([package("git", version="2.50.1")], script, check=False)
    assert row == {"id": "git", "status": "changed", "before": "2.51.0", "after": "2.50.1"}


def test_one_package_that_fails_hides_no_other():
    script = [
        facts(),
        (CHOCO, {"name": ["7zip", "adobereader"]}, False, failing("Error installing package(s) '7zip, adobereader'")),
        (CHOCO, {"name": ["7zip"]}, False, DIFFERENT),
        (CHOCO, {"name": ["adobereader"]}, False, failing("Error installing", rc=1, stdout="head\nnot found\r\n\n")),
        facts(("7zip", "24.8.0")),
    ]
    rows = play([ZIP, READER], script, check=False)
    assert rows == [
        {"id": "7zip", "status": "changed", "before": "<absent>", "after": "24.8.0"},
        {
            "id": "adobereader",
            "status": "failed",
            "before": "<absent>",
            "after": "any version",
            "message": "Error installing: not found",
        },
    ]


def test_success_is_not_believed_where_the_list_says_otherwise():
    script = [facts(), (CHOCO, {"name": ["7zip"]}, False, DIFFERENT), facts()]
    (row,) = play([ZIP], script, check=False)
    assert row["status"] == "failed"
    assert row["message"] == "the module reports success; found afterwards: <absent>"


def test_what_cannot_be_read_back_has_failed():
    script = [
        facts(),
        (CHOCO, {"name": ["7zip"]}, False, DIFFERENT),
        (FACTS, {}, True, failing("Error checking installation status for chocolatey packages")),
    ]
    (row,) = play([ZIP], script, check=False)
    assert (row["status"], row["message"]) == (
        "failed",
        "was set, and cannot be read back: Error checking installation status for chocolatey packages",
    )


@pytest.mark.parametrize("code", [1641, 3010])
def test_a_restart_that_is_needed_is_told(code):
    script = [facts(), (CHOCO, {}, False, {"changed": True, "rc": code}), facts(("7zip", "24.8.0"))]
    (row,) = play([ZIP], script, check=False)
    assert (row["status"], row["message"]) == ("changed", "a restart is needed")


def test_without_chocolatey_there_are_no_packages_and_none_is_installed_to_remove_one():
    missing = (FACTS, {}, True, NO_CHOCOLATEY)
    assert statuses(play([GONE], [missing], check=False)) == {"utorrent": "compliant"}
    assert statuses(play([ZIP, GONE], [missing], check=True)) == {"7zip": "noncompliant", "utorrent": "compliant"}


def test_a_waived_package_is_only_observed():
    waived = [{**ZIP, "observe": "waived"}, {**GONE, "observe": "waived"}]
    rows = play(waived, [facts(("7zip", "24.8.0"), ("utorrent", "3.6.0"))], check=False)
    assert rows == [
        {"id": "7zip", "status": "compliant", "before": "24.8.0", "after": "24.8.0"},
        {"id": "utorrent", "status": "waived", "before": "3.6.0", "after": "3.6.0"},
    ]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (failing("no access"), "cannot read: no access"),
        ({"failed": True}, "cannot read: the module failed without a word"),
        ({}, "cannot read: the module's answer cannot be understood; it says: nothing"),
        (
            {"changed": True, "skipped": True, "msg": "Skipped\ncheck mode"},
            "cannot read: the module's answer cannot be understood; it says: Skipped check mode",
        ),
        (
            {"changed": False, "ansible_facts": {}},
            "cannot read: the list of packages cannot be understood: KeyError('ansible_chocolatey')",
        ),
    ],
)
def test_an_answer_that_is_not_understood_is_never_compliance(answer, reason):
    rows = play([ZIP, GONE, {**READER, "observe": "waived"}], [(FACTS, {}, True, answer)], check=False)
    assert [(row["status"], row["before"], row["after"], row["message"]) for row in rows] == [
        ("failed", "<unknown>", "any version", reason),
        ("failed", "<unknown>", "<absent>", reason),
        ("waived", "<unknown>", "<unknown>", reason),
    ]


def test_a_secret_package_shows_no_values():
    secret = [package("a", version="1.0.0", secret=True), package("b", version="1.0.0", secret=True)]
    script = [
        facts(("a", "1.0.0"), ("b", "2.0.0")),
        (CHOCO, {"name": ["b"]}, False, failing("no such version 1.0.0")),
        facts(("a", "1.0.0"), ("b", "2.0.0")),
    ]
    rows = play(secret, script, check=False)
    assert rows == [
        {"id": "a", "status": "compliant", "before": "<secret>", "after": "<secret>"},
        {
            "id": "b",
            "status": "failed",
            "before": "<another value>",
            "after": "<secret>",
            "message": "its text is not shown, the setting is secret",
        },
    ]
