"""The language in which commands are written down; see werkplek.lab.switches.grammar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product

type Step = str | Loop
type Sequence_ = tuple[Step, ...]
SLOT = "="
PARTNER = {"{": "}", "[": "]"}
CLOSING = ("}", "}+", "]")
MARKS = re.compile(r"\{|\}\+|\}|\[|\]|\||<[\d-]+>|[^\s{}\[\]|]+|\s+")


@dataclass(frozen=True, slots=True)
class Loop:
    """One or more of these, in any order."""

    choices: tuple[Sequence_, ...]


def sequences(pattern: str) -> list[Sequence_]:
    """Every way to write a pattern, shortest options last.

    Raises:
        ValueError: a brace or bracket has no partner.
    """
    marks = [mark for mark in MARKS.findall(pattern) if not mark.isspace()]
    found, rest = _choices(marks, nested=False)
    if rest:
        raise ValueError(f"{pattern!r}: {rest[0]!r} has no partner")
    return found


def _choices(marks: list[str], nested: bool) -> tuple[list[Sequence_], list[str]]:
    """Alternatives up to a closing mark: all ways to write them, and the marks from the closing one on."""
    choices: list[Sequence_] = []
    parts: list[list[Sequence_]] = []
    while marks and marks[0] not in CLOSING:
        mark, marks = marks[0], marks[1:]
        if mark == "|" and nested:
            choices += _joined(parts)
            parts = []
        elif mark in ("{", "["):
            inner, marks = _choices(marks, nested=True)
            if not marks or marks[0][0] != PARTNER[mark]:
                raise ValueError(f"{mark!r} has no partner")
            looped, marks = marks[0] == "}+", marks[1:]
            parts.append([(Loop(tuple(inner)),)] if looped else [*inner, *([()] if mark == "[" else [])])
        else:
            parts.append([(mark,)])
    return choices + _joined(parts), marks


def _joined(parts: list[list[Sequence_]]) -> list[Sequence_]:
    return [tuple(step for part in parts_chosen for step in part) for parts_chosen in product(*parts)]
