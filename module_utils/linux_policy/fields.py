# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of one JSON object: what was read of it, and everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping


class Fields:
    """Reads fields by name. A field that is null counts as left out. `hidden` keeps values out of the problems."""

    def __init__(self, document: Mapping[str, object]) -> None:
        self.problems: list[str] = []
        self.hidden = False
        self._values = {name: value for name, value in document.items() if value is not None}
        self._read: set[str] = set()

    def has(self, name: str) -> bool:
        """Whether the field is given."""
        return name in self._values

    def raw(self, name: str) -> object:
        """The value as it is, None when left out."""
        self._read.add(name)
        return self._values.get(name)

    def wrong(self, name: str, expected: str) -> None:
        """Note that this field is not what was expected."""
        self.problems.append(f"{name}: found {self._shown(self.raw(name))}; expected {expected}")

    def text(self, name: str, pattern: str, expected: str, default: str | None = None) -> str:
        """A text that matches the whole pattern; empty, with a problem noted, when it does not."""
        if default is not None and not self.has(name):
            return default
        value = self.raw(name)
        if isinstance(value, str) and re.fullmatch(pattern, value, re.DOTALL):
            return value
        self.wrong(name, expected)
        return ""

    def optional(self, name: str, pattern: str, expected: str) -> str | None:
        """As text(), None when left out."""
        return self.text(name, pattern, expected) if self.has(name) else None

    def texts(self, name: str, pattern: str, expected: str) -> tuple[str, ...] | None:
        """A list of different texts that each match the pattern, None when left out."""
        if not self.has(name):
            return None
        value = self.raw(name)
        texts = tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else None
        if texts is None or not isinstance(value, list) or len(texts) != len(value):
            self.wrong(name, f"a list, each item {expected}")
            return ()
        if len(set(texts)) != len(texts) or not all(re.fullmatch(pattern, text, re.DOTALL) for text in texts):
            self.wrong(name, f"a list without repetition, each item {expected}")
        return texts

    def choice(self, name: str, *choices: str, default: str | None = None) -> str:
        """One of the texts; the first, with a problem noted, when it is none of them."""
        if default is not None and not self.has(name):
            return default
        value = self.raw(name)
        if isinstance(value, str) and value in choices:
            return value
        self.wrong(name, f"one of {', '.join(choices)}")
        return choices[0]

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false."""
        flag = self.optional_flag(name)
        return default if flag is None else flag

    def optional_flag(self, name: str) -> bool | None:
        """True, false, or None when left out."""
        value = self.raw(name)
        if value is None or isinstance(value, bool):
            return value
        self.wrong(name, "true or false")
        return None

    def number(self, name: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number between two bounds."""
        if default is not None and not self.has(name):
            return default
        value = self.raw(name)
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.wrong(name, f"a whole number, {low} to {high}")
        return low

    def no_others(self) -> None:
        """Note every field that nothing read."""
        self.problems += [f"{name}: unknown field" for name in sorted(self._values.keys() - self._read)]

    def _shown(self, value: object) -> str:
        if value is None:
            return "nothing"
        if self.hidden:
            return "<secret>"
        if isinstance(value, str):
            return f"'{value}'"
        return "an object" if isinstance(value, dict) else "a list" if isinstance(value, list) else str(value).lower()
