"""Columns of tenants, places, roles, platforms and hardware in NetBox's REST API, in its order.

What a snapshot does not keep has NetBox's default.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from werkplek.lab.netbox_columns import (
    BARE,
    COMMENTS,
    DESCRIPTION,
    NAMED,
    OWNER,
    PARTS,
    STAMPS,
    above,
    always,
    blanks,
    choice_of,
    count_of,
    depth,
    head,
    held,
    lists,
    nulls,
    related,
    zeros,
)
from werkplek.lab.netbox_index import Row
from werkplek.lab.netbox_load import TAG_COLOR
from werkplek.lab.netbox_rows import Getter, View
from werkplek.lab.netbox_types import CLUSTER, CLUSTER_TYPE, MANUFACTURER, SITE, TENANT, VLAN
from werkplek.registry.tables import DEVICE, MACHINE


def _tenant_group() -> dict[str, Getter]:
    name = "tenancy.tenantgroup"
    counts = {"tenant_count": count_of(name, TENANT, "group", tree=True)}
    return {
        **head(name),
        **NAMED,
        **above(name),
        **DESCRIPTION,
        **BARE,
        **STAMPS,
        **counts,
        **OWNER,
        **COMMENTS,
        **depth(name),
    }


def _tenant() -> dict[str, Getter]:
    return {
        **head(TENANT),
        **NAMED,
        "group": related("group", "tenancy.tenantgroup"),
        **DESCRIPTION,
        **OWNER,
        **COMMENTS,
        **BARE,
        **STAMPS,
        "circuit_count": always(0),
        "device_count": count_of(TENANT, DEVICE, "tenant"),
        **zeros("ipaddress_count", "prefix_count", "rack_count"),
        "site_count": count_of(TENANT, SITE, "tenant"),
        "virtualmachine_count": count_of(TENANT, MACHINE, "tenant"),
        "vlan_count": count_of(TENANT, VLAN, "tenant"),
        "vrf_count": always(0),
        "cluster_count": count_of(TENANT, CLUSTER, "tenant"),
    }


def _region() -> dict[str, Getter]:
    name = "dcim.region"
    counts = {"site_count": count_of(name, SITE, "region", tree=True), "prefix_count": always(0)}
    return {
        **head(name),
        **NAMED,
        **above(name),
        **DESCRIPTION,
        **BARE,
        **STAMPS,
        **counts,
        **OWNER,
        **COMMENTS,
        **depth(name),
    }


def _site() -> dict[str, Getter]:
    return {
        **head(SITE),
        **NAMED,
        "status": choice_of("status", "active"),
        "region": related("region", "dcim.region"),
        "group": always(None),
        "tenant": related("tenant", TENANT),
        "facility": always(""),
        "time_zone": held("time_zone"),
        **DESCRIPTION,
        **blanks("physical_address", "shipping_address"),
        **nulls("latitude", "longitude"),
        **OWNER,
        **COMMENTS,
        "asns": always([]),
        **BARE,
        **STAMPS,
        "circuit_count": always(0),
        "device_count": count_of(SITE, DEVICE, "site"),
        **zeros("prefix_count", "rack_count"),
        "virtualmachine_count": count_of(SITE, MACHINE, "site"),
        "vlan_count": count_of(SITE, VLAN, "site"),
    }


def _location() -> dict[str, Getter]:
    name = "dcim.location"
    return {
        **head(name),
        **NAMED,
        "site": related("site", SITE),
        **above(name),
        "status": choice_of("status", "active"),
        "tenant": always(None),
        "facility": always(""),
        **DESCRIPTION,
        **BARE,
        **STAMPS,
        "rack_count": always(0),
        "device_count": count_of(name, DEVICE, "location", tree=True),
        "prefix_count": always(0),
        **OWNER,
        **COMMENTS,
        **depth(name),
    }


def _hosts_of(name: str, column: str) -> dict[str, Getter]:
    return {
        "device_count": count_of(name, DEVICE, column, tree=True),
        "virtualmachine_count": count_of(name, MACHINE, column, tree=True),
    }


def _role() -> dict[str, Getter]:
    name = "dcim.devicerole"
    return {
        **head(name),
        **NAMED,
        "color": held("color", TAG_COLOR),
        "vm_role": always(True),
        "config_template": always(None),
        **above(name),
        **DESCRIPTION,
        **BARE,
        **STAMPS,
        **_hosts_of(name, "role"),
        **OWNER,
        **COMMENTS,
        **depth(name),
    }


def _platform() -> dict[str, Getter]:
    name = "dcim.platform"
    return {
        **head(name),
        **above(name),
        **NAMED,
        **nulls("manufacturer", "config_template"),
        **DESCRIPTION,
        **OWNER,
        **COMMENTS,
        **BARE,
        **STAMPS,
        **_hosts_of(name, "platform"),
        **depth(name),
    }


def _maker(view: View, row: Row) -> Row | None:
    return view.nested(MANUFACTURER, view.store.index.manufacturers[row["manufacturer"]])


def _device_type() -> dict[str, Getter]:
    name = "dcim.devicetype"
    return {
        **head(name),
        "manufacturer": _maker,
        "default_platform": always(None),
        "model": held("model"),
        "slug": held("slug"),
        "part_number": always(""),
        "u_height": always(1.0),
        "exclude_from_utilization": always(False),
        "is_full_depth": always(True),
        **nulls("subdevice_role", "airflow", "weight", "weight_unit", "front_image", "rear_image"),
        **DESCRIPTION,
        **OWNER,
        **COMMENTS,
        **BARE,
        **STAMPS,
        "device_count": count_of(name, DEVICE, "device_type"),
        **zeros(*(f"{part}_template_count" for part in PARTS)),
    }


def _manufacturer() -> dict[str, Getter]:
    def kinds(view: View, row: Row) -> int:
        return sum(kind["manufacturer"] == row["name"] for kind in view.store.tables["dcim.devicetype"].values())

    return {
        **head(MANUFACTURER),
        **NAMED,
        **DESCRIPTION,
        **OWNER,
        **COMMENTS,
        **BARE,
        **STAMPS,
        "devicetype_count": kinds,
        **zeros("moduletype_count", "inventoryitem_count", "platform_count"),
    }


def _cluster_type() -> dict[str, Getter]:
    counts = {"cluster_count": lambda view, _row: len(view.store.tables[CLUSTER])}
    return {**head(CLUSTER_TYPE), **NAMED, **DESCRIPTION, **OWNER, **COMMENTS, **BARE, **STAMPS, **counts}


def _cluster() -> dict[str, Getter]:
    return {
        **head(CLUSTER),
        "name": held("name"),
        "type": lambda view, _row: view.nested(CLUSTER_TYPE, 1),
        "group": always(None),
        "status": choice_of("status", "active"),
        "tenant": related("tenant", TENANT),
        "scope_type": lambda _view, row: None if row["site"] is None else SITE,
        "scope_id": held("site"),
        "scope": related("site", SITE),
        **DESCRIPTION,
        **OWNER,
        **COMMENTS,
        **BARE,
        **STAMPS,
        "device_count": count_of(CLUSTER, DEVICE, "cluster"),
        "virtualmachine_count": count_of(CLUSTER, MACHINE, "cluster"),
        **nulls("allocated_vcpus", "allocated_memory", "allocated_disk"),
    }


def _contact_role() -> dict[str, Getter]:
    return {**head("tenancy.contactrole"), **NAMED, **DESCRIPTION, **OWNER, **COMMENTS, **BARE, **STAMPS}


def _contact() -> dict[str, Getter]:
    return {
        **head("tenancy.contact"),
        **lists("groups"),
        "name": held("name"),
        "title": always(""),
        "phone": held("phone"),
        "email": held("email"),
        **blanks("address", "link"),
        **DESCRIPTION,
        **OWNER,
        **COMMENTS,
        **BARE,
        **STAMPS,
    }


COLUMNS: Mapping[str, Mapping[str, Getter]] = MappingProxyType(
    {
        "tenancy.tenantgroup": _tenant_group(),
        TENANT: _tenant(),
        "dcim.region": _region(),
        SITE: _site(),
        "dcim.location": _location(),
        "dcim.devicerole": _role(),
        "dcim.platform": _platform(),
        "dcim.devicetype": _device_type(),
        MANUFACTURER: _manufacturer(),
        CLUSTER: _cluster(),
        CLUSTER_TYPE: _cluster_type(),
        "tenancy.contactrole": _contact_role(),
        "tenancy.contact": _contact(),
    }
)
