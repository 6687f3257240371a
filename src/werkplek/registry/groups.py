"""Groups of the inventory, compiled once per distinct combination of what decides them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from werkplek.errors import Problem
from werkplek.registry.model import Snapshot
from werkplek.registry.resolve import Managed, System

QUARANTINE = "quarantine"
OUT_OF_LIFECYCLE = "out_of_lifecycle"
REMEDY = "Rename one of the two in the registry."


@dataclass(frozen=True, slots=True)
class Group:
    """A group, the groups right below it, and the hosts that are directly in it; both sorted."""

    name: str
    children: tuple[str, ...]
    hosts: tuple[str, ...]


def safe(text: str) -> str:
    """A slug or name as part of a group name: every run of other characters is one underscore per character."""
    return re.sub(r"[^A-Za-z0-9_]", "_", text)


@dataclass(slots=True)
class GroupNames:
    """Gives names to groups while an inventory is compiled, and notices when two objects would share one."""

    snapshot: Snapshot
    origins: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    compiled: dict[tuple[object, ...], tuple[str, ...]] = field(default_factory=dict)

    def of(self, thing: Managed) -> tuple[str, ...]:
        """The groups an object is directly in. Only for objects that keep the data contract."""
        row = thing.row
        key = (thing.workplace_class, row.tenant, thing.ring, row.site, row.platform, row.status, row.cluster)
        if key not in self.compiled:
            self.compiled[key] = tuple(self._compile(thing))
        return self.compiled[key]

    def claim(self, name: str, origin: str) -> str:
        """Take a group name for the object or word `origin`."""
        other = self.origins.setdefault(name, origin)
        if other != origin:
            found = f"group {name!r} already made by {other}"
            problem = Problem(origin, found, "names that differ after sanitising", REMEDY)
            if problem not in self.problems:
                self.problems.append(problem)
        return name

    def municipality(self, number: int, slug: str) -> str:
        """Group of a tenant."""
        return self.claim(f"municipality_{safe(slug)}", self.snapshot.url("tenancy.tenant", number))

    def _compile(self, thing: Managed) -> Iterator[str]:
        yield thing.workplace_class
        yield self.claim(f"status_{safe(thing.row.status)}", f"status {thing.row.status!r}")
        yield self.claim(f"ring_{safe(str(thing.ring))}", f"ring {thing.ring!r}")
        if thing.tenancy:
            yield self.municipality(thing.tenancy.tenant.id, thing.tenancy.tenant.slug)
        if thing.site:
            yield self.claim(f"site_{safe(thing.site.slug)}", self.snapshot.url("dcim.site", thing.site.id))
        if thing.cluster:
            url = self.snapshot.url("virtualization.cluster", thing.cluster.id)
            yield self.claim(f"cluster_{safe(thing.cluster.name)}", url)
        if thing.system:
            yield self._platform(thing.system)

    def _platform(self, system: System) -> str:
        """Group of a platform; its parents' groups and its OS family's group are above it."""
        names = [
            self.claim(f"platform_{safe(platform.slug)}", self.snapshot.url("dcim.platform", platform.id))
            for platform in system.branch
        ]
        above = [*names[1:], str(system.family)]
        self.parents.update(zip(names, above, strict=True))
        return names[0]
