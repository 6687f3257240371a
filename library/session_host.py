#!/usr/bin/python
"""Documentation of the action plugin session_host; it calls linux_session_host or windows_session_host."""

DOCUMENTATION = r"""
module: session_host
short_description: Look at a session host, drain it, or let people in again
description:
  - Calls M(linux_session_host) or M(windows_session_host), by the host's platform, and returns its answer.
options:
  state:
    description: V(status) only looks; V(drained) lets nobody new in; V(accepting) lets everyone in.
    type: str
    choices: [status, drained, accepting]
    default: status
  message:
    description: Shown to people who are there when a drain begins.
    type: str
  log_off:
    description: With O(state=drained), end the sessions that are there, or those that are left after a wait.
    type: bool
    default: false
  image_field:
    description:
      - The registry's custom field that says which image the host should run. A host that runs another one, or whose
        field is empty, fails.
    type: str
  login:
    description: On Linux, sign in for real as one more health check. Needs O(well_within_seconds).
    type: bool
    default: false
  login_account:
    description: An account to sign in with; without it one is made for the moment.
    type: str
  login_password:
    description: Its password.
    type: str
  empty_within_minutes:
    description:
      - Wait at most so long until nobody has a session. People who are still there then are signed out with
        O(log_off=true); otherwise the task fails and names them.
    type: float
  well_within_seconds:
    description: Wait at most so long until every health check is good, the sign-in included where asked; else fail.
    type: float
  interval_seconds:
    description: How often to look while waiting.
    type: float
    default: 10
author: Werkplek
"""

EXAMPLES = r"""
- name: Look at the session host
  session_host:
    image_field: image_version
  register: found
"""

RETURN = r"""
draining:
  description: Whether the host lets nobody new in.
  returned: success
  type: bool
sessions:
  description: Who is there, each with C(user) and C(state).
  returned: success
  type: list
  elements: dict
reboot_required:
  description: Whether a restart is due.
  returned: success
  type: bool
cluster_members:
  description: The session hosts of its cluster that are in use, by the inventory; itself included.
  returned: success
  type: list
  elements: str
healthy:
  description: Whether all of C(health) is good.
  returned: success
  type: bool
"""
