"""From municipalities' documents to their VLAN plans, and what two plans may not share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from werkplek.errors import Problem
from werkplek.policy.municipality_switching import Switching, Vlan
from werkplek.policy.plans import Plan, PlannedVlan
from werkplek.policy.reading import LoadedMunicipality

_REMEDY = "Both plans meet on shared switches: give one of the two VLANs another {}."


def plan_of(municipality: LoadedMunicipality) -> Plan | None:
    """The plan of one municipality; None where its document has no section `switching`."""
    switching, document = municipality.switching, municipality.document
    if switching is None:
        return None
    vlans = tuple(
        PlannedVlan(vlan.vid, vlan.name, vlan.use, f"{document.name}:{document.line(('switching', 'vlans', index))}")
        for index, vlan in enumerate(switching.vlans)
    )
    return Plan(municipality.slug, vlans, switching.management.networks, switching.management.gateway)


def plans_of(municipalities: Mapping[str, LoadedMunicipality]) -> dict[str, Plan]:
    """The plans by slug of those that have one."""
    return {slug: plan for slug, municipality in municipalities.items() if (plan := plan_of(municipality))}


def plan_problems(municipalities: Iterable[LoadedMunicipality]) -> Iterator[Problem]:
    """Numbers and names that stand in two municipalities' plans. IOS refuses a second VLAN with the same name."""
    numbers: dict[object, str] = {}
    names: dict[object, str] = {}
    for one in municipalities:
        for index, vlan in enumerate(_vlans(one.switching)):
            for field, value, seen in (("vid", vlan.vid, numbers), ("name", vlan.name, names)):
                place = one.document.where(("switching", "vlans", index, field))
                if (first := seen.setdefault(value, place)) != place:
                    word = "number" if field == "vid" else "name"
                    found = f"VLAN {value}, which {first} has"
                    yield Problem(place, found, f"a {word} of its own", _REMEDY.format(word))


def _vlans(switching: Switching | None) -> tuple[Vlan, ...]:
    return switching.vlans if switching else ()
