from __future__ import annotations

import textwrap

import pytest

from werkplek.errors import WerkplekError
from werkplek.evidence.ledger import open_ledger
from werkplek.evidence.schema import STATUSES
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
        ("noncompliant", "owned_elsewhere", Counts(compliant=1, noncompliant=1)),
        ("changed", "owned_elsewhere", Counts(compliant=1, owned_elsewhere=1)),
        ("owned_elsewhere", "waived", Counts(compliant=1, owned_elsewhere=1)),
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
    summary = run_summary(filled(at, make_run(), answer), "run-1")
    assert run_table(summary, 100) == textwrap.dedent("""\
        municipality         hosts  unreachable  settings  compliant  changed  failed  waived  unsupported
        --------------------------------------------------------------------------------------------------
        hendrik-ido-ambacht      1            1         0          0        0       0       0            0
        papendrecht              2            0         6          3        2       1       0            0
        sliedrecht               1            0         3          1        0       0       1            1
        --------------------------------------------------------------------------------------------------
        total                    4            1         9          4        2       1       1            1
        waived: b, 1 host: no reason given
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
    summary = run_summary(filled(at, make_run(), answer), "run-1")
    lines = run_table(summary, width).splitlines()
    assert max(map(len, lines)) <= width
    assert all(line.isascii() for line in lines)


def test_every_status_and_the_longest_municipality_are_legible_in_79_columns(at, make_run, answer, explained):
    writer = RunWriter.start(at, make_run())
    told = answer("hendrik-ido-ambacht", **{status: status for status in STATUSES})
    waiver = "waiver kiosk until 2027-01-31, approved by p.bakker: visitors have no keyboard"
    owner = "group policy sets dword:0x00000384 (Registry.pol)"
    writer.host_result("hen-1", explained(told, waived=waiver, owned_elsewhere=owner), failed=True)
    assert run_table(run_summary(writer.finish(), "run-1"), 79) == textwrap.dedent("""\
                              un-                       non-               owned
                           reach-  set-   com- chang-   com-               else- unsup-
        municipality hosts   able tings pliant     ed pliant failed waived where ported
        -------------------------------------------------------------------------------
        hendrik-ido-     1      0     7      1      1      1      1      1     1      1
        ambacht
        -------------------------------------------------------------------------------
        total            1      0     7      1      1      1      1      1     1      1
        owned elsewhere: owned_elsewhere, 1 host: group policy sets dword:0x00000384
          (Registry.pol)
        waived: waived, 1 host: waiver kiosk until 2027-01-31, approved by p.bakker:
          visitors have no keyboard
        run run-1: failed, 1 host failed""")


def reasons_of(ledger, width=79):
    return [line for line in run_table(run_summary(ledger, "run-1"), width).splitlines() if ": " in line][:-1]


def test_one_reason_is_told_once_for_all_its_hosts_whatever_was_found_there(at, make_run, answer, explained):
    writer = RunWriter.start(at, make_run())
    for host, message in (("pap-1", "first"), ("pap-2", "first"), ("pap-3", "second")):
        told = explained(answer(a="owned_elsewhere"), a=message)
        writer.host_result(host, {**told, "evidence": told["evidence"].replace("<absent>", host)}, failed=False)
    assert reasons_of(writer.finish()) == [
        "owned elsewhere: a, 2 hosts: first",
        "owned elsewhere: a, 1 host: second",
    ]


def test_beyond_ten_reasons_the_others_are_counted(at, make_run, answer):
    writer = RunWriter.start(at, make_run())
    writer.host_result("pap-1", answer(**{f"s{number:02}": "waived" for number in range(12)}), failed=False)
    told = reasons_of(writer.finish())
    assert (len(told), told[9], told[10]) == (11, "waived: s09, 1 host: no reason given", "and 2 more: werkplek report")


def test_a_message_from_a_host_gives_the_terminal_no_orders(at, make_run, answer, explained):
    writer = RunWriter.start(at, make_run())
    told = explained(answer(a="owned_elsewhere"), a="\x1b[2Jgroup\u202e policy\r\nrun run-1: ok, René")
    writer.host_result("pap-1", told, failed=False)
    assert reasons_of(writer.finish()) == ["owned elsewhere: a, 1 host:  [2Jgroup  policy  run run-1: ok, René"]
