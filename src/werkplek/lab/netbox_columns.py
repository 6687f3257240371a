"""Parts of which the NetBox double's columns are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkplek.lab.netbox_rows import Getter, View, address, display, parent, tags
from werkplek.lab.netbox_store import TREES, Row

DEVICE, VM = "dcim.device", "virtualization.virtualmachine"
PARTS = (
    *("console_port", "console_server_port", "power_port", "power_outlet", "interface"),
    *("front_port", "rear_port", "device_bay", "module_bay", "inventory_item"),
)


def choice(value: str | None) -> dict[str, str] | None:
    """A choice as NetBox shows it."""
    return None if value is None else {"value": value, "label": value.replace("-", " ").capitalize()}


def held(name: str, default: Any = None) -> Getter:
    """A column as the row has it."""
    return lambda _view, row: row.get(name, default)


def always(value: Any) -> Getter:
    """The same value for every row."""
    return lambda _view, _row: value


def choice_of(name: str, default: str | None = None) -> Getter:
    """A column with a choice."""
    return lambda _view, row: choice(row.get(name, default))


def related(name: str, target: str) -> Getter:
    """A relation, shown in short."""
    return lambda view, row: view.brief(target, row[name])


def count_of(object_type: str, child: str, column: str) -> Getter:
    """How many rows refer to this one."""
    tree = object_type if object_type in TREES else None
    return lambda view, row: view.store.index.count(child, column, row["id"], tree)


def address_of(object_type: str, column: str) -> Getter:
    """An address in its nested form."""
    return lambda view, row: address(view, object_type, row, column)


def primary_address(object_type: str) -> Getter:
    """The address that NetBox takes for the main one."""

    def primary(view: View, row: Row) -> Row | None:
        # NetBox prefers IPv6 unless PREFER_IPV4 is set.
        return address(view, object_type, row, "primary_ip6") or address(view, object_type, row, "primary_ip4")

    return primary


def _created(view: View, row: Row) -> str:
    return str(row.get("created") or _updated(view, row))


def _updated(view: View, row: Row) -> str:
    return str(row.get("last_updated") or view.store.taken_at)


def head(object_type: str) -> dict[str, Getter]:
    """The columns with which every object begins."""
    return {
        "id": held("id"),
        "url": lambda view, row: view.url(object_type, row["id"]),
        "display_url": lambda view, row: view.page(object_type, row["id"]),
        "display": lambda view, row: display(view, object_type, row),
    }


STAMPS: Mapping[str, Getter] = {"created": _created, "last_updated": _updated}
NAMED: Mapping[str, Getter] = {"name": held("name"), "slug": held("slug")}
DESCRIPTION: Mapping[str, Getter] = {"description": held("description", "")}
COMMENTS: Mapping[str, Getter] = {"comments": held("comments", "")}
BARE: Mapping[str, Getter] = {"tags": always([]), "custom_fields": always({})}
HOST: Mapping[str, Getter] = {"tags": tags, "custom_fields": held("custom_fields")}


def zeros(*names: str) -> dict[str, Getter]:
    """Counts of what a snapshot does not keep."""
    return {name: always(0) for name in names}


def nulls(*names: str) -> dict[str, Getter]:
    """Columns that a snapshot does not keep."""
    return {name: always(None) for name in names}


def depth(object_type: str) -> dict[str, Getter]:
    """How deep a row is in its tree."""
    return {"_depth": lambda view, row: view.depth(object_type, row["id"])}


def above(object_type: str) -> dict[str, Getter]:
    """The row above in the tree."""
    return {"parent": lambda view, row: parent(view, object_type, row)}
