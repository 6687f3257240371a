"""Talks to the lab's switches from outside: what they are configured as, what was typed, and what breaks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from werkplek.errors import WerkplekError
from werkplek.lab.control_client import ControlClient
from werkplek.lab.switches import status
from werkplek.lab.switches.status import NetworkFiles


class NetworkClient(ControlClient):
    """The control API of the switches in a state folder. Use as a context manager.

    Making one and every call raises WerkplekError: with the lab's own text when it refuses, or because none runs.
    """

    def __init__(self, state: Path) -> None:
        lab = status.read(state.resolve())
        if lab is None:
            raise WerkplekError(f"no switches run in {state}; start some with `werkplek lab network up`")
        super().__init__(lab.control_url, NetworkFiles(lab.state).control_token, "the lab's switches", "do")

    def show(self, switch: str) -> dict[str, Any]:
        """A switch now.

        `running` and `startup` are texts, `sessions` has `open` and `opened` (since it came on), `log` the lines typed
        as `{session, user, mode, line, accepted}`, `pending` what happens in so many seconds (`revert`, `reload`).
        """
        found: dict[str, Any] = self._call("GET", f"/switches/{switch}")
        return found

    def forwarding(self, switch: str) -> list[dict[str, Any]]:
        """What each port does, as `{name, up, mode, access, voice, native, allowed, dead}`."""
        found: list[dict[str, Any]] = self._call("GET", f"/switches/{switch}/forwarding")
        return found

    def fault(self, switch: str, **faults: object) -> None:
        """Give a switch faults beside those it has: fields of werkplek.lab.switches.device.Faults."""
        self._call("PUT", f"/switches/{switch}/faults", faults)

    def heal(self, switch: str) -> None:
        """Take all its faults away."""
        self._call("DELETE", f"/switches/{switch}/faults")

    def plug(self, switch: str, port: str, plugged: bool = True) -> None:
        """Plug a cable into a port, or pull it."""
        self._call("POST", f"/switches/{switch}/cable", {"port": port, "plugged": plugged})

    def light(self, switch: str, port: str, lit: bool = True) -> None:
        """Switch on, or off, what hangs on a port."""
        self._call("POST", f"/switches/{switch}/cable", {"port": port, "lit": lit})

    def edit(self, switch: str, lines: Sequence[str]) -> None:
        """Change the running configuration as somebody else at another terminal."""
        self._call("POST", f"/switches/{switch}/edit", {"lines": list(lines)})

    def restart(self, switch: str) -> None:
        """Take its power away for a moment."""
        self._call("POST", f"/switches/{switch}/restart")

    def configure(self, switch: str, running: str, save: bool = False) -> None:
        """Give it another running configuration, whole, and save it where asked."""
        self._call("PUT", f"/switches/{switch}/configuration", {"running": running, "save": save})

    def advance(self, seconds: float) -> None:
        """Move the clock of all switches on."""
        self._call("POST", "/clock", {"seconds": seconds})

    def settle(self) -> None:
        """Wait until the fabric forwards what the switches say."""
        self._call("POST", "/settle")
