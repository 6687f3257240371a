"""Which hosts have which policy: from an inventory, or from a combination in words, to the facts that decide."""

from __future__ import annotations

from collections.abc import Mapping

from werkplek.errors import Problem, WerkplekError
from werkplek.policy.fields import nearest, one_of
from werkplek.policy.model import CLASSES, FAMILIES, RINGS, Combination, HostFacts
from werkplek.policy.reading import CLASS_FAMILIES
from werkplek.registry.hosts import OUT_OF_LIFECYCLE, QUARANTINE, Host, Inventory

NEEDED = ("municipality", "workplace_class", "platform_lineage", "registry")
FORM = "MUNICIPALITY/CLASS[/PLATFORM[/RING[/SITE]]]"
DEFAULT_PLATFORMS = {"workstation": "windows-11", "vdi_host": "windows-server-2022", "network": "network_os"}
DEFAULT_RING = "broad"


def host_facts(host: Host) -> HostFacts | None:
    """The facts of a host; None for one without a policy: in quarantine, or without a municipality or class."""
    values = host.vars
    if QUARANTINE in host.groups or any(not values.get(name) for name in NEEDED):
        return None
    record, lineage = values["registry"], values["platform_lineage"]
    assert isinstance(record, Mapping)
    assert isinstance(lineage, list | tuple)
    return HostFacts(
        workplace_class=str(values["workplace_class"]),
        platform_lineage=tuple(map(str, lineage)),
        municipality=str(values["municipality"]),
        ring=str(record.get("ring") or ""),
        site=str(record.get("site") or ""),
        registry=record,
    )


def facts_by_host(inventory: Inventory) -> dict[str, HostFacts]:
    """The facts of every host that a run may touch: it has a policy and is in its lifecycle."""
    found = ((host.name, host_facts(host)) for host in inventory.hosts if OUT_OF_LIFECYCLE not in host.groups)
    return {name: facts for name, facts in found if facts}


def facts_of(inventory: Inventory, name: str) -> HostFacts:
    """The facts of one host. Raises WerkplekError where there is none of that name, or it has no policy."""
    host = next((host for host in inventory.hosts if host.name == name), None)
    if host is None:
        names = [host.name for host in inventory.hosts]
        expected = f"one of its {len(names)} hosts, or {FORM}"
        raise WerkplekError("No such host.", [Problem(inventory.source, f"'{name}'", expected, nearest(name, names))])
    facts = host_facts(host)
    if facts is None:
        found = "one in quarantine" if QUARANTINE in host.groups else "one without a municipality, class or platform"
        remedy = "`werkplek inventory check` shows what to mend."
        problem = Problem(f"host {name}", found, "a host that meets the data contract", remedy)
        raise WerkplekError("The host has no policy.", [problem])
    return facts


def parse_combination(text: str) -> Combination:
    """A combination from `MUNICIPALITY/CLASS[/PLATFORM[/RING[/SITE]]]`.

    PLATFORM is a slug, or a slug with its parents, `debian-13:debian:linux`. Raises WerkplekError for another form, and
    for a class, ring or platform that no host of the class can have. Municipalities and sites are not checked here.
    """
    parts = text.split("/")
    if not 2 <= len(parts) <= 5 or not all(parts):
        raise _refused(text, f"{len(parts)} parts" if all(parts) else "an empty part", FORM)
    municipality, workplace_class, platform, ring, site = [*parts, *("", "", "")][:5]
    if workplace_class not in CLASSES:
        raise _refused(text, f"class '{workplace_class}'", one_of(CLASSES), nearest(workplace_class, CLASSES))
    if ring and ring not in RINGS:
        raise _refused(text, f"ring '{ring}'", one_of(RINGS), nearest(ring, RINGS))
    lineage = _lineage(text, workplace_class, platform or DEFAULT_PLATFORMS[workplace_class])
    return Combination(workplace_class, lineage, municipality, ring or DEFAULT_RING, site)


def _lineage(text: str, workplace_class: str, platform: str) -> tuple[str, ...]:
    """A platform with its parents, up to its OS family: that of `windows-11` is in its name."""
    lineage = platform.split(":")
    families = CLASS_FAMILIES[workplace_class]
    if lineage[-1] not in FAMILIES:
        lineage += [family for family in FAMILIES if lineage[-1].startswith(f"{family}-")]
    if not all(lineage) or lineage[-1] not in families:
        expected = f"a platform of {' or '.join(families)}: {workplace_class} has no other"
        remedy = "" if lineage[-1] in FAMILIES else f"Give its parents too, as in {platform}:{families[-1]}."
        raise _refused(text, f"platform '{platform}'", expected, remedy)
    return tuple(lineage)


def _refused(text: str, found: str, expected: str, remedy: str = "") -> WerkplekError:
    return WerkplekError("Not a combination.", [Problem(f"'{text}'", found, expected, remedy)])
