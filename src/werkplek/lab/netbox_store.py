"""The NetBox double's database: rows as in a snapshot, each replaced whole on a write, and the change log."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from werkplek.lab import netbox_deletes
from werkplek.lab.estate_tables import release_of
from werkplek.lab.netbox_clock import Clock
from werkplek.lab.netbox_effects import after_save
from werkplek.lab.netbox_index import Index, Row
from werkplek.lab.netbox_load import load, newest
from werkplek.lab.netbox_names import display
from werkplek.lab.netbox_types import CHANGES, TAG
from werkplek.registry.tables import Snapshot

USER = "lab"
STAMPS = ("id", "created", "last_updated")


class Store:
    """All rows by type and id. Belongs to one event loop: a write is one step for its readers.

    Writes look like those through NetBox's API and pages. `logged=False` makes them those of `nbshell`: the row's
    `last_updated` moves, the change log stays. Columns are taken as they are; `netbox_writes` checks them.
    """

    def __init__(self, snapshot: Snapshot, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.tables = load(snapshot)
        self.version = snapshot.netbox_version
        self.release = release_of(snapshot.netbox_version)
        self.as_of = snapshot.as_of
        self.clock = Clock(clock, newest(self.tables, snapshot.as_of))
        self._next_id = {name: max(rows, default=0) + 1 for name, rows in self.tables.items()}
        self._request: str | None = None
        self.index = Index(self.tables, self.lineage)

    def create(self, object_type: str, values: Row, *, logged: bool = True) -> Row:
        """Add a row; returns it with its id and time stamps."""
        now = self.clock.now()
        row = {**values, "id": self.next_id(object_type), "created": now, "last_updated": now}
        with self._one_request():
            self.put(object_type, row)
            if logged:
                self.log("create", object_type, None, row)
            after_save(self, object_type, None, row, logged=logged)
        return row

    def update(self, object_type: str, number: int, values: Row, *, logged: bool = True, touch: bool = True) -> Row:
        """Replace columns of a row. As in NetBox, the change log has an entry only where something changed.

        `touch=False` is what `queryset.update()` does: neither `last_updated` nor the change log nor other rows move.
        """
        before = self.tables[object_type][number]
        after = {**before, **values}
        if touch:
            created = before.get("created") or before.get("last_updated") or self.as_of
            after |= {"created": created, "last_updated": self.clock.now()}
        self.put(object_type, after)
        if touch:
            with self._one_request():
                if logged and self._data(object_type, before) != self._data(object_type, after):
                    self.log("update", object_type, before, after)
                after_save(self, object_type, before, after, logged=logged)
        return after

    def delete(self, object_type: str, number: int, *, logged: bool = True) -> None:
        """Take a row away, with what goes with it in NetBox. Raises ProtectedError when other rows need it."""
        with self._one_request():
            netbox_deletes.delete(self, object_type, number, logged=logged)

    @contextmanager
    def _one_request(self) -> Iterator[None]:
        """What is logged in here has one request id, also where one write leads to others."""
        outer = self._request
        self._request = outer or str(uuid.uuid4())
        try:
            yield
        finally:
            self._request = outer

    def prune_changes(self, before_id: int) -> None:
        """Forget the entries of the change log with smaller ids, as NetBox's housekeeping does with old ones."""
        for number in [number for number in self.tables[CHANGES] if number < before_id]:
            self.take(CHANGES, number)

    def lineage(self, object_type: str, number: int) -> Iterator[int]:
        """The id itself and those above it in a tree."""
        above: int | None = number
        while above is not None:
            yield above
            above = self.tables[object_type][above].get("parent")

    def put(self, object_type: str, row: Row) -> None:
        """Keep a row as it is, new or in place of the one with its id."""
        self.tables[object_type][row["id"]] = row
        self._next_id[object_type] = max(self._next_id[object_type], row["id"] + 1)
        self.index = Index(self.tables, self.lineage)

    def take(self, object_type: str, number: int) -> Row:
        """Take a row out, and nothing else."""
        row = self.tables[object_type].pop(number)
        self.index = Index(self.tables, self.lineage)
        return row

    def next_id(self, object_type: str) -> int:
        """The id that the next new row gets. Ids are never given twice."""
        return self._next_id[object_type]

    def log(self, action: str, object_type: str, before: Row | None, after: Row | None) -> None:
        """Write an entry into the change log. What one call changes has one request id."""
        row = after or before or {}
        entry = {
            "id": self.next_id(CHANGES),
            "time": self.clock.now(),
            "user_name": USER,
            "request_id": self._request,
            "action": action,
            "changed_object_type": object_type,
            "changed_object_id": row["id"],
            "object_repr": display(self.tables, object_type, row),
            "prechange_data": before and self._data(object_type, before),
            "postchange_data": after and self._data(object_type, after),
        }
        self.put(CHANGES, entry)

    def _data(self, object_type: str, row: Row) -> Row:
        """Columns as NetBox logs them: without id and time stamps, tags by name."""
        data = {name: value for name, value in row.items() if name not in STAMPS}
        if object_type != TAG and "tags" in data:
            tags = self.tables[TAG]
            data["tags"] = sorted(tags[number]["name"] for number in data["tags"] if number in tags)
        return data
