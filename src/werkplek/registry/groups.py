"""Groups of the inventory, compiled once per distinct combination of what decides them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from werkplek.errors import Problem
from werkplek.registry.config import CLASSES, FAMILIES
from werkplek.registry.hosts import OUT_OF_LIFECYCLE, QUARANTINE
from werkplek.registry.resolve import Managed, Place, Purpose, System, Tenancy
from werkplek.registry.tables import Snapshot

FIXED = (*CLASSES, *FAMILIES, QUARANTINE, OUT_OF_LIFECYCLE, "all", "ungrouped")
REMEDY = "Rename one of the two in the registry."


def safe(text: str) -> str:
    """A slug or name as part of a group name: every run of other characters is one underscore per character."""
    return re.sub(r"[^A-Za-z0-9_]", "_", text)


@dataclass(slots=True)
class GroupNames:
    """Gives names to groups while an inventory is compiled, and notices when two objects would share one."""

    snapshot: Snapshot
    origins: dict[str, str] = field(default_factory=lambda: dict.fromkeys(FIXED, "Werkplek's own group"))
    parents: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    compiled: dict[tuple[object, ...], tuple[str, ...]] = field(default_factory=dict)

    def of(self, thing: Managed) -> tuple[str, ...]:
        """The groups an object is directly in. Only for objects that keep the data contract."""
        row = thing.row
        room = getattr(row, "location", None)
        key = (row.role, row.tenant, thing.ring, row.site, room, row.platform, row.status, row.cluster)
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

    def below(self, name: str, parent: str) -> None:
        """Put a group below another one."""
        self.parents[name] = parent

    def municipality(self, tenancy: Tenancy) -> str:
        """Group of a tenant, below the groups of its tenant groups."""
        tenant = tenancy.tenant
        names = [self.claim(f"municipality_{safe(tenant.slug)}", self.snapshot.url("tenancy.tenant", tenant.id))]
        for group in tenancy.groups:
            url = self.snapshot.url("tenancy.tenantgroup", group.id)
            names.append(self.claim(f"tenant_group_{safe(group.slug)}", url))
        return self._chain(names)

    def _compile(self, thing: Managed) -> Iterator[str]:
        yield self._role(thing.purpose)
        yield self.claim(f"status_{safe(thing.row.status)}", f"status {thing.row.status!r}")
        yield self.claim(f"ring_{safe(str(thing.ring))}", f"ring {thing.ring!r}")
        if thing.tenancy:
            yield self.municipality(thing.tenancy)
        if thing.place:
            yield self._place(thing.place)
        if thing.cluster:
            url = self.snapshot.url("virtualization.cluster", thing.cluster.id)
            yield self.claim(f"cluster_{safe(thing.cluster.name)}", url)
        if thing.system:
            yield self._platform(thing.system)

    def _chain(self, names: Sequence[str]) -> str:
        """Each group below the next one; the first."""
        for name, above in pairwise(names):
            self.below(name, above)
        return names[0]

    def _role(self, purpose: Purpose) -> str:
        """Group of a role; those above it are below the group of their class."""
        names = [
            self.claim(f"role_{safe(role.slug)}", self.snapshot.url("dcim.devicerole", role.id))
            for role in purpose.branch
        ]
        return self._chain([*names, purpose.workplace_class])

    def _place(self, place: Place) -> str:
        """Group of a location, else of the site; above them are the site's regions. Locations are named per site."""
        names = [
            self.claim(
                f"location_{safe(place.site.slug)}_{safe(room.slug)}", self.snapshot.url("dcim.location", room.id)
            )
            for room in place.rooms
        ]
        names.append(self.claim(f"site_{safe(place.site.slug)}", self.snapshot.url("dcim.site", place.site.id)))
        names += [
            self.claim(f"region_{safe(region.slug)}", self.snapshot.url("dcim.region", region.id))
            for region in place.regions
        ]
        return self._chain(names)

    def _platform(self, system: System) -> str:
        """Group of a platform; its parents' groups and its OS family's group are above it."""
        names = [
            self.claim(f"platform_{safe(platform.slug)}", self.snapshot.url("dcim.platform", platform.id))
            for platform in system.branch
        ]
        return self._chain([*names, str(system.family)])
