"""`werkplek policy explain`: where the value of one setting comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Annotated

import typer
from rich.markup import escape

from werkplek.cli.policy_subject import (
    CHECKOUT,
    SOURCE,
    Json,
    Root,
    Source,
    Subject,
    read_policy,
    read_subject,
    subject_data,
    subject_text,
)
from werkplek.cli.policy_text import STATE_STYLES, print_json, put, state
from werkplek.cli.policy_waivers import standing_text, waiver_data
from werkplek.errors import Exit
from werkplek.policy.exceptions import WaiverStanding
from werkplek.policy.history import COMMITTED, Change, last_change
from werkplek.policy.provenance import NOTHING, Explanation, Statement, explain
from werkplek.policy.used import Used
from werkplek.policy.words import Described

type Changes = Sequence[Change | None]


def explain_setting(
    subject: Subject,
    setting: Annotated[
        str, typer.Argument(metavar="SETTING", help=escape("A setting's id; id[item] is one of a list."))
    ],
    source: Source = SOURCE,
    root: Root = CHECKOUT,
    as_json: Json = False,
) -> None:
    """Explain one setting of a host: its value, who set it where and why, what lost, what decided.

    HOST|COMBINATION is as in `werkplek policy show`. An entry's last change is the newest commit among its lines.

    Exit code 0: explained. 3: the setting is not for this host; what is shown says why. 1: the policy, the registry or
    the host cannot be read, or there is no such setting.

    Examples:

      werkplek policy explain DRD-LT-0001 screen_lock_timeout

      werkplek policy explain dordrecht/workstation sleep_on_mains --json | jq '.statements[].change'
    """
    repository = read_policy(root)
    asked = read_subject(subject, source)
    found = explain(repository, asked, setting)
    changes = [last_change(root, statement.file, *statement.lines) for statement in found.statements]
    if as_json:
        print_json({"schema": 1, "for": subject_data(asked), **_data(found, changes)})
    else:
        _show(subject_text(asked), found, changes)
    raise typer.Exit(Exit.FOUND if found.state == NOTHING else Exit.OK)


def _data(found: Explanation, changes: Changes) -> dict[str, object]:
    statements = [
        {
            **asdict(statement),
            "values": [value._asdict() for value in statement.values],
            "source": statement.source,
            "change": asdict(change) if change else None,
        }
        for statement, change in zip(found.statements, changes, strict=True)
    ]
    return {
        "id": found.id,
        "title": found.title,
        "note": found.note,
        "state": found.state,
        "values": [value._asdict() for value in found.values],
        "statements": statements,
        "waivers": [waiver_data(waiver) for waiver in found.waivers],
        "controls": [control._asdict() for control in found.controls],
        "documents": [page._asdict() for page in found.documents],
        "used": [asdict(used) for used in found.used],
    }


def _show(subject: str, found: Explanation, changes: Changes) -> None:
    """Title and value first, then who says what, then what decided and why it is asked."""
    put((found.id, "bold"), f"  {found.title}")
    put(subject)
    put("State: ", state(found.state))
    for value in found.values:
        put(_value(value, with_object=True), indent=2, hang=2)
    for paragraph in found.note.splitlines():
        put(f"Note: {paragraph}", hang=2)
    for waiver in found.waivers:
        _show_waiver(waiver)
    put("\n", ("Who says what", "bold"))
    for statement, change in zip(found.statements, changes, strict=True):
        _show_statement(statement, change)
    _show_why(found)


def _value(value: Described, *, with_object: bool) -> str:
    """A value, with the instance's name where it is one of a list."""
    name = f"{value.id}: " if "[" in value.id else ""
    return f"{name}{value.what} = {value.value}" if with_object else f"{name}{value.value}"


def _show_waiver(waiver: WaiverStanding) -> None:
    entry = waiver.entry
    put(f"Waiver {entry.id}: ", (standing_text(waiver), STATE_STYLES[waiver.state]), f"; {waiver.source}", hang=2)
    put(f"{entry.reason} (asked by {entry.author}, approved by {entry.approver} on {entry.approved})", indent=2)
    if entry.not_applicable_because:
        put(f"Not applicable: {entry.not_applicable_because}", indent=2)


def _show_statement(statement: Statement, change: Change | None) -> None:
    put(state(statement.role), f"  {statement.layer}  {statement.source}", indent=2, hang=2)
    put(f"{statement.says}: {statement.reason}" if statement.reason else statement.says, indent=4, hang=2)
    for value in statement.values:
        put(_value(value, with_object=False), indent=4, hang=2)
    if statement.why_not:
        put((statement.why_not, "yellow"), indent=4, hang=2)
    put((_changed(change), "dim"), indent=4, hang=2)


def _changed(change: Change | None) -> str:
    if change is None:
        return "not known to git"
    if change.state != COMMITTED:
        return change.state
    return f"{change.commit[:10]} {change.day} {change.author}: {change.summary}"


def _show_why(found: Explanation) -> None:
    """The facts, choices and values behind it, the controls, and the pages that document it."""
    put("\n", ("Decided by", "bold"))
    for source, values in groupby(found.used, key=lambda used: used.source):
        put((source, "dim"), indent=2, hang=2)
        put("; ".join(map(_used, values)), indent=4, hang=2)
    if found.controls or found.documents:
        put("\n", ("Controls and documents", "bold"))
    for control in found.controls:
        measure = " (government measure)" if control.government else ""
        put(f"{control.control}  {control.label}".rstrip() + measure, indent=2, hang=2)
    for page in found.documents:
        put(f"Documented in {page.title}: {page.url}" if page.title else f"Documented at {page.url}", indent=2, hang=2)


def _used(used: Used) -> str:
    return f"{used.reference} = {used.value}{f' ({used.about})' if used.about else ''}"
