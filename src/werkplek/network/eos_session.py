"""One session with a switch of platform Arista EOS.

Every change is made in a configuration session, which the switch takes whole or not at all, and is committed with a
timer: unless the session is committed once more before it ends, the switch goes back by itself (Arista, "EOS User
Manual", Configure Session). What the switch says of its sessions is read as cEOS 4.35 says it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence

from werkplek.network.cli_session import CliSession, first_line, long_name, matched
from werkplek.network.compare import Command, entered
from werkplek.network.ios import SHORT as IOS_SHORT
from werkplek.network.platform import Look, Neighbour, Terminal, TerminalError

NAMES = "werkplek-"
# a neighbour may be of the other system, and says its ports as that one does
SHORT = {**IOS_SHORT, "Et": "Ethernet", "Ma": "Management", "Po": "Port-Channel"}
_OPEN = re.compile(rf"(?m)^[* ] *({NAMES}[0-9a-f]{{8}}) +pending\b")
_ARMED = re.compile(r"Session with pending commit timer: *(\S+)|(?m:^[* ] *(\S+) +pendingCommitTimer\b)")


class EosSession(CliSession):
    """See `Session`."""

    def __init__(self, terminal: Terminal) -> None:
        super().__init__(terminal)
        self._name = NAMES + secrets.token_hex(4)

    def look(self) -> Look:
        """See `Session.look`."""
        version = self._terminal.send("show version")
        system = matched(r"(?m)^Arista (\S+)", version)
        release = matched(r"(?m)^Software image version: *(\S+)", version)
        if not system or not release:
            return Look(first_line(version), "", "", (), frozenset(), "")
        running = self._terminal.send("show running-config")
        return Look(
            system="eos",
            version=release,
            model=system,
            members=(1,),
            ports=frozenset(re.findall(r"(?m)^interface (\S+)", running)),
            running=running,
            saved=self._terminal.send("show startup-config"),
        )

    def preview(self, commands: Sequence[Command]) -> str | None:
        """See `Session.preview`: what the switch says that a session would change; the session is aborted."""
        self._open(commands)
        said = self._terminal.send("show session-config diffs")
        self._abort(self._name)
        return said.strip()

    def apply(self, commands: Sequence[Command], minutes: int) -> None:
        """See `Session.apply`."""
        self._open(commands)
        self._do(f"commit timer {minutes // 60:02}:{minutes % 60:02}:00")
        if _armed(self._sessions()) != self._name:
            raise TerminalError(f"commit timer was taken, and session {self._name} does not wait for confirmation")

    def confirm(self) -> None:
        """See `Session.confirm`."""
        self.save()
        self._do(f"configure session {self._name} commit")
        if _armed(self._sessions()) == self._name:
            raise TerminalError(f"session {self._name} was committed, and still waits for confirmation")

    def save(self) -> None:
        """See `Session.save`."""
        said = self._do("write memory")
        if "Copy completed successfully" not in said:
            raise TerminalError(f"write memory did not end with success: {said.strip()}")

    def roll_back(self) -> None:
        """See `Session.roll_back`. To abort a session that waits for confirmation undoes it at once."""
        self._leave()
        said = self._sessions()
        if self._name in (_armed(said), *_OPEN.findall(said)):
            self._abort(self._name)

    def _connected(self, status: str) -> Iterable[str]:
        return [_long(name) for name in re.findall(r"(?m)^(\S+)\s.*?\sconnected\s", status)]

    def _seen(self, said: str) -> Iterable[Neighbour]:
        return _neighbours(said)

    def _open(self, commands: Sequence[Command]) -> None:
        """A session of our own with the commands in it, not committed; aborted where one of them is refused."""
        self._make_room()
        self._do(f"configure session {self._name}")
        try:
            for typed in entered(commands):
                self._do(f"{typed}\nEOF" if typed.startswith("banner ") else typed)
        except TerminalError as error:
            if not error.gone:
                self._abort(self._name)
            raise

    def _make_room(self) -> None:
        """Abort what a run that was cut has left; refuse where somebody's change waits for its confirmation."""
        said = self._sessions()
        if waiting := _armed(said):
            raise TerminalError(f"configuration session {waiting} waits for its confirmation; nothing was entered")
        for left in _OPEN.findall(said):
            self._abort(left)

    def _abort(self, name: str) -> None:
        self._leave()
        self._do(f"configure session {name} abort")

    def _sessions(self) -> str:
        return self._terminal.send("show configuration sessions detail")

    def _do(self, command: str) -> str:
        """A command's answer. EOS begins each refusal with `% `, and some are unknown to Ansible's plugin."""
        said = self._terminal.send(command)
        if refused := re.search(r"(?m)^% .*", said):
            raise TerminalError(refused[0].strip())
        return said


def _armed(said: str) -> str:
    """The session whose commit waits for its confirmation, or nothing."""
    match = _ARMED.search(said)
    return (match[1] or match[2]) if match else ""


def _neighbours(text: str) -> list[Neighbour]:
    found: list[Neighbour] = []
    for block in re.split(r"(?m)^(?=Interface \S+ detected )", text.replace("\r", "")):
        port = matched(r"^Interface (\S+) detected", block)
        for one in re.split(r"(?m)^ +Neighbor ", block)[1:]:
            name, far = (
                matched(rf'(?m)^[ -]*{words} *: "?([^"\n]+?)"? *$', one) for words in ("System Name", "Port ID")
            )
            if port and name:
                found.append(Neighbour(_long(port), name.split(".")[0], _long(far)))
    return found


def _long(name: str) -> str:
    return long_name(name, SHORT)
