"""The hosts of lab estates: kinds, what one host is to be like, and its rows."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pydantic import JsonValue

from werkplek.lab.estate_tables import (
    AS_OF,
    CLUSTERS,
    DEPARTMENTS,
    HOST_CONTEXT,
    MUNICIPALITIES,
    OWNERS,
    PLATFORM_IDS,
    ROLE_IDS,
    SHARED,
    SITES_OF,
    SWITCH_CONTEXT,
    TAG_IDS,
    TYPE_IDS,
    Release,
    mer_of,
)
from werkplek.registry.model import Device, IPAddress, VirtualMachine

type AddressOf = Callable[[int, int], str]
"""(place of the tenant: 0-5 the municipalities in order of name, 6 the shared one; number there, from 1) -> CIDR."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of host: letters in its name, role, platforms and makes to choose from, share of an estate, owner."""

    letters: str
    role: str
    platforms: tuple[str, ...]
    makes: tuple[str, ...]
    share: float
    tags: tuple[str, ...] = ()
    owner: int | None = None


LAPTOP = Kind("LT", "laptop", ("windows-11",), ("hp-elitebook-840", "dell-latitude-5450"), 0.50, ("mobile",))
DESKTOP = Kind("DT", "desktop", ("windows-11",), ("hp-elitedesk-800", "dell-optiplex-7020"), 0.25)
COUNTER = Kind("CP", "counter-pc", ("windows-11",), ("hp-elitedesk-800",), 0.06, ("public",), owner=2)
KIOSK = Kind("KS", "kiosk", ("debian-13",), ("igel-ud3",), 0.05, ("public", "thin-client"), owner=2)
GUEST = Kind("VD", "vdi-desktop", ("windows-11",), (), 0.06)
VDI_HOST = Kind("VH", "vdi-host", ("windows-server-2022",), ("dell-poweredge-r760",), 0.02, owner=1)
ACCESS = Kind("SW", "access-switch", ("cisco-ios", "arista-eos"), ("cisco-c9300-24p", "arista-720xp-24"), 0.05, owner=1)
CORE = Kind("DSW", "distribution-switch", ("cisco-ios",), ("cisco-c9500-16x",), 0.01, owner=1)
KINDS = (LAPTOP, DESKTOP, COUNTER, KIOSK, GUEST, VDI_HOST, ACCESS, CORE)
STACKING = replace(ACCESS, platforms=("cisco-ios",), makes=("cisco-c9300-24p",))
SWITCHES = (ACCESS, STACKING, CORE)
IMAGE = "2026.11.1"  # what VDI hosts should run


@dataclass(frozen=True, slots=True)
class Wish:
    """One host to be made: tenant (place, see AddressOf), kind, ring and status."""

    tenant: int
    kind: Kind
    ring: str
    status: str = "active"


@dataclass(slots=True)
class Builder:
    """Makes rows. Names count per tenant and kind, addresses per tenant, asset tags and ids over all."""

    rng: random.Random
    address: AddressOf
    release: Release
    hosts: list[Device | VirtualMachine] = field(default_factory=list)
    addresses: list[IPAddress] = field(default_factory=list)
    _named: dict[tuple[int, str], int] = field(default_factory=dict)
    _addressed: dict[int, int] = field(default_factory=dict)
    _numbers: dict[type, int] = field(default_factory=dict)

    def add(self, wishes: Sequence[Wish]) -> None:
        """A row for each wish, with an address; every second address has a DNS name."""
        for wish in wishes:
            row_type = VirtualMachine if wish.kind is GUEST else Device
            number = self._numbers[row_type] = self._numbers.get(row_type, 0) + 1
            name = self._name(wish)
            dns = "" if len(self.hosts) % 2 else f"{name.lower()}.drechtsteden.example"
            address = self.new_address(wish.tenant, dns)
            build = _guest if row_type is VirtualMachine else _device
            self.hosts.append(build(number, name, address, wish, self))

    def new_address(self, tenant: int, dns_name: str) -> int:
        """Id of the next address of a tenant."""
        number = self._addressed[tenant] = self._addressed.get(tenant, 0) + 1
        self.addresses.append(IPAddress(len(self.addresses) + 1, self.address(tenant, number), dns_name))
        return len(self.addresses)

    def _name(self, wish: Wish) -> str:
        key = (wish.tenant, wish.kind.letters)
        self._named[key] = self._named.get(key, 0) + 1
        prefix = MUNICIPALITIES[wish.tenant].letters if wish.tenant != SHARED else "DRS"
        return f"{prefix}-{wish.kind.letters}-{self._named[key]:04}"


def _device(number: int, name: str, address: int, wish: Wish, builder: Builder) -> Device:
    kind, rng = wish.kind, builder.rng
    choice = number % len(kind.makes)
    site = rng.choice(SITES_OF[wish.tenant])
    return Device(
        id=number,
        name=name,
        status=wish.status,
        serial="".join(rng.choices("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", k=10)),
        asset_tag=f"DS{number:06}",
        site=site,
        location=mer_of(site) if kind in (VDI_HOST, *SWITCHES) else None,
        tenant=wish.tenant + 1,
        role=ROLE_IDS[kind.role],
        platform=PLATFORM_IDS[kind.platforms[choice % len(kind.platforms)]],
        device_type=TYPE_IDS[kind.makes[choice]],
        cluster=number % len(CLUSTERS) + 1 if kind is VDI_HOST else None,
        virtual_chassis=None,
        vc_position=None,
        tags=tuple(TAG_IDS[tag] for tag in kind.tags),
        primary_ip4=address,
        primary_ip6=None,
        oob_ip=None,
        owner=kind.owner if builder.release >= OWNERS else None,
        custom_fields=_custom_fields(wish, rng),
        config_context=dict(SWITCH_CONTEXT if kind in SWITCHES else HOST_CONTEXT),
        last_updated=_updated(rng),
    )


def _guest(number: int, name: str, address: int, wish: Wish, builder: Builder) -> VirtualMachine:
    rng = builder.rng
    return VirtualMachine(
        id=number,
        name=name,
        status="offline" if wish.status == "inventory" else wish.status,  # a VM is never in a cupboard
        serial="",
        site=SITES_OF[SHARED][0],  # where its cluster is: NetBox refuses another one
        cluster=rng.randrange(len(CLUSTERS)) + 1,
        tenant=wish.tenant + 1,
        role=ROLE_IDS[wish.kind.role],
        platform=PLATFORM_IDS[wish.kind.platforms[0]],
        tags=(),
        primary_ip4=address,
        primary_ip6=None,
        owner=wish.kind.owner if builder.release >= OWNERS else None,
        custom_fields=_custom_fields(wish, rng),
        config_context=dict(HOST_CONTEXT),
        last_updated=_updated(rng),
    )


def _custom_fields(wish: Wish, rng: random.Random) -> dict[str, JsonValue]:
    image = IMAGE if wish.kind is VDI_HOST else None
    return {"update_ring": wish.ring, "owner_department": rng.choice(DEPARTMENTS), "image_version": image}


def _updated(rng: random.Random) -> str:
    moment = datetime.fromisoformat(AS_OF) - timedelta(seconds=rng.randrange(400 * 86_400))
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
