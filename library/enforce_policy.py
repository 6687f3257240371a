#!/usr/bin/python
"""Documentation of the action plugin enforce_policy; the work is done on the controller."""

DOCUMENTATION = r"""
module: enforce_policy
short_description: Enforce the policy of a workplace, one call per engine
description:
  - Resolves the settings that C(policies/) and C(municipalities/) give to this host, by its class, platform,
    municipality, ring and site in the registry.
  - Sends them to each engine in one call as one JSON text, and returns a row per setting.
  - Check mode compares and touches nothing. One failing setting does not hide the others.
options:
  drift_fails:
    description: In check mode, fail a host that is not as its policy says, so that the exit code tells.
    type: bool
    default: false
author: Werkplek
"""

EXAMPLES = r"""
- name: Enforce the policy of this workplace
  enforce_policy:
"""

RETURN = r"""
settings:
  description:
    - The settings that are not plainly compliant, each a row with C(id), C(status), C(before), C(after), C(source) and,
      on failure, C(message).
  returned: always
  type: list
  elements: dict
evidence:
  description: Every row, the compliant ones included, as one JSON text.
  returned: always
  type: str
counts:
  description: Number of settings per status (compliant, changed, noncompliant, failed, waived, unsupported).
  returned: always
  type: dict
werkplek:
  description: What decided, namely municipality, workplace_class, ring, policy_digest, check_mode and object_url.
  returned: always
  type: dict
"""
