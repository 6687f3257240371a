"""Makes estates: registry snapshots of any size, the same for the same arguments, and the one in lab/estate.json."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import JsonValue

from werkplek.files import write_atomic
from werkplek.lab.estate_tables import (
    CLUSTERS,
    DEPARTMENTS,
    MUNICIPALITIES,
    PLATFORM_IDS,
    ROLE_IDS,
    SHARED,
    SITES_OF,
    STATUSES,
    TAG_IDS,
    TYPE_IDS,
    base_objects,
    mer_of,
)
from werkplek.registry.model import Device, Snapshot, VirtualMachine
from werkplek.registry.snapshot import to_bytes

SOURCE = "https://netbox.example/"
TAKEN_AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NETBOX = "4.4.10"

type AddressOf = Callable[[int, int], str]
"""(place of the tenant: 0-5 the municipalities in order of name, 6 the shared one; number there, from 1) -> CIDR."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of host: letters in its name, role, platforms and makes to choose from, share of an estate."""

    letters: str
    role: str
    platforms: tuple[str, ...]
    makes: tuple[str, ...]
    share: float
    tags: tuple[str, ...] = ()


LAPTOP = Kind("LT", "laptop", ("windows-11",), ("hp-elitebook-840", "dell-latitude-5450"), 0.50, ("mobile",))
DESKTOP = Kind("DT", "desktop", ("windows-11",), ("hp-elitedesk-800", "dell-optiplex-7020"), 0.25)
COUNTER = Kind("CP", "counter-pc", ("windows-11",), ("hp-elitedesk-800",), 0.06, ("public",))
KIOSK = Kind("KS", "kiosk", ("debian-13",), ("igel-ud3",), 0.05, ("public", "thin-client"))
GUEST = Kind("VD", "vdi-desktop", ("windows-11",), (), 0.06)
VDI_HOST = Kind("VH", "vdi-host", ("windows-server-2022",), ("dell-poweredge-r760",), 0.02)
ACCESS = Kind("SW", "access-switch", ("cisco-ios", "arista-eos"), ("cisco-c9300-24p", "arista-720xp-24"), 0.05)
CORE = Kind("DSW", "distribution-switch", ("cisco-ios",), ("cisco-c9500-24y4c",), 0.01)
KINDS = (LAPTOP, DESKTOP, COUNTER, KIOSK, GUEST, VDI_HOST, ACCESS, CORE)
RINGS = (("canary", 0.05), ("pilot", 0.15), ("broad", 0.80))


@dataclass(frozen=True, slots=True)
class Wish:
    """One host to be made: tenant (place, see AddressOf), kind, ring and status."""

    tenant: int
    kind: Kind
    ring: str
    status: str = "active"


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


def generate(hosts: int, seed: int, address: AddressOf = private_address) -> Snapshot:
    """An estate of `hosts` devices and VMs in the proportions of six municipalities; equal for equal arguments."""
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
    return _snapshot(_built(wishes, rng, address))


def _shares[T](total: int, shares: Sequence[tuple[T, float]]) -> list[T]:
    """`total` items in these proportions; the first one takes what rounding leaves."""
    rest = [item for item, share in shares[1:] for _ in range(int(total * share + 0.5))]
    return ([shares[0][0]] * max(total - len(rest), 0) + rest)[:total]


def _built(wishes: Sequence[Wish], rng: random.Random, address: AddressOf) -> list[Device | VirtualMachine]:
    """Each wish as a row. Names count per tenant and kind, addresses per tenant, asset tags over all."""
    named: dict[tuple[int, str], int] = {}
    addressed: dict[int, int] = {}
    numbers = {Device: 0, VirtualMachine: 0}
    rows: list[Device | VirtualMachine] = []
    for wish in wishes:
        row_type = VirtualMachine if wish.kind is GUEST else Device
        numbers[row_type] += 1
        key = (wish.tenant, wish.kind.letters)
        named[key] = named.get(key, 0) + 1
        addressed[wish.tenant] = addressed.get(wish.tenant, 0) + 1
        prefix = MUNICIPALITIES[wish.tenant].letters if wish.tenant != SHARED else "DRS"
        name = f"{prefix}-{wish.kind.letters}-{named[key]:04}"
        build = _guest if row_type is VirtualMachine else _device
        rows.append(build(numbers[row_type], name, address(wish.tenant, addressed[wish.tenant]), wish, rng))
    return rows


def _device(number: int, name: str, cidr: str, wish: Wish, rng: random.Random) -> Device:
    kind = wish.kind
    choice = number % len(kind.makes)
    site = rng.choice(SITES_OF[wish.tenant])
    return Device(
        id=number,
        name=name,
        status=wish.status,
        serial="".join(rng.choices("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", k=10)),
        asset_tag=f"DS{number:06}",
        site=site,
        location=mer_of(site) if kind in (VDI_HOST, ACCESS, CORE) else None,
        tenant=wish.tenant + 1,
        role=ROLE_IDS[kind.role],
        platform=PLATFORM_IDS[kind.platforms[choice % len(kind.platforms)]],
        device_type=TYPE_IDS[kind.makes[choice]],
        cluster=number % len(CLUSTERS) + 1 if kind is VDI_HOST else None,
        virtual_chassis=None,
        tags=tuple(TAG_IDS[tag] for tag in kind.tags),
        primary_ip4=cidr,
        primary_ip6=None,
        custom_fields=_custom_fields(wish, rng),
        last_updated=_updated(rng),
    )


def _guest(number: int, name: str, cidr: str, wish: Wish, rng: random.Random) -> VirtualMachine:
    return VirtualMachine(
        id=number,
        name=name,
        status="offline" if wish.status == "inventory" else wish.status,  # a VM is never in a cupboard
        serial="",
        site=rng.choice(SITES_OF[wish.tenant]),
        cluster=rng.randrange(len(CLUSTERS)) + 1,
        tenant=wish.tenant + 1,
        role=ROLE_IDS[wish.kind.role],
        platform=PLATFORM_IDS[wish.kind.platforms[0]],
        tags=(),
        primary_ip4=cidr,
        primary_ip6=None,
        custom_fields=_custom_fields(wish, rng),
        last_updated=_updated(rng),
    )


def _custom_fields(wish: Wish, rng: random.Random) -> dict[str, JsonValue]:
    return {"update_ring": wish.ring, "owner_department": rng.choice(DEPARTMENTS)}


def _updated(rng: random.Random) -> str:
    moment = TAKEN_AT - timedelta(seconds=rng.randrange(400 * 86_400))
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _snapshot(rows: Sequence[Device | VirtualMachine]) -> Snapshot:
    devices = tuple(row for row in rows if isinstance(row, Device))
    guests = tuple(row for row in rows if isinstance(row, VirtualMachine))
    taken_at = TAKEN_AT.strftime("%Y-%m-%dT%H:%M:%SZ")
    return Snapshot(SOURCE, taken_at, NETBOX, base_objects(devices, guests))


# The embedded estate: Windows workplaces per municipality, in order of name.
WORKPLACES = (4, 9, 4, 6, 4, 5)
PAPENDRECHT, DORDRECHT, SLIEDRECHT = 3, 1, 4
SEED = 2026


def embedded() -> Snapshot:
    """The estate of lab/estate.json: 42 good hosts, five records broken in one way each, three of other kinds."""
    rng = random.Random(SEED)  # noqa: S311 - test data, no secret
    good = list(_embedded_wishes())
    odd = [Wish(PAPENDRECHT, LAPTOP, "broad")] * 5
    odd += [Wish(DORDRECHT, DESKTOP, "broad", "decommissioning"), Wish(SLIEDRECHT, LAPTOP, "broad", "planned")]
    odd += [Wish(DORDRECHT, LAPTOP, "broad")]
    rows = _built([*good, *odd], rng, lab_address)
    return _snapshot([*rows[: len(good)], *map(_changed, rows[len(good) :], CHANGES)])


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


# What is changed about the last eight hosts, in their order: one thing each.
CHANGES: tuple[dict[str, object], ...] = (
    {"custom_fields": {"update_ring": None, "owner_department": "Ruimte"}},
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
