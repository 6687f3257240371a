"""What sessions at a command line share, whatever the platform."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping

from werkplek.network.platform import Links, Neighbour, Terminal, TerminalError


class CliSession(ABC):
    """The part of `Session` that IOS and EOS have alike."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def reconnect(self) -> None:
        """See `Session.reconnect`."""
        self._terminal.reconnect()

    def sign_in_again(self) -> None:
        """See `Session.sign_in_again`."""
        self._terminal.sign_in_again()

    def links(self) -> Links:
        """See `Session.links`."""
        status = self._terminal.send("show interfaces status")
        said = self._answered("show lldp neighbors detail")  # nothing where LLDP is off
        return Links(frozenset(self._connected(status)), frozenset(self._seen(said)))

    @abstractmethod
    def _connected(self, status: str) -> Iterable[str]:
        """Full names of the ports of `show interfaces status` that are connected."""

    @abstractmethod
    def _seen(self, said: str) -> Iterable[Neighbour]:
        """The neighbours of `show lldp neighbors detail`."""

    def _leave(self) -> None:
        """Out of configuration mode, wherever a refused line left us; who is out of it is refused `end`."""
        self._answered("end")

    def _answered(self, command: str) -> str:
        """A command's answer; nothing where the switch refuses it. Raises TerminalError where the session is gone."""
        try:
            return self._terminal.send(command)
        except TerminalError as error:
            if error.gone:
                raise
            return ""


def matched(pattern: str, text: str) -> str:
    """What the first group of a pattern matches, or nothing."""
    match = re.search(pattern, text)
    return match[1] if match else ""


def first_line(text: str) -> str:
    """The first line that says something."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "nothing")


def long_name(name: str, kinds: Mapping[str, str]) -> str:
    """`Gi1/0/1` as the configuration writes it, by the long form of each kind's short one."""
    match = re.fullmatch(r"([A-Za-z-]+)(\d\S*)", name)
    return f"{kinds.get(match[1], match[1])}{match[2]}" if match else name
