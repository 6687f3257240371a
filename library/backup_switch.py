#!/usr/bin/python
"""Documentation of the action plugin backup_switch; the work is done on the controller."""

DOCUMENTATION = r"""
module: backup_switch
short_description: Keep a switch's running configuration, without its secrets
description:
  - Signs in, reads, and writes a dated file (0600) below C(.werkplek/backups/network) on the controller, where the
    newest one there says something else. Changes nothing on the switch; in check mode, keeps nothing either.
author: Werkplek
"""

EXAMPLES = r"""
- name: Keep the running configuration
  backup_switch:
"""

RETURN = r"""
backup:
  description: The newest file.
  returned: not in check mode
  type: str
new:
  description: Whether it was written now.
  returned: always
  type: bool
"""
