"""What is different between two policies: settings per municipality and class, and how many hosts feel it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from werkplek.policy.loader import Group, Repository
from werkplek.policy.model import Combination, HostFacts, Part
from werkplek.policy.resolver import resolve
from werkplek.policy.shapes import combination, shapes
from werkplek.policy.words import described, wires

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One setting that is different: `before` and `after` are its values in words, empty where there is none.

    `source` is `file:line` in the new policy, in the old one where it was removed.
    """

    setting: str
    kind: str
    what: str
    before: str
    after: str
    source: str


@dataclass(frozen=True, slots=True)
class GroupDifference:
    """Hosts of one class in one municipality that get another policy, and the hosts per change."""

    workplace_class: str
    municipality: str
    hosts: int
    changes: Mapping[Change, int]

    def count(self, kind: str) -> int:
        """The number of settings that were added, removed or changed."""
        return len({change.setting for change in self.changes if change.kind == kind})


@dataclass(slots=True)
class _Sum:
    hosts: int = 0
    changes: Counter[Change] = field(default_factory=Counter)


type Rows = Mapping[str, tuple[str, str, str]]  # id -> what, value, source


def difference(
    old: Repository, new: Repository, facts: Mapping[str, HostFacts], today: str
) -> tuple[GroupDifference, ...]:
    """Differences per class and municipality, sorted by municipality; only where there is one.

    `facts` are the hosts by name: each combination of theirs is compared, and every one that the policies themselves
    tell apart (with no hosts), so that a change nobody feels yet is shown too.
    """
    sums: dict[Group, _Sum] = {}
    for (one, host), hosts in _asked(old, new, facts).items():
        before, after = (_rows(policy, one, today, host) for policy in (old, new))
        changes = list(_changes(before, after))
        if changes:
            group = sums.setdefault((one.workplace_class, one.municipality), _Sum())
            group.hosts += hosts
            group.changes.update(dict.fromkeys(changes, hosts))
    found = (GroupDifference(*group, total.hosts, dict(total.changes)) for group, total in sums.items())
    return tuple(sorted(found, key=lambda one: (one.municipality, one.workplace_class)))


def _asked(old: Repository, new: Repository, facts: Mapping[str, HostFacts]) -> Counter[tuple[Combination, str]]:
    """Combinations (with the host's name where a waiver names it) and how many hosts each has."""
    asked: Counter[tuple[Combination, str]] = Counter()
    parts = {
        group: [policy.parts[group] for policy in (old, new) if group in policy.parts] for group in _groups(old, new)
    }
    named = {
        group: {host for part in both for waiver in part.waivers for host in waiver.hosts}
        for group, both in parts.items()
    }
    for name, host in facts.items():
        one = host.combination
        asked[one, name if name in named.get((one.workplace_class, one.municipality), ()) else ""] += 1
    for group, both in parts.items():
        for shape in shapes(both, group[0]):
            asked[combination(shape, *group), ""] += 0
    return asked


def _groups(old: Repository, new: Repository) -> list[Group]:
    return list(dict.fromkeys([*old.parts, *new.parts]))


def _rows(policy: Repository, one: Combination, today: str, host: str) -> Rows:
    part: Part | None = policy.parts.get((one.workplace_class, one.municipality))
    if part is None:
        return {}
    rows: dict[str, tuple[str, str, str]] = {}
    for winner in resolve(part, one, today, host).winners:
        for wire in wires(winner.text):
            words = described(wire)
            value = f"{words.value} (waived)" if "observe" in wire else words.value
            rows[words.id] = words.what, value, winner.source.source
    return rows


def _changes(before: Rows, after: Rows) -> Iterator[Change]:
    for name in [*before, *(name for name in after if name not in before)]:
        if name not in after:
            what, value, source = before[name]
            yield Change(name, REMOVED, what, value, "", source)
        elif name not in before:
            what, value, source = after[name]
            yield Change(name, ADDED, what, "", value, source)
        elif before[name][:2] != after[name][:2]:
            what = before[name][0] if before[name][0] == after[name][0] else f"{before[name][0]} -> {after[name][0]}"
            yield Change(name, CHANGED, what, before[name][1], after[name][1], after[name][2])
