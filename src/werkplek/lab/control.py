"""Brings a lab up and down. A lab is a state folder; labs in different folders run side by side."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import yaml

from werkplek import processes
from werkplek.errors import WerkplekError
from werkplek.files import ROOT, write_atomic
from werkplek.lab import packages, status
from werkplek.lab.daemon import Daemon, end, locked
from werkplek.lab.status import MARK, LabFiles, LabStatus
from werkplek.lab.windows import USER
from werkplek.lab.windows_estate import registry_options

ESTATE = ROOT / "lab" / "estate.json"
# Where an inventory source says how to reach and trust NetBox: the lab has its own answers.
CONNECTION_OPTIONS = ("api_url", "token", "token_file", "ca_file", "validate_certs")


def up(
    state: Path,
    *,
    estate: Path,
    hosts_port: int | None = None,
    parent: int | None = None,
    fresh: bool = False,
) -> LabStatus:
    """Start a lab and write its inventory; a lab that runs already is left as it is and its status returned.

    Args:
        state: folder of the lab, made when absent.
        estate: registry snapshot to serve.
        hosts_port: port of all Windows hosts; a free one when None.
        parent: the lab ends when the process with this id does.
        fresh: put every Windows host back to its factory state first.

    Raises:
        WerkplekError: Mono cannot be installed, the estate cannot be used, a port is taken, or the lab that runs
            already serves another estate.
    """
    state, estate = state.resolve(), estate.resolve()
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locked(LabFiles(state).lock):
        running = status.read(state)
        if running is None:
            packages.ensure(packages.WINDOWS)
            running = _start(LabFiles(state), estate, hosts_port, parent, fresh)
        elif running.estate != estate or fresh:
            wish = "fresh hosts" if running.estate == estate else f"estate {estate}"
            raise WerkplekError(
                f"a lab runs in {state} with {running.estate}; for {wish} run `werkplek lab down` first"
            )
        write_inventory(running)
    return running


def get(state: Path) -> LabStatus | None:
    """The lab that runs in `state`, or None."""
    return status.read(state.resolve())


def down(state: Path) -> bool:
    """End the lab in `state` and all it left behind; True when there was something to end. Hosts keep their state.

    Returns only when its processes are gone.
    """
    state = state.resolve()
    if not state.is_dir():
        return False
    files = LabFiles(state)
    with locked(files.lock):
        running = _running(state)
        end((running.pid, running.started) if running else None)
        left = processes.kill_marked(MARK, str(state))
        for file in (files.status, files.control_token, files.netbox_token, files.password):
            file.unlink(missing_ok=True)
        shutil.rmtree(files.inventory, ignore_errors=True)
    return running is not None or left > 0


def _running(state: Path) -> LabStatus | None:
    try:
        return status.read(state)
    except WerkplekError:
        return None  # a file that says nothing: the processes are found by their mark


def _start(files: LabFiles, estate: Path, port: int | None, parent: int | None, fresh: bool) -> LabStatus:
    processes.kill_marked(MARK, str(files.state))  # what a killed lab left
    files.status.unlink(missing_ok=True)
    if fresh:
        shutil.rmtree(files.hosts, ignore_errors=True)
    command = [sys.executable, "-m", "werkplek.lab.server", f"--state={files.state}", f"--estate={estate}"]
    command += [f"--port={port}"] if port else []
    command += [f"--parent={parent}"] if parent else []
    return Daemon("the lab", "was", MARK, files.state, files.log).start(command, status.read)


def write_inventory(lab: LabStatus) -> None:
    """Write `inventory/`: registry.yml for the lab's NetBox, and the repository's group_vars under the lab's own."""
    groups = lab.inventory / "group_vars"
    shutil.rmtree(lab.inventory, ignore_errors=True)
    groups.mkdir(mode=0o700, parents=True)
    options = {name: value for name, value in _root_options().items() if name not in CONNECTION_OPTIONS}
    options |= {
        "api_url": lab.netbox_url,
        "token_file": str(lab.token_file),
        "municipalities_dir": str(ROOT / "municipalities"),
    }
    write_atomic(lab.registry, yaml.safe_dump(options, sort_keys=False))
    link_group_vars(groups)
    (groups / "windows").mkdir(exist_ok=True)
    write_atomic(groups / "windows" / "90-lab.yml", yaml.safe_dump(_connection(lab), sort_keys=False))


def link_group_vars(groups: Path) -> None:
    """The repository's group_vars below a lab's own, as folders in which the lab can add."""
    for source in sorted((ROOT / "group_vars").glob("*.yml")):
        folder = groups / source.stem
        folder.mkdir()
        (folder / "00-repository.yml").symlink_to(source)


def _root_options() -> dict[str, object]:
    return registry_options(ROOT / "registry.yml")


def _connection(lab: LabStatus) -> dict[str, object]:
    """How Ansible reaches the lab's Windows hosts. Basic authentication in clear: it never leaves loopback."""
    return {
        "ansible_connection": "winrm",
        "ansible_port": lab.winrm_port,
        "ansible_user": USER,
        "ansible_password": LabFiles(lab.state).password.read_text().strip(),
        "ansible_winrm_scheme": "http",
        "ansible_winrm_transport": "basic",
        "ansible_winrm_operation_timeout_sec": 10,
        "ansible_winrm_read_timeout_sec": 15,
        "ansible_winrm_proxy": None,  # no proxy of the environment stands before loopback
    }
