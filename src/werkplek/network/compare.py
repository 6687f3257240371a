"""A switch's running configuration against what it should be: what is missing, what is too much, what mends it.

Lines are compared in the form that the platform gives them (`Platform.parse`). What no setting asks for or claims is
nobody's, and is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from werkplek.network.lines import Claim, Config, Line, Rendering, Section, begins

type Row = tuple[Section, str]
"""A line of a running configuration, below its sections."""


class Command(NamedTuple):
    """One line to enter below its sections, and the settings that it is for."""

    section: Section
    text: str
    setting: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What one setting misses and has too much. `extra` are lines of the running configuration."""

    missing: tuple[Line, ...] = ()
    extra: tuple[Row, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.missing or self.extra)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A difference per setting that asks for lines or claims some, and every command that mends them, in order."""

    differences: Mapping[str, Difference]
    commands: tuple[Command, ...]


class Words(Protocol):
    """What comparing needs of a platform; see platform.py."""

    order: Sequence[str]

    def canonical(self, section: Section, text: str) -> str:
        """A line in the form in which two lines that mean the same are the same text."""

    def negate(self, section: Section, text: str) -> str:
        """The line that takes a line away."""


class _Extra(NamedTuple):
    """A running line that nothing asks for, with the claim that decides it."""

    row: Row
    claim: Claim


def compare(wanted: Rendering, running: Config, words: Words, leave: Iterable[str] = ()) -> Comparison:
    """Compare, and work out the commands; those of the settings in `leave` (waived ones) are left out.

    What the platform's `order` names is entered first. Lines are entered before others are taken away, so that what a
    run stands on (a way in, a VLAN) is never missing in between. The exception is a line whose removal could take a
    wanted one with it (`no ntp server 10.0.0.1` takes `ntp server 10.0.0.1 key 1`): it goes just before that one.
    """
    shown, left = frozenset(running.rows), frozenset(leave)
    meant = {(line.section, words.canonical(line.section, line.text)): line for line in wanted.lines}
    extra = _extra(wanted, frozenset(meant), running)
    missing = [line for row, line in meant.items() if row not in shown and not _by_default(line, running, extra, words)]
    found = _differences(wanted, missing, extra)

    owned = [one for one in extra if one.claim.how == "owns" and one.claim.setting not in left]
    entered = dict.fromkeys(line for line in missing if line.setting not in left)
    stays = {row: line for row, line in meant.items() if row in shown or line in entered}
    first, last = _taken(_outermost(owned), _by_section(stays), words)
    again = {command[:2] for command in first}
    first += [Command(*line[:3]) for line in entered if line[:2] not in again]
    return Comparison(found, tuple(_in_order(first, words.order) + _in_order(last, ())))


def _by_default(line: Line, running: Config, extra: Sequence[_Extra], words: Words) -> bool:
    """Whether a line holds unseen: neither its opposite is shown, nor another value in its place."""
    opposite = words.negate(line.section, line.text)
    rivals = [
        one
        for one in extra
        if one.claim.how == "replaces"
        and (one.claim.setting, one.row[0]) == (line.setting, line.section)
        and begins(line.text, one.claim.prefix)
    ]
    return line.by_default and not rivals and not any(begins(text, opposite) for text in running.below(line.section))


def _differences(wanted: Rendering, missing: Sequence[Line], extra: Sequence[_Extra]) -> dict[str, Difference]:
    found = dict.fromkeys(
        [*(line.setting for line in wanted.lines), *(one.setting for one in wanted.claims)], Difference()
    )
    for line in missing:
        old = found[line.setting]
        found[line.setting] = Difference((*old.missing, line), old.extra)
    for row, claim in extra:
        old = found[claim.setting]
        found[claim.setting] = Difference(old.missing, (*old.extra, row))
    return found


def _extra(wanted: Rendering, meant: frozenset[Row], running: Config) -> list[_Extra]:
    """Each running line that a setting claims and none asks for."""
    asked = meant | {(row[0][:depth], row[0][depth]) for row in meant for depth in range(len(row[0]))}
    by_section: dict[Section, list[Claim]] = {}
    for claim in wanted.claims:
        by_section.setdefault(claim.section, []).append(claim)
    found: list[_Extra] = []
    for row in running.rows:
        claims = [one for one in by_section.get(row[0], ()) if row not in asked and begins(row[1], one.prefix)]
        best = max(claims, key=lambda one: len(one.prefix), default=None)
        if best and best.how != "keeps":
            found.append(_Extra(row, best))
    return found


def _outermost(extra: Sequence[_Extra]) -> list[_Extra]:
    """Without lines below a line that goes itself."""
    going = {(*one.row[0], one.row[1]) for one in extra}
    return [one for one in extra if not any(one.row[0][: depth + 1] in going for depth in range(len(one.row[0])))]


def _by_section(lines: Mapping[Row, Line]) -> dict[Section, list[tuple[str, Line]]]:
    found: dict[Section, list[tuple[str, Line]]] = {}
    for (section, text), line in lines.items():
        found.setdefault(section, []).append((text, line))
    return found


def _taken(
    extra: Sequence[_Extra], stays: Mapping[Section, Sequence[tuple[str, Line]]], words: Words
) -> tuple[list[Command], list[Command]]:
    """What takes lines away: before wanted lines that would go with them, which are entered after; and all others."""
    first: list[Command] = []
    last: list[Command] = []
    for (section, text), claim in extra:
        command = Command(section, words.negate(section, text), claim.setting)
        prefix = command.text.removeprefix("no ")
        beside = stays.get(section, ())
        with_it = [
            Command(section, line.text, claim.setting)
            for shown, line in beside
            if prefix != command.text and (begins(shown, prefix) or begins(prefix, shown))
        ]
        if with_it:
            first += [command, *with_it]
        elif all(line.text != command.text for _shown, line in beside):  # else it is entered anyway
            last.append(command)
    return first, last


def _in_order(commands: Sequence[Command], order: Sequence[str]) -> list[Command]:
    """Commands of one section together, sections in the order of their first command, and what must be first first."""
    heads = {command.section[0] for command in commands if command.section}
    together: dict[Section, list[Command]] = {}
    for command in commands:
        key = command.section[:1] or ((command.text,) if command.text in heads else ())
        together.setdefault(key, []).append(command)
    flat = [command for group in together.values() for command in group]
    return sorted(flat, key=lambda one: _rank(one, order))


def _rank(command: Command, order: Sequence[str]) -> int:
    first = command.section[0] if command.section else command.text.removeprefix("no ")
    return next((place for place, prefix in enumerate(order) if begins(first, prefix)), len(order))


# Lines that open a section of their own when they are entered, on IOS and EOS alike.
_OPENER = re.compile(
    r"vlan \d+|interface \S+|line (?:con|aux|vty) .+|ip access-list (?:standard |extended )?\S+"
    r"|(?:tacacs|radius) server \S+|aaa group server \S+ \S+|aaa common-criteria policy \S+"
    r"|archive|log config|control-plane|management \S+(?: \S+)?|vrf (?:definition |instance )?\S+"
    r"|policy-map \S+|class-map .+|key chain \S+|ip dhcp pool \S+|spanning-tree mst configuration"
)


def entered(commands: Iterable[Command], leave: str = "exit") -> list[str]:
    """The commands as they are typed in configuration mode, with the lines that enter and `leave` their sections."""
    rows = list(commands)
    heads = {command.section[: depth + 1] for command in rows for depth in range(len(command.section))}
    typed: list[str] = []
    at: Section = ()
    for section, text, _setting in rows:
        depth = _shared(at, section)
        typed += [leave] * (len(at) - depth)
        typed += [*section[depth:], text]
        at = section
        if (path := (*section, text)) in heads or _OPENER.fullmatch(text):
            at = path
    return typed + [leave] * len(at)


def _shared(at: Section, section: Section) -> int:
    """How many sections two places have in common."""
    pairs = enumerate(zip(at, section, strict=False))
    return next((depth for depth, (one, other) in pairs if one != other), min(len(at), len(section)))
