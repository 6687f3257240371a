"""The engine windows_modules: what Windows needs beyond settings, through existing modules.

A request becomes few module calls, and their answers a row per setting. Deciding is pure (`enforce` yields calls and is
sent answers); `answered` makes the calls. On a host that is as it should be that is one call for all packages, one for
the features that should be on, one for those that should be off, and one per product and scheduled task, since the
modules for these take one at a time. What differs costs more calls, as far as honest rows need them.

None of the modules reads back what it set, so this engine looks again. What it cannot see: a change that Windows
finishes at the next restart (the row says that one is needed), and what win_scheduled_task does not compare: fields
that are not given, and a trigger's end.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from werkplek.enforcement.facts import plain
from werkplek.enforcement.module_answers import ABSENT, UNKNOWN, Answer, ModuleCall, Result, Row, Setting, Steps, row
from werkplek.enforcement.module_settling import Plan, settle
from werkplek.enforcement.package_calls import packages
from werkplek.enforcement.task_calls import MODULE as TASK_MODULE
from werkplek.enforcement.task_calls import task_arguments, task_found, task_wanted

ENGINE = "windows_modules"


def answered(request: str, execute: Callable[[ModuleCall], Answer], *, check: bool, diff: bool) -> dict[str, Any]:
    """The engine's answer in the form in which a module gives it: `changed`, `settings` as JSON, and a `diff`."""
    steps = enforce(request, check=check)
    try:
        call = next(steps)
        while True:
            call = steps.send(plain(execute(call)))
    except StopIteration as end:
        rows: list[Row] = end.value
    moved = [one for one in rows if one["status"] in {"changed", "noncompliant"}]
    sides = {side: "".join(f"{one['id']}: {one[side]}\n" for one in moved) for side in ("before", "after")}
    return {"changed": bool(moved), "settings": json.dumps(rows), **({"diff": sides} if diff else {})}


def enforce(request: str, *, check: bool) -> Steps[list[Row]]:
    """Rows in the order of the request. Raises ValueError or KeyError for a request that is none of schema 1."""
    document = json.loads(request)
    if document["schema"] != 1:
        raise ValueError(f"schema {document['schema']!r} instead of 1")
    settings = [_setting(fields) for fields in document["settings"]]
    rows: dict[str, Row] = {}
    for kind in dict.fromkeys(setting.kind for setting in settings):
        group = [setting for setting in settings if setting.kind == kind]
        done = yield from _KINDS.get(kind, _unknown)(group, check)
        rows |= {one["id"]: one for one in done}
    return [rows[setting.id] for setting in settings]


def _setting(fields: Mapping[str, Any]) -> Setting:
    body = {key: value for key, value in fields.items() if key not in {"id", "kind", "observe", "secret"}}
    return Setting(fields["id"], fields["kind"], body, fields.get("observe") == "waived", fields.get("secret") is True)


def _unknown(settings: Sequence[Setting], check: bool) -> Steps[list[Row]]:
    yield from ()
    text = f"the engine {ENGINE} does not know kind "
    return [row(setting, "failed", UNKNOWN, UNKNOWN, text + setting.kind) for setting in settings]


def _packages(settings: Sequence[Setting], check: bool) -> Steps[list[Row]]:
    return (yield from packages(settings, check=check))


def _features(settings: Sequence[Setting], check: bool) -> Steps[list[Row]]:
    rows: list[Row] = []
    for absent in (True, False):
        group = [setting for setting in settings if setting.absent is absent]
        rows += yield from settle(group, FEATURES, check=check)
    return rows


def _one_by_one(plan: Plan) -> Callable[[Sequence[Setting], bool], Steps[list[Row]]]:
    def each(settings: Sequence[Setting], check: bool) -> Steps[list[Row]]:
        rows: list[Row] = []
        for setting in settings:
            rows += yield from settle([setting], plan, check=check)
        return rows

    return each


def _feature_arguments(settings: Sequence[Setting]) -> dict[str, Any]:
    return {"name": [setting.body["name"] for setting in settings], "state": settings[0].body["state"]}


def _feature_found(setting: Setting, _looked: Result) -> str:
    return "not disabled" if setting.absent else "not enabled"  # it may wait for a restart


def _feature_wanted(setting: Setting, _looked: Result) -> str:
    return "disabled" if setting.absent else "enabled"


def _feature_lacking(setting: Setting, failure: str) -> bool:
    return failure == f"Failed to find feature '{setting.body['name']}'"


def _product_arguments(settings: Sequence[Setting]) -> dict[str, Any]:
    return {"product_id": settings[0].body["code"], "provider": "msi", "state": "absent"}


FEATURES = Plan(
    "ansible.windows.win_optional_feature", _feature_arguments, _feature_found, _feature_wanted, _feature_lacking
)
PRODUCTS = Plan("ansible.windows.win_package", _product_arguments, lambda *_: "installed", lambda *_: ABSENT)
TASKS = Plan(TASK_MODULE, lambda settings: task_arguments(settings[0].body), task_found, task_wanted)

_KINDS: Mapping[str, Callable[[Sequence[Setting], bool], Steps[list[Row]]]] = {
    "package": _packages,
    "product": _one_by_one(PRODUCTS),
    "feature": _features,
    "scheduled_task": _one_by_one(TASKS),
}
