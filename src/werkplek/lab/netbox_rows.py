"""Rows of the NetBox double as a client sees them, whole and nested."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from werkplek.lab.netbox_index import Row
from werkplek.lab.netbox_load import TAG_COLOR
from werkplek.lab.netbox_names import display
from werkplek.lab.netbox_store import Store
from werkplek.lab.netbox_types import TAG, TYPES, is_tree

type Getter = Callable[["View", Row], Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """A type's columns in NetBox's order, those of `brief=true`, and those that other objects show of it."""

    columns: Mapping[str, Getter]
    brief: frozenset[str]
    nested: Mapping[str, Getter]


class View:
    """The store as one client sees it: URLs begin with the address that the client used.

    `choice_objects` shows custom fields with a choice as value and label.
    """

    def __init__(self, store: Store, shapes: Mapping[str, Shape], base: str, *, choice_objects: bool = False) -> None:
        self.store = store
        self.shapes = shapes
        self.base = base
        self.choice_objects = choice_objects

    def url(self, object_type: str, number: int) -> str:
        """Address of an object in the API."""
        return f"{self.base}/api/{TYPES[object_type].path}/{number}/"

    def page(self, object_type: str, number: int) -> str:
        """Address of an object in the web interface."""
        found = TYPES[object_type]
        return f"{self.base}/{found.page or found.path}/{number}/"

    def row(self, object_type: str, number: int) -> Row:
        """A row by id."""
        return self.store.tables[object_type][number]

    def display(self, object_type: str, row: Row) -> str:
        """NetBox's own text for an object."""
        return display(self.store.tables, object_type, row)

    def nested(self, object_type: str, number: int | None) -> Row | None:
        """The form in which other objects show a row; null where a snapshot does not keep it.

        It is the same for all of them, so made once between two writes.
        """
        if number is None or number not in self.store.tables[object_type]:
            return None
        key = (self.base, object_type, number)
        known = self.store.index.nested
        if key not in known:
            known[key] = render(self, self.shapes[object_type].nested, self.row(object_type, number))
        return known[key]

    def depth(self, object_type: str, number: int) -> int:
        """How many rows are above one in its tree."""
        if not is_tree(object_type, self.store.release):
            return 0
        return sum(1 for _ in self.store.lineage(object_type, number)) - 1


def render(view: View, getters: Mapping[str, Getter], row: Row) -> Row:
    """A row with the given columns, in their order."""
    return {name: getter(view, row) for name, getter in getters.items()}


def short(view: View, object_type: str, number: int | None, *more: str) -> Row | None:
    """The form of NetBox's Nested...Serializers, with more of the row's own columns."""
    if number is None or number not in view.store.tables[object_type]:
        return None
    row = view.row(object_type, number)
    head = {
        "id": number,
        "url": view.url(object_type, number),
        "display_url": view.page(object_type, number),
        "display": view.display(object_type, row),
    }
    return head | {name: row[name] for name in ("name", *more)}


# In these trees the row above is shown with its slug and depth, in others by name alone.
_DEEP_PARENTS = frozenset({"dcim.region", "tenancy.tenantgroup", "dcim.location"})


def parent(view: View, object_type: str, row: Row) -> Row | None:
    """The row above in its tree."""
    number = row["parent"]
    if number is None or object_type not in _DEEP_PARENTS:
        return short(view, object_type, number)
    above = short(view, object_type, number, "slug") or {}
    return above | {"_depth": view.depth(object_type, number)}


def tags(view: View, row: Row) -> list[Row]:
    """An object's tags in order of name."""
    key = (view.base, tuple(row["tags"]))
    known = view.store.index.tag_lists
    if key not in known:
        rows = sorted((view.row(TAG, number) for number in row["tags"]), key=lambda tag: str(tag["name"]))
        known[key] = [
            (short(view, TAG, tag["id"], "slug") or {}) | {"color": tag.get("color", TAG_COLOR)} for tag in rows
        ]
    return known[key]
