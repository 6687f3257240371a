"""Parts of which the NetBox double's columns are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkplek.lab.netbox_index import Row
from werkplek.lab.netbox_rows import Getter, View, parent, tags

PARTS = (
    *("console_port", "console_server_port", "power_port", "power_outlet", "interface"),
    *("front_port", "rear_port", "device_bay", "module_bay", "inventory_item"),
)
# Labels that are not the value with a capital.
LABELS = {
    "tagged-all": "Tagged (All)",
    "q-in-q": "Q-in-Q (802.1ad)",
    "1000base-t": "1000BASE-T (1GE)",
    "10gbase-x-sfpp": "SFP+ (10GE)",
    "lag": "Link Aggregation Group (LAG)",
    "select": "Selection",
    "longtext": "Text (long)",
    "boolean": "Boolean (true/false)",
    "datetime": "Date & time",
    "url": "URL",
    "json": "JSON",
    "multiselect": "Multiple selection",
    "multiobject": "Multiple objects",
}


def choice(value: str | None) -> dict[str, str] | None:
    """A choice as NetBox shows it."""
    return {"value": value, "label": LABELS.get(value, value.replace("-", " ").capitalize())} if value else None


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
    return lambda view, row: view.nested(target, row[name])


def all_related(name: str, target: str) -> Getter:
    """A list of relations, in order of id."""
    return lambda view, row: [view.nested(target, number) for number in sorted(row[name])]


def count_of(object_type: str, child: str, column: str, *, tree: bool = False) -> Getter:
    """How many rows refer to this one; in a tree, to those below it too."""
    above = object_type if tree else None
    return lambda view, row: view.store.index.count(child, column, row["id"], above)


def moment(text: str) -> str:
    """A moment as Django writes it: without microseconds where there are none."""
    return text.removesuffix(".000000Z") + "Z" if text.endswith(".000000Z") else text


def _created(view: View, row: Row) -> str:
    return moment(row.get("created") or row.get("last_updated") or view.store.as_of)


def _updated(view: View, row: Row) -> str:
    return moment(row.get("last_updated") or view.store.as_of)


def head(object_type: str) -> dict[str, Getter]:
    """The columns with which every object begins."""
    return {
        "id": held("id"),
        "url": lambda view, row: view.url(object_type, row["id"]),
        "display_url": lambda view, row: view.page(object_type, row["id"]),
        "display": lambda view, row: view.display(object_type, row),
    }


STAMPS: Mapping[str, Getter] = {"created": _created, "last_updated": _updated}
NAMED: Mapping[str, Getter] = {"name": held("name"), "slug": held("slug")}
DESCRIPTION: Mapping[str, Getter] = {"description": held("description", "")}
COMMENTS: Mapping[str, Getter] = {"comments": held("comments", "")}
OWNER: Mapping[str, Getter] = {"owner": lambda view, row: view.nested("users.owner", row.get("owner"))}
BARE: Mapping[str, Getter] = {"tags": always([]), "custom_fields": always({})}


def _custom_fields(view: View, row: Row) -> Row:
    """A value for each custom field that there is, whatever the row holds."""
    values = row["custom_fields"]
    if not view.choice_objects:
        return {name: values.get(name) for name, _kind in view.store.index.custom_fields}
    return {
        name: choice(values.get(name)) if kind == "select" else values.get(name)
        for name, kind in view.store.index.custom_fields
    }


HOST: Mapping[str, Getter] = {"tags": tags, "custom_fields": _custom_fields}


def zeros(*names: str) -> dict[str, Getter]:
    """Counts of what a snapshot does not keep."""
    return {name: always(0) for name in names}


def nulls(*names: str) -> dict[str, Getter]:
    """Columns that a snapshot does not keep."""
    return {name: always(None) for name in names}


def blanks(*names: str) -> dict[str, Getter]:
    """Texts that a snapshot does not keep."""
    return {name: always("") for name in names}


def lists(*names: str) -> dict[str, Getter]:
    """Lists that a snapshot does not keep."""
    return {name: always([]) for name in names}


def depth(object_type: str) -> dict[str, Getter]:
    """How deep a row is in its tree."""
    return {"_depth": lambda view, row: view.depth(object_type, row["id"])}


def above(object_type: str) -> dict[str, Getter]:
    """The row above in the tree."""
    return {"parent": lambda view, row: parent(view, object_type, row)}
