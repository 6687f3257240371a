"""The spool: every row goes to a private file beside the ledger first, and leaves it when the ledger has it.

A run killed halfway, a full disk or a locked ledger therefore lose nothing: the next one that opens the ledger stores
what is left. A running writer holds a lock on its file, so nobody joins a run that is still going.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from werkplek.evidence.ledger import Ledger, Warn
from werkplek.evidence.records import (
    FORMAT,
    HostRecord,
    RunEnd,
    RunStart,
    end_of,
    host_of,
    start_of,
    to_line,
)
from werkplek.evidence.store import Store

BATCH = 50
"""Hosts in one transaction."""


class Spool:
    """The file of one running writer. All methods raise OSError where the disk says no."""

    def __init__(self, folder: Path, run: RunStart) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = folder / f"{run.id}.jsonl"
        self.handle = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND, 0o600)
        fcntl.flock(self.handle, fcntl.LOCK_EX)
        self.write(to_line("run", run, format=FORMAT))

    def host(self, number: int, record: HostRecord) -> None:
        """Add a host's answer."""
        self.write(to_line("host", record, sequence=number))

    def end(self, end: RunEnd) -> None:
        """Add the run's end."""
        self.write(to_line("end", end))

    def write(self, line: bytes) -> None:
        """Add one line whole: what a full disk took in part is taken back."""
        length = os.fstat(self.handle).st_size
        try:
            written = os.write(self.handle, line)
            if written < len(line):
                raise OSError(f"{self.path}: only {written} of {len(line)} bytes written")
        except OSError:
            os.ftruncate(self.handle, length)
            raise

    def close(self, *, remove: bool) -> None:
        """Let go of the file; with `remove`, the ledger has all of it."""
        if remove:
            self.path.unlink(missing_ok=True)
        os.close(self.handle)


@dataclass(frozen=True, slots=True)
class Spooled:
    """What a spool file holds. `torn` tells that its last line was cut off, as when its writer was killed."""

    run: RunStart
    hosts: tuple[tuple[int, HostRecord], ...]
    end: RunEnd | None
    torn: bool


def read_spool(path: Path) -> Spooled:
    """Read a spool file. Raises ValueError for a file that is not one, or is damaged before its last line."""
    start, hosts, end, torn = None, [], None, False
    for fields in lines(path):
        match fields.get("kind"):
            case "run" if fields.get("format") == FORMAT:
                start = start_of(fields)
            case "host":
                hosts.append((int(fields["sequence"]), host_of(fields)))
            case "end":
                end = end_of(fields)
            case "torn":
                torn = True
            case other:
                raise ValueError(f"a line of kind {other!r}, format {fields.get('format')!r}")
    if start is None:
        raise ValueError("no line that starts a run")
    return Spooled(start, tuple(hosts), end, torn)


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines' fields. A last line without its end of line was cut off: it is given as kind `torn`."""
    with path.open("rb") as stream:
        for line in stream:
            yield json.loads(line) if line.endswith(b"\n") else {"kind": "torn"}


def store_spool(ledger: Ledger, spooled: Spooled) -> None:
    """Store a spool's rows in the ledger; those it has already stay as they are."""
    store = Store()
    with ledger.write() as connection:
        store.save(connection, spooled.run, ())
    for chunk in batched(spooled.hosts, BATCH):
        with ledger.write() as connection:
            store.save(connection, spooled.run, chunk)
    with ledger.write() as connection:
        store.save(connection, spooled.run, (), spooled.end)


def join_spools(ledger: Ledger, warn: Warn) -> None:
    """Store every spool whose writer is gone. What cannot be stored now stays, and `warn` says so."""
    for path in sorted(ledger.place.spool.glob("*.jsonl")):
        try:
            join(ledger, path, warn)
        except (DBAPIError, OSError, ValueError, KeyError, TypeError) as error:
            reason = getattr(error, "orig", None) or error
            warn(f"Rows in {path} could not be stored in the ledger and stay there: {reason}")


def join(ledger: Ledger, path: Path, warn: Warn) -> None:
    """Store one spool and remove it, unless its writer still runs or another process got it first."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not (path.exists() and os.fstat(handle).st_size):
            return
        spooled = read_spool(path)
        store_spool(ledger, spooled)
        path.unlink()
        cut = "; its last line was cut off" if spooled.torn else ""
        warn(f"Stored {len(spooled.hosts)} spooled host results of run {spooled.run.id} in {ledger.place}{cut}.")
    except BlockingIOError:
        return
    finally:
        os.close(handle)
