"""Columns of tags, custom fields, contexts, owners, contacts' assignments and the change log, in NetBox's order."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from werkplek.lab.netbox_columns import (
    BARE,
    COMMENTS,
    DESCRIPTION,
    NAMED,
    OWNER,
    STAMPS,
    always,
    blanks,
    choice,
    choice_of,
    head,
    held,
    lists,
    nulls,
    related,
)
from werkplek.lab.netbox_index import Row
from werkplek.lab.netbox_load import TAG_COLOR
from werkplek.lab.netbox_names import ACTIONS
from werkplek.lab.netbox_rows import Getter, View
from werkplek.lab.netbox_types import ASSIGNMENT, CHANGES, CHOICE_SETS, CUSTOM_FIELDS, TAG
from werkplek.lab.netbox_types import OWNER as OWNERS
from werkplek.registry.tables import DEVICE, HOSTS, MACHINE

# How NetBox stores a custom field's value; all others are strings.
DATA_TYPES = {
    "integer": "integer",
    "decimal": "decimal",
    "boolean": "boolean",
    **dict.fromkeys(("json", "object"), "object"),
    **dict.fromkeys(("multiselect", "multiobject"), "array"),
}


def _tag() -> dict[str, Getter]:
    def tagged(view: View, row: Row) -> int:
        return sum(view.store.index.count(child, "tags", row["id"]) for child in HOSTS)

    return {
        **head(TAG),
        **NAMED,
        "color": held("color", TAG_COLOR),
        **DESCRIPTION,
        "weight": held("weight", 1000),
        "object_types": always([]),
        "tagged_items": tagged,
        **STAMPS,
    }


def _custom_field() -> dict[str, Getter]:
    return {
        **head(CUSTOM_FIELDS),
        "object_types": always([DEVICE, MACHINE]),
        "type": choice_of("type"),
        "related_object_type": always(None),
        "data_type": lambda _view, row: DATA_TYPES.get(row["type"], "string"),
        "name": held("name"),
        "label": held("label", ""),
        "group_name": always(""),
        **DESCRIPTION,
        "required": always(False),
        "unique": always(False),
        "search_weight": always(1000),
        "filter_logic": always(choice("loose")),
        "ui_visible": always(choice("always")),
        "ui_editable": always(choice("yes")),
        "is_cloneable": always(False),
        **nulls("default", "related_object_filter"),
        "weight": always(100),
        **nulls("validation_minimum", "validation_maximum"),
        "validation_regex": always(""),
        "validation_schema": always(None),
        "choice_set": related("choice_set", CHOICE_SETS),
        **OWNER,
        **COMMENTS,
        **STAMPS,
    }


def _choices(_view: View, row: Row) -> list[list[str]]:
    """Pairs of value and label; a snapshot keeps the values."""
    return [[value, value.replace("-", " ").capitalize()] for value in row["extra_choices"]]


def _choice_set() -> dict[str, Getter]:
    return {
        **head(CHOICE_SETS),
        "name": held("name"),
        **DESCRIPTION,
        "base_choices": choice_of("base_choices"),
        "extra_choices": _choices,
        "choice_colors": always({}),
        "order_alphabetically": always(False),
        "choices_count": lambda _view, row: len(row["extra_choices"]),
        **OWNER,
        **STAMPS,
    }


def _config_context() -> dict[str, Getter]:
    name = "extras.configcontext"
    return {
        **head(name),
        "name": held("name"),
        "weight": held("weight", 1000),
        "profile": always(None),
        **DESCRIPTION,
        "is_active": always(True),
        **lists("regions", "site_groups", "sites", "locations", "device_types", "roles", "platforms"),
        **lists("cluster_types", "cluster_groups", "clusters", "tenant_groups", "tenants"),
        **OWNER,
        **lists("tags"),
        "data_source": always(None),
        **blanks("data_path"),
        **nulls("data_file", "data_synced"),
        "data": held("data", {}),
        **STAMPS,
    }


def _owner() -> dict[str, Getter]:
    groups = {"group": always(None), **DESCRIPTION, **lists("user_groups", "users")}
    return {**head(OWNERS), "name": held("name"), **groups}


def _object(view: View, row: Row) -> Row | None:
    """The object that a contact is assigned to; null where a snapshot does not keep its type."""
    kind, number = row["object_type"], row["object_id"]
    return view.nested(kind, number) if number in view.store.tables.get(kind, {}) else None


def _assignment() -> dict[str, Getter]:
    columns = {name: getter for name, getter in head(ASSIGNMENT).items() if name != "display_url"}
    return {
        **columns,
        "object_type": held("object_type"),
        "object_id": held("object_id"),
        "object": _object,
        "contact": related("contact", "tenancy.contact"),
        "role": related("role", "tenancy.contactrole"),
        "priority": choice_of("priority"),
        **BARE,
        **STAMPS,
    }


def _changed_object(view: View, row: Row) -> Row | None:
    kind, number = row["changed_object_type"], row["changed_object_id"]
    return view.nested(kind, number) if number in view.store.tables[kind] else None


def _user(view: View, row: Row) -> Row:
    name = row["user_name"]
    return {"id": 1, "url": f"{view.base}/api/users/users/1/", "display": name, "username": name}


def _change() -> dict[str, Getter]:
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
        "object_repr": held("object_repr"),
        "message": always(""),
        "prechange_data": lambda _view, row: row["prechange_data"] or {},
        "postchange_data": lambda _view, row: row["postchange_data"] or {},
    }


COLUMNS: Mapping[str, Mapping[str, Getter]] = MappingProxyType(
    {
        TAG: _tag(),
        CUSTOM_FIELDS: _custom_field(),
        CHOICE_SETS: _choice_set(),
        "extras.configcontext": _config_context(),
        OWNERS: _owner(),
        ASSIGNMENT: _assignment(),
        CHANGES: _change(),
    }
)
