"""What the NetBox double derives from its rows and computes once between two writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

from werkplek.lab.netbox_types import CUSTOM_FIELDS, MANUFACTURER, TERMINATION
from werkplek.registry.tables import ADDRESS

type Row = dict[str, Any]
type Tables = dict[str, dict[int, Row]]
type Lineage = Callable[[str, int], Iterator[int]]
"""(type, id) -> the id and those above it in its tree."""


class Index:
    """Counts, orders and nested forms."""

    def __init__(self, tables: Tables, lineage: Lineage) -> None:
        self._tables = tables
        self._lineage = lineage
        self._counts: dict[tuple[str, str, str | None], Counter[int]] = {}
        self._orders: dict[tuple[str, str], list[int]] = {}
        self.nested: dict[tuple[str, str, int], Row] = {}
        self.tag_lists: dict[tuple[str, tuple[int, ...]], list[Row]] = {}

    def count(self, child: str, column: str, number: int, tree: str | None = None) -> int:
        """How many rows of `child` refer to a row; those under it in `tree` count too."""
        key = (child, column, tree)
        if key not in self._counts:
            self._counts[key] = Counter(self._references(child, column, tree))
        return self._counts[key][number]

    def _references(self, child: str, column: str, tree: str | None) -> Iterator[int]:
        for row in self._tables[child].values():
            value = row[column]
            for number in value if isinstance(value, list | tuple) else (value,):
                if number is not None:
                    yield from self._lineage(tree, number) if tree else (number,)

    def order(self, object_type: str, ordering: str, compute: Callable[[], list[int]]) -> list[int]:
        """Ids in the order that a request asked for, computed when it is asked for first."""
        key = (object_type, ordering)
        if key not in self._orders:
            self._orders[key] = compute()
        return self._orders[key]

    def addresses(self, object_type: str, number: int) -> int:
        """How many addresses are assigned to an interface."""
        return self._assigned[object_type, number]

    @cached_property
    def _assigned(self) -> Counter[tuple[str | None, int | None]]:
        rows = self._tables[ADDRESS].values()
        return Counter((row["assigned_object_type"], row["assigned_object_id"]) for row in rows)

    def members(self, child: str, column: str, number: int) -> list[Row]:
        """The rows of `child` that refer to a row."""
        return [row for row in self._tables[child].values() if row[column] == number]

    @cached_property
    def ends(self) -> Mapping[tuple[int | None, str], list[int]]:
        """Ids of the interfaces at each end of each cable: (cable, `A` or `B`) -> ids."""
        found: dict[tuple[int | None, str], list[int]] = {}
        for row in self._tables[TERMINATION].values():
            found.setdefault((row["cable"], row["cable_end"]), []).append(row["termination_id"])
        return found

    @cached_property
    def manufacturers(self) -> Mapping[str, int]:
        """Ids by name: a snapshot keeps only the name."""
        return {row["name"]: number for number, row in self._tables[MANUFACTURER].items()}

    @cached_property
    def custom_fields(self) -> tuple[tuple[str, str], ...]:
        """(name, type) of each custom field, in NetBox's order."""
        rows = sorted(self._tables[CUSTOM_FIELDS].values(), key=lambda row: str(row["name"]))
        return tuple((row["name"], row["type"]) for row in rows)
