"""Which settings can meet on one host, and what they may not do there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import combinations

from werkplek.errors import Problem
from werkplek.policy.documents import Scope
from werkplek.policy.expansion import Instance
from werkplek.policy.kind import Target
from werkplek.policy.kinds import Registry
from werkplek.policy.model import FAMILIES
from werkplek.policy.reading import LoadedSetting

type Entry = tuple[int, LoadedSetting, Instance]


class Meeting(Enum):
    """Whether two scopes can hold on one host. BY_PLATFORM: not as far as the platforms' names tell."""

    YES = 1
    BY_PLATFORM = 2
    NO = 3


def covers(wide: Scope, narrow: Scope) -> bool:
    """Whether `wide` holds wherever `narrow` does. A platform that is an OS family is no limit: the kind implies it."""
    platforms = () if set(wide.platform) & set(FAMILIES) else wide.platform
    pairs = ((platforms, narrow.platform), (wide.ring, narrow.ring), (wide.site, narrow.site))
    return all(not outer or (inner and set(inner) <= set(outer)) for outer, inner in pairs)


def replaced(settings: Sequence[LoadedSetting]) -> set[int]:
    """Indexes of settings that a later one (of a class in a municipality) replaces wherever they apply."""
    earlier: dict[str, list[int]] = {}
    for index, setting in enumerate(settings):
        earlier.setdefault(setting.id, []).append(index)
    chains = (chain for chain in earlier.values() if len(chain) > 1)
    pairs = ((one, later) for chain in chains for one in chain for later in chain if one < later)
    return {one for one, later in pairs if _takes_the_place(settings[later], settings[one])}


def _takes_the_place(later: LoadedSetting, one: LoadedSetting) -> bool:
    return later.body.family == one.body.family and covers(later.on, one.on)


def meeting(one: Scope, other: Scope) -> Meeting:
    """Whether both scopes can hold on one host: it has one ring, one site, and a platform with its parents."""
    for left, right in ((one.ring, other.ring), (one.site, other.site)):
        if left and right and not {*left} & {*right}:
            return Meeting.NO
    if not one.platform or not other.platform:
        return Meeting.YES
    related = any(_related(left, right) for left in one.platform for right in other.platform)
    return Meeting.YES if related else Meeting.BY_PLATFORM


def _related(left: str, right: str) -> bool:
    return bool({left, right} & {*FAMILIES}) or left.startswith(right) or right.startswith(left)


def clashes(placed: Sequence[Entry]) -> tuple[list[Problem], list[tuple[int, int]]]:
    """Problems for settings that own the same object and can meet; and index pairs that only platforms keep apart."""
    problems: list[Problem] = []
    apart: dict[tuple[int, int], None] = {}
    for (left, one, first), (right, other, second) in _pairs(placed):
        if one.id == other.id and one is not other:
            continue  # a later layer replaces an earlier one
        met = meeting(one.on, other.on)
        if met is Meeting.BY_PLATFORM and one is not other:
            apart[left, right] = None
        elif met is not Meeting.NO:
            problems.append(_problem(one, first, other, second))
    return problems, list(apart)


def _pairs(placed: Sequence[Entry]) -> Iterator[tuple[Entry, Entry]]:
    groups: dict[Target, list[Entry]] = {}
    for entry in placed:
        groups.setdefault(entry[2].target, []).append(entry)
    for group in groups.values():
        for one, other in combinations(group, 2):
            if one[2].body.clashes(other[2].body):
                yield one, other
    for entry in placed:
        body = entry[2].body
        if isinstance(body, Registry) and body.is_key() and body.state == "absent":
            yield from ((entry, other) for other in placed if _below(entry[2].target, other[2]))


def _below(key: Target, other: Instance) -> bool:
    """Whether `other` wants something in a subkey of `key`."""
    wants = isinstance(other.body, Registry) and other.body.state == "present"
    return wants and other.target[1].startswith(key[1] + "\\")


def _problem(one: LoadedSetting, first: Instance, other: LoadedSetting, second: Instance) -> Problem:
    found = f"'{second.id}', which is about the same object as '{first.id}' ({one.source})"
    remedy = "Give them one id and 'overrides', or scopes that cannot meet."
    return Problem(other.where(), found, "one setting for each object on a host", remedy)
