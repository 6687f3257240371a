# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Door into werkplek.evidence: a playbook's results go to the ledger, and a table per municipality to the screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import dropwhile
from pathlib import Path
from typing import Any

from ansible import context
from ansible.errors import AnsibleError
from ansible.plugins.callback import CallbackBase

try:
    from werkplek.enforcement import ENFORCING
    from werkplek.errors import WerkplekError
    from werkplek.evidence.ledger import place
    from werkplek.evidence.recorder import Playbook, Recorder
except ImportError:
    raise AnsibleError(
        "Werkplek's package is not importable: run ./werkplek once and activate .venv, or set PYTHONPATH to the"
        " repository's src folder."
    ) from None

DOCUMENTATION = r"""
name: evidence
type: aggregate
short_description: Stores what C(enforce_policy) did in Werkplek's ledger
version_added: "0.1.0"
description:
  - Writes each host's result of C(enforce_policy), each unreachable host and each host that failed on another task to
    the ledger, with who ran what, when, from which commit and over which scope (BIO2 8.15.01).
  - Prints a table per municipality at the end of the playbook. A playbook that enforces no policy stores and prints
    nothing.
  - A ledger that cannot be written never stops a run. Its rows stay in a private file beside it, with a warning, and
    are stored when the ledger is opened next.
  - Of other tasks only the name is kept, never their output.
options:
  ledger:
    description:
      - File or DSN of the ledger (C(sqlite:///FILE) or C(postgresql://USER@HOST/DATABASE)).
      - Default is C(ledger.sqlite3) in the state folder (E(WERKPLEK_STATE), else C(.werkplek) in the checkout).
    type: str
    env:
      - name: WERKPLEK_LEDGER
    ini:
      - section: callback_evidence
        key: ledger
requirements:
  - enabled in ansible.cfg (callbacks_enabled = evidence)
author:
  - Werkplek contributors
"""

EXAMPLES = r"""
# ansible.cfg
# [defaults]
# callbacks_enabled = evidence
#
# [callback_evidence]
# ledger = postgresql://werkplek@db.example.nl/ledger
"""

# Our own tasks around it: what they say holds no secret.
REFUSING = ("session_host", "session_cluster", "network_plan")


class CallbackModule(CallbackBase):  # type: ignore[misc]  # ansible-core is untyped
    """Translates Ansible's events for werkplek.evidence.recorder.Recorder."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "evidence"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self.recorder: Recorder | None = None
        self.file = ""
        self.plays: list[Any] = []
        self.play: Any = None
        self.started_at = datetime.now(UTC)

    def v2_playbook_on_start(self, playbook: Any) -> None:
        """Remember the playbook."""
        self.file = playbook._file_name
        self.plays = playbook.get_plays()

    def v2_playbook_on_play_start(self, play: Any) -> None:
        """Remember the play: it knows hosts' variables. With the first one, extra variables are known."""
        self.play = play
        try:
            self.recorder = self.recorder or self.new_recorder()
        except (WerkplekError, OSError) as error:
            self.disabled = True
            self._display.error(f"NO EVIDENCE IS KEPT OF THIS RUN. {error}", wrap_text=False)
            return
        self.recorder.play_started(check_mode=self.compares_only())

    def v2_runner_on_ok(self, result: Any) -> None:
        """Record an enforced host."""
        if self.recorder and is_enforcement(result):
            facts = self.facts_of(result.host)
            self.recorder.enforced(result.host.get_name(), result.result, failed=False, facts=facts)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """Record a host on which settings failed; keep another task's failure until its end is known."""
        host = result.host.get_name()
        if self.recorder and is_enforcement(result):
            self.recorder.enforced(host, result.result, failed=True, facts=self.facts_of(result.host))
        elif self.recorder and not ignore_errors and short_name(result) in REFUSING:
            self.recorder.host_refused(host, result.result.get("msg"), self.facts_of(result.host))
        elif self.recorder and not ignore_errors and not result.host.implicit:
            self.recorder.task_failed(host, result.task.get_name(), result.task.action, self.facts_of(result.host))

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """Record a host that could not be reached; a task that reckons with that says so itself."""
        if self.recorder and not result.task.ignore_unreachable:
            reason = result.result.get("msg")
            self.recorder.unreachable(result.host.get_name(), reason, self.facts_of(result.host))

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """End the run and print its table."""
        if self.recorder is None:
            return
        table = self.recorder.finished(stats.failures.keys(), self._display.columns)
        if table:
            self._display.banner("EVIDENCE")
            self._display.display(table)

    def new_recorder(self) -> Recorder:
        """The recorder of this run. Raises WerkplekError or OSError where the ledger's place cannot be understood."""
        return Recorder(place(self.get_option("ledger")), self.playbook(), self._display.warning)

    def compares_only(self) -> bool:
        """Whether this play and all after it are in check mode: by --check, or by their keyword."""
        ahead = dropwhile(lambda play: play._uuid != self.play._uuid, self.plays)
        return all(play.check_mode is True for play in [self.play, *ahead])

    def playbook(self) -> Playbook:
        """What this run was asked to do."""
        extra = self.play.get_variable_manager().extra_vars
        words = {"--limit": context.CLIARGS.get("subset"), "werkplek_scope": extra.get("werkplek_scope")}
        return Playbook(
            file=self.file,
            folder=Path(self.file).resolve().parent,
            scope=" ".join(f"{name} {value!s}" for name, value in words.items() if value),
            inventory=", ".join(str(source) for source in context.CLIARGS.get("inventory") or ()),
            extra_vars=extra,
            started_at=self.started_at,
        )

    def facts_of(self, host: Any) -> Any:
        """A function that reads what the registry says of a host, called only where the result does not tell it."""
        play = self.play
        return lambda: registry_facts(play.get_variable_manager().get_vars(play=play, host=host))


def is_enforcement(result: Any) -> bool:
    """Whether a result is an enforcing action's, by its short name or a full one, and no look before a change."""
    return short_name(result) in ENFORCING and not result.result.get("preliminary")


def short_name(result: Any) -> str:
    """The name of a result's action without its collection."""
    return str(result.task.action).rpartition(".")[2]


def registry_facts(variables: Mapping[str, Any]) -> dict[str, str]:
    """What the inventory's variables say of a host's place; empty where it did not come from the registry."""
    registry = variables.get("registry")
    record = registry if isinstance(registry, Mapping) else {}
    found = {
        "municipality": variables.get("municipality"),
        "workplace_class": variables.get("workplace_class"),
        "ring": record.get("ring"),
        "object_url": record.get("url"),
    }
    return {name: str(value) for name, value in found.items() if value is not None}
