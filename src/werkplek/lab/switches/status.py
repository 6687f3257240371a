"""What a lab of switches is and where its files are: written by its daemon, read by everyone else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from werkplek import processes
from werkplek.errors import WerkplekError
from werkplek.files import write_atomic

MARK = "WERKPLEK_NETWORK_LAB"  # in the environment of every process of such a lab: its state folder
ACCOUNT = "beheer"


@dataclass(frozen=True, slots=True)
class NetworkFiles:
    """The files in the state folder; the secret ones have mode 0600 and the folder 0700."""

    state: Path

    @property
    def status(self) -> Path:
        """The NetworkLab as JSON: there while the switches answer."""
        return self.state / "network-lab.json"

    @property
    def log(self) -> Path:
        """The daemon's log."""
        return self.state / "network-lab.log"

    @property
    def lock(self) -> Path:
        """Held while somebody starts or stops the lab."""
        return self.state / "network-lab.lock"

    @property
    def control_token(self) -> Path:
        """Secret of the control API."""
        return self.state / "control.token"

    @property
    def password(self) -> Path:
        """Password of the operators' account on every switch."""
        return self.state / "switches.password"

    @property
    def known_hosts(self) -> Path:
        """What an SSH client knows of the switches."""
        return self.state / "known_hosts"

    @property
    def ssh_config(self) -> Path:
        """How OpenSSH reaches the switches by hand."""
        return self.state / "ssh_config"

    @property
    def estate(self) -> Path:
        """The registry snapshot of the switches."""
        return self.state / "estate.json"

    @property
    def inventory(self) -> Path:
        """Folder with registry.yml, group_vars and host_vars."""
        return self.state / "inventory"


@dataclass(frozen=True, slots=True)
class NetworkLab:
    """A lab of switches that runs. `started` is its daemon's start in clock ticks after boot.

    `ports` maps each switch that is a double to its port on 127.0.0.1; `systems` every switch to its platform's slug.
    """

    state: Path
    pid: int
    started: int
    control_url: str
    ports: Mapping[str, int]
    systems: Mapping[str, str]
    fabric: bool

    @property
    def registry(self) -> Path:
        """The inventory source to hand to `ansible-playbook -i`."""
        return NetworkFiles(self.state).inventory / "registry.yml"

    def to_json(self) -> dict[str, Any]:
        """The status as JSON, paths as text. Holds no secret."""
        return {**asdict(self), "state": str(self.state)}


def write(lab: NetworkLab) -> None:
    """Say that the switches answer."""
    write_atomic(NetworkFiles(lab.state).status, json.dumps(lab.to_json(), indent=2) + "\n")


def read(state: Path) -> NetworkLab | None:
    """The lab that runs in `state`, or None. A file of a lab that is gone counts as none.

    Raises:
        WerkplekError: the file is not a status.
    """
    file = NetworkFiles(state).status
    try:
        values = json.loads(file.read_bytes())
        lab = NetworkLab(**{**values, "state": Path(values["state"])})
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError) as error:
        raise WerkplekError(f"{file} is not a lab's status ({error!r}); run `werkplek lab network down`") from error
    return lab if processes.alive(lab.pid, lab.started) else None
