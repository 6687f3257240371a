"""Filters of hosts: sent to NetBox, and checked again on what it answered.

NetBox ignores a filter that it does not know and answers with everything. So only filters are allowed here whose
meaning is known well enough to check each row that arrives.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from difflib import get_close_matches
from types import MappingProxyType

from werkplek.errors import Problem, WerkplekError
from werkplek.registry.answers import RawRow
from werkplek.registry.query import Query
from werkplek.registry.tables import DEVICE, HOSTS, MACHINE, TABLES, Table

type Tables = Mapping[str, Mapping[int, RawRow]]
type Test = Callable[[RawRow], bool]

# Filter -> (columns from the host to the row that is named, that row's type). In trees, what is below is meant too.
RELATED: Mapping[str, tuple[tuple[str, ...], str]] = MappingProxyType(
    {
        "site": (("site",), "dcim.site"),
        "region": (("site", "region"), "dcim.region"),
        "location": (("location",), "dcim.location"),
        "tenant": (("tenant",), "tenancy.tenant"),
        "tenant_group": (("tenant", "group"), "tenancy.tenantgroup"),
        "role": (("role",), "dcim.devicerole"),
        "platform": (("platform",), "dcim.platform"),
    }
)
PLAIN = ("name", "serial", "asset_tag", "status")
NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "devices": (*RELATED, *PLAIN, "tag"),
        "virtual_machines": (*(name for name in RELATED if name != "location"), "name", "serial", "status", "tag"),
    }
)
TYPES = {"devices": DEVICE, "virtual_machines": MACHINE}
CUSTOM, NOT = "cf_", "__n"
LOOSE = ("text", "longtext", "url")  # types of custom fields of which a filter matches a part
# What NetBox compares without case; each of these negated, and every other column, exactly.
WITHOUT_CASE = {(DEVICE, "name"), (DEVICE, "serial"), (MACHINE, "name")}


def unknown_filters(table: str, names: Collection[str], where: str) -> Iterator[Problem]:
    """A problem for each name that is no filter of `devices` or `virtual_machines`."""
    known = NAMES[table]
    for name in names:
        base = name.removesuffix(NOT)
        if base in known or (base.startswith(CUSTOM) and len(base) > len(CUSTOM)):
            continue
        near = get_close_matches(base, known, 1)
        expected = f"one of {', '.join(known)} or {CUSTOM}<custom field>, each also with {NOT} for `not`"
        remedy = f"Did you mean {near[0]!r}?" if near else ""
        yield Problem(f"{where}.{name}", f"unknown filter {name!r}", expected, remedy)


def fitting(
    table: Table, query: Query, rows: Mapping[int, RawRow], arrived: Collection[int], tables: Tables
) -> dict[int, RawRow]:
    """Rows without those that arrived, asked for by id or time alone, and are outside the filters."""
    test = _test(table, query, tables)
    return {key: row for key, row in rows.items() if key not in arrived or test(row)}


def check_arrival(query: Query, tables: Tables, source: str) -> None:
    """Raise WerkplekError where NetBox answered with hosts outside a filter, or a value is none of its choices."""
    problems = [*_wrong_values(query, tables, source)]
    for name in HOSTS:
        table = TABLES[name]
        for word, values in query.filters.get(name, {}).items():
            test = _one(table, word, values, tables)
            outside = next((key for key, row in tables[name].items() if not test(row)), None)
            if outside is not None:
                url = f"{source}{table.path}/{outside}/"
                expected = f"only hosts with {word} = {', '.join(values)}"
                remedy = "NetBox does not know this filter, or the registry changed: take it out, or run again."
                problems.append(Problem(url, f"a host outside the filter {word!r}", expected, remedy))
    if problems:
        raise WerkplekError("NetBox did not keep to the filters; no host was taken from it", problems)


def _test(table: Table, query: Query, tables: Tables) -> Test:
    tests = [_one(table, word, values, tables) for word, values in query.filters.get(table.object_type, {}).items()]
    return lambda row: all(test(row) for test in tests)


def _one(table: Table, word: str, values: Collection[str], tables: Tables) -> Test:
    base = word.removesuffix(NOT)
    if base in RELATED:
        test = _related(base, values, tables)
    elif base == "tag":
        test = _tagged(values, tables, every=word == base)
    elif base.startswith(CUSTOM):
        test = _custom(base.removeprefix(CUSTOM), values, tables)
    else:
        test = _column(base, values, str.casefold if (table.object_type, word) in WITHOUT_CASE else str)
    return (lambda row: not test(row)) if word.endswith(NOT) else test


def _column(column: str, values: Collection[str], spelling: Callable[[str], str]) -> Test:
    wanted = {spelling(value) for value in values}
    return lambda row: spelling(str(row.get(column) or "")) in wanted


def _related(name: str, values: Collection[str], tables: Tables) -> Test:
    path, target = RELATED[name]
    wanted = {key for key, row in tables[target].items() if row.get("slug") in values}
    grown = True
    while grown:
        below = {key for key, row in tables[target].items() if row.get("parent") in wanted} - wanted
        wanted |= below
        grown = bool(below)
    if len(path) == 1:
        return lambda row: row.get(path[0]) in wanted
    between = {key for key, row in tables[TABLES[DEVICE].references[path[0]]].items() if row.get(path[1]) in wanted}
    return lambda row: row.get(path[0]) in between


def _tagged(values: Collection[str], tables: Tables, *, every: bool) -> Test:
    """Of several tags NetBox wants all; looking for others than these, none."""
    wanted = {key for key, row in tables["extras.tag"].items() if row.get("slug") in values}

    def test(row: RawRow) -> bool:
        tags = row.get("tags")
        found = wanted & set(tags) if isinstance(tags, list) else set()
        return len(found) == len(set(values)) if every else bool(found)

    return test


def _definition(name: str, tables: Tables) -> RawRow | None:
    return next((row for row in tables["extras.customfield"].values() if row.get("name") == name), None)


def _custom(name: str, values: Collection[str], tables: Tables) -> Test:
    """NetBox looks for a part of a text, without case, and for exactly any other value but `true` and `false`."""
    definition = _definition(name, tables)
    kind = definition["type"] if definition is not None else None
    loose = kind in ("text", "longtext", "url")
    spelling = str.casefold if loose or kind == "boolean" else str
    wanted = [spelling(value) for value in values]

    def test(row: RawRow) -> bool:
        fields = row.get("custom_fields")
        value = fields.get(name) if isinstance(fields, Mapping) else None
        texts = [spelling(str(item)) for item in (value if isinstance(value, list) else [value]) if item is not None]
        return any(word in text if loose else word == text for word in wanted for text in texts)

    return test


def _wrong_values(query: Query, tables: Tables, source: str) -> Iterator[Problem]:
    """NetBox refuses unknown tenants and the like by itself, and takes any word for a custom field."""
    for name, filters in query.filters.items():
        for word, values in filters.items():
            base = word.removesuffix(NOT)
            if not base.startswith(CUSTOM):
                continue
            definition = _definition(base.removeprefix(CUSTOM), tables)
            if definition is None:
                known = ", ".join(sorted(str(row["name"]) for row in tables["extras.customfield"].values()))
                yield Problem(
                    f"{source}extras/custom-fields/", f"no custom field for filter {word!r}", f"one of {known}"
                )
                continue
            if word.endswith(NOT) and definition["type"] in LOOSE:
                url = f"{source}extras/custom-fields/{definition['id']}/"
                expected = f"a filter without {NOT}: NetBox has none for a field of type {definition['type']}"
                yield Problem(url, f"filter {word!r} for {TABLES[name].attribute}", expected)
            choices = _choices(definition, tables)
            for value in values:
                if choices is not None and value not in choices:
                    url = f"{source}extras/custom-field-choice-sets/{definition['choice_set']}/"
                    found = f"{word} = {value!r} for {TABLES[name].attribute}"
                    yield Problem(url, found, f"one of {', '.join(choices)}")


def _choices(definition: RawRow, tables: Tables) -> list[str] | None:
    """What a field can be, or None when that is not limited or not known."""
    chosen = definition.get("choice_set")
    row = tables["extras.customfieldchoiceset"].get(chosen) if isinstance(chosen, int) else None
    if row is None or row.get("base_choices") or not isinstance(row["extra_choices"], list):
        return None
    return [str(choice) for choice in row["extra_choices"]]
