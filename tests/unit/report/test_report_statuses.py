"""Each status is in the report, in both languages, with the reason that came with it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from werkplek.cli.app import app
from werkplek.evidence.ledger import Ledger, place
from werkplek.evidence.records import RunStart
from werkplek.evidence.schema import STATUSES
from werkplek.evidence.writer import RunWriter
from werkplek.report.catalogue import Catalogue
from werkplek.report.html import MARKS, write_report

LABELS = [
    ("failed", "mislukt", "failed"),
    ("noncompliant", "wijkt af", "noncompliant"),
    ("owned_elsewhere", "elders beheerd", "owned elsewhere"),
    ("changed", "hersteld", "changed"),
    ("unsupported", "niet ondersteund", "unsupported"),
    ("waived", "ontheffing", "waived"),
]


@dataclass(frozen=True)
class Reported:
    """A ledger with a run that gave each status once, and its page."""

    ledger: Ledger
    page: str

    def rows(self) -> list[str]:
        """The lines of settings, as HTML."""
        table = self.page[self.page.index('<table class="findings settings"') :]
        return re.findall(r"<tr[^>]*>(.*?)</tr>", table[: table.index("</table>")], re.DOTALL)[1:]


@pytest.fixture
def reported(tmp_path: Path) -> Reported:
    start = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    run = RunStart("run-1", start, "site.yml", False, "all", "j.jansen", "c", "0123", False, "registry.yml")
    writer = RunWriter.start(place(tmp_path / "ledger.sqlite3"), run)
    rows = [
        {"id": f"s_{name}", "status": name, "before": "1", "after": "2", "source": "f.yml:1", "message": f"why {name}"}
        for name in STATUSES
    ]
    answer = {"evidence": json.dumps(rows), "werkplek": {"schema": 1, "municipality": "papendrecht"}, "msg": "as told"}
    writer.host_result("ws-1", answer, failed=True)
    ledger = writer.finish()
    write_report(ledger, ["run-1"], tmp_path / "report.html", "nl", Catalogue())
    return Reported(ledger, (tmp_path / "report.html").read_text())


def test_each_status_but_compliant_has_a_line_worst_first_with_label_sign_and_reason(reported):
    rows = reported.rows()
    assert len(rows) == len(LABELS)
    for row, (status, dutch, english) in zip(rows, LABELS, strict=True):
        assert (
            f'<td><span class="status {status}"><span aria-hidden="true">{MARKS[status]}</span>'
            f' <span class="t" lang="nl">{dutch}</span><span class="t" lang="en">{english}</span></span>'
            f'<span class="message" lang="en">why {status}</span></td>'
        ) in row


def test_each_status_has_a_column_in_the_totals(reported):
    totals = reported.page[reported.page.index('<table class="totals">') :]
    head = totals[: totals.index("</thead>")]
    assert re.findall(r'class="status (\w+)"', head) == list(STATUSES)


def test_signs_and_patterns_tell_statuses_apart_without_colour(reported):
    assert len(set(MARKS.values())) == len(MARKS)
    used = set(re.findall(r'fill="url\(#([\w-]+)\)"', reported.page))
    made = dict(re.findall(r'<pattern id="([\w-]+)"[^>]*>(.*?)</pattern>', reported.page))
    assert used == made.keys() == {f"pattern-{status}" for status, _, _ in LABELS if status != "changed"}
    assert len(set(made.values())) == len(made)


def test_json_has_the_status_its_number_and_its_reason(reported):
    done = CliRunner().invoke(app, ["report", "--ledger", str(reported.ledger.place.file), "--json"])
    (run,) = json.loads(done.output)["runs"]
    assert run["total"]["counts"] == dict.fromkeys(STATUSES, 1)
    told = {line["status"]: line["message"] for line in run["settings"]}
    assert told == {status: f"why {status}" for status, _, _ in LABELS}
