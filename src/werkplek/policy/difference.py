"""What is different between two policies: settings per municipality and class, how many hosts feel it, and waivers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from werkplek.policy.loader import Group, Repository
from werkplek.policy.model import CLASSES, Combination, HostFacts, Part, Reach
from werkplek.policy.resolver import resolve
from werkplek.policy.shapes import combination, shapes
from werkplek.policy.waivers import LoadedWaiver
from werkplek.policy.words import Described, Wire, described, told_apart, wires

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One setting that is different: `before` and `after` are its values in words, empty where there is none.

    A setting that is ignored is none. `source` is `file:line` in the new policy, in the old one where it was removed.
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


type Row = tuple[Wire, Described, str]  # wire form, words, source
type Rows = Mapping[str, Row]
type Words = Callable[[str], Sequence[tuple[Wire, Described]]]


def difference(
    old: Repository, new: Repository, facts: Mapping[str, HostFacts], today: str
) -> tuple[GroupDifference, ...]:
    """Differences per class and municipality, sorted by municipality; only where there is one.

    `facts` are the hosts by name: each combination of theirs is compared, and every one that the policies themselves
    tell apart (with no hosts), so that a change nobody feels yet is shown too. Waivers count as they stand `today`.
    """
    words: Words = cache(_words)  # the same few thousand texts in every combination
    sums: dict[Group, _Sum] = {}
    for (one, host), hosts in _asked(old, new, facts).items():
        before, after = (_rows(policy, one, today, host, words) for policy in (old, new))
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
    groups = dict.fromkeys([*old.parts, *new.parts])
    parts = {group: [policy.parts[group] for policy in (old, new) if group in policy.parts] for group in groups}
    named = {
        group: {host for part in both for waiver in part.waivers for host in waiver.hosts}
        for group, both in parts.items()
    }
    for name, host in facts.items():
        one = host.combination
        asked[one, name if name in named.get((one.workplace_class, one.municipality), ()) else ""] += 1
    for group, both in parts.items():
        reaches = (reach for part in both for reach in (*part.reaches, *_waived(part)))
        for shape in shapes(reaches, group[0]):
            for name in ("", *named[group]):
                asked[combination(shape, *group), name] += 0
    return asked


def _waived(part: Part) -> Iterator[Reach]:
    """What the waivers of a part ask for, of the families that their settings are for."""
    for waiver in part.waivers:
        for candidate in part.candidates:
            if candidate.source.id in waiver.settings:
                reach = part.reaches[candidate.reach]
                yield reach._replace(platforms=waiver.platforms, rings=waiver.rings, sites=waiver.sites)


def _rows(policy: Repository, one: Combination, today: str, host: str, words: Words) -> Rows:
    part = policy.parts.get((one.workplace_class, one.municipality))
    winners = resolve(part, one, today, host).winners if part else ()
    return {
        described.id: (wire, described, winner.source.source)
        for winner in winners
        for wire, described in words(winner.text)
    }


def _words(text: str) -> Sequence[tuple[Wire, Described]]:
    found: list[tuple[Wire, Described]] = []
    for wire in wires(text):
        words = described(wire)
        found.append((wire, words._replace(value=f"{words.value} (waived)") if "observe" in wire else words))
    return found


def _changes(before: Rows, after: Rows) -> Iterator[Change]:
    for name in dict.fromkeys([*before, *after]):
        if name not in after:
            _, words, source = before[name]
            yield Change(name, REMOVED, words.what, words.value, "", source)
        elif name not in before:
            _, words, source = after[name]
            yield Change(name, ADDED, words.what, "", words.value, source)
        elif before[name][0] != after[name][0]:
            yield _changed(before[name], after[name])


def _changed(before: Row, after: Row) -> Change:
    (one, was, _), (other, words, source) = before, after
    what = words.what if words.what == was.what else f"{was.what} -> {words.what}"
    values = (was.value, words.value) if was != words else told_apart(one, other)
    return Change(words.id, CHANGED, what, *values, source)


@dataclass(frozen=True, slots=True)
class WaiverChange:
    """One waiver that is different; `before` and `after` say for what it is, where and when, empty for none."""

    waiver: str
    kind: str
    before: str
    after: str
    source: str


def waiver_difference(old: Repository, new: Repository) -> tuple[WaiverChange, ...]:
    """The waivers that are different, by id, whatever the day; reasons and names of people aside."""
    before, after = ({waiver.head.id: waiver for waiver in policy.waivers} for policy in (old, new))
    found = []
    for name in sorted({*before, *after}):
        one, other = (_terms(side.get(name)) for side in (before, after))
        if one != other:
            kind = CHANGED if one and other else ADDED if other else REMOVED
            found.append(WaiverChange(name, kind, one, other, (after.get(name) or before[name]).source))
    return tuple(found)


def _terms(waiver: LoadedWaiver | None) -> str:
    if waiver is None:
        return ""
    head, scope = waiver.head, waiver.head.scope.model_dump(by_alias=True)
    if set(scope["class"]) == set(CLASSES):
        del scope["class"]
    where = "; ".join(f"{name} {', '.join(values)}" for name, values in scope.items() if values)
    return f"{', '.join(head.settings)} for {where}; from {head.approved} until {head.until}"
