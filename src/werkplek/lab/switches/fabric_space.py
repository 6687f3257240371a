"""Network namespaces of a fabric: who lives in one has a network of its own (ip-netns(8))."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from werkplek.errors import Exit, WerkplekError

SPACES = Path("/run/netns")
MARK = "WERKPLEK_FABRIC"  # in the environment of a fabric's processes: its state folder


class Spaces:
    """The namespaces of the fabric in one state folder. Their names begin with its hash, so that labs never meet."""

    def __init__(self, state: Path) -> None:
        self.state = state.resolve()
        self.lab = f"wf{hashlib.sha256(str(self.state).encode()).hexdigest()[:8]}"
        self.switches = f"{self.lab}_switches"  # no endpoint's name makes this

    def of(self, name: str) -> str:
        """The namespace of an endpoint or router."""
        return f"{self.lab}-{name}"

    def of_switch(self, switch: str) -> str:
        """The namespace of a switch that decides for itself; empty: of all emulated ones."""
        return f"{self.switches}-{switch}" if switch else self.switches

    def there(self) -> list[str]:
        """Every namespace of this fabric that exists."""
        names = (entry.name for entry in SPACES.iterdir()) if SPACES.is_dir() else ()
        return sorted(name for name in names if name.startswith((f"{self.lab}-", f"{self.lab}_")))

    def add(self, names: Iterable[str]) -> None:
        """Make namespaces in which loopback works and IPv6, which the fabric does not use, is silent."""
        wanted = list(names)
        batch("", (f"netns add {name}" for name in wanted))
        for name in wanted:
            inside(name, _quiet)
            batch(name, ["link set dev lo up"])

    def remove(self) -> None:
        """Remove them all, with the interfaces in them."""
        for name in self.there():
            subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)

    def environment(self) -> dict[str, str]:
        """The environment of the fabric's processes, by which they are found again."""
        return {**os.environ, MARK: str(self.state)}


def _quiet() -> None:
    """/proc/sys/net is that of the namespace that the thread is in (network_namespaces(7))."""
    for name in ("all", "default"):
        file = Path(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6")
        if file.exists():
            file.write_text("1")


def inside[T](space: str, call: Callable[[], T]) -> T:
    """Call something in a namespace: in a thread, which enters it (setns(2)) and ends. Sockets stay in it."""

    def entered() -> T:
        with (SPACES / space).open() as handle:
            os.setns(handle.fileno(), os.CLONE_NEWNET)
        return call()

    with ThreadPoolExecutor(max_workers=1) as threads:
        return threads.submit(entered).result()


def enter(space: str) -> list[str]:
    """What to put before a command that runs in a namespace."""
    return ["nsenter", f"--net={SPACES / space}"]


def batch(space: str, lines: Iterable[str]) -> None:
    """Commands of ip(8) in a namespace (empty: this process's), all in one process."""
    text = "".join(f"{line}\n" for line in lines)
    where = ["-netns", space] if space else []
    if text:
        command("ip", *where, "-batch", "-", text=text)


def command(*words: str, text: str = "") -> str:
    """A command that must work; its output.

    Raises:
        WerkplekError: with what it said.
    """
    done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip() or done.stdout.strip()
        raise WerkplekError(f"`{' '.join(words)}` failed: {said}", code=Exit.UNAVAILABLE)
    return done.stdout
