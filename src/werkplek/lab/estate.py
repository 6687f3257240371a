"""Makes estates: registry snapshots of any size, the same for the same arguments, and the one in lab/estate.json."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from werkplek.files import write_atomic
from werkplek.lab.estate_hosts import (
    ACCESS,
    CORE,
    COUNTER,
    DESKTOP,
    KINDS,
    KIOSK,
    LAPTOP,
    STACKING,
    VDI_HOST,
    AddressOf,
    Builder,
    Wish,
)
from werkplek.lab.estate_network import (
    CONTACT_ROLES,
    CONTACTS,
    add_oob,
    contact_assignments,
    join,
    stacked,
)
from werkplek.lab.estate_ports import ports
from werkplek.lab.estate_tables import AS_OF, MUNICIPALITIES, OWNERS, SHARED, STATUSES, base_objects, release_of
from werkplek.lab.estate_vlans import vlans
from werkplek.registry.model import Device, IPAddress, VirtualChassis, VirtualMachine
from werkplek.registry.snapshot import to_bytes
from werkplek.registry.tables import EXTRAS, Snapshot

SOURCE = "https://netbox.example/"
NETBOX = "4.4.10"
RINGS = (("canary", 0.05), ("pilot", 0.15), ("broad", 0.80))


def private_address(tenant: int, number: int) -> str:
    """A /16 of 10.0.0.0/8 (RFC 1918) for each tenant. Raises ValueError beyond 63,999 hosts."""
    if number > 63_999:
        raise ValueError(f"tenant {tenant} has more than 63999 hosts; give another `address`")
    return f"10.{20 + tenant}.{number // 250}.{number % 250 + 1}/16"


def lab_address(tenant: int, number: int) -> str:
    """A loopback address in 127.0.11.0/24 to 127.0.17.0/24, one per tenant. Raises ValueError beyond 254 hosts."""
    if number > 254:
        raise ValueError(f"tenant {tenant} has more than 254 hosts; give another `address`")
    return f"127.0.{11 + tenant}.{number}/8"


def generate(hosts: int, seed: int, address: AddressOf = private_address, version: str = NETBOX) -> Snapshot:
    """An estate of `hosts` devices and VMs in the proportions of six municipalities; equal for equal arguments.

    It holds what a NetBox of `version` can hold: nested roles from 4.3, nested platforms from 4.4, owners from 4.5.
    """
    rng = random.Random(seed)  # noqa: S311 - test data, no secret
    kinds = _shares(hosts, [(kind, kind.share) for kind in KINDS])
    weights = [municipality.weight for municipality in MUNICIPALITIES]
    tenants = [
        SHARED if kind in (VDI_HOST, CORE) else rng.choices(range(len(MUNICIPALITIES)), weights)[0] for kind in kinds
    ]
    rings = _shares(hosts, RINGS)
    rng.shuffle(rings)
    statuses = rng.choices([name for name, _ in STATUSES], [share for _, share in STATUSES], k=hosts)
    wishes = [Wish(*wish) for wish in zip(tenants, kinds, rings, statuses, strict=True)]
    rng.shuffle(wishes)
    builder = Builder(rng, address, release_of(version))
    builder.add(wishes)
    stacks = stacked(builder)
    add_oob(builder)
    return snapshot_of(builder.hosts, builder.addresses, stacks, version)


def _shares[T](total: int, shares: Sequence[tuple[T, float]]) -> list[T]:
    """`total` items in these proportions; the first one takes what rounding leaves."""
    rest = [item for item, share in shares[1:] for _ in range(int(total * share + 0.5))]
    return ([shares[0][0]] * max(total - len(rest), 0) + rest)[:total]


def snapshot_of(
    rows: Sequence[Device | VirtualMachine],
    addresses: Sequence[IPAddress],
    stacks: tuple[VirtualChassis, ...],
    version: str,
) -> Snapshot:
    """The registry with these hosts in it, and with the ports of those that are switches."""
    devices = tuple(row for row in rows if isinstance(row, Device))
    in_use = {row.primary_ip4 for row in rows} | {row.oob_ip for row in devices}
    objects = replace(
        base_objects(release_of(version)),
        devices=devices,
        virtual_machines=tuple(row for row in rows if isinstance(row, VirtualMachine)),
        ip_addresses=tuple(address for address in addresses if address.id in in_use),
        virtual_chassis=stacks,
        vlans=vlans(),
        interfaces=ports(devices),
        contacts=CONTACTS,
        contact_roles=CONTACT_ROLES,
        contact_assignments=contact_assignments(devices),
    )
    extras = tuple(extra for extra in EXTRAS if extra != "owner" or release_of(version) >= OWNERS)
    return Snapshot(SOURCE, AS_OF, version, include=extras, filters={}, objects=objects)


# The embedded estate: Windows workplaces per municipality, in order of name.
WORKPLACES = (4, 9, 4, 6, 4, 5)
PAPENDRECHT, DORDRECHT, SLIEDRECHT = 3, 1, 4
SEED = 2026


def embedded() -> Snapshot:
    """The estate of lab/estate.json: 44 good hosts, five records broken in one way each, three of other kinds.

    The last good hosts are a switch of Sliedrecht, and a stack of two in Dordrecht, which is one host.
    """
    rng = random.Random(SEED)  # noqa: S311 - test data, no secret
    good = list(_embedded_wishes())
    odd = [Wish(PAPENDRECHT, LAPTOP, "broad")] * 5
    odd += [Wish(DORDRECHT, DESKTOP, "broad", "decommissioning"), Wish(SLIEDRECHT, LAPTOP, "broad", "planned")]
    odd += [Wish(DORDRECHT, LAPTOP, "broad")]
    switches = [Wish(tenant, STACKING, "broad") for tenant in (SLIEDRECHT, DORDRECHT, DORDRECHT)]
    builder = Builder(rng, lab_address, release_of(NETBOX))
    builder.add([*good, *odd, *switches])
    for place, change in enumerate(CHANGES, start=len(good)):
        builder.hosts[place] = _changed(builder.hosts[place], change)
    stack = join(builder, 1, *(row for row in builder.hosts[-2:] if isinstance(row, Device)))
    return snapshot_of(builder.hosts, builder.addresses, (stack,), NETBOX)


def _embedded_wishes() -> Iterator[Wish]:
    """Each municipality has one canary and one pilot among its workplaces."""
    for tenant, count in enumerate(WORKPLACES):
        for number in range(count):
            ring = ("canary", "pilot")[number] if number < 2 else "broad"
            yield Wish(tenant, (LAPTOP, LAPTOP, DESKTOP, LAPTOP, COUNTER)[number % 5], ring)
    yield Wish(DORDRECHT, KIOSK, "pilot")
    yield Wish(PAPENDRECHT, KIOSK, "broad")
    for ring in ("canary", "pilot", "broad", "broad"):
        yield Wish(SHARED, VDI_HOST, ring)
    yield Wish(DORDRECHT, ACCESS, "pilot")
    yield Wish(PAPENDRECHT, ACCESS, "broad")
    yield Wish(SHARED, CORE, "canary")
    yield Wish(SHARED, CORE, "broad")


# What is changed about the eight hosts behind the good ones, in their order: one thing each.
CHANGES: tuple[dict[str, object], ...] = (
    {"custom_fields": {"update_ring": None, "owner_department": "Ruimte", "image_version": None}},
    {"tenant": None},
    {"primary_ip4": None},
    {"platform": None},
    {"name": None},
    {},
    {},
    {"name": "{{ 7*7 }}"},
)


def _changed(row: Device | VirtualMachine, change: dict[str, object]) -> Device | VirtualMachine:
    return replace(row, **change)  # type: ignore[arg-type]


def write_embedded(path: Path) -> None:
    """Write the embedded estate; equal on every machine, byte for byte."""
    write_atomic(path, to_bytes(embedded()), mode=0o644)
