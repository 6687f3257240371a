"""Evidence of runs over the lab: what a row answers, and that neither a host nor a ledger that is gone stops a run."""

from __future__ import annotations

import platform
import sqlite3
import textwrap
from datetime import UTC, datetime

import pytest

from werkplek.evidence.ledger import open_ledger
from werkplek.evidence.origin import revision
from werkplek.evidence.summary import latest_runs, run_summary
from werkplek.files import ROOT
from werkplek.lab.status import LabFiles
from werkplek.lab.windows_faults import Fault

SITE = "playbooks/site.yml"
DRIFT = "playbooks/drift.yml"
HOST = "PAP-LT-0001"
SILENT = "SLD-LT-0001"
CLOSED = "SLD-LT-0002"


@pytest.fixture(scope="module")
def factory_fresh(estate):
    """Nothing has run on the lab's hosts yet; the tests below depend on their order in this file."""
    return estate


def table(played):
    """The table and what is under it, without the banner."""
    return played.text[played.text.index("EVIDENCE") :].partition("\n")[2].strip("\n").partition("\n\n")[0]


def test_a_drift_run_says_that_it_only_compared(factory_fresh, play):
    played = play(DRIFT, "--limit", HOST)
    assert played.rc == 2, played.text
    run, total = played.summary.run, played.summary.total
    assert (run.check_mode, run.outcome, total.failed_hosts) == (True, "drift", 0)
    assert total.counts.noncompliant > 300
    assert played.text.count(f"run {run.id}: drift (check mode: nothing was changed)") == 1


def test_a_row_answers_who_what_when_from_where_the_outcome_and_the_object(play, workplaces, estate, tmp_path):
    before = datetime.now(UTC)
    played = play(SITE, "--limit", HOST, LOGNAME="j.jansen", SUDO_USER="")
    assert played.rc == 0, played.text
    run = played.summary.run
    assert (run.started_by, run.controller) == ("j.jansen", platform.node())
    assert (run.playbook, run.scope, run.inventory) == (SITE, f"--limit {HOST}", str(estate.inventory))
    assert (run.commit_id, run.outcome, run.check_mode) == (revision(ROOT, {}).commit, "ok", False)
    assert run.ended_at is not None
    assert before <= run.started_at <= run.ended_at <= datetime.now(UTC)
    query = """
        SELECT rh.host, rh.outcome, rh.municipality, rh.workplace_class, r.status, r.before, r.after, s.source,
               rh.object_url
        FROM run_host rh JOIN result_set_row USING (result_set_id) JOIN result r ON r.id = result_id
        JOIN setting s ON s.id = r.setting_id WHERE s.name = 'screen_lock_timeout'
    """
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as connection:
        ((*told, source, url),) = connection.execute(query).fetchall()
    key = r"HKLM:\software\microsoft\windows\currentversion\policies\system"
    held = workplaces.dump(HOST)["registry"][key]["InactivityTimeoutSecs"]
    assert told == [HOST, "ok", "papendrecht", "workstation", "changed", "<absent>", held]
    file, _, line = source.partition(":")
    assert (ROOT / file).read_text().splitlines()[int(line) - 1] == "- id: screen_lock_timeout"
    assert url.startswith(f"{estate.netbox_url}dcim/devices/")


def test_the_table_of_a_run_that_found_all_in_order(play):
    played = play(SITE, "--limit", HOST)
    assert played.rc == 0, played.text
    run, settings = played.summary.run, played.summary.total.counts.total
    assert settings > 300
    assert table(played) == textwrap.dedent(f"""\
        municipality  hosts  unreachable  settings  compliant  changed  failed
        ----------------------------------------------------------------------
        papendrecht       1            0  {settings:>8}  {settings:>9}        0       0
        ----------------------------------------------------------------------
        total             1            0  {settings:>8}  {settings:>9}        0       0
        run {run.id}: ok""")


def test_unreachable_hosts_are_recorded_and_counted_and_no_password_is_told(play, workplaces, estate, tmp_path):
    workplaces.set_fault(SILENT, Fault("down"))
    workplaces.set_fault(CLOSED, Fault("unauthorized"))
    played = play(SITE, "--limit", f"{HOST},{SILENT},{CLOSED}", "-vvv")
    assert played.rc == 4, played.text
    summary = played.summary
    assert (summary.run.outcome, summary.total.hosts, summary.total.unreachable_hosts) == ("unreachable", 3, 2)
    assert [(line.host, line.municipality, line.outcome) for line in summary.hosts] == [
        (SILENT, "sliedrecht", "unreachable"),
        (CLOSED, "sliedrecht", "unreachable"),
    ]
    for line in summary.hosts:
        assert line.message
        assert line.object_url.startswith(f"{estate.netbox_url}dcim/devices/")
    assert "sliedrecht        2            2         0" in table(played)
    nowhere(password(estate), played.text, tmp_path / "ledger.sqlite3")


def test_a_ledger_that_cannot_be_written_warns_and_the_next_run_stores_what_was_kept(play, estate, tmp_path):
    place = tmp_path / "elsewhere" / "ledger"
    place.mkdir(parents=True)
    played = play(SITE, "--limit", HOST, "-vvv", WERKPLEK_LEDGER=str(place))
    assert played.rc == 0, played.text
    told = " ".join(played.text.split())
    assert f"THE LEDGER {place} CANNOT BE WRITTEN: " in told
    assert "The run goes on; its evidence is kept in " in told
    (kept,) = (tmp_path / "elsewhere" / "ledger.spool").iterdir()
    assert f"RUN {kept.stem} IS NOT IN THE LEDGER: " in told
    assert f"run {kept.stem}: ok" in table(played)
    nowhere(password(estate), played.text, kept)
    place.rmdir()
    second = play(SITE, "--limit", HOST, WERKPLEK_LEDGER=str(place))
    assert second.rc == 0, second.text
    assert f"Stored 1 spooled host results of run {kept.stem} in {place}." in " ".join(second.text.split())
    ledger = open_ledger(place)
    newer, older = latest_runs(ledger, 9)
    assert (older.id, older.outcome, newer.outcome) == (kept.stem, "ok", "ok")
    assert run_summary(ledger, older.id).total == run_summary(ledger, newer.id).total
    assert list(kept.parent.iterdir()) == []


def password(estate):
    """What the lab's inventory has as ansible_password."""
    text = LabFiles(estate.state).password.read_text().strip()
    assert len(text) >= 8
    return text


def nowhere(secret, output, file):
    """Neither in what was printed nor in what was kept; both are there."""
    assert "EVIDENCE" in output
    assert secret not in output
    kept = file.read_bytes()
    assert HOST.encode() in kept
    assert secret.encode() not in kept
