#!/usr/bin/python
"""Documentation of the action plugin network_plan; the work is done on the controller."""

DOCUMENTATION = r"""
module: network_plan
short_description: What every switch should be, and the order in which switches are changed
description:
  - Opens no connection. Reads the ports, VLANs and cables of all switches of the inventory, and the VLAN plans of all
    municipalities, and works out each switch's VLANs and ports. A trunk carries what the switches behind it need.
  - Fails with every contradiction at once, each with the switch, the port and both sources.
  - The order is the furthest from the distribution switches first, canary before pilot before broad among equals.
    Two switches of one path, or two that a third is reached through, are never in one batch.
options:
  at_once:
    description: How many switches a batch may have.
    type: int
    default: 20
author: Werkplek
"""

EXAMPLES = r"""
- name: Work out what every switch should be
  network_plan:
  run_once: true
  register: plan
"""

RETURN = r"""
folder:
  description: The folder on the controller with a file per switch, for M(enforce_switch).
  returned: always
  type: str
hosts:
  description: The switches of the play in their order.
  returned: always
  type: list
  elements: str
batches:
  description: How many switches each batch has; in check mode there is one.
  returned: always
  type: list
  elements: int
after:
  description: For a switch, those of the play that are reached through it and go before it.
  returned: always
  type: dict
"""
