"""Filters of NetBox's lists: unknown values are errors in NetBox's words, unknown names are ignored as NetBox does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from werkplek.lab.netbox_answers import Refusal
from werkplek.lab.netbox_filter_kinds import (
    Choice,
    CustomField,
    Filter,
    HasAddress,
    Moment,
    Number,
    Related,
    Tagged,
    Test,
    Text,
)
from werkplek.lab.netbox_store import ADDRESSED, CHANGES, CUSTOM_FIELDS, Store

DEVICE_STATUSES = ("offline", "active", "planned", "staged", "failed", "inventory", "decommissioning")
VM_STATUSES = ("offline", "active", "planned", "staged", "failed", "decommissioning", "paused")

ID: Mapping[str, Filter] = {"id": Number("id")}
STAMPS: Mapping[str, Filter] = {"created": Moment("created"), "last_updated": Moment("last_updated")}
NAMES: Mapping[str, Filter] = {"name": Text("name"), "slug": Text("slug"), "description": Text("description")}
TENANCY: Mapping[str, Filter] = {
    "tenant": Related(("tenant",), "tenancy.tenant"),
    "tenant_id": Related(("tenant",), "tenancy.tenant", "id"),
    "tenant_group": Related(("tenant", "group"), "tenancy.tenantgroup"),
    "tenant_group_id": Related(("tenant", "group"), "tenancy.tenantgroup", "id"),
}
SITED: Mapping[str, Filter] = {
    "site": Related(("site",), "dcim.site"),
    "site_id": Related(("site",), "dcim.site", "id"),
    "region": Related(("site", "region"), "dcim.region"),
    "region_id": Related(("site", "region"), "dcim.region", "id"),
}
HOST: Mapping[str, Filter] = {
    **ID,
    **STAMPS,
    **TENANCY,
    **SITED,
    "name": Text("name", "ie"),
    "role": Related(("role",), "dcim.devicerole"),
    "role_id": Related(("role",), "dcim.devicerole", "id"),
    "platform": Related(("platform",), "dcim.platform"),
    "platform_id": Related(("platform",), "dcim.platform", "id"),
    "cluster_id": Related(("cluster",), "virtualization.cluster", "id"),
    "tag": Tagged(),
    "tag_id": Tagged("id"),
    "has_primary_ip": HasAddress(),
}
SMALL: Mapping[str, Filter] = {**ID, **STAMPS, **NAMES}


def _tree(object_type: str, column: str = "parent") -> Mapping[str, Filter]:
    return {column: Related((column,), object_type), f"{column}_id": Related((column,), object_type, "id")}


FILTERS: Mapping[str, Mapping[str, Filter]] = MappingProxyType(
    {
        "tenancy.tenantgroup": {**SMALL, **_tree("tenancy.tenantgroup")},
        "tenancy.tenant": {**SMALL, **_tree("tenancy.tenantgroup", "group")},
        "dcim.region": {**SMALL, **_tree("dcim.region")},
        "dcim.site": {**SMALL, **TENANCY, **_tree("dcim.region", "region")},
        "dcim.location": {
            **SMALL,
            "site": Related(("site",), "dcim.site"),
            "site_id": Related(("site",), "dcim.site", "id"),
        },
        "dcim.devicerole": {**SMALL, **_tree("dcim.devicerole")},
        "dcim.platform": {**SMALL, **_tree("dcim.platform")},
        "dcim.devicetype": {**ID, **STAMPS, "model": Text("model"), "slug": Text("slug")},
        "extras.tag": {**SMALL, "color": Text("color")},
        "virtualization.cluster": {**ID, **STAMPS, **TENANCY, "name": Text("name")},
        "dcim.device": {
            **HOST,
            "serial": Text("serial", "ie"),
            "asset_tag": Text("asset_tag"),
            "status": Choice("status", DEVICE_STATUSES),
            "location": Related(("location",), "dcim.location"),
            "location_id": Related(("location",), "dcim.location", "id"),
            "device_type": Related(("device_type",), "dcim.devicetype"),
            "device_type_id": Related(("device_type",), "dcim.devicetype", "id"),
            "model": Related(("device_type",), "dcim.devicetype"),
        },
        "virtualization.virtualmachine": {
            **HOST,
            "serial": Text("serial"),
            "status": Choice("status", VM_STATUSES),
            "cluster": Related(("cluster",), "virtualization.cluster", "name"),
        },
        CHANGES: {
            **ID,
            "time_after": Moment("time", "gte"),
            "time_before": Moment("time", "lte"),
            "action": Choice("action", ("create", "update", "delete")),
            "changed_object_type": Text("changed_object_type"),
            "changed_object_id": Number("changed_object_id"),
            "user_name": Text("user_name"),
            "request_id": Text("request_id"),
        },
        CUSTOM_FIELDS: {**ID, "name": Text("name")},
        "extras.customfieldchoiceset": {**ID, "name": Text("name")},
    }
)

CONTROLS = frozenset({"limit", "offset", "ordering", "fields", "brief", "exclude"})
# NetBox has these filters and the double does not: to ignore one would be to answer for more than was asked.
ELSEWHERE = frozenset(
    re.findall(
        r"\w+",
        """
        q filter filter_id format tag tag_id owner contact contact_role contact_group created_by_request
        updated_by_request modified_by_request object_type_id object_types content_type content_type_id
        for_object_type_id parent ancestor ancestor_id group group_id color status facility asn asn_id site_group
        site_group_id latitude longitude time_zone manufacturer manufacturer_id part_number is_full_depth airflow
        weight vm_role config_template_id scope_type scope_id site site_id region region_id location location_id
        type type_id cluster_group cluster_group_id cluster_type cluster_type_id mac_address rack rack_id face
        position has_oob_ip oob_ip_id primary_ip4_id primary_ip6_id virtual_chassis_id virtual_chassis_member
        parent_device_id parent_bay_id device device_id local_context_data memory disk vcpus interfaces
        console_ports power_ports interface_count description comments user user_id time changed_object_type_id
        related_object_type related_object_id object_repr
        """,
    )
)
# In NetBox these are whole names: with a lookup they are unknown names.
WITHOUT_LOOKUPS = frozenset({"has_primary_ip", "time_after", "time_before"})


def tests(store: Store, object_type: str, parameters: Mapping[str, Sequence[str]]) -> list[Test]:
    """One test per filter. Raises Refusal: 400 with every wrong value, 501 for a filter that only NetBox has."""
    result: list[Test] = []
    wrong: dict[str, list[str]] = {}
    for name, values in parameters.items():
        if name not in CONTROLS:
            try:
                result += _tests(store, object_type, name, values)
            except ValueError as error:
                # A range has one field for both its ends.
                wrong["time" if name in ("time_after", "time_before") else name] = [str(error)]
    if wrong:
        raise Refusal(400, wrong)
    return result


def _tests(store: Store, object_type: str, name: str, values: Sequence[str]) -> Iterator[Test]:
    base, _, lookup = name.partition("__")
    found = None if lookup and base in WITHOUT_LOOKUPS else _filter(store, object_type, base)
    if found is None:
        if base in ELSEWHERE:
            raise _unserved(object_type, name)
        return
    negated = lookup.startswith("n")
    test = found.test(store, lookup.removeprefix("n"), values)
    if test is None:
        raise _unserved(object_type, name)
    yield (lambda row: not test(row)) if negated else test


def _filter(store: Store, object_type: str, base: str) -> Filter | None:
    if base.startswith("cf_") and object_type in ADDRESSED:
        for row in store.tables[CUSTOM_FIELDS].values():
            if row["name"] == base.removeprefix("cf_"):
                return CustomField(row["name"], row["type"])
    return FILTERS[object_type].get(base)


def _unserved(object_type: str, name: str) -> Refusal:
    return Refusal(501, {"detail": f"The lab's NetBox does not filter {object_type} by {name!r}."})
