"""Command lines that stand in the process lists while something runs: no secret may be among them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def command_lines(every: float) -> Iterator[set[bytes]]:
    """Everything that stood in a process list of this machine meanwhile, looked at `every` so many seconds."""
    seen: set[bytes] = set()
    done = threading.Event()

    def look() -> None:
        while not done.wait(every):
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    seen.add((process / "cmdline").read_bytes())
                except OSError:
                    continue

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()
