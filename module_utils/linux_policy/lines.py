# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One line in a text of keys and values, with or without [sections]; all other bytes stay as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .model import HostError

_HEADER = re.compile(r"\s*\[\s*([^\]\s](?:[^\]]*[^\]\s])?)\s*\]\s*")
_COMMENT = re.compile(r"\s*[#;]")


@dataclass(frozen=True)
class Line:
    """The one active line for `key`, in a section or in the whole text; none where it should be absent.

    Without `value` the line is the key alone. How much space stands between the words of the key and around the
    separator makes no difference, whether there is space does.
    """

    key: str
    value: str | None = None
    absent: bool = False
    section: str | None = None
    separator: str = "="

    @property
    def rendered(self) -> str:
        """The line as it is written."""
        return self.key if self.value is None else f"{self.key}{self.separator}{self.value}"

    def matches(self, line: str) -> bool:
        """Whether this line is one for the key."""
        return bool(self._pattern().fullmatch(line))

    def is_met_by(self, line: str) -> bool:
        """Whether this line, one for the key, says what is wanted."""
        found = self._pattern().fullmatch(line)
        if found is None or self.value is None:
            return found is not None
        return found["value"] == self.value and _spaces(found["separator"]) == _spaces(self.separator)

    def _pattern(self) -> re.Pattern[str]:
        key = r"\s+".join(re.escape(word) for word in self.key.split())
        mark = self.separator.strip()
        separator = rf"\s*{re.escape(mark)}\s*" if mark else r"\s+"
        rest = rf"(?P<separator>{separator})(?P<value>.*?)"
        if self.absent:
            rest = f"(?:{rest})?"
        elif self.value is None:
            rest = ""
        return re.compile(rf"\s*{key}{rest}\s*", re.DOTALL)


def found(text: str, line: Line) -> list[str]:
    """The active lines for the key, without the space around them. Raises HostError as changed()."""
    body = _body(text)
    return [body[place].strip() for place in _places(body, line)]


def is_met(text: str, line: Line) -> bool:
    """Whether the text is as wanted. Raises HostError as changed()."""
    body = _body(text)
    places = _places(body, line)
    return not places if line.absent else len(places) == 1 and line.is_met_by(body[places[0]])


def changed(text: str, line: Line) -> str:
    """The text with exactly the line wanted. Raises HostError where it is not clear which line that is."""
    if is_met(text, line):
        return text
    body = _body(text)
    places = _places(body, line)
    for place in places:
        if body[place].rstrip().endswith("\\"):
            raise HostError(f"the line '{body[place].strip()}' goes on in the next; mend it by hand")
    end = "\r" if body and body[0].endswith("\r") else ""
    if places and not line.absent:
        right = [place for place in places if line.is_met_by(body[place])]
        kept = (right or places)[0]
        if not right:
            indent = re.match(r"\s*", body[kept].rstrip("\r"))
            body[kept] = f"{indent[0] if indent else ''}{line.rendered}{_end(body[kept])}"
        places = [place for place in places if place != kept]
    elif not line.absent:
        _insert(body, line, end)
    left_out = set(places)
    return "".join(f"{one}\n" for place, one in enumerate(body) if place not in left_out)


def _body(text: str) -> list[str]:
    """The lines, without their newline; a carriage return stays."""
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


class _Spot(NamedTuple):
    """What a line is: of which section, its header or not, and whether it begins or goes on with another."""

    section: str | None
    header: bool
    begins: bool


def _spots(body: Sequence[str]) -> list[_Spot]:
    """One for each line. The line after one that goes on is no line of its own, whatever it looks like."""
    spots: list[_Spot] = []
    for place, one in enumerate(body):
        begins = not _goes_on(body[place - 1 : place])
        header = _HEADER.fullmatch(one) if begins else None
        section = header[1] if header else spots[-1].section if spots else None
        spots.append(_Spot(section, header is not None, begins))
    return spots


def _places(body: Sequence[str], line: Line) -> list[int]:
    """Where the active lines for the key are."""
    spots = _spots(body)
    places = [
        place
        for place, (one, spot) in enumerate(zip(body, spots, strict=True))
        if spot.begins
        and not spot.header
        and line.section in (None, spot.section)
        and not _COMMENT.match(one)
        and line.matches(one)
    ]
    sections = {spots[place].section for place in places}
    if len(sections) > 1:
        names = ", ".join(f"[{name}]" if name else "before any section" for name in sorted(sections, key=str))
        raise HostError(f"'{line.key}' is set in more than one section: {names}; the setting must say which one")
    return places


def _insert(body: list[str], line: Line, end: str) -> None:
    """Put the line at the end of its section, or of the text; a section that is not there is added."""
    place = len(body) if line.section is None else _end_of_section(body, line.section)
    if _goes_on(body[: len(body) if place is None else place][-1:]):
        raise HostError(f"the line before the place for '{line.rendered}' goes on in the next; mend it by hand")
    if place is None:
        body += [end] if body and body[-1].strip() else []
        body += [f"[{line.section}]{end}", line.rendered + end]
    else:
        body.insert(place, line.rendered + end)


def _goes_on(lines: Sequence[str]) -> bool:
    """Whether the last of these lines goes on in the next; a comment does not."""
    return bool(lines) and lines[-1].rstrip().endswith("\\") and not _COMMENT.match(lines[-1])


def _end_of_section(body: Sequence[str], section: str) -> int | None:
    """The place after the last line that is not blank of the first section of this name."""
    spots = _spots(body)
    first = next((place for place, spot in enumerate(spots) if spot.header and spot.section == section), None)
    if first is None:
        return None
    stop = first + 1
    while stop < len(body) and not spots[stop].header:
        stop += 1
    while not body[stop - 1].strip():
        stop -= 1
    return stop


def _spaces(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _end(line: str) -> str:
    return "\r" if line.endswith("\r") else ""
