"""A switch's running configuration against what it should be: what is missing, what is too much, what mends it.

Lines are compared in the form that the platform gives them (`Platform.parse`). What no setting asks for or claims is
nobody's, and is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

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


type OneLine = Callable[[Section, str], str]


def compare(
    wanted: Rendering,
    running: Config,
    canonical: OneLine,
    negate: OneLine,
    *,
    leave: Iterable[str] = (),
    order: Sequence[str] = (),
) -> Comparison:
    """Compare, and work out the commands; those of the settings in `leave` (waived ones) are left out.

    `canonical` and `negate` are the platform's. `order` are beginnings of top-level lines that must be entered first, in that order. Lines are entered before
    others are taken away, so that what a run stands on (a way in, a VLAN) is never missing in between.
    """
    shown = set(running.rows)
    found = {line.setting: Difference() for line in wanted.lines} | {one.setting: Difference() for one in wanted.claims}
    meant = {(line.section, canonical(line.section, line.text)): line for line in wanted.lines}
    missing = [line for row, line in meant.items() if row not in shown and not _by_default(line, running, negate)]
    extra = _extra(wanted, frozenset(meant), running)
    for line in missing:
        old = found[line.setting]
        found[line.setting] = Difference((*old.missing, line), old.extra)
    for setting, _how, row in extra:
        old = found[setting]
        found[setting] = Difference(old.missing, (*old.extra, row))
    left = frozenset(leave)
    entered = [Command(line.section, line.text, line.setting) for line in missing if line.setting not in left]
    gone = [row for setting, how, row in extra if how == "owns" and setting not in left]
    owner = {row: setting for setting, _how, row in extra}
    taken = [Command(place, negate(place, text), owner[place, text]) for place, text in _outermost(gone)]
    return Comparison(found, tuple(_in_order(entered, order) + _in_order(taken, ())))


def _by_default(line: Line, running: Config, negate: OneLine) -> bool:
    opposite = negate(line.section, line.text)
    return line.by_default and not any(begins(text, opposite) for text in running.below(line.section))


def _extra(wanted: Rendering, meant: frozenset[Row], running: Config) -> list[tuple[str, str, Row]]:
    """(setting, how, row) of each running line that a setting claims and none asks for; the longest prefix decides."""
    asked = meant | {(row[0][:depth], row[0][depth]) for row in meant for depth in range(len(row[0]))}
    by_section: dict[Section, list[Claim]] = {}
    for claim in wanted.claims:
        by_section.setdefault(claim.section, []).append(claim)
    found: list[tuple[str, str, Row]] = []
    for row in running.rows:
        if row in asked:
            continue
        claims = [one for one in by_section.get(row[0], ()) if begins(row[1], one.prefix)]
        if claims:
            best = max(claims, key=lambda one: len(one.prefix))
            found.append((best.setting, best.how, row))
    return found


def _outermost(rows: Sequence[Row]) -> list[Row]:
    """Without lines below a line that goes itself."""
    going = {(*place, text) for place, text in rows}
    return [row for row in rows if not any(row[0][: depth + 1] in going for depth in range(len(row[0])))]


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
    first = command.section[0] if command.section else command.text
    return next((place for place, prefix in enumerate(order) if begins(first, prefix)), len(order))


def entered(commands: Iterable[Command], leave: str = "exit") -> list[str]:
    """The commands as they are typed in configuration mode, with the lines that enter and `leave` their sections."""
    typed: list[str] = []
    at: Section = ()
    for command in commands:
        shared = next((i for i, (a, b) in enumerate(zip(at, command.section, strict=False)) if a != b), None)
        depth = min(len(at), len(command.section)) if shared is None else shared
        typed += [leave] * (len(at) - depth)
        typed += [*command.section[depth:], command.text]
        at = command.section
        # a line that opens a section leaves us in it
        if command.text.startswith(OPENERS) and not command.text.startswith("no "):
            at = (*command.section, command.text)
    return typed + [leave] * len(at)


# Lines that open a section of their own when they are entered, on IOS and EOS alike.
OPENERS = (
    "vlan ",
    "interface ",
    "line ",
    "ip access-list ",
    "tacacs server ",
    "radius server ",
    "aaa group server ",
    "archive",
    "log config",
    "control-plane",
    "management ",
    "vrf ",
    "aaa common-criteria policy ",
)
