"""Which hosts have which policy: from an inventory to the facts that decide, and to combinations with their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from werkplek.errors import Problem, WerkplekError
from werkplek.policy.fields import nearest
from werkplek.policy.model import FAMILIES, Combination, HostFacts
from werkplek.registry.hosts import Host, Inventory

NEEDED = ("municipality", "workplace_class", "platform_lineage", "registry")
FORM = "MUNICIPALITY/CLASS[/PLATFORM[/RING[/SITE]]]"
DEFAULT_PLATFORM, DEFAULT_RING = "windows-11", "broad"


def host_facts(host: Host) -> HostFacts | None:
    """The facts of a host; None for one that has no policy, such as a host in quarantine without a municipality."""
    values = host.vars
    if any(not values.get(name) for name in NEEDED):
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
    """The facts of every host that has a policy."""
    found = ((host.name, host_facts(host)) for host in inventory.hosts)
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
        missing = [name for name in NEEDED if not host.vars.get(name)]
        problem = Problem(f"host {name}", f"no {', '.join(missing)}", "a host that meets the data contract")
        raise WerkplekError("The host has no policy.", [problem])
    return facts


def combinations(facts: Iterable[HostFacts]) -> Counter[Combination]:
    """The number of hosts of each combination."""
    return Counter(one.combination for one in facts)


def parse_combination(text: str) -> Combination:
    """A combination from `MUNICIPALITY/CLASS[/PLATFORM[/RING[/SITE]]]`.

    PLATFORM is a slug, or a slug with its parents, `debian-13:debian:linux`. Raises WerkplekError for another form.
    """
    parts = text.split("/")
    if not 2 <= len(parts) <= 5 or not all(parts):
        raise WerkplekError("Not a combination.", [Problem(f"'{text}'", f"{len(parts)} parts", FORM)])
    municipality, workplace_class, platform, ring, site = [*parts, *("", "", "")][:5]
    lineage = (platform or DEFAULT_PLATFORM).split(":")
    if lineage[-1] not in FAMILIES:
        family = next((family for family in FAMILIES if lineage[-1].startswith(family)), None)
        if family is None:
            expected = f"its parents too, up to {' or '.join(FAMILIES)}: {lineage[-1]}:linux"
            raise WerkplekError("Not a combination.", [Problem(f"'{text}'", f"platform '{platform}'", expected)])
        lineage.append(family)
    return Combination(workplace_class, tuple(lineage), municipality, ring or DEFAULT_RING, site)
