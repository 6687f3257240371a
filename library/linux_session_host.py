#!/usr/bin/python
# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module linux_session_host: sessions, drain and health of a Linux host that people work on through xrdp."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux_session_host.host import Host, HostError
from ansible.module_utils.linux_session_host.main import run

DOCUMENTATION = r"""
module: linux_session_host
short_description: Drain a Linux session host, and tell who is on it and whether it is well
description:
  - Tells who has a desktop on an xrdp host, from which image it was made, whether a restart is due and whether it
    serves people, and drains it or lets people in again.
  - Usually run by the action plugin M(session_host), which also compares the image with the registry's.
  - Draining is a PAM account rule of C(xrdp-sesman), put in place when it is first needed. It holds over a restart.
version_added: "0.2.0"
author: Werkplek contributors
options:
  state:
    description:
      - V(status) only looks. V(drained) lets nobody new in; who has a session, also one without a client, may come back
        to it. V(accepting) lets everyone in.
    type: str
    choices: [status, drained, accepting]
    default: status
  message:
    description: Shown once, when a drain begins, on the desktops of those who are there (needs C(xmessage)).
    type: str
  log_off:
    description: With O(state=drained), sign out those who are still there.
    type: bool
    default: false
  login:
    description:
      - Sign in for real (PAM, session manager, X server, desktop) and out again, as one more health check. Not in check
        mode; on a drained host too.
      - Without O(login_account) an account C(werkplek-check) is made for it, with a random password that is nowhere
        kept, and taken away again.
    type: bool
    default: false
  login_account:
    description: An account of the directory to sign in with.
    type: str
  login_password:
    description: Its password.
    type: str
attributes:
  check_mode:
    support: full
    description: Says whether it would change anything, and touches nothing.
  platform:
    platforms: debian
requirements: [xrdp 0.10, systemd-logind]
"""

EXAMPLES = r"""
- name: Let nobody new in
  linux_session_host:
    state: drained
    message: Deze werkplek wordt over een uur onderhouden. Sla uw werk op.
"""

RETURN = r"""
draining:
  description: Whether the host now lets nobody new in.
  returned: always
  type: bool
sessions:
  description: One item for each desktop, with C(id), C(user), C(state) (active or disconnected) and C(idle_seconds).
  returned: always
  type: list
  elements: dict
image_version:
  description: C(IMAGE_VERSION) of C(/etc/os-release).
  returned: always
  type: str
reboot_required:
  description: Whether a restart is due.
  returned: always
  type: bool
reboot_because:
  description: Why, one text for each package that asked for it.
  returned: always
  type: list
  elements: str
boot_time:
  description: When the host started, in UTC.
  returned: always
  type: str
  sample: '2026-11-02T05:30:00Z'
healthy:
  description: Whether every check in C(health) is good.
  returned: always
  type: bool
health:
  description: What was looked at, each with C(check), C(ok) and C(found).
  returned: always
  type: list
  elements: dict
"""


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "state": {"type": "str", "choices": ["status", "drained", "accepting"], "default": "status"},
            "message": {"type": "str"},
            "log_off": {"type": "bool", "default": False},
            "login": {"type": "bool", "default": False},
            "login_account": {"type": "str"},
            "login_password": {"type": "str", "no_log": True},
        },
        required_together=[("login_account", "login_password")],
        supports_check_mode=True,
    )
    try:
        result = run(Host(), module.params, module.check_mode)
    except HostError as error:
        module.fail_json(msg=str(error))
    for warning in result.pop("warnings"):
        module.warn(warning)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
