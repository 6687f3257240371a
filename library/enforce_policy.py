#!/usr/bin/python
"""Documentation of the action plugin enforce_policy; the work is done on the controller."""

DOCUMENTATION = r"""
module: enforce_policy
short_description: Enforce the policy of a workplace
description:
  - Resolves the settings that C(policies/) and C(municipalities/) give to this host, by its class, platform,
    municipality, ring and site in the registry.
  - Sends them to each engine as one JSON text, and returns a row per setting. The engine C(windows_policy) is one
    module call. The engine C(windows_modules) stands for modules of others; it makes as few calls of them as honest
    rows allow, and looks again after it set something.
  - Check mode compares and touches nothing. One failing setting does not hide the others.
options:
  drift_fails:
    description: In check mode, fail a host that is not as its policy says, so that the exit code tells.
    type: bool
    default: false
  reclaim:
    description:
      - Sets again what was given up because it came back changed each time (V(owned_elsewhere)); see the option of the
        same name of M(windows_policy). What group policy or MDM own stays theirs.
    type: bool
    default: false
  preliminary:
    description:
      - This is the look before a change in the same run. Where something differs, the result is marked C(preliminary)
        and is no evidence; the change that follows is.
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
      where there is something to say, C(message), which tells why it failed, what its waiver says, who else owns it, or
      that a restart is needed.
  returned: always
  type: list
  elements: dict
evidence:
  description: Every row, the compliant ones included, as one JSON text.
  returned: always
  type: str
counts:
  description:
    - Number of settings per status (compliant, changed, noncompliant, failed, waived, owned_elsewhere, unsupported).
  returned: always
  type: dict
reboot_required:
  description: Whether something that was set, or that waits from before, needs a restart; C(reboot_because) says what.
  returned: always
  type: bool
handlers:
  description:
    - Services restarted or reloaded and tools run for what was changed, each with C(name), C(because) (ids of
      settings) and C(failed); in check mode those that would be.
  returned: when there are any
  type: list
  elements: dict
werkplek:
  description: What decided, namely municipality, workplace_class, ring, policy_digest, check_mode and object_url.
  returned: always
  type: dict
"""
