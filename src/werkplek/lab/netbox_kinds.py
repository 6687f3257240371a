"""Which columns of each type can be written through the NetBox double, and what the others begin as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from werkplek.lab.netbox_answers import Refusal
from werkplek.lab.netbox_checks import (
    COLOR,
    DNS_NAME,
    SLUG,
    Check,
    all_related,
    choice,
    custom_fields,
    integer,
    related,
    tags,
    terminations,
    text,
    time_zone,
    truth,
)
from werkplek.lab.netbox_checks import address as address_text
from werkplek.lab.netbox_filter_names import CABLE_STATUSES, DEVICE_STATUSES, MODES, VM_STATUSES
from werkplek.lab.netbox_index import Row
from werkplek.lab.netbox_load import INTERFACE_DEFAULTS, TAG_COLOR
from werkplek.lab.netbox_store import Store
from werkplek.lab.netbox_types import CABLE, CHASSIS, CLUSTER, CLUSTER_TYPE, SITE, TAG, TENANT, VLAN, VM_INTERFACE
from werkplek.registry.tables import ADDRESS, DEVICE, INTERFACE, MACHINE

SITE_STATUSES = ("planned", "staging", "active", "decommissioning", "retired")
PORT_TYPES = ("1000base-t", "10gbase-x-sfpp", "lag", "virtual")  # of NetBox's hundreds, those that estates have


@dataclass(frozen=True, slots=True)
class Kind:
    """Which columns of a type can be written, which are needed, and what the others begin as."""

    checks: Mapping[str, Check]
    required: tuple[str, ...]
    defaults: Row = field(default_factory=dict)


def _nothing(*columns: str) -> Row:
    return dict.fromkeys(columns)


WORDS: Mapping[str, Check] = {"description": text(), "comments": text()}
NAMES: Mapping[str, Check] = {
    "name": text(blank=False),
    "slug": text(blank=False, pattern=SLUG),
    "description": text(),
}
HOST: Mapping[str, Check] = {
    **WORDS,
    "serial": text(),
    "tenant": related(TENANT),
    "platform": related("dcim.platform"),
    "cluster": related(CLUSTER),
    "tags": tags,
    "custom_fields": custom_fields,
    "primary_ip4": related(ADDRESS),
    "primary_ip6": related(ADDRESS),
}
HOST_DEFAULTS: Row = {
    "status": "active",
    "serial": "",
    "tags": [],
    **_nothing("site", "tenant", "platform", "cluster", "role", "primary_ip4", "primary_ip6", "owner"),
    "config_context": {},
}


def _other_scope(_store: Store, value: Any, _row: Row) -> Any:
    """Clusters have the scope of a site or none here."""
    if value is None or value == SITE:
        return value
    if value in ("dcim.region", "dcim.sitegroup", "dcim.location"):
        raise Refusal(501, {"detail": f"The lab's NetBox keeps no clusters with a scope of type {value}."})
    raise ValueError("Invalid value. Specify a content type as '<app_label>.<model_name>'.")


def _interface_type(_store: Store, value: Any, _row: Row) -> Any:
    if value is None or value in (INTERFACE, VM_INTERFACE):
        return value
    raise ValueError(f"Invalid content type: {value}")


def _tree(object_type: str) -> Kind:
    checks = {**NAMES, "parent": related(object_type), "comments": text()}
    return Kind(checks, ("name", "slug"), {"parent": None})


_ROLE = _tree("dcim.devicerole")

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        TAG: Kind(
            {**NAMES, "color": text(blank=False, pattern=COLOR)},
            ("name", "slug"),
            {"color": TAG_COLOR, "weight": 1000, "description": "", "object_types": []},
        ),
        TENANT: Kind(
            {**NAMES, "comments": text(), "group": related("tenancy.tenantgroup")}, ("name", "slug"), {"group": None}
        ),
        "dcim.region": _tree("dcim.region"),
        "dcim.platform": _tree("dcim.platform"),
        "dcim.devicerole": Kind({**_ROLE.checks, "color": text(pattern=COLOR)}, _ROLE.required, _ROLE.defaults),
        SITE: Kind(
            {
                **NAMES,
                **WORDS,
                "status": choice(SITE_STATUSES),
                "region": related("dcim.region"),
                "tenant": related(TENANT),
                "time_zone": time_zone,
            },
            ("name", "slug"),
            _nothing("region", "tenant", "time_zone"),
        ),
        CLUSTER: Kind(
            {
                **WORDS,
                "name": text(blank=False),
                "type": related(CLUSTER_TYPE, null=False),
                "tenant": related(TENANT),
                "scope_type": _other_scope,
                "scope_id": integer(1, 2**63 - 1, null=True),
            },
            ("name", "type"),
            _nothing("tenant", "site"),
        ),
        VLAN: Kind(
            {
                **WORDS,
                "vid": integer(1, 4094),
                "name": text(blank=False),
                "site": related(SITE),
                "tenant": related(TENANT),
            },
            ("vid", "name"),
            _nothing("site", "tenant"),
        ),
        ADDRESS: Kind(
            {
                **WORDS,
                "address": address_text,
                "dns_name": text(pattern=DNS_NAME),
                "assigned_object_type": _interface_type,
                "assigned_object_id": integer(1, 2**63 - 1, null=True),
            },
            ("address",),
            {"dns_name": "", **_nothing("assigned_object_type", "assigned_object_id")},
        ),
        INTERFACE: Kind(
            {
                "device": related(DEVICE, null=False),
                "name": text(blank=False),
                "type": choice(PORT_TYPES),
                "enabled": truth,
                "mode": choice(MODES, null=True),
                "untagged_vlan": related(VLAN),
                "tagged_vlans": all_related(VLAN),
                "description": text(),
            },
            ("device", "name", "type"),
            INTERFACE_DEFAULTS,
        ),
        CABLE: Kind(
            {
                **WORDS,
                "a_terminations": terminations,
                "b_terminations": terminations,
                "status": choice(CABLE_STATUSES),
                "label": text(),
            },
            (),
            {"status": "connected", "label": "", "description": ""},
        ),
        CHASSIS: Kind({**WORDS, "name": text(blank=False), "master": related(DEVICE)}, ("name",), {"master": None}),
        DEVICE: Kind(
            {
                **HOST,
                "name": text(null=True),
                "status": choice(DEVICE_STATUSES),
                "asset_tag": text(null=True),
                "site": related(SITE, null=False),
                "location": related("dcim.location"),
                "role": related("dcim.devicerole", null=False),
                "device_type": related("dcim.devicetype", null=False),
                "oob_ip": related(ADDRESS),
                "virtual_chassis": related(CHASSIS),
                "vc_position": integer(0, 255, null=True),
            },
            ("device_type", "role", "site"),
            {
                **HOST_DEFAULTS,
                **_nothing("name", "asset_tag", "location", "virtual_chassis", "vc_position", "oob_ip"),
            },
        ),
        MACHINE: Kind(
            {
                **HOST,
                "name": text(blank=False),
                "status": choice(VM_STATUSES),
                "site": related(SITE),
                "role": related("dcim.devicerole"),
            },
            ("name",),
            HOST_DEFAULTS,
        ),
    }
)
