"""A host's inventory variables as the facts that decide its policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werkplek.errors import Problem, WerkplekError
from werkplek.policy.model import HostFacts

NEEDED = ("municipality", "workplace_class", "platform_lineage", "registry")


def plain(value: Any) -> Any:
    """Ansible's tagged values (core 2.19 and newer) as plain JSON values."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Sequence):
        return [plain(item) for item in value]
    return value


def host_facts(host: str, variables: Mapping[str, Any], groups: Sequence[str]) -> HostFacts:
    """Facts of one host.

    Raises WerkplekError where the inventory does not give them, or where a variable contradicts the host's groups: an
    extra variable `municipality=` must not give a host another municipality's policy.
    """
    missing = [name for name in NEEDED if name not in variables]
    if missing:
        raise WerkplekError("The host did not come from the registry.", [not_from_registry(host, missing)])
    record = plain(variables["registry"])
    facts = HostFacts(
        workplace_class=str(variables["workplace_class"]),
        platform_lineage=tuple(str(item) for item in variables["platform_lineage"]),
        municipality=str(variables["municipality"]),
        ring=str(record.get("ring") or ""),
        site=str(record.get("site") or ""),
        registry=record,
    )
    contradictions = contradicted(host, facts, groups)
    if contradictions:
        raise WerkplekError("A host variable contradicts the inventory.", contradictions)
    return facts


def not_from_registry(host: str, missing: Sequence[str]) -> Problem:
    """The host lacks what only the registry gives."""
    return Problem(
        f"host {host}",
        f"no variable {', '.join(missing)}",
        "a host of the inventory plugins netbox_registry or registry_snapshot",
        "Register it in NetBox; ansible-inventory --host shows what is known.",
    )


def contradicted(host: str, facts: HostFacts, groups: Sequence[str]) -> list[Problem]:
    """Variables that ask for a group in which the inventory did not put the host."""
    wanted = {
        "municipality": f"municipality_{facts.municipality.replace('-', '_')}",
        "workplace_class": facts.workplace_class,
    }
    return [
        Problem(
            f"host {host}",
            f"variable {name} that asks for group {group}",
            f"one of its groups: {', '.join(sorted(groups))}",
            f"Remove {name} from extra variables and group_vars: only the registry sets it.",
        )
        for name, group in wanted.items()
        if group not in groups
    ]
