"""The guard: a run never hits more than was meant.

Pure: group membership and the run's own words in, problems and a summary out. The action plugin `run_guard` reads
both from Ansible and stops the run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkplek.errors import Problem
from werkplek.registry.hosts import OUT_OF_LIFECYCLE, QUARANTINE

DEFAULT_CEILING = 200
MUNICIPALITY = "municipality_"
UNSAFE = {
    QUARANTINE: "its registry record breaks the data contract",
    OUT_OF_LIFECYCLE: "its registry status says that it is not in use",
}
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Scope:
    """What the operator asked for.

    `limit` is Ansible's `--limit`, `pattern` the extra variable `werkplek_scope`; `None` where it was not given.
    `targets` are what the playbook manages, each a group or an intersection (`workstation:&windows`); `ceiling` is the
    most hosts it may touch. `part` says that the playbook is one of several in the run, and may have nothing to do.
    """

    limit: str | None
    pattern: str | None
    targets: tuple[str, ...]
    ceiling: int
    part: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The hosts that the run will touch, those it leaves out (host -> group), and what forbids it."""

    hosts: tuple[str, ...]
    left_out: Mapping[str, str]
    problems: tuple[Problem, ...]


def judge(scope: Scope, selected: Sequence[str], groups: Mapping[str, Sequence[str]]) -> Verdict:
    """Decide on a run over `selected` (what limit and pattern match) given `groups` (group name -> hosts)."""
    if not given(scope.limit) and not given(scope.pattern):
        return Verdict((), {}, (blank_scope(scope),))
    unsafe = {name: frozenset(groups.get(name, ())) for name in UNSAFE}
    left_out = {host: group for host in sorted(selected) for group in UNSAFE if host in unsafe[group]}
    managed = frozenset[str]().union(*(members(target, groups) for target in scope.targets))
    hosts = tuple(sorted(host for host in selected if host in managed and host not in left_out))
    problems = [
        *named_unsafe(scope, left_out),
        *([] if scope.part else nothing_to_do(scope, hosts, left_out)),
        *over_ceiling(scope, hosts),
        *without_municipality(hosts, groups),
    ]
    return Verdict(hosts, left_out, tuple(problems))


def members(target: str, groups: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Hosts that are in every group of an intersection `a:&b`."""
    first, *others = [frozenset(groups.get(name, ())) for name in target.split(":&")]
    return first.intersection(*others)


def given(text: str | None) -> bool:
    """Whether an operator really named something: `--limit ""` and `--limit ,` name nothing."""
    return bool(text and text.strip(" ,:"))


def words(scope: Scope) -> str:
    """The scope as the operator typed it, for messages."""
    parts = [f"--limit {scope.limit!r}"] if given(scope.limit) else []
    return " ".join([*parts, f"werkplek_scope={scope.pattern!r}"] if given(scope.pattern) else parts)


def blank_scope(scope: Scope) -> Problem:
    """Nothing was named, so everything would be hit."""
    found = "no --limit and no werkplek_scope" if scope.limit is None else f"a blank --limit {scope.limit!r}"
    return Problem(
        "scope",
        found,
        "a scope that names the hosts that are meant",
        "Add for example --limit 'municipality_papendrecht:&workstation', or -e werkplek_scope=workstation to mean all"
        " of them.",
    )


def named_unsafe(scope: Scope, left_out: Mapping[str, str]) -> list[Problem]:
    """A host that may not be touched and was asked for by its own name is refused; a group merely leaves it out."""
    typed = {part.lstrip("&") for text in (scope.limit, scope.pattern) if text for part in split_pattern(text)}
    return [
        Problem(
            f"host {host}",
            f"it in group {group}: {UNSAFE[group]}",
            "a host that is in use and complete in the registry",
            "Mend its record (ansible-inventory --host shows the reasons and the URL), or leave it out of the scope.",
        )
        for host, group in left_out.items()
        if host in typed
    ]


def split_pattern(text: str) -> list[str]:
    """Parts of an Ansible host pattern: separated by commas or colons."""
    return [part.strip() for part in text.replace(",", ":").split(":") if part.strip()]


def nothing_to_do(scope: Scope, hosts: Sequence[str], left_out: Mapping[str, str]) -> list[Problem]:
    """The scope matches nothing that the playbook manages."""
    if hosts:
        return []
    left = f", and {len(left_out)} left out ({listed(sorted(left_out))})" if left_out else ""
    return [
        Problem(
            words(scope),
            f"no host of {' or '.join(scope.targets)}{left}",
            "at least one host that this playbook manages",
            "ansible-inventory --graph shows the groups.",
        )
    ]


def over_ceiling(scope: Scope, hosts: Sequence[str]) -> list[Problem]:
    """More hosts than the ceiling allows."""
    if len(hosts) <= scope.ceiling:
        return []
    return [
        Problem(
            words(scope),
            f"{len(hosts)} hosts",
            f"at most {scope.ceiling} (the ceiling)",
            f"Narrow the scope, or raise the ceiling by name: -e werkplek_ceiling={len(hosts)}.",
        )
    ]


def without_municipality(hosts: Sequence[str], groups: Mapping[str, Sequence[str]]) -> list[Problem]:
    """Each host belongs to exactly one municipality, also where several inventories were mixed."""
    owners: dict[str, list[str]] = {host: [] for host in hosts}
    for group in sorted(name for name in groups if name.startswith(MUNICIPALITY)):
        for host in groups[group]:
            if host in owners:
                owners[host].append(group)
    return [
        Problem(
            f"host {host}",
            f"it in {' and '.join(found) if found else 'no municipality'}",
            "exactly one municipality",
            "Give it one tenant in the registry, and one inventory source.",
        )
        for host, found in owners.items()
        if len(found) != 1
    ]


def listed(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def said(verdict: Verdict) -> str:
    """The scope in one line, with what is left out."""
    text = f"{len(verdict.hosts)} hosts in scope"
    if verdict.left_out:
        names = [f"{host} ({group})" for host, group in verdict.left_out.items()]
        text += f"; left out: {listed(names)}"
    return text
