"""The combinations that can make a difference to a policy, without an inventory: what its settings ask for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

from werkplek.policy.model import RINGS, Combination, Part
from werkplek.policy.reading import CLASS_FAMILIES

type Shape = tuple[tuple[str, ...], str, str]  # platform lineage, ring, site; the empty site is any other


def shapes(parts: Iterable[Part], workplace_class: str) -> tuple[Shape, ...]:
    """Every platform, ring and site that settings of the parts name, each with each; the family alone is any other."""
    reaches = [reach for part in parts for reach in part.reaches]
    lineages: list[tuple[str, ...]] = []
    for family in CLASS_FAMILIES[workplace_class]:
        own = {name for reach in reaches if reach.family == family for name in reach.platforms} - {family}
        lineages += [(family,), *((platform, family) for platform in sorted(own))]
    sites = sorted({site for reach in reaches for site in reach.sites})
    return tuple(product(lineages, RINGS, ("", *sites)))


def combination(shape: Shape, workplace_class: str, municipality: str) -> Combination:
    """The combination of a shape in a class and municipality."""
    lineage, ring, site = shape
    return Combination(workplace_class, lineage, municipality, ring, site)


def limits(chosen: Sequence[Shape], among: Sequence[Shape]) -> dict[str, list[str]] | None:
    """What sets the chosen shapes apart from the others, per dimension; None where it takes more than that."""
    kept, every = set(chosen), {shape for shape in among if shape[0][-1] == chosen[0][0][-1]}
    sides = [sorted({shape[side] for shape in kept}) for side in range(3)]
    if {shape for shape in every if all(shape[side] in sides[side] for side in range(3))} != kept:
        return None
    found: dict[str, list[str]] = {}
    for side, name in enumerate(("platform", "ring", "site")):
        if len(sides[side]) < len({shape[side] for shape in every}):
            found[name] = [value[0] if isinstance(value, tuple) else value or "any other" for value in sides[side]]
    return found
