"""Brings a lab's switches up and down. A lab is a state folder; labs in different folders run side by side."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from werkplek import processes
from werkplek.errors import WerkplekError
from werkplek.files import write_atomic
from werkplek.lab.daemon import Daemon, end, locked
from werkplek.lab.switches import fabric_control, inventory, known_hosts, status
from werkplek.lab.switches.estate import switch_estate
from werkplek.lab.switches.fabric_estate import fabric_of
from werkplek.lab.switches.status import MARK, NetworkFiles, NetworkLab
from werkplek.registry.snapshot import to_bytes


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
    with locked(files.lock):
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
    try:
        return Daemon("the switches", "were", MARK, files.state, files.log).start(command, status.read)
    except BaseException:
        fabric_control.down(files.state)
        raise


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
    with locked(files.lock):
        running = _running(state)
        end((running.pid, running.started) if running else None)
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
