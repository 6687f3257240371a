"""What is different between two inventories, host by host and per municipality. A host is its NetBox type and id."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum

from werkplek.registry.hosts import QUARANTINE, Group, Host, Inventory
from werkplek.registry.mending import Municipality, municipalities, municipality_of, reasons_of, record_of
from werkplek.registry.tables import Snapshot

type Key = tuple[str, int]
"""Object type and id."""

WORD = re.compile(r"[A-Za-z0-9_-]+")
# They follow from the moment and from the registry's address, and say nothing of the host.
IGNORED = frozenset({"registry.last_updated", "registry.url", "municipality"})


class Missing(Enum):
    """Stands for a value that is not there, which null is not."""

    MISSING = "missing"


MISSING = Missing.MISSING


class Kind(StrEnum):
    """What can befall a host; several at once, but for the first two."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    RENAMED = "renamed"
    QUARANTINED = "quarantined"
    RELEASED = "released"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Seen:
    """A host in one of the inventories. `reasons` are those of its quarantine, none outside it."""

    name: str
    municipality: Municipality
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A variable with another value: a path such as `registry.ring` or `switch_ports["Gi1/0/1"].enabled`."""

    variable: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class HostDifference:
    """What befell a host: `before` is None when it is new, `after` when it is gone.

    `left` and `joined` are groups, those above the host's own included. For a host that went into quarantine or came
    out, only what it is in both cases is compared: groups and variables that quarantine takes away are not told.
    """

    type: str
    id: int
    url: str
    before: Seen | None
    after: Seen | None
    changes: tuple[Change, ...] = ()
    left: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()

    @property
    def last(self) -> Seen:
        """The host as it was seen last."""
        seen = self.after or self.before
        assert seen is not None  # it is in one of both
        return seen

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Everything that befell it."""
        before, after = self.before, self.after
        if before is None or after is None:
            return (Kind.ADDED,) if before is None else (Kind.REMOVED,)
        found = {
            Kind.MOVED: before.municipality != after.municipality,
            Kind.RENAMED: before.name != after.name,
            Kind.QUARANTINED: not before.reasons and bool(after.reasons),
            Kind.RELEASED: bool(before.reasons) and not after.reasons,
            Kind.CHANGED: bool(self.changes or self.left or self.joined),
        }
        return tuple(kind for kind, happened in found.items() if happened)


@dataclass(frozen=True, slots=True)
class MunicipalityDifference:
    """How many hosts a municipality had and has, None where there was no such municipality, and which of them differ.

    A host that moved is under both municipalities.
    """

    municipality: Municipality
    before: int | None
    after: int | None
    hosts: tuple[HostDifference, ...]

    def count(self, kind: Kind) -> int:
        """How many hosts it befell. What else befell a host that moved counts where it is now."""
        return sum(
            kind in host.kinds and (kind is Kind.MOVED or host.last.municipality == self.municipality)
            for host in self.hosts
        )

    @property
    def equal(self) -> bool:
        """Whether nothing is different."""
        return not self.hosts and (self.before is None) == (self.after is None)


@dataclass(frozen=True, slots=True)
class Difference:
    """All municipalities of both inventories, sorted, and every host that differs, by name."""

    municipalities: tuple[MunicipalityDifference, ...]
    hosts: tuple[HostDifference, ...]

    @property
    def equal(self) -> bool:
        """Whether nothing is different."""
        return all(found.equal for found in self.municipalities)


def comparable(before: Snapshot, after: Snapshot) -> tuple[Snapshot, Snapshot, tuple[str, ...]]:
    """Both snapshots without the extras that only one of them has, and remarks on what makes them hard to compare."""
    remarks = []
    shared = tuple(word for word in before.include if word in after.include)
    alone = sorted({*before.include, *after.include} - {*shared})
    if alone:
        remarks.append(f"Only one of both holds {', '.join(alone)}: left out of the comparison.")
    if before.filters != after.filters:
        remarks.append("Both were read with different filters: a host may be added or removed by those alone.")
    if before.source != after.source:
        remarks.append(f"Both are of different registries, {before.source} and {after.source}: ids may differ.")
    return replace(before, include=shared), replace(after, include=shared), tuple(remarks)


def difference(before: Inventory, after: Inventory) -> Difference:
    """What is different. Left out are `registry.last_updated` and `registry.url`."""
    old, new = _Side(before), _Side(after)
    found = [_host(old.hosts.get(key), new.hosts.get(key), old, new) for key in {**old.hosts, **new.hosts}]
    hosts = sorted((host for host in found if host.kinds), key=lambda host: (host.last.name, host.type, host.id))
    by_municipality: dict[Municipality, list[HostDifference]] = {}
    for host in hosts:
        for municipality in dict.fromkeys(seen.municipality for seen in (host.before, host.after) if seen):
            by_municipality.setdefault(municipality, []).append(host)
    parts = (
        MunicipalityDifference(slug, old.count(slug), new.count(slug), tuple(by_municipality.get(slug, ())))
        for slug in municipalities(before, after)
    )
    return Difference(tuple(parts), tuple(hosts))


@dataclass(slots=True)
class _Side:
    """One of both inventories, with what is asked of it for each host."""

    inventory: Inventory
    hosts: Mapping[Key, Host] = field(init=False)
    counts: Mapping[Municipality, int] = field(init=False)
    above: Mapping[str, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.hosts = {_key(host): host for host in self.inventory.hosts}
        self.counts = Counter(municipality_of(host) for host in self.inventory.hosts)
        self.above = _above(self.inventory.groups)

    def count(self, municipality: Municipality) -> int | None:
        """Its hosts; None when there is no such municipality."""
        known = municipality is None or municipality in self.inventory.usable
        return self.counts.get(municipality, 0) if known else None

    def groups(self, host: Host) -> frozenset[str]:
        """All groups that a host is in."""
        return frozenset().union(*(self.above[group] for group in host.groups))


def _above(groups: Sequence[Group]) -> dict[str, frozenset[str]]:
    """Each group with all that are above it."""
    parents: dict[str, list[str]] = {group.name: [] for group in groups}
    for group in groups:
        for child in group.children:
            parents[child].append(group.name)
    return {name: frozenset(_line(name, parents)) for name in parents}


def _line(name: str, parents: Mapping[str, Sequence[str]]) -> set[str]:
    found, to_do = {name}, [name]
    while to_do:
        new = [parent for parent in parents[to_do.pop()] if parent not in found]
        found.update(new)
        to_do += new
    return found


def _key(host: Host) -> Key:
    match record_of(host):
        case {"type": str(kind), "id": int(number)}:
            return kind, number
    raise AssertionError(host.name)  # each host has both


def _seen(host: Host | None) -> Seen | None:
    return Seen(host.name, municipality_of(host), reasons_of(host)) if host else None


def _host(before: Host | None, after: Host | None, old: _Side, new: _Side) -> HostDifference:
    last = after or before
    assert last is not None  # it is in one of both
    found = HostDifference(*_key(last), str(record_of(last)["url"]), _seen(before), _seen(after))
    if before is None or after is None:
        return found
    if (QUARANTINE in before.groups) != (QUARANTINE in after.groups):
        shared = before.vars.keys() & after.vars.keys()
        one, two = (_comparable({name: host.vars[name] for name in shared}) for host in (before, after))
        return replace(found, changes=tuple(_told(found, one, two)))
    was, now = old.groups(before), new.groups(after)
    if Kind.MOVED in found.kinds:
        was, now = _without_municipality(was), _without_municipality(now)
    return replace(
        found,
        changes=tuple(_told(found, _comparable(before.vars), _comparable(after.vars))),
        left=tuple(sorted(was - now)),
        joined=tuple(sorted(now - was)),
    )


def _comparable(variables: Mapping[str, object]) -> Mapping[str, object]:
    """Without the addresses of ports, which follow from the registry's own."""
    ports = variables.get("switch_ports")
    if not isinstance(ports, list | tuple):
        return variables
    return {**variables, "switch_ports": [{**port, "url": None} for port in ports]}


def _without_municipality(groups: frozenset[str]) -> frozenset[str]:
    """That a host moved says which of these it left and joined."""
    return frozenset(name for name in groups if not name.startswith("municipality_"))


def _told(found: HostDifference, before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[Change]:
    """The changes of variables, without what the host's kinds of difference say already."""
    said = set(IGNORED)
    if Kind.RENAMED in found.kinds:
        said.add("registry.name")
    homes = [seen.municipality for seen in (found.before, found.after) if seen]
    if Kind.MOVED in found.kinds and None not in homes:
        said.add("registry.tenant")
    return (change for change in _changes(before, after) if change.variable not in said)


def _changes(before: Mapping[str, object], after: Mapping[str, object], above: str = "") -> Iterator[Change]:
    for key in sorted({*before, *after}):
        name = f".{key}" if WORD.fullmatch(key) else f"[{json.dumps(key)}]"
        path = f"{above}{name}" if above else name.removeprefix(".")
        yield from _change(path, before.get(key, MISSING), after.get(key, MISSING))


def _change(path: str, before: object, after: object) -> Iterator[Change]:
    """Nothing for equal values; the parts of mappings that differ; of lists the items, where each has a name."""
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _changes(before, after, path)
        return
    one, two = _by_name(before), _by_name(after)
    if one is None or two is None:
        yield Change(path, before, after)
        return
    for name in sorted({*one, *two}):
        yield from _change(f"{path}[{json.dumps(name)}]", one.get(name, MISSING), two.get(name, MISSING))


def _by_name(value: object) -> dict[str, object] | None:
    """Items of a list by their names, where each has one of its own: switch ports, members of a stack."""
    if not isinstance(value, list | tuple):
        return None
    names = [item.get("name") if isinstance(item, Mapping) else None for item in value]
    texts = [name for name in names if isinstance(name, str)]
    return dict(zip(texts, value, strict=True)) if len(set(texts)) == len(value) else None
