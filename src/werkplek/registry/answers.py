"""NetBox's answers -> snapshot rows: relations become ids, choices plain values, moments UTC."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

from werkplek.registry.tables import ADDRESS_COLUMNS, EXTRA_COLUMNS, HOSTS, INTERFACE, Table, columns

type RawRow = dict[str, object]
type Convert = Callable[[object], object]

# Columns that older releases do not have: nested roles came with 4.3, nested platforms with 4.4.
YOUNG = {("dcim.devicerole", "parent"), ("dcim.platform", "parent")}


def asked_fields(table: Table, include: Collection[str]) -> tuple[str, ...]:
    """The fields to ask NetBox for: every column but those of extras that are not included."""
    names = [name for name in columns(table) if EXTRA_COLUMNS.get(name) is None or EXTRA_COLUMNS[name] in include]
    if made := MADE.get(table.object_type):
        return (*(name for name in names if name != made.column), *made.fields)
    return tuple(names)


def relational(table: Table, row: Mapping[str, object], include: Collection[str]) -> RawRow:
    """One API row as a snapshot row. A column that NetBox did not send stays absent, which the row check reports."""
    result: RawRow = {}
    for name, convert, absent in _plan(table, frozenset(include)):
        if name in row:
            result[name] = convert(row[name]) if convert else row[name]
        elif absent:
            result[name] = None
    made = MADE.get(table.object_type)
    if made and all(name in row for name in made.fields):
        result[made.column] = made.convert(*(row[name] for name in made.fields))
    return result


def addresses(row: Mapping[str, object]) -> Iterator[RawRow]:
    """Rows of `ipam.ipaddress` that a host's API row holds. Before NetBox 4.6.4 their DNS name is not known: None."""
    for column in ADDRESS_COLUMNS:
        nested = row.get(column)
        if isinstance(nested, Mapping) and "id" in nested and "address" in nested:
            yield {"id": nested["id"], "address": nested["address"], "dns_name": nested.get("dns_name")}


def utc(moment: object) -> object:
    """ISO 8601 in any zone as `2026-11-23T18:54:53.395660Z`, which sorts as text; what is no moment stays as it is."""
    if not isinstance(moment, str):
        return moment
    try:
        parsed = datetime.fromisoformat(moment).astimezone(UTC)
    except (ValueError, OverflowError):
        return moment
    return parsed.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@cache
def _plan(table: Table, include: frozenset[str]) -> tuple[tuple[str, Convert | None, bool], ...]:
    """Per column: its name, how its value is converted, and whether it may be absent."""
    return tuple(
        (
            name,
            _converter(table, name),
            (table.object_type, name) in YOUNG or (name in EXTRA_COLUMNS and EXTRA_COLUMNS[name] not in include),
        )
        for name in columns(table)
        if table.object_type not in MADE or name != MADE[table.object_type].column
    )


def _converter(table: Table, column: str) -> Convert | None:
    if column in ("tags", "tagged_vlans"):
        return _references
    if column == "device_type" or column in table.references or column == "master":
        return _reference
    if column == "custom_fields" and table.object_type in HOSTS:
        return _custom_fields
    return CONVERTERS.get(column)


def _reference(value: object) -> object:
    return value.get("id") if isinstance(value, Mapping) else value


def _references(value: object) -> object:
    """Ids in order, so that a registry gives the same bytes whatever NetBox sorts by."""
    found = [_reference(item) for item in value] if isinstance(value, list) else value
    return sorted(found) if isinstance(found, list) and all(type(item) is int for item in found) else found


def _choice(value: object) -> object:
    """A choice as plain text: NetBox sends `{value, label}` for choices, and either form for custom fields."""
    return value["value"] if isinstance(value, Mapping) and value.keys() == {"value", "label"} else value


def _custom_fields(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    return {name: _custom_field(item) for name, item in value.items()}


def _custom_field(value: object) -> object:
    if isinstance(value, list):
        return [_custom_field(item) for item in value]
    plain = _choice(value)
    return plain["id"] if isinstance(plain, Mapping) and "id" in plain and "url" in plain else plain


def _site(kind: object, number: object) -> object:
    """The site of a cluster whose scope it is."""
    return number if kind == "dcim.site" else None


def _peer(ends: object, kind: object, reachable: object) -> object:
    """The far end of a port's cable, where it is one interface and every cable on the way is in place.

    Null ends, or `reachable` false, is what NetBox says of a path that stops halfway or holds a planned cable.
    """
    if ends is None or kind != INTERFACE or reachable is not True:
        return None
    if not isinstance(ends, list):
        return ends
    match ends:
        case [{"id": number, "name": name, "device": {"id": device, "name": device_name}}]:
            return {"id": number, "name": name, "device": device, "device_name": device_name}
        case [malformed]:
            return malformed
    return None


def _choices(value: object) -> object:
    """The values out of NetBox's pairs of value and label."""
    if not isinstance(value, list):
        return value
    return [item[0] if isinstance(item, list) and item else item for item in value]


CONVERTERS: Mapping[str, Convert] = {
    "type": _choice,
    "base_choices": _choice,
    "extra_choices": _choices,
    "status": _choice,
    "mode": _choice,
    "priority": _choice,
    "manufacturer": lambda value: value.get("name") if isinstance(value, Mapping) else value,
    "last_updated": utc,
}


class Made(NamedTuple):
    """A column that is made out of fields of NetBox that have other names."""

    column: str
    fields: tuple[str, ...]
    convert: Callable[..., object]


MADE: Mapping[str, Made] = {
    "virtualization.cluster": Made("site", ("scope_type", "scope_id"), _site),
    INTERFACE: Made(
        "peer", ("connected_endpoints", "connected_endpoints_type", "connected_endpoints_reachable"), _peer
    ),
}
