"""Brings a lab's switches up and down. A lab is a state folder; labs in different folders run side by side."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from werkplek import processes
from werkplek.errors import WerkplekError
from werkplek.files import write_atomic
from werkplek.lab.switches import fabric_control, inventory, known_hosts, status
from werkplek.lab.switches.estate import switch_estate
from werkplek.lab.switches.fabric_estate import fabric_of
from werkplek.lab.switches.status import MARK, NetworkFiles, NetworkLab
from werkplek.registry.snapshot import to_bytes

START_SECONDS = 60.0
STOP_SECONDS = 10.0


def up(
    state: Path,
    switches: int,
    *,
    old: bool = False,
    operator: str = "",
    fabric: bool = False,
) -> NetworkLab:
    """Start a lab and write its inventory; one that runs already with as many switches is left as it is.

    Args:
        state: folder of the lab, made when absent.
        switches: how many switches the estate has; at least two.
        old: their configurations grew for years.
        operator: the address that switches see sessions come from; empty for one that no access list is asked about.
        fabric: make a network of real frames that forwards what the switches say, with people and services on it.

    Raises:
        WerkplekError: it does not start, or the one that runs has another number of switches or no fabric.
    """
    state = state.resolve()
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = NetworkFiles(state)
    with _locked(files):
        running = status.read(state)
        if running is None:
            running = _start(files, switches, old, operator, fabric)
        elif (len(running.systems), running.fabric) != (switches, fabric):
            raise WerkplekError(
                f"a lab with {_described(len(running.systems), running.fabric)} runs in {state};"
                f" for {_described(switches, fabric)} run `werkplek lab network down` first"
            )
        known_hosts.add(known_hosts.own_file(), state, files.known_hosts.read_text(), _runs)
        inventory.write(running)
    return running


def _described(switches: int, fabric: bool) -> str:
    return f"{switches} switches and {'a' if fabric else 'no'} fabric"


def _start(files: NetworkFiles, switches: int, old: bool, operator: str, fabric: bool) -> NetworkLab:
    processes.kill_marked(MARK, str(files.state))  # what a killed lab left
    files.status.unlink(missing_ok=True)
    fabric_control.down(files.state)
    estate = switch_estate(switches)
    write_atomic(files.estate, to_bytes(estate))
    if fabric:
        fabric_control.up(files.state, fabric_of(estate))
    command = [sys.executable, "-m", "werkplek.lab.switches.daemon", f"--state={files.state}"]
    command += ["--old"] if old else []
    command += [f"--operator={operator}"] if operator else []
    pid = _spawn(command, files)
    try:
        return _ready(files, pid)
    except BaseException:
        processes.kill_marked(MARK, str(files.state))
        processes.reap(pid)
        fabric_control.down(files.state)
        raise


def _spawn(command: list[str], files: NetworkFiles) -> int:
    """Start the daemon in a session of its own, its output in the log. Not subprocess: it outlives this process."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    return os.posix_spawn(
        command[0],
        command,
        {**os.environ, MARK: str(files.state)},
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(files.log), flags, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )


def _ready(files: NetworkFiles, pid: int) -> NetworkLab:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        ended, _ = os.waitpid(pid, os.WNOHANG)
        if ended:
            raise WerkplekError(f"the switches did not start; {files.log} says:\n{_tail(files.log)}")
        running = status.read(files.state)
        if running is not None:
            return running
        time.sleep(0.02)
    raise WerkplekError(
        f"the switches were not ready in {START_SECONDS:.0f} seconds; {files.log} says:\n{_tail(files.log)}"
    )


def _tail(log: Path, lines: int = 20) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def get(state: Path) -> NetworkLab | None:
    """The lab that runs in `state`, or None."""
    return status.read(state.resolve())


def down(state: Path) -> bool:
    """End the lab in `state` and all it left behind; True when there was something to end.

    Returns only when its processes are gone.
    """
    state = state.resolve()
    if not state.is_dir():
        return False
    files = NetworkFiles(state)
    with _locked(files):
        running = _running(state)
        if running is not None:
            processes.end(running.pid, running.started, STOP_SECONDS)
            processes.reap(running.pid)
        left = processes.kill_marked(MARK, str(state)) + fabric_control.down(state)
        known_hosts.remove(known_hosts.own_file(), state)
        for file in (files.status, files.control_token, files.password, files.known_hosts, files.ssh_config):
            file.unlink(missing_ok=True)
        shutil.rmtree(files.inventory, ignore_errors=True)
    return running is not None or left > 0


def _runs(state: Path) -> bool:
    return _running(state) is not None


def _running(state: Path) -> NetworkLab | None:
    try:
        return status.read(state)
    except WerkplekError:
        return None  # a file that says nothing: the processes are found by their mark


@contextmanager
def _locked(files: NetworkFiles) -> Iterator[None]:
    """One starter or stopper at a time. The lock goes with the process that holds it."""
    with files.lock.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
