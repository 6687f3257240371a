from __future__ import annotations

import json
import multiprocessing
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from werkplek.errors import WerkplekError
from werkplek.evidence import ledger as ledger_module
from werkplek.evidence.ledger import Place, open_ledger, place
from werkplek.evidence.records import RunStart
from werkplek.evidence.schema import Base
from werkplek.evidence.spool import BATCH
from werkplek.evidence.store import RUN_HOST
from werkplek.evidence.summary import latest_runs, run_summary
from werkplek.evidence.writer import RunWriter

FACTS = {"municipality": "dordrecht", "workplace_class": "workstation", "ring": "broad", "object_url": ""}


def counted(at: Place, table: str) -> int:
    with sqlite3.connect(at.file) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def spooled_files(at: Place) -> list[Path]:
    return sorted(at.spool.glob("*.jsonl"))


def test_a_row_answers_who_what_when_where_outcome_and_object(at, make_run, answer):
    writer = RunWriter.start(at, make_run())
    writer.host_result("ws-1", answer(screen_lock="changed"), failed=False)
    ledger = writer.finish()
    query = """
        SELECT run.started_by, setting.name, setting.source, result.status, result.before, result.after,
               run_host.observed_at, run.controller, run_host.outcome, run_host.host, run_host.object_url, run.commit_id
        FROM run_host JOIN run ON run.id = run_host.run_id
        JOIN result_set_row USING (result_set_id)
        JOIN result ON result.id = result_set_row.result_id JOIN setting ON setting.id = result.setting_id
    """
    with ledger.read() as connection:
        (row,) = connection.execute(text(query)).all()
    who, name, source, status, before, after, when, origin, outcome, host, url, commit = row
    assert (who, name, source) == ("j.jansen", "screen_lock", "policies/baseline/lock.yml:3")
    assert (status, before, after) == ("changed", "<absent>", "dword:0x00000001")
    assert (origin, outcome, host, commit) == ("controller-1", "ok", "ws-1", "0123abcd")
    assert url == "https://netbox.example/dcim/devices/5/"
    assert str(when).startswith("20")


def test_equal_results_are_stored_once_however_many_hosts_and_runs(at, make_run, answer):
    for number in (1, 2):
        writer = RunWriter.start(at, make_run(number))
        for host in range(BATCH + 10):
            writer.host_result(f"ws-{host}", answer(a="compliant", b="compliant"), failed=False)
        writer.finish()
    assert counted(at, "run_host") == 2 * (BATCH + 10)
    assert (counted(at, "result_set"), counted(at, "result_set_row"), counted(at, "result")) == (1, 2, 2)


def test_the_order_of_settings_does_not_make_another_set(at, make_run, answer):
    writer = RunWriter.start(at, make_run())
    writer.host_result("ws-1", answer(a="compliant", b="changed"), failed=False)
    writer.host_result("ws-2", answer(b="changed", a="compliant"), failed=False)
    writer.finish()
    assert counted(at, "result_set") == 1


def test_a_batch_is_in_the_ledger_before_the_run_ends(at, make_run, answer):
    writer = RunWriter.start(at, make_run())
    for host in range(BATCH):
        writer.host_result(f"ws-{host}", answer(a="compliant"), failed=False)
    assert counted(at, "run_host") == BATCH
    (unfinished,) = latest_runs(open_ledger(at), 1)
    assert (unfinished.outcome, unfinished.ended_at) == (None, None)
    writer.finish()


def test_nothing_is_left_in_the_spool_after_a_good_run(at, make_run, answer):
    warned: list[str] = []
    writer = RunWriter.start(at, make_run(), warned.append)
    writer.host_result("ws-1", answer(a="compliant"), failed=False)
    (file,) = spooled_files(at)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    writer.finish()
    assert spooled_files(at) == []
    assert warned == []


@pytest.mark.parametrize(
    ("statuses", "reached", "outcome"),
    [
        (["compliant", "changed"], True, "ok"),
        (["owned_elsewhere", "waived"], True, "ok"),
        (["owned_elsewhere", "noncompliant"], True, "drift"),
        (["noncompliant"], True, "drift"),
        (["noncompliant"], False, "unreachable"),
        (["failed", "noncompliant"], False, "failed"),
    ],
)
def test_outcome_of_a_run_is_the_worst_of_its_hosts(at, make_run, answer, statuses, reached, outcome):
    writer = RunWriter.start(at, make_run())
    for number, status in enumerate(statuses):
        writer.host_result(f"ws-{number}", answer(a=status), failed=status == "failed")
    if not reached:
        writer.unreachable("ws-9", FACTS, "no route to host")
    assert latest_runs(writer.finish(), 1)[0].outcome == outcome


def test_a_locked_ledger_stops_nothing_and_its_rows_join_at_the_next_open(at, make_run, answer, monkeypatch):
    monkeypatch.setattr(ledger_module, "BUSY_SECONDS", 0.05)
    open_ledger(at)
    other = sqlite3.connect(at.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    warned: list[str] = []
    writer = RunWriter.start(at, make_run(), warned.append)
    writer.host_result("ws-1", answer(a="changed"), failed=False)
    writer.unreachable("ws-2", FACTS, "no route to host")
    summary = run_summary(writer.finish(), "run-1")
    assert (summary.total.hosts, summary.total.unreachable_hosts, summary.run.outcome) == (2, 1, "unreachable")
    (file,) = spooled_files(at)
    assert warned == [
        f"THE LEDGER {at.file} CANNOT BE WRITTEN: database is locked. The run goes on; its evidence is kept in {file}.",
        f"RUN run-1 IS NOT IN THE LEDGER: database is locked. Its evidence is in {file} and will be stored when the"
        " ledger is opened next.",
    ]
    other.execute("ROLLBACK")
    assert counted(at, "run_host") == 0
    joined: list[str] = []
    assert run_summary(open_ledger(at, joined.append), "run-1") == summary
    assert joined == [f"Stored 2 spooled host results of run run-1 in {at.file}."]
    assert spooled_files(at) == []


def test_a_ledger_that_is_free_again_at_the_end_gets_the_whole_run(at, make_run, answer, monkeypatch):
    monkeypatch.setattr(ledger_module, "BUSY_SECONDS", 0.05)
    open_ledger(at)
    other = sqlite3.connect(at.file, isolation_level=None)
    warned: list[str] = []
    writer = RunWriter.start(at, make_run(), warned.append)
    for host in range(BATCH + 1):
        writer.host_result(f"ws-{host}", answer(a="changed"), failed=False)
        other.execute("BEGIN IMMEDIATE" if host == 3 else "SELECT 1")
    other.execute("ROLLBACK")
    writer.finish()
    assert counted(at, "run_host") == BATCH + 1
    assert spooled_files(at) == []
    assert warned[-1] == f"The ledger {at.file} can be written again: run run-1 is stored in it."


def test_a_full_disk_stops_nothing_and_loses_nothing(at, make_run, answer, monkeypatch):
    pages = open_ledger(at).engine.connect().execute(text("PRAGMA page_count")).scalar_one()
    monkeypatch.setattr(ledger_module, "PRAGMAS", ("foreign_keys = ON", f"max_page_count = {pages}"))
    warned: list[str] = []
    settings = {f"setting_{number}": "changed" for number in range(400)}
    writer = RunWriter.start(at, make_run(), warned.append)
    writer.host_result("ws-1", answer(**settings), failed=False)
    assert run_summary(writer.finish(), "run-1").total.counts.changed == 400
    assert warned[0].startswith(f"THE LEDGER {at.file} CANNOT BE WRITTEN: database or disk is full.")
    monkeypatch.undo()
    assert run_summary(open_ledger(at), "run-1").total.counts.changed == 400


def test_a_broken_ledger_file_stops_nothing(tmp_path, make_run, answer):
    file = tmp_path / "ledger.sqlite3"
    file.write_bytes(b"no database" * 100)
    warned: list[str] = []
    writer = RunWriter.start(place(file), make_run(), warned.append)
    writer.host_result("ws-1", answer(a="changed"), failed=False)
    assert run_summary(writer.finish(), "run-1").total.counts.changed == 1
    assert len(spooled_files(place(file))) == 1
    assert "file is not a database" in warned[0]


def test_without_spool_and_ledger_the_loss_is_named(tmp_path, make_run, answer):
    blocked = tmp_path / "file"
    blocked.write_text("a file where a folder should be")
    warned: list[str] = []
    writer = RunWriter.start(place(blocked / "ledger.sqlite3"), make_run(), warned.append)
    writer.host_result("ws-1", answer(a="changed"), failed=False)
    assert run_summary(writer.finish(), "run-1").total.counts.changed == 1
    assert warned[-1] == "EVIDENCE IS LOST for 1 host results (ws-1): repeat the run for them."


def test_without_spool_the_ledger_still_gets_everything(at, make_run, answer):
    at.spool.write_text("a file where the folder should be")
    warned: list[str] = []
    writer = RunWriter.start(at, make_run(), warned.append)
    for host in range(BATCH + 1):
        writer.host_result(f"ws-{host}", answer(a="changed"), failed=False)
    assert run_summary(writer.finish(), "run-1").total.hosts == BATCH + 1
    assert counted(at, "run_host") == BATCH + 1
    assert [line.partition(":")[0] for line in warned] == [f"Evidence cannot be spooled in {at.spool}"]


def test_joining_a_spool_twice_changes_nothing(at, make_run, answer):
    writer = RunWriter.start(at, make_run())
    writer.host_result("ws-1", answer(a="changed"), failed=False)
    copy = spooled_files(at)[0].read_bytes()
    writer.finish()
    with sqlite3.connect(at.file) as connection:
        before = list(connection.iterdump())
    (at.spool / "run-1.jsonl").write_bytes(copy)
    open_ledger(at)
    with sqlite3.connect(at.file) as connection:
        assert list(connection.iterdump()) == before


def test_a_running_writers_spool_is_left_alone(at, make_run, answer):
    writer = RunWriter.start(at, make_run())
    writer.host_result("ws-1", answer(a="changed"), failed=False)
    warned: list[str] = []
    open_ledger(at, warned.append)
    assert len(spooled_files(at)) == 1
    assert warned == []
    assert writer.finish().place == at


def test_a_damaged_spool_is_kept_and_named(at):
    open_ledger(at)
    at.spool.mkdir()
    file = at.spool / "old.jsonl"
    file.write_text('{"kind": "run", "format": 99}\n')
    warned: list[str] = []
    open_ledger(at, warned.append)
    assert warned == [
        f"Rows in {file} could not be stored in the ledger and stay there: a line of kind 'run', format 99"
    ]
    assert file.exists()


KILLED = """
    import json, os, signal, sys
    from datetime import UTC, datetime
    from werkplek.evidence.ledger import place
    from werkplek.evidence.records import RunStart
    from werkplek.evidence.writer import RunWriter

    run = RunStart("killed", datetime.now(UTC), "p", False, "s", "u", "c", "k", None, "i")
    writer = RunWriter.start(place(sys.argv[1]), run)
    context = {"schema": 1, "municipality": "sliedrecht"}
    for number in range(73):
        row = {"id": "a", "status": "changed", "before": str(number), "after": "x", "source": "f:1"}
        writer.host_result(f"ws-{number}", {"werkplek": context, "evidence": json.dumps([row])}, failed=False)
    os.write(writer.spool.handle, b'{"kind":"host","seq')
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_run_leaves_a_readable_ledger_and_loses_no_host(at):
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED), str(at.file)], check=False)
    assert done.returncode == -signal.SIGKILL
    with sqlite3.connect(at.file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert counted(at, "run_host") == BATCH
    warned: list[str] = []
    summary = run_summary(open_ledger(at, warned.append), "killed")
    assert (summary.total.hosts, summary.total.counts.changed, summary.run.outcome) == (73, 73, None)
    assert warned == [f"Stored 73 spooled host results of run killed in {at.file}; its last line was cut off."]


def write_many(job: tuple[Path, int]) -> str:
    file, number = job
    run = RunStart(f"run-{number}", datetime.now(UTC), "p", False, "s", "u", "c", "k", None, "i")
    warned: list[str] = []
    writer = RunWriter.start(place(file), run, warned.append)
    for host in range(3 * BATCH):
        rows = [
            {"id": f"s{k}", "status": "changed", "before": str(host % 7), "after": "1", "source": "f:1"}
            for k in range(20)
        ]
        context = {"schema": 1, "municipality": "sliedrecht"}
        writer.host_result(f"ws-{host}", {"werkplek": context, "evidence": json.dumps(rows)}, failed=False)
    writer.finish()
    return "; ".join(warned)


def test_two_processes_write_at_once(at):
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert pool.map(write_many, [(at.file, 1), (at.file, 2)], chunksize=1) == ["", ""]
    ledger = open_ledger(at)
    for number in (1, 2):
        assert run_summary(ledger, f"run-{number}").total.counts.changed == 3 * BATCH * 20
    assert counted(at, "result") == 7 * 20
    assert counted(at, "result_set") == 7


def change_row(told: dict[str, object], **fields: object) -> None:
    """Change the only row of an answer."""
    (row,) = json.loads(str(told["evidence"]))
    told["evidence"] = json.dumps([{**row, **fields}])


def test_only_the_contracts_fields_are_kept(at, make_run, answer):
    told = answer(a="changed")
    told["invocation"] = {"module_args": {"password": "hunter2"}}
    told["ansible_facts"] = {"token": "hunter2"}
    told["werkplek"]["vault"] = "hunter2"
    change_row(told, targets=["hunter2"])
    writer = RunWriter.start(at, make_run())
    writer.host_result("ws-1", told, failed=False)
    assert b"hunter2" not in spooled_files(at)[0].read_bytes()
    writer.finish()
    assert b"hunter2" not in b"".join(path.read_bytes() for path in at.file.parent.iterdir() if path.is_file())


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda told: told.pop("werkplek"), "no werkplek.schema 1"),
        (lambda told: told["werkplek"].update(schema=2), "no werkplek.schema 1"),
        (lambda told: told.pop("evidence"), "KeyError('evidence')"),
        (lambda told: told.update(evidence="[{}]"), "KeyError('id')"),
        (
            lambda told: told.update(evidence="no JSON"),
            "JSONDecodeError('Expecting value: line 1 column 1 (char 0)')",
        ),
        (lambda told: change_row(told, status="perfect"), "status perfect"),
    ],
)
def test_a_result_outside_the_contract_is_refused(at, make_run, answer, change, found):
    told = answer(a="changed")
    change(told)
    writer = RunWriter.start(at, make_run())
    with pytest.raises(WerkplekError) as refusal:
        writer.host_result("ws-1", told, failed=False)
    assert str(refusal.value) == (
        "A result cannot be recorded.\n"
        f"  host ws-1: found {found}; expected a result of enforce_policy with werkplek.schema 1 and its evidence"
    )
    writer.finish()
    assert counted(at, "run_host") == 0


def test_no_open_file_of_the_ledger_outlives_a_batch(at, make_run, answer):
    writer = RunWriter.start(at, make_run())
    writer.host_result("ws-1", answer(a="changed"), failed=False)
    open_files = {str(entry.readlink()) for entry in Path("/proc/self/fd").iterdir() if entry.exists()}
    assert str(at.file) not in open_files
    assert str(spooled_files(at)[0]) in open_files
    writer.finish()


def test_texts_that_a_database_refuses_are_made_fit(at, make_run, answer):
    told = answer(a="changed")
    change_row(told, before="a\0b\ud800c é")
    writer = RunWriter.start(at, make_run())
    writer.host_result("ws-1", told, failed=False)
    (line,) = run_summary(writer.finish(), "run-1").settings
    assert line.before == "a\\0b\\ud800c é"


def test_rows_are_numbered_in_the_order_of_the_answers(at, make_run, answer):
    writer = RunWriter.start(at, make_run())
    for host in ("ws-2", "ws-1", "ws-2"):
        writer.host_result(host, answer(a="compliant"), failed=False)
    with writer.finish().read() as connection:
        rows = connection.execute(select(RUN_HOST.c.sequence, RUN_HOST.c.host).order_by(RUN_HOST.c.sequence)).all()
    assert [tuple(row) for row in rows] == [(1, "ws-2"), (2, "ws-1"), (3, "ws-2")]


def test_every_table_is_used(at, make_run, answer):
    writer = RunWriter.start(at, make_run())
    writer.host_result("ws-1", answer(a="compliant"), failed=False)
    writer.finish()
    assert {name: counted(at, name) for name in Base.metadata.tables} == dict.fromkeys(Base.metadata.tables, 1)
