# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running programs on the host, and hearing what a server says first."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
TIME_LIMIT = 300.0


@dataclass(frozen=True)
class Done:
    """A command that ended."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """What it said, errors first, for a message: its last three lines at most."""
        lines = [line.strip() for line in (self.err.strip() or self.out.strip()).splitlines() if line.strip()]
        return "; ".join(lines[-3:]) or f"exit code {self.code} without a word"


Run = Callable[[Sequence[str], str, Mapping[str, str], float], Done]


def run_command(command: Sequence[str], text: str, variables: Mapping[str, str], seconds: float) -> Done:
    """Run a command in the C locale with the text as its input. Code 127 where there is no such program."""
    environment = {"PATH": PATH, "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "HOME": "/root", **variables}
    try:
        done = subprocess.run(
            list(command),
            input=text.encode(),
            capture_output=True,
            env=environment,
            timeout=seconds,
            check=False,
            cwd="/",
        )
    except FileNotFoundError:
        return Done(127, "", f"{command[0]} is not there")
    except subprocess.TimeoutExpired:
        return Done(124, "", f"{command[0]} did not end within {seconds:.0f} s")
    return Done(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))


def greeting_of(address: str, port: int) -> str:
    """The first that a server says to who connects; nothing where none answers within two seconds."""
    try:
        with socket.create_connection((address, port), timeout=2) as connection:
            return connection.recv(64).decode(errors="replace")
    except OSError:
        return ""
