"""The combinations that can make a difference to a policy, without an inventory: what its settings ask for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

from werkplek.policy.model import RINGS, Combination, Reach
from werkplek.policy.reading import CLASS_FAMILIES

ANY_OTHER = "any other"

type Shape = tuple[tuple[str, ...], str, str]  # platform lineage, ring, site; the empty site is any other


def shapes(reaches: Iterable[Reach], workplace_class: str) -> tuple[Shape, ...]:
    """Every platform, ring and site that the reaches name, each with each; the family alone is any other platform.

    A platform's parents are those whose name its own begins with: `windows-server-2025` is below `windows-server`.
    """
    known = list(reaches)
    lineages: list[tuple[str, ...]] = []
    for family in CLASS_FAMILIES[workplace_class]:
        own = {name for reach in known if reach.family == family for name in reach.platforms} - {family}
        lineages += [(family,), *(_lineage(platform, own, family) for platform in sorted(own))]
    sites = sorted({site for reach in known for site in reach.sites})
    return tuple(product(lineages, RINGS, ("", *sites)))


def _lineage(platform: str, known: set[str], family: str) -> tuple[str, ...]:
    parents = (name for name in known if platform.startswith(f"{name}-"))
    return platform, *sorted(parents, key=len, reverse=True), family


def combination(shape: Shape, workplace_class: str, municipality: str) -> Combination:
    """The combination of a shape in a class and municipality."""
    lineage, ring, site = shape
    return Combination(workplace_class, lineage, municipality, ring, site)


def limits(chosen: Sequence[Shape], among: Sequence[Shape]) -> dict[str, list[str]] | list[str]:
    """What sets the chosen shapes, all of one family, apart from that family's others.

    Per dimension the values that they have, where that is not all of them; or, where the dimensions alone do not tell,
    each of them as `platform/ring/site`.
    """
    kept, every = set(chosen), {shape for shape in among if shape[0][-1] == chosen[0][0][-1]}
    sides = [sorted({shape[side] for shape in kept}) for side in range(3)]
    if {shape for shape in every if all(shape[side] in sides[side] for side in range(3))} != kept:
        return sorted(f"{lineage[0]}/{ring}/{site or ANY_OTHER}" for lineage, ring, site in kept)
    found: dict[str, list[str]] = {}
    for side, name in enumerate(("platform", "ring", "site")):
        if len(sides[side]) < len({shape[side] for shape in every}):
            found[name] = [value[0] if isinstance(value, tuple) else value or ANY_OTHER for value in sides[side]]
    return found
