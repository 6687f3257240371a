"""`werkplek policy show` and `explain`: what a host should be, and where each value comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from werkplek.cli.inventory_tables import new_table, plain, say, show
from werkplek.cli.policy_subject import (
    CHECKOUT,
    SOURCE,
    Json,
    Root,
    Source,
    Subject,
    print_json,
    read_policy,
    read_subject,
    subject_data,
    subject_text,
)
from werkplek.errors import Exit
from werkplek.policy.history import Change, last_change
from werkplek.policy.listing import Listing, Row, listing
from werkplek.policy.loader import Repository
from werkplek.policy.provenance import NOTHING, Explanation, Statement, explain

STATE_STYLES = {"waived": "yellow", "ignored": "yellow"}


def show_policy(
    subject: Subject,
    match: Annotated[
        str, typer.Option("--match", metavar="TEXT", help="Only settings with TEXT in id, title, object or file.")
    ] = "",
    source: Source = SOURCE,
    root: Root = CHECKOUT,
    as_json: Json = False,
) -> None:
    """Show everything that a host, or every host of a combination, should be.

    A combination is MUNICIPALITY/CLASS, and where it matters /PLATFORM (default windows-11), /RING (broad), /SITE.

    Exit code 0: shown. 1: the policy, the registry or the host cannot be read.

    Examples:

      werkplek policy show dor-ws-0001 --match bitlocker

      werkplek policy show papendrecht/workstation/windows-11/canary

      werkplek policy show papendrecht/workstation --json | jq -r '.settings[] | [.id, .value] | @tsv'
    """
    asked = read_subject(subject, source)
    found = listing(read_policy(root), asked)
    rows = [row for row in found.rows if match.casefold() in f"{row.id} {row.title} {row.what} {row.source}".casefold()]
    if as_json:
        settings = [asdict(row) for row in rows]
        print_json({"schema": 1, "for": subject_data(asked), "digest": found.digest or None, "settings": settings})
        return
    show_rows(subject_text(asked), found, rows)


def show_rows(subject: str, found: Listing, rows: Sequence[Row]) -> None:
    """A table per file."""
    for file, group in groupby(rows, key=lambda row: row.source.rpartition(":")[0]):
        table = new_table(Text(file), "line", "setting", "state", prose="should be")
        for row in group:
            state = Text(row.state, style=STATE_STYLES.get(row.state, ""))
            words = Text(plain(f"{row.what} = {row.value}" if row.what else row.title))
            if row.remark:
                words.append(f"\n{row.remark}", style="yellow")
            table.add_row(row.source.rpartition(":")[2], plain(row.id), state, words)
        show(table)
    shown = f"{len(rows)} of {len(found.rows)}" if len(rows) != len(found.rows) else str(len(rows))
    say(f"{subject}: {shown} settings{', digest ' + found.digest[:12] if found.digest else ''}")


def explain_setting(
    subject: Subject,
    setting: Annotated[str, typer.Argument(metavar="SETTING", help="A setting's id; id[item] is one of a list.")],
    source: Source = SOURCE,
    root: Root = CHECKOUT,
    as_json: Json = False,
) -> None:
    """Explain one setting of a host: its value, who set it where and why, what lost, what decided.

    Exit code 0: explained. 1: the policy, the registry or the host cannot be read, or there is no such setting.
    3: the setting is not for this host; what is shown says why.

    Examples:

      werkplek policy explain dor-ws-0001 screen_lock_timeout

      werkplek policy explain dordrecht/workstation sleep_on_mains --json | jq '.statements[0].change'
    """
    asked = read_subject(subject, source)
    repository = read_policy(root)
    found = explain(repository, asked, setting)
    changes = [last_change(root, statement.file, *statement.lines) for statement in found.statements]
    if as_json:
        print_json({"schema": 1, "for": subject_data(asked), **explanation_data(found, changes)})
    else:
        show_explanation(subject_text(asked), repository, found, changes)
    raise typer.Exit(Exit.FOUND if found.state == NOTHING else Exit.OK)


def explanation_data(found: Explanation, changes: Sequence[Change | None]) -> dict[str, object]:
    """The explanation as JSON values."""
    statements = [
        {
            **asdict(statement),
            "values": [value._asdict() for value in statement.values],
            "source": statement.source,
            "change": asdict(change) if change else None,
        }
        for statement, change in zip(found.statements, changes, strict=True)
    ]
    left_out = {"combination", "host", "statements", "waiver"}
    data = {key: value for key, value in asdict(found).items() if key not in left_out}
    values = [value._asdict() for value in found.values]
    waiver = found.waiver._asdict() if found.waiver else None
    return {**data, "values": values, "statements": statements, "waiver": waiver}


def show_explanation(
    subject: str, repository: Repository, found: Explanation, changes: Sequence[Change | None]
) -> None:
    """Title and value first, then who says what, then why it is asked."""
    console = Console(highlight=False)
    console.print(Text(found.id, style="bold"), Text(f"  {found.title}"), sep="")
    say(subject)
    state = Text(found.state, style=STATE_STYLES.get(found.state, "green" if found.state == "enforced" else "red"))
    say(Text.assemble("State: ", state))
    for value in found.values:
        say(plain(f"  {value.id + ': ' if '[' in value.id else ''}{value.what} = {value.value}"))
    if found.note:
        say(f"Note: {found.note}")
    if found.waiver:
        waiver, verb = found.waiver, "ended on" if found.waiver_ended else "until"
        about = f"{waiver.reason} (asked by {waiver.author}, approved by {waiver.approver})"
        say(Text(f"Waiver {waiver.id} ({found.waiver_source}) {verb} {waiver.end}: {about}", style="yellow"))
    show_statements(found, changes)
    show_why(repository, found)


def show_statements(found: Explanation, changes: Sequence[Change | None]) -> None:
    """Who says what, in layer order."""
    table = new_table(Text("Who says what"), "", "layer", "file", "last change", prose="what")
    for statement, change in zip(found.statements, changes, strict=True):
        style = "green" if statement.role == "winner" else "dim"
        changed = f"{change.commit[:9]} {change.day}\n{change.author}".strip() if change else "not in git"
        table.add_row(
            Text(statement.role or "not here", style=style),
            statement.layer,
            statement.source,
            plain_lines(changed),
            _said(statement),
        )
    show(table)


def _said(statement: Statement) -> Text:
    text = Text(statement.says)
    if statement.reason:
        text.append(f": {plain(statement.reason)}")
    for value in statement.values:
        text.append("\n" + plain(f"{value.id + ': ' if '[' in value.id else ''}{value.value}"))
    if statement.why_not:
        text.append("\n" + plain(statement.why_not), style="yellow")
    return text


def plain_lines(text: str) -> str:
    """A text of several lines without what a terminal would obey."""
    return "\n".join(map(plain, text.split("\n")))


def show_why(repository: Repository, found: Explanation) -> None:
    """Values from documents and registry, controls, and the pages that document the setting."""
    table = new_table(Text("Decided by"), "value of", "from", prose="value")
    for used in found.used:
        table.add_row(used.reference, plain(used.source), plain(used.value))
    show(table)
    for control in found.controls:
        prefix, _, number = control.partition(":")
        measure = repository.catalogue.bio2.get(number) if prefix == "BIO2" else None
        words = f" {measure.label_nl}{' (overheidsmaatregel)' if measure.government else ''}" if measure else ""
        say(f"Control {control}{words}")
    for title, address in found.documents:
        say(f"Documented in {title}: {address}")
