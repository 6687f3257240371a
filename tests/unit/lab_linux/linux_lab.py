"""A Linux lab of nothing but files: hosts with addresses, keys, programs that only write down how they were called."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from pathlib import Path

from werkplek.lab.linux import estate
from werkplek.lab.linux.model import LinuxFiles, LinuxLab


def lab_in(state: Path, kiosks: int = 2, session_hosts: int = 1, backend: str = "nspawn") -> LinuxLab:
    """A lab as it is just before its hosts start: the keys are there."""
    for key in (LinuxFiles(state).key, LinuxFiles(state).host_key):
        key.write_text(f"private {key.name}\n")
        key.with_suffix(".pub").write_text(f"public {key.name}\n")
    hosts = tuple(
        replace(host, address=f"198.18.9.{number}")
        for number, host in enumerate(estate.hosts(kiosks, session_hosts), start=10)
    )
    return LinuxLab(state, "wpabc", backend, "198.18.9.0/24", hosts)


@dataclass(frozen=True)
class Programs:
    """Programs on PATH that a test made; each writes its call down and then does what the test says, in sh."""

    folder: Path

    def make(self, name: str, script: str = "") -> None:
        log = f'printf "%s\\n" "{name} $*" >> {shlex.quote(str(self.log))}'
        file = self.folder / name
        file.write_text(f"#!/bin/sh\n{log}\n{script}\n")
        file.chmod(0o755)

    @property
    def log(self) -> Path:
        return self.folder.parent / "calls"

    @property
    def calls(self) -> list[str]:
        """How the programs were called, in order."""
        return self.log.read_text().splitlines() if self.log.exists() else []
