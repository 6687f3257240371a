"""A backend of the Linux lab that only remembers what it was asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from werkplek.errors import Exit, WerkplekError
from werkplek.lab.linux import estate
from werkplek.lab.linux.model import LinuxHost, LinuxLab

HOSTS = estate.hosts(2, 1)


@dataclass
class Remembered:
    """A backend whose hosts are names. `broken` says which step fails."""

    name: str = "podman"
    lacking: tuple[str, ...] = ()
    broken: str = ""
    running: dict[str, LinuxLab] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def lacks(self) -> tuple[str, ...]:
        return self.lacking

    def network(self, name: str) -> str:
        self._step("network")
        return f"198.18.{7 + len(self.running)}.0/24"

    def start(self, lab: LinuxLab) -> None:
        self.running[lab.name] = lab
        self._step("start")

    def stop(self, lab: LinuxLab) -> None:
        self.calls.append("stop")
        self.running.pop(lab.name, None)

    def answers(self, host: LinuxHost) -> bool:
        return any(host in lab.hosts for lab in self.running.values())

    def _step(self, name: str) -> None:
        self.calls.append(name)
        if name == self.broken:
            raise WerkplekError(f"{name} broke", code=Exit.UNAVAILABLE)
