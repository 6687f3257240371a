"""Columns of each type in NetBox 4.4's REST API, in its order. What a snapshot does not keep has NetBox's default."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from werkplek.lab.netbox_columns import (
    BARE,
    COMMENTS,
    DESCRIPTION,
    DEVICE,
    NAMED,
    PARTS,
    STAMPS,
    VM,
    above,
    always,
    choice_of,
    count_of,
    depth,
    head,
    held,
    nulls,
    related,
    zeros,
)
from werkplek.lab.netbox_host_fields import change, choice_set, custom_field, device, virtual_machine
from werkplek.lab.netbox_rows import TAG_COLOR, Getter, View, manufacturer
from werkplek.lab.netbox_store import CHANGES, CHOICE_SETS, CUSTOM_FIELDS, Row


def _tenant_group() -> dict[str, Getter]:
    name = "tenancy.tenantgroup"
    counts = {"tenant_count": count_of(name, "tenancy.tenant", "group")}
    return {**head(name), **NAMED, **above(name), **DESCRIPTION, **BARE, **STAMPS, **counts, **COMMENTS, **depth(name)}


def _tenant() -> dict[str, Getter]:
    name = "tenancy.tenant"
    return {
        **head(name),
        **NAMED,
        "group": related("group", "tenancy.tenantgroup"),
        **DESCRIPTION,
        **COMMENTS,
        **BARE,
        **STAMPS,
        "circuit_count": always(0),
        "device_count": count_of(name, DEVICE, "tenant"),
        **zeros("ipaddress_count", "prefix_count", "rack_count"),
        "site_count": count_of(name, "dcim.site", "tenant"),
        "virtualmachine_count": count_of(name, VM, "tenant"),
        **zeros("vlan_count", "vrf_count"),
        "cluster_count": count_of(name, "virtualization.cluster", "tenant"),
    }


def _region() -> dict[str, Getter]:
    name = "dcim.region"
    counts = {"site_count": count_of(name, "dcim.site", "region"), "prefix_count": always(0)}
    return {**head(name), **NAMED, **above(name), **DESCRIPTION, **BARE, **STAMPS, **counts, **COMMENTS, **depth(name)}


def _site() -> dict[str, Getter]:
    name = "dcim.site"
    return {
        **head(name),
        **NAMED,
        "status": choice_of("status", "active"),
        "region": related("region", "dcim.region"),
        "group": always(None),
        "tenant": related("tenant", "tenancy.tenant"),
        "facility": always(""),
        "time_zone": held("time_zone"),
        **DESCRIPTION,
        "physical_address": always(""),
        "shipping_address": always(""),
        **nulls("latitude", "longitude"),
        **COMMENTS,
        "asns": always([]),
        **BARE,
        **STAMPS,
        "circuit_count": always(0),
        "device_count": count_of(name, DEVICE, "site"),
        **zeros("prefix_count", "rack_count"),
        "virtualmachine_count": count_of(name, VM, "site"),
        "vlan_count": always(0),
    }


def _location() -> dict[str, Getter]:
    name = "dcim.location"
    return {
        **head(name),
        **NAMED,
        "site": related("site", "dcim.site"),
        "parent": always(None),
        "status": choice_of("status", "active"),
        "tenant": always(None),
        "facility": always(""),
        **DESCRIPTION,
        **BARE,
        **STAMPS,
        "rack_count": always(0),
        "device_count": count_of(name, DEVICE, "location"),
        "prefix_count": always(0),
        **COMMENTS,
        **depth(name),
    }


def _role() -> dict[str, Getter]:
    name = "dcim.devicerole"
    counts = {"device_count": count_of(name, DEVICE, "role"), "virtualmachine_count": count_of(name, VM, "role")}
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
        **counts,
        **COMMENTS,
        **depth(name),
    }


def _platform() -> dict[str, Getter]:
    name = "dcim.platform"
    counts = {
        "device_count": count_of(name, DEVICE, "platform"),
        "virtualmachine_count": count_of(name, VM, "platform"),
    }
    return {
        **head(name),
        **above(name),
        **NAMED,
        **nulls("manufacturer", "config_template"),
        **DESCRIPTION,
        **COMMENTS,
        **BARE,
        **STAMPS,
        **counts,
        **depth(name),
    }


def _device_type() -> dict[str, Getter]:
    name = "dcim.devicetype"
    return {
        **head(name),
        "manufacturer": manufacturer,
        "default_platform": always(None),
        "model": held("model"),
        "slug": held("slug"),
        "part_number": always(""),
        "u_height": always(1.0),
        "exclude_from_utilization": always(False),
        "is_full_depth": always(True),
        **nulls("subdevice_role", "airflow", "weight", "weight_unit", "front_image", "rear_image"),
        **DESCRIPTION,
        **COMMENTS,
        **BARE,
        **STAMPS,
        "device_count": count_of(name, DEVICE, "device_type"),
        **zeros(*(f"{part}_template_count" for part in PARTS)),
    }


def _tag() -> dict[str, Getter]:
    name = "extras.tag"

    def tagged(view: View, row: Row) -> int:
        return sum(view.store.index.count(child, "tags", row["id"]) for child in (DEVICE, VM))

    return {
        **head(name),
        **NAMED,
        "color": held("color", TAG_COLOR),
        **DESCRIPTION,
        "weight": held("weight", 1000),
        "object_types": always([]),
        "tagged_items": tagged,
        **STAMPS,
    }


def _cluster_type(view: View, _row: Row) -> Row:
    """NetBox requires a type and a snapshot keeps none, so all clusters of the double have this one."""
    url = f"{view.base}/api/virtualization/cluster-types/1/"
    return {"id": 1, "url": url, "display": "Lab", "name": "Lab", "slug": "lab", "description": ""}


def _cluster() -> dict[str, Getter]:
    name = "virtualization.cluster"
    return {
        **head(name),
        "name": held("name"),
        "type": _cluster_type,
        "group": always(None),
        "status": choice_of("status", "active"),
        "tenant": related("tenant", "tenancy.tenant"),
        "scope_type": lambda _view, row: None if row["site"] is None else "dcim.site",
        "scope_id": held("site"),
        "scope": related("site", "dcim.site"),
        **DESCRIPTION,
        **COMMENTS,
        **BARE,
        **STAMPS,
        "device_count": count_of(name, DEVICE, "cluster"),
        "virtualmachine_count": count_of(name, VM, "cluster"),
        **nulls("allocated_vcpus", "allocated_memory", "allocated_disk"),
    }


FIELDS: Mapping[str, Mapping[str, Getter]] = MappingProxyType(
    {
        "tenancy.tenantgroup": _tenant_group(),
        "tenancy.tenant": _tenant(),
        "dcim.region": _region(),
        "dcim.site": _site(),
        "dcim.location": _location(),
        "dcim.devicerole": _role(),
        "dcim.platform": _platform(),
        "dcim.devicetype": _device_type(),
        "extras.tag": _tag(),
        "virtualization.cluster": _cluster(),
        DEVICE: device(),
        VM: virtual_machine(),
        CHANGES: change(),
        CUSTOM_FIELDS: custom_field(),
        CHOICE_SETS: choice_set(),
    }
)

_SLUG = ("id", "url", "display", "name", "slug", "description")
_NAME = ("id", "url", "display", "name", "description")
_HOSTS = (*_SLUG, "device_count", "virtualmachine_count", "_depth")

# The serializers' `brief_fields`.
BRIEF_FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "tenancy.tenantgroup": (*_SLUG, "tenant_count", "_depth"),
        "tenancy.tenant": _SLUG,
        "dcim.region": (*_SLUG, "site_count", "_depth"),
        "dcim.site": _SLUG,
        "dcim.location": (*_SLUG, "rack_count", "_depth"),
        "dcim.devicerole": _HOSTS,
        "dcim.platform": _HOSTS,
        "dcim.devicetype": ("id", "url", "display", "manufacturer", "model", "slug", "description", "device_count"),
        "extras.tag": (*_SLUG, "color"),
        "virtualization.cluster": (*_NAME, "virtualmachine_count"),
        DEVICE: _NAME,
        VM: _NAME,
        CHANGES: tuple(change()),
        CUSTOM_FIELDS: _NAME,
        CHOICE_SETS: (*_NAME, "choices_count"),
    }
)
