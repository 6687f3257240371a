from __future__ import annotations

import multiprocessing
import re
import sqlite3
import stat
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from werkplek.errors import WerkplekError
from werkplek.evidence.ledger import open_ledger, place
from werkplek.evidence.migrate import revisions
from werkplek.evidence.schema import HEAD, Base


def test_models_and_migrations_make_the_same_tables(at):
    ledger = open_ledger(at)
    with ledger.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrated_check_constraints_are_the_models_ones(at):
    open_ledger(at)
    migrated = sqlite3.connect(at.file).execute("SELECT group_concat(sql) FROM sqlite_master").fetchone()[0]
    made = set(re.findall(r"CONSTRAINT \w+ CHECK \(.*?\)\)", migrated))
    wanted = {
        f"CONSTRAINT {constraint.name} CHECK ({constraint.sqltext})"
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if hasattr(constraint, "sqltext")
    }
    assert made == wanted
    assert len(wanted) == 3


def test_head_constant_is_the_newest_migration():
    assert revisions()[0] == HEAD


def test_file_is_private_and_uses_wal_with_foreign_keys(at):
    ledger = open_ledger(at)
    assert stat.S_IMODE(at.file.stat().st_mode) == 0o600
    with ledger.read() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_side_files_are_private_while_it_is_written(at):
    ledger = open_ledger(at)
    with ledger.write() as connection:
        connection.execute(text("INSERT INTO setting (name, source) VALUES ('a', 'b')"))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in at.file.parent.iterdir()}
    assert "ledger.sqlite3-wal" in modes
    assert set(modes.values()) == {0o600}


def test_a_newer_ledger_is_refused(at):
    ledger = open_ledger(at)
    with ledger.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WerkplekError) as refusal:
        open_ledger(at)
    assert str(refusal.value) == (
        "The ledger was made by a newer Werkplek.\n"
        f"  {at.file}: found revision 9999; expected a revision that this code knows (0002 or older)."
        " Update the checkout to the newest commit."
    )


def test_a_file_that_is_no_ledger_is_refused_and_kept(tmp_path: Path):
    file = tmp_path / "notes.txt"
    file.write_text("these are my notes, not a database\n" * 50)
    with pytest.raises(WerkplekError) as refusal:
        open_ledger(file)
    assert str(refusal.value) == (
        "The ledger cannot be opened.\n"
        f"  {file}: found file is not a database; expected a ledger that can be read and written"
    )
    assert file.read_text().startswith("these are my notes")


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("mysql://jan:geheim@db/ledger", "a DSN of mysql"),
        ("sqlite://", "a DSN of sqlite"),
        ("://geheim", "a DSN that cannot be read"),
    ],
)
def test_other_places_are_refused_without_repeating_a_password(named: str, found: str):
    with pytest.raises(WerkplekError) as refusal:
        place(named)
    assert str(refusal.value) == (
        "The ledger's place is not understood.\n"
        f"  WERKPLEK_LEDGER: found {found}; expected a file, sqlite:///FILE or postgresql://USER@HOST/DATABASE"
    )


def test_place_comes_from_the_environment_and_else_the_state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WERKPLEK_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("WERKPLEK_LEDGER", raising=False)
    assert place().file == tmp_path / "state" / "ledger.sqlite3"
    monkeypatch.setenv("WERKPLEK_LEDGER", f"sqlite:///{tmp_path}/other.sqlite3")
    assert place().file == tmp_path / "other.sqlite3"


def test_a_server_is_shown_without_its_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WERKPLEK_STATE", str(tmp_path))
    server = place("postgresql://werkplek:geheim@db.example/ledger")
    assert str(server) == "postgresql://werkplek:***@db.example/ledger"
    assert server.file is None
    assert server.spool.parent == tmp_path
    assert place("postgresql://werkplek:other@db.example/ledger").spool == server.spool


def test_a_missing_driver_is_named_and_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WERKPLEK_STATE", str(tmp_path))
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(WerkplekError) as refusal:
        open_ledger("postgresql+psycopg://werkplek:geheim@db.example/ledger")
    assert str(refusal.value) == (
        "The ledger cannot be opened.\n"
        "  postgresql+psycopg://werkplek:***@db.example/ledger: found import of psycopg halted; None in sys.modules;"
        " expected PostgreSQL's driver. Install it: pip install 'psycopg[binary]'."
    )


def opened(file: Path) -> str:
    return str(open_ledger(file).place.file)


def test_processes_that_open_a_new_ledger_at_once_all_succeed(tmp_path: Path):
    file = tmp_path / "ledger.sqlite3"
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert pool.map(opened, [file] * 6, chunksize=1) == [str(file)] * 6
