"""`werkplek demo`: the main job on an embedded estate, with progress while it works."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from werkplek.demo.interrupt import interruptible
from werkplek.demo.story import Ending, perform
from werkplek.evidence.summary import RunSummary
from werkplek.files import state_dir

CAPTION = "A result is one setting on one host. The columns of the runs count what changed."


class Narrator:
    """Shows chapters as bars on a terminal, and as plain lines elsewhere; always on standard error."""

    def __init__(self, console: Console, progress: Progress) -> None:
        self.console, self.progress = console, progress
        self.task: TaskID | None = None
        self.total = 0
        self.done = 0

    def chapter(self, title: str, hosts: int = 0) -> None:
        """Finish the chapter before, begin this one."""
        self.close()
        self.done, self.total = 0, hosts
        self.task = self.progress.add_task(title, total=hosts or None)
        if not self.console.is_terminal:
            self.console.print(f"· {title}")

    def host(self, name: str, outcome: str) -> None:
        """One host further."""
        self.done += 1
        if self.task is not None:
            self.progress.update(self.task, completed=self.done)
        if outcome != "ok":
            self.progress.console.print(f"  {name}: {outcome}")

    def remark(self, text: str) -> None:
        """A line under the chapter."""
        self.progress.console.print(f"  {text}", soft_wrap=True)

    def close(self) -> None:
        """End the chapter that is open."""
        if self.task is not None:
            self.progress.update(self.task, total=self.total or 1, completed=self.total or 1)


@contextmanager
def narrated() -> Iterator[Narrator]:
    """A narrator whose bars live as long as the context."""
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(finished_text="[green]✓"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=12),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        narrator = Narrator(console, progress)
        yield narrator
        narrator.close()


def table(ending: Ending) -> Table:
    """Municipalities against runs."""
    shown = Table(title="Results per municipality", caption=CAPTION, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    shown.add_column("municipality", no_wrap=True)
    for name in ("hosts", "results", "1st run", "2nd run", "drift", "mended", "failed"):
        shown.add_column(name, justify="right")
    for first, second, drift, repair in zip(
        (*ending.first.municipalities, ending.first.total),
        (*ending.second.municipalities, ending.second.total),
        (*ending.drift.municipalities, ending.drift.total),
        (*ending.repair.municipalities, ending.repair.total),
        strict=True,
    ):
        shown.add_row(
            first.municipality or "[bold]all",
            *map(str, (first.hosts, first.counts.total, first.counts.changed, second.counts.changed)),
            *map(str, (drift.counts.noncompliant, repair.counts.changed, first.counts.failed)),
        )
    return shown


def as_json(ending: Ending) -> dict[str, Any]:
    """The object of `--json`: `settings` counts distinct settings, the other numbers count results per host."""

    def count(summary: RunSummary, *statuses: str) -> dict[str, int]:
        return {status: summary.total.counts.of(status) for status in statuses}

    return {
        "hosts": ending.first.total.hosts,
        "municipalities": len(ending.first.municipalities),
        "settings": ending.settings,
        "first_run": count(ending.first, "changed", "failed"),
        "second_run": count(ending.second, "changed"),
        "drift": {"found": ending.drift.total.counts.noncompliant, "repaired": ending.repair.total.counts.changed},
        "report": str(ending.report),
    }


def demo(
    json_output: Annotated[bool, typer.Option("--json", help="End standard output with one JSON object.")] = False,
) -> None:
    """Run the main job on an embedded estate: enforce, drift, find, mend, report. Needs no Windows and no NetBox.

    It brings a lab up on loopback, enforces the policy twice, breaks a setting of each kind behind Ansible's back,
    shows that a drift run finds exactly those and a repair run mends exactly those, and takes the lab down.

    Examples:

      ./werkplek demo

      ./werkplek demo --json | tail -n 1
    """
    with interruptible(), narrated() as narrator:
        ending = perform(state_dir() / "demo", narrator)
    if json_output:
        typer.echo(json.dumps(as_json(ending)))
        return
    console = Console()
    console.print(table(ending))
    console.print(f"Report: {ending.report}", soft_wrap=True)
