"""Open the ledger: where it is, its connections, and its migration to what this code knows."""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool, StaticPool

from werkplek.errors import Problem, WerkplekError
from werkplek.evidence.schema import HEAD, Base
from werkplek.files import state_dir

BUSY_SECONDS = 5
"""How long a writer waits for another one, before its rows stay in the spool for later."""
LOCK_SECONDS = 60
PRAGMAS: tuple[str, ...] = ("foreign_keys = ON",)
MIGRATIONS = Path(__file__).parent / "migrations"
POSTGRES_LOCK = 0x7765726B
"""Key of PostgreSQL's advisory lock around a migration (any number that others do not use)."""

Warn = Callable[[str], None]
log = logging.getLogger("werkplek.evidence")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ledger is. `file` is None for a database server; `spool` is the folder of rows still to be stored."""

    url: URL
    file: Path | None
    spool: Path

    def __str__(self) -> str:
        return str(self.file) if self.file else self.url.render_as_string(hide_password=True)


@dataclass(frozen=True, slots=True)
class Ledger:
    """An open ledger. No connection lives outside `read` and `write`, so a process that forks may hold one."""

    place: Place
    engine: Engine

    def read(self) -> AbstractContextManager[Connection]:
        """A connection in a transaction that sees one moment."""
        return self.engine.begin()

    @contextmanager
    def write(self, *, migrate: bool = False) -> Iterator[Connection]:
        """A connection in a transaction that holds SQLite's write lock from its start."""
        options = {"werkplek_write": True, "werkplek_migrate": migrate}
        with self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection


def place(where: str | Path | None = None) -> Place:
    """Where the ledger is: `where`, else `$WERKPLEK_LEDGER`, else ledger.sqlite3 in the state folder.

    A text with `://` is a DSN (sqlite or postgresql), anything else a file. Raises WerkplekError.
    """
    named = str(where or os.environ.get("WERKPLEK_LEDGER") or state_dir() / "ledger.sqlite3")
    if "://" not in named:
        return file_place(Path(named))
    try:
        url = make_url(named)
    except ArgumentError:
        raise refused("a DSN that cannot be read") from None
    backend = url.get_backend_name()
    if backend == "sqlite" and url.database and url.database != ":memory:":
        return file_place(Path(url.database))
    if backend != "postgresql":
        raise refused(f"a DSN of {url.drivername}")
    key = hashlib.sha256(str(url.set(password=None)).encode()).hexdigest()[:12]
    return Place(url, None, state_dir() / f"spool-{key}")


def file_place(file: Path) -> Place:
    """A ledger in an SQLite file."""
    whole = file.expanduser().absolute()
    return Place(URL.create("sqlite", database=str(whole)), whole, whole.with_name(f"{whole.name}.spool"))


def refused(found: str) -> WerkplekError:
    """The error for a ledger that is not named well. Never repeats the DSN: it may hold a password."""
    problem = Problem("WERKPLEK_LEDGER", found, "a file, sqlite:///FILE or postgresql://USER@HOST/DATABASE")
    return WerkplekError("The ledger's place is not understood.", [problem])


def open_ledger(where: str | Path | Place | None = None, warn: Warn = log.warning, *, join: bool = True) -> Ledger:
    """Open the ledger, make it where absent (mode 0600), and migrate it under a lock.

    With `join`, rows that interrupted or failed writers left in the spool are stored first. Raises WerkplekError where
    the ledger cannot be opened or was made by a newer Werkplek.
    """
    at = where if isinstance(where, Place) else place(where)
    try:
        ledger = Ledger(at, engine_for(at.url))
        with migration_lock(at):
            prepare_file(at)
            bring_to_head(ledger)
    except ModuleNotFoundError as error:
        problem = Problem(str(at), str(error), "PostgreSQL's driver", "Install it: pip install 'psycopg[binary]'.")
        raise WerkplekError("The ledger cannot be opened.", [problem]) from error
    except (DBAPIError, OSError, Timeout) as error:
        reason = str(getattr(error, "orig", None) or error)
        problem = Problem(str(at), reason, "a ledger that can be read and written")
        raise WerkplekError("The ledger cannot be opened.", [problem]) from error
    if join:
        from werkplek.evidence.spool import join_spools  # noqa: PLC0415 - the spool stores through this module

        join_spools(ledger, warn)
    return ledger


def memory_ledger() -> Ledger:
    """A ledger in memory, to summarise rows that could not be stored."""
    url = URL.create("sqlite")
    engine = create_engine(url, poolclass=StaticPool)
    Base.metadata.create_all(engine)
    return Ledger(Place(url, None, Path(os.devnull)), engine)


def engine_for(url: URL) -> Engine:
    """An engine that opens a connection per use. SQLite's transactions begin where SQLAlchemy's do."""
    if url.get_backend_name() != "sqlite":
        return create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": BUSY_SECONDS})
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
    return engine


def on_connect(connection: sqlite3.Connection, record: object) -> None:
    """Leave transactions to SQLAlchemy and set what SQLite keeps per connection."""
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def on_begin(connection: Connection) -> None:
    """Begin a transaction; a writer takes the lock at once, because a reader cannot always become a writer later."""
    options = connection.get_execution_options()
    writes = options.get("werkplek_write")
    if options.get("werkplek_migrate"):
        # a table that is made anew is dropped meanwhile (https://www.sqlite.org/lang_altertable.html, section 7)
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def migration_lock(at: Place) -> AbstractContextManager[Any]:
    """One process at a time makes or migrates an SQLite file. PostgreSQL locks in `bring_to_head`."""
    if at.file is None:
        return nullcontext()
    at.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return FileLock(f"{at.file}.lock", timeout=LOCK_SECONDS, mode=0o600)


def prepare_file(at: Place) -> None:
    """Make an SQLite file private from its first moment, and switch it to write-ahead logging.

    https://www.sqlite.org/wal.html: readers do not stop the writer, and a killed writer leaves a readable file.
    """
    if at.file is None:
        return
    os.close(os.open(at.file, os.O_CREAT | os.O_RDWR, 0o600))
    connection = sqlite3.connect(at.file, timeout=BUSY_SECONDS)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()


def bring_to_head(ledger: Ledger) -> None:
    """Migrate to this code's revision; refuse a ledger that this code does not know."""
    with ledger.read() as connection:
        if revision_of(connection) == HEAD:
            return
    from werkplek.evidence.migrate import upgrade  # noqa: PLC0415 - Alembic is slow to import and rarely needed

    with ledger.write(migrate=True) as connection:
        if ledger.place.file is None:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": POSTGRES_LOCK})
        upgrade(connection, revision_of(connection), str(ledger.place))
        if ledger.place.file and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise OSError("rows that refer to nothing; nothing was migrated")


def revision_of(connection: Connection) -> str | None:
    """The ledger's revision, None where it is new."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
