"""A switch's configuration as an ordered tree of lines, and its text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

type Section = dict[str, Entry]
"""Slot -> line. A slot is what a line is the value of: `switchport access vlan` for `switchport access vlan 410`."""
type Order = Callable[[str], tuple[object, ...]]
"""Where a line stands among those beside it: a key to sort by. Lines with the same key keep their order of entry."""


@dataclass(slots=True)
class Entry:
    """A line as it is shown, without its indent (a banner has several), and what stands below it.

    `below` is None for a line that opens no section.
    """

    text: str
    below: Section | None = None


def copied(section: Section) -> Section:
    """A tree of its own with the same lines."""
    return {
        slot: Entry(entry.text, None if entry.below is None else copied(entry.below)) for slot, entry in section.items()
    }


def find(section: Section, path: tuple[str, ...]) -> Section | None:
    """The section that the slots of `path` lead to, or None."""
    for slot in path:
        entry = section.get(slot)
        if entry is None or entry.below is None:
            return None
        section = entry.below
    return section


def ordered(section: Section, order: Order) -> list[tuple[str, Entry]]:
    """A section's slots and lines in the order in which they are shown."""
    return sorted(section.items(), key=lambda item: order(item[1].text))


def lines(
    section: Section, indent: int, order: Callable[[str], Order], parent: str = "", depth: int = 0
) -> Iterator[str]:
    """The lines of a tree as text, `indent` spaces deeper per level.

    `order` gives, for the line that opens a section (empty for the top), how the lines in it are sorted.
    """
    for _slot, entry in ordered(section, order(parent)):
        yield " " * (indent * depth) + entry.text
        if entry.below is not None:
            yield from lines(entry.below, indent, order, entry.text, depth + 1)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A line of a configuration's text and the lines that are indented below it."""

    text: str
    below: tuple[Parsed, ...] = ()
