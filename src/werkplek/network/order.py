"""In which order switches are changed: access before distribution, and never two of one path at the same time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from werkplek.network.topology import Topology
from werkplek.policy.model import RINGS

DEFAULT_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Order:
    """Batches of switches; `after` maps a switch to those behind it in this run, which must have gone well first."""

    batches: tuple[tuple[str, ...], ...]
    after: Mapping[str, tuple[str, ...]]


def order(
    chosen: Collection[str], rings: Mapping[str, str], network: Topology, at_once: int = DEFAULT_AT_ONCE
) -> Order:
    """Order for the chosen switches: the furthest out first, canary before pilot before broad among equals.

    Two that are linked, or through which a third is reached, are never in one batch: it would lose both its ways.
    """
    batches: list[list[str]] = []
    last: tuple[int, int] | None = None
    for name in sorted(chosen, key=lambda name: (*_turn(name, rings, network), name)):
        turn = _turn(name, rings, network)
        if turn != last or not _fits(name, batches[-1], network, at_once):
            batches.append([])
        batches[-1].append(name)
        last = turn
    after = {name: tuple(sorted((network.behind[name] - {name}) & set(chosen))) for name in chosen}
    return Order(tuple(map(tuple, batches)), after)


def _turn(name: str, rings: Mapping[str, str], network: Topology) -> tuple[int, int]:
    ring = rings.get(name, "")
    return (-network.depth[name], RINGS.index(ring) if ring in RINGS else len(RINGS))


def _fits(name: str, batch: Sequence[str], network: Topology, at_once: int) -> bool:
    return len(batch) < at_once and not any(
        other in network.links[name] or network.behind[other] & network.behind[name] for other in batch
    )
