"""`werkplek report`: what the ledger says, as a page for readers or as JSON for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from werkplek.errors import Problem, WerkplekError
from werkplek.evidence.ledger import Ledger, open_ledger
from werkplek.evidence.summary import RunInfo, latest_runs, run_summary
from werkplek.report.html import write_report


class Language(StrEnum):
    """Languages a report opens with."""

    NL = "nl"
    EN = "en"


def report(
    runs: Annotated[int, typer.Option("--runs", min=1, help="How many of the latest runs to show.")] = 1,
    out: Annotated[Path, typer.Option("--out", help="The HTML file to write.")] = Path("werkplek-report.html"),
    lang: Annotated[Language, typer.Option("--lang", help="The language that the page opens with.")] = Language.NL,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON with every result line instead.")] = False,
    ledger: Annotated[
        str | None, typer.Option("--ledger", help="File or DSN of the ledger. Default: $WERKPLEK_LEDGER.")
    ] = None,
) -> None:
    """Show the latest runs: totals per municipality, and each setting that is not plainly compliant, with the reason.

    Examples:

      werkplek report

      werkplek report --runs 5 --lang en --out week.html

      werkplek report --json | jq '.runs[0].total'
    """
    opened = open_ledger(ledger, warn=lambda line: typer.echo(line, err=True))
    chosen = newest(opened, runs)
    if as_json:
        typer.echo(as_text(opened, chosen))
        return
    write_report(opened, [run.id for run in chosen], out, lang.value)
    typer.echo(str(out.absolute()))


def newest(ledger: Ledger, number: int) -> list[RunInfo]:
    """The newest runs, oldest of them first. Raises WerkplekError for an empty ledger."""
    found = list(reversed(latest_runs(ledger, number)))
    if not found:
        problem = Problem(str(ledger.place), "no run", "at least one", "Run a playbook first, or name another ledger.")
        raise WerkplekError("There is nothing to report.", [problem])
    return found


def as_text(ledger: Ledger, runs: list[RunInfo]) -> str:
    """The runs' summaries as one JSON text."""
    summaries = [asdict(run_summary(ledger, run.id)) for run in runs]
    return json.dumps({"schema": 1, "runs": summaries}, default=datetime.isoformat, ensure_ascii=False, indent=2)
