"""Waivers as they stand on a day: in force, ended or not begun, and the hosts that they reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from werkplek.policy.loader import Repository
from werkplek.policy.model import Combination, HostFacts
from werkplek.policy.waivers import LoadedWaiver, WaiverEntry, WaiverScope

IN_FORCE, ENDED, NOT_BEGUN = "in force", "ended", "not begun"


@dataclass(frozen=True, slots=True)
class WaiverStanding:
    """A waiver on a day. `days_left` is 0 on its last day, and negative once it has ended.

    `hosts` are the hosts in its scope by name; None where no inventory was read.
    """

    entry: WaiverEntry
    source: str
    state: str
    days_left: int
    hosts: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Budget:
    """A municipality's waivers that have not ended, and how many it allows; None: any number."""

    municipality: str
    open: int
    allowed: int | None


def standings(
    repository: Repository, today: str, facts: Mapping[str, HostFacts] | None = None
) -> tuple[WaiverStanding, ...]:
    """Every waiver, the one that ends first first. `today` is an ISO date."""
    found = (_standing(waiver, today, facts) for waiver in repository.waivers)
    return tuple(sorted(found, key=lambda standing: (standing.entry.until, standing.entry.id)))


def _standing(waiver: LoadedWaiver, today: str, facts: Mapping[str, HostFacts] | None) -> WaiverStanding:
    head = waiver.head
    state = NOT_BEGUN if today < head.approved else ENDED if today > head.until else IN_FORCE
    left = (date.fromisoformat(head.until) - date.fromisoformat(today)).days
    hosts = None
    if facts is not None:
        hosts = tuple(sorted(name for name in facts if reaches(head.scope, facts[name].combination, name)))
    return WaiverStanding(head, waiver.source, state, left, hosts)


def reaches(scope: WaiverScope, combination: Combination, host: str) -> bool:
    """Whether a scope holds for a host (its name; empty for any host of the combination)."""
    return (
        combination.municipality in scope.municipality
        and combination.workplace_class in scope.workplace_class
        and (not scope.platform or bool(set(scope.platform) & set(combination.platform_lineage)))
        and (not scope.ring or combination.ring in scope.ring)
        and (not scope.site or combination.site in scope.site)
        and (not scope.host or host in scope.host)
    )


def expiring(waivers: Sequence[WaiverStanding], days: int) -> tuple[WaiverStanding, ...]:
    """Those whose last day is at most `days` days away, and those that have ended and still stand in the file."""
    return tuple(one for one in waivers if one.days_left <= days)


def budgets(repository: Repository, waivers: Sequence[WaiverStanding]) -> tuple[Budget, ...]:
    """Per municipality with a budget or an open waiver."""
    found = []
    for slug, municipality in sorted(repository.municipalities.items()):
        count = sum(one.state != ENDED and slug in one.entry.scope.municipality for one in waivers)
        if count or municipality.waiver_budget is not None:
            found.append(Budget(slug, count, municipality.waiver_budget))
    return tuple(found)
