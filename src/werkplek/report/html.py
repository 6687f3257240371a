"""Write the report."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from werkplek.evidence.ledger import Ledger
from werkplek.evidence.schema import STATUSES
from werkplek.evidence.summary import Counts, RunSummary, run_summary
from werkplek.files import ROOT, write_atomic
from werkplek.report.catalogue import Catalogue, checkout_catalogue
from werkplek.report.chart import segments
from werkplek.report.words import both, word

MOST_LINES = 2000
"""Result lines per run in the page; `werkplek report --json` gives all."""
FIRST_LINES = 50
"""Result lines of a run that show at once; the others open on request, and are there for the filter and in print."""
FIRST_HOSTS = 6
"""Hosts that a line names at once; where there are more, it shows their number and names them on request."""
MOST_HOSTS = 200
"""Host names that a line holds."""
MARKS = {
    "compliant": "✓",
    "changed": "↻",
    "noncompliant": "≠",
    "failed": "✗",
    "waived": "§",
    "owned_elsewhere": "⇄",
    "unsupported": "○",
    "unreachable": "⊘",
}
"""A sign beside each status, so that colour is never the only difference."""


def write_report(
    ledger: Ledger, runs: Sequence[str], path: Path, lang: str = "nl", catalogue: Catalogue | None = None
) -> None:
    """Write the runs with these ids, in this order, as one HTML file (mode 0600) that needs no other file.

    The page holds Dutch and English; `lang` (`nl` or `en`) is the one it opens with. Without a `catalogue`, titles,
    controls and municipalities' names come from this checkout. Raises WerkplekError for a run that is not in the
    ledger.
    """
    summaries = [run_summary(ledger, run) for run in runs]
    write_atomic(path, page(summaries, lang, catalogue or checkout_catalogue(ROOT), datetime.now(UTC)))


def page(summaries: Sequence[RunSummary], lang: str, catalogue: Catalogue, made_at: datetime) -> str:
    """The page's text."""
    environment = Environment(
        loader=PackageLoader("werkplek.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(t=both, word=word, segments=segments, marks=MARKS, statuses=STATUSES, shown=shown)
    environment.filters.update(moment=moment, grouped=grouped, breakable=breakable)
    script = environment.loader.get_source(environment, "report.js")[0] if environment.loader else ""
    return environment.get_template("report.html.j2").render(
        summaries=summaries,
        lang=lang,
        catalogue=catalogue,
        made_at=made_at,
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        most_lines=MOST_LINES,
        first_lines=FIRST_LINES,
        first_hosts=FIRST_HOSTS,
        most_hosts=MOST_HOSTS,
    )


def shown(counts: Counts) -> list[str]:
    """Statuses that get a column: the usual ones, and rarer ones where there are any."""
    usual = ("compliant", "changed", "noncompliant", "failed")
    return [status for status in STATUSES if status in usual or counts.of(status)]


def grouped(number: int) -> str:
    """A number with a narrow space between thousands, which reads the same in both languages (ISO 80000-1, 7.3.1)."""
    return f"{number:,}".replace(",", "\u202f")


def breakable(text: str) -> Markup:
    """A path or an identifier that may go to the next line after each of its parts."""
    written = escape(text)
    for mark in "/_[":
        written = written.replace(mark, mark + Markup("<wbr>"))
    return written


def moment(value: datetime) -> str:
    """A moment for readers, in UTC to the second."""
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
