"""The tables that are read: where each lives in NetBox, what its columns refer to, and when it is asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from functools import cache
from types import MappingProxyType

from werkplek.registry import model
from werkplek.registry.model import Filters, Objects

# What is read only where the source asks for it (option `include`).
EXTRAS = ("config_context", "contacts", "device_type", "owner", "ports")
DEVICE, MACHINE = "dcim.device", "virtualization.virtualmachine"
HOSTS = (DEVICE, MACHINE)
ADDRESS, INTERFACE = "ipam.ipaddress", "dcim.interface"
# Columns of hosts that are read only with an extra; None without it.
EXTRA_COLUMNS: Mapping[str, str] = MappingProxyType(
    {"config_context": "config_context", "device_type": "device_type", "owner": "owner"}
)
ADDRESS_COLUMNS = ("primary_ip4", "primary_ip6", "oob_ip")


@dataclass(frozen=True, slots=True, eq=False)  # each is itself alone, and a key
class Table:
    """Where rows of one type live: attribute of `Objects`, path in NetBox, and the types its columns point at.

    `extra` names the `include` word without which the table is not read.
    """

    object_type: str
    attribute: str
    row: type
    path: str
    references: Mapping[str, str]
    extra: str | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The registry at one moment.

    `source` ends in a slash. `as_of` is the moment of the newest change in it (UTC, `2026-11-23T12:00:00Z`), so that
    two snapshots of the same registry are equal. `include` and `filters` say what was asked for.
    """

    source: str
    as_of: str
    netbox_version: str
    include: tuple[str, ...]
    filters: Filters
    objects: Objects

    def url(self, object_type: str, number: int) -> str:
        """Page of an object in NetBox's web interface."""
        return f"{self.source}{TABLES[object_type].path}/{number}/"


def _table(
    object_type: str, attribute: str, row: type, path: str, extra: str | None = None, /, **references: str
) -> Table:
    return Table(object_type, attribute, row, path, MappingProxyType(references), extra)


_LINKS = {
    "site": "dcim.site",
    "tenant": "tenancy.tenant",
    "role": "dcim.devicerole",
    "platform": "dcim.platform",
    "cluster": "virtualization.cluster",
    "tags": "extras.tag",
    "primary_ip4": ADDRESS,
    "primary_ip6": ADDRESS,
    "owner": "users.owner",
}
_DEVICE_LINKS = {
    "location": "dcim.location",
    "device_type": "dcim.devicetype",
    "virtual_chassis": "dcim.virtualchassis",
    "oob_ip": ADDRESS,
}

# Small tables first: the reader joins on them. Paths as in NetBox's REST API and web interface.
TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.object_type: table
        for table in (
            _table(
                "tenancy.tenantgroup",
                "tenant_groups",
                model.TenantGroup,
                "tenancy/tenant-groups",
                parent="tenancy.tenantgroup",
            ),
            _table("tenancy.tenant", "tenants", model.Tenant, "tenancy/tenants", group="tenancy.tenantgroup"),
            _table("dcim.region", "regions", model.Region, "dcim/regions", parent="dcim.region"),
            _table("dcim.site", "sites", model.Site, "dcim/sites", region="dcim.region", tenant="tenancy.tenant"),
            _table(
                "dcim.location",
                "locations",
                model.Location,
                "dcim/locations",
                site="dcim.site",
                parent="dcim.location",
            ),
            _table("dcim.devicerole", "device_roles", model.DeviceRole, "dcim/device-roles", parent="dcim.devicerole"),
            _table("dcim.platform", "platforms", model.Platform, "dcim/platforms", parent="dcim.platform"),
            _table("dcim.devicetype", "device_types", model.DeviceType, "dcim/device-types", "device_type"),
            _table("extras.tag", "tags", model.Tag, "extras/tags"),
            _table(
                "extras.customfield",
                "custom_fields",
                model.CustomField,
                "extras/custom-fields",
                choice_set="extras.customfieldchoiceset",
            ),
            _table(
                "extras.customfieldchoiceset",
                "choice_sets",
                model.ChoiceSet,
                "extras/custom-field-choice-sets",
            ),
            _table(
                "extras.configcontext",
                "config_contexts",
                model.ConfigContext,
                "extras/config-contexts",
                "config_context",
            ),
            _table("users.owner", "owners", model.Owner, "users/owners", "owner"),
            _table("tenancy.contact", "contacts", model.Contact, "tenancy/contacts", "contacts"),
            _table("tenancy.contactrole", "contact_roles", model.ContactRole, "tenancy/contact-roles", "contacts"),
            _table("ipam.vlan", "vlans", model.Vlan, "ipam/vlans", "ports", site="dcim.site", tenant="tenancy.tenant"),
            _table(
                "virtualization.cluster",
                "clusters",
                model.Cluster,
                "virtualization/clusters",
                tenant="tenancy.tenant",
                site="dcim.site",
            ),
            _table(ADDRESS, "ip_addresses", model.IPAddress, "ipam/ip-addresses"),
            _table(DEVICE, "devices", model.Device, "dcim/devices", **_LINKS, **_DEVICE_LINKS),
            _table(
                MACHINE, "virtual_machines", model.VirtualMachine, "virtualization/virtual-machines", None, **_LINKS
            ),
            _table(
                "dcim.virtualchassis",
                "virtual_chassis",
                model.VirtualChassis,
                "dcim/virtual-chassis",
            ),
            _table(
                INTERFACE,
                "interfaces",
                model.Interface,
                "dcim/interfaces",
                "ports",
                device=DEVICE,
                untagged_vlan="ipam.vlan",
                tagged_vlans="ipam.vlan",
            ),
            _table(
                "tenancy.contactassignment",
                "contact_assignments",
                model.ContactAssignment,
                "tenancy/contact-assignments",
                "contacts",
                contact="tenancy.contact",
                role="tenancy.contactrole",
            ),
        )
    }
)


def wanted(include: Collection[str]) -> tuple[Table, ...]:
    """The tables to read when the source asks for these extras."""
    return tuple(table for table in TABLES.values() if table.extra is None or table.extra in include)


@cache
def columns(table: Table) -> tuple[str, ...]:
    """Names of a table's columns, in the order of its dataclass."""
    return tuple(field.name for field in fields(table.row))


def dated(table: Table) -> bool:
    """Whether NetBox tells when a row was saved."""
    return "last_updated" in columns(table)
