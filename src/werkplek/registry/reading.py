"""What is asked of NetBox: whole tables, rows by id, rows since a moment, marks and the change log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from werkplek.errors import WerkplekError
from werkplek.registry.answers import relational, utc
from werkplek.registry.changes import MOST_CHANGES, SLACK, Change, Mark, mark_of
from werkplek.registry.client import CONNECTIONS, NetBoxClient
from werkplek.registry.full_reading import FullReading, add, is_void, narrow, walk
from werkplek.registry.query import Query, Rows
from werkplek.registry.tables import ADDRESS, INTERFACE, Table, dated

LOG = "core/object-changes"
LOG_FIELDS = "id,time,changed_object_type,changed_object_id"
IDS_PER_REQUEST = 100  # keeps addresses below the 4,094 characters that gunicorn takes
FIRST_CHANGES = 200
OTHER_ROLES = Mark(-1, None)
"""The mark of ports when a role whose ports were asked for is gone: unlike any that is known."""


class Reader:
    """Reads through one client, at most two requests at a time, each worker over its own connection.

    Use as a context manager.
    """

    def __init__(self, client: NetBoxClient, page_size: int) -> None:
        self._client = client
        self._size = page_size
        self._pool = ThreadPoolExecutor(CONNECTIONS)

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_error: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def version(self) -> str:
        """NetBox's version, such as `4.4.10`."""
        return self._pool.submit(self._client.version).result()

    def full(self, tables: Iterable[Table], query: Query) -> Rows:
        """Every row of each table."""
        return FullReading(self._client, self._pool, self._size, query).rows(tables)

    def _each(self, call: Any, arguments: Iterable[tuple[Any, ...]]) -> list[Any]:
        jobs = [self._pool.submit(call, *given) for given in arguments]
        return [job.result() for job in jobs]

    def since(self, table: Table, query: Query, moment: str | None) -> Rows:
        """Rows that were saved at or after a moment, without the query's filters: a row may have left them."""
        parameters = self._unfiltered(table, query)
        if moment:
            parameters["last_updated__gte"] = moment
        found: Rows = {}
        add(found, table, self._pool.submit(walk, self._client, self._size, table, parameters).result(), query)
        return found

    def by_ids(self, table: Table, query: Query, ids: Iterable[int]) -> Rows:
        """The rows of these ids, as far as they exist, without the query's filters."""
        found: Rows = {}
        numbers = [str(number) for number in sorted(ids)]
        parts = [numbers[at : at + IDS_PER_REQUEST] for at in range(0, len(numbers), IDS_PER_REQUEST)]
        parameters = self._unfiltered(table, query)
        pages = self._each(self._client.page, [(table.path, {**parameters, "id": part}, len(part)) for part in parts])
        for page in pages:
            add(found, table, page.rows, query)
        return found

    def _unfiltered(self, table: Table, query: Query) -> dict[str, str | Sequence[str]]:
        """Ports keep to the switches: there may be a hundred times as many others."""
        fixed = query.fixed(table) if table.object_type == INTERFACE else {}
        return {**fixed, **query.columns(table)}

    def marks(self, tables: Iterable[Table], query: Query) -> dict[str, Mark]:
        """The mark of each table, by object type."""
        wanted = [table for table in tables if not is_void(table, query)]
        marks = self._each(self._mark, [(table, query) for table in wanted])
        return {table.object_type: mark for table, mark in zip(wanted, marks, strict=True)}

    def _mark(self, table: Table, query: Query) -> Mark:
        if not dated(table) and table.object_type != ADDRESS:
            parameters = {**query.fixed(table), **query.columns(table)}
            return mark_of(
                [relational(table, row, query.include) for row in walk(self._client, self._size, table, parameters)]
            )
        parameters = {**query.fixed(table), **narrow(table, "id,last_updated"), "ordering": "-last_updated"}
        try:
            page = self._client.page(table.path, parameters, 1)
        except WerkplekError as error:
            # NetBox refuses a filter by a role that went away: the ports are those of other roles now.
            if table.object_type == INTERFACE and any(
                problem.found.startswith("HTTP 400") for problem in error.problems
            ):
                return OTHER_ROLES
            raise
        newest = utc(page.rows[0].get("last_updated")) if page.rows else None
        return Mark(page.count, newest if isinstance(newest, str) else None)

    def changes(self, newest: Change | None) -> tuple[Change, ...] | None:
        """The change log from shortly before its newest entry that was seen, or None when it leaves a gap.

        There is a gap when that entry is gone (pruned, or NetBox was restored) or when there are too many younger.
        Without `newest`: just the newest entries.
        """
        parameters = {"fields": LOG_FIELDS, "ordering": "-id"}
        if newest is None:
            return self._entries(parameters, FIRST_CHANGES)
        start = datetime.fromisoformat(newest.time) - timedelta(seconds=SLACK)
        entries = self._entries({**parameters, "time_after": start.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}, MOST_CHANGES)
        return entries if newest in entries else None

    def _entries(self, parameters: Mapping[str, str], limit: int) -> tuple[Change, ...]:
        page = self._pool.submit(self._client.page, LOG, parameters, limit).result()
        return tuple(map(self._entry, page.rows, [page.url] * len(page.rows)))

    def _entry(self, row: Mapping[str, object], url: str) -> Change:
        match row:
            case {"id": int(number), "time": str(time), "changed_object_type": str(kind), "changed_object_id": int(of)}:
                return Change(number, str(utc(time)), kind, of)
        expected = "an object with id, time, changed_object_type and changed_object_id"
        self._client.refuse(url, f"HTTP 200 with {sorted(row)}", expected, "Check `api_url`.")
