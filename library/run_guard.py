#!/usr/bin/python
"""Documentation of the action plugin run_guard; the work is done on the controller."""

DOCUMENTATION = r"""
module: run_guard
short_description: Stop a run that could hit more than was meant
description:
  - Runs once on the controller and opens no connection.
  - Refuses a run without a scope, over the ceiling, over hosts named although they are quarantined or out of their
    lifecycle, or over a host in no municipality or in two.
  - Loads every policy and municipality document and resolves each host in scope, so that a mistake in them stops the
    run before a host is touched.
options:
  targets:
    description: What the playbook manages, each a group or an intersection of groups.
    type: list
    elements: str
    required: true
  ceiling:
    description: The most hosts that the run may touch.
    type: int
    default: 200
  scope:
    description: The host pattern that stands in for C(--limit), from the extra variable C(werkplek_scope).
    type: str
  part:
    description: Whether the playbook is one of several in the run, and may have nothing to do in this scope.
    type: bool
    default: false
author: Werkplek
"""

EXAMPLES = r"""
- name: Refuse a run that could hit more than was meant
  run_guard:
    targets: ["workstation:&windows"]
"""

RETURN = r"""
hosts:
  description: The hosts in scope that the playbook manages.
  returned: success
  type: list
  elements: str
left_out:
  description: Hosts in scope that are left out, with the group that says why.
  returned: success
  type: dict
"""
