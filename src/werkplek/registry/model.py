"""Rows of a registry snapshot: relations are ids, choices are plain values, moments are NetBox's own ISO 8601 text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Protocol

from pydantic import Field, JsonValue, Strict

Id = Annotated[int, Strict(), Field(ge=1)]
type Filters = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Table's attribute name -> filter name -> wanted values, of which one must fit."""


class Row(Protocol):
    """What every row has: a number that is unique within its type, and when NetBox last saved it."""

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
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class Tenant:
    """A municipality, or the tenant that holds shared gear."""

    id: Id
    name: str
    slug: str
    group: Id | None
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the map."""

    id: Id
    name: str
    slug: str
    parent: Id | None
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class Site:
    """A building."""

    id: Id
    name: str
    slug: str
    region: Id | None
    tenant: Id | None
    time_zone: str | None
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class Location:
    """A floor or room of a site."""

    id: Id
    name: str
    slug: str
    site: Id
    parent: Id | None
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class DeviceRole:
    """What an object is for; nested since NetBox 4.3."""

    id: Id
    name: str
    slug: str
    parent: Id | None
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class Platform:
    """What an object runs; nested since NetBox 4.4."""

    id: Id
    name: str
    slug: str
    parent: Id | None
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class DeviceType:
    """A model of hardware. `manufacturer` is its name."""

    id: Id
    model: str
    slug: str
    manufacturer: str
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class Tag:
    """A label."""

    id: Id
    name: str
    slug: str
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class CustomField:
    """The definition of a custom field (`type` such as `select` or `text`); hosts hold the values."""

    id: Id
    name: str
    type: str
    choice_set: Id | None
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class ChoiceSet:
    """What a custom field can be: own choices, and the name of a built-in list such as `IATA` that they extend."""

    id: Id
    name: str
    base_choices: str | None
    extra_choices: tuple[str, ...]
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class ConfigContext:
    """A source of config context; hosts hold what NetBox renders from all of them."""

    id: Id
    name: str
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns objects in NetBox 4.5 and newer, which does not tell when one was changed."""

    id: Id
    name: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or team."""

    id: Id
    name: str
    email: str
    phone: str
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class ContactRole:
    """What a contact is for an object."""

    id: Id
    name: str
    slug: str
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class Vlan:
    """A VLAN; `vid` is its number on the wire (IEEE 802.1Q)."""

    id: Id
    vid: int
    name: str
    site: Id | None
    tenant: Id | None
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class IPAddress:
    """An address that a host here has as primary or out-of-band one, as CIDR text such as `10.20.96.10/19`."""

    id: Id
    address: str
    dns_name: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """A virtualisation cluster. NetBox gives it no slug; `site` is its scope when that is a site."""

    id: Id
    name: str
    tenant: Id | None
    site: Id | None
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class VirtualChassis:
    """A stack of switches, reached through its master."""

    id: Id
    name: str
    master: Id | None
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class Device:
    """A physical device. Columns of what was not included are None: `device_type`, `owner`, `config_context`."""

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
    vc_position: int | None
    tags: tuple[Id, ...]
    primary_ip4: Id | None
    primary_ip6: Id | None
    oob_ip: Id | None
    owner: Id | None
    custom_fields: dict[str, JsonValue]
    config_context: dict[str, JsonValue] | None
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
    primary_ip4: Id | None
    primary_ip6: Id | None
    owner: Id | None
    custom_fields: dict[str, JsonValue]
    config_context: dict[str, JsonValue] | None
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class FarEnd:
    """The interface at the far end of a port's cable. Its device may be one whose ports are not read, such as a server.

    `device_name` is None for a device without a name.
    """

    id: Id
    name: str
    device: Id
    device_name: str | None


@dataclass(frozen=True, slots=True)
class Interface:
    """A port of a switch; `type` and `mode` as NetBox has them (`1000base-t`, `virtual`; `access`, `tagged-all`).

    `peer` is None where no cable leads to one interface: also for a path that ends halfway, forks, or is planned.
    """

    id: Id
    device: Id
    name: str
    type: str
    enabled: bool
    mode: str | None
    untagged_vlan: Id | None
    tagged_vlans: tuple[Id, ...]
    description: str
    peer: FarEnd | None
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class ContactAssignment:
    """A contact of an object; `object_type` such as `dcim.device`, which may be a type that is not read."""

    id: Id
    object_type: str
    object_id: Id
    contact: Id
    role: Id | None
    priority: str | None
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class Objects:
    """All rows of a registry, each table sorted by id. Tables that were not included are empty."""

    tenant_groups: tuple[TenantGroup, ...] = ()
    tenants: tuple[Tenant, ...] = ()
    regions: tuple[Region, ...] = ()
    sites: tuple[Site, ...] = ()
    locations: tuple[Location, ...] = ()
    device_roles: tuple[DeviceRole, ...] = ()
    platforms: tuple[Platform, ...] = ()
    device_types: tuple[DeviceType, ...] = ()
    tags: tuple[Tag, ...] = ()
    custom_fields: tuple[CustomField, ...] = ()
    choice_sets: tuple[ChoiceSet, ...] = ()
    config_contexts: tuple[ConfigContext, ...] = ()
    owners: tuple[Owner, ...] = ()
    contacts: tuple[Contact, ...] = ()
    contact_roles: tuple[ContactRole, ...] = ()
    vlans: tuple[Vlan, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    ip_addresses: tuple[IPAddress, ...] = ()
    devices: tuple[Device, ...] = ()
    virtual_machines: tuple[VirtualMachine, ...] = ()
    virtual_chassis: tuple[VirtualChassis, ...] = ()
    interfaces: tuple[Interface, ...] = ()
    contact_assignments: tuple[ContactAssignment, ...] = ()
