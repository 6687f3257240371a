"""Starts a lab's daemon, which outlives whoever starts it, and waits until it answers."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from werkplek import processes
from werkplek.errors import WerkplekError

START_SECONDS = 60.0
STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Daemon:
    """A lab's daemon. `mark` is in the environment of all its processes, with the state folder as its value.

    `name` and `was` are its words in messages: `the lab` `was`, `the switches` `were`.
    """

    name: str
    was: str
    mark: str
    state: Path
    log: Path

    def start[T](self, command: Sequence[str], read: Callable[[Path], T | None]) -> T:
        """Start it, and give what `read` finds in its state folder once it is ready.

        Raises:
            WerkplekError: it ended, or was not ready in time; nothing of it is left then.
        """
        pid = self._spawn(command)
        try:
            return self._ready(pid, read)
        except BaseException:
            processes.kill_marked(self.mark, str(self.state))
            processes.reap(pid)
            raise

    def _spawn(self, command: Sequence[str]) -> int:
        """In a session of its own, its output in the log. Not subprocess: it outlives this process."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        return os.posix_spawn(
            command[0],
            list(command),
            {**os.environ, self.mark: str(self.state)},
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, str(self.log), flags, 0o600),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ],
            setsid=True,
        )

    def _ready[T](self, pid: int, read: Callable[[Path], T | None]) -> T:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            ended, _ = os.waitpid(pid, os.WNOHANG)
            if ended:
                raise WerkplekError(f"{self.name} did not start; {self.log} says:\n{self._tail()}")
            running = read(self.state)
            if running is not None:
                return running
            time.sleep(0.02)
        raise WerkplekError(
            f"{self.name} {self.was} not ready in {START_SECONDS:.0f} seconds; {self.log} says:\n{self._tail()}"
        )

    def _tail(self, lines: int = 20) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def end(running: tuple[int, int] | None) -> None:
    """End a daemon by its process id and start; None is one that does not run."""
    if running is not None:
        processes.end(*running, STOP_SECONDS)
        processes.reap(running[0])


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """One starter or stopper at a time. The lock goes with the process that holds it."""
    with file.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
