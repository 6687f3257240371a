"""What `werkplek inventory --json` prints, as JSON values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from werkplek.registry.difference import MISSING, Change, Difference, HostDifference, Kind, MunicipalityDifference, Seen
from werkplek.registry.hosts import Inventory
from werkplek.registry.mending import Findings
from werkplek.registry.named import Named
from werkplek.registry.snapshot import content, digest
from werkplek.registry.tables import TABLES, Snapshot

type Json = dict[str, object]


def rows_by_type(snapshot: Snapshot) -> Mapping[str, int]:
    """How many rows each table has."""
    return {name: len(getattr(snapshot.objects, table.attribute)) for name, table in TABLES.items()}


def snapshot(file: Path, found: Snapshot) -> Json:
    """A snapshot that was written."""
    return {
        "schema": 1,
        "file": str(file),
        "source": found.source,
        "as_of": found.as_of,
        "netbox_version": found.netbox_version,
        "include": found.include,
        "filters": found.filters,
        "sha256": digest(content(found)),
        "rows": rows_by_type(found),
    }


def findings(inventory: Inventory, found: Findings) -> Json:
    """What is to be mended."""
    return {
        "schema": 1,
        "ok": found.sound,
        "source": inventory.source,
        "to_mend": [asdict(host) for host in found.broken],
        "warnings": found.warnings,
        "municipalities": [asdict(counts) for counts in found.counts],
        "unmanaged": inventory.unmanaged,
    }


def difference(one: Named, two: Named, remarks: Sequence[str], found: Difference) -> Json:
    """What is different between two snapshots."""
    return {
        "schema": 1,
        "equal": found.equal,
        "a": _named(one),
        "b": _named(two),
        "remarks": remarks,
        "municipalities": [_municipality(part) for part in found.municipalities],
        "hosts": [_host(host) for host in found.hosts],
    }


def _named(one: Named) -> Json:
    return {"name": one.name, "source": one.snapshot.source, "as_of": one.snapshot.as_of}


def _municipality(part: MunicipalityDifference) -> Json:
    counts = {kind.value: part.count(kind) for kind in Kind}
    return {"municipality": part.municipality, "before": part.before, "after": part.after, **counts}


def _host(host: HostDifference) -> Json:
    return {
        "type": host.type,
        "id": host.id,
        "url": host.url,
        "kinds": host.kinds,
        "before": _seen(host.before),
        "after": _seen(host.after),
        "changes": [_change(change) for change in host.changes],
        "groups": {"left": host.left, "joined": host.joined},
    }


def _seen(seen: Seen | None) -> Json | None:
    if seen is None:
        return None
    return {"name": seen.name, "municipality": seen.municipality, "quarantine_reasons": seen.reasons}


def _change(change: Change) -> Json:
    """A value that is not there has no key."""
    sides = {"before": change.before, "after": change.after}
    return {"variable": change.variable, **{side: value for side, value in sides.items() if value is not MISSING}}
