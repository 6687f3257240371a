"""What the module asks of the host: files and commands, in one place, so that tests can stand in for them."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Answer:
    """How a command ended."""

    code: int
    out: str
    err: str


class Host:
    """The machine that this runs on, its files below `root`."""

    def __init__(self, root: Path = Path("/")) -> None:
        self.root = root

    def path(self, name: str) -> Path:
        """A file by its absolute name."""
        return self.root / name.lstrip("/")

    def text(self, name: str) -> str | None:
        """A file's text, None where there is none."""
        try:
            return self.path(name).read_text(errors="replace")
        except FileNotFoundError:
            return None

    def run(self, *command: str, stdin: str = "", seconds: float = 60) -> Answer:
        """Run a command; one that is not there or takes too long has code 127 or 124, as shells have it."""
        try:
            done = subprocess.run(
                command, input=stdin, capture_output=True, text=True, timeout=seconds, check=False, errors="replace"
            )
        except FileNotFoundError:
            return Answer(127, "", f"{command[0]} is not installed")
        except subprocess.TimeoutExpired:
            return Answer(124, "", f"{command[0]} did not end in {seconds:.0f} seconds")
        return Answer(done.returncode, done.stdout, done.stderr)


class HostError(Exception):
    """What could not be found out or done, in words for an operator."""
