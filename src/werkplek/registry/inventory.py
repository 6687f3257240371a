"""Snapshot + configuration -> inventory, as pure data: no input or output, no templates, all or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from werkplek.errors import Problem, WerkplekError
from werkplek.registry.config import CLASSES, FAMILIES, RegistryConfig
from werkplek.registry.constructed import Constructor, Evaluate, ProblemError
from werkplek.registry.contract import connection, host_name, name_refusal, violations
from werkplek.registry.groups import GroupNames, safe
from werkplek.registry.hosts import OUT_OF_LIFECYCLE, QUARANTINE, Group, Host, Inventory
from werkplek.registry.records import Records
from werkplek.registry.resolve import Lookups, Managed, Tenancy, lookups, managed_objects, unmanaged
from werkplek.registry.tables import Snapshot


def compile_inventory(snapshot: Snapshot, config: RegistryConfig, evaluate: Evaluate | None = None) -> Inventory:
    """The whole inventory, or WerkplekError with every problem found.

    Problems are: a tenant group that does not exist or is empty, a tenant without its municipality document, a ring
    field that does not exist, a host name that two objects share, group names that collide after sanitising, a host
    that is called as a group, and an expression of the source that fails. `evaluate` is for expressions that only
    Ansible understands.
    """
    things = managed_objects(snapshot, config)
    tables, names = lookups(snapshot, config), GroupNames(snapshot)
    tenants = _tenants(tables)
    municipalities = [names.municipality(tenancy) for tenancy in tenants]
    work = _Compilation(config, names, Records(snapshot, things), Constructor(config.constructed, evaluate))
    hosts = tuple(sorted(map(work.host, things), key=lambda host: host.name))
    groups = _groups(hosts, names, municipalities)
    problems = [
        *_tenant_problems(snapshot, config, tenants),
        *_ring_problems(snapshot, config),
        *_duplicates(things),
        *names.problems,
        *work.problems,
        *_named_as_groups(things, groups),
    ]
    if problems:
        raise WerkplekError(f"The registry {snapshot.source} gives no inventory", problems)
    return Inventory(
        source=snapshot.source,
        fetched_at=snapshot.as_of,
        groups=groups,
        hosts=hosts,
        unmanaged=unmanaged(snapshot, tables),
        usable=_usable(hosts, tenants),
        warnings=(*_unknown_roles(snapshot, config), *_refused_names(things)),
    )


@dataclass(slots=True)
class _Compilation:
    """What the hosts of one inventory share, and the problems of their own variables and groups."""

    config: RegistryConfig
    names: GroupNames
    records: Records
    constructor: Constructor
    problems: list[Problem] = field(default_factory=list)

    def host(self, thing: Managed) -> Host:
        """One object as a host."""
        reasons = violations(thing, self.config)
        name, variables = host_name(thing), self.records.variables(thing)
        if reasons:
            return Host(name, (QUARANTINE,), {**variables, "quarantine_reasons": list(reasons)})
        variables["ansible_host"] = connection(thing, self.config)
        groups = self.names.of(thing)
        if thing.row.status not in self.config.lifecycle:
            groups = (*groups, OUT_OF_LIFECYCLE)
        return Host(name, (*groups, *dict.fromkeys(self._add(name, variables))), variables)

    def _add(self, name: str, variables: dict[str, object]) -> Iterator[str]:
        """The source's own variables, put among the others, and the names of its own groups."""
        try:
            added = self.constructor.add(name, variables)
        except ProblemError as error:
            self.problems.append(error.problem)
            return
        variables.update(added.vars)
        for word, origin, parent in added.groups:
            group = self.names.claim(safe(word), origin)
            if parent:
                above = self.names.claim(safe(parent), f"{self.config.file}: parent_group {parent!r}")
                self.names.below(group, above)
            yield group


def _usable(hosts: Sequence[Host], tenants: Collection[Tenancy]) -> dict[str, int]:
    """Hosts outside quarantine per municipality; 0 for a municipality without any."""
    counts = {tenancy.tenant.slug: 0 for tenancy in tenants}
    for host in hosts:
        if host.groups != (QUARANTINE,):
            counts[str(host.vars["municipality"])] += 1
    return counts


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


def _tenants(tables: Lookups) -> list[Tenancy]:
    """The municipalities, by id."""
    tenancies = tables.tenancies.values()
    return sorted((tenancy for tenancy in tenancies if tenancy.member), key=lambda tenancy: tenancy.tenant.id)


def _tenant_problems(snapshot: Snapshot, config: RegistryConfig, tenants: Sequence[Tenancy]) -> Iterator[Problem]:
    if not tenants:
        known = ", ".join(sorted(group.slug for group in snapshot.objects.tenant_groups)) or "none"
        expected = f"a tenant group with tenants; the registry has the groups {known}"
        yield Problem(f"{config.file}: tenant_group", f"no tenant in group {config.tenant_group!r}", expected)
    for tenancy in tenants:
        slug = tenancy.tenant.slug
        if slug not in config.municipalities:
            file = config.municipalities_dir / f"{slug}.yml"
            remedy = f"Write {file}, or take the tenant out of group {config.tenant_group!r}."
            found = f"tenant {slug!r} without a document"
            yield Problem(snapshot.url("tenancy.tenant", tenancy.tenant.id), found, str(file), remedy)


def _ring_problems(snapshot: Snapshot, config: RegistryConfig) -> Iterator[Problem]:
    known = [row.name for row in snapshot.objects.custom_fields]
    if config.ring_field not in known:
        expected = f"a custom field; the registry has {', '.join(sorted(known)) or 'none'}"
        yield Problem(f"{config.file}: ring_field", f"no custom field {config.ring_field!r}", expected)


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


def _named_as_groups(things: Sequence[Managed], groups: Sequence[Group]) -> Iterator[Problem]:
    """Ansible takes a name for the group and not for the host, so a limit would hit the whole group."""
    known = {group.name.lower(): group.name for group in groups}
    for thing in things:
        name = known.get(host_name(thing).lower())
        if name is not None:
            yield Problem(thing.url, f"a host with the name of group {name!r}", "a name of its own", "Rename it.")


def _refused_names(things: Sequence[Managed]) -> Iterator[str]:
    for thing in things:
        refusal = name_refusal(thing.row.name)
        if refusal and thing.row.name:
            yield f"{thing.url}: {refusal}; it is in quarantine as {host_name(thing)}"
