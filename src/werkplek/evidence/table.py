"""A run's summary as plain text."""

from __future__ import annotations

import io

from rich import box
from rich.console import Console
from rich.table import Table

from werkplek.evidence.summary import RunSummary, Totals

PLAIN = box.Box("    \n    \n -- \n    \n -- \n -- \n    \n    \n", ascii=True)
"""Lines under the header and above the total, nothing else: fits 79 columns."""
UNKNOWN = "(unknown)"
ORDER = ("compliant", "changed", "noncompliant", "failed", "waived", "owned_elsewhere", "unsupported")
"""Columns; those that a run's mode cannot give appear only when there is something in them."""


def run_table(summary: RunSummary, width: int) -> str:
    """The totals per municipality, at most `width` columns wide, in ASCII.

    What counts hosts stands left of `settings`, what counts settings right of it.
    """
    counts = summary.total.counts
    expected = "noncompliant" if summary.run.check_mode else "changed"
    shown = [name for name in ORDER if name in ("compliant", expected, "failed") or counts.of(name)]
    titles = {
        "noncompliant": "would\nchange" if summary.run.check_mode else "noncompliant",
        "owned_elsewhere": "owned\nelsewhere",
    }
    table = Table(box=PLAIN, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("municipality", no_wrap=True, overflow="fold")
    for title in ("hosts", "unreachable", "settings", *(titles.get(name, name) for name in shown)):
        table.add_column(title, justify="right", overflow="fold")
    for line in summary.municipalities:
        table.add_row(line.municipality or UNKNOWN, *numbers(line, shown))
    table.add_section()
    table.add_row("total", *numbers(summary.total, shown))
    return f"{rendered(table, width)}\n{last_line(summary)}"


def numbers(line: Totals, shown: list[str]) -> list[str]:
    """The cells behind a municipality's name."""
    found = [line.hosts, line.unreachable_hosts, line.counts.total, *(line.counts.of(name) for name in shown)]
    return [str(number) for number in found]


def last_line(summary: RunSummary) -> str:
    """Which run this is, and hosts that failed."""
    failed = summary.total.failed_hosts
    hosts = f", {failed} host{'s' if failed > 1 else ''} failed" if failed else ""
    mode = " (check mode: nothing was changed)" if summary.run.check_mode else ""
    return f"run {summary.run.id}: {summary.run.outcome or 'unfinished'}{hosts}{mode}"


def rendered(table: Table, width: int) -> str:
    """A Rich table as text without colours."""
    stream = io.StringIO()
    Console(file=stream, width=width, color_system=None, force_terminal=False, legacy_windows=False).print(table)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines())
