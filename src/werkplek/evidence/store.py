"""Bulk inserts that may be repeated: storing the same rows twice changes nothing.

A new result row is only ever inserted; the one update is a run's end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import batched
from typing import Any

from sqlalchemy import Connection, Table, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import MetaData

from werkplek.evidence.records import HostRecord, RunEnd, RunStart, SettingRow, counts_of, digest_of
from werkplek.evidence.schema import Base

METADATA: MetaData = Base.metadata
RUN, RUN_HOST, SETTING, RESULT, RESULT_SET, RESULT_SET_ROW = (
    METADATA.tables[name] for name in ("run", "run_host", "setting", "result", "result_set", "result_set_row")
)
CHUNK = 500
"""Values in one IN list: well under SQLite's limit of 32,766 variables."""
REMEMBERED = 200_000
"""Result rows whose ids are kept in memory: about 100 MB at most."""

Numbered = tuple[int, HostRecord]


class Store:
    """Writes records through a connection, and remembers which shared rows exist already.

    After a transaction that failed, take a new Store: the memory may hold ids that were rolled back.
    """

    def __init__(self) -> None:
        self.sets: dict[bytes, int] = {}
        self.results: dict[SettingRow, int] = {}

    def save(self, connection: Connection, run: RunStart, hosts: Sequence[Numbered], end: RunEnd | None = None) -> None:
        """Store a run, some of its hosts with their sequence numbers, and its end."""
        insert_new(connection, RUN, [asdict(run)])
        sets = self.result_sets(connection, [record.rows for _, record in hosts if record.rows])
        insert_new(connection, RUN_HOST, [host_row(run.id, number, record, sets) for number, record in hosts])
        if end:
            connection.execute(
                update(RUN)
                .where(RUN.c.id == run.id, RUN.c.ended_at.is_(None))
                .values(ended_at=end.ended_at, outcome=end.outcome)
            )

    def result_sets(
        self, connection: Connection, answers: Iterable[tuple[SettingRow, ...]]
    ) -> Mapping[tuple[SettingRow, ...], int]:
        """Ids of the result sets that hold these rows, made where they are new."""
        digests = {rows: digest_of(sorted(rows)) for rows in answers}
        new = {digest: rows for rows, digest in digests.items() if digest not in self.sets}
        if new:
            self.add_sets(connection, new)
        return {rows: self.sets[digest] for rows, digest in digests.items()}

    def add_sets(self, connection: Connection, new: Mapping[bytes, tuple[SettingRow, ...]]) -> None:
        """Store sets in the order of their digests, so that two writers wait for each other but never deadlock."""
        values = [{"digest": digest, **counts_of(new[digest])} for digest in sorted(new)]
        insert_new(connection, RESULT_SET, values)
        self.sets.update(ids_by_digest(connection, RESULT_SET, new))
        self.add_results(connection, {row for rows in new.values() for row in rows})
        members = [
            {"result_set_id": self.sets[digest], "result_id": result}
            for digest, rows in new.items()
            for result in sorted({self.results[row] for row in rows})
        ]
        insert_new(connection, RESULT_SET_ROW, members)

    def add_results(self, connection: Connection, rows: set[SettingRow]) -> None:
        """Store results that this Store has not seen."""
        if len(self.results) > REMEMBERED:
            self.results = {}
        new = {digest_of(row): row for row in rows if row not in self.results}
        settings = setting_ids(connection, {(row.name, row.source) for row in new.values()})
        values = [result_row(digest, new[digest], settings) for digest in sorted(new)]
        insert_new(connection, RESULT, values)
        found = ids_by_digest(connection, RESULT, new)
        self.results.update({row: found[digest] for digest, row in new.items()})


def host_row(
    run_id: str, number: int, record: HostRecord, sets: Mapping[tuple[SettingRow, ...], int]
) -> dict[str, Any]:
    """A row of run_host."""
    fields = asdict(replace(record, rows=()))
    del fields["rows"]
    return {**fields, "run_id": run_id, "sequence": number, "result_set_id": sets.get(record.rows)}


def result_row(digest: bytes, row: SettingRow, settings: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    """A row of result."""
    return {
        "digest": digest,
        "setting_id": settings[row.name, row.source],
        "status": row.status,
        "before": row.before,
        "after": row.after,
        "message": row.message,
    }


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; those whose key is there already stay as they are."""
    if not rows:
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(dialect.insert(table).on_conflict_do_nothing(), list(rows))


def ids_by_digest(connection: Connection, table: Table, digests: Iterable[bytes]) -> dict[bytes, int]:
    """Ids of rows that exist."""
    found: dict[bytes, int] = {}
    for chunk in batched(digests, CHUNK):
        query = select(table.c.digest, table.c.id).where(table.c.digest.in_(chunk))
        found.update({bytes(digest): number for digest, number in connection.execute(query)})
    return found


def setting_ids(connection: Connection, places: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Ids of settings at their places in the policy, made where they are new."""
    insert_new(connection, SETTING, [{"name": name, "source": source} for name, source in sorted(places)])
    found: dict[tuple[str, str], int] = {}
    for chunk in batched(sorted(places), CHUNK):
        query = select(SETTING.c.name, SETTING.c.source, SETTING.c.id)
        query = query.where(tuple_(SETTING.c.name, SETTING.c.source).in_(chunk))
        found.update({(name, source): number for name, source, number in connection.execute(query)})
    return found
