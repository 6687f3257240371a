"""Snapshot + configuration -> managed objects: each device and VM of a mapped role, joined with what it refers to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from werkplek.registry.config import RegistryConfig
from werkplek.registry.model import (
    Cluster,
    Device,
    DeviceRole,
    IPAddress,
    Location,
    Platform,
    Region,
    Row,
    Site,
    Tenant,
    TenantGroup,
    VirtualChassis,
    VirtualMachine,
)
from werkplek.registry.tables import DEVICE, MACHINE, Snapshot


class Nested(Protocol):
    """A row in a tree."""

    @property
    def id(self) -> int:
        """NetBox's number of the object."""

    @property
    def slug(self) -> str:
        """Its name in addresses."""

    @property
    def parent(self) -> int | None:
        """The row above it."""


@dataclass(frozen=True, slots=True)
class Tenancy:
    """A tenant as Werkplek sees it; `groups` are those above it up to the configured one, empty when it is outside."""

    tenant: Tenant
    groups: tuple[TenantGroup, ...]

    @property
    def member(self) -> bool:
        """Whether the tenant is in the configured tenant group."""
        return bool(self.groups)


@dataclass(frozen=True, slots=True)
class Purpose:
    """A role with a workplace class; `branch` is the role and those above it that give it this class."""

    workplace_class: str
    branch: tuple[DeviceRole, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object is: `rooms` from the innermost outward, `regions` from the nearest outward."""

    site: Site
    rooms: tuple[Location, ...]
    regions: tuple[Region, ...]


@dataclass(frozen=True, slots=True)
class System:
    """A platform and its OS family, which is that of its nearest mapped ancestor.

    `lineage` is the platform itself, then the platforms above it, without those of another family; `branch` is the
    part of it that is in the family. When no ancestor is mapped, `family` is None and `branch` is empty.
    """

    platform: Platform
    family: str | None
    lineage: tuple[Platform, ...]
    branch: tuple[Platform, ...]


@dataclass(frozen=True, slots=True)
class Managed:
    """A device or VM whose role has a workplace class. `ring` is the custom field's value, whatever its type.

    A stack of switches is managed through its master: `stack` then holds all its members by position.
    """

    type: str
    row: Device | VirtualMachine
    url: str
    purpose: Purpose
    tenancy: Tenancy | None
    place: Place | None
    system: System | None
    cluster: Cluster | None
    ring: object
    addresses: Mapping[str, IPAddress]
    chassis: VirtualChassis | None
    stack: tuple[Device, ...]

    @property
    def workplace_class(self) -> str:
        """One of `config.CLASSES`."""
        return self.purpose.workplace_class


@dataclass(frozen=True, slots=True)
class Lookups:
    """The small tables by id, resolved once."""

    purposes: Mapping[int, Purpose]
    tenancies: Mapping[int, Tenancy]
    sites: Mapping[int, Place]
    rooms: Mapping[int, tuple[Location, ...]]
    systems: Mapping[int, System]
    clusters: Mapping[int, Cluster]
    addresses: Mapping[int, IPAddress]
    chassis: Mapping[int, VirtualChassis]
    members: Mapping[int, tuple[Device, ...]]


def lookups(snapshot: Snapshot, config: RegistryConfig) -> Lookups:
    """Resolve roles to classes, tenants to municipalities, platforms to OS families and sites to regions."""
    objects = snapshot.objects
    groups, roles = _by_id(objects.tenant_groups), _by_id(objects.device_roles)
    platforms, regions, rooms = _by_id(objects.platforms), _by_id(objects.regions), _by_id(objects.locations)
    purposes = {role.id: _purpose(role, roles, config) for role in roles.values()}
    return Lookups(
        purposes={number: purpose for number, purpose in purposes.items() if purpose},
        tenancies={tenant.id: Tenancy(tenant, _groups_of(tenant, groups, config)) for tenant in objects.tenants},
        sites={site.id: Place(site, (), _line_of(site.region, regions)) for site in objects.sites},
        rooms={room.id: lineage(room, rooms) for room in rooms.values()},
        systems={platform.id: _system(platform, platforms, config) for platform in platforms.values()},
        clusters=_by_id(objects.clusters),
        addresses=_by_id(objects.ip_addresses),
        chassis=_by_id(objects.virtual_chassis),
        members=_members(objects.devices),
    )


def managed_objects(snapshot: Snapshot, config: RegistryConfig) -> tuple[Managed, ...]:
    """Every object of a mapped role but members of stacks, which their master stands for."""
    tables = lookups(snapshot, config)
    return (
        *_managed(DEVICE, snapshot.objects.devices, snapshot, tables, config),
        *_managed(MACHINE, snapshot.objects.virtual_machines, snapshot, tables, config),
    )


def unmanaged(snapshot: Snapshot, tables: Lookups) -> int:
    """How many objects have a role without a workplace class."""
    objects = snapshot.objects
    roles = [row.role for row in objects.devices] + [row.role for row in objects.virtual_machines]
    return sum(role not in tables.purposes for role in roles)


def _managed(
    object_type: str,
    rows: Sequence[Device | VirtualMachine],
    snapshot: Snapshot,
    tables: Lookups,
    config: RegistryConfig,
) -> Iterator[Managed]:
    masters = _masters(snapshot, tables)
    places: dict[tuple[int, int], Place | None] = {}
    for row in rows:
        purpose = tables.purposes.get(row.role or 0)
        if purpose is None or (isinstance(row, Device) and masters.get(row.id, row.id) != row.id):
            continue
        at = (row.site or 0, getattr(row, "location", None) or 0)
        if at not in places:
            places[at] = _place(*at, tables)
        chassis = tables.chassis.get(row.virtual_chassis or 0) if isinstance(row, Device) else None
        yield Managed(
            type=object_type,
            row=row,
            url=snapshot.url(object_type, row.id),
            purpose=purpose,
            tenancy=tables.tenancies.get(row.tenant or 0),
            place=places[at],
            system=tables.systems.get(row.platform or 0),
            cluster=tables.clusters.get(row.cluster or 0),
            ring=row.custom_fields.get(config.ring_field),
            addresses=_addresses(row, tables),
            chassis=chassis,
            stack=tables.members.get(chassis.id, ()) if chassis and chassis.master == row.id else (),
        )


def _masters(snapshot: Snapshot, tables: Lookups) -> dict[int, int]:
    """Member -> master, for stacks with a managed master among them: others stay hosts of their own, and show."""
    managed = {device.id: device for device in snapshot.objects.devices if device.role in tables.purposes}
    return {
        member.id: chassis.master
        for chassis in tables.chassis.values()
        if chassis.master in managed and managed[chassis.master].virtual_chassis == chassis.id
        for member in tables.members.get(chassis.id, ())
        if chassis.master is not None
    }


def _members(devices: Sequence[Device]) -> dict[int, tuple[Device, ...]]:
    found: dict[int, list[Device]] = {}
    for device in devices:
        if device.virtual_chassis is not None:
            found.setdefault(device.virtual_chassis, []).append(device)
    return {
        number: tuple(sorted(members, key=lambda member: (member.vc_position or 0, member.id)))
        for number, members in found.items()
    }


def _addresses(row: Device | VirtualMachine, tables: Lookups) -> dict[str, IPAddress]:
    known = {"primary_ip4": row.primary_ip4, "primary_ip6": row.primary_ip6, "oob_ip": getattr(row, "oob_ip", None)}
    return {column: tables.addresses[number] for column, number in known.items() if number is not None}


def _place(site: int, room: int, tables: Lookups) -> Place | None:
    found = tables.sites.get(site)
    return replace(found, rooms=tables.rooms.get(room, ())) if found and room else found


def _line_of[N: Nested](number: int | None, table: Mapping[int, N]) -> tuple[N, ...]:
    return lineage(table[number], table) if number is not None else ()


def _groups_of(tenant: Tenant, groups: Mapping[int, TenantGroup], config: RegistryConfig) -> tuple[TenantGroup, ...]:
    line = _line_of(tenant.group, groups)
    slugs = [group.slug for group in line]
    return line[: slugs.index(config.tenant_group) + 1] if config.tenant_group in slugs else ()


def _purpose(role: DeviceRole, roles: Mapping[int, DeviceRole], config: RegistryConfig) -> Purpose | None:
    line = lineage(role, roles)
    at = next((index for index, above in enumerate(line) if above.slug in config.class_of_role), None)
    return None if at is None else Purpose(config.class_of_role[line[at].slug], line[: at + 1])


def lineage[N: Nested](row: N, table: Mapping[int, N]) -> tuple[N, ...]:
    """A row, its parent, and so on up to the root. The tables have no circles: `read_objects` saw to that."""
    line = [row]
    while line[-1].parent is not None:
        line.append(table[line[-1].parent])
    return tuple(line)


def _nearest[N: Nested](row: N, table: Mapping[int, N], words: Mapping[str, str]) -> str | None:
    return next((words[above.slug] for above in lineage(row, table) if above.slug in words), None)


def _system(platform: Platform, table: Mapping[int, Platform], config: RegistryConfig) -> System:
    line = [(above, _nearest(above, table, config.family_of_platform)) for above in lineage(platform, table)]
    family = line[0][1]
    return System(
        platform=platform,
        family=family,
        lineage=tuple(above for above, other in line if other in (family, None)),
        branch=tuple(above for above, other in line if family and other == family),
    )


def _by_id[R: Row](rows: Sequence[R]) -> dict[int, R]:
    return {row.id: row for row in rows}
