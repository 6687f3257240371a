"""Scheduled tasks: a setting as arguments of win_scheduled_task, and that module's diff in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkplek.enforcement.module_answers import ABSENT, Result, Setting

MODULE = "community.windows.win_scheduled_task"
# A trigger must begin on some day; any day that has passed will do.
FIRST_DAY = "2000-01-01"
# By SID, since Windows translates the names. A group's task runs in the session of each member who is signed in.
ACCOUNTS: Mapping[str, Mapping[str, str]] = {
    "system": {"username": "S-1-5-18", "logon_type": "service_account", "run_level": "highest"},
    "users": {"group": "S-1-5-32-545", "logon_type": "group", "run_level": "limited"},
}
# Windows' own defaults keep a task from starting on battery power, and skip a start at which the workplace was off.
FOR_LAPTOPS = {
    "start_when_available": True,
    "disallow_start_if_on_batteries": False,
    "stop_if_going_on_batteries": False,
}


def task_arguments(body: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of win_scheduled_task. It compares what it is given and nothing else of a task."""
    place = {"name": body["name"], "path": body["path"], "state": body["state"]}
    if body["state"] == "absent":
        return place
    run = body["run"]
    action = {"path": run["path"], "arguments": run.get("arguments"), "working_directory": run.get("directory")}
    return {
        **place,
        "enabled": body["enabled"],
        "actions": [{key: value for key, value in action.items() if value is not None}],
        "triggers": [_trigger(trigger) for trigger in body["triggers"]],
        **({"description": body["description"]} if "description" in body else {}),
        **ACCOUNTS[body["account"]],
        **FOR_LAPTOPS,
    }


def _trigger(trigger: Mapping[str, Any]) -> dict[str, Any]:
    arguments: dict[str, Any] = {"type": trigger["type"], "enabled": True}
    if "at" in trigger:
        arguments["start_boundary"] = f"{FIRST_DAY}T{trigger['at']}:00"
    if trigger["type"] == "daily":
        arguments["days_interval"] = 1
    if trigger["type"] == "weekly":
        arguments |= {"days_of_week": ",".join(trigger["days"]), "weeks_interval": 1}
    for minutes, name in (("delay_minutes", "delay"), ("random_delay_minutes", "random_delay")):
        if minutes in trigger:
            arguments[name] = duration(trigger[minutes])
    return arguments


def duration(minutes: int) -> str:
    """Minutes as an ISO 8601 duration, in the form in which Task Scheduler writes it: `PT1H30M`."""
    hours, rest = divmod(minutes, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest else "")


def task_found(setting: Setting, looked: Result) -> str:
    """What is there of a task that differs: what the module's diff would take away."""
    if setting.absent:
        return "present"
    if looked.diff.startswith("+[Task]"):
        return ABSENT
    return "; ".join(_side(looked.diff, "-")) or "another task"


def task_wanted(setting: Setting, looked: Result) -> str:
    """What should be there: of a task that differs in parts, only those parts."""
    if setting.absent:
        return ABSENT
    parts = [] if looked.diff.startswith("+[Task]") else _side(looked.diff, "+")
    return "; ".join(parts) or _described(setting.body)


def _described(body: Mapping[str, Any]) -> str:
    run, starts = body["run"], ", ".join(_start(trigger) for trigger in body["triggers"])
    command = " ".join(filter(None, (run["path"], run.get("arguments"))))
    return f"{command}, as {body['account']}, {starts}{'' if body['enabled'] else ', disabled'}"


def _start(trigger: Mapping[str, Any]) -> str:
    days = f" on {' and '.join(trigger['days'])}" if "days" in trigger else ""
    return f"{trigger['type']}{days}{' at ' + trigger['at'] if 'at' in trigger else ''}"


def _side(diff: str, sign: str) -> list[str]:
    """One side of a diff's lines: `-Enabled=True` and `  -Delay=PT5M,` give `Enabled=True` and `Delay=PT5M`."""
    lines = (line.strip() for line in diff.splitlines())
    parts = (line[1:].strip(" ,={") for line in lines if line.startswith(sign))
    return [part for part in parts if part not in {"", "}"}]
