"""The NetBox double's database: rows as in a snapshot, each replaced whole on a write, and the change log."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from werkplek.registry.model import TABLES, Snapshot
from werkplek.registry.snapshot import raw_objects

type Row = dict[str, Any]

CHANGES = "core.objectchange"
CUSTOM_FIELDS = "extras.customfield"
CHOICE_SETS = "extras.customfieldchoiceset"
TREES = frozenset(name for name, table in TABLES.items() if table.references.get("parent") == name)
ADDRESSED = ("dcim.device", "virtualization.virtualmachine")
USER = "lab"

# The custom fields that snapshot format 1 knows of: what an administrator would have made in NetBox.
LAB_CHOICE_SETS: tuple[Row, ...] = (
    {"id": 1, "name": "update_rings", "extra_choices": [["canary", "Canary"], ["pilot", "Pilot"], ["broad", "Broad"]]},
)
LAB_CUSTOM_FIELDS: tuple[Row, ...] = (
    {"id": 1, "name": "update_ring", "type": "select", "choice_set": 1},
    {"id": 2, "name": "owner_department", "type": "text", "choice_set": None},
)


class Store:
    """All rows by type and id. Belongs to one event loop: a write is one step for its readers."""

    def __init__(self, snapshot: Snapshot, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        raw = raw_objects(snapshot.objects)
        self.tables: dict[str, dict[int, Row]] = {
            name: {number: row for row in rows if isinstance(number := row["id"], int)} for name, rows in raw.items()
        }
        self.tables |= {
            CHANGES: {},
            CUSTOM_FIELDS: {row["id"]: row for row in LAB_CUSTOM_FIELDS},
            CHOICE_SETS: {row["id"]: row for row in LAB_CHOICE_SETS},
        }
        self.version = snapshot.netbox_version
        self.taken_at = snapshot.taken_at
        self._clock = clock
        self._latest = _newest(self, snapshot.taken_at)
        self._next_id = {name: max(rows, default=0) + 1 for name, rows in self.tables.items()}
        self.address_ids = _address_ids(self)
        self.index = Index(self)

    def create(self, object_type: str, values: Row) -> Row:
        """Add a row; returns it with its id and time stamps."""
        now = self._now()
        number = self._next_id[object_type]
        row = {**values, "id": number, "created": now, "last_updated": now}
        self._put(object_type, row)
        self._record(object_type, "create", None, row, now)
        return row

    def update(self, object_type: str, number: int, values: Row) -> Row:
        """Replace columns of a row. As in NetBox, the change log has an entry only where something changed."""
        now = self._now()
        before = self.tables[object_type][number]
        created = before.get("created") or before.get("last_updated") or self.taken_at
        after = {**before, **values, "created": created, "last_updated": now}
        self._put(object_type, after)
        if self._data(object_type, before) != self._data(object_type, after):
            self._record(object_type, "update", before, after, now)
        return after

    def delete(self, object_type: str, number: int) -> None:
        """Take a row away, and from every object that bears it when it is a tag."""
        now = self._now()
        before = self.tables[object_type].pop(number)
        self.index = Index(self)
        self._record(object_type, "delete", before, None, now)
        if object_type == "extras.tag":
            self._untag(number)

    def dependents(self, object_type: str, number: int) -> list[tuple[str, Row]]:
        """Rows that refer to this one and therefore protect it; tags protect nothing."""
        return [
            (table.object_type, row)
            for table in TABLES.values()
            for column, target in table.references.items()
            if target == object_type and column != "tags"
            for row in self.tables[table.object_type].values()
            if row[column] == number
        ]

    def lineage(self, object_type: str, number: int) -> Iterator[int]:
        """The id itself and those above it in a tree."""
        above: int | None = number
        while above is not None:
            yield above
            above = self.tables[object_type][above].get("parent")

    def _put(self, object_type: str, row: Row) -> None:
        self.tables[object_type][row["id"]] = row
        self._next_id[object_type] = max(self._next_id[object_type], row["id"] + 1)
        self.index = Index(self)

    def _untag(self, tag: int) -> None:
        for name in ADDRESSED:
            for row in list(self.tables[name].values()):
                if tag in row["tags"]:
                    self._put(name, {**row, "tags": [number for number in row["tags"] if number != tag]})

    def _now(self) -> str:
        """A later moment than any before it, also where the machine's clock is behind the snapshot."""
        self._latest = max(self._clock(), self._latest + timedelta(microseconds=1))
        return self._latest.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def _record(self, object_type: str, action: str, before: Row | None, after: Row | None, now: str) -> None:
        row = after or before or {}
        entry = {
            "id": self._next_id[CHANGES],
            "time": now,
            "user_name": USER,
            "request_id": str(uuid.uuid4()),
            "action": action,
            "changed_object_type": object_type,
            "changed_object_id": row["id"],
            "object_repr": str(row.get("name") or row["id"]),
            "prechange_data": before and self._data(object_type, before),
            "postchange_data": after and self._data(object_type, after),
        }
        self._put(CHANGES, entry)

    def _data(self, object_type: str, row: Row) -> Row:
        """Columns as NetBox logs them: without id and time stamps, tags by name."""
        data = {name: value for name, value in row.items() if name not in ("id", "created", "last_updated")}
        if object_type != "extras.tag" and "tags" in data:
            tags = self.tables["extras.tag"]
            data["tags"] = sorted(tags[number]["name"] for number in data["tags"] if number in tags)
        return data


class Index:
    """What is derived from the rows and computed once between two writes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counts: dict[tuple[str, str, str | None], Counter[int]] = {}
        self._orders: dict[tuple[str, str], list[int]] = {}
        self.briefs: dict[tuple[str, str, int], Row] = {}

    def count(self, child: str, column: str, number: int, tree: str | None = None) -> int:
        """How many rows of `child` refer to a row; those under it in `tree` count too."""
        key = (child, column, tree)
        if key not in self._counts:
            self._counts[key] = Counter(self._references(child, column, tree))
        return self._counts[key][number]

    def _references(self, child: str, column: str, tree: str | None) -> Iterator[int]:
        for row in self._store.tables[child].values():
            value = row[column]
            for number in value if isinstance(value, list | tuple) else (value,):
                if number is not None:
                    yield from self._store.lineage(tree, number) if tree else (number,)

    def order(self, object_type: str, ordering: str, compute: Callable[[], list[int]]) -> list[int]:
        """Ids in the order that a request asked for, computed when it is asked for first."""
        key = (object_type, ordering)
        if key not in self._orders:
            self._orders[key] = compute()
        return self._orders[key]

    @cached_property
    def manufacturers(self) -> Mapping[str, int]:
        """Ids for the makers' names, which is all that a snapshot keeps of them."""
        names = sorted({row["manufacturer"] for row in self._store.tables["dcim.devicetype"].values()})
        return {name: number for number, name in enumerate(names, start=1)}


def slugify(text: str) -> str:
    """A slug as NetBox's forms propose it."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", text.lower())).strip("-_")


def parse_moment(text: str) -> datetime:
    """ISO 8601, with UTC where no zone is given. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _newest(store: Store, taken_at: str) -> datetime:
    stamps: Sequence[str] = [
        row["last_updated"] for name in ADDRESSED for row in store.tables[name].values() if row["last_updated"]
    ]
    return max(map(parse_moment, [taken_at, *stamps]))


def _address_ids(store: Store) -> Mapping[tuple[str, int, str], int]:
    """An id for each address: a snapshot keeps addresses as text on the object that has them."""
    owners = [
        (name, number, column)
        for name in ADDRESSED
        for number, row in sorted(store.tables[name].items())
        for column in ("primary_ip4", "primary_ip6")
        if row[column]
    ]
    return {owner: number for number, owner in enumerate(owners, start=1)}
