"""From a playbook's events to evidence. Knows nothing of Ansible: the callback plugin translates."""

from __future__ import annotations

import platform
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from werkplek.errors import WerkplekError
from werkplek.evidence.ledger import Place, Warn
from werkplek.evidence.origin import person, revision
from werkplek.evidence.records import RunStart
from werkplek.evidence.records import text as plain_text
from werkplek.evidence.summary import run_summary
from werkplek.evidence.table import run_table
from werkplek.evidence.writer import RunWriter

MESSAGE_LENGTH = 500

Facts = Callable[[], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Playbook:
    """What is known when a playbook starts. `file` is as the operator typed it."""

    file: str
    folder: Path
    scope: str
    inventory: str
    extra_vars: Mapping[str, object]
    started_at: datetime


class Recorder:
    """Collects a playbook's evidence; starts a run in the ledger with the first event that is evidence."""

    def __init__(self, where: Place, playbook: Playbook, warn: Warn) -> None:
        self.where = where
        self.playbook = playbook
        self.warn = warn
        self.check_mode = False
        self.writer: RunWriter | None = None
        self.task_failures: dict[str, tuple[Mapping[str, str], str]] = {}
        self.refused = False  # a host was left as it was, for a reason that is evidence by itself

    def play_started(self, *, check_mode: bool) -> None:
        """A play begins. `check_mode` says that neither it nor a play after it changes a host.

        The run is a check when that is so where its evidence begins: a guard's play, without evidence, is not asked.
        """
        self.check_mode = check_mode

    def started(self) -> RunWriter:
        """The run's writer, begun on first use."""
        if self.writer is None:
            self.writer = RunWriter.start(self.where, run_start(self.playbook, check_mode=self.check_mode), self.warn)
        return self.writer

    def enforced(self, host: str, answer: Mapping[str, Any], *, failed: bool, facts: Facts) -> None:
        """A result of enforce_policy. A failed one without evidence tells why the settings were never read."""
        if failed and "evidence" not in answer:
            self.started().host_failed(host, facts(), plain_text(answer.get("msg")))
            return
        try:
            self.started().host_result(host, answer, failed=failed)
        except WerkplekError as error:
            self.warn(str(error))
            self.started().host_failed(host, facts(), "its result cannot be recorded")

    def unreachable(self, host: str, reason: object, facts: Facts) -> None:
        """A host that could not be reached."""
        first = plain_text(reason).strip().partition("\n")[0]
        self.started().unreachable(host, facts(), first[:MESSAGE_LENGTH])

    def task_failed(self, host: str, task: str, action: str, facts: Facts) -> None:
        """Another task failed. Its output may hold a secret and is not kept. `finished` drops a rescued failure."""
        self.task_failures.setdefault(host, (facts(), f"task {task!r} ({action}) failed"))

    def host_refused(self, host: str, reason: object, facts: Facts) -> None:
        """One of our own tasks failed around the settings: its words are evidence, also where nothing else is."""
        self.refused = True
        self.task_failures.setdefault(host, (facts(), plain_text(reason)))

    def finished(self, failed_hosts: Collection[str], width: int) -> str | None:
        """End the run; gives the table to print, None where the playbook gave no evidence."""
        if self.writer is None and not (self.refused and self.task_failures.keys() & set(failed_hosts)):
            return None
        writer = self.started()
        for host, (facts, message) in self.task_failures.items():
            if host in failed_hosts:
                writer.host_failed(host, facts, message)
        ledger = writer.finish()
        return run_table(run_summary(ledger, writer.run.id), width)


def run_start(playbook: Playbook, *, check_mode: bool) -> RunStart:
    """The run's first row."""
    code = revision(playbook.folder, playbook.extra_vars)
    return RunStart(
        id=str(uuid.uuid4()),
        started_at=playbook.started_at,
        playbook=playbook.file,
        check_mode=check_mode,
        scope=playbook.scope,
        started_by=person(playbook.extra_vars),
        controller=platform.node(),
        commit_id=code.commit,
        dirty=code.dirty,
        inventory=playbook.inventory,
    )
