"""One `ansible-playbook` run through ansible-runner, with an event for every host that a policy was enforced on."""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ansible_runner

from werkplek import processes
from werkplek.enforcement import ENFORCING
from werkplek.files import ROOT

MARK = "WERKPLEK_RUN"  # in the environment of every process of a run: its identity
HOST_EVENTS = {"runner_on_ok": "ok", "runner_on_failed": "failed", "runner_on_unreachable": "unreachable"}


@dataclass(frozen=True, slots=True)
class PlaybookRun:
    """What to run: `playbook` relative to the repository, an inventory, a limit, and where state and ledger live."""

    playbook: str
    inventory: Path
    limit: str
    state: Path
    forks: int = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended: ansible-playbook's exit code, ansible-runner's status, and the file with all that was printed."""

    rc: int
    status: str
    output: Path


def run_playbook(run: PlaybookRun, on_host: Callable[[str, str], None]) -> Outcome:
    """Run it to its end, calling `on_host(host, ok|drifted|failed|unreachable)`.

    When it is left by an exception (Ctrl-C), everything that it started is killed, Ansible's workers too: those are
    sessions of their own and would go on alone.
    """
    private = run.state / "runner"
    private.mkdir(mode=0o700, parents=True, exist_ok=True)
    ident = uuid.uuid4().hex
    try:
        runner = start(run, private, ident, on_host)
    finally:
        processes.kill_marked(MARK, ident)
    return Outcome(rc=int(runner.rc), status=str(runner.status), output=Path(runner.config.artifact_dir) / "stdout")


def start(run: PlaybookRun, private: Path, ident: str, on_host: Callable[[str, str], None]) -> Any:
    """ansible-runner's finished runner."""
    return ansible_runner.run(
        private_data_dir=str(private),
        project_dir=str(ROOT),
        ident=ident,
        playbook=run.playbook,
        inventory=str(run.inventory),
        limit=run.limit,
        forks=run.forks,
        envvars={**environment(run.state), MARK: ident},
        quiet=True,
        event_handler=lambda event: host_event(event, on_host),
        cancel_callback=lambda: False,  # without one, ansible-runner takes over the signal handlers
    )


def environment(state: Path) -> dict[str, str]:
    """Variables for Ansible: this checkout's configuration and plugins, and the state folder to keep evidence in."""
    return {
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        # ansible-runner sets this variable itself, which would hide the line in ansible.cfg
        "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "callback_plugins"),
        "ANSIBLE_NOCOLOR": "1",
        "WERKPLEK_STATE": str(state),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }


def host_event(event: dict[str, Any], on_host: Callable[[str, str], None]) -> bool:
    """Report a host once its policy task ended; `True` lets ansible-runner keep the event."""
    outcome = HOST_EVENTS.get(event.get("event", ""))
    data = event.get("event_data", {})
    if outcome and data.get("task_action") in ENFORCING and not data.get("res", {}).get("preliminary"):
        on_host(str(data["host"]), "drifted" if outcome == "failed" and drifted(data.get("res", {})) else outcome)
    return True


def drifted(result: dict[str, Any]) -> bool:
    """Whether a drift run failed the host only because settings differ."""
    counts = result.get("counts", {})
    return bool(counts.get("noncompliant")) and not counts.get("failed")
