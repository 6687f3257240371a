"""Processes by id and start time, or by a mark in their environment, so that a reused id is never mistaken.

Linux: reads /proc (proc(5)).
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

PROC = Path("/proc")


def start_time(pid: int) -> int | None:
    """Clock ticks after boot at which the process began; None when it is gone or only waits to be reaped."""
    try:
        # The name, in parentheses, may hold blanks: count from the last one. Field 3 is the state, 22 the start.
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def alive(pid: int, started: int) -> bool:
    """Whether the very process that began at `started` still runs."""
    return start_time(pid) == started


def wait_gone(pid: int, started: int, seconds: float) -> bool:
    """Wait for a process to end, at most `seconds`; False when it still runs."""
    deadline = time.monotonic() + seconds
    while alive(pid, started):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def reap(pid: int) -> None:
    """Take note of a child's end, when this very process started it; a long-lived starter keeps no zombies."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def end(pid: int, started: int, patience: float) -> None:
    """Ask a process to end, and kill it after `patience` seconds."""
    for number, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 5.0)):
        if alive(pid, started):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        if wait_gone(pid, started, seconds):
            return


def marked(name: str, value: str) -> list[int]:
    """Ids of the running processes that began with `name=value` in their environment."""
    mark = f"{name}={value}".encode()
    found = []
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):  # gone meanwhile, or another user's
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
    return sorted(found)


def kill_marked(name: str, value: str) -> int:
    """Kill what somebody left behind who was killed himself; the number of processes killed."""
    pids = [pid for pid in marked(name, value) if pid != os.getpid()]
    begun = {pid: start_time(pid) for pid in pids}
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for pid, started in begun.items():
        if started is not None:
            wait_gone(pid, started, 5.0)
    return len(pids)
