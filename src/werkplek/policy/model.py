"""The light half of the policy package: what a worker reads. Standard library only; pydantic stays in the compiler."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
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

# DEL marks a host's value or a secret in a template: yaml_source refuses it in texts, and JSON leaves it as it is.
HOLE = "\x7f"
NO_SECRETS: Mapping[str, str] = MappingProxyType({})
HIDDEN = "secret:"  # a hole `secret:name@day` is a secret, last changed on that day


class SettingSource(NamedTuple):
    """Where a setting comes from. `source` is `file:line`, `layer` is `baseline`, a class or `municipality/<slug>`.

    `remark` says what a waiver does to it on this host, or did until it ended; empty without one.
    """

    id: str
    source: str
    layer: str
    remark: str = ""


class Reach(NamedTuple):
    """For which hosts a setting is, and by which engine; empty `platforms`, `rings`, `sites` mean any."""

    engine: str
    family: str
    platforms: tuple[str, ...]
    rings: tuple[str, ...]
    sites: tuple[str, ...]


class Waiver(NamedTuple):
    """A dated exception for some settings. Empty tuples mean any; `start` and `end` are ISO dates, both included.

    It is about hosts of one municipality and class, or of those only the named `hosts`. Where it stands is left out:
    the line moves with other municipalities' waivers, and nothing of theirs may change a byte here.
    """

    id: str
    settings: tuple[str, ...]
    platforms: tuple[str, ...]
    rings: tuple[str, ...]
    sites: tuple[str, ...]
    hosts: tuple[str, ...]
    start: str
    end: str
    reason: str
    author: str
    approver: str


class Candidate(NamedTuple):
    """One setting of one layer, ready for a class and municipality.

    `reach` is an index into the part's reaches: few distinct ones serve hundreds of settings. `names` are the ids of
    the instances of `for_each`, None where the setting is one instance itself. `text` is the wire JSON of all
    instances with commas between them (empty: nothing to enforce), with `HOLE name HOLE` for a host's registry value
    or a secret. `waived` is that text for hosts with a waiver, where some waiver names the setting.
    """

    source: SettingSource
    reach: int
    names: tuple[str, ...] | None
    text: str
    waived: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """All candidates of one class in one municipality, in layer order, and the waivers that can meet them.

    `exclusive` lists pairs of indexes that own the same object and differ in platform only: they may not meet.
    """

    reaches: tuple[Reach, ...]
    candidates: tuple[Candidate, ...]
    exclusive: tuple[tuple[int, int], ...] = ()
    waivers: tuple[Waiver, ...] = ()


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
    """What one engine is asked for. `settings` are in the order of the request.

    `pieces` is the request's JSON as text, hole, text, ..., text; `values` are what the host puts into the holes, JSON
    text too. Holes of secrets have no value here: `secrets` lists them, and `request` fills them.
    """

    settings: tuple[SettingSource, ...]
    pieces: tuple[str, ...]
    values: Mapping[str, str]

    @property
    def secrets(self) -> tuple[str, ...]:
        """Names of the secrets that the request needs, each once."""
        holes = (hole for hole in self.pieces[1::2] if hole.startswith(HIDDEN))
        return tuple(dict.fromkeys(secret_name(hole) for hole in holes))

    def request(self, secrets: Mapping[str, str] = NO_SECRETS) -> str:
        """The request's JSON, with the given secrets in their places. Raises KeyError where one is missing."""
        texts = {name: json.dumps(value, ensure_ascii=False)[1:-1] for name, value in secrets.items()}
        return "".join(
            (texts[secret_name(piece)] if piece.startswith(HIDDEN) else self.values[piece]) if index % 2 else piece
            for index, piece in enumerate(self.pieces)
        )


@dataclass(frozen=True, slots=True)
class HostPolicy:
    """Everything one host should be.

    `digest` is the SHA-256 (hex) of the canonical JSON `{engine: request, ...}` in which a secret is its name and the
    day of its last change: the digest moves with it and says nothing about it.
    """

    digest: str
    engines: Mapping[str, EngineCall]


def secret_name(hole: str) -> str:
    """The name in a hole `secret:name@day`."""
    return hole.removeprefix(HIDDEN).partition("@")[0]
