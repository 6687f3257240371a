"""Lists and single objects of the NetBox double: which rows, and which columns of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from werkplek.lab.netbox_answers import Refusal
from werkplek.lab.netbox_filters import tests
from werkplek.lab.netbox_index import Row
from werkplek.lab.netbox_order import ordered
from werkplek.lab.netbox_query import Parameters, links, page
from werkplek.lab.netbox_rows import Getter, View, render
from werkplek.lab.netbox_types import TYPES


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer's body, and what went into it: type, columns, and how many rows.

    `context` is whether NetBox renders config contexts for it: also where no column shows them, unless excluded.
    """

    body: Row
    object_type: str
    columns: frozenset[str]
    rows: int
    context: bool


def list_of(view: View, object_type: str, path_qs: str) -> Shown:
    """A page of a list. `path_qs` is the request's path and query, raw. Raises Refusal."""
    parameters = _parameters(path_qs)
    wanted = tests(view.store, object_type, parameters)
    rows = ordered(view.store, object_type, parameters)
    if wanted:
        rows = [row for row in rows if all(test(row) for test in wanted)]
    part = page(parameters)
    following, previous = links(f"{view.base}{path_qs}", part, len(rows))
    fields = _fields(view, object_type, parameters)
    shown = rows[part.offset : part.offset + part.limit]
    results = [render(view, fields, row) for row in shown]
    body = {"count": len(rows), "next": following, "previous": previous, "results": results}
    return Shown(body, object_type, frozenset(fields), len(shown), _renders_context(parameters))


def one(view: View, object_type: str, number: int, path_qs: str) -> Shown:
    """An object by id. Raises Refusal: 404."""
    parameters = _parameters(path_qs)
    fields = _fields(view, object_type, parameters)
    body = render(view, fields, existing(view, object_type, number))
    return Shown(body, object_type, frozenset(fields), 1, _renders_context(parameters))


def existing(view: View, object_type: str, number: int) -> Row:
    """The row of an object. Raises Refusal: 404."""
    if number not in view.store.tables[object_type]:
        raise Refusal(404, {"detail": f"No {TYPES[object_type].model} matches the given query."})
    return view.row(object_type, number)


def _parameters(path_qs: str) -> Parameters:
    return parse_qs(path_qs.partition("?")[2], keep_blank_values=True)


def _renders_context(parameters: Parameters) -> bool:
    return "config_context" not in parameters.get("exclude", [""])[-1]


def _fields(view: View, object_type: str, parameters: Parameters) -> Mapping[str, Getter]:
    """Columns to show: `fields` (unknown names are ignored), else `brief`, else all."""
    shape = view.shapes[object_type]
    chosen = set(shape.columns)
    if asked := parameters.get("fields", [""])[-1]:
        chosen = set(asked.split(","))
    elif parameters.get("brief", [""])[-1]:
        chosen = set(shape.brief)
    if not _renders_context(parameters):
        chosen.discard("config_context")
    return {name: getter for name, getter in shape.columns.items() if name in chosen}
