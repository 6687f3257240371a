"""Snapshot + configuration -> inventory, as pure data: no input or output, no templates, all or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from werkplek.errors import Problem, WerkplekError
from werkplek.registry.config import CLASSES, FAMILIES, RegistryConfig
from werkplek.registry.contract import address, host_name, violations
from werkplek.registry.groups import OUT_OF_LIFECYCLE, QUARANTINE, Group, GroupNames
from werkplek.registry.model import Snapshot
from werkplek.registry.resolve import Managed, lookups, managed_objects

type HostVars = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Host:
    """A host, the groups it is directly in, and its variables: built-in types only."""

    name: str
    groups: tuple[str, ...]
    vars: HostVars


@dataclass(frozen=True, slots=True)
class Inventory:
    """Groups and hosts, sorted by name. `unmanaged` counts the objects whose role has no workplace class."""

    source: str
    taken_at: str
    groups: tuple[Group, ...]
    hosts: tuple[Host, ...]
    unmanaged: int
    warnings: tuple[str, ...]


def compile_inventory(snapshot: Snapshot, config: RegistryConfig) -> Inventory:
    """The whole inventory, or WerkplekError with every problem found.

    Problems are: a tenant group that does not exist or is empty, a tenant without its municipality document, a host
    name that two objects share, and group names that collide after sanitising.
    """
    things = managed_objects(snapshot, config)
    names = GroupNames(snapshot)
    tenants = _tenants(snapshot, config)
    municipalities = [names.municipality(number, slug) for number, slug in tenants]
    hosts = tuple(sorted((_host(thing, snapshot, config, names) for thing in things), key=lambda host: host.name))
    problems = [
        *_tenant_problems(snapshot, config, tenants),
        *_duplicates(things),
        *names.problems,
    ]
    if problems:
        raise WerkplekError(f"The registry {snapshot.source} gives no inventory", problems)
    total = len(snapshot.objects.devices) + len(snapshot.objects.virtual_machines)
    return Inventory(
        source=snapshot.source,
        taken_at=snapshot.taken_at,
        groups=_groups(hosts, names, municipalities),
        hosts=hosts,
        unmanaged=total - len(things),
        warnings=tuple(_unknown_roles(snapshot, config)),
    )


def usable_hosts(snapshot: Snapshot, config: RegistryConfig) -> dict[str, int]:
    """Hosts outside quarantine per municipality; 0 for a municipality without any."""
    counts = {slug: 0 for _number, slug in _tenants(snapshot, config)}
    for thing in managed_objects(snapshot, config):
        if thing.tenancy and not violations(thing, config):
            counts[thing.tenancy.tenant.slug] += 1
    return counts


def _host(thing: Managed, snapshot: Snapshot, config: RegistryConfig, names: GroupNames) -> Host:
    reasons = violations(thing, config)
    common: dict[str, object] = {
        "registry": _record(thing, snapshot, config),
        "workplace_class": thing.workplace_class,
    }
    if thing.tenancy and thing.tenancy.member:
        common["municipality"] = thing.tenancy.tenant.slug
    if thing.system:
        common["platform_lineage"] = _platform_lineage(thing)
    if reasons:
        return Host(host_name(thing), (QUARANTINE,), {**common, "quarantine_reasons": list(reasons)})
    idle = () if thing.row.status in config.lifecycle else (OUT_OF_LIFECYCLE,)
    return Host(host_name(thing), (*names.of(thing), *idle), {**common, "ansible_host": address(thing)})


def _record(thing: Managed, snapshot: Snapshot, config: RegistryConfig) -> dict[str, object]:
    """Host variable `registry`; a VM has no asset tag."""
    return {
        "id": thing.row.id,
        "type": thing.type,
        "url": thing.url,
        "name": thing.row.name,
        "serial": thing.row.serial,
        "asset_tag": getattr(thing.row, "asset_tag", None),
        "status": thing.row.status,
        "ring": thing.ring,
        "site": thing.site.slug if thing.site else None,
        "platform": thing.system.platform.slug if thing.system else None,
        "last_updated": thing.row.last_updated,
        "fetched_at": snapshot.taken_at,
    }


def _platform_lineage(thing: Managed) -> list[str]:
    """Own platform, the platforms above it, and the OS family; each once."""
    if thing.system is None:
        return []
    slugs = [platform.slug for platform in thing.system.lineage]
    return list(dict.fromkeys([*slugs, thing.system.family] if thing.system.family else slugs))


def _groups(hosts: Sequence[Host], names: GroupNames, municipalities: Sequence[str]) -> tuple[Group, ...]:
    """Classes, OS families, municipalities and both unsafe groups exist even when empty: patterns always match."""
    fixed = (*CLASSES, *FAMILIES, *municipalities, QUARANTINE, OUT_OF_LIFECYCLE)
    members: dict[str, list[str]] = {name: [] for name in fixed}
    for host in hosts:
        for name in host.groups:
            members.setdefault(name, []).append(host.name)
    children: dict[str, list[str]] = defaultdict(list)
    for name, parent in names.parents.items():
        members.setdefault(name, [])
        members.setdefault(parent, [])
        children[parent].append(name)
    return tuple(Group(name, tuple(sorted(children[name])), tuple(members[name])) for name in sorted(members))


def _tenants(snapshot: Snapshot, config: RegistryConfig) -> list[tuple[int, str]]:
    tenancies = lookups(snapshot, config).tenancies.values()
    return sorted((tenancy.tenant.id, tenancy.tenant.slug) for tenancy in tenancies if tenancy.member)


def _tenant_problems(
    snapshot: Snapshot, config: RegistryConfig, tenants: Sequence[tuple[int, str]]
) -> Iterator[Problem]:
    if not tenants:
        known = ", ".join(sorted(group.slug for group in snapshot.objects.tenant_groups)) or "none"
        expected = f"a tenant group with tenants; the registry has the groups {known}"
        yield Problem(f"{config.file}: tenant_group", f"no tenant in group {config.tenant_group!r}", expected)
    for number, slug in tenants:
        if slug not in config.municipalities:
            file = config.municipalities_dir / f"{slug}.yml"
            remedy = f"Write {file}, or take the tenant out of group {config.tenant_group!r}."
            found = f"tenant {slug!r} without a document"
            yield Problem(snapshot.url("tenancy.tenant", number), found, str(file), remedy)


def _duplicates(things: Sequence[Managed]) -> Iterator[Problem]:
    """Host names that two objects share. Case does not tell names apart: DNS and Windows ignore it."""
    first: dict[str, Managed] = {}
    for thing in things:
        name = host_name(thing)
        other = first.setdefault(name.lower(), thing)
        if other is not thing:
            yield _duplicate(name, other, thing)


def _duplicate(name: str, one: Managed, two: Managed) -> Problem:
    remedy = "Rename one of the two, or give its role no class."
    if one.tenancy and two.tenancy and one.tenancy != two.tenancy:
        slugs = f"{one.tenancy.tenant.slug} and {two.tenancy.tenant.slug}"
        found = f"host in two municipalities: {name!r} is also {one.url} ({slugs})"
    else:
        found = f"host name used twice: {name!r} is also {one.url}"
    return Problem(two.url, found, "one object per host name", remedy)


def _unknown_roles(snapshot: Snapshot, config: RegistryConfig) -> Iterator[str]:
    known = {role.slug for role in snapshot.objects.device_roles}
    for slug in config.class_of_role:
        if slug not in known:
            yield f"{config.file}: classes: the registry has no role {slug!r}"
