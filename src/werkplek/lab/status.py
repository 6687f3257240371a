"""What a lab is and where its files are: written by the daemon, read by everyone else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from werkplek import processes
from werkplek.errors import WerkplekError
from werkplek.files import write_atomic

MARK = "WERKPLEK_LAB"  # in the environment of every process of a lab: its state folder


@dataclass(frozen=True, slots=True)
class LabFiles:
    """The files in a lab's state folder; the secret ones have mode 0600 and the folder 0700."""

    state: Path

    @property
    def status(self) -> Path:
        """The LabStatus as JSON: there while the lab is ready."""
        return self.state / "lab.json"

    @property
    def log(self) -> Path:
        """The daemon's log."""
        return self.state / "lab.log"

    @property
    def lock(self) -> Path:
        """Held while somebody starts or stops the lab."""
        return self.state / "lab.lock"

    @property
    def control_token(self) -> Path:
        """Secret of the control API."""
        return self.state / "control.token"

    @property
    def netbox_token(self) -> Path:
        """API token of the NetBox double."""
        return self.state / "netbox.token"

    @property
    def password(self) -> Path:
        """Password of the lab's Windows hosts."""
        return self.state / "winrm.password"

    @property
    def inventory(self) -> Path:
        """Folder with registry.yml and group_vars."""
        return self.state / "inventory"

    @property
    def hosts(self) -> Path:
        """A folder per Windows host, named after its address."""
        return self.state / "hosts"


@dataclass(frozen=True, slots=True)
class LabStatus:
    """A running lab. `started` is the daemon's start in clock ticks after boot; `hosts` maps names to addresses."""

    state: Path
    pid: int
    started: int
    estate: Path
    netbox_url: str
    token_file: Path
    winrm_port: int
    hosts: Mapping[str, str]
    inventory: Path
    control_url: str
    log: Path

    @property
    def registry(self) -> Path:
        """The inventory source to hand to `ansible-playbook -i`."""
        return self.inventory / "registry.yml"

    def to_json(self) -> dict[str, Any]:
        """The status as JSON, paths as text. Holds no secret."""
        return {name: str(value) if isinstance(value, Path) else value for name, value in asdict(self).items()}


_PATHS = ("state", "estate", "token_file", "inventory", "log")


def write(status: LabStatus) -> None:
    """Say that the lab is ready."""
    write_atomic(LabFiles(status.state).status, json.dumps(status.to_json(), indent=2) + "\n")


def read(state: Path) -> LabStatus | None:
    """The lab that runs in `state`, or None. A file of a lab that is gone counts as none.

    Raises:
        WerkplekError: the file is not a status.
    """
    file = LabFiles(state).status
    try:
        values = json.loads(file.read_bytes())
        status = LabStatus(**{**values, **{name: Path(values[name]) for name in _PATHS}})
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError) as error:
        raise WerkplekError(f"{file} is not a lab's status ({error!r}); run `werkplek lab down`") from error
    return status if processes.alive(status.pid, status.started) else None
