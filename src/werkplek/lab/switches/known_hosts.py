"""The switches' host keys among those that the user's SSH clients know.

ansible-pylibssh 1.4 hands libssh neither another known_hosts nor another configuration, and libssh takes the home
folder of the account whatever the environment says. So that keys are checked, the lab's lines stand in the account's
own ~/.ssh/known_hosts while the lab runs. They name ports of 127.0.0.1 only, and say whose they are.
"""

from __future__ import annotations

import fcntl
import os
import pwd
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from werkplek.files import write_atomic

MARK = " werkplek-lab="


def own_file() -> Path:
    """The account's known_hosts, as libssh finds it."""
    return Path(pwd.getpwuid(os.geteuid()).pw_dir) / ".ssh" / "known_hosts"


def add(file: Path, state: Path, keys: str, runs: Callable[[Path], bool]) -> None:
    """Add a lab's keys, lines as of sshd(8), in the place of those that it had.

    Lines of labs that do not run any more, because somebody killed them, go: `runs` says of a state folder.
    """
    with _locked(file):
        lines = [f"{line}{MARK}{state}\n" for line in keys.splitlines()]
        others = [line for line in _others(file, state) if MARK not in line or runs(Path(line.split(MARK)[1].strip()))]
        write_atomic(file, "".join([*others, *lines]), _mode(file))


def remove(file: Path, state: Path) -> None:
    """Take a lab's keys away; the file goes with the last line in it."""
    if not file.exists():
        return
    with _locked(file):
        others = "".join(_others(file, state))
        if others:
            write_atomic(file, others, _mode(file))
        else:
            file.unlink()


def _others(file: Path, state: Path) -> list[str]:
    lines = file.read_text().splitlines(keepends=True) if file.exists() else []
    return [line if line.endswith("\n") else f"{line}\n" for line in lines if not line.endswith(f"{MARK}{state}\n")]


def _mode(file: Path) -> int:
    return file.stat().st_mode & 0o777 if file.exists() else 0o600


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """One writer of ours at a time."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(file.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
