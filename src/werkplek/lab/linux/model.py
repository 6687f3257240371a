"""What a Linux lab is: its hosts, its files, its status, and what every way to run it can do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from werkplek.errors import Exit, WerkplekError
from werkplek.files import write_atomic

ACCOUNT = "beheer"  # the operators' account on every lab host: a key, no password, sudo
BACKENDS = ("nspawn", "podman", "docker")


@dataclass(frozen=True, slots=True)
class LinuxHost:
    """A host of the lab. `image` names its recipe (werkplek.lab.linux.images); `cluster` is empty for workplaces."""

    name: str
    address: str
    image: str
    platform: str
    workplace_class: str
    municipality: str
    ring: str
    cluster: str = ""


@dataclass(frozen=True, slots=True)
class LinuxFiles:
    """The files in a Linux lab's state folder. The folder has mode 0700, keys 0600."""

    state: Path

    @property
    def status(self) -> Path:
        """The LinuxLab as JSON: written before the first host starts, so that a killed `up` can be taken down."""
        return self.state / "linux-lab.json"

    @property
    def lock(self) -> Path:
        """Held while somebody starts or stops the lab."""
        return self.state / "linux-lab.lock"

    @property
    def key(self) -> Path:
        """The operators' SSH key."""
        return self.state / "id_ed25519"

    @property
    def host_key(self) -> Path:
        """The SSH key that all hosts of this lab show."""
        return self.state / "host_ed25519"

    @property
    def known_hosts(self) -> Path:
        """What the operators' SSH client knows of the hosts."""
        return self.state / "known_hosts"

    @property
    def estate(self) -> Path:
        """The registry snapshot of the lab's hosts."""
        return self.state / "estate.json"

    @property
    def inventory(self) -> Path:
        """Folder with registry.yml and group_vars."""
        return self.state / "inventory"

    @property
    def hosts(self) -> Path:
        """A folder per host."""
        return self.state / "hosts"


@dataclass(frozen=True, slots=True)
class LinuxLab:
    """A Linux lab that is up. `network` is a /24 as text; `name` tells its parts on this machine from other labs'."""

    state: Path
    name: str
    backend: str
    network: str
    hosts: tuple[LinuxHost, ...]

    @property
    def registry(self) -> Path:
        """The inventory source to hand to `ansible-playbook -i`."""
        return LinuxFiles(self.state).inventory / "registry.yml"

    def to_json(self) -> dict[str, Any]:
        """The lab as JSON, paths as text. Holds no secret."""
        return {**asdict(self), "state": str(self.state)}


def prefix(network: str) -> str:
    """What the addresses of a lab's network begin with: `198.18.3.0/24` -> `198.18.3.`"""
    return network.removesuffix("0/24")


def gateway(network: str) -> str:
    """This machine's address in a lab's network."""
    return f"{prefix(network)}1"


class Backend(Protocol):
    """One way to run the lab's hosts. Every way gives hosts that answer SSH on their address."""

    name: str

    def lacks(self) -> Sequence[str]:
        """What this machine lacks to run hosts this way, each a sentence that says what to do; empty when nothing."""
        ...

    def network(self, name: str) -> str:
        """Make the lab's network and return it: a /24 as text, such as `198.18.3.0/24`."""
        ...

    def start(self, lab: LinuxLab) -> None:
        """Start the hosts; they need not answer yet. Raises WerkplekError."""
        ...

    def stop(self, lab: LinuxLab) -> None:
        """End the hosts and their network, also half-made ones. Never fails for what is not there."""
        ...


def write(lab: LinuxLab) -> None:
    """Keep the status."""
    write_atomic(LinuxFiles(lab.state).status, json.dumps(lab.to_json(), indent=2) + "\n")


def read(state: Path) -> LinuxLab | None:
    """The lab of a state folder, or None.

    Raises:
        WerkplekError: the file is not a status.
    """
    file = LinuxFiles(state).status
    try:
        values = json.loads(file.read_bytes())
        hosts = tuple(LinuxHost(**host) for host in values["hosts"])
        if values["backend"] not in BACKENDS:
            raise ValueError(values["backend"])
        return LinuxLab(Path(values["state"]), values["name"], values["backend"], values["network"], hosts)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError) as error:
        raise WerkplekError(f"{file} is not a Linux lab's status ({error!r})", code=Exit.UNAVAILABLE) from error
