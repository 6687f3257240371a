"""Untyped rows -> typed tables. Used for snapshot files and for what the API sent, so both meet the same checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import GenericAlias
from typing import Any

from pydantic import TypeAdapter, ValidationError

from werkplek.errors import Problem
from werkplek.registry.model import Objects, Row
from werkplek.registry.tables import TABLES, Table, columns

type RawRow = Mapping[str, object]
type RawObjects = Mapping[str, Sequence[object]]
type Place = Callable[[Table, int, object], str]
"""Says where a row is: (table, position from 0, id or None) -> text for `Problem.where`."""

REMEDY = "Take the snapshot again."


@cache
def _adapter(object_type: str) -> TypeAdapter[Any]:
    shape: Any = GenericAlias(tuple, (TABLES[object_type].row, ...))
    return TypeAdapter(shape)


def read_objects(raw: RawObjects, place: Place) -> tuple[Objects, list[Problem]]:
    """Every table of `raw` as typed rows sorted by id, and every problem found.

    `raw` holds all types of `TABLES`. Tables with malformed rows come back empty, and references into them are not
    reported a second time.
    """
    problems: list[Problem] = []
    tables: dict[str, tuple[Row, ...]] = {}
    broken: set[str] = set()
    for table in TABLES.values():
        rows, found = _read_table(table, raw[table.object_type], place)
        tables[table.object_type] = rows
        problems += found
        if found:
            broken.add(table.object_type)
    for table in TABLES.values():
        problems += _dangling(table, tables, broken, place)
        if table.references.get("parent") == table.object_type:
            problems += _cycles(table, tables[table.object_type], place)
    by_id = {table.attribute: _sorted(tables[table.object_type]) for table in TABLES.values()}
    return Objects(**by_id), problems  # type: ignore[arg-type]


def _sorted(rows: Sequence[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: row.id))


def _read_table(table: Table, raw: Sequence[object], place: Place) -> tuple[tuple[Row, ...], list[Problem]]:
    try:
        rows: tuple[Row, ...] = _adapter(table.object_type).validate_python(raw)
    except ValidationError as error:
        return (), [_row_problem(table, raw, item["loc"], item["type"], place) for item in error.errors()]
    return rows, _repeated(table, rows, place)


def _repeated(table: Table, rows: Sequence[Row], place: Place) -> list[Problem]:
    seen: set[int] = set()
    problems = []
    for index, row in enumerate(rows):
        if row.id in seen:
            problems.append(Problem(place(table, index, row.id), f"id {row.id} a second time", "each id once", REMEDY))
        seen.add(row.id)
    return problems


def _row_problem(table: Table, raw: Sequence[object], loc: tuple[int | str, ...], kind: str, place: Place) -> Problem:
    index, column = int(loc[0]), str(loc[1]) if len(loc) > 1 else ""
    row = raw[index]
    number = row.get("id") if isinstance(row, Mapping) else None
    expected = f"the columns {', '.join(columns(table))}"
    if not isinstance(row, Mapping):
        found = f"{type(row).__name__} instead of a row"
    elif kind == "missing":
        found = f"no column {column!r}"
    else:
        found = f"{column} = {_short(row.get(column))}"
        expected = f"a value of the right type in column {column!r}"
    return Problem(place(table, index, number), found, expected, REMEDY)


def _short(value: object, limit: int = 60) -> str:
    text = ascii(value)
    return text if len(text) <= limit else text[:limit] + "..."


def _dangling(table: Table, tables: Mapping[str, Sequence[Row]], broken: set[str], place: Place) -> Iterator[Problem]:
    for column, target in table.references.items():
        if target in broken:
            continue
        known = {row.id for row in tables[target]}
        for index, row in enumerate(tables[table.object_type]):
            value = getattr(row, column)
            for number in value if isinstance(value, tuple) else (value,):
                if number is not None and number not in known:
                    found = f"{column} = {number}, which is no {target} here"
                    yield Problem(place(table, index, row.id), found, f"the id of a {target}", REMEDY)


def _cycles(table: Table, rows: Sequence[Row], place: Place) -> Iterator[Problem]:
    parents: dict[int, int | None] = {row.id: row.parent for row in rows}  # type: ignore[attr-defined]
    for index, row in enumerate(rows):
        seen: set[int] = set()
        above = parents[row.id]
        while above is not None and above != row.id and above not in seen:
            seen.add(above)
            above = parents.get(above)
        if above == row.id:
            yield Problem(
                place(table, index, row.id), "a row that is its own ancestor", "parents without a circle", REMEDY
            )
