"""Estates of switches alone, of any size, and what a double of each switch needs to know to begin with."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from werkplek.lab.estate import NETBOX, private_address, snapshot_of
from werkplek.lab.estate_hosts import ACCESS, CORE, Builder, Wish
from werkplek.lab.estate_network import STACK_EVERY, stacked
from werkplek.lab.estate_tables import MUNICIPALITIES, SHARED, release_of
from werkplek.lab.estate_vlans import vid_of
from werkplek.registry.model import Device, Interface
from werkplek.registry.tables import Snapshot

SEED = 2026
PER_DISTRIBUTION = 10
RINGS = ("canary", "pilot", "broad", "broad", "broad")


def switch_estate(count: int) -> Snapshot:
    """`count` switches of all municipalities, with their cables: one distribution switch for up to ten access switches.

    Equal for equal counts. A stack counts as one, as in an inventory. Raises ValueError for fewer than two.
    """
    if count < 2:
        raise ValueError(f"a network of {count} switches; at least 2 are needed")
    tops = -(-count // (PER_DISTRIBUTION + 1))
    rng = random.Random(SEED)  # noqa: S311 - test data, no secret
    weights = [municipality.weight for municipality in MUNICIPALITIES]
    heads = count - tops
    # Every twentieth access switch joins another one of its tenant.
    tenants = [*range(len(MUNICIPALITIES)), *rng.choices(range(len(MUNICIPALITIES)), weights, k=count)]
    tenants = tenants[: heads + heads // (STACK_EVERY - 1)]
    wishes = [Wish(SHARED, CORE, RINGS[place % len(RINGS)]) for place in range(tops)]
    wishes += [Wish(tenant, ACCESS, RINGS[place % len(RINGS)]) for place, tenant in enumerate(tenants)]
    builder = Builder(rng, private_address, release_of(NETBOX))
    builder.add(wishes)
    stacks = stacked(builder)
    return snapshot_of(builder.hosts, builder.addresses, stacks, NETBOX)


class Member(NamedTuple):
    """A switch of a stack, or the only one: its place in the stack from 1, its serial number and its model."""

    position: int
    serial: str
    model: str


class Port(NamedTuple):
    """A port; `peer` is (switch, port) at the far end of its cable, or None. `kind` is NetBox's interface type."""

    name: str
    kind: str
    member: int
    peer: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class SwitchHost:
    """A switch as it is found: a stack is one, with the ports of all its members, and called as its first member.

    `role` is `access-switch` or `distribution-switch`; `address` the registry's primary address without its mask;
    `management_vlan` the number of its municipality's VLAN for management.
    """

    name: str
    platform: str
    municipality: str
    role: str
    address: str | None
    management_vlan: int
    members: tuple[Member, ...]
    ports: tuple[Port, ...]


def hosts(snapshot: Snapshot) -> tuple[SwitchHost, ...]:
    """The switches of a lab's estate, by name."""
    objects = snapshot.objects
    roles = {role.id: role.slug for role in objects.device_roles}
    switches = [row for row in objects.devices if roles[row.role or 0] in (ACCESS.role, CORE.role)]
    masters = {stack.id: stack.master for stack in objects.virtual_chassis}
    members: dict[int, list[Device]] = defaultdict(list)
    for row in sorted(switches, key=lambda row: row.vc_position or 0):
        members[masters.get(row.virtual_chassis or 0) or row.id].append(row)
    ports: dict[int, list[Interface]] = defaultdict(list)
    for port in objects.interfaces:
        ports[port.device].append(port)
    found = _Estate(snapshot, members, ports)
    return tuple(sorted(map(found.host, members), key=lambda host: host.name))


class _Estate:
    """What all switches of one snapshot are made with."""

    def __init__(self, snapshot: Snapshot, members: dict[int, list[Device]], ports: dict[int, list[Interface]]) -> None:
        objects = snapshot.objects
        self._members, self._ports = members, ports
        self._names = {row.id: str(found[0].name) for found in members.values() for row in found}
        self._tenants = {tenant.id: tenant.slug for tenant in objects.tenants}
        self._roles = {role.id: role.slug for role in objects.device_roles}
        self._platforms = {platform.id: platform.slug for platform in objects.platforms}
        self._models = {kind.id: kind.model for kind in objects.device_types}
        self._addresses = {address.id: address.address.partition("/")[0] for address in objects.ip_addresses}

    def host(self, number: int) -> SwitchHost:
        """The switch whose first member has this id."""
        members = self._members[number]
        first = members[0]
        return SwitchHost(
            name=str(first.name),
            platform=self._platforms[first.platform or 0],
            municipality=self._tenants[first.tenant or 0],
            role=self._roles[first.role or 0],
            address=self._addresses.get(first.primary_ip4 or 0),
            management_vlan=vid_of((first.tenant or 1) - 1, "management"),
            members=tuple(
                Member(row.vc_position or 1, row.serial, self._models[row.device_type or 0]) for row in members
            ),
            ports=tuple(self._all_ports(members)),
        )

    def _all_ports(self, members: Sequence[Device]) -> Iterator[Port]:
        for row in members:
            for port in self._ports[row.id]:
                far = port.peer
                peer = (self._names[far.device], far.name) if far and far.device in self._names else None
                yield Port(port.name, port.type, row.vc_position or 1, peer)
