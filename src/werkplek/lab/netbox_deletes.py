"""What NetBox does with the rows around one that is deleted: refuse, delete them too, or take the reference away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from werkplek.lab.netbox_index import Row, Tables
from werkplek.lab.netbox_types import (
    ASSIGNMENT,
    CHASSIS,
    CLUSTER,
    CUSTOM_FIELDS,
    SITE,
    TENANT,
    TERMINATION,
    TYPES,
    VM_INTERFACE,
    references,
)
from werkplek.registry.tables import ADDRESS, ADDRESS_COLUMNS, DEVICE, HOSTS, INTERFACE, MACHINE

if TYPE_CHECKING:
    from werkplek.lab.netbox_store import Store

type Key = tuple[str, int]
"""Type and id of a row."""
type Link = tuple[str, str]
"""A type, and a column of it that refers to other rows."""

TREES = ("tenancy.tenantgroup", "dcim.region", "dcim.location", "dcim.devicerole", "dcim.platform")
# Rows that go with the one they refer to. All other references but those below protect what they refer to.
CASCADE: frozenset[Link] = frozenset(
    {
        *((tree, "parent") for tree in TREES),
        (INTERFACE, "device"),
        (VM_INTERFACE, "virtual_machine"),
        ("dcim.location", "site"),
        (CLUSTER, "site"),
        (TERMINATION, "cable"),
        (TERMINATION, "termination_id"),
    }
)
SET_NULL: frozenset[Link] = frozenset(
    {
        (DEVICE, "platform"),
        (MACHINE, "platform"),
        (DEVICE, "cluster"),
        (DEVICE, "virtual_chassis"),
        (SITE, "region"),
        (TENANT, "group"),
        (INTERFACE, "untagged_vlan"),
        (VM_INTERFACE, "untagged_vlan"),
    }
)
# NetBox saves a host that loses an address, whoever deletes it.
CLEARED: frozenset[Link] = frozenset((host, column) for host in HOSTS for column in ADDRESS_COLUMNS)
# Out of these lists an item goes without a save: logged, and `last_updated` stays.
LISTS: frozenset[Link] = frozenset(
    {(DEVICE, "tags"), (MACHINE, "tags"), (INTERFACE, "tagged_vlans"), (VM_INTERFACE, "tagged_vlans")}
)
UNPROTECTED = CASCADE | SET_NULL | CLEARED | LISTS
NULLS_ARE_LOGGED = (4, 2, 9)  # the first release that saves the rows whose reference it takes away


class ProtectedError(Exception):
    """Rows that need the one that was to be deleted."""

    def __init__(self, rows: Sequence[tuple[str, Row]]) -> None:
        super().__init__(rows)
        self.rows = rows


def delete(store: Store, object_type: str, number: int, *, logged: bool) -> None:
    """Take a row away, with what depends on it. Raises ProtectedError, and then nothing has changed."""
    keys = _doomed(store.tables, (object_type, number))
    protectors = {(kind, row["id"]): (kind, row) for kind, row in _protectors(store.tables, keys)}
    if protectors:
        raise ProtectedError(list(protectors.values()))
    for kind, key in keys:
        if kind == CHASSIS:
            _leave_stack(store, key, logged=logged)
        before = store.take(kind, key)
        if kind == TERMINATION:
            store.update(INTERFACE, before["termination_id"], {"cable": None, "cable_end": None}, touch=False)
        if logged:
            store.log("delete", kind, before, None)
        if kind == CUSTOM_FIELDS:
            forget_values(store, before["name"])
        _unlink(store, kind, key, logged=logged)


@cache
def _links(target: str) -> tuple[Link, ...]:
    """The columns that refer to rows of a type."""
    return tuple((kind, column) for kind in TYPES for column, to in references(kind).items() if to == target)


def _doomed(tables: Tables, key: Key) -> list[Key]:
    """The row and all that goes with it, in the order in which NetBox logs them.

    Contacts come first, then the types that are deepest; in a tree the upper rows come before those below.
    """
    levels: dict[Key, int] = {}
    found, level = {key}, 0
    while found:
        levels |= dict.fromkeys(found, level)
        found = set(_below(tables, sorted(found))) - levels.keys()
        level += 1
    depth: dict[str, int] = {}
    for (kind, _number), at in levels.items():
        depth[kind] = max(depth.get(kind, 0), at)
    return sorted(levels, key=lambda at: (at[0] != ASSIGNMENT, -depth[at[0]], levels[at], at[1]))


def _ids_by_type(keys: Sequence[Key]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for kind, number in keys:
        found.setdefault(kind, set()).add(number)
    return found


def _below(tables: Tables, keys: Sequence[Key]) -> Iterator[Key]:
    for kind, ids in _ids_by_type(keys).items():
        for child, column in _links(kind):
            if (child, column) in CASCADE:
                yield from ((child, row["id"]) for row in tables[child].values() if row.get(column) in ids)
        for child, type_column, column in (
            (ADDRESS, "assigned_object_type", "assigned_object_id"),
            (ASSIGNMENT, "object_type", "object_id"),
        ):
            for row in tables[child].values():
                if row[type_column] == kind and row[column] in ids:
                    yield child, row["id"]


def _protectors(tables: Tables, keys: Sequence[Key]) -> Iterator[tuple[str, Row]]:
    for kind, ids in _ids_by_type(keys).items():
        for child, column in _links(kind):
            if (child, column) not in UNPROTECTED:
                yield from ((child, row) for row in tables[child].values() if row[column] in ids)


def _unlink(store: Store, kind: str, number: int, *, logged: bool) -> None:
    """Take the references away that others have to a row that is gone."""
    for child, column in _links(kind):
        if (child, column) in SET_NULL:
            saved = logged and store.release >= NULLS_ARE_LOGGED
            _clear(store, (child, column), number, touch=saved, logged=saved)
        elif (child, column) in CLEARED:
            _clear(store, (child, column), number, touch=True, logged=logged)
    _unlist(store, kind, number, logged=logged)


def _clear(store: Store, link: Link, number: int, *, touch: bool, logged: bool) -> None:
    kind, column = link
    for row in [row for row in store.tables[kind].values() if row[column] == number]:
        store.update(kind, row["id"], {column: None}, logged=logged, touch=touch)


def _unlist(store: Store, kind: str, number: int, *, logged: bool) -> None:
    for child, column in _links(kind):
        if (child, column) not in LISTS:
            continue
        for before in [row for row in store.tables[child].values() if number in row[column]]:
            rest = [item for item in before[column] if item != number]
            after = store.update(child, before["id"], {column: rest}, touch=False)
            if logged:
                store.log("update", child, before, after)


def _leave_stack(store: Store, number: int, *, logged: bool) -> None:
    """NetBox saves the members first, without having looked at what they were before."""
    for row in [row for row in store.tables[DEVICE].values() if row["virtual_chassis"] == number]:
        after = store.update(DEVICE, row["id"], {"vc_position": None}, logged=False)
        if logged:
            store.log("update", DEVICE, None, after)


def forget_values(store: Store, field: str) -> None:
    """Take a custom field's values out of all hosts, which NetBox does without saving them."""
    for kind in HOSTS:
        for row in list(store.tables[kind].values()):
            if field in row["custom_fields"]:
                rest = {name: value for name, value in row["custom_fields"].items() if name != field}
                store.update(kind, row["id"], {"custom_fields": rest}, touch=False)
