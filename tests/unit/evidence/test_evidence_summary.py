from __future__ import annotations

import textwrap

import pytest

from werkplek.errors import WerkplekError
from werkplek.evidence.ledger import open_ledger
from werkplek.evidence.summary import Counts, HostLine, SettingLine, latest_runs, run_summary
from werkplek.evidence.table import run_table
from werkplek.evidence.writer import RunWriter

FACTS = {
    "municipality": "hendrik-ido-ambacht",
    "workplace_class": "workstation",
    "ring": "broad",
    "object_url": "https://netbox.example/9/",
}


def filled(at, run, answer):
    writer = RunWriter.start(at, run)
    writer.host_result("pap-1", answer(a="compliant", b="changed", c="failed"), failed=True)
    writer.host_result("pap-2", answer(a="compliant", b="changed", c="compliant"), failed=False)
    writer.host_result("sli-1", answer("sliedrecht", a="compliant", b="waived", c="unsupported"), failed=False)
    writer.unreachable("hen-1", FACTS, "no route to host")
    return writer.finish()


def test_totals_per_municipality_and_in_all(at, make_run, answer):
    summary = run_summary(filled(at, make_run(), answer), "run-1")
    shown = [(t.municipality, t.hosts, t.failed_hosts, t.unreachable_hosts, t.counts) for t in summary.municipalities]
    assert shown == [
        ("hendrik-ido-ambacht", 1, 0, 1, Counts()),
        ("papendrecht", 2, 1, 0, Counts(compliant=3, changed=2, failed=1)),
        ("sliedrecht", 1, 0, 0, Counts(compliant=1, waived=1, unsupported=1)),
    ]
    assert summary.total.counts == Counts(compliant=4, changed=2, failed=1, waived=1, unsupported=1)
    assert (summary.total.hosts, summary.total.counts.total) == (4, 9)


def test_results_that_need_an_eye_come_worst_first_with_their_hosts(at, make_run, answer):
    summary = run_summary(filled(at, make_run(), answer), "run-1")
    assert [(line.status, line.setting, line.hosts) for line in summary.settings] == [
        ("failed", "c", ("pap-1",)),
        ("changed", "b", ("pap-1", "pap-2")),
        ("unsupported", "c", ("sli-1",)),
        ("waived", "b", ("sli-1",)),
    ]
    assert summary.settings[1] == SettingLine(
        setting="b",
        status="changed",
        before="<absent>",
        after="dword:0x00000001",
        source="policies/baseline/lock.yml:3",
        message="",
        hosts=("pap-1", "pap-2"),
        municipalities=("papendrecht",),
    )
    assert summary.hosts == (
        HostLine("hendrik-ido-ambacht", "hen-1", "unreachable", "no route to host", "https://netbox.example/9/"),
        HostLine("papendrecht", "pap-1", "failed", "as told", "https://netbox.example/dcim/devices/5/"),
    )


def test_without_lines_the_numbers_are_the_same(at, make_run, answer):
    ledger = filled(at, make_run(), answer)
    short, long = run_summary(ledger, "run-1", lines=False), run_summary(ledger, "run-1")
    assert short.settings == ()
    assert (short.municipalities, short.total, short.hosts) == (long.municipalities, long.total, long.hosts)


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        ("changed", "compliant", Counts(compliant=1, changed=1)),
        ("changed", "noncompliant", Counts(compliant=1, noncompliant=1)),
        ("failed", "compliant", Counts(compliant=1, failed=1)),
        ("compliant", "compliant", Counts(compliant=2)),
    ],
)
@pytest.mark.parametrize("lines", [True, False])
def test_a_host_that_answers_twice_counts_once_with_its_worst(at, make_run, answer, first, second, counts, lines):
    writer = RunWriter.start(at, make_run())
    writer.host_result("pap-1", answer(a=first, b="compliant"), failed=False)
    writer.host_result("pap-1", answer(a=second, b="compliant", check_mode=True), failed=False)
    summary = run_summary(writer.finish(), "run-1", lines=lines)
    assert (summary.total.hosts, summary.total.counts) == (1, counts)


def test_a_host_that_falls_silent_after_its_settings_keeps_both(at, make_run, answer):
    writer = RunWriter.start(at, make_run())
    writer.host_result("hen-1", answer("hendrik-ido-ambacht", a="changed"), failed=False)
    writer.unreachable("hen-1", {}, "cut off")
    (total,) = run_summary(writer.finish(), "run-1").municipalities
    assert (total.municipality, total.hosts, total.unreachable_hosts, total.counts.changed) == (
        "hendrik-ido-ambacht",
        1,
        1,
        1,
    )


def test_latest_runs_come_newest_first(at, make_run, answer):
    for number in (2, 1, 3):
        RunWriter.start(at, make_run(number)).finish()
    assert [run.id for run in latest_runs(open_ledger(at), 2)] == ["run-3", "run-2"]


def test_an_unknown_run_is_named(at):
    with pytest.raises(WerkplekError) as refusal:
        run_summary(open_ledger(at), "run-9")
    assert str(refusal.value) == f"No such run.\n  {at.file}: found no run run-9; expected the id of a run"


def test_table_of_a_run(at, make_run, answer):
    summary = run_summary(filled(at, make_run(), answer), "run-1", lines=False)
    assert run_table(summary, 100) == textwrap.dedent("""\
        municipality         hosts  unreachable  settings  compliant  changed  failed  waived  unsupported
        --------------------------------------------------------------------------------------------------
        hendrik-ido-ambacht      1            1         0          0        0       0       0            0
        papendrecht              2            0         6          3        2       1       0            0
        sliedrecht               1            0         3          1        0       0       1            1
        --------------------------------------------------------------------------------------------------
        total                    4            1         9          4        2       1       1            1
        run run-1: failed, 1 host failed""")


def test_table_of_a_check_run_says_what_would_change(at, make_run, answer):
    writer = RunWriter.start(at, make_run(check_mode=True))
    writer.host_result("pap-1", answer(a="compliant", b="noncompliant", check_mode=True), failed=False)
    summary = run_summary(writer.finish(), "run-1", lines=False)
    assert run_table(summary, 79).splitlines() == [
        "                                                        would",
        "municipality  hosts  unreachable  settings  compliant  change  failed",
        "---------------------------------------------------------------------",
        "papendrecht       1            0         2          1       1       0",
        "---------------------------------------------------------------------",
        "total             1            0         2          1       1       0",
        "run run-1: drift (check mode: nothing was changed)",
    ]


def test_a_drift_run_that_fails_hosts_that_differ_is_drift(at, make_run, answer):
    writer = RunWriter.start(at, make_run(check_mode=True))
    writer.host_result("pap-1", answer(a="noncompliant", check_mode=True), failed=True)
    summary = run_summary(writer.finish(), "run-1")
    assert (summary.run.outcome, summary.hosts) == ("drift", ())


@pytest.mark.parametrize("width", [60, 79, 120, 200])
def test_the_table_is_ascii_and_keeps_its_width(at, make_run, answer, width):
    summary = run_summary(filled(at, make_run(), answer), "run-1", lines=False)
    lines = run_table(summary, width).splitlines()
    assert max(map(len, lines)) <= width
    assert all(line.isascii() for line in lines)
