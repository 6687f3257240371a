"""Ctrl-C and SIGTERM: stop at once where nothing runs, and let a running playbook be ended cleanly where one does."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupt:
    """Turns signals into `KeyboardInterrupt`, held back while a playbook runs under `held()`."""

    def __init__(self) -> None:
        self.requested = False
        self._held = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        """Signal handler."""
        self.requested = True
        if not self._held:
            raise KeyboardInterrupt

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Handle the signals here, and give them back afterwards."""
        before = {number: signal.signal(number, self) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Only note a signal; whoever runs inside asks `requested`. Raises KeyboardInterrupt at the end if one came."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
        if self.requested:
            raise KeyboardInterrupt
