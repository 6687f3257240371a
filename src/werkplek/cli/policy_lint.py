"""`werkplek policy lint`: checks on the desired state, before it reaches a host."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from werkplek.cli.inventory_tables import plain
from werkplek.cli.policy_text import print_json, put, working
from werkplek.cli.policy_waivers import standing_text
from werkplek.errors import Exit, Problem, WerkplekError
from werkplek.files import ROOT
from werkplek.policy.exceptions import ENDED, WaiverStanding, expiring, standings
from werkplek.policy.loader import load_repository, today_utc
from werkplek.policy.model import CLASSES

SOON = 30  # days in which a waiver can still be renewed, or its settings mended


@dataclass(frozen=True)
class Report:
    """Outcome for one repository: problems, or the number of settings per municipality and class.

    `waivers` are those that have ended or end within `SOON` days; none are known where there are problems.
    """

    root: str
    problems: tuple[Problem, ...]
    counts: dict[str, dict[str, int]]
    summary: str = ""
    waivers: tuple[WaiverStanding, ...] = ()


def lint(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH", help="Folders that hold policies/ and municipalities/.", show_default="this checkout"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")] = False,
) -> None:
    """Check all policies, documents and waivers for every municipality. Exit code 0 when all is well, 1 when not.

    Waivers that have ended, and those that end within 30 days, are told too; they are no problem.

    Examples:

      werkplek policy lint

      werkplek policy lint --json | jq '.repositories[].problems'
    """
    with working("Checking the policy"):
        reports = [check(root) for root in paths or [ROOT]]
    if as_json:
        print_json(as_data(reports))
    else:
        for report in reports:
            show(report)
    raise typer.Exit(Exit.FAILED if any(report.problems for report in reports) else Exit.OK)


def check(root: Path) -> Report:
    """Check the repository at `root`."""
    try:
        repository = load_repository(root)
    except WerkplekError as error:
        return Report(str(root), error.problems, {}, error.summary)
    counts = {slug: dict.fromkeys(CLASSES, 0) for slug in sorted(repository.municipalities)}
    for (workplace_class, slug), part in repository.parts.items():
        ids = {
            name
            for candidate in part.candidates
            if candidate.text
            for name in candidate.names or (candidate.source.id,)
        }
        counts[slug][workplace_class] = len(ids)
    return Report(str(root), (), counts, waivers=expiring(standings(repository, today_utc()), SOON))


def as_data(reports: Sequence[Report]) -> dict[str, object]:
    """The reports as JSON values."""
    repositories = [
        {
            "root": report.root,
            "counts": report.counts,
            "problems": [asdict(problem) for problem in report.problems],
            "waivers": None if report.problems else _waivers(report.waivers),
        }
        for report in reports
    ]
    return {"schema": 1, "ok": not any(report.problems for report in reports), "repositories": repositories}


def _waivers(found: Sequence[WaiverStanding]) -> dict[str, list[dict[str, object]]]:
    data = [
        (one.state, {"id": one.entry.id, "until": one.entry.until, "days_left": one.days_left, "source": one.source})
        for one in found
    ]
    return {
        "ended": [waiver for state, waiver in data if state == ENDED],
        "ending": [waiver for state, waiver in data if state != ENDED],
    }


def show(report: Report) -> None:
    """Print the report for people."""
    console = Console(highlight=False, soft_wrap=True)
    if report.problems:
        console.print(plain(report.summary), style="bold red", markup=False)
        for problem in report.problems:
            console.print(f"  {plain(str(problem))}", markup=False)
        return
    table = Table("Municipality", title=f"Settings that can apply, {report.root}")
    for workplace_class in CLASSES:
        table.add_column(workplace_class, justify="right")
    for slug, counts in report.counts.items():
        table.add_row(slug, *(str(counts[workplace_class]) for workplace_class in CLASSES))
    console.print(table)
    for waiver in report.waivers:
        put(f"{waiver.source}: waiver {waiver.entry.id}: {standing_text(waiver)}.")
