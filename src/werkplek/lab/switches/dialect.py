"""What a network operating system of the lab is: its modes, its commands, and how it shows its configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from werkplek.lab.switches.grammar import Grammar, Match, Mismatch, Reader
from werkplek.lab.switches.tree import Section

if TYPE_CHECKING:
    from werkplek.lab.switches.device import Device, Neighbour
    from werkplek.lab.switches.estate import SwitchHost
    from werkplek.lab.switches.forwarding import Decision
    from werkplek.lab.switches.shell import Session


class Refusal(Exception):
    """A line that is well formed and refused all the same; the text is what the switch says."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question. What is typed next, up to the end of the line, goes to `then`.

    `hidden`: it is not shown while typed. `at_once`: a single key answers (`[confirm]`).
    """

    prompt: str
    then: Callable[[str], Answer]
    hidden: bool = False
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Collect:
    """Lines of text follow until `done` says of one that it is the last; then all of them go to `then`."""

    done: Callable[[str], bool]
    then: Callable[[list[str]], Answer]
    opening: str = ""  # what is said first


type Answer = str | Ask | Collect


@dataclass(frozen=True, slots=True)
class Exec:
    """A command that looks or does; `run` gives what is said."""

    pattern: str
    run: Callable[[Session, Match[Rule]], Answer]
    privilege: int = 1


@dataclass(frozen=True, slots=True)
class Edit:
    """Where a line of configuration goes: the section of the tree, and the slots that lead to it."""

    session: Session
    device: Device
    section: Section
    path: tuple[str, ...]
    line: str  # as typed

    def wrong(self, word: str) -> Mismatch:
        """To raise when a word of the line is not what can stand there."""
        return Mismatch("invalid", max(0, self.line.rfind(word)))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of configuration. By itself it replaces what stands in its slot, and its `no` form takes that away.

    `enters`: the mode of the section that it opens. `default`: the value that is not shown. `on`: it holds by
    default, so that its `no` form is what is shown; `shown`: both forms are shown, and a switch has always one.
    `write` gives the text to show in the place of what was typed; `run` does all of it in another way.
    """

    pattern: str
    enters: str = ""
    default: str | None = None
    on: bool = False
    shown: bool = False
    write: Callable[[Edit, Match[Rule]], str] | None = None
    run: Callable[[Edit, Match[Rule]], Answer] | None = None


type Rule = Exec | Line


@dataclass(frozen=True, slots=True)
class Mode:
    """A mode of the command line. `suffix` is what its prompt has after the host's name: `(config-if)#`.

    A line that fits no command of a mode is tried in `parent`, and leads there.
    """

    name: str
    suffix: str
    grammar: Grammar[Rule]
    parent: str = ""


def mode(name: str, suffix: str, rules: list[Rule], readers: Mapping[str, Reader], parent: str = "") -> Mode:
    """A mode with these commands; lines of configuration get their `no` and `default` forms.

    Raises:
        ValueError: a pattern is none.
    """
    grammar: Grammar[Rule] = Grammar(readers)
    for rule in rules:
        grammar.add(rule.pattern, rule)
    for rule in rules:
        if isinstance(rule, Line) and not rule.pattern.startswith("no "):
            grammar.add_negations(rule.pattern, rule)
    return Mode(name, suffix, grammar, parent)


class Dialect(Protocol):
    """A network operating system."""

    name: str  # the platform's slug in the registry
    modes: Mapping[str, Mode]  # by name; `exec` and `config` are there always

    def prompt(self, session: Session) -> str:
        """What stands before the cursor."""

    def greeting(self, device: Device) -> str:
        """What is said when somebody has signed in."""

    def banner(self, device: Device) -> str:
        """What is said before somebody signs in."""

    def privilege(self, device: Device, user: str) -> int:
        """The level with which a user begins."""

    def may_connect(self, device: Device, address: str) -> bool:
        """Whether the switch takes SSH sessions at all, and from this address (empty: no list is asked about it)."""

    def signs_in(self, device: Device, user: str, password: str) -> bool:
        """Whether an account and its password open a session."""

    def mismatch(self, reason: str, line: str, column: int, prompt: str) -> str:
        """What is said of a line that fits no command. `column` counts from the line's begin, without the prompt."""

    def running_text(self, device: Device) -> str:
        """The running configuration as kept in a file: without what `show` puts around it."""

    def load(self, device: Device, text: str) -> None:
        """Make the text of a configuration the running one, in the place of what runs.

        Raises:
            Refusal: a line of it is none of this system; the running configuration is as before.
        """

    def restart(self, device: Device) -> None:
        """What a loss of power does: sessions are cut, and what was saved runs."""

    def factory(self, host: SwitchHost, user: str, password: str, old: bool) -> str:
        """The text of a switch's first configuration: it can be reached with that account, and no more.

        `old`: one that grew for years, with what no policy wants.
        """

    def announced(self, device: Device, port: str) -> Neighbour | None:
        """What the switch tells the far end of a port over LLDP: its name and the port's; None where it is silent."""

    def forwarding(self, device: Device) -> tuple[Decision, ...]:
        """What the running configuration makes each port do, link or no link."""

    def filters(self) -> Mapping[str, Callable[[str, str], str]]:
        """What can follow `|` after a command: name -> (answer, argument) -> what is left of the answer."""
