# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module linux_policy: its documentation is library/linux_policy.py."""

from __future__ import annotations

import os

from ansible.module_utils.basic import AnsibleModule

from .answer import result
from .engine import enforce
from .request import RequestError, parse
from .system import System


def main() -> None:
    """Answer Ansible."""
    # no_log keeps the text out of the log and the answer: the caller has it already
    module = AnsibleModule({"policy": {"type": "str", "required": True, "no_log": True}}, supports_check_mode=True)
    if os.geteuid() != 0:
        module.fail_json(msg="linux_policy needs root, and nothing was touched: have Ansible become root.")
        return
    try:
        settings = parse(module.params["policy"])
    except RequestError as error:
        module.fail_json(msg=str(error))
        return
    answer = enforce(settings, System(), check=module.check_mode)
    found = result(settings, answer, diff=module._diff)
    for warning in found.pop("warnings"):
        module.warn(warning)
    module.exit_json(**found)
