"""SIMULATION, in Python, of win_scheduled_task. Its PowerShell does not run here.

It compares as the module does: what is not given is left alone, an action and a trigger by their place in the list, and
of each only the keys that are given. Its diff has the module's form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from werkplek.lab.windows_modules import ModuleFailure, Result
from werkplek.lab.windows_software import Software, key_of
from werkplek.lab.windows_software_options import checked

MODULE = "community.windows.win_scheduled_task"
# Keys of a trigger by its type: those it must have, and those it may have (the module's own lists).
TRIGGERS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "boot": ((), ("delay", "enabled", "end_boundary", "execution_time_limit", "start_boundary")),
    "daily": (
        ("start_boundary",),
        ("days_interval", "enabled", "end_boundary", "execution_time_limit", "random_delay"),
    ),
    "logon": ((), ("delay", "enabled", "end_boundary", "execution_time_limit", "start_boundary", "user_id")),
    "weekly": (
        ("days_of_week", "start_boundary"),
        ("enabled", "end_boundary", "execution_time_limit", "random_delay", "weeks_interval"),
    ),
}
DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
SERVICE_ACCOUNTS = ("S-1-5-18", "S-1-5-19", "S-1-5-20")
# A new task as Windows makes it: ITaskSettings and IPrincipal.
NEW: Mapping[str, Any] = {
    "actions": [],
    "triggers": [],
    "user_id": None,
    "group_id": None,
    "logon_type": "interactive_token",
    "run_level": "limited",
    "description": None,
    "enabled": True,
    "start_when_available": False,
    "disallow_start_if_on_batteries": True,
    "stop_if_going_on_batteries": True,
}
SETTINGS = ("enabled", "start_when_available", "disallow_start_if_on_batteries", "stop_if_going_on_batteries")
OPTIONS = (
    "name",
    "path",
    "state",
    "actions",
    "triggers",
    "username",
    "group",
    "logon_type",
    "run_level",
    "description",
)
_NAME = re.compile(r'[^\\/:*?"<>|]+')
_DURATION = re.compile(r"P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?")
_SID = re.compile(r"S-1(-\d+)+")


def win_scheduled_task(software: Software, options: Mapping[str, Any], check: bool) -> Result:
    """A task made, changed or removed."""
    given = checked(MODULE, options, (*OPTIONS, *SETTINGS))
    name = given["name"]
    if not _NAME.fullmatch(name):
        text = f"Invalid task name '{name}'. The following characters are not valid: \\/:*?\"<>|"
        raise ModuleFailure(text)
    path = "\\" + given["path"].strip("\\")
    key = key_of(software.tasks, f"{path.rstrip('\\')}\\{name}")
    if given["state"] == "absent":
        there = software.tasks.get(key) if check else software.tasks.pop(key, None)
        return _result(there is not None, f"-[Task]\n-{key}\n" if there is not None else "")
    wanted = _wanted(given)
    task = software.tasks.get(key)
    if task is None and not wanted.get("actions"):
        text = "cannot create a task with no actions, set at least one action with a path to an executable"
        raise ModuleFailure(text)
    made = f"+[Task]\n+{key}\n\n[Actions]\n" if task is None else ""
    changes = _changes({**NEW, **(task or {})}, wanted)
    if not check:
        software.tasks[key] = _merged({**NEW, **(task or {})}, wanted)
    return _result(task is None or bool(changes), f"{made}{changes}".strip())


def _result(changed: bool, diff: str) -> Result:
    return {"changed": changed, "diff": {"prepared": diff} if changed else {}}


def _wanted(given: Mapping[str, Any]) -> dict[str, Any]:
    """What the options ask of a task; only what is given."""
    if given["username"] is not None and given["group"] is not None:
        raise ModuleFailure("username and group can not be set at the same time")
    for account in (given["username"], given["group"]):
        if account is not None and not _SID.fullmatch(account):
            raise ModuleFailure(f"the lab knows accounts by their SID only, not {account}")
    if given["logon_type"] == "group" and given["group"] is None:
        raise ModuleFailure("group must be set when logon_type=group")
    if given["logon_type"] == "service_account" and given["username"] not in SERVICE_ACCOUNTS:
        text = "username must be SYSTEM, LOCAL SERVICE or NETWORK SERVICE when logon_type=service_account"
        raise ModuleFailure(text)
    wanted = {name: given[name] for name in ("description", "logon_type", "run_level", *SETTINGS)}
    wanted |= {"user_id": given["username"], "group_id": given["group"]}
    wanted["actions"] = None if given["actions"] is None else [_action(action) for action in given["actions"]]
    wanted["triggers"] = None if given["triggers"] is None else [_trigger(trigger) for trigger in given["triggers"]]
    return {name: value for name, value in wanted.items() if value is not None}


def _action(action: Mapping[str, Any]) -> dict[str, Any]:
    if "path" not in action:
        raise ModuleFailure("action entry must contain the key 'path'")
    if unknown := sorted(action.keys() - {"path", "arguments", "working_directory"}):
        raise ModuleFailure(f"the lab does not know {', '.join(unknown)} of an action")
    return dict(action)


def _trigger(trigger: Mapping[str, Any]) -> dict[str, Any]:
    """A trigger, checked. The module only warns of a key that is not for this type; the lab refuses it."""
    kind = str(trigger.get("type"))
    if kind not in TRIGGERS:
        raise ModuleFailure(f"the lab knows triggers of type {', '.join(TRIGGERS)}, not {kind}")
    mandatory, optional = TRIGGERS[kind]
    for name in mandatory:
        if name not in trigger:
            keys = "', '".join(mandatory)
            raise ModuleFailure(f"mandatory key '{name}' for trigger is not set, mandatory keys are '{keys}'")
    if unknown := sorted(trigger.keys() - {"type", *mandatory, *optional}):
        raise ModuleFailure(f"the lab does not know {', '.join(unknown)} of a {kind} trigger")
    for name, value in trigger.items():
        _check_value(name, value)
    return dict(trigger)


def _check_value(name: str, value: Any) -> None:
    if name in {"execution_time_limit", "delay", "random_delay"} and not _DURATION.fullmatch(value):
        raise ModuleFailure(f"trigger option '{name}' must be in the XML duration format but was '{value}'")
    if name in {"start_boundary", "end_boundary"}:
        try:
            datetime.strptime(value, "%Y-%m-%dT%H:%M:%S")
        except ValueError:
            text = f"trigger option '{name}' must be in the format 'YYYY-MM-DDThh:mm:ss' format but was '{value}'"
            raise ModuleFailure(text) from None
    for day in value.split(",") if name == "days_of_week" else ():
        if day.strip() not in DAYS:
            raise ModuleFailure(f"invalid day of week '{day}', check the spelling matches the full day name")


def _merged(task: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**task, **wanted}
    if "user_id" in wanted or "group_id" in wanted:
        merged |= {"user_id": wanted.get("user_id"), "group_id": wanted.get("group_id")}
    return merged


def _changes(task: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """The module's diff of an existing task; empty when nothing differs."""
    sections = {
        "Actions": _list_changes("action", task["actions"], wanted.get("actions")),
        "Principal": _value_changes(task, wanted, ("logon_type", "run_level", "user_id", "group_id")),
        "Registration Info": _value_changes(task, wanted, ("description",)),
        "Settings": _value_changes(task, wanted, SETTINGS),
        "Triggers": _list_changes("trigger", task["triggers"], wanted.get("triggers")),
    }
    return "".join(f"[{name}]\n{changes}\n" for name, changes in sections.items() if changes)


def _value_changes(task: Mapping[str, Any], wanted: Mapping[str, Any], names: Sequence[str]) -> str:
    differing = [name for name in names if name in wanted and wanted[name] != task[name]]
    return "".join(f"-{_com(name)}={task[name]}\n+{_com(name)}={wanted[name]}\n" for name in differing)


def _list_changes(what: str, found: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]] | None) -> str:
    if wanted is None:
        return ""
    text = ""
    for index, entry in enumerate(wanted):
        existing = found[index] if index < len(found) else None
        if existing is None:
            parts = [f"+{_com(key)}={value}" for key, value in entry.items()]
            text += f"+{what}[{index}] = {{\n  {_lines(parts)}\n+}}\n"
            continue
        differing = [key for key in entry if not _same(key, entry[key], existing.get(key))]
        parts = [
            part for key in differing for part in (f"-{_com(key)}={existing.get(key)}", f"+{_com(key)}={entry[key]}")
        ]
        text += f"{what}[{index}] = {{\n  {_lines(parts)}\n}}\n" if parts else ""
    for index, entry in enumerate(found[len(wanted) :], len(wanted)):
        parts = [f"-{_com(key)}={value}" for key, value in entry.items()]
        text += f"-{what}[{index}] = {{\n  {_lines(parts)}\n-}}\n"
    return text


def _lines(parts: Sequence[str]) -> str:
    return ",\n  ".join(parts)


def _same(key: str, wanted: Any, found: Any) -> bool:
    if key == "days_of_week" and found is not None:  # the module compares a sum of days
        return set(wanted.split(",")) == set(found.split(","))
    return bool(wanted == found)


def _com(name: str) -> str:
    """`start_boundary` as the COM object calls it: `StartBoundary`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
