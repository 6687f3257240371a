"""Rows of a registry snapshot: relations are ids, choices are plain values, addresses are text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Protocol

from pydantic import Field, JsonValue, Strict

Id = Annotated[int, Strict(), Field(ge=1)]


class Row(Protocol):
    """What every row has: a number that is unique within its type."""

    @property
    def id(self) -> int:
        """NetBox's number of the object."""


@dataclass(frozen=True, slots=True)
class TenantGroup:
    """A group of tenants; the municipalities share one."""

    id: Id
    name: str
    slug: str
    parent: Id | None


@dataclass(frozen=True, slots=True)
class Tenant:
    """A municipality, or the tenant that holds shared gear."""

    id: Id
    name: str
    slug: str
    group: Id | None


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the map."""

    id: Id
    name: str
    slug: str
    parent: Id | None


@dataclass(frozen=True, slots=True)
class Site:
    """A building."""

    id: Id
    name: str
    slug: str
    region: Id | None
    tenant: Id | None
    time_zone: str | None


@dataclass(frozen=True, slots=True)
class Location:
    """A room or floor of a site."""

    id: Id
    name: str
    slug: str
    site: Id


@dataclass(frozen=True, slots=True)
class DeviceRole:
    """What an object is for; nested since NetBox 4.3."""

    id: Id
    name: str
    slug: str
    parent: Id | None


@dataclass(frozen=True, slots=True)
class Platform:
    """What an object runs; nested since NetBox 4.4."""

    id: Id
    name: str
    slug: str
    parent: Id | None


@dataclass(frozen=True, slots=True)
class DeviceType:
    """A model of hardware. `manufacturer` is its name."""

    id: Id
    model: str
    slug: str
    manufacturer: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A label."""

    id: Id
    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """A virtualisation cluster. NetBox gives it no slug; `site` is its scope when that is a site."""

    id: Id
    name: str
    tenant: Id | None
    site: Id | None


@dataclass(frozen=True, slots=True)
class Device:
    """A physical device. Addresses are CIDR text such as `10.20.96.10/19`; `last_updated` is ISO 8601."""

    id: Id
    name: str | None
    status: str
    serial: str
    asset_tag: str | None
    site: Id | None
    location: Id | None
    tenant: Id | None
    role: Id | None
    platform: Id | None
    device_type: Id | None
    cluster: Id | None
    virtual_chassis: Id | None
    tags: tuple[Id, ...]
    primary_ip4: str | None
    primary_ip6: str | None
    custom_fields: dict[str, JsonValue]
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class VirtualMachine:
    """A virtual machine; columns as for a device."""

    id: Id
    name: str | None
    status: str
    serial: str
    site: Id | None
    cluster: Id | None
    tenant: Id | None
    role: Id | None
    platform: Id | None
    tags: tuple[Id, ...]
    primary_ip4: str | None
    primary_ip6: str | None
    custom_fields: dict[str, JsonValue]
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class Objects:
    """All rows of a registry, each table sorted by id."""

    tenant_groups: tuple[TenantGroup, ...] = ()
    tenants: tuple[Tenant, ...] = ()
    regions: tuple[Region, ...] = ()
    sites: tuple[Site, ...] = ()
    locations: tuple[Location, ...] = ()
    device_roles: tuple[DeviceRole, ...] = ()
    platforms: tuple[Platform, ...] = ()
    device_types: tuple[DeviceType, ...] = ()
    tags: tuple[Tag, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    devices: tuple[Device, ...] = ()
    virtual_machines: tuple[VirtualMachine, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The registry at one moment. `source` ends in a slash; `taken_at` is UTC, `2026-11-23T12:00:00Z`."""

    source: str
    taken_at: str
    netbox_version: str
    objects: Objects

    def url(self, object_type: str, number: int) -> str:
        """Page of an object in NetBox's web interface."""
        return f"{self.source}{TABLES[object_type].path}/{number}/"


@dataclass(frozen=True, slots=True)
class Table:
    """Where rows of one type live: attribute of `Objects`, path in NetBox, and the types its columns point at."""

    object_type: str
    attribute: str
    row: type
    path: str
    references: Mapping[str, str]


def _table(object_type: str, attribute: str, row: type, path: str, **references: str) -> Table:
    return Table(object_type, attribute, row, path, MappingProxyType(references))


# Small tables first: the reader joins on them. Paths as in NetBox's REST API and web interface.
TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.object_type: table
        for table in (
            _table(
                "tenancy.tenantgroup",
                "tenant_groups",
                TenantGroup,
                "tenancy/tenant-groups",
                parent="tenancy.tenantgroup",
            ),
            _table("tenancy.tenant", "tenants", Tenant, "tenancy/tenants", group="tenancy.tenantgroup"),
            _table("dcim.region", "regions", Region, "dcim/regions", parent="dcim.region"),
            _table("dcim.site", "sites", Site, "dcim/sites", region="dcim.region", tenant="tenancy.tenant"),
            _table("dcim.location", "locations", Location, "dcim/locations", site="dcim.site"),
            _table("dcim.devicerole", "device_roles", DeviceRole, "dcim/device-roles", parent="dcim.devicerole"),
            _table("dcim.platform", "platforms", Platform, "dcim/platforms", parent="dcim.platform"),
            _table("dcim.devicetype", "device_types", DeviceType, "dcim/device-types"),
            _table("extras.tag", "tags", Tag, "extras/tags"),
            _table(
                "virtualization.cluster",
                "clusters",
                Cluster,
                "virtualization/clusters",
                tenant="tenancy.tenant",
                site="dcim.site",
            ),
            _table(
                "dcim.device",
                "devices",
                Device,
                "dcim/devices",
                site="dcim.site",
                location="dcim.location",
                tenant="tenancy.tenant",
                role="dcim.devicerole",
                platform="dcim.platform",
                device_type="dcim.devicetype",
                cluster="virtualization.cluster",
                tags="extras.tag",
            ),
            _table(
                "virtualization.virtualmachine",
                "virtual_machines",
                VirtualMachine,
                "virtualization/virtual-machines",
                site="dcim.site",
                cluster="virtualization.cluster",
                tenant="tenancy.tenant",
                role="dcim.devicerole",
                platform="dcim.platform",
                tags="extras.tag",
            ),
        )
    }
)
