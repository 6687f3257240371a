"""The seam between our engine and a vendor: one file for each platform says how it renders, reads and applies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from werkplek.network.compare import Command
from werkplek.network.document import SwitchDocument
from werkplek.network.lines import Config, Rendering, Section


class Neighbour(NamedTuple):
    """What a switch sees at the far end of one of its ports."""

    port: str
    device: str
    far_port: str


@dataclass(frozen=True, slots=True)
class Look:
    """What a switch says of itself before anything is changed.

    `system` is the name of its operating system (`ios`, `eos`); `members` the numbers of the stack's members that are
    there; `ports` its port names; `running` and `saved` its configurations as text, secrets in them; `saved` is None
    where the platform has no second one.
    """

    system: str
    version: str
    model: str
    members: tuple[int, ...]
    ports: frozenset[str]
    running: str
    saved: str | None = None


@dataclass(frozen=True, slots=True)
class Links:
    """Ports with a link, and what is at their far ends."""

    up: frozenset[str]
    neighbours: frozenset[Neighbour]


class Terminal(Protocol):
    """A signed-in terminal. Each way to use it raises `TerminalError` with the switch's own words."""

    def send(self, command: str, questions: Sequence[tuple[str, str]] = ()) -> str:
        """The switch's answer to one command.

        `questions` are what it may ask instead of giving its prompt (a pattern, and what it is told); the first that it
        asks is answered. An answer with a line break in it answers the question after it as well.
        """

    def reconnect(self) -> None:
        """Sign in anew, after the session was lost."""

    def sign_in_again(self) -> None:
        """Sign in once more beside this session, and leave."""


class TerminalError(Exception):
    """The switch refused a command, did not answer in time, or is gone; `gone` tells which."""

    def __init__(self, text: str, *, gone: bool = False) -> None:
        super().__init__(text)
        self.gone = gone


class Session(Protocol):
    """One session with one switch. All raise `TerminalError`."""

    def look(self) -> Look:
        """Read all that comparing needs, in as few commands as there are."""

    def preview(self, commands: Sequence[Command]) -> str | None:
        """The difference as the switch itself shows it, nothing changed; None where it cannot do that."""

    def apply(self, commands: Sequence[Command], minutes: int) -> None:
        """Arm the switch's own way back, which works without us after `minutes`, and enter the commands."""

    def confirm(self) -> None:
        """Save what is running, and take the way back away; where saving fails the way back still works."""

    def roll_back(self) -> None:
        """Go back at once to what was running before `apply`."""

    def links(self) -> Links:
        """Which ports have a link now, and neighbours."""

    def save(self) -> None:
        """Save what is running."""

    def reconnect(self) -> None:
        """Sign in anew, after the session was lost."""

    def sign_in_again(self) -> None:
        """Prove that somebody can still sign in, beside this session."""


class Platform(Protocol):
    """A kind of switch."""

    name: str
    """As `Look.system` has it."""
    order: Sequence[str]
    """Beginnings of lines that are entered before all others."""

    def render(self, document: SwitchDocument) -> Rendering:
        """The document in the platform's lines."""

    def parse(self, text: str) -> Config:
        """A running configuration in the form in which `render` writes lines."""

    def canonical(self, section: Section, text: str) -> str:
        """A line in the form in which two lines that mean the same are the same text (`parse` gives lines so)."""

    def negate(self, section: Section, text: str) -> str:
        """The line that takes a line away."""

    def mask(self, text: str) -> str:
        """A configuration without its secrets, fit to be kept."""
