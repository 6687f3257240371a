"""Scheduled tasks as arguments of win_scheduled_task, and its diff in words."""

import pytest
from module_scripts import DIFFERENT, SAME, TASK, play

from werkplek.enforcement.task_calls import duration, task_arguments

RUN = {"path": "C:\\x\\y.exe", "arguments": "-a"}
CLOCK = {
    "id": "clock",
    "kind": "scheduled_task",
    "name": "Clock",
    "path": "\\W",
    "run": RUN,
    "triggers": [{"type": "boot", "delay_minutes": 5}],
    "account": "system",
    "enabled": True,
    "state": "present",
}
WORDS = "C:\\x\\y.exe -a, as system, boot"


def test_a_task_of_the_system():
    assert task_arguments(CLOCK) == {
        "name": "Clock",
        "path": "\\W",
        "state": "present",
        "enabled": True,
        "actions": [{"path": "C:\\x\\y.exe", "arguments": "-a"}],
        "triggers": [{"type": "boot", "enabled": True, "delay": "PT5M"}],
        "username": "S-1-5-18",
        "logon_type": "service_account",
        "run_level": "highest",
        "start_when_available": True,
        "disallow_start_if_on_batteries": False,
        "stop_if_going_on_batteries": False,
    }


def test_a_task_of_the_users_names_the_group_by_its_sid_and_runs_with_limited_rights():
    arguments = task_arguments(
        {**CLOCK, "account": "users", "description": "Text", "run": {**RUN, "directory": "C:\\x"}}
    )
    assert {name: arguments.get(name) for name in ("username", "group", "logon_type", "run_level", "description")} == {
        "username": None,
        "group": "S-1-5-32-545",
        "logon_type": "group",
        "run_level": "limited",
        "description": "Text",
    }
    assert arguments["actions"] == [{"path": "C:\\x\\y.exe", "arguments": "-a", "working_directory": "C:\\x"}]


def test_every_trigger():
    triggers = [
        {"type": "logon"},
        {"type": "daily", "at": "12:30", "random_delay_minutes": 90},
        {"type": "weekly", "at": "09:00", "days": ["monday", "friday"]},
    ]
    assert task_arguments({**CLOCK, "triggers": triggers})["triggers"] == [
        {"type": "logon", "enabled": True},
        {
            "type": "daily",
            "enabled": True,
            "start_boundary": "2000-01-01T12:30:00",
            "days_interval": 1,
            "random_delay": "PT1H30M",
        },
        {
            "type": "weekly",
            "enabled": True,
            "start_boundary": "2000-01-01T09:00:00",
            "days_of_week": "monday,friday",
            "weeks_interval": 1,
        },
    ]


@pytest.mark.parametrize(("minutes", "text"), [(1, "PT1M"), (60, "PT1H"), (61, "PT1H1M"), (1439, "PT23H59M")])
def test_minutes_are_written_as_task_scheduler_writes_them(minutes, text):
    assert duration(minutes) == text


def row_of(setting, *answers, check=True):
    (row,) = play([setting], [(TASK, {"name": "Clock"}, looks, answer) for looks, answer in answers], check=check)
    return row


def differing(diff):
    return {**DIFFERENT, "diff": {"prepared": diff}}


def test_a_task_that_is_as_wanted():
    assert row_of(CLOCK, (True, SAME)) == {"id": "clock", "status": "compliant", "before": WORDS, "after": WORDS}


def test_a_task_that_is_not_there():
    diff = "+[Task]\n+\\W\\Clock\n\n[Actions]\n+action[0] = {\n  +Type=TASK_ACTION_EXEC,\n  +Path=C:\\x\\y.exe\n+}\n"
    row = row_of(CLOCK, (True, differing(diff)), (False, differing(diff)), (True, SAME), check=False)
    assert row == {"id": "clock", "status": "changed", "before": "<absent>", "after": WORDS}


def test_of_a_task_that_differs_only_the_difference_is_shown():
    diff = (
        "[Settings]\n-Enabled=False\n+Enabled=True\n\n\n[Triggers]\n"
        "trigger[0] = {\n  -Delay=PT9M,\n  +Delay=PT5M\n}\n-trigger[1] = {\n  -Enabled=True\n-}"
    )
    row = row_of(CLOCK, (True, differing(diff)))
    assert row == {
        "id": "clock",
        "status": "noncompliant",
        "before": "Enabled=False; Delay=PT9M; trigger[1]; Enabled=True",
        "after": "Enabled=True; Delay=PT5M",
    }


def test_a_difference_without_a_diff_is_one_all_the_same():
    row = row_of(CLOCK, (True, DIFFERENT))
    assert (row["status"], row["before"], row["after"]) == ("noncompliant", "another task", WORDS)


def test_a_task_that_must_not_be_there():
    gone = {**{name: CLOCK[name] for name in ("id", "kind", "name", "path")}, "state": "absent"}
    row = row_of(gone, (True, differing("-[Task]\n-\\W\\Clock\n")), (False, DIFFERENT), (True, SAME), check=False)
    assert row == {"id": "clock", "status": "changed", "before": "present", "after": "<absent>"}


def test_a_secret_task_shows_nothing_of_itself():
    row = row_of({**CLOCK, "secret": True}, (True, differing("[Actions]\n-Arguments=x\n+Arguments=-a\n")))
    assert (row["before"], row["after"]) == ("<another value>", "<secret>")
