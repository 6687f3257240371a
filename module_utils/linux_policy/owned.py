# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that Werkplek keeps whole: composed from the settings of one kind, a line or more for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from .model import Reading, Readings, Setting

HEADER = "# Kept by Werkplek: what is changed here is changed back.\n"

KeyOf = Callable[[str], str]


@dataclass(frozen=True)
class OwnFile:
    """The lines of such a file by the key that each is for, in the file's order. Comments are not among them."""

    lines: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, text: str | None, key_of: KeyOf) -> OwnFile:
        """What the file holds; nothing where there is none."""
        found: dict[str, tuple[str, ...]] = {}
        for line in (text or "").splitlines():
            if line.strip() and not line.lstrip().startswith(("#", ";")):
                key = key_of(line)
                found[key] = (*found.get(key, ()), line.strip())
        return cls(found)

    def get(self, key: str) -> tuple[str, ...]:
        """The lines for a key."""
        return self.lines.get(key, ())

    def unasked(self, asked: Iterable[str]) -> tuple[str, ...]:
        """The lines for keys that no setting asks for any more."""
        known = set(asked)
        return tuple(line for key, lines in self.lines.items() if key not in known for line in lines)

    def with_lines(self, wanted: Mapping[str, Sequence[str]], asked: Sequence[str]) -> str:
        """The new text: for each key asked for, in that order, the lines wanted, or else those that are there."""
        lines = [line for key in dict.fromkeys(asked) for line in wanted.get(key, self.get(key))]
        return HEADER + "".join(f"{line}\n" for line in lines)


def take_away(readings: Readings, settings: Sequence[Setting], unasked: Sequence[str]) -> Readings:
    """Have the first setting that can be written say that lines of an earlier policy go."""
    if not unasked:
        return readings
    for setting in settings:
        reading = readings[setting.id]
        if not setting.waived and reading.lack is None:
            text = f"takes away what no setting asks for any more: {' | '.join(unasked)}"
            return {**readings, setting.id: _due(reading, text)}
    return readings


def _due(reading: Reading, text: str) -> Reading:
    return replace(reading, ok=False, doing="; ".join(filter(None, (reading.doing, text))))
