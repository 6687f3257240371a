# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module linux_directory: its documentation is library/linux_directory.py."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux_policy.model import HostError

from .engine import Answer, ensure
from .machine import Machine
from .wanted import RequestError, parse

OPTIONS: dict[str, dict[str, Any]] = {
    "domain": {"type": "str", "required": True},
    "realm": {"type": "str"},
    "join_account": {"type": "str", "required": True},
    "join_password": {"type": "str", "no_log": True},
    "computer_ou": {"type": "str"},
    "permitted_groups": {"type": "list", "elements": "str", "default": []},
}


def main() -> None:
    """Answer Ansible."""
    module = AnsibleModule(OPTIONS, supports_check_mode=True)
    try:
        answer = ensure(parse(module.params), Machine(), module.check_mode)
    except (RequestError, HostError) as error:
        module.fail_json(msg=str(error))
        return
    for warning in answer.warnings:
        module.warn(warning)
    module.exit_json(**result(answer, diff=module._diff))


def result(answer: Answer, diff: bool) -> dict[str, Any]:
    """The answer as Ansible wants it."""
    found: dict[str, Any] = {
        "changed": bool(answer.changes),
        "computer": answer.computer,
        "changes": [change.what for change in answer.changes],
    }
    if diff:
        found["diff"] = [
            {"before_header": one.what, "after_header": one.what, "before": one.before, "after": one.after}
            for one in answer.changes
        ]
    return found
