"""A run's summary as plain text."""

from __future__ import annotations

import io
import textwrap
from collections import Counter
from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table

from werkplek.evidence.schema import STATUSES
from werkplek.evidence.summary import RunSummary, Totals

PLAIN = box.Box("    \n    \n -- \n    \n -- \n -- \n    \n    \n", ascii=True)
"""Lines under the header and above the total, nothing else: fits 79 columns."""
UNKNOWN = "(unknown)"
WIDE = {"owned_elsewhere": "owned\nelsewhere"}
NARROW = {
    "unreachable": "un-\nreach-\nable",
    "settings": "set-\ntings",
    "compliant": "com-\npliant",
    "changed": "chang-\ned",
    "noncompliant": "non-\ncom-\npliant",
    "owned_elsewhere": "owned\nelse-\nwhere",
    "unsupported": "unsup-\nported",
}
"""Headings where whole words do not fit: every status and the longest municipality fit 79 columns."""
ANY_WIDTH = 1000
EXPLAINED = ("owned_elsewhere", "waived")
"""Statuses whose reason stands under the table: the hosts are not as the policy says, and the run does not fail."""
MOST_REASONS = 10


def run_table(summary: RunSummary, width: int) -> str:
    """The totals per municipality in ASCII, then why settings were left alone; at most `width` columns wide.

    What counts hosts stands left of `settings`, what counts settings right of it.
    """
    whole = rendered(totals_table(summary, narrow=False), ANY_WIDTH)
    fits = max(map(len, whole.splitlines())) <= width
    totals = whole if fits else rendered(totals_table(summary, narrow=True), width)
    return "\n".join([totals, *reasons(summary, width), last_line(summary)])


def totals_table(summary: RunSummary, *, narrow: bool) -> Table:
    """A row per municipality. Statuses that the run's mode cannot give have a column only when they were given."""
    check_mode, counts = summary.run.check_mode, summary.total.counts
    expected = "noncompliant" if check_mode else "changed"
    shown = [name for name in STATUSES if name in ("compliant", expected, "failed") or counts.of(name)]
    titles = {**(NARROW if narrow else WIDE), **({"noncompliant": "would\nchange"} if check_mode else {})}
    table = Table(box=PLAIN, padding=(0, 0 if narrow else 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("municipality", no_wrap=not narrow, overflow="fold")
    for title in ("hosts", "unreachable", "settings", *shown):
        table.add_column(titles.get(title, title), justify="right", overflow="fold")
    for line in summary.municipalities:
        table.add_row(line.municipality or UNKNOWN, *numbers(line, shown))
    table.add_section()
    table.add_row("total", *numbers(summary.total, shown))
    return table


def numbers(line: Totals, shown: list[str]) -> list[str]:
    """The cells behind a municipality's name."""
    found = [line.hosts, line.unreachable_hosts, line.counts.total, *(line.counts.of(name) for name in shown)]
    return [str(number) for number in found]


def reasons(summary: RunSummary, width: int) -> Iterator[str]:
    """Each setting that was left alone, on how many hosts, and why; wrapped, the first few of them."""
    hosts: Counter[tuple[str, str, str]] = Counter()
    for line in summary.settings:
        if line.status in EXPLAINED:
            hosts[line.status, line.setting, line.message] += len(line.hosts)
    for (status, setting, message), number in list(hosts.items())[:MOST_REASONS]:
        where = f"{number} host{'s' if number > 1 else ''}"
        told = f"{status.replace('_', ' ')}: {setting}, {where}: {message or 'no reason given'}"
        yield from textwrap.wrap(printable(told), width, subsequent_indent="  ", break_on_hyphens=False)
    if len(hosts) > MOST_REASONS:
        yield f"and {len(hosts) - MOST_REASONS} more: werkplek report"


def printable(text: str) -> str:
    """Text that came from a host, without what a terminal would obey."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


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
