"""What NetBox calls its types of objects, and where they are in its API and web interface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from werkplek.lab.estate_tables import NESTED_PLATFORMS, NESTED_ROLES, OWNERS, Release
from werkplek.registry.tables import ADDRESS, DEVICE, INTERFACE, MACHINE, TABLES

CHANGES = "core.objectchange"
CUSTOM_FIELDS, CHOICE_SETS = "extras.customfield", "extras.customfieldchoiceset"
TAG, OWNER, VLAN, CHASSIS = "extras.tag", "users.owner", "ipam.vlan", "dcim.virtualchassis"
SITE, TENANT, CLUSTER = "dcim.site", "tenancy.tenant", "virtualization.cluster"
ASSIGNMENT = "tenancy.contactassignment"
# Types that a snapshot does not keep and that the double derives from those it does.
VM_INTERFACE = "virtualization.vminterface"
CABLE, TERMINATION = "dcim.cable", "dcim.cabletermination"
MANUFACTURER, CLUSTER_TYPE = "dcim.manufacturer", "virtualization.clustertype"


@dataclass(frozen=True, slots=True)
class Type:
    """A type: path under `/api/`, name in sentences, class in 404s, first release, path in the web interface."""

    path: str
    verbose: str
    model: str
    since: Release = (0, 0)
    page: str = ""


def _type(object_type: str, verbose: str, model: str = "", since: Release = (0, 0), page: str = "") -> Type:
    """A type that a snapshot keeps. Its class is named as in sentences unless `model` says otherwise."""
    named = model or "".join(word.capitalize() for word in verbose.split())
    return Type(TABLES[object_type].path, verbose, named, since, page)


TYPES: Mapping[str, Type] = MappingProxyType(
    {
        "tenancy.tenantgroup": _type("tenancy.tenantgroup", "tenant group"),
        TENANT: _type(TENANT, "tenant"),
        "dcim.region": _type("dcim.region", "region"),
        SITE: _type(SITE, "site"),
        "dcim.location": _type("dcim.location", "location"),
        "dcim.devicerole": _type("dcim.devicerole", "device role"),
        "dcim.platform": _type("dcim.platform", "platform"),
        "dcim.devicetype": _type("dcim.devicetype", "device type"),
        TAG: _type(TAG, "tag"),
        CUSTOM_FIELDS: _type(CUSTOM_FIELDS, "custom field"),
        CHOICE_SETS: _type(CHOICE_SETS, "custom field choice set", page="extras/custom-field-choices"),
        "extras.configcontext": _type("extras.configcontext", "config context"),
        OWNER: _type(OWNER, "owner", since=OWNERS),
        "tenancy.contact": _type("tenancy.contact", "contact"),
        "tenancy.contactrole": _type("tenancy.contactrole", "contact role"),
        VLAN: _type(VLAN, "VLAN", "VLAN"),
        CLUSTER: _type(CLUSTER, "cluster"),
        ADDRESS: _type(ADDRESS, "IP address", "IPAddress"),
        DEVICE: _type(DEVICE, "device"),
        MACHINE: _type(MACHINE, "virtual machine"),
        CHASSIS: _type(CHASSIS, "virtual chassis"),
        INTERFACE: _type(INTERFACE, "interface"),
        ASSIGNMENT: _type(ASSIGNMENT, "contact assignment"),
        CHANGES: Type("core/object-changes", "object change", "ObjectChange", page="core/changelog"),
        VM_INTERFACE: Type("virtualization/interfaces", "interface", "VMInterface"),
        CABLE: Type("dcim/cables", "cable", "Cable"),
        TERMINATION: Type("dcim/cable-terminations", "cable termination", "CableTermination"),
        MANUFACTURER: Type("dcim/manufacturers", "manufacturer", "Manufacturer"),
        CLUSTER_TYPE: Type("virtualization/cluster-types", "cluster type", "ClusterType"),
    }
)
# What no estate holds, so that its list is empty: path -> class in 404s.
EMPTY: Mapping[str, str] = MappingProxyType(
    {
        "dcim/racks": "Rack",
        "dcim/site-groups": "SiteGroup",
        "ipam/prefixes": "Prefix",
        "ipam/services": "Service",
        "virtualization/cluster-groups": "ClusterGroup",
        "virtualization/virtual-disks": "VirtualDisk",
    }
)
APPS: Mapping[str, str] = MappingProxyType(
    {
        "dcim": "DCIM",
        "extras": "Extras",
        "ipam": "IPAM",
        "tenancy": "Tenancy",
        "users": "Users",
        "virtualization": "Virtualization",
    }
)

# Which release nested a type that was flat before.
_NESTED_SINCE: Mapping[str, Release] = {"dcim.devicerole": NESTED_ROLES, "dcim.platform": NESTED_PLATFORMS}
_TREES = frozenset(name for name, table in TABLES.items() if table.references.get("parent") == name)


def is_tree(object_type: str, release: Release) -> bool:
    """Whether rows of a type have rows of the same type above them."""
    return object_type in _TREES and release >= _NESTED_SINCE.get(object_type, (0, 0))


def references(object_type: str) -> Mapping[str, str]:
    """Columns of a type that refer to other rows -> the type of those."""
    table = TABLES.get(object_type)
    return {**(table.references if table else {}), **_MORE.get(object_type, {})}


# What a snapshot does not hold to be a reference: its rows may be without the ones referred to.
_MORE: Mapping[str, Mapping[str, str]] = {
    VM_INTERFACE: {"virtual_machine": MACHINE, "untagged_vlan": VLAN, "tagged_vlans": VLAN},
    CHASSIS: {"master": DEVICE},
    TERMINATION: {"cable": CABLE, "termination_id": INTERFACE},
    DEVICE: {"device_type": "dcim.devicetype"},
}
