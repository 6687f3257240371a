"""NetBox's answers -> a registry snapshot. Related tables are fetched once and joined here, not by NetBox."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from werkplek.errors import Problem, WerkplekError
from werkplek.registry.client import NetBoxClient, Query
from werkplek.registry.config import ApiConfig
from werkplek.registry.model import TABLES, Snapshot, Table
from werkplek.registry.rows import columns, read_objects
from werkplek.registry.snapshot import MOST_PROBLEMS

OLDEST = (4, 2)
# NetBox renders config contexts for each row unless this is sent, also when `fields` leaves them out.
WITHOUT_CONTEXT = {"dcim.device", "virtualization.virtualmachine"}
# Columns that older releases do not have: nested roles came with 4.3, nested platforms with 4.4.
YOUNG = {("dcim.devicerole", "parent"), ("dcim.platform", "parent")}

type Value = Callable[[object], object]


def snapshot_from_api(config: ApiConfig, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Snapshot:
    """Read the whole registry. Raises WerkplekError when anything is missing, so the result is complete."""
    with NetBoxClient(config) as client:
        version = _supported(client.version(), config.url)
        answers = client.tables([query(table) for table in TABLES.values()])
    taken_at = now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return assemble(dict(zip(TABLES, answers, strict=True)), config.url, version, taken_at)


def assemble(
    answers: Mapping[str, Sequence[Mapping[str, object]]], source: str, version: str, taken_at: str
) -> Snapshot:
    """API rows by type -> Snapshot, with the checks a snapshot file meets. Raises WerkplekError."""
    raw = {name: [relational(TABLES[name], row) for row in rows] for name, rows in answers.items()}

    def place(table: Table, _index: int, number: object) -> str:
        return f"{source}api/{table.path}/{number}/"

    objects, problems = read_objects(raw, place)
    if problems:
        summary = "The registry's answers do not fit together; no host was taken from them"
        remedy = "Run again; if it stays, check that the token may view these objects."
        told = [Problem(p.where, p.found, p.expected, remedy) for p in problems[:MOST_PROBLEMS]]
        raise WerkplekError(summary, told)
    return Snapshot(source, taken_at, version, objects)


def query(table: Table) -> Query:
    """What to ask for: the needed fields, without config contexts."""
    names = [name for name in columns(table) if (table.object_type, name) != ("virtualization.cluster", "site")]
    if table.object_type == "virtualization.cluster":
        names += ["scope_type", "scope_id"]
    parameters = {"fields": ",".join(names)}
    if table.object_type in WITHOUT_CONTEXT:
        parameters["exclude"] = "config_context"
    return Query(table.path, parameters)


def relational(table: Table, row: Mapping[str, object]) -> dict[str, object]:
    """One API row as a snapshot row. A column NetBox did not send stays absent, which the row check reports."""
    result = {name: _converter(table, name)(row[name]) for name in columns(table) if name in row}
    for name in columns(table):
        if (table.object_type, name) in YOUNG:
            result.setdefault(name, None)
    if table.object_type == "virtualization.cluster" and "scope_type" in row:
        result["site"] = row.get("scope_id") if row["scope_type"] == "dcim.site" else None
    return result


def _converter(table: Table, column: str) -> Value:
    if column in table.references or column == "virtual_chassis":
        return _references if column == "tags" else _reference
    return CONVERTERS.get(column, lambda value: value)


def _reference(value: object) -> object:
    return value.get("id") if isinstance(value, Mapping) else value


def _references(value: object) -> object:
    return [_reference(item) for item in value] if isinstance(value, list) else value


def _choice(value: object) -> object:
    """A choice as plain text: NetBox sends `{value, label}` for choices, and either form for custom fields."""
    return value["value"] if isinstance(value, Mapping) and set(value) == {"value", "label"} else value


def _address(value: object) -> object:
    return value.get("address") if isinstance(value, Mapping) else value


def _custom_fields(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    return {name: _custom_field(item) for name, item in value.items()}


def _custom_field(value: object) -> object:
    if isinstance(value, list):
        return [_custom_field(item) for item in value]
    plain = _choice(value)
    return plain["id"] if isinstance(plain, Mapping) and "id" in plain and "url" in plain else plain


CONVERTERS: Mapping[str, Value] = {
    "status": _choice,
    "manufacturer": lambda value: value.get("name") if isinstance(value, Mapping) else value,
    "primary_ip4": _address,
    "primary_ip6": _address,
    "custom_fields": _custom_fields,
}


def _supported(version: str, source: str) -> str:
    match = re.match(r"(\d+)\.(\d+)", version)
    if match and (int(match[1]), int(match[2])) >= OLDEST:
        return version
    problem = Problem(f"{source}api/status/", f"NetBox {version!r}", "NetBox 4.2 or newer", "Upgrade NetBox.")
    raise WerkplekError("The registry could not be read; no host was taken from it", [problem])
