"""Snapshot files, format 3: the registry in one JSON text, equal bytes for an equal registry, with a checksum."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from werkplek.errors import Problem, WerkplekError
from werkplek.files import write_atomic
from werkplek.registry import strict_json
from werkplek.registry.model import FarEnd, Filters, Objects, Row
from werkplek.registry.rows import read_objects
from werkplek.registry.tables import EXTRAS, TABLES, Snapshot, Table, columns

SCHEMA = 3
MOST_PROBLEMS = 20
TEXTS = ("source", "as_of", "netbox_version", "sha256")


def canonical(value: object) -> bytes:
    """The one spelling of a JSON value: sorted keys, no blanks, UTF-8. What `sha256` is taken over."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def raw_objects(objects: Objects) -> dict[str, list[dict[str, object]]]:
    """Typed tables -> the `objects` part of a snapshot file."""
    return {table.object_type: _raw_rows(table, getattr(objects, table.attribute)) for table in TABLES.values()}


def _raw_rows(table: Table, rows: tuple[Row, ...]) -> list[dict[str, object]]:
    names = columns(table)
    return [{name: _plain(getattr(row, name)) for name in names} for row in sorted(rows, key=lambda row: row.id)]


def _plain(value: object) -> object:
    return asdict(value) if isinstance(value, FarEnd) else value


def content(snapshot: Snapshot) -> dict[str, object]:
    """Everything that a file says but its checksum."""
    return {
        "schema": SCHEMA,
        "source": snapshot.source,
        "as_of": snapshot.as_of,
        "netbox_version": snapshot.netbox_version,
        "include": sorted(snapshot.include),
        "filters": snapshot.filters,
        "objects": raw_objects(snapshot.objects),
    }


def digest(said: Mapping[str, object]) -> str:
    """Checksum of a file's content, hex: equal registries have equal checksums."""
    return hashlib.sha256(canonical({name: value for name, value in said.items() if name != "sha256"})).hexdigest()


def to_bytes(snapshot: Snapshot) -> bytes:
    """The file's content: equal snapshots give equal bytes, and each row has its own line, so that diffs read well."""
    said = content(snapshot)
    raw = raw_objects(snapshot.objects)
    header = [canonical(name) + b":" + canonical(value) for name, value in said.items() if name != "objects"]
    header.append(b'"sha256":' + canonical(digest(said)))
    tables = [_table_bytes(name, rows) for name, rows in sorted(raw.items())]
    return b"{" + b",\n".join(header) + b',\n"objects":{\n' + b",\n".join(tables) + b"}}\n"


def _table_bytes(name: str, rows: list[dict[str, object]]) -> bytes:
    lines = b",\n".join(canonical(row) for row in rows)
    return canonical(name) + (b":[\n" + lines + b"]" if rows else b":[]")


def dump(snapshot: Snapshot, path: Path) -> None:
    """Write the file whole or not at all, readable by its owner only."""
    write_atomic(path, to_bytes(snapshot), mode=0o600)


def load(path: Path) -> Snapshot:
    """Read and check a snapshot file. Raises WerkplekError with every problem, each with file and place."""
    document = _read_json(path)
    problems = _checksum_problems(path, document)

    def place(table: Table, index: int, number: object) -> str:
        return f'{path}: objects["{table.object_type}"][{index}]' + (f" (id {number})" if number is not None else "")

    objects, found = read_objects(document["objects"], place)
    problems += found
    if problems:
        _refuse(path, problems)
    return Snapshot(
        source=document["source"],
        as_of=document["as_of"],
        netbox_version=document["netbox_version"],
        include=tuple(document["include"]),
        filters=_filters(document["filters"]),
        objects=objects,
    )


def _filters(value: dict[str, dict[str, list[str]]]) -> Filters:
    return {name: {key: tuple(words) for key, words in group.items()} for name, group in value.items()}


def _read_json(path: Path) -> dict[str, Any]:
    """The file as a dictionary that has the header and a list for every type."""
    try:
        document = strict_json.loads(path.read_bytes())
    except OSError as error:
        reason = error.strerror or type(error).__name__
        _refuse(path, [Problem(str(path), reason, "a registry snapshot", "Check the option `snapshot`.")])
    except json.JSONDecodeError as error:
        where = f"{path}:{error.lineno}:{error.colno}"
        _refuse(path, [Problem(where, f"text that is not JSON ({error.msg})", "a registry snapshot")])
    except ValueError as error:
        _refuse(path, [Problem(str(path), f"text that is not JSON ({error})", "a registry snapshot")])
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        found = f"schema {document.get('schema')!r}" if isinstance(document, dict) else type(document).__name__
        _refuse(path, [Problem(str(path), found, f"a registry snapshot of schema {SCHEMA}")])
    _check_header(path, document)
    return document


def _check_header(path: Path, document: dict[str, Any]) -> None:
    problems = [
        Problem(str(path), f"{key} = {document.get(key)!r}" if key in document else f"no key {key!r}", "a text")
        for key in TEXTS
        if not isinstance(document.get(key), str)
    ]
    include, filters = document.get("include"), document.get("filters")
    if not isinstance(include, list) or not set(map(str, include)) <= set(EXTRAS):
        problems.append(Problem(f"{path}: include", repr(include), f"a list of words out of {', '.join(EXTRAS)}"))
    if not _are_filters(filters):
        problems.append(Problem(f"{path}: filters", repr(filters), "lists of texts by filter by table"))
    objects = document.get("objects")
    if not isinstance(objects, dict):
        problems.append(Problem(str(path), "no tables under 'objects'", "a list of rows for each type"))
    else:
        problems += [
            Problem(f"{path}: objects", f"no list for {name!r}", "a list of rows, which may be empty")
            for name in TABLES
            if not isinstance(objects.get(name), list)
        ]
    if problems:
        _refuse(path, problems)


def _are_filters(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(group, dict)
        and all(isinstance(words, list) and all(isinstance(w, str) for w in words) for words in group.values())
        for group in value.values()
    )


def _checksum_problems(path: Path, document: dict[str, Any]) -> list[Problem]:
    actual = digest(document)
    if actual == document["sha256"]:
        return []
    remedy = "The file was changed after it was written: take the snapshot again."
    return [Problem(str(path), f"content with checksum {actual}", f"sha256 {document['sha256']}", remedy)]


def _refuse(path: Path, problems: list[Problem]) -> NoReturn:
    shown, left = problems[:MOST_PROBLEMS], len(problems) - MOST_PROBLEMS
    more = f" (the first {MOST_PROBLEMS} of {len(problems)} problems)" if left > 0 else ""
    raise WerkplekError(f"The registry snapshot {path} cannot be used{more}", shown)
