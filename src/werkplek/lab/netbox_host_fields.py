"""Columns of devices, virtual machines, the change log and custom fields in NetBox 4.4's REST API, in its order."""

from __future__ import annotations

from werkplek.lab.netbox_columns import (
    COMMENTS,
    DESCRIPTION,
    DEVICE,
    HOST,
    PARTS,
    STAMPS,
    VM,
    address_of,
    always,
    choice_of,
    head,
    held,
    nulls,
    primary_address,
    related,
    zeros,
)
from werkplek.lab.netbox_rows import ACTIONS, Getter, View, display
from werkplek.lab.netbox_store import CHANGES, CHOICE_SETS, CUSTOM_FIELDS, Row


def device() -> dict[str, Getter]:
    """Columns of a device."""
    return {
        **head(DEVICE),
        "name": held("name"),
        "device_type": related("device_type", "dcim.devicetype"),
        "role": related("role", "dcim.devicerole"),
        "tenant": related("tenant", "tenancy.tenant"),
        "platform": related("platform", "dcim.platform"),
        "serial": held("serial"),
        "asset_tag": held("asset_tag"),
        "site": related("site", "dcim.site"),
        "location": related("location", "dcim.location"),
        **nulls("rack", "position", "face", "latitude", "longitude", "parent_device"),
        "status": choice_of("status"),
        "airflow": always(None),
        "primary_ip": primary_address(DEVICE),
        "primary_ip4": address_of(DEVICE, "primary_ip4"),
        "primary_ip6": address_of(DEVICE, "primary_ip6"),
        "oob_ip": always(None),
        "cluster": related("cluster", "virtualization.cluster"),
        **nulls("virtual_chassis", "vc_position", "vc_priority"),
        **DESCRIPTION,
        **COMMENTS,
        "config_template": always(None),
        "config_context": always({}),
        "local_context_data": always(None),
        **HOST,
        **STAMPS,
        **zeros(*(f"{part}_count" for part in PARTS)),
    }


def virtual_machine() -> dict[str, Getter]:
    """Columns of a virtual machine."""
    return {
        **head(VM),
        "name": held("name"),
        "status": choice_of("status"),
        "site": related("site", "dcim.site"),
        "cluster": related("cluster", "virtualization.cluster"),
        "device": always(None),
        "serial": held("serial"),
        "role": related("role", "dcim.devicerole"),
        "tenant": related("tenant", "tenancy.tenant"),
        "platform": related("platform", "dcim.platform"),
        "primary_ip": primary_address(VM),
        "primary_ip4": address_of(VM, "primary_ip4"),
        "primary_ip6": address_of(VM, "primary_ip6"),
        **nulls("vcpus", "memory", "disk"),
        **DESCRIPTION,
        **COMMENTS,
        "config_template": always(None),
        "local_context_data": always(None),
        **HOST,
        "config_context": always({}),
        **STAMPS,
        **zeros("interface_count", "virtual_disk_count"),
    }


def _changed_object(view: View, row: Row) -> Row | None:
    kind, number = row["changed_object_type"], row["changed_object_id"]
    return view.brief(kind, number) if number in view.store.tables[kind] else None


def _user(view: View, row: Row) -> Row:
    name = row["user_name"]
    return {"id": 1, "url": f"{view.base}/api/users/users/1/", "display": name, "username": name}


def change() -> dict[str, Getter]:
    """Columns of an entry in the change log."""
    return {
        **head(CHANGES),
        "time": held("time"),
        "user": _user,
        "user_name": held("user_name"),
        "request_id": held("request_id"),
        "action": lambda _view, row: {"value": row["action"], "label": ACTIONS[row["action"]]},
        "changed_object_type": held("changed_object_type"),
        "changed_object_id": held("changed_object_id"),
        "changed_object": _changed_object,
        "message": always(""),
        "prechange_data": lambda _view, row: row["prechange_data"] or {},
        "postchange_data": lambda _view, row: row["postchange_data"] or {},
    }


def _choice_set_brief(view: View, row: Row) -> Row | None:
    if row["choice_set"] is None:
        return None
    found = view.row(CHOICE_SETS, row["choice_set"])
    name, count = found["name"], len(found["extra_choices"])
    url = view.url(CHOICE_SETS, found["id"])
    return {
        "id": found["id"],
        "url": url,
        "display": name,
        "name": name,
        "description": "",
        "choices_count": count,
    }


def custom_field() -> dict[str, Getter]:
    """Columns of a custom field."""
    kinds = {"select": "Selection", "text": "Text"}
    return {
        **head(CUSTOM_FIELDS),
        "object_types": always([DEVICE, VM]),
        "type": lambda _view, row: {"value": row["type"], "label": kinds[row["type"]]},
        "related_object_type": always(None),
        "data_type": always("string"),
        "name": held("name"),
        "label": lambda view, row: display(view, CUSTOM_FIELDS, row),
        "group_name": always(""),
        **DESCRIPTION,
        "required": always(False),
        "unique": always(False),
        "search_weight": always(1000),
        "filter_logic": always({"value": "loose", "label": "Loose"}),
        "ui_visible": always({"value": "always", "label": "Always"}),
        "ui_editable": always({"value": "yes", "label": "Yes"}),
        "is_cloneable": always(False),
        **nulls("default", "related_object_filter"),
        "weight": always(100),
        **nulls("validation_minimum", "validation_maximum"),
        "validation_regex": always(""),
        "choice_set": _choice_set_brief,
        **COMMENTS,
        **STAMPS,
    }


def choice_set() -> dict[str, Getter]:
    """Columns of a custom field's choices."""
    return {
        **head(CHOICE_SETS),
        "name": held("name"),
        **DESCRIPTION,
        "base_choices": always(None),
        "extra_choices": held("extra_choices"),
        "order_alphabetically": always(False),
        "choices_count": lambda _view, row: len(row["extra_choices"]),
        **STAMPS,
    }
