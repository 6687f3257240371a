"""The shapes of all types as a release of NetBox has them: 4.4's, without what came later and with what went."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from werkplek.lab import netbox_cables, netbox_extra_fields, netbox_fields, netbox_host_fields
from werkplek.lab.estate_tables import NESTED_PLATFORMS, NESTED_ROLES, OWNERS, Release
from werkplek.lab.netbox_columns import always
from werkplek.lab.netbox_rows import Getter, Shape
from werkplek.lab.netbox_types import (
    ASSIGNMENT,
    CABLE,
    CHANGES,
    CHASSIS,
    CHOICE_SETS,
    CLUSTER,
    CLUSTER_TYPE,
    CUSTOM_FIELDS,
    MANUFACTURER,
    OWNER,
    SITE,
    TAG,
    TENANT,
    TERMINATION,
    TYPES,
    VLAN,
    VM_INTERFACE,
)
from werkplek.registry.tables import ADDRESS, DEVICE, INTERFACE, MACHINE

COLUMNS: Mapping[str, Mapping[str, Getter]] = {
    **netbox_fields.COLUMNS,
    **netbox_host_fields.COLUMNS,
    **netbox_extra_fields.COLUMNS,
    **netbox_cables.COLUMNS,
}
# The release that a column came with; "*" for all types.
SINCE: Mapping[tuple[str, str], Release] = MappingProxyType(
    {
        ("*", "owner"): OWNERS,
        **{("dcim.devicerole", column): NESTED_ROLES for column in ("parent", "comments", "_depth")},
        **{("dcim.platform", column): NESTED_PLATFORMS for column in ("parent", "comments", "_depth")},
        **{(tree, "comments"): (4, 3) for tree in ("tenancy.tenantgroup", "dcim.region", "dcim.location")},
        **{(named, "comments"): OWNERS for named in (MANUFACTURER, CLUSTER_TYPE, "tenancy.contactrole")},
        (TAG, "weight"): (4, 3),
        ("tenancy.contact", "groups"): (4, 3),
        (INTERFACE, "bridge_interfaces"): (4, 4),
        (CABLE, "profile"): (4, 5),
        (CABLE, "bundle"): (4, 6),
        ("extras.configcontext", "profile"): (4, 4),
        (CHANGES, "message"): (4, 4),
        (CHANGES, "object_repr"): (4, 5),
        (MACHINE, "start_on_boot"): (4, 5),
        (MACHINE, "virtual_machine_type"): (4, 6),
        (MANUFACTURER, "moduletype_count"): (4, 5),
        (CHOICE_SETS, "choice_colors"): (4, 6),
        (CUSTOM_FIELDS, "validation_schema"): (4, 6),
    }
)
LATER = (99,)  # no release yet
NAMED_ADDRESSES = (4, 6, 4)  # from here on hosts show the names of their addresses

_NAME = ("id", "url", "display", "name", "description")
_SLUG = (*_NAME, "slug")
_HOSTS = (*_SLUG, "device_count", "virtualmachine_count", "_depth")
# The serializers' `brief_fields`.
BRIEF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "tenancy.tenantgroup": (*_SLUG, "tenant_count", "_depth"),
        TENANT: _SLUG,
        "dcim.region": (*_SLUG, "site_count", "_depth"),
        SITE: _SLUG,
        "dcim.location": (*_SLUG, "rack_count", "_depth"),
        "dcim.devicerole": _HOSTS,
        "dcim.platform": _HOSTS,
        "dcim.devicetype": ("id", "url", "display", "manufacturer", "model", "slug", "description", "device_count"),
        MANUFACTURER: _SLUG,
        TAG: (*_SLUG, "color"),
        CUSTOM_FIELDS: _NAME,
        CHOICE_SETS: (*_NAME, "choices_count"),
        "extras.configcontext": _NAME,
        OWNER: _NAME,
        "tenancy.contact": _NAME,
        "tenancy.contactrole": _SLUG,
        ASSIGNMENT: ("id", "url", "display", "contact", "role", "priority"),
        VLAN: (*_NAME, "vid"),
        CLUSTER: (*_NAME, "virtualmachine_count"),
        CLUSTER_TYPE: (*_SLUG, "cluster_count"),
        ADDRESS: ("id", "url", "display", "family", "address", "description"),
        DEVICE: _NAME,
        MACHINE: _NAME,
        CHASSIS: (*_NAME, "master", "member_count"),
        INTERFACE: (*_NAME, "device", "cable", "_occupied"),
        VM_INTERFACE: (*_NAME, "virtual_machine"),
        CABLE: ("id", "url", "display", "label", "description"),
        TERMINATION: tuple(COLUMNS[TERMINATION]),
        CHANGES: tuple(COLUMNS[CHANGES]),
    }
)
# In nested forms these counts are always 0, for only lists fill them; others are left out.
ZEROS: Mapping[tuple[str, str], Release] = MappingProxyType(
    {
        ("tenancy.tenantgroup", "tenant_count"): (0,),
        ("dcim.region", "site_count"): (0,),
        ("dcim.location", "rack_count"): (0,),
        **{("dcim.devicerole", f"{host}_count"): (4, 4) for host in ("device", "virtualmachine")},
        **{("dcim.platform", f"{host}_count"): (4, 4) for host in ("device", "virtualmachine")},
    }
)
# These counts are kept with the row, so nested forms have them; the release that this came with.
COUNTED: Mapping[tuple[str, str], Release] = MappingProxyType(
    {
        (CHASSIS, "member_count"): (0,),
        (CHOICE_SETS, "choices_count"): (0,),
        ("dcim.devicetype", "device_count"): (4, 5),
    }
)


@cache
def shapes_of(release: Release) -> Mapping[str, Shape]:
    """The shape of each type in a release."""
    return MappingProxyType({name: _shape(name, release) for name in COLUMNS if release >= TYPES[name].since})


def _shape(object_type: str, release: Release) -> Shape:
    columns = {
        name: getter
        for name, getter in COLUMNS[object_type].items()
        if release >= SINCE.get((object_type, name), SINCE.get(("*", name), (0,)))
    }
    brief = frozenset(BRIEF[object_type]) & columns.keys()
    return Shape(columns, brief, dict(_nested(object_type, columns, release)))


def _nested(object_type: str, columns: Mapping[str, Getter], release: Release) -> list[tuple[str, Getter]]:
    shown = set(BRIEF[object_type])
    if object_type == ADDRESS and release >= NAMED_ADDRESSES:
        shown |= {"nat_inside", "nat_outside", "dns_name"}
    found: list[tuple[str, Getter]] = []
    for name, getter in columns.items():
        key = (object_type, name)
        if name not in shown:
            continue
        if name.endswith("_count") and release < COUNTED.get(key, LATER):
            if release >= ZEROS.get(key, LATER):
                found.append((name, always(0)))
            continue
        found.append((name, getter))
    return found
