"""A ledger of an earlier revision keeps its rows, and takes what the newest revision knows."""

from __future__ import annotations

import io
import signal
import sqlite3
import subprocess
import sys
import textwrap

import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from werkplek.errors import WerkplekError
from werkplek.evidence.ledger import Ledger, engine_for, open_ledger, prepare_file
from werkplek.evidence.migrate import settings
from werkplek.evidence.schema import Base
from werkplek.evidence.summary import Counts, run_summary
from werkplek.evidence.writer import RunWriter

TIME = "2026-01-01 00:00:00.000000"
ROWS = f"""
INSERT INTO run VALUES ('r1', '{TIME}', NULL, 'site', 0, 'all', 'me', 'here', 'abc', 0, 'registry', 'ok');
INSERT INTO setting VALUES (7, 'lock', 'policies/a.yml:1');
INSERT INTO result VALUES (3, x'01', 7, 'waived', '1', '1', 'until then');
INSERT INTO result_set VALUES (5, x'02', 1, 2, 3, 4, 5, 6);
INSERT INTO result_set_row VALUES (5, 3);
INSERT INTO run_host VALUES ('r1', 1, 'h', 'm', 'w', 'canary', 'd', 0, 'ok', 'u', '{TIME}', '', 5);
"""


@pytest.fixture
def old(at):
    """A ledger of revision 0001 with a row in every table."""
    prepare_file(at)
    ledger = Ledger(at, engine_for(at.url))
    config = settings()
    with ledger.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    connection = sqlite3.connect(at.file)
    connection.executescript(ROWS)
    connection.close()
    return at


def tables(connection) -> dict[str, list[tuple[object, ...]]]:
    names = ("run", "setting", "result", "result_set_row", "run_host")
    return {name: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))] for name in names}


def test_the_rows_of_0001_are_all_there(old):
    with Ledger(old, engine_for(old.url)).read() as connection:
        before = tables(connection)
    ledger = open_ledger(old)
    with ledger.read() as connection:
        assert tables(connection) == before
        counts = connection.execute(text("SELECT * FROM result_set")).mappings().one()
        assert {name: counts[name] for name in ("compliant", "waived", "owned_elsewhere", "unsupported")} == {
            "compliant": 1,
            "waived": 5,
            "owned_elsewhere": 0,
            "unsupported": 6,
        }
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_the_new_status_is_taken_and_another_still_refused(old):
    ledger = open_ledger(old)
    insert = text("INSERT INTO result VALUES (:id, :digest, 7, :status, '', '', '')")
    with ledger.write() as connection:
        connection.execute(insert, {"id": 8, "digest": b"8", "status": "owned_elsewhere"})
    with pytest.raises(IntegrityError, match="ck_result_status"), ledger.write() as connection:
        connection.execute(insert, {"id": 9, "digest": b"9", "status": "owned"})


def test_a_ledger_with_rows_that_refer_to_nothing_is_left_as_it_was(old):
    connection = sqlite3.connect(old.file)
    connection.execute("DELETE FROM setting")
    connection.commit()
    connection.close()
    with pytest.raises(WerkplekError, match="rows that refer to nothing; nothing was migrated"):
        open_ledger(old)
    connection = sqlite3.connect(old.file)
    assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
    assert connection.execute("SELECT status FROM result").fetchall() == [("waived",)]
    connection.close()


def test_an_old_run_is_summarised_beside_a_new_one_with_the_new_status(old, make_run, answer):
    writer = RunWriter.start(old, make_run())
    writer.host_result("h", answer(a="compliant", b="owned_elsewhere"), failed=False)
    ledger = writer.finish()
    before, after = run_summary(ledger, "r1"), run_summary(ledger, "run-1")
    assert before.total.counts == Counts(1, 2, 3, 4, waived=5, owned_elsewhere=0, unsupported=6)
    assert [(line.setting, line.status, line.message) for line in before.settings] == [("lock", "waived", "until then")]
    assert after.total.counts == Counts(compliant=1, owned_elsewhere=1)
    assert after.run.outcome == "ok"


KILLED = """
    import os, signal, sys
    from sqlalchemy import Engine, event
    from werkplek.evidence.ledger import open_ledger

    @event.listens_for(Engine, "before_cursor_execute")
    def kill(connection, cursor, statement, *rest):
        if " ".join(statement.split()).startswith(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)

    open_ledger(sys.argv[1])
"""


@pytest.mark.parametrize(
    "before",
    [
        "DROP TABLE result",
        "ALTER TABLE _alembic_tmp_result RENAME TO result",
        "DROP TABLE result_set",
        "UPDATE alembic_version",
    ],
)
def test_a_migration_killed_halfway_leaves_the_old_ledger_and_the_next_one_succeeds(old, before):
    with Ledger(old, engine_for(old.url)).read() as connection:
        rows = tables(connection)
    victim = [sys.executable, "-c", textwrap.dedent(KILLED), str(old.file), before]
    assert subprocess.run(victim, check=False).returncode == -signal.SIGKILL
    with Ledger(old, engine_for(old.url)).read() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "0001"
        assert tables(connection) == rows
    with open_ledger(old).read() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "0002"
        assert tables(connection) == rows


def test_postgresql_changes_both_tables_in_place():
    written = io.StringIO()
    options = {"as_sql": True, "output_buffer": written, "target_metadata": Base.metadata}
    context = MigrationContext.configure(dialect_name="postgresql", opts=options)
    with Operations.context(context):
        ScriptDirectory.from_config(settings()).get_revision("0002").module.upgrade()
    assert [line for line in written.getvalue().splitlines() if line] == [
        "ALTER TABLE result DROP CONSTRAINT ck_result_status;",
        "ALTER TABLE result ADD CONSTRAINT ck_result_status CHECK (status IN ('compliant', 'changed', 'noncompliant',"
        " 'failed', 'waived', 'owned_elsewhere', 'unsupported'));",
        "ALTER TABLE result_set ADD COLUMN owned_elsewhere INTEGER DEFAULT '0' NOT NULL;",
        "ALTER TABLE result_set ALTER COLUMN owned_elsewhere DROP DEFAULT;",
    ]
