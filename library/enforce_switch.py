#!/usr/bin/python
"""Documentation of the action plugin enforce_switch; the work is done on the controller."""

DOCUMENTATION = r"""
module: enforce_switch
short_description: Enforce what a switch should be, in one session
description:
  - Resolves the switch's settings, adds what M(network_plan) worked out for it, and signs in once through the host's
    own connection plugin. The switch must be the one that the registry means (system, stack, ports).
  - Check mode compares and changes nothing; the difference is exact. Where the platform can (Arista EOS), the switch's
    own view of it is returned as well.
  - Otherwise the configuration is kept without its secrets, what differs is entered while the switch has a way back of
    its own, and it is saved only when uplinks and neighbours are as before and, where the way in was changed, somebody
    can still sign in. In every other case, a lost session included, the switch goes back to what it ran before.
  - What runs as it should and was never saved is saved.
options:
  plan:
    description: The folder that M(network_plan) returned.
    type: path
    required: true
  after:
    description: Switches that are reached through this one. It is left alone where one of them failed in this run.
    type: list
    elements: str
    default: []
  drift_fails:
    description: In check mode, fail a switch that is not as it should be, so that the exit code tells.
    type: bool
    default: false
  confirm_minutes:
    description: How long the switch waits for this run's word before it goes back by itself.
    type: int
    default: 5
  settle_seconds:
    description: How long uplinks and neighbours may take to come back.
    type: int
    default: 60
author: Werkplek
"""

EXAMPLES = r"""
- name: Enforce the policy of this switch
  enforce_switch:
    plan: "{{ plan.folder }}"
"""

RETURN = r"""
settings:
  description:
    - The settings that are not plainly compliant; see M(enforce_policy), as for C(evidence), C(counts), C(werkplek).
  returned: always
  type: list
  elements: dict
backup:
  description: The file with the configuration as it was before.
  returned: not in check mode
  type: str
preview:
  description: What the switch itself says would change.
  returned: in check mode with --diff, where the platform can
  type: str
"""
