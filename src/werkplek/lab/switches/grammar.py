"""Tables of commands with typed arguments, matched as network operating systems do: abbreviated, and word for word.

A pattern is words and, where an argument stands, one of:

    <1-4094>            a whole number in that range
    WORD                one word
    LINE                the rest of the line, as typed
    A.B.C.D             an IPv4 address
    H.H.H               a hardware address in three groups
    {access|trunk}      one of these; each may be several words, or have arguments
    {a|b}+              one or more of these, in any order
    [prefer]            perhaps this
    =                   what stands before it is the line's slot, what follows its value

and the arguments that a dialect adds, such as INTERFACE. Without `=` the whole line is its slot.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv4Address
from typing import Literal

from werkplek.lab.switches.patterns import SLOT, Loop, Step, sequences

type Reader = Callable[[Sequence[str], int], tuple[str, int] | None]
"""(words of the line, at which one) -> the argument in full spelling and how many words it took, or None."""
type Reason = Literal["invalid", "incomplete", "ambiguous"]
NO, DEFAULT = "no", "default"


class Mismatch(Exception):
    """A line fits no command of the table. `column` is where the first wrong word begins; 0 is the line's begin."""

    def __init__(self, reason: Reason, column: int) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.column = column


@dataclass(frozen=True, slots=True)
class Match[R]:
    """A line that fits a command. `words` are in full spelling, without a leading `no` or `default`."""

    rule: R
    words: tuple[str, ...]
    slot_length: int
    prefix: str = ""  # `no`, `default` or nothing

    @property
    def text(self) -> str:
        """The line in full spelling, without `no` or `default`."""
        return " ".join(self.words)

    @property
    def slot(self) -> str:
        """What the line is the value of."""
        return " ".join(self.words[: self.slot_length])

    @property
    def value(self) -> str:
        """What follows the slot."""
        return " ".join(self.words[self.slot_length :])

    @property
    def negated(self) -> bool:
        """Whether the line takes away what stands: `no ...`, or `default ...`, which brings the default back."""
        return bool(self.prefix)


@dataclass(slots=True, eq=False)
class _Node[R]:
    """A place in the table: what can follow, and the command that may end here, with its slot's length."""

    keywords: dict[str, _Node[R]] = field(default_factory=dict)
    arguments: dict[str, _Node[R]] = field(default_factory=dict)
    ends: tuple[R, int] | None = None


@dataclass(frozen=True, slots=True)
class _Path[R]:
    node: _Node[R]
    words: tuple[str, ...] = ()


class Grammar[R]:
    """A table of commands. `R` is what its user keeps for each."""

    def __init__(self, arguments: Mapping[str, Reader]) -> None:
        self._root: _Node[R] = _Node()
        self._readers: dict[str, Reader] = {**BASIC, **arguments}

    def add(self, pattern: str, rule: R) -> None:
        """Add a command. Where two commands can end alike, the first one added counts.

        Raises:
            ValueError: the pattern is none, or a `+` meets another command in the same place.
        """
        for sequence in sequences(pattern):
            prefixes = 1 if sequence[0] in (NO, DEFAULT) else 0
            slot = (sequence.index(SLOT) if SLOT in sequence else len(sequence)) - prefixes
            node = self._root
            for step in sequence:
                node = node if step == SLOT else self._next(node, step)
            node.ends = node.ends or (rule, slot)

    def add_negations(self, pattern: str, rule: R) -> None:
        """Add a command's `no` and `default` forms, which may stop anywhere after the slot."""
        for prefix in (NO, DEFAULT):
            for sequence in sequences(pattern):
                slot = sequence.index(SLOT) if SLOT in sequence else len(sequence)
                node = self._next(self._root, prefix)
                for place, step in enumerate(sequence):
                    node = node if step == SLOT else self._next(node, step)
                    if place >= slot - 1:
                        node.ends = node.ends or (rule, slot)

    def _next(self, node: _Node[R], step: Step) -> _Node[R]:
        if isinstance(step, Loop):
            return self._looped(node, step)
        following = node.arguments if self._is_argument(step) else node.keywords
        return following.setdefault(step, _Node())

    def _looped(self, node: _Node[R], loop: Loop) -> _Node[R]:
        again: _Node[R] = _Node()
        for start in (node, again):
            for *steps, last in loop.choices:
                at = start
                for step in steps:
                    at = self._next(at, step)
                following = at.arguments if self._is_argument(str(last)) else at.keywords
                if following.setdefault(str(last), again) is not again:
                    raise ValueError(f"{last!r} of a repeated choice is in the table already")
        return again

    def _is_argument(self, step: str) -> bool:
        if step.startswith("<") and step not in self._readers:
            low, high = step[1:-1].split("-")
            self._readers[step] = number(int(low), int(high))
        return step in self._readers

    def match(self, line: str) -> Match[R]:
        """The command that a line is.

        Raises:
            Mismatch: it is none.
        """
        return _ended(self._walk(line), len(line))

    def following(self, line: str) -> list[str]:
        """What can follow a line, `<cr>` for its end; where its last word is not ended, the words it may be short for.

        Raises:
            Mismatch: nothing can, because the line is wrong.
        """
        done, _, begun = line.rpartition(" ")
        paths = self._walk(done)
        words = {word for path in paths for word in path.node.keywords if word.lower().startswith(begun.lower())}
        if not begun:
            words |= {name for path in paths for name in path.node.arguments}
            words |= {"<cr>" for path in paths if path.node.ends is not None}
        if not words:
            raise Mismatch("invalid", len(done))
        return sorted(words)

    def _walk(self, line: str) -> list[_Path[R]]:
        """Every way to read a line, up to its end."""
        found = list(re.finditer(r"\S+", line))
        words = [word[0] for word in found]
        waiting: dict[int, list[_Path[R]]] = {0: [_Path(self._root)]}
        for at, word in enumerate(found):
            paths = waiting.pop(at, [])
            if paths:
                for reached, path in self._step(paths, words, at, line[word.start() :].rstrip()):
                    waiting.setdefault(reached, []).append(path)
            if not waiting:
                raise Mismatch("invalid", word.start())
        return waiting.get(len(found), [])

    def _step(self, paths: list[_Path[R]], words: list[str], at: int, rest: str) -> list[tuple[int, _Path[R]]]:
        """Every way on over the word at `at`, each with the word where it goes on."""
        keywords = _keywords(paths, words[at].lower())
        if len(keywords) > 1:
            raise Mismatch("ambiguous", 0)
        for keyword in keywords:
            nodes = [(path, path.node.keywords[keyword]) for path in paths if keyword in path.node.keywords]
            return [(at + 1, _Path(node, (*path.words, keyword))) for path, node in nodes]
        reached: list[tuple[int, _Path[R]]] = []
        following = [(path, name, node) for path in paths for name, node in path.node.arguments.items()]
        for path, name, node in following:
            read = (rest, len(words) - at) if name == "LINE" else self._readers[name](words, at)
            if read is not None:
                reached.append((at + read[1], _Path(node, (*path.words, read[0]))))
        return reached


def _keywords[R](paths: list[_Path[R]], word: str) -> set[str]:
    """The keyword that a word is, else those that it may be short for."""
    known = {keyword for path in paths for keyword in path.node.keywords}
    exact = {keyword for keyword in known if keyword.lower() == word}
    return exact or {keyword for keyword in known if keyword.lower().startswith(word)}


def _ended[R](paths: list[_Path[R]], length: int) -> Match[R]:
    for path in paths:
        if path.node.ends is not None:
            rule, slot = path.node.ends
            prefix = path.words[0] if path.words[0] in (NO, DEFAULT) else ""
            return Match(rule, path.words[1:] if prefix else path.words, slot, prefix)
    raise Mismatch("incomplete", length)


def number(low: int, high: int) -> Reader:
    """Reads a whole number in a range."""

    def read(words: Sequence[str], at: int) -> tuple[str, int] | None:
        word = words[at]
        return (str(int(word)), 1) if word.isdecimal() and low <= int(word) <= high else None

    return read


def expression(text: str) -> Reader:
    """Reads a word that fits a regular expression whole, as typed."""
    compiled = re.compile(text)
    return lambda words, at: (words[at], 1) if compiled.fullmatch(words[at]) else None


def _address(words: Sequence[str], at: int) -> tuple[str, int] | None:
    try:
        return str(IPv4Address(words[at])), 1
    except AddressValueError:
        return None


BASIC: dict[str, Reader] = {
    "WORD": lambda words, at: (words[at], 1),
    "LINE": lambda words, at: (" ".join(words[at:]), len(words) - at),
    "A.B.C.D": _address,
    "H.H.H": expression(r"[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}"),
}
