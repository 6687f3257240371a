"""How Werkplek says no: every problem names its place, what was found, what was expected and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the command line, documented in docs/exit-codes.md."""

    OK = 0
    FAILED = 1
    USAGE = 2
    FOUND = 3
    UNAVAILABLE = 69
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong.

    `where` is `file:line:column`, a file, or the URL of a registry object.
    """

    where: str
    found: str
    expected: str
    remedy: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: found {self.found}; expected {self.expected}"
        return f"{text}. {self.remedy}" if self.remedy else text


class WerkplekError(Exception):
    """Stops the work. Carries every problem found, so that one run shows them all, and the exit code that it means."""

    def __init__(self, summary: str, problems: Sequence[Problem] = (), code: Exit = Exit.FAILED) -> None:
        self.summary = summary
        self.problems = tuple(problems)
        self.code = code
        super().__init__("\n".join([summary, *(f"  {problem}" for problem in self.problems)]))
