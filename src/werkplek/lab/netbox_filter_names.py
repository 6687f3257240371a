"""The filters of each type in NetBox 4.4, by name."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from werkplek.lab.netbox_filter_kinds import (
    Choice,
    ContentType,
    Filter,
    Flag,
    Moment,
    Number,
    Related,
    Tagged,
    Test,
    Text,
)
from werkplek.lab.netbox_load import TAG_COLOR
from werkplek.lab.netbox_store import Store
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
    VLAN,
    VM_INTERFACE,
)
from werkplek.registry.tables import ADDRESS, DEVICE, INTERFACE, MACHINE

DEVICE_STATUSES = ("offline", "active", "planned", "staged", "failed", "inventory", "decommissioning")
VM_STATUSES = ("offline", "active", "planned", "staged", "failed", "decommissioning", "paused")
MODES = ("access", "tagged", "tagged-all", "q-in-q")
CABLE_STATUSES = ("connected", "planned", "decommissioning")
PRIORITIES = ("primary", "secondary", "tertiary", "inactive")
ACTIONS = ("create", "update", "delete")

type Filters = Mapping[str, Filter]

ID: Filters = {"id": Number("id")}
STAMPS: Filters = {"created": Moment("created"), "last_updated": Moment("last_updated")}
SAVED: Filters = {**ID, **STAMPS}
NAME: Filters = {"name": Text("name"), "description": Text("description")}
SMALL: Filters = {**SAVED, **NAME, "slug": Text("slug")}


def _relation(name: str, path: Sequence[str], target: str, *, key: str = "slug", tree: bool = False) -> Filters:
    """A filter by slug (or another key) and one by id."""
    return {
        name: Related(tuple(path), target, key, tree),
        f"{name}_id": Related(tuple(path), target, "id", tree),
    }


TENANCY: Filters = {
    **_relation("tenant", ["tenant"], TENANT),
    **_relation("tenant_group", ["tenant", "group"], "tenancy.tenantgroup", tree=True),
}
SITED: Filters = {
    **_relation("site", ["site"], SITE),
    **_relation("region", ["site", "region"], "dcim.region", tree=True),
}
OWNED: Filters = _relation("owner", ["owner"], OWNER, key="name")
# Filters that came with owners: before, they were unknown names.
OF_OWNERS = frozenset({*OWNED, "owner_group", "owner_group_id"})


def _host(statuses: tuple[str, ...]) -> Filters:
    return {
        **SAVED,
        **TENANCY,
        **SITED,
        **OWNED,
        "name": Text("name", "ie"),
        "description": Text("description"),
        "status": Choice("status", statuses),
        **_relation("role", ["role"], "dcim.devicerole", tree=True),
        **_relation("platform", ["platform"], "dcim.platform", tree=True),
        "cluster_id": Related(("cluster",), CLUSTER, "id"),
        "tag": Tagged(),
        "tag_id": Tagged("id"),
        "has_primary_ip": Flag(lambda row: bool(row["primary_ip4"] or row["primary_ip6"])),
    }


DEVICES: Filters = {
    **_host(DEVICE_STATUSES),
    "serial": Text("serial", "ie"),
    "asset_tag": Text("asset_tag"),
    **_relation("location", ["location"], "dcim.location", tree=True),
    **_relation("device_type", ["device_type"], "dcim.devicetype"),
    "model": Related(("device_type",), "dcim.devicetype"),
    "vc_position": Number("vc_position"),
    "virtual_chassis_id": Related(("virtual_chassis",), CHASSIS, "id"),
    "virtual_chassis_member": Flag(lambda row: row["virtual_chassis"] is not None),
    "has_oob_ip": Flag(lambda row: row["oob_ip"] is not None),
}
MACHINES: Filters = {
    **_host(VM_STATUSES),
    "serial": Text("serial"),
    "cluster": Related(("cluster",), CLUSTER, "name"),
}


def _tree(object_type: str) -> Filters:
    """`parent` is the row right above, `ancestor` any above."""
    return {
        **_relation("parent", ["parent"], object_type),
        **_relation("ancestor", ["parent"], object_type, tree=True),
    }


@dataclass(frozen=True, slots=True)
class _Address:
    """Addresses that are the wanted ones; a wanted one without a mask fits any mask, a malformed one fits nothing."""

    lookups: ClassVar[tuple[str, ...]] = ()

    def test(self, store: Store, lookup: str, values: Sequence[str]) -> Test | None:
        """See Filter."""
        wanted = set(filter(None, map(_canonical, values)))
        return None if lookup else lambda row: not wanted.isdisjoint(_spellings(row["address"]))


def _canonical(text: str) -> str | None:
    try:
        return str(ipaddress.ip_interface(text) if "/" in text else ipaddress.ip_address(text))
    except ValueError:
        return None


def _spellings(text: str) -> tuple[str, str]:
    address = ipaddress.ip_interface(text)
    return str(address), str(address.ip)


@dataclass(frozen=True, slots=True)
class _OnHost:
    """Addresses on the interfaces of a host, which has this column of an interface; an unknown id fits nothing."""

    kind: str
    column: str
    lookups: ClassVar[tuple[str, ...]] = ()

    def test(self, store: Store, lookup: str, values: Sequence[str]) -> Test | None:
        """See Filter."""
        try:
            wanted = {int(value) for value in values if value}
        except ValueError:
            raise ValueError("Enter a whole number.") from None
        ports = {row["id"] for row in store.tables[self.kind].values() if row[self.column] in wanted}

        def test(row: Mapping[str, object]) -> bool:
            return row["assigned_object_type"] == self.kind and row["assigned_object_id"] in ports

        return None if lookup else test


ADDRESSES: Filters = {
    **SAVED,
    "address": _Address(),
    "dns_name": Text("dns_name"),
    "description": Text("description"),
    "device_id": _OnHost(INTERFACE, "device"),
    "virtual_machine_id": _OnHost(VM_INTERFACE, "virtual_machine"),
    "assigned_object_type": ContentType("assigned_object_type"),
    "assigned_object_id": Number("assigned_object_id"),
    "assigned_to_interface": Flag(lambda row: row["assigned_object_id"] is not None),
}
PORTS: Filters = {
    **SAVED,
    **NAME,
    "enabled": Flag(lambda row: bool(row["enabled"])),
    "mode": Choice("mode", MODES),
}
INTERFACES: Filters = {
    **PORTS,
    **_relation("device", ["device"], DEVICE, key="name"),
    **_relation("device_role", ["device", "role"], "dcim.devicerole"),
    **_relation("site", ["device", "site"], SITE),
    **_relation("region", ["device", "site", "region"], "dcim.region", tree=True),
    "virtual_chassis_id": Related(("device", "virtual_chassis"), CHASSIS, "id"),
}

FILTERS: Mapping[str, Filters] = MappingProxyType(
    {
        "tenancy.tenantgroup": {**SMALL, **_tree("tenancy.tenantgroup")},
        TENANT: {**SMALL, **_relation("group", ["group"], "tenancy.tenantgroup", tree=True)},
        "dcim.region": {**SMALL, **_tree("dcim.region")},
        SITE: {**SMALL, **TENANCY, **_relation("region", ["region"], "dcim.region", tree=True)},
        "dcim.location": {**SMALL, **SITED, **_tree("dcim.location")},
        "dcim.devicerole": {**SMALL, **_tree("dcim.devicerole")},
        "dcim.platform": {**SMALL, **_tree("dcim.platform")},
        "dcim.devicetype": {**SAVED, "model": Text("model"), "slug": Text("slug")},
        MANUFACTURER: SMALL,
        TAG: {**SMALL, "color": Text("color", default=TAG_COLOR)},
        CUSTOM_FIELDS: {**SAVED, **NAME, "choice_set_id": Related(("choice_set",), CHOICE_SETS, "id")},
        CHOICE_SETS: {**SAVED, **NAME},
        "extras.configcontext": {**SAVED, **NAME},
        OWNER: {**ID, **NAME},
        "tenancy.contact": {**SAVED, **NAME, "email": Text("email"), "phone": Text("phone")},
        "tenancy.contactrole": SMALL,
        ASSIGNMENT: {
            **SAVED,
            "object_type": ContentType("object_type"),
            "object_id": Number("object_id"),
            "contact_id": Related(("contact",), "tenancy.contact", "id"),
            **_relation("role", ["role"], "tenancy.contactrole"),
            "priority": Choice("priority", PRIORITIES, single=True),
        },
        VLAN: {**SAVED, **NAME, **TENANCY, **SITED, "vid": Number("vid")},
        CLUSTER: {**SAVED, **NAME, **TENANCY, **SITED},
        CLUSTER_TYPE: SMALL,
        ADDRESS: ADDRESSES,
        DEVICE: DEVICES,
        MACHINE: MACHINES,
        CHASSIS: {**SAVED, **NAME, "master_id": Related(("master",), DEVICE, "id")},
        INTERFACE: INTERFACES,
        VM_INTERFACE: {
            **PORTS,
            **_relation("virtual_machine", ["virtual_machine"], MACHINE, key="name"),
            **_relation("cluster", ["virtual_machine", "cluster"], CLUSTER, key="name"),
        },
        CABLE: {
            **SAVED,
            "label": Text("label"),
            "description": Text("description"),
            "status": Choice("status", CABLE_STATUSES),
        },
        TERMINATION: {
            **SAVED,
            "cable_end": Choice("cable_end", ("A", "B")),
            "termination_id": Number("termination_id"),
        },
        CHANGES: {
            **ID,
            "time_after": Moment("time", "gte"),
            "time_before": Moment("time", "lte"),
            "action": Choice("action", ACTIONS, single=True),
            "changed_object_type": ContentType("changed_object_type"),
            "changed_object_id": Number("changed_object_id"),
            "user_name": Text("user_name"),
            "request_id": Text("request_id"),
        },
    }
)

# In NetBox these are whole names: with a lookup they are unknown names.
WITHOUT_LOOKUPS = frozenset({"has_primary_ip", "has_oob_ip", "time_after", "time_before", "assigned_to_interface"})
