"""Whatever a host answers, the ledger gives it back, by way of the spool too."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from werkplek.evidence.ledger import memory_ledger, open_ledger, place
from werkplek.evidence.records import HostRecord, RunStart, SettingRow, host_of, text, to_line
from werkplek.evidence.schema import HOST_OUTCOMES, STATUSES
from werkplek.evidence.spool import Spooled, store_spool
from werkplek.evidence.summary import Counts, run_summary

RUN = RunStart("r", datetime(2026, 11, 23, tzinfo=UTC), "p", False, "s", "u", "c", "k", None, "i")

texts = st.text(max_size=12).map(text)
rows = st.builds(SettingRow, st.sampled_from("abcdefgh"), texts, st.sampled_from(STATUSES), texts, texts, texts)
answers = st.lists(rows, max_size=8, unique_by=lambda row: row.name).map(tuple)
records = st.builds(
    HostRecord,
    host=st.sampled_from(["ws-1", "ws-2", "ws-3"]),
    municipality=st.just("papendrecht"),
    workplace_class=st.just("workstation"),
    ring=texts,
    policy_digest=texts,
    check_mode=st.booleans(),
    outcome=st.sampled_from(HOST_OUTCOMES),
    object_url=texts,
    observed_at=st.datetimes(timezones=st.just(UTC)),
    message=texts,
    rows=answers,
)


@given(records)
def test_a_spooled_line_gives_the_record_back(record: HostRecord):
    line = to_line("host", record, sequence=7)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert host_of(json.loads(line)) == record


@given(st.text())
def test_text_is_always_storable_and_text_of_text_is_itself(value: str):
    assert "\0" not in text(value)
    assert text(text(value)) == text(value)
    text(value).encode()


@settings(max_examples=60, deadline=None)
@given(st.lists(records, max_size=8))
def test_the_summary_counts_each_setting_of_each_host_once_with_its_worst_status(answered: list[HostRecord]):
    ledger = memory_ledger()
    spooled = Spooled(RUN, tuple(enumerate(answered, start=1)), None, torn=False)
    store_spool(ledger, spooled)
    store_spool(ledger, spooled)
    order = ("failed", "noncompliant", "owned_elsewhere", "changed", "unsupported", "waived", "compliant")
    seen = sorted((record.host, row.name, order.index(row.status)) for record in answered for row in record.rows)
    worst = Counter(order[next(group)[2]] for _, group in groupby(seen, key=lambda item: item[:2]))
    summary = run_summary(ledger, "r")
    assert summary.total.counts == Counts(**worst)
    assert summary.total.hosts == len({record.host for record in answered})
    named = Counter(line.status for line in summary.settings for _ in line.hosts)
    assert named == Counter({status: number for status, number in worst.items() if status != "compliant"})
    assert run_summary(ledger, "r", lines=False).total == summary.total


@settings(max_examples=15, deadline=None)
@given(st.lists(records, min_size=1, max_size=4))
def test_a_file_gives_back_what_was_stored(answered: list[HostRecord]):
    with TemporaryDirectory() as folder:
        ledger = open_ledger(place(Path(folder) / "ledger.sqlite3"))
        store_spool(ledger, Spooled(RUN, tuple(enumerate(answered, start=1)), None, torn=False))
        query = """
            SELECT rh.sequence, s.name, s.source, r.status, r.before, r.after, r.message FROM run_host rh
            JOIN result_set_row USING (result_set_id) JOIN result r ON r.id = result_id
            JOIN setting s ON s.id = r.setting_id ORDER BY rh.sequence, s.name
        """
        with ledger.read() as connection:
            stored = [tuple(row) for row in connection.exec_driver_sql(query)]
    wanted = [(number, *row) for number, record in enumerate(answered, start=1) for row in sorted(record.rows)]
    assert stored == wanted
