"""Rows of the NetBox double in the shapes of NetBox 4.4's REST API, full and nested."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from werkplek.lab.netbox_store import CHANGES, CHOICE_SETS, CUSTOM_FIELDS, TREES, Row, Store, slugify
from werkplek.registry.model import TABLES

PATHS: Mapping[str, str] = {name: table.path for name, table in TABLES.items()} | {
    CHANGES: "core/object-changes",
    CUSTOM_FIELDS: "extras/custom-fields",
    CHOICE_SETS: "extras/custom-field-choice-sets",
}
# Pages of the web interface that are not at the API's path.
PAGES: Mapping[str, str] = {CHANGES: "core/changelog", CHOICE_SETS: "extras/custom-field-choices"}
VERBOSE: Mapping[str, str] = {
    "tenancy.tenantgroup": "tenant group",
    "tenancy.tenant": "tenant",
    "dcim.region": "region",
    "dcim.site": "site",
    "dcim.location": "location",
    "dcim.devicerole": "device role",
    "dcim.platform": "platform",
    "dcim.devicetype": "device type",
    "extras.tag": "tag",
    "virtualization.cluster": "cluster",
    "dcim.device": "device",
    "virtualization.virtualmachine": "virtual machine",
    CHANGES: "object change",
    CUSTOM_FIELDS: "custom field",
    CHOICE_SETS: "custom field choice set",
}
APPS = {"virtualization": "Virtualization", "dcim": "DCIM", "extras": "Extras", "tenancy": "Tenancy"}
NESTED_COUNTS: Mapping[str, tuple[str, ...]] = {
    "tenancy.tenantgroup": ("tenant_count",),
    "dcim.region": ("site_count",),
    "dcim.location": ("rack_count",),
    "dcim.devicerole": ("device_count", "virtualmachine_count"),
    "dcim.platform": ("device_count", "virtualmachine_count"),
}
NO_SLUG = frozenset({"virtualization.cluster", "dcim.device", "virtualization.virtualmachine"})

type Getter = Callable[["View", Row], Any]


class View:
    """The store as one client sees it: URLs begin with the address that the client used."""

    def __init__(self, store: Store, base: str) -> None:
        self.store = store
        self.base = base

    def url(self, object_type: str, number: int) -> str:
        """Address of an object in the API."""
        return f"{self.base}/api/{PATHS[object_type]}/{number}/"

    def page(self, object_type: str, number: int) -> str:
        """Address of an object in the web interface."""
        return f"{self.base}/{PAGES.get(object_type, PATHS[object_type])}/{number}/"

    def row(self, object_type: str, number: int) -> Row:
        """A row by id."""
        return self.store.tables[object_type][number]

    def brief(self, object_type: str, number: int | None) -> Row | None:
        """The short form in which other objects show a row; the same for all of them, so made once."""
        if number is None:
            return None
        key = (self.base, object_type, number)
        briefs = self.store.index.briefs
        if key not in briefs:
            briefs[key] = brief_row(self, object_type, self.row(object_type, number))
        return briefs[key]

    def depth(self, object_type: str, number: int) -> int:
        """How many rows are above one in its tree."""
        return sum(1 for _ in self.store.lineage(object_type, number)) - 1


def render(view: View, getters: Mapping[str, Getter], row: Row) -> Row:
    """A row with the given columns, in their order."""
    return {name: getter(view, row) for name, getter in getters.items()}


def display(view: View, object_type: str, row: Row) -> str:
    """NetBox's own text for an object."""
    if object_type == "dcim.device":
        return _device_display(view, row)
    if object_type == "dcim.devicetype":
        return str(row["model"])
    if object_type == CHANGES:
        app = row["changed_object_type"].partition(".")[0]
        what = f"{APPS.get(app, app)} | {VERBOSE[row['changed_object_type']]} {row['object_repr']}"
        return f"{what} {ACTIONS[row['action']].lower()} by {row['user_name']}"
    if object_type == CUSTOM_FIELDS:
        return str(row["name"]).replace("_", " ").title()
    return str(row["name"])


ACTIONS = {"create": "Created", "update": "Updated", "delete": "Deleted"}


def _device_display(view: View, row: Row) -> str:
    if row["name"]:
        label = row["name"]
    else:
        kind = view.row("dcim.devicetype", row["device_type"]) if row["device_type"] else None
        label = f"{kind['manufacturer']} {kind['model']}" if kind else "Device object"
    if row["asset_tag"]:
        return f"{label} ({row['asset_tag']})"
    return label if row["name"] else f"{label} ({row['id']})"


def brief_row(view: View, object_type: str, row: Row) -> Row:
    """The columns of `brief=true` and of nested objects."""
    number = row["id"]
    brief = {"id": number, "url": view.url(object_type, number), "display": display(view, object_type, row)}
    if object_type == "dcim.devicetype":
        brief |= {"manufacturer": manufacturer(view, row), "model": row["model"]}
    else:
        brief["name"] = row["name"]
    if object_type not in NO_SLUG:
        brief["slug"] = row["slug"]
    brief["description"] = row.get("description", "")
    # NetBox fills these counts only in full objects; in nested ones they are always 0.
    brief |= dict.fromkeys(NESTED_COUNTS.get(object_type, ()), 0)
    if object_type in TREES or object_type == "dcim.location":
        brief["_depth"] = view.depth(object_type, number)
    return brief


def manufacturer(view: View, row: Row) -> Row:
    """A device type's maker, of which a snapshot keeps the name."""
    name = row["manufacturer"]
    number = view.store.index.manufacturers[name]
    url = f"{view.base}/api/dcim/manufacturers/{number}/"
    return {"id": number, "url": url, "display": name, "name": name, "slug": slugify(name), "description": ""}


def address(view: View, object_type: str, row: Row, column: str) -> Row | None:
    """An object's address in NetBox's nested form."""
    text = row[column]
    if not text:
        return None
    number = view.store.address_ids[object_type, row["id"], column]
    family = {"value": 4, "label": "IPv4"} if column == "primary_ip4" else {"value": 6, "label": "IPv6"}
    url = f"{view.base}/api/ipam/ip-addresses/{number}/"
    return {"id": number, "url": url, "display": text, "family": family, "address": text, "description": ""}


def tags(view: View, row: Row) -> list[Row]:
    """An object's tags in order of name."""
    rows = sorted((view.row("extras.tag", number) for number in row["tags"]), key=lambda tag: str(tag["name"]))
    return [
        {
            "id": tag["id"],
            "url": view.url("extras.tag", tag["id"]),
            "display_url": view.page("extras.tag", tag["id"]),
            "display": tag["name"],
            "name": tag["name"],
            "slug": tag["slug"],
            "color": tag.get("color", TAG_COLOR),
        }
        for tag in rows
    ]


TAG_COLOR = "9e9e9e"  # NetBox's default, grey


def parent(view: View, object_type: str, row: Row) -> Row | None:
    """The row above in the form of NetBox's Nested...Serializer."""
    number = row.get("parent")
    if number is None:
        return None
    above = view.row(object_type, number)
    nested = {
        "id": number,
        "url": view.url(object_type, number),
        "display_url": view.page(object_type, number),
        "display": above["name"],
        "name": above["name"],
    }
    if object_type in ("dcim.region", "tenancy.tenantgroup"):
        nested |= {"slug": above["slug"], "_depth": view.depth(object_type, number)}
    return nested
