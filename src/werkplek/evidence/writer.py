"""Writes a run into the ledger without ever stopping it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.exc import DBAPIError

from werkplek.errors import WerkplekError
from werkplek.evidence.ledger import Ledger, Place, Warn, log, memory_ledger, open_ledger
from werkplek.evidence.records import HostRecord, RunEnd, RunStart, enforced
from werkplek.evidence.spool import BATCH, Spool, Spooled, join_spools, read_spool, store_spool
from werkplek.evidence.store import Numbered, Store

SECONDS = 10.0
"""Longest time that a host's answer waits for its batch."""

StoreError = (WerkplekError, DBAPIError, OSError)


class RunWriter:
    """One run's writer. Nothing it does raises because of a disk or a database: it warns and goes on.

    Each answer goes to the spool at once, and to the ledger with its batch. When the ledger refuses, the answers stay
    in the spool and no more time is spent on it until the end of the run. Only where spool and ledger both refuse are
    answers kept in memory, for a last attempt at the end.
    """

    def __init__(self, where: Place, run: RunStart, warn: Warn = log.warning) -> None:
        self.where = where
        self.run = run
        self.warn = warn
        self.number = 0
        self.outcomes: set[str] = set()
        self.batch: list[Numbered] = []
        self.unspooled: list[Numbered] = []
        self.store = Store()
        self.spool: Spool | None = None
        self.ledger: Ledger | None = None
        self.flushed = time.monotonic()

    @classmethod
    def start(cls, where: Place, run: RunStart, warn: Warn = log.warning) -> RunWriter:
        """Begin a run's evidence."""
        writer = cls(where, run, warn)
        try:
            writer.spool = Spool(where.spool, run)
        except OSError as error:
            warn(f"Evidence cannot be spooled in {where.spool}: {error}")
        try:
            writer.ledger = open_ledger(where, warn, join=False)
            writer.flush()
        except StoreError as error:
            writer.give_up(error)
        return writer

    def host_result(self, host: str, answer: Mapping[str, Any], *, failed: bool) -> None:
        """Record a result of enforce_policy. Raises WerkplekError for one that breaks the contract."""
        record = enforced(host, answer, failed=failed, observed_at=datetime.now(UTC))
        drifted = any(row.status == "noncompliant" for row in record.rows)
        self.outcomes.add("drift" if drifted and record.outcome == "ok" else record.outcome)
        self.add(record)

    def unreachable(self, host: str, facts: Mapping[str, str], message: str) -> None:
        """Record that a host could not be reached."""
        self.without_settings(host, facts, "unreachable", message)

    def host_failed(self, host: str, facts: Mapping[str, str], message: str) -> None:
        """Record that a host failed outside its settings. `message` must hold no output of the task: it may be secret.

        `facts` has municipality, workplace_class, ring and object_url, as far as they are known.
        """
        self.without_settings(host, facts, "failed", message)

    def without_settings(self, host: str, facts: Mapping[str, str], outcome: str, message: str) -> None:
        """Record a host whose settings were not read."""
        self.outcomes.add(outcome)
        record = HostRecord(
            host=host,
            municipality=facts.get("municipality", ""),
            workplace_class=facts.get("workplace_class", ""),
            ring=facts.get("ring", ""),
            policy_digest="",
            check_mode=self.run.check_mode,
            outcome=outcome,
            object_url=facts.get("object_url", ""),
            observed_at=datetime.now(UTC),
            message=message,
        )
        self.add(record)

    def add(self, record: HostRecord) -> None:
        """Spool an answer, and store its batch when that is full or old."""
        self.number += 1
        numbered = (self.number, record)
        if not self.spooled(numbered):
            self.unspooled.append(numbered)
        if self.ledger is None:
            return
        self.batch.append(numbered)
        if len(self.batch) >= BATCH or time.monotonic() - self.flushed >= SECONDS:
            self.try_flush()

    def spooled(self, numbered: Numbered) -> bool:
        """Put an answer in the spool; says whether it is there."""
        if self.spool is None:
            return False
        try:
            self.spool.host(*numbered)
        except OSError as error:
            self.warn(f"Evidence of {numbered[1].host} cannot be spooled: {error}")
            return False
        return True

    def flush(self, end: RunEnd | None = None) -> None:
        """Store the batch in one transaction."""
        if self.ledger is None:
            return
        with self.ledger.write() as connection:
            self.store.save(connection, self.run, self.batch, end)
        stored = {number for number, _ in self.batch}
        self.unspooled = [numbered for numbered in self.unspooled if numbered[0] not in stored]
        self.batch = []
        self.flushed = time.monotonic()

    def try_flush(self, end: RunEnd | None = None) -> None:
        """Store the batch, or stop using the ledger for this run."""
        try:
            self.flush(end)
        except StoreError as error:
            self.give_up(error)

    def give_up(self, error: Exception) -> None:
        """Stop using the ledger: from here the spool has everything."""
        self.ledger = None
        self.batch = []
        reason = getattr(error, "orig", None) or error
        kept = self.spool.path if self.spool else "memory, until the end of this run"
        self.warn(
            f"THE LEDGER {self.where} CANNOT BE WRITTEN: {reason}. The run goes on; its evidence is kept in {kept}."
        )

    def finish(self) -> Ledger:
        """End the run. Gives a ledger to read it from: the real one, or one in memory where that still fails."""
        end = RunEnd(datetime.now(UTC), self.outcome())
        if self.spool:
            try:
                self.spool.end(end)
            except OSError as error:
                self.warn(f"The end of run {self.run.id} cannot be spooled: {error}")
        self.try_flush(end)
        if self.ledger is None:
            return self.second_attempt(end)
        self.close(remove=True)
        join_spools(self.ledger, self.warn)
        return self.ledger

    def outcome(self) -> str:
        """The worst that was seen: failed, unreachable, drift, else ok."""
        return next((word for word in ("failed", "unreachable", "drift") if word in self.outcomes), "ok")

    def second_attempt(self, end: RunEnd) -> Ledger:
        """At the end, try everything once more; the ledger may be free again."""
        whole = self.everything(end)
        try:
            ledger = open_ledger(self.where, self.warn, join=False)
            store_spool(ledger, whole)
        except StoreError as error:
            return self.not_stored(whole, error)
        self.close(remove=True)
        self.warn(f"The ledger {self.where} can be written again: run {self.run.id} is stored in it.")
        return ledger

    def not_stored(self, whole: Spooled, error: Exception) -> Ledger:
        """Say where the evidence is, and let the run's summary come from memory."""
        self.close(remove=False)
        reason = getattr(error, "orig", None) or error
        if self.spool:
            self.warn(
                f"RUN {self.run.id} IS NOT IN THE LEDGER: {reason}. Its evidence is in {self.spool.path} and will be"
                " stored when the ledger is opened next."
            )
        if self.unspooled:
            lost = ", ".join(record.host for _, record in self.unspooled)
            self.warn(f"EVIDENCE IS LOST for {len(self.unspooled)} host results ({lost}): repeat the run for them.")
        memory = memory_ledger()
        store_spool(memory, whole)
        return memory

    def everything(self, end: RunEnd) -> Spooled:
        """All answers of this run, from spool and memory."""
        hosts = read_spool(self.spool.path).hosts if self.spool else ()
        return Spooled(self.run, (*hosts, *self.unspooled), end, torn=False)

    def close(self, *, remove: bool) -> None:
        """Let go of the spool."""
        if self.spool:
            self.spool.close(remove=remove)
