"""What is to be mended in the registry, out of a compiled inventory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from werkplek.registry.hosts import OUT_OF_LIFECYCLE, QUARANTINE, Host, Inventory

type Municipality = str | None
"""Slug of a municipality; None for hosts whose tenant is none, or outside the tenant group."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A host that breaks the data contract."""

    municipality: Municipality
    host: str
    url: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Hosts of a municipality, each counted once: those that may be targeted are `usable`."""

    municipality: Municipality
    usable: int
    out_of_lifecycle: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What is to be mended, and what there is; both sorted, what has no municipality last."""

    broken: tuple[Broken, ...]
    warnings: tuple[str, ...]
    counts: tuple[Counts, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is to be mended."""
        return not self.broken and not self.warnings


def findings(inventory: Inventory) -> Findings:
    """What is to be mended. Warnings about a host that is in quarantine are left out: its reasons say the same."""
    broken = tuple(
        Broken(municipality_of(host), host.name, str(record_of(host)["url"]), reasons_of(host))
        for host in inventory.hosts
        if QUARANTINE in host.groups
    )
    told = {host.url for host in broken}
    return Findings(
        broken=tuple(sorted(broken, key=lambda host: (*place(host.municipality), host.host))),
        warnings=tuple(warning for warning in inventory.warnings if warning.split(": ", 1)[0] not in told),
        counts=tuple(_counts(inventory)),
    )


def _counts(inventory: Inventory) -> Iterable[Counts]:
    tally = Counter((municipality_of(host), _lot(host)) for host in inventory.hosts)
    for municipality in municipalities(inventory):
        lots = [tally[municipality, lot] for lot in ("", OUT_OF_LIFECYCLE, QUARANTINE)]
        yield Counts(municipality, *lots)


def _lot(host: Host) -> str:
    return next((group for group in (QUARANTINE, OUT_OF_LIFECYCLE) if group in host.groups), "")


def municipalities(*inventories: Inventory) -> Sequence[Municipality]:
    """All municipalities, also those without a host, by slug; None at the end where a host has none."""
    known: set[Municipality] = {slug for inventory in inventories for slug in inventory.usable}
    known.update(municipality_of(host) for inventory in inventories for host in inventory.hosts)
    return sorted(known, key=place)


def place(municipality: Municipality) -> tuple[bool, str]:
    """Sorts municipalities by slug, and what has none behind them."""
    return municipality is None, municipality or ""


def municipality_of(host: Host) -> Municipality:
    """The host's municipality."""
    found = host.vars.get("municipality")
    return None if found is None else str(found)


def reasons_of(host: Host) -> tuple[str, ...]:
    """Why the host is in quarantine; empty when it is not."""
    reasons = host.vars.get("quarantine_reasons", ())
    assert isinstance(reasons, Iterable)
    return tuple(map(str, reasons))


def record_of(host: Host) -> Mapping[str, object]:
    """What the registry says of the host."""
    record = host.vars["registry"]
    assert isinstance(record, Mapping)
    return record
