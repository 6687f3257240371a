"""VLAN plans of the municipalities as a worker reads them: several meet on a shared switch. Standard library only."""

from __future__ import annotations

import json
from typing import NamedTuple


class PlannedVlan(NamedTuple):
    """A VLAN of a plan. `use` is one of municipality_switching.USES, `source` is `municipalities/<slug>.yml:<line>`."""

    vid: int
    name: str
    use: str
    source: str


class Plan(NamedTuple):
    """What the switches of others may need of a municipality's section `switching`.

    `networks` are the IPv4 networks that switches accept terminals from, `gateway` is the management VLAN's router.
    """

    slug: str
    vlans: tuple[PlannedVlan, ...]
    networks: tuple[str, ...]
    gateway: str


def packed(plan: Plan) -> bytes:
    """A plan as JSON, the same for the same plan."""
    return json.dumps(plan, separators=(",", ":"), ensure_ascii=False).encode()


def unpacked(text: bytes) -> Plan:
    """The plan that `packed` wrote."""
    slug, vlans, networks, gateway = json.loads(text)
    return Plan(slug, tuple(PlannedVlan(*vlan) for vlan in vlans), tuple(networks), gateway)
