"""What can follow `|` after a command of IOS and its kin: it narrows the answer by a regular expression."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from werkplek.lab.switches.dialect import Refusal


def _compiled(argument: str) -> re.Pattern[str]:
    """The expression. IOS's own differ from Python's in corners that no command of ours has."""
    try:
        return re.compile(argument)
    except re.error as error:
        raise Refusal(f"% Failed to compile regular expression.\n({error})") from error


def include(text: str, argument: str) -> str:
    """Lines that fit."""
    wanted = _compiled(argument)
    return "\n".join(line for line in text.splitlines() if wanted.search(line))


def exclude(text: str, argument: str) -> str:
    """Lines that do not fit."""
    unwanted = _compiled(argument)
    return "\n".join(line for line in text.splitlines() if not unwanted.search(line))


def begin(text: str, argument: str) -> str:
    """From the first line that fits."""
    wanted, rows = _compiled(argument), text.splitlines()
    first = next((place for place, line in enumerate(rows) if wanted.search(line)), len(rows))
    return "\n".join(rows[first:])


def section(text: str, argument: str) -> str:
    """Sections whose first line fits, and single lines of other sections that fit."""
    wanted, kept, depth = _compiled(argument), list[str](), -1
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        if depth >= 0 and indent > depth:
            kept.append(line)
        elif wanted.search(line):
            kept.append(line)
            depth = indent
        else:
            depth = -1
    return "\n".join(kept)


def count(text: str, argument: str) -> str:
    """How many lines fit."""
    return f"Number of lines which match regexp = {len(include(text, argument).splitlines())}"


FILTERS: Mapping[str, Callable[[str, str], str]] = {
    "include": include,
    "exclude": exclude,
    "begin": begin,
    "section": section,
    "count": count,
}
