"""`werkplek policy lint`: checks on the desired state, before it reaches a host."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from werkplek.errors import Exit, Problem, WerkplekError
from werkplek.files import ROOT
from werkplek.policy.loader import load_repository
from werkplek.policy.model import CLASSES


@dataclass(frozen=True)
class Report:
    """Outcome for one repository: problems, or the number of settings per municipality and class."""

    root: str
    problems: tuple[Problem, ...]
    counts: dict[str, dict[str, int]]
    summary: str = ""


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

    Examples:

      werkplek policy lint

      werkplek policy lint --json | jq '.repositories[].problems'
    """
    reports = [check(root) for root in paths or [ROOT]]
    if as_json:
        typer.echo(json.dumps(as_data(reports), indent=2, ensure_ascii=False))
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
    return Report(str(root), (), counts)


def as_data(reports: Sequence[Report]) -> dict[str, object]:
    """The reports as JSON values."""
    repositories = [
        {"root": report.root, "counts": report.counts, "problems": [asdict(problem) for problem in report.problems]}
        for report in reports
    ]
    return {"schema": 1, "ok": not any(report.problems for report in reports), "repositories": repositories}


def show(report: Report) -> None:
    """Print the report for people."""
    console = Console(highlight=False, soft_wrap=True)
    if report.problems:
        console.print(report.summary, style="bold red", markup=False)
        for problem in report.problems:
            console.print(f"  {problem}", markup=False)
        return
    table = Table("Municipality", title=f"Settings that can apply, {report.root}")
    for workplace_class in CLASSES:
        table.add_column(workplace_class, justify="right")
    for slug, counts in report.counts.items():
        table.add_row(slug, *(str(counts[workplace_class]) for workplace_class in CLASSES))
    console.print(table)
