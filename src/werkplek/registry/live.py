"""The inventory of a live NetBox: what changed is read, what did not comes out of the cache, and nothing is guessed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from werkplek.errors import WerkplekError
from werkplek.registry import cache, shrink
from werkplek.registry.api_config import ApiConfig, api_config
from werkplek.registry.assemble import assemble, supported
from werkplek.registry.changes import Log
from werkplek.registry.client import NetBoxClient
from werkplek.registry.config import RegistryConfig, registry_config
from werkplek.registry.constructed import Evaluate
from werkplek.registry.filters import check_arrival
from werkplek.registry.hosts import Inventory
from werkplek.registry.inventory import compile_inventory
from werkplek.registry.packed import code_digest, inventory_key, pack, unpack
from werkplek.registry.reading import Reader
from werkplek.registry.snapshot import canonical
from werkplek.registry.source import SourceConfig, port_roles, source_config
from werkplek.registry.state import State, by_id
from werkplek.registry.sync import full, look, settle, unchanged
from werkplek.registry.tables import Snapshot

# How long small tables may go without their marks being compared; a change that was logged shows at once.
LOOK_AT_ALL = timedelta(minutes=10)

type Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Live:
    """One source and how to read it.

    `fresh` reads everything, whatever the cache holds; `whole` compares the marks of all tables.
    """

    api: ApiConfig
    source: SourceConfig
    config: RegistryConfig
    environment: Mapping[str, str]
    clock: Clock = lambda: datetime.now(UTC)
    fresh: bool = False
    whole: bool = False

    def question(self) -> dict[str, object]:
        """What is asked, whoever asks."""
        return {
            "url": self.api.url,
            "tenant_group": self.config.tenant_group,
            "roles": sorted(self.config.class_of_role.items()),
            "include": sorted(self.source.include),
            "filters": {name: dict(group) for name, group in self.source.filters.items()},
        }

    def key(self) -> dict[str, object]:
        """Whose answer it is: another token may see other objects."""
        return {**self.question(), "token": self.api.fingerprint(), "code": code_digest()}

    def cache_path(self) -> Path:
        """The one cache file of this source."""
        return cache.cache_dir() / f"{cache.stem(self.question())}.cache"


def live_source(options: Mapping[str, object], file: Path, *, fresh: bool = False) -> Live:
    """A source out of its options. Raises WerkplekError."""
    return Live(
        api_config(options, file), source_config(options, file), registry_config(options, file), os.environ, fresh=fresh
    )


@dataclass(frozen=True, slots=True)
class Result:
    """An inventory, and what the operator should know about how it came: warnings, and remarks for `-v`."""

    inventory: Inventory
    warnings: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What NetBox said. `state` is None when nothing changed since the cache was written.

    `full_read_at` is when all was read, `looked_at` when the marks of all tables were compared (UTC).
    """

    state: State | None
    version: str
    log: Log
    full_read_at: str
    looked_at: str


def read_inventory(live: Live, evaluate: Evaluate | None = None) -> Result:
    """The inventory of a live NetBox, or WerkplekError and none.

    Raises it for anything that is wrong with the registry as a whole, and where a municipality shrank beyond the limit.
    """
    now = live.clock()
    cached, remarks = _cached(live)
    try:
        reading = _read(live, cached, now)
    except WerkplekError as error:
        if live.source.use_last_good and cached is not None:
            return _last_good(live, cached, now, evaluate, error)
        raise
    inventory = replace(_inventory(live, cached, reading, now, evaluate), fetched_at=moment(now))
    return Result(inventory, inventory.warnings, (*remarks, "unchanged" if reading.state is None else "changed"))


def live_snapshot(live: Live) -> Snapshot:
    """The registry as it is now; keeps nothing. Raises WerkplekError."""
    cached, _remarks = _cached(live)
    reading = _read(replace(live, whole=True), cached, live.clock())
    return assemble(_state(live, cached, reading), live.api.url, reading.version)


def last_snapshot(live: Live) -> tuple[Snapshot, datetime] | None:
    """The registry as it was last read, and when that was found to be up to date; None when it never was."""
    cached, _remarks = _cached(live)
    if cached is None:
        return None
    return assemble(_state(live, cached, None), live.api.url, cached.entry.netbox_version), cached.checked


def moment(when: datetime) -> str:
    """UTC to the second, as hosts show it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _cached(live: Live) -> tuple[cache.Cached | None, list[str]]:
    """The cache, and why it is not used."""
    path = live.cache_path()
    cached, reason = cache.load(path, live.key())
    return cached, [f"{path} is not used: {reason}"] if reason else []


def _read(live: Live, cached: cache.Cached | None, now: datetime) -> Reading:
    roles = partial(port_roles, live.config)
    with NetBoxClient(live.api) as client, Reader(client, live.api.page_size) as reader:
        if cached is not None and not live.fresh:
            reading = _read_changes(live, cached, client, reader, now)
            if reading is not None:
                return reading
        version = supported(reader.version(), live.api.url, live.source.include)
        state = full(reader, live.source.query, roles)
    check_arrival(state.query, state.tables, live.api.url)
    return Reading(state, version, state.log, moment(now), moment(now))


def _read_changes(
    live: Live, cached: cache.Cached, client: NetBoxClient, reader: Reader, now: datetime
) -> Reading | None:
    """What changed since the cache was written, or None where that cannot be told.

    It cannot after a gap in the change log, an upgrade, or a clock that went back; and from time to time all is read
    again, because no log holds everything.
    """
    entry = cached.entry
    age = now - datetime.fromisoformat(entry.full_read_at)
    if not timedelta(0) <= age < timedelta(hours=live.source.reconcile):
        return None
    query = replace(live.source.query, port_roles=entry.port_roles)
    whole = live.whole or not timedelta(0) <= now - datetime.fromisoformat(entry.looked_at) < LOOK_AT_ALL
    glance = look(reader, query, entry.log, whole=whole)
    # NetBox before 4.3 does not say its release with each answer.
    release = client.api_version or reader.version()
    if glance.unseen is None or not f"{entry.netbox_version}.".startswith(f"{release}."):
        return None
    looked_at = moment(now) if whole else entry.looked_at
    if unchanged(entry.marks, query, glance):
        return Reading(None, entry.netbox_version, glance.log, entry.full_read_at, looked_at)
    state = settle(reader, _state(live, cached, None), glance, partial(port_roles, live.config))
    check_arrival(state.query, state.tables, live.api.url)
    return Reading(state, entry.netbox_version, state.log, entry.full_read_at, looked_at)


def _state(live: Live, cached: cache.Cached | None, reading: Reading | None) -> State:
    """What was read, or what the cache has of it."""
    if reading is not None and reading.state is not None:
        return reading.state
    assert cached is not None  # nothing else can be unchanged
    rows = json.loads(bytes(cached.rows))
    query = replace(live.source.query, port_roles=cached.entry.port_roles)
    return State(query, {name: by_id(found) for name, found in rows.items()}, cached.entry.marks, cached.entry.log)


def _inventory(
    live: Live, cached: cache.Cached | None, reading: Reading, now: datetime, evaluate: Evaluate | None
) -> Inventory:
    """What the registry gives, guarded against shrinking, and kept for the next run."""
    key = inventory_key(live.config)
    known = reading.state is None and cached is not None and key != "" and cached.entry.inventory_key == key
    if known and cached is not None:
        inventory = unpack(cached.inventory, moment(now))
    else:
        inventory = compile_state(live, _state(live, cached, reading), reading.version, evaluate)
    baseline = shrink.baseline_path(live.question())
    shrink.check(baseline, inventory, live.source.shrink_limit, live.environment)
    if known and cached is not None and (reading.log, reading.looked_at) == (cached.entry.log, cached.entry.looked_at):
        cache.touch(cached, now)
    else:
        _keep(live, cached, reading, inventory, now)
    shrink.keep(baseline, inventory)
    return inventory


def compile_state(live: Live, state: State, version: str, evaluate: Evaluate | None) -> Inventory:
    """Rows -> inventory, by way of a checked snapshot."""
    return compile_inventory(assemble(state, live.api.url, version), live.config, evaluate)


def _keep(live: Live, cached: cache.Cached | None, reading: Reading, inventory: Inventory, now: datetime) -> None:
    state = reading.state
    if state is not None:
        marks, roles = state.marks, state.query.port_roles
        rows = canonical({name: list(found.values()) for name, found in state.tables.items()})
    else:
        assert cached is not None  # nothing else can be unchanged
        marks, roles, rows = cached.entry.marks, cached.entry.port_roles, bytes(cached.rows)
    entry = cache.Entry(
        key=live.key(),
        netbox_version=reading.version,
        full_read_at=reading.full_read_at,
        looked_at=reading.looked_at,
        checked_at=moment(now),
        marks=marks,
        log=reading.log,
        port_roles=roles,
        inventory_key=inventory_key(live.config),
    )
    # What Ansible evaluated is made anew each time, and may be no JSON.
    packed = pack(inventory) if entry.inventory_key else b""
    cache.save(live.cache_path(), entry, {"rows": rows, "inventory": packed})


def _last_good(
    live: Live, cached: cache.Cached, now: datetime, evaluate: Evaluate | None, error: WerkplekError
) -> Result:
    """The operator asked for it: what was read last, with its age."""
    state = _state(live, cached, None)
    compiled = compile_state(live, state, cached.entry.netbox_version, evaluate)
    inventory = replace(compiled, fetched_at=moment(cached.checked))
    hours = max(0.0, (now - cached.checked).total_seconds() / 3600)
    reason = "; ".join(map(str, error.problems)) or error.summary
    warning = f"The registry {live.api.url} could not be read ({reason}): the inventory is {hours:.1f} hours old"
    return Result(inventory, (warning, *inventory.warnings), ())
