"""What is known of a registry, and what is needed of a reader to bring it up to date."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from werkplek.registry.answers import RawRow
from werkplek.registry.changes import Change, Log, Mark
from werkplek.registry.query import Query, Rows
from werkplek.registry.tables import Table

type Tables = Mapping[str, Mapping[int, RawRow]]
type PortRoles = Callable[[Collection[RawRow]], tuple[int, ...]]
"""Rows of `dcim.devicerole` -> ids of the roles whose ports are read."""


class Source(Protocol):
    """What is needed of a reader; see `reading.Reader`."""

    def full(self, tables: Iterable[Table], query: Query) -> Rows:
        """Every row of each table."""

    def since(self, table: Table, query: Query, moment: str | None) -> Rows:
        """Rows saved at or after a moment."""

    def by_ids(self, table: Table, query: Query, ids: Iterable[int]) -> Rows:
        """Rows of these ids."""

    def marks(self, tables: Iterable[Table], query: Query) -> dict[str, Mark]:
        """The mark of each table."""

    def changes(self, newest: Change | None) -> tuple[Change, ...] | None:
        """The newest part of the change log."""


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a registry. `marks` are NetBox's own, from after the rows were read."""

    query: Query
    tables: Tables
    marks: Mapping[str, Mark]
    log: Log


@dataclass(frozen=True, slots=True)
class Look:
    """The registry's marks and change log at one moment; `unseen` is None when the log left a gap."""

    marks: Mapping[str, Mark]
    log: Log
    unseen: tuple[Change, ...] | None


def number(row: Mapping[str, object]) -> int:
    """A row's id; the client lets no row without one through."""
    found = row["id"]
    assert isinstance(found, int)
    return found


def by_id(rows: Iterable[RawRow]) -> dict[int, RawRow]:
    """Rows by their ids."""
    return {number(row): row for row in rows}
