from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from werkplek.evidence.ledger import open_ledger
from werkplek.evidence.origin import Revision, person, revision
from werkplek.evidence.recorder import Playbook, Recorder
from werkplek.evidence.summary import latest_runs, run_summary

FACTS = {"municipality": "dordrecht", "workplace_class": "workstation", "ring": "broad", "object_url": ""}


@pytest.fixture
def recorder(at, tmp_path):
    book = Playbook("site.yml", tmp_path, "--limit all", "registry.yml", {}, datetime(2026, 11, 23, tzinfo=UTC))
    return Recorder(at, book, lambda line: None)


def test_a_playbook_without_evidence_stores_and_prints_nothing(at, recorder):
    recorder.task_failed("localhost", "guard", "run_guard", lambda: {})
    assert recorder.finished({"localhost"}, 79) is None
    assert not at.file.exists()


def test_a_task_that_was_rescued_is_no_failure(at, recorder, answer):
    recorder.enforced("ws-1", answer(a="compliant"), failed=False, facts=lambda: FACTS)
    recorder.task_failed("ws-1", "Install printers", "win_package", lambda: FACTS)
    recorder.finished(set(), 79)
    assert latest_runs(open_ledger(at), 1)[0].outcome == "ok"


def test_of_a_failed_task_only_the_name_is_kept(at, recorder, answer):
    recorder.enforced("ws-1", answer(a="compliant"), failed=False, facts=lambda: FACTS)
    recorder.task_failed("ws-1", "Install printers", "win_package", lambda: FACTS)
    recorder.finished({"ws-1"}, 79)
    ledger = open_ledger(at)
    summary = run_summary(ledger, latest_runs(ledger, 1)[0].id)
    assert [(line.host, line.outcome, line.message) for line in summary.hosts] == [
        ("ws-1", "failed", "task 'Install printers' (win_package) failed")
    ]


def test_a_policy_that_could_not_be_resolved_is_a_failed_host_with_its_reason(at, recorder):
    recorder.enforced("ws-1", {"msg": "The host did not come from the registry."}, failed=True, facts=lambda: FACTS)
    recorder.finished({"ws-1"}, 79)
    ledger = open_ledger(at)
    (line,) = run_summary(ledger, latest_runs(ledger, 1)[0].id).hosts
    assert (line.municipality, line.message) == ("dordrecht", "The host did not come from the registry.")


def test_a_host_that_merely_differs_is_drift_and_no_failed_host(at, recorder, answer):
    recorder.play_started(check_mode=True)
    told = answer(a="compliant", b="noncompliant", check_mode=True)
    recorder.enforced("ws-1", told, failed=True, facts=lambda: FACTS)
    recorder.enforced("ws-2", answer(a="compliant", b="compliant", check_mode=True), failed=False, facts=lambda: FACTS)
    table = recorder.finished({"ws-1"}, 79)
    ledger = open_ledger(at)
    summary = run_summary(ledger, latest_runs(ledger, 1)[0].id)
    assert (summary.run.outcome, summary.run.check_mode) == ("drift", True)
    assert (summary.total.failed_hosts, summary.total.counts.noncompliant, summary.hosts) == (0, 1, ())
    assert table is not None
    assert table.endswith(f"run {summary.run.id}: drift (check mode: nothing was changed)")


def test_a_host_with_what_is_owned_elsewhere_neither_drifted_nor_failed_and_the_table_says_why(
    at, recorder, answer, explained
):
    recorder.play_started(check_mode=True)
    told = explained(answer(a="compliant", b="owned_elsewhere", check_mode=True), b="group policy sets 1")
    recorder.enforced("ws-1", told, failed=False, facts=lambda: FACTS)
    table = recorder.finished(set(), 79)
    ledger = open_ledger(at)
    summary = run_summary(ledger, latest_runs(ledger, 1)[0].id)
    assert (summary.run.outcome, summary.total.failed_hosts, summary.hosts) == ("ok", 0, ())
    assert table is not None
    assert table.splitlines()[-2:] == [
        "owned elsewhere: b, 1 host: group policy sets 1",
        f"run {summary.run.id}: ok (check mode: nothing was changed)",
    ]


def test_a_host_that_differs_and_on_which_a_setting_failed_is_a_failed_host(at, recorder, answer):
    told = answer(a="failed", b="noncompliant", check_mode=True)
    recorder.enforced("ws-1", told, failed=True, facts=lambda: FACTS)
    recorder.finished({"ws-1"}, 79)
    ledger = open_ledger(at)
    summary = run_summary(ledger, latest_runs(ledger, 1)[0].id)
    assert (summary.run.outcome, summary.total.failed_hosts) == ("failed", 1)


def test_every_row_comes_from_the_evidence_not_from_the_settings_shown(at, recorder, answer):
    told = {**answer(a="compliant", b="changed"), "settings": []}
    recorder.enforced("ws-1", told, failed=False, facts=lambda: FACTS)
    recorder.finished(set(), 79)
    ledger = open_ledger(at)
    counts = run_summary(ledger, latest_runs(ledger, 1)[0].id).total.counts
    assert (counts.compliant, counts.changed) == (1, 1)


def test_a_run_is_a_check_as_the_play_of_its_first_evidence_is(at, recorder, answer):
    recorder.play_started(check_mode=False)
    recorder.play_started(check_mode=True)
    recorder.enforced("ws-1", answer(a="compliant", check_mode=True), failed=False, facts=lambda: FACTS)
    recorder.finished(set(), 79)
    assert latest_runs(open_ledger(at), 1)[0].check_mode


def test_a_result_outside_the_contract_warns_and_counts_as_failed(at, recorder):
    warned: list[str] = []
    recorder.warn = warned.append
    recorder.enforced("ws-1", {"evidence": "[]"}, failed=False, facts=lambda: FACTS)
    recorder.finished(set(), 79)
    assert latest_runs(open_ledger(at), 1)[0].outcome == "failed"
    assert warned[0].startswith("A result cannot be recorded.\n  host ws-1: found no werkplek.schema 1;")


def test_of_a_connection_error_the_first_line_is_kept(at, recorder):
    recorder.unreachable("ws-1", "no route to host\nTraceback (most recent call last)", lambda: FACTS)
    recorder.finished(set(), 79)
    ledger = open_ledger(at)
    assert run_summary(ledger, latest_runs(ledger, 1)[0].id).hosts[0].message == "no route to host"


def test_who_is_the_person_behind_sudo_or_awx(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LOGNAME", "root")
    monkeypatch.setenv("SUDO_USER", "j.jansen")
    assert person({}) == "j.jansen (as root)"
    assert person({"awx_user_name": "p.bakker", "awx_job_id": 41}) == "p.bakker (AWX job 41, as root)"
    monkeypatch.delenv("SUDO_USER")
    assert person({}) == "root"


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.nl", "-c", "commit.gpgsign=false"]
    return subprocess.run(
        ["git", "-C", str(folder), *identity, *words], check=True, capture_output=True, text=True
    ).stdout.strip()


def test_revision_of_a_checkout_and_whether_it_is_dirty(tmp_path: Path):
    assert revision(tmp_path, {"awx_project_revision": "abc"}) == Revision("abc", None)
    git(tmp_path, "init", "-q")
    (tmp_path / "site.yml").write_text("[]")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    head = git(tmp_path, "rev-parse", "HEAD")
    assert revision(tmp_path, {}) == Revision(head, False)
    (tmp_path / "site.yml").write_text("[1]")
    assert revision(tmp_path, {}) == Revision(head, True)
