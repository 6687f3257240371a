"""Brings what is known of a registry up to date: a full reading, or only what changed since the last one.

Both end in the same way: marks of all tables and the change log are read after the rows, and whatever they show to be
older than the registry is read again, until nothing is. So a reading equals the registry at its last look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from werkplek.errors import Problem, WerkplekError
from werkplek.registry.changes import CARRIED, Log, Mark, mark_of, seen
from werkplek.registry.query import Query
from werkplek.registry.rounds import Round
from werkplek.registry.state import Look, PortRoles, Source, State, Tables, by_id
from werkplek.registry.tables import ADDRESS, HOSTS, INTERFACE, wanted

ROUNDS = 6
BUSY = "The registry keeps changing faster than it can be read; no host was taken from it"


def look(source: Source, query: Query, log: Log, *, whole: bool) -> Look:
    """Marks of the hosts' tables, or of all, and the change log.

    The log is read after the marks: a change that a mark shows is then in the log too, if it was logged at all. Marks
    of the other tables find only what was not logged, and cost NetBox most of a look.
    """
    tables = [table for table in wanted(query.include) if whole or table.object_type in HOSTS]
    marks = source.marks(tables, query)
    entries = source.changes(log.newest)
    if entries is None or (log.newest is None and entries):
        return Look(marks, seen(source.changes(None) or ()), None)
    return Look(marks, seen(entries), log.unseen(entries))


def unchanged(known: Mapping[str, Mark], query: Query, seen_now: Look) -> bool:
    """Whether nothing that is read here has changed. Entries about types that are not read do not count."""
    read = {table.object_type for table in wanted(query.include)}
    read |= {origin for origin, carried in CARRIED.items() if not read.isdisjoint(carried)}
    return (
        seen_now.unseen is not None
        and all(known.get(name) == mark for name, mark in seen_now.marks.items())
        and not any(change.object_type in read for change in seen_now.unseen)
    )


def full(source: Source, query: Query, port_roles: PortRoles) -> State:
    """Read everything. Raises WerkplekError."""
    log = seen(source.changes(None) or ())
    tables = [table for table in wanted(query.include) if table.object_type != ADDRESS]
    rows = source.full([table for table in tables if table.object_type != INTERFACE], query)
    query = replace(query, port_roles=port_roles(rows["dcim.devicerole"]))
    rows |= source.full([table for table in tables if table.object_type == INTERFACE], query)
    known = {table.object_type: by_id(rows.get(table.object_type, ())) for table in wanted(query.include)}
    return settle(source, State(query, known, {}, log), look(source, query, log, whole=True), port_roles)


def settle(source: Source, state: State, first: Look, port_roles: PortRoles) -> State:
    """Read again what a look shows to be out of date, until a look shows nothing. Raises WerkplekError."""
    seen_now = first
    tried: frozenset[str] = frozenset()
    for _round in range(ROUNDS):
        work = Round(source, state, seen_now, tried)
        work.update(port_roles)
        state = State(work.query, work.tables, _marks(work.tables, state, seen_now), seen_now.log)
        if not work.touched:
            return state
        tried |= work.touched
        seen_now = look(source, state.query, state.log, whole=ADDRESS in seen_now.marks)
    problem = Problem(
        ", ".join(sorted(tried)), f"changes in each of {ROUNDS} looks", "a moment without changes", "Run again later."
    )
    raise WerkplekError(BUSY, [problem])


def _marks(tables: Tables, before: State, seen_now: Look) -> dict[str, Mark]:
    """What NetBox would say of what is known now. Of addresses only a part is known, so there its own word counts."""
    marks = {name: mark_of(rows.values()) for name, rows in tables.items() if name != ADDRESS}
    addresses = seen_now.marks.get(ADDRESS) or before.marks.get(ADDRESS)
    return marks | ({ADDRESS: addresses} if addresses else {})
