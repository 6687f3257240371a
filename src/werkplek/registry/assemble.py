"""What was read -> a registry snapshot, with the checks that a snapshot file meets."""

from __future__ import annotations

import re

from werkplek.errors import Problem, WerkplekError
from werkplek.registry.rows import read_objects
from werkplek.registry.snapshot import MOST_PROBLEMS
from werkplek.registry.state import State, Tables
from werkplek.registry.tables import DEVICE, INTERFACE, TABLES, Snapshot, Table

OLDEST = (4, 2)
OWNERS = (4, 5)  # NetBox's first release with owners of objects
BEGINNING = "1970-01-01T00:00:00.000000Z"


def assemble(state: State, source: str, version: str) -> Snapshot:
    """Rows by type -> Snapshot. Raises WerkplekError where rows are malformed or do not fit together."""

    def place(table: Table, _index: int, number: object) -> str:
        return f"{source}api/{table.path}/{number}/"

    known = _without_foreign_ports(state)
    raw = {name: list(known.get(name, {}).values()) for name in TABLES}
    objects, problems = read_objects(raw, place)
    if problems:
        summary = "The registry's answers do not fit together; no host was taken from them"
        remedy = "Run again; if it stays, check that the token may view these objects."
        told = [Problem(p.where, p.found, p.expected, remedy) for p in problems[:MOST_PROBLEMS]]
        raise WerkplekError(summary, told)
    query = state.query
    filters = {TABLES[name].attribute: dict(group) for name, group in query.filters.items()}
    return Snapshot(source, _as_of(known), version, tuple(sorted(query.include)), filters, objects)


def _without_foreign_ports(state: State) -> Tables:
    """A filter may leave out switches whose ports were read all the same."""
    devices = state.tables[DEVICE]
    if INTERFACE not in state.tables or not state.query.filters.get(DEVICE):
        return state.tables
    ports = {key: row for key, row in state.tables[INTERFACE].items() if row.get("device") in devices}
    return {**state.tables, INTERFACE: ports}


def _as_of(tables: Tables) -> str:
    """When the newest row was saved."""
    moments = (row.get("last_updated") for rows in tables.values() for row in rows.values())
    return max((moment for moment in moments if isinstance(moment, str)), default=BEGINNING)


def supported(version: str, source: str, include: frozenset[str]) -> str:
    """The version, if it can be read. Raises WerkplekError."""
    match = re.match(r"(\d+)\.(\d+)", version)
    release = (int(match[1]), int(match[2])) if match else (0, 0)
    where, summary = f"{source}api/status/", "The registry could not be read; no host was taken from it"
    if release < OLDEST:
        problem = Problem(where, f"NetBox {version!r}", "NetBox 4.2 or newer", "Upgrade NetBox.")
        raise WerkplekError(summary, [problem])
    if release < OWNERS and "owner" in include:
        remedy = "Upgrade NetBox, or take `owner` out of `include`."
        raise WerkplekError(summary, [Problem(where, f"NetBox {version!r}", "NetBox 4.5 or newer, for owners", remedy)])
    return version
