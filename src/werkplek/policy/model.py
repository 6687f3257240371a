"""The light half of the policy package: what a worker reads. Standard library only; pydantic stays in the compiler."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

CLASSES = ("workstation", "vdi_host", "network")
FAMILIES = ("windows", "linux", "network_os")
RINGS = ("canary", "pilot", "broad")

# What `{from: registry.x}` may name. `last_updated` and `fetched_at` are left out on purpose: they move on their own,
# and every host's policy digest would move with them.
REGISTRY_FIELDS: Mapping[str, str] = {
    "asset_tag": "text",
    "id": "number",
    "name": "text",
    "platform": "text",
    "ring": "text",
    "serial": "text",
    "site": "text",
    "status": "text",
    "type": "text",
    "url": "text",
}

# DEL marks a host's value in a template: yaml_source refuses it in texts, and JSON leaves it as it is.
HOLE = "\x7f"


class SettingSource(NamedTuple):
    """Where a setting comes from. `source` is `file:line`, `layer` is `baseline`, a class or `municipality/<slug>`."""

    id: str
    source: str
    layer: str


class Reach(NamedTuple):
    """For which hosts a setting is, and by which engine; empty `platforms`, `rings`, `sites` mean any."""

    engine: str
    family: str
    platforms: tuple[str, ...]
    rings: tuple[str, ...]
    sites: tuple[str, ...]


class Candidate(NamedTuple):
    """One setting of one layer, ready for a class and municipality.

    `reach` is an index into the part's reaches: few distinct ones serve hundreds of settings. `names` are the ids of
    the instances of `for_each`, None where the setting is one instance itself. `text` is the wire JSON of all
    instances with commas between them (empty: nothing to enforce), with `HOLE name HOLE` for a host's registry value.
    """

    source: SettingSource
    reach: int
    names: tuple[str, ...] | None
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """All candidates of one class in one municipality, in layer order.

    `exclusive` lists pairs of indexes that own the same object and differ in platform only: they may not meet.
    """

    reaches: tuple[Reach, ...]
    candidates: tuple[Candidate, ...]
    exclusive: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Combination:
    """What decides a host's policy. `platform_lineage` is its platform slug, the parents, and the OS family."""

    workplace_class: str
    platform_lineage: tuple[str, ...]
    municipality: str
    ring: str
    site: str


@dataclass(frozen=True, slots=True)
class HostFacts:
    """One host as the inventory knows it. `registry` is its registry record (fields as in `REGISTRY_FIELDS`)."""

    workplace_class: str
    platform_lineage: tuple[str, ...]
    municipality: str
    ring: str
    site: str
    registry: Mapping[str, object]

    @property
    def combination(self) -> Combination:
        """The part of the facts that is shared with other hosts."""
        lineage = tuple(self.platform_lineage)  # the inventory's list must not reach a dictionary key
        return Combination(self.workplace_class, lineage, self.municipality, self.ring, self.site)


@dataclass(frozen=True, slots=True)
class EngineCall:
    """One module call: `request` is its wire JSON text; `settings` are in the order of the request."""

    request: str
    settings: tuple[SettingSource, ...]


@dataclass(frozen=True, slots=True)
class HostPolicy:
    """Everything one host should be. `digest` is the SHA-256 (hex) of the canonical JSON `{engine: request, ...}`."""

    digest: str
    engines: Mapping[str, EngineCall]
