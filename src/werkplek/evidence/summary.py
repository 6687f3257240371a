"""Read runs from the ledger.

A host may answer more than once in a run (enforce, then check). It counts once, with its worst outcome, and so does
each of its settings: failed, else noncompliant, owned elsewhere, changed, unsupported, waived, compliant. A setting
that was changed and is compliant in the pass after it is therefore `changed`; one that did not stay is `noncompliant`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection, Row, distinct, func, select

from werkplek.errors import Problem, WerkplekError
from werkplek.evidence.ledger import Ledger
from werkplek.evidence.schema import STATUSES
from werkplek.evidence.store import RESULT, RESULT_SET, RESULT_SET_ROW, RUN, RUN_HOST, SETTING

WORST_FIRST = ("failed", "noncompliant", "owned_elsewhere", "changed", "unsupported", "waived", "compliant")
RANK = {status: rank for rank, status in enumerate(WORST_FIRST)}
OUTCOME_RANK = {"unreachable": 0, "failed": 1, "ok": 2}


@dataclass(frozen=True, slots=True)
class Counts:
    """Number of settings per status."""

    compliant: int = 0
    changed: int = 0
    noncompliant: int = 0
    failed: int = 0
    waived: int = 0
    owned_elsewhere: int = 0
    unsupported: int = 0

    @property
    def total(self) -> int:
        """All settings."""
        return sum(self.of(status) for status in STATUSES)

    def of(self, status: str) -> int:
        """The number for one status."""
        return int(getattr(self, status))


@dataclass(frozen=True, slots=True)
class RunInfo:
    """One run. `ended_at` and `outcome` are None when it was interrupted or still goes."""

    id: str
    started_at: datetime
    ended_at: datetime | None
    playbook: str
    check_mode: bool
    scope: str
    started_by: str
    controller: str
    commit_id: str
    dirty: bool | None
    inventory: str
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Totals:
    """What a municipality's hosts gave. `failed_hosts` and `unreachable_hosts` are part of `hosts`."""

    municipality: str
    hosts: int
    failed_hosts: int
    unreachable_hosts: int
    counts: Counts


@dataclass(frozen=True, slots=True, order=True)
class HostLine:
    """A host that failed or was unreachable, and why."""

    municipality: str
    host: str
    outcome: str
    message: str
    object_url: str


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A result that is not plain compliance, with the hosts (and their municipalities) that gave it."""

    setting: str
    status: str
    before: str
    after: str
    source: str
    message: str
    hosts: tuple[str, ...]
    municipalities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run in numbers per municipality (sorted), and what needs a reader's eye, worst first."""

    run: RunInfo
    municipalities: tuple[Totals, ...]
    total: Totals
    settings: tuple[SettingLine, ...]
    hosts: tuple[HostLine, ...]


class Finding(NamedTuple):
    """A row of `result` that is not plain compliance."""

    id: int
    setting: str
    source: str
    status: str
    before: str
    after: str
    message: str


@dataclass(frozen=True, slots=True)
class HostState:
    """All answers of one host in a run, as one."""

    line: HostLine
    counts: Counts
    findings: tuple[Finding, ...]


def latest_runs(ledger: Ledger, number: int) -> tuple[RunInfo, ...]:
    """The newest runs, newest first."""
    with ledger.read() as connection:
        rows = connection.execute(select(RUN).order_by(RUN.c.started_at.desc(), RUN.c.id).limit(number))
        return tuple(RunInfo(**row._mapping) for row in rows)


def run_summary(ledger: Ledger, run_id: str, *, lines: bool = True) -> RunSummary:
    """Summarise one run; without `lines`, `settings` stays empty. Raises WerkplekError for a run that is not there."""
    with ledger.read() as connection:
        row = connection.execute(select(RUN).where(RUN.c.id == run_id)).one_or_none()
        if row is None:
            raise WerkplekError("No such run.", [Problem(str(ledger.place), f"no run {run_id}", "the id of a run")])
        states = host_states(connection, run_id, lines=lines)
    return RunSummary(
        run=RunInfo(**row._mapping),
        municipalities=tuple(
            totals(name, tuple(group)) for name, group in groupby(states, key=lambda state: state.line.municipality)
        ),
        total=totals("", states),
        settings=setting_lines(states),
        hosts=tuple(state.line for state in states if state.line.outcome != "ok"),
    )


def totals(municipality: str, states: Sequence[HostState]) -> Totals:
    """Sum hosts and settings."""
    outcomes = Counter(state.line.outcome for state in states)
    return Totals(
        municipality=municipality,
        hosts=len(states),
        failed_hosts=outcomes["failed"],
        unreachable_hosts=outcomes["unreachable"],
        counts=Counts(*(sum(state.counts.of(field.name) for state in states) for field in fields(Counts))),
    )


def setting_lines(states: Iterable[HostState]) -> tuple[SettingLine, ...]:
    """One line per result, worst first, then by setting."""
    givers: dict[Finding, list[HostLine]] = {}
    for state in states:
        for finding in state.findings:
            givers.setdefault(finding, []).append(state.line)
    ordered = sorted(givers, key=lambda found: (RANK[found.status], found.setting, found.before, found.after, found.id))
    return tuple(
        SettingLine(
            setting=found.setting,
            status=found.status,
            before=found.before,
            after=found.after,
            source=found.source,
            message=found.message,
            hosts=tuple(line.host for line in givers[found]),
            municipalities=tuple(sorted({line.municipality for line in givers[found]})),
        )
        for found in ordered
    )


def host_states(connection: Connection, run_id: str, *, lines: bool) -> tuple[HostState, ...]:
    """The run's hosts, ordered by municipality and name."""
    query = select(RUN_HOST, *(RESULT_SET.c[status] for status in STATUSES))
    query = query.join(RESULT_SET, isouter=True).where(RUN_HOST.c.run_id == run_id)
    answers: dict[str, list[Row[tuple[object, ...]]]] = {}
    for row in connection.execute(query.order_by(RUN_HOST.c.sequence)):
        answers.setdefault(row.host, []).append(row)
    sets = {host: {row.result_set_id for row in rows} - {None} for host, rows in answers.items()}
    several = [host for host, ids in sets.items() if len(ids) > 1]
    findings = findings_by_set(connection, run_id) if lines or several else {}
    sizes = distinct_settings(connection, run_id) if several else {}
    states = [host_state(rows, findings, sizes.get(host)) for host, rows in answers.items()]
    return tuple(sorted(states, key=lambda state: state.line))


def host_state(
    rows: Sequence[Row[tuple[object, ...]]], findings: Mapping[int, Sequence[Finding]], size: int | None
) -> HostState:
    """Fold a host's answers. `size` is its number of settings where it has more than one set of results."""
    worst = min(rows, key=lambda row: OUTCOME_RANK[row.outcome])
    known = next((row for row in rows if row.municipality), rows[0])
    line = HostLine(known.municipality, worst.host, worst.outcome, worst.message, known.object_url)
    merged: dict[str, Finding] = {}
    for finding in (found for row in rows for found in findings.get(row.result_set_id, ())):
        held = merged.get(finding.setting)
        if held is None or RANK[finding.status] < RANK[held.status]:
            merged[finding.setting] = finding
    if size is None:
        answer = next((row for row in rows if row.result_set_id is not None), None)
        counts = Counts(*(getattr(answer, status) for status in STATUSES)) if answer else Counts()
    else:
        tally = Counter(finding.status for finding in merged.values())
        tally["compliant"] = size - len(merged)
        counts = Counts(*(tally[status] for status in STATUSES))
    return HostState(line, counts, tuple(merged.values()))


def findings_by_set(connection: Connection, run_id: str) -> dict[int, list[Finding]]:
    """What is not plain compliance, per result set of the run; each finding is one object however many sets have it."""
    used = select(RUN_HOST.c.result_set_id).where(RUN_HOST.c.run_id == run_id)
    query = (
        select(RESULT_SET_ROW.c.result_set_id, RESULT_SET_ROW.c.result_id)
        .join(RESULT)
        .where(RESULT.c.status != "compliant", RESULT_SET_ROW.c.result_set_id.in_(used))
    )
    pairs = connection.execute(query).all()
    texts = (
        select(RESULT.c.id, SETTING.c.name, SETTING.c.source, *(RESULT.c[name] for name in Finding._fields[3:]))
        .join(SETTING)
        .where(RESULT.c.id.in_(select(query.subquery().c.result_id)))
    )
    known = {row.id: Finding(*row) for row in connection.execute(texts)}
    found: dict[int, list[Finding]] = {}
    for result_set, result in pairs:
        found.setdefault(result_set, []).append(known[result])
    return found


def distinct_settings(connection: Connection, run_id: str) -> dict[str, int]:
    """Number of different settings of each host that gave more than one set of results."""
    query = (
        select(RUN_HOST.c.host, func.count(distinct(SETTING.c.name)))
        .join(RESULT_SET_ROW, RESULT_SET_ROW.c.result_set_id == RUN_HOST.c.result_set_id)
        .join(RESULT, RESULT.c.id == RESULT_SET_ROW.c.result_id)
        .join(SETTING, SETTING.c.id == RESULT.c.setting_id)
        .where(RUN_HOST.c.run_id == run_id)
        .group_by(RUN_HOST.c.host)
        .having(func.count(distinct(RUN_HOST.c.result_set_id)) > 1)
    )
    return {row[0]: int(row[1]) for row in connection.execute(query)}
