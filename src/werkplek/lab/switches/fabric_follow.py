"""Keeps a fabric at what its emulated switches' configuration says, beside whoever takes that configuration."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Self

from werkplek.errors import WerkplekError
from werkplek.lab.switches.fabric_rows import PortForwarding

type Apply = Callable[[str, Sequence[PortForwarding]], None]


class Follower:
    """Applies each switch's newest forwarding in a thread of its own: one line of configuration never waits for it.

    Use it as a context: it ends when that ends. What fails is raised by the next `flush`.
    """

    def __init__(self, apply: Apply) -> None:
        self._apply = apply
        self._known: dict[str, tuple[PortForwarding, ...]] = {}
        self._waiting: dict[str, tuple[PortForwarding, ...]] = {}
        self._busy, self._over = False, False
        self._error: WerkplekError | None = None
        self._moved = threading.Condition()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._moved:
            self._over = True
            self._moved.notify_all()
        self._thread.join()

    def changed(self, switch: str, ports: Sequence[PortForwarding]) -> None:
        """Say what a switch forwards now; what it forwarded already costs nothing."""
        wanted = tuple(ports)
        with self._moved:
            if self._known.get(switch) != wanted:
                self._known[switch] = self._waiting[switch] = wanted
                self._moved.notify_all()

    def flush(self) -> None:
        """Wait until all that was said is applied.

        Raises:
            WerkplekError: something could not be.
        """
        with self._moved:
            self._moved.wait_for(lambda: not self._waiting and not self._busy)
            error, self._error = self._error, None
        if error is not None:
            raise error

    def _work(self) -> None:
        while (found := self._next()) is not None:
            try:
                self._apply(*found)
            except WerkplekError as error:
                self._failed(found[0], error)
            finally:
                with self._moved:
                    self._busy = False
                    self._moved.notify_all()

    def _next(self) -> tuple[str, tuple[PortForwarding, ...]] | None:
        with self._moved:
            self._moved.wait_for(lambda: self._waiting or self._over)
            if self._over:
                return None
            self._busy = True
            return self._waiting.popitem()

    def _failed(self, switch: str, error: WerkplekError) -> None:
        """Nobody knows what the switch forwards now: the next word of it is applied whatever it is."""
        with self._moved:
            self._error = error
            self._known.pop(switch, None)
