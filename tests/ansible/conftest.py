"""The lab and real `ansible-playbook` runs over it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from werkplek.errors import Exit, WerkplekError
from werkplek.evidence.ledger import open_ledger
from werkplek.evidence.summary import RunSummary, latest_runs, run_summary
from werkplek.files import ROOT
from werkplek.lab import control
from werkplek.lab.client import LabClient
from werkplek.lab.linux import control as linux_control
from werkplek.lab.linux import estate as linux_estate
from werkplek.lab.linux.model import LinuxLab
from werkplek.lab.status import LabStatus
from werkplek.rollout.playbook import environment

CHECKOUT = (
    "action_plugins callback_plugins inventory_plugins library module_utils municipalities playbooks policies roles"
)


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabStatus]:
    """The embedded estate, up for one test file."""
    state = tmp_path_factory.mktemp("estate")
    yield control.up(state, estate=control.ESTATE)
    control.down(state)


@pytest.fixture
def workplaces(estate: LabStatus) -> Iterator[LabClient]:
    """The lab's control; faults are healed afterwards."""
    with LabClient(estate.state) as client:
        yield client
        client.clear_faults()


@dataclass(frozen=True)
class Played:
    """A finished ansible-playbook: its exit code, everything it printed, and its runs in the ledger, newest first."""

    rc: int
    text: str
    runs: tuple[RunSummary, ...]

    @property
    def summary(self) -> RunSummary:
        """The run that this was."""
        return self.runs[0]


def recorded(file: Path) -> tuple[RunSummary, ...]:
    """Every run in a ledger, newest first; none where there is no ledger."""
    if not file.exists():
        return ()
    ledger = open_ledger(file)
    return tuple(run_summary(ledger, run.id) for run in latest_runs(ledger, 100))


Play = Callable[..., Played]


def runner(inventory: Path, state: Path) -> Play:
    """Runs `ansible-playbook ARGUMENTS` over an inventory, from the repository or from another checkout."""

    def run(*arguments: str, root: Path = ROOT, **more: str) -> Played:
        program = Path(sys.executable).with_name("ansible-playbook")
        own = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "NETBOX_"))},
            **environment(state),
            "ANSIBLE_CONFIG": str(root / "ansible.cfg"),
            "ANSIBLE_CALLBACK_PLUGINS": str(root / "callback_plugins"),
            "PYTHONPATH": str(root / "src"),
            "COLUMNS": "200",
        }
        result = subprocess.run(
            [program, "-i", str(inventory), *arguments],
            cwd=root,
            env={**own, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
        )
        return Played(result.returncode, result.stdout, recorded(state / "ledger.sqlite3"))

    return run


@pytest.fixture
def play(estate: LabStatus, tmp_path: Path) -> Play:
    """Runs `ansible-playbook ARGUMENTS` over the estate."""
    return runner(estate.inventory, tmp_path)


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[int, int], LinuxLab]]:
    """Brings up real Debian hosts: (kiosks, session hosts) -> lab. Skips, with the reason, where the machine cannot."""
    state = tmp_path_factory.mktemp("debian")

    def bring_up(kiosks: int, session_hosts: int) -> LinuxLab:
        try:
            return linux_control.up(state, linux_estate.hosts(kiosks, session_hosts))
        except WerkplekError as error:
            if error.code == Exit.UNAVAILABLE:
                pytest.skip(str(error))
            raise

    yield bring_up
    linux_control.down(state)


@pytest.fixture
def debian_play(debian: Callable[[int, int], LinuxLab], request: pytest.FixtureRequest, tmp_path: Path) -> Play:
    """Runs `ansible-playbook ARGUMENTS` over the Debian hosts of the test file's fixture `hosts`."""
    lab: LinuxLab = request.getfixturevalue("hosts")
    return runner(lab.registry, tmp_path)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of this repository that a test may spoil."""
    folder = tmp_path / "checkout"
    for part in (*CHECKOUT.split(), "src"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "ansible.cfg", folder)
    (folder / "registry.yml").touch()
    return folder
