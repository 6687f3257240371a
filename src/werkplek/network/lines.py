"""Configuration as lines: a line has the sections that it stands in, and a setting that it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

type Section = tuple[str, ...]
"""The lines above a line: `("interface GigabitEthernet1/0/1",)`; empty at the top level."""


class Line(NamedTuple):
    """A line that should be there.

    `setting` is the id of what asks for it. `by_default`: the system does not show it; it holds as long as its opposite
    is not shown.
    """

    section: Section
    text: str
    setting: str
    by_default: bool = False

    @property
    def path(self) -> Section:
        """The line with its sections."""
        return (*self.section, self.text)


class Claim(NamedTuple):
    """Which other lines of a section a setting decides: those that begin with `prefix` (empty: all).

    `replaces`: its own line overwrites them; `owns`: they are taken away; `keeps`: they stay, though a shorter prefix
    claims them. Of several claims on a line the one with the longest prefix decides.
    """

    section: Section
    prefix: str
    how: Literal["replaces", "owns", "keeps"]
    setting: str

    def covers(self, section: Section, text: str) -> bool:
        """Whether a line is one of those."""
        return self.section == section and begins(text, self.prefix)


@dataclass(frozen=True, slots=True)
class Rendering:
    """A switch's document in a platform's words. `unsupported` and `inherent` say why a setting has no lines here."""

    lines: tuple[Line, ...]
    claims: tuple[Claim, ...]
    unsupported: Mapping[str, str] = field(default_factory=dict)
    inherent: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Config:
    """A running configuration: each line's sections and text, in the order in which the switch shows them."""

    rows: tuple[tuple[Section, str], ...]

    def __iter__(self) -> Iterator[tuple[Section, str]]:
        return iter(self.rows)

    def below(self, section: Section) -> tuple[str, ...]:
        """The lines straight below a section."""
        return tuple(text for place, text in self.rows if place == section)


def begins(text: str, prefix: str) -> bool:
    """Whether a line begins with whole words of a prefix."""
    return not prefix or text == prefix or text.startswith(prefix + " ")


def parse(text: str, *, skip: Iterable[str] = ()) -> Config:
    """Lines by their indentation, as IOS and EOS show them; comments and lines that begin with `skip` are left out.

    Whatever a banner says is one line with line breaks: `banner login` and what follows, with its end mark.
    """
    rows: list[tuple[Section, str]] = []
    above: list[tuple[int, str]] = []
    leave = tuple(skip)
    lines = iter(text.splitlines())
    for line in lines:
        words = line.strip()
        if not words or words.startswith("!") or words == "end" or words.startswith(leave or "\0"):
            continue
        depth = len(line) - len(line.lstrip())
        while above and above[-1][0] >= depth:
            above.pop()
        if words.startswith("banner "):
            words = _banner(words, lines)
        rows.append((tuple(name for _, name in above), words))
        above.append((depth, words))
    return Config(tuple(rows))


def _banner(first: str, rest: Iterator[str]) -> str:
    """IOS: a mark after the banner's name, and the same mark at the end. EOS: up to a line `EOF`."""
    _command, name, *after = first.split(" ", 2)
    mark = after[0][:2] if after and after[0].startswith("^") else after[0][:1] if after else "EOF"
    if after and mark in after[0][len(mark) :]:
        return f"banner {name}\n" + after[0][len(mark) :].split(mark)[0]
    said = [after[0][len(mark) :]] if after and len(after[0]) > len(mark) else []
    for line in rest:
        if line.rstrip() == mark or (after and line.rstrip().endswith(mark)):
            said += [line.rstrip()[: -len(mark)]] if line.rstrip() != mark else []
            break
        said.append(line.rstrip())
    return "\n".join([f"banner {name}", *said])


_PORT = re.compile(r"(interface \S*?)(\d+)")


def readable(lines: Iterable[tuple[Section, str]]) -> list[str]:
    """Lines for people, ports with the same line together: `interface Gi1/0/1-15,18: switchport mode access`."""
    texts = [(where, text.replace("\n", " / ")) for where, text in _by_ports(lines)]
    return [f"{where}: {text}" if where else text for where, text in texts]


def _by_ports(lines: Iterable[tuple[Section, str]]) -> list[tuple[str, str]]:
    """(where, line) with ports that have the same line together: `interface GigabitEthernet1/0/1-15,18`."""
    found: dict[tuple[str, str], list[int]] = {}
    for section, text in lines:
        where = ": ".join(section)
        port = _PORT.fullmatch(where)
        found.setdefault((port[1] if port else where, text), []).extend([int(port[2])] if port else [])
    return [(f"{where}{compressed(numbers)}", text) for (where, text), numbers in found.items()]


def compressed(vids: Sequence[int]) -> str:
    """Numbers as switches write them, ranges joined: `410,420-422`. IOS joins two neighbours by a comma."""
    parts: list[str] = []
    for first, last in ranges(vids):
        if last - first == 1:
            parts += [str(first), str(last)]
        else:
            parts.append(str(first) if first == last else f"{first}-{last}")
    return ",".join(parts)


def ranges(vids: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each run of neighbouring numbers."""
    found: list[tuple[int, int]] = []
    for vid in sorted(set(vids)):
        if found and vid == found[-1][1] + 1:
            found[-1] = (found[-1][0], vid)
        else:
            found.append((vid, vid))
    return found


def expanded(text: str) -> tuple[int, ...]:
    """The numbers of `410,420-422`. Raises ValueError for anything else."""
    numbers: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        numbers.update(range(int(first), int(last or first) + 1))
    return tuple(sorted(numbers))
