"""Order of NetBox's lists: the type's own, or that of a column."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from werkplek.lab.netbox_answers import Refusal
from werkplek.lab.netbox_clock import parse_moment
from werkplek.lab.netbox_index import Row
from werkplek.lab.netbox_query import Parameters
from werkplek.lab.netbox_store import Store
from werkplek.lab.netbox_types import ASSIGNMENT, CABLE, CHANGES, SITE, TERMINATION, VLAN, VM_INTERFACE, is_tree
from werkplek.registry.tables import ADDRESS, DEVICE, INTERFACE, MACHINE

type Rank = tuple[int, Sequence[tuple[int, int, str]]]
type Key = Callable[[Row], Any]

SORTABLE = frozenset({"id", "name", "slug", "status", "serial", "asset_tag", "last_updated", "created", "time", "vid"})
MOMENTS = frozenset({"last_updated", "created", "time"})
# Types that have no moments: NetBox ignores an ordering by them.
WITHOUT_MOMENTS = frozenset({"users.owner"})


def ordered(store: Store, object_type: str, parameters: Parameters) -> list[Row]:
    """All rows of a type in the wanted order, which is the type's own unless `ordering` names a column."""
    asked = parameters.get("ordering", [""])[-1]
    rows = store.tables[object_type]

    def compute() -> list[int]:
        names = [name for name in asked.split(",") if _sortable(object_type, rows.values(), name.removeprefix("-"))]
        return _sorted(store, rows.values(), names) if names else default_order(store, object_type)

    return [rows[number] for number in store.index.order(object_type, asked, compute)]


def _sorted(store: Store, rows: Iterable[Row], names: Sequence[str]) -> list[int]:
    result = list(rows)
    for name in reversed(names):
        column = name.removeprefix("-")
        if column in MOMENTS:
            key = _moment_of(store, column)
        else:
            key = _rank_of(column) if column == "name" else _value_of(column)
        result.sort(key=key, reverse=name.startswith("-"))
    return [row["id"] for row in result]


def _moment_of(store: Store, column: str) -> Key:
    return lambda row: parse_moment(row.get(column) or row.get("last_updated") or store.as_of)


def _value_of(column: str) -> Key:
    """Nulls last."""
    return lambda row: (row[column] is None, row[column])


def _rank_of(column: str) -> Key:
    return lambda row: rank(row.get(column))


def _sortable(object_type: str, rows: Iterable[Row], column: str) -> bool:
    """As NetBox, unknown columns are ignored; a column that NetBox could sort by and this double cannot is refused."""
    if column in MOMENTS and object_type in WITHOUT_MOMENTS:
        return False
    if column == "time":
        return object_type == CHANGES
    if column in SORTABLE:
        return column not in ("vid", "slug", "serial", "asset_tag", "status") or any(column in row for row in rows)
    if any(row.get(column) is not None for row in rows):
        raise Refusal(501, {"detail": f"The lab's NetBox does not order {object_type} by {column!r}."})
    return False


def default_order(store: Store, object_type: str) -> list[int]:
    """Ids in the order that NetBox's model gives: trees depth first, changes newest first, the rest by name."""
    rows = store.tables[object_type]
    if is_tree(object_type, store.release):
        return _depth_first(rows.values())
    key = ORDERS[object_type](store) if object_type in ORDERS else _by_name
    return [row["id"] for row in sorted(rows.values(), key=key)]


def _by_name(row: Row) -> Any:
    return (row.get("weight", 1000), rank(row["name"]), row["id"])


def _newest_first(store: Store) -> Key:
    return lambda row: (-parse_moment(row["time"]).timestamp(), -row["id"])


def _by_model(_store: Store) -> Key:
    return lambda row: (rank(row["manufacturer"]), rank(row["model"]))


def _by_address(_store: Store) -> Key:
    def key(row: Row) -> Any:
        at = ipaddress.ip_interface(row["address"])
        return (at.version, int(at.network.network_address), at.network.prefixlen, int(at.ip), row["id"])

    return key


def _by_place(store: Store) -> Key:
    """By site, those of no site last, then by number."""
    sites = {number: at for at, number in enumerate(default_order(store, SITE))}
    return lambda row: (sites.get(row["site"], len(sites)), row["vid"], row["id"])


def _by_owner(column: str, owner: str) -> Callable[[Store], Key]:
    def by(store: Store) -> Key:
        owners = {number: at for at, number in enumerate(default_order(store, owner))}
        return lambda row: (owners[row[column]], _port(row["name"]), row["id"])

    return by


PORT = re.compile(r"(?P<kind>[^\d.:]*)(?P<slots>(?:\d+/)*)(?P<number>\d*)(?P<rest>.*)", re.DOTALL)


def _port(name: str) -> Any:
    """Sort key of an interface: its slots by value, those without last, then its kind and number."""
    found = PORT.fullmatch(name)
    assert found, "every part of the expression may be empty"
    slots = [int(slot) for slot in found["slots"].split("/")[:-1]]
    return (*(slots + [9999] * 4)[:4], found["kind"], int(found["number"] or -1), found["rest"])


def _by_contact(store: Store) -> Key:
    contacts = {number: at for at, number in enumerate(default_order(store, "tenancy.contact"))}
    return lambda row: (contacts[row["contact"]], rank(row["priority"]), row["id"])


ORDERS: Mapping[str, Callable[[Store], Key]] = MappingProxyType(
    {
        CHANGES: _newest_first,
        "dcim.devicetype": _by_model,
        ADDRESS: _by_address,
        VLAN: _by_place,
        INTERFACE: _by_owner("device", DEVICE),
        VM_INTERFACE: _by_owner("virtual_machine", MACHINE),
        ASSIGNMENT: _by_contact,
        CABLE: lambda _store: lambda row: row["id"],
        TERMINATION: lambda _store: lambda row: (row["cable"], row["cable_end"], row["id"]),
    }
)


def _depth_first(rows: Iterable[Row]) -> list[int]:
    below: dict[int | None, list[Row]] = {}
    for row in sorted(rows, key=lambda row: rank(row["name"])):
        below.setdefault(row["parent"], []).append(row)
    result: list[int] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        row = waiting.pop()
        result.append(row["id"])
        waiting += reversed(below.get(row["id"], []))
    return result


PARTS = re.compile(r"\d+|.", re.DOTALL)


def rank(value: str | int | None) -> Rank:
    """Sort key of NetBox's collation `natural_sort` (ICU, numeric), PostgreSQL's nulls last: punctuation, numbers
    by value, letters without case.
    """
    if value is None:
        return (1, ())
    return (0, tuple(_part(part) for part in PARTS.findall(str(value).casefold())))


def _part(part: str) -> tuple[int, int, str]:
    if part.isdecimal():
        return (1, int(part), "")
    return (2, 0, part) if part.isalpha() else (0, 0, part)
