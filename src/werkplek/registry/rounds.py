"""One round of bringing rows up to date: what a look shows to be old is read again, as little of it as will do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from werkplek.registry.answers import RawRow
from werkplek.registry.changes import CARRIED, ids_by_type, mark_of
from werkplek.registry.filters import fitting
from werkplek.registry.query import Rows
from werkplek.registry.state import Look, PortRoles, Source, State, by_id
from werkplek.registry.tables import ADDRESS, ADDRESS_COLUMNS, DEVICE, HOSTS, INTERFACE, TABLES, Table, dated, wanted

MOST_IDS = 500  # rows are read one by one up to here, and their table whole beyond
MEND, MEND_AGAIN = "references", "references again"


class Round:
    """Tables are replaced, never changed in place. `touched` holds the types that were read again.

    What was `tried` in an earlier round and is out of date still is read whole.
    """

    def __init__(self, source: Source, state: State, look: Look, tried: frozenset[str]) -> None:
        self._source, self._look, self._tried = source, look, tried
        self._before = state.marks
        self._logged = ids_by_type(look.unseen or ())
        self.query = state.query
        self.tables: dict[str, Mapping[int, RawRow]] = dict(state.tables)
        self.touched: set[str] = set()

    def update(self, port_roles: PortRoles) -> None:
        """Bring every table that the look shows to be out of date to the registry's present."""
        carried = {name for origin in self._changed() for name in CARRIED.get(origin, ())}
        for table in wanted(self.query.include):
            if table.object_type not in (*HOSTS, ADDRESS, INTERFACE):
                self._update(table, whole=table.object_type in carried)
        others = bool(self.touched and self._hosts_depend_on_others())
        for name in HOSTS:
            self._update(TABLES[name], whole=others or name in carried)
        self._update_addresses()
        if INTERFACE in self.tables:
            roles = port_roles(self.tables["dcim.devicerole"].values())
            moved, self.query = roles != self.query.port_roles, replace(self.query, port_roles=roles)
            self._update(TABLES[INTERFACE], whole=moved or INTERFACE in carried)
            self._update_far_ends()
        self._mend()

    def _changed(self) -> set[str]:
        """Types that were logged, or whose mark is another."""
        behind = {name for name, mark in self._look.marks.items() if mark != self._before.get(name, mark)}
        return behind | self._logged.keys()

    def _hosts_depend_on_others(self) -> bool:
        """A filter by region, or a rendered context, can change for a host that nobody touched."""
        return "config_context" in self.query.include or any(self.query.filters.get(name) for name in HOSTS)

    def _update(self, table: Table, *, whole: bool = False) -> None:
        name = table.object_type
        mine, theirs = mark_of(self.tables[name].values()), self._look.marks.get(name)
        logged = self._logged.get(name, set())
        behind = theirs is not None and mine != theirs
        blind = (behind and name in self._tried) or ((behind or logged) and not dated(table)) or len(logged) > MOST_IDS
        if whole or blind or self._look.unseen is None:
            self._replace(table)
        elif behind or logged:
            moved = theirs is not None and mine.newest != theirs.newest
            rows = self._source.since(table, self.query, mine.newest) if moved else {}
            self._merge(table, rows, logged)

    def _replace(self, table: Table) -> None:
        self.touched.add(table.object_type)
        rows = self._source.full([table], self.query)
        self.tables[table.object_type] = by_id(rows.get(table.object_type, ()))
        self._keep_addresses(rows)

    def _merge(self, table: Table, rows: Rows, ids: Collection[int]) -> None:
        """Put rows in place of those with their ids. Of `ids`, the others are asked for, and go when they are gone."""
        self.touched.add(table.object_type)
        found = by_id(rows.get(table.object_type, ()))
        asked = set(ids) - found.keys()
        more = self._source.by_ids(table, self.query, asked) if asked else {}
        found |= by_id(more.get(table.object_type, ()))
        kept = {key: row for key, row in self.tables[table.object_type].items() if key not in asked}
        merged = kept | found
        self.tables[table.object_type] = fitting(table, self.query, merged, found, self.tables)
        self._keep_addresses(rows)
        self._keep_addresses(more)

    def _keep_addresses(self, rows: Rows) -> None:
        """Addresses that came with hosts; their names are asked for with `_update_addresses`."""
        came = by_id(rows.get(ADDRESS, ()))
        if came:
            self.tables[ADDRESS] = {**self.tables[ADDRESS], **came}
            self._logged.setdefault(ADDRESS, set()).update(came)

    def _update_addresses(self) -> None:
        """Of all addresses, only those are known that hosts have, so a mark alone does not tell which changed."""
        table, held = TABLES[ADDRESS], self.tables[ADDRESS]
        needed = {ref for name in HOSTS for row in self.tables[name].values() for ref in _addresses(row)}
        logged = self._logged.get(ADDRESS, set())
        before, now = self._before.get(ADDRESS), self._look.marks.get(ADDRESS)
        found: dict[int, RawRow] = {}
        if before and now and before.newest != now.newest:
            found = by_id(self._source.since(table, self.query, before.newest).get(ADDRESS, ()))
        unexplained = before and now and before.count != now.count and not logged
        asked = (needed if unexplained else needed & (logged | (needed - held.keys()))) - found.keys()
        if asked:
            found |= by_id(self._source.by_ids(table, self.query, asked).get(ADDRESS, ()))
        kept = {key: row for key, row in held.items() if key in needed and key not in asked}
        after = kept | {key: row for key, row in found.items() if key in needed}
        if after != held:
            self.touched.add(ADDRESS)
            self.tables[ADDRESS] = after

    def _update_far_ends(self) -> None:
        """A port also tells how its far end is called, and is not saved when that, or its device, is renamed."""
        table = TABLES[INTERFACE]
        old = {key for key, row in self.tables[INTERFACE].items() if self._called_otherwise(row.get("peer"))}
        if len(old) > MOST_IDS:
            self._replace(table)
        elif old:
            self._merge(table, {}, old)

    def _called_otherwise(self, peer: object) -> bool:
        """Whether a far end has another name now, or may have: what is not read here was logged."""
        if not isinstance(peer, Mapping):
            return False
        for name, key, said in ((DEVICE, peer["device"], peer["device_name"]), (INTERFACE, peer["id"], peer["name"])):
            known = self.tables[name].get(key)
            if known["name"] != said if known else key in self._logged.get(name, ()):
                return True
        return False

    def _mend(self) -> None:
        """Read rows again that refer to what is not there, twice at most; the check of the whole tells what is left."""
        mending = MEND if MEND not in self._tried else MEND_AGAIN
        if mending in self._tried:
            return
        for name, rows in list(self.tables.items()):
            lost = set(_dangling(TABLES[name], rows, self.tables, filtered=bool(self.query.filters.get(DEVICE))))
            if lost:
                self.touched.add(mending)
                if len(lost) > MOST_IDS:
                    self._replace(TABLES[name])
                else:
                    self._merge(TABLES[name], {}, lost)
        if mending in self.touched:
            self._update_addresses()


def _addresses(row: RawRow) -> Iterator[int]:
    return (ref for column in ADDRESS_COLUMNS if isinstance(ref := row.get(column), int))


def _dangling(
    table: Table, rows: Mapping[int, RawRow], tables: Mapping[str, Mapping[int, RawRow]], *, filtered: bool
) -> Iterator[int]:
    """Ids of rows that refer to a row that is not known. Ports of switches that a filter leaves out are none."""
    for column, target in table.references.items():
        if filtered and (table.object_type, column) == (INTERFACE, "device"):
            continue
        known = tables.get(target)
        if known is None:
            continue
        for key, row in rows.items():
            value = row.get(column)
            for ref in value if isinstance(value, list) else (value,):
                if ref is not None and ref not in known:
                    yield key
