"""Options of the registry, typed and checked in one go; where each option's text comes from is the plugins' matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from werkplek.errors import Problem
from werkplek.registry.constructed import Constructed, constructed
from werkplek.registry.options import beside, plain, refuse, words

CLASSES = ("workstation", "vdi_host", "network")
FAMILIES = ("windows", "linux", "network_os")
CONNECT_BY = ("primary_ip4", "primary_ip6", "dns_name", "name")


@dataclass(frozen=True, slots=True)
class RegistryConfig:
    """How the registry's words map to Werkplek's.

    `class_of_role` and `family_of_platform` are keyed by slug. `connect_by` says where `ansible_host` comes from, the
    first that a host has. `municipalities` holds the slugs that have a document in `municipalities_dir`. `file` is the
    inventory source, named in errors.
    """

    file: str
    tenant_group: str
    class_of_role: Mapping[str, str]
    family_of_platform: Mapping[str, str]
    ring_field: str
    lifecycle: tuple[str, ...]
    connect_by: tuple[str, ...]
    municipalities_dir: Path
    municipalities: frozenset[str]
    constructed: Constructed


def registry_config(options: Mapping[str, object], file: Path) -> RegistryConfig:
    """Options of what hosts mean, which both inventory plugins share -> RegistryConfig.

    Relative paths start at the folder of `file`. Raises WerkplekError with every problem found.
    """
    problems: list[Problem] = []
    where = str(file)
    classes = _words_by_key(options["classes"], where, "classes", CLASSES, problems)
    families = _families(options["families"], where, problems)
    roles = _roles(classes, where, problems)
    lifecycle = words(options["lifecycle"], f"{where}: lifecycle", problems)
    connect_by = words(options["connect_by"], f"{where}: connect_by", problems)
    problems += [
        Problem(f"{where}: connect_by", repr(word), f"one of {', '.join(CONNECT_BY)}")
        for word in connect_by
        if word not in CONNECT_BY
    ]
    for name in ("tenant_group", "ring_field"):
        words([options[name]], f"{where}: {name}", problems)
    extra = constructed(options, where, problems)
    folder = beside(file, options["municipalities_dir"])
    if not folder.is_dir():
        expected = "a folder with one document per municipality"
        problems.append(Problem(f"{where}: municipalities_dir", f"no folder {folder}", expected))
    if problems:
        refuse(where, problems)
    documents = frozenset(path.stem for path in folder.glob("*.yml"))
    tenant_group, ring_field = plain(options["tenant_group"]), plain(options["ring_field"])
    return RegistryConfig(
        where, tenant_group, roles, families, ring_field, lifecycle, connect_by, folder, documents, extra
    )


def _words_by_key(
    value: object, where: str, option: str, keys: tuple[str, ...], problems: list[Problem]
) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping) or not value:
        problems.append(Problem(f"{where}: {option}", repr(value), f"role slugs under {', '.join(keys)}"))
        return {}
    known = {key: key for key in keys}
    result = {}
    for key, slugs in value.items():
        if key in known:
            result[known[key]] = words(slugs, f"{where}: {option}.{key}", problems)
        else:
            problems.append(Problem(f"{where}: {option}", f"unknown class {str(key)!r}", f"one of {', '.join(keys)}"))
    return result


def _roles(classes: Mapping[str, tuple[str, ...]], where: str, problems: list[Problem]) -> Mapping[str, str]:
    roles: dict[str, str] = {}
    for name, slugs in classes.items():
        for slug in slugs:
            if roles.setdefault(slug, name) != name:
                found = f"role {slug!r} in class {roles[slug]} and in class {name}"
                problems.append(Problem(f"{where}: classes", found, "each role in one class"))
    return MappingProxyType(roles)


def _families(value: object, where: str, problems: list[Problem]) -> Mapping[str, str]:
    if not isinstance(value, Mapping) or not value:
        problems.append(Problem(f"{where}: families", repr(value), "an OS family for each root platform's slug"))
        return {}
    known = {family: family for family in FAMILIES}
    for slug, family in value.items():
        if plain(family) not in known:
            found = f"unknown OS family {str(family)!r}"
            problems.append(Problem(f"{where}: families.{slug}", found, f"one of {', '.join(FAMILIES)}"))
    return MappingProxyType(
        {plain(slug): known[plain(family)] for slug, family in value.items() if plain(family) in known}
    )
