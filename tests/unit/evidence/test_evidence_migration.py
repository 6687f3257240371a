"""A ledger of an earlier revision keeps its rows, and takes what the newest revision knows."""

import sqlite3

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from werkplek.errors import WerkplekError
from werkplek.evidence.ledger import Ledger, engine_for, open_ledger, prepare_file
from werkplek.evidence.migrate import settings

ROWS = """
INSERT INTO run VALUES ('r1', '2026-01-01', NULL, 'site', 0, 'all', 'me', 'here', 'abc', 0, 'registry', 'ok');
INSERT INTO setting VALUES (7, 'lock', 'policies/a.yml:1');
INSERT INTO result VALUES (3, x'01', 7, 'waived', '1', '1', 'until then');
INSERT INTO result_set VALUES (5, x'02', 1, 2, 3, 4, 5, 6);
INSERT INTO result_set_row VALUES (5, 3);
INSERT INTO run_host VALUES ('r1', 1, 'h', 'm', 'w', 'canary', 'd', 0, 'ok', 'u', '2026-01-01', '', 5);
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
