"""How to see that a registry changed: marks of its tables, and the newest part of NetBox's change log."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

SLACK = 600  # seconds: a change may become visible later than younger ones, as long as its transaction takes
MOST_CHANGES = 1000  # more than that is read whole

# What NetBox changes along with a type, without saving or logging it: a location or rack that moves takes its devices
# to its site, a cluster its machines; a custom field's values are written into hosts, a context is rendered into them.
# Where a port's cable leads follows from every cable, patch panel, circuit and wireless link on the way.
CARRIED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "dcim.location": ("dcim.location", "dcim.device"),
        "dcim.rack": ("dcim.device",),
        "virtualization.cluster": ("virtualization.virtualmachine",),
        "extras.customfield": ("dcim.device", "virtualization.virtualmachine"),
        "extras.configcontext": ("dcim.device", "virtualization.virtualmachine"),
        **dict.fromkeys(
            (
                *("dcim.cable", "dcim.cabletermination", "dcim.frontport", "dcim.rearport"),
                *("circuits.circuittermination", "wireless.wirelesslink"),
            ),
            ("dcim.interface",),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A table at one moment: how many rows, and when the newest was saved.

    `newest` is None for an empty table, and where a row has no moment: PostgreSQL sorts those as the newest. For a
    table without moments it is a checksum of the rows.
    """

    count: int
    newest: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of NetBox's change log: `time` in UTC, `object_type` such as `dcim.device`."""

    id: int
    time: str
    object_type: str
    object_id: int


@dataclass(frozen=True, slots=True)
class Log:
    """The change log as far as it was seen: its newest entry, and the ids of those shortly before it."""

    newest: Change | None
    seen: frozenset[int]

    def unseen(self, entries: Iterable[Change]) -> tuple[Change, ...]:
        """The entries that are new, in their order."""
        return tuple(entry for entry in entries if entry.id not in self.seen)


def mark_of(rows: Collection[Mapping[str, object]]) -> Mark:
    """The mark that NetBox gives for a table that holds these rows."""
    if rows and not any("last_updated" in row for row in rows):
        text = json.dumps(sorted(rows, key=lambda row: str(row["id"])), sort_keys=True)
        return Mark(len(rows), hashlib.sha256(text.encode()).hexdigest())
    moments = [row.get("last_updated") for row in rows]
    texts = [moment for moment in moments if isinstance(moment, str)]
    return Mark(len(moments), max(texts) if texts and len(texts) == len(moments) else None)


def seen(entries: Collection[Change]) -> Log:
    """The log after these entries were read; they are its newest ones."""
    return Log(max(entries, key=lambda entry: entry.id, default=None), frozenset(entry.id for entry in entries))


def ids_by_type(entries: Iterable[Change]) -> dict[str, set[int]]:
    """Ids of the objects that the entries are about."""
    found: dict[str, set[int]] = {}
    for entry in entries:
        found.setdefault(entry.object_type, set()).add(entry.object_id)
    return found
