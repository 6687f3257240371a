"""A host that answers by script: the calls that are expected, in order, each with its answer."""

from __future__ import annotations

import json
from typing import Any

from werkplek.enforcement.module_answers import ModuleCall
from werkplek.enforcement.module_calls import answered

FACTS = "chocolatey.chocolatey.win_chocolatey_facts"
CHOCO = "chocolatey.chocolatey.win_chocolatey"
FEATURE = "ansible.windows.win_optional_feature"
PACKAGE = "ansible.windows.win_package"
TASK = "community.windows.win_scheduled_task"

SAME = {"changed": False}
DIFFERENT = {"changed": True}
NO_CHOCOLATEY = {
    "failed": True,
    "msg": "Failed to find Chocolatey installation, make sure choco.exe is in the PATH env value",
}


def request(*settings: dict[str, Any]) -> str:
    return json.dumps({"schema": 1, "settings": settings})


def play(settings: list[dict[str, Any]], script: list[tuple[Any, ...]], *, check: bool) -> list[dict[str, str]]:
    """Rows of the settings. The script has (module, arguments that must be among the call's, check, answer)."""
    left = list(script)

    def execute(call: ModuleCall) -> dict[str, Any]:
        assert left, f"a call that the script does not have: {call}"
        module, arguments, checked, answer = left.pop(0)
        assert (call.module, call.check) == (module, checked)
        assert {name: call.arguments.get(name) for name in arguments} == arguments
        return answer

    answer = answered(request(*settings), execute, check=check, diff=False)
    assert left == [], "calls that were not made"
    rows: list[dict[str, str]] = json.loads(answer["settings"])
    assert answer["changed"] == any(row["status"] in {"changed", "noncompliant"} for row in rows)
    return rows


def installed(*packages: tuple[str, str]) -> dict[str, Any]:
    """An answer of win_chocolatey_facts."""
    found = [{"package": name, "version": version} for name, version in packages]
    return {"changed": False, "ansible_facts": {"ansible_chocolatey": {"packages": found, "filter": ["packages"]}}}


def facts(*packages: tuple[str, str]) -> tuple[Any, ...]:
    return (FACTS, {"filter": ["packages"]}, True, installed(*packages))


def package(name: str, **fields: Any) -> dict[str, Any]:
    return {"id": name, "kind": "package", "name": name, "state": "present", **fields}


def feature(name: str, state: str = "absent", **fields: Any) -> dict[str, Any]:
    return {"id": name, "kind": "feature", "name": name, "state": state, **fields}


def statuses(rows: list[dict[str, str]]) -> dict[str, str]:
    return {row["id"]: row["status"] for row in rows}
