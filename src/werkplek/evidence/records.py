"""What the writer takes: a run's start, a host's answer, and their form as a line of JSON."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from werkplek.errors import Problem, WerkplekError
from werkplek.evidence.schema import STATUSES

FORMAT = 1
"""Version of the spool's lines."""
CONTRACT = 1
"""Version of enforce_policy's result."""


class SettingRow(NamedTuple):
    """One setting's result; `source` is the policy's file and line, `before` and `after` canonical texts."""

    name: str
    source: str
    status: str
    before: str
    after: str
    message: str


@dataclass(frozen=True, slots=True)
class RunStart:
    """Who started what, from where. `dirty` is None where the checkout's state is not known."""

    id: str
    started_at: datetime
    playbook: str
    check_mode: bool
    scope: str
    started_by: str
    controller: str
    commit_id: str
    dirty: bool | None
    inventory: str


@dataclass(frozen=True, slots=True)
class HostRecord:
    """One answer of one host. `rows` is empty where its settings were never read."""

    host: str
    municipality: str
    workplace_class: str
    ring: str
    policy_digest: str
    check_mode: bool
    outcome: str
    object_url: str
    observed_at: datetime
    message: str
    rows: tuple[SettingRow, ...] = ()


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How a run ended; `outcome` is one of werkplek.evidence.schema.RUN_OUTCOMES."""

    ended_at: datetime
    outcome: str


def enforced(host: str, answer: Mapping[str, Any], *, failed: bool, observed_at: datetime) -> HostRecord:
    """The record of a result of enforce_policy; nothing outside the contract's fields is taken over.

    `evidence` is every row as one JSON text; `settings`, the rows that are not compliant, is for readers of Ansible's
    output and not looked at. `failed` is Ansible's verdict; a drift run fails hosts that merely differ, which is no
    failure here. Raises WerkplekError for a result that breaks the contract.
    """
    context = answer.get("werkplek")
    if not isinstance(context, Mapping) or context.get("schema") != CONTRACT:
        raise broken(host, "no werkplek.schema 1")
    try:
        rows = tuple(setting_row(row) for row in json.loads(answer["evidence"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise broken(host, repr(error)) from error
    statuses = {row.status for row in rows}
    unknown = sorted(statuses - set(STATUSES))
    if unknown:
        raise broken(host, f"status {', '.join(unknown)}")
    bad = "failed" in statuses or (failed and "noncompliant" not in statuses)
    return HostRecord(
        host=host,
        municipality=text(context.get("municipality")),
        workplace_class=text(context.get("workplace_class")),
        ring=text(context.get("ring")),
        policy_digest=text(context.get("policy_digest")),
        check_mode=bool(context.get("check_mode")),
        outcome="failed" if bad else "ok",
        object_url=text(context.get("object_url")),
        observed_at=observed_at,
        message=text(answer.get("msg")) if bad else "",
        rows=rows,
    )


def setting_row(row: Mapping[str, Any]) -> SettingRow:
    """One row of enforce_policy's `evidence`."""
    return SettingRow(
        text(row["id"]),
        text(row.get("source")),
        text(row["status"]),
        text(row.get("before")),
        text(row.get("after")),
        text(row.get("message")),
    )


def text(value: object) -> str:
    """A value as text that every database takes: PostgreSQL stores no NUL, and UTF-8 has no lone surrogates."""
    if value is None:
        return ""
    written = value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
    if written.isascii() and "\0" not in written:
        return written
    return written.replace("\0", "\\0").encode(errors="backslashreplace").decode()


def broken(host: str, found: str) -> WerkplekError:
    """The error for a result that cannot be evidence."""
    problem = Problem(f"host {host}", found, "a result of enforce_policy with werkplek.schema 1 and its evidence")
    return WerkplekError("A result cannot be recorded.", [problem])


def digest_of(value: object) -> bytes:
    """SHA-256 of a value's JSON text."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()).digest()


def counts_of(rows: tuple[SettingRow, ...]) -> dict[str, int]:
    """Number of settings per status."""
    tally = Counter(row.status for row in rows)
    return {status: tally[status] for status in STATUSES}


def to_line(kind: str, record: RunStart | HostRecord | RunEnd, **more: Any) -> bytes:
    """A record as one line of the spool."""
    fields = {"kind": kind, **more, **asdict_flat(record)}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"), default=datetime.isoformat).encode() + b"\n"


def asdict_flat(record: RunStart | HostRecord | RunEnd) -> dict[str, Any]:
    """A record's fields; rows stay tuples, which JSON writes as lists."""
    if not isinstance(record, HostRecord):
        return asdict(record)
    return {**asdict(replace(record, rows=())), "rows": record.rows}


def start_of(fields: Mapping[str, Any]) -> RunStart:
    """A run's start from its line. Raises KeyError, TypeError or ValueError."""
    known = {name: fields[name] for name in RunStart.__slots__}
    return RunStart(**{**known, "started_at": datetime.fromisoformat(known["started_at"])})


def host_of(fields: Mapping[str, Any]) -> HostRecord:
    """A host's answer from its line. Raises KeyError, TypeError or ValueError."""
    known = {name: fields[name] for name in HostRecord.__slots__}
    rows = tuple(SettingRow(*row) for row in known["rows"])
    return HostRecord(**{**known, "observed_at": datetime.fromisoformat(known["observed_at"]), "rows": rows})


def end_of(fields: Mapping[str, Any]) -> RunEnd:
    """A run's end from its line. Raises KeyError, TypeError or ValueError."""
    return RunEnd(datetime.fromisoformat(fields["ended_at"]), fields["outcome"])
