"""Snapshot + configuration -> managed objects: each device and VM of a mapped role, joined with what it refers to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from werkplek.registry.config import RegistryConfig
from werkplek.registry.model import Cluster, Device, Platform, Row, Site, Snapshot, Tenant, VirtualMachine


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
    """A tenant as Werkplek sees it; `member` says whether it is in the configured tenant group."""

    tenant: Tenant
    member: bool


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
    """A device or VM whose role has a workplace class. `ring` is the custom field's value, whatever its type."""

    type: str
    row: Device | VirtualMachine
    url: str
    workplace_class: str
    tenancy: Tenancy | None
    site: Site | None
    system: System | None
    cluster: Cluster | None
    ring: object


@dataclass(frozen=True, slots=True)
class Lookups:
    """The small tables by id, resolved once."""

    classes: Mapping[int, str]
    tenancies: Mapping[int, Tenancy]
    sites: Mapping[int, Site]
    systems: Mapping[int, System]
    clusters: Mapping[int, Cluster]


def lookups(snapshot: Snapshot, config: RegistryConfig) -> Lookups:
    """Resolve roles to classes, tenants to municipalities and platforms to OS families."""
    objects = snapshot.objects
    groups, roles = _by_id(objects.tenant_groups), _by_id(objects.device_roles)
    platforms = _by_id(objects.platforms)
    members = {group.id for group in groups.values() if _under(group, groups, config.tenant_group)}
    classes = {role.id: _nearest(role, roles, config.class_of_role) for role in roles.values()}
    return Lookups(
        classes={number: name for number, name in classes.items() if name},
        tenancies={tenant.id: Tenancy(tenant, tenant.group in members) for tenant in objects.tenants},
        sites=_by_id(objects.sites),
        systems={platform.id: _system(platform, platforms, config) for platform in platforms.values()},
        clusters=_by_id(objects.clusters),
    )


def managed_objects(snapshot: Snapshot, config: RegistryConfig) -> tuple[Managed, ...]:
    """Every object of a mapped role; objects of other roles are none of our business."""
    tables = lookups(snapshot, config)
    objects = snapshot.objects
    return (
        *_managed("dcim.device", objects.devices, snapshot, tables, config),
        *_managed("virtualization.virtualmachine", objects.virtual_machines, snapshot, tables, config),
    )


def _managed(
    object_type: str,
    rows: Sequence[Device | VirtualMachine],
    snapshot: Snapshot,
    tables: Lookups,
    config: RegistryConfig,
) -> Iterator[Managed]:
    for row in rows:
        workplace_class = tables.classes.get(row.role or 0)
        if workplace_class is None:
            continue
        yield Managed(
            type=object_type,
            row=row,
            url=snapshot.url(object_type, row.id),
            workplace_class=workplace_class,
            tenancy=tables.tenancies.get(row.tenant or 0),
            site=tables.sites.get(row.site or 0),
            system=tables.systems.get(row.platform or 0),
            cluster=tables.clusters.get(row.cluster or 0),
            ring=row.custom_fields.get(config.ring_field),
        )


def lineage[N: Nested](row: N, table: Mapping[int, N]) -> tuple[N, ...]:
    """A row, its parent, and so on up to the root. The tables have no circles: `read_objects` saw to that."""
    line = [row]
    while line[-1].parent is not None:
        line.append(table[line[-1].parent])
    return tuple(line)


def _nearest[N: Nested](row: N, table: Mapping[int, N], words: Mapping[str, str]) -> str | None:
    return next((words[above.slug] for above in lineage(row, table) if above.slug in words), None)


def _under[N: Nested](row: N, table: Mapping[int, N], slug: str) -> bool:
    return any(above.slug == slug for above in lineage(row, table))


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
