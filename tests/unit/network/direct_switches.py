"""The lab's switches without SSH: a terminal that types into a session of the double, and whole documents for them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from werkplek.cli.policy_subject import read_inventory
from werkplek.files import ROOT
from werkplek.lab.switches import estate, lab
from werkplek.lab.switches.device import Device
from werkplek.lab.switches.dialect import Dialect
from werkplek.lab.switches.eos import Eos as EosDialect
from werkplek.lab.switches.ios import Ios as IosDialect
from werkplek.lab.switches.shell import opened
from werkplek.network.platform import TerminalError
from werkplek.registry.hosts import Inventory
from werkplek.registry.snapshot import load

ACCOUNT = ("beheer", "proef")
# The collections' terminal plugins know an error by these, among others.
REFUSED = re.compile(r"(?m)^\s*%\s?(Invalid|Incomplete|Ambiguous|Error|Bad|Command rejected|Failed)", re.IGNORECASE)
PROMPT = re.compile(r"(?:^|\n)[\w.-]+(\(config[^)]*\))?[#>]$")


class DirectTerminal:
    """See `Terminal`."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._open()

    def _open(self) -> None:
        self._said: list[str] = []
        self._gone = False
        self._session = opened(self._device, ACCOUNT[0], self._said.append, self._closed)
        self._session.begin()
        self.send("terminal length 0")

    def _closed(self) -> None:
        self._gone = True

    def send(self, command: str, questions: Sequence[tuple[str, str]] = ()) -> str:
        """Type a command, and answer the first question."""
        said = self._typed(command)
        answer = next((answer for pattern, answer in questions if re.search(pattern, said)), None)
        if answer is not None:
            said += self._typed(answer)
        if self._gone:
            raise TerminalError("Socket is closed", gone=True)
        if not PROMPT.search(said):
            raise TerminalError(f"timeout: no prompt after {said[-60:]!r}", gone=True)
        if REFUSED.search(said):
            raise TerminalError(" ".join(said.split()))
        return "\n".join(said.split("\n")[1:-1])

    def _typed(self, text: str) -> str:
        self._said.clear()
        self._session.feed(text.replace("\n", "\r") + "\r")
        return "".join(self._said).replace("\r\n", "\n").replace("\r", "\n")

    def reconnect(self) -> None:
        """A new session."""
        if self._device.faults.refuse_sign_in:
            raise TerminalError("Authentication failed", gone=True)
        self._session.end()
        self._open()

    def sign_in_again(self) -> None:
        """One more session."""
        DirectTerminal(self._device)._session.end()


@cache
def _made() -> tuple[tuple[estate.SwitchHost, ...], Mapping[str, Dialect]]:
    """What no switch changes, and takes its time."""
    return estate.hosts(load(ROOT / "lab/estate.json")), {"cisco-ios": IosDialect(), "arista-eos": EosDialect()}


def switches() -> Mapping[str, Device]:
    """Doubles of the embedded estate's switches, cabled."""
    return lab.devices(*_made(), ACCOUNT)


def embedded() -> Inventory:
    """The embedded estate's inventory."""
    return read_inventory(ROOT / "lab/estate.registry.yml")
