"""What a live source asks for: extras, filters, and how far its cache is trusted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from werkplek.errors import Problem
from werkplek.registry.answers import RawRow
from werkplek.registry.config import RegistryConfig
from werkplek.registry.filters import NAMES, TYPES, unknown_filters
from werkplek.registry.options import number, plain, refuse, words
from werkplek.registry.query import Query
from werkplek.registry.tables import EXTRAS

type Group = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """`filters` by object type; `reconcile` in hours; `use_last_good` when the registry cannot be read."""

    include: frozenset[str]
    filters: Mapping[str, Group]
    reconcile: int
    shrink_limit: int
    use_last_good: bool

    @property
    def query(self) -> Query:
        """What to ask before the roles of switches are known."""
        return Query(self.include, self.filters)


def source_config(options: Mapping[str, object], file: Path) -> SourceConfig:
    """Options of a live source -> SourceConfig. Raises WerkplekError with every problem found."""
    problems: list[Problem] = []
    where = str(file)
    include = words(options["include"], f"{where}: include", problems) if options["include"] else ()
    problems += [
        Problem(f"{where}: include", f"unknown word {word!r}", f"one of {', '.join(EXTRAS)}")
        for word in include
        if word not in EXTRAS
    ]
    filters = dict(_filters(options["filters"] or {}, f"{where}: filters", problems))
    reconcile = number(options["reconcile"], (0, 8760), f"{where}: reconcile", problems)
    shrink_limit = number(options["shrink_limit"], (0, 100), f"{where}: shrink_limit", problems)
    if problems:
        refuse(where, problems)
    return SourceConfig(frozenset(include), filters, reconcile, shrink_limit, bool(options["use_last_good"]))


def _filters(value: object, where: str, problems: list[Problem]) -> Iterator[tuple[str, Group]]:
    if not isinstance(value, Mapping):
        problems.append(Problem(where, repr(value), f"filters under {', '.join(NAMES)}"))
        return
    for table, group in value.items():
        if table not in NAMES:
            problems.append(Problem(where, f"unknown word {str(table)!r}", f"one of {', '.join(NAMES)}"))
        elif not isinstance(group, Mapping):
            problems.append(Problem(f"{where}.{table}", repr(group), "values by filter"))
        else:
            problems += unknown_filters(plain(table), [plain(name) for name in group], f"{where}.{table}")
            yield TYPES[plain(table)], dict(_group(group, f"{where}.{table}", problems))


def _group(
    group: Mapping[object, object], where: str, problems: list[Problem]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, value in group.items():
        values = value if isinstance(value, list | tuple) else [value]
        if values and all(
            isinstance(item, str | int) and not isinstance(item, bool) and plain(item) for item in values
        ):
            yield plain(name), tuple(plain(item) for item in values)
        else:
            problems.append(Problem(f"{where}.{name}", repr(value), "a text, or a list of texts"))


def port_roles(config: RegistryConfig, rows: Collection[RawRow]) -> tuple[int, ...]:
    """Ids of the roles of class `network`: those that are mapped to it, and those below them."""
    by_id = {row["id"]: row for row in rows}

    def nearest(row: RawRow | None) -> str | None:
        seen: set[object] = set()
        while row is not None and row["id"] not in seen:
            if row.get("slug") in config.class_of_role:
                return config.class_of_role[str(row["slug"])]
            seen.add(row["id"])
            row = by_id.get(row.get("parent"))
        return None

    return tuple(sorted(int(str(row["id"])) for row in rows if nearest(row) == "network"))
