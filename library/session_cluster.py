#!/usr/bin/python
"""Documentation of the action plugin session_cluster; the work is done on the controller."""

DOCUMENTATION = r"""
module: session_cluster
short_description: The order of a run over session hosts, and leave for one of them
description:
  - Opens no connection. A host's cluster is C(registry.cluster).
  - With O(answers_in), gives the hosts of the play in batches with at most O(at_once) of a cluster, those that are
    out of service first.
  - With O(members), fails where the cluster cannot miss this host now. At most O(at_once) of a cluster are out together
    and one always stays; a member that cannot be reached, is drained or is not well is out.
options:
  at_once:
    description: How many of a cluster may be out together.
    type: int
    default: 1
  outage_allowed:
    description: Whether a host without others may leave all the same.
    type: bool
    default: false
  answers_in:
    description: The variable in which each host of the play has its answer of M(session_host).
    type: str
  members:
    description: The answers of the cluster's members, as a loop over M(session_host) registers them.
    type: list
    elements: dict
author: Werkplek
"""

EXAMPLES = r"""
- name: Decide on the order
  session_cluster:
    answers_in: found
  run_once: true
  register: order
"""

RETURN = r"""
hosts:
  description: All hosts in their order.
  returned: with O(answers_in)
  type: list
  elements: str
batches:
  description: How many hosts each batch has.
  returned: with O(answers_in)
  type: list
  elements: int
"""
