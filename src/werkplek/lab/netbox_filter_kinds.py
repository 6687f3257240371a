"""Kinds of filters that NetBox's lists have; a wrong value is a ValueError in NetBox's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from werkplek.lab.netbox_store import TREES, Row, Store, parse_moment

type Test = Callable[[Row], bool]

NULL = "null"  # NetBox's FILTERS_NULL_CHOICE_VALUE


class Filter(Protocol):
    """One kind of filter."""

    def test(self, store: Store, lookup: str, values: Sequence[str]) -> Test | None:
        """The test for a lookup, without its negation; None when NetBox has no such lookup.

        Raises ValueError with NetBox's words when a value is wrong.
        """


@dataclass(frozen=True, slots=True)
class Text:
    """A text column; `plain` is what the filter without a lookup does."""

    column: str
    plain: str = "exact"

    def test(self, store: Store, lookup: str, values: Sequence[str]) -> Test | None:
        """See Filter."""
        return _text_test(lambda row: row.get(self.column), lookup, values, self.plain)


@dataclass(frozen=True, slots=True)
class Number:
    """A column of whole numbers."""

    column: str

    def test(self, store: Store, lookup: str, values: Sequence[str]) -> Test | None:
        """See Filter."""
        try:
            wanted = [int(value) for value in values if value]
        except ValueError:
            raise ValueError("Enter a whole number.") from None
        return _compare(lookup, wanted, lambda row: row[self.column])


@dataclass(frozen=True, slots=True)
class Moment:
    """A column with a time stamp. `bound` is the lookup of a filter whose name holds it already, as `time_after`."""

    column: str
    bound: str = ""

    def test(self, store: Store, lookup: str, values: Sequence[str]) -> Test | None:
        """See Filter."""
        try:
            wanted = [parse_moment(value) for value in values if value]
        except ValueError:
            raise ValueError("Enter a valid date/time.") from None

        def moment(row: Row) -> datetime:
            return parse_moment(row.get(self.column) or store.taken_at)

        return _compare(self.bound or lookup, wanted, moment)


@dataclass(frozen=True, slots=True)
class Choice:
    """A column with a choice."""

    column: str
    choices: tuple[str, ...]

    def test(self, store: Store, lookup: str, values: Sequence[str]) -> Test | None:
        """See Filter."""
        for value in values:
            if value not in self.choices:
                raise ValueError(_no_choice(value))
        return None if lookup else lambda row: row[self.column] in values


@dataclass(frozen=True, slots=True)
class Related:
    """A relation, over one or more columns; in a tree, everything under the wanted row is meant too."""

    path: tuple[str, ...]
    target: str
    key: str = "slug"

    def test(self, store: Store, lookup: str, values: Sequence[str]) -> Test | None:
        """See Filter."""
        wanted = {_find(store, self.target, self.key, value) for value in values}

        def matches(row: Row) -> bool:
            number = self._follow(store, row)
            if number is None or self.target not in TREES:
                return number in wanted
            return not wanted.isdisjoint(store.lineage(self.target, number))

        return None if lookup else matches

    def _follow(self, store: Store, row: Row) -> int | None:
        types = {"tenant": "tenancy.tenant", "site": "dcim.site"}
        for column in self.path[:-1]:
            if row[column] is None:
                return None
            row = store.tables[types[column]][row[column]]
        found: int | None = row[self.path[-1]]
        return found


@dataclass(frozen=True, slots=True)
class Tagged:
    """An object's tags: all of the wanted ones."""

    key: str = "slug"

    def test(self, store: Store, lookup: str, values: Sequence[str]) -> Test | None:
        """See Filter."""
        wanted = {_find(store, "extras.tag", self.key, value) for value in values}
        return None if lookup else lambda row: wanted <= set(row["tags"])


@dataclass(frozen=True, slots=True)
class HasAddress:
    """Whether an object has a primary address."""

    def test(self, store: Store, lookup: str, values: Sequence[str]) -> Test | None:
        """See Filter."""
        wanted = _boolean(values[-1])
        if wanted is None:
            return None
        return lambda row: bool(row["primary_ip4"] or row["primary_ip6"]) is wanted


@dataclass(frozen=True, slots=True)
class CustomField:
    """A custom field of a host: NetBox looks for a part of a text, and for exactly a selection."""

    name: str
    kind: str

    def test(self, store: Store, lookup: str, values: Sequence[str]) -> Test | None:
        """See Filter."""
        plain = "ic" if self.kind == "text" else "exact"
        return _text_test(lambda row: row["custom_fields"].get(self.name), lookup, values, plain)


def _find(store: Store, target: str, key: str, value: str) -> int | None:
    """Id of the row that a filter's value names; None for `null`."""
    if value == NULL:
        return None
    if key == "id" and not value.isdecimal():
        raise ValueError(f"“{value}” is not a valid value.")
    for row in store.tables[target].values():
        if str(row[key]) == value:
            return int(row["id"])
    raise ValueError(_no_choice(value))


def _no_choice(value: str) -> str:
    return f"Select a valid choice. {value} is not one of the available choices."


def _boolean(value: str) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(value.lower())


def _compare(lookup: str, wanted: Sequence[Any], get: Callable[[Row], Any]) -> Test | None:
    """NetBox takes any of several values."""
    operations: Mapping[str, Callable[[Any, Any], bool]] = {
        "": lambda a, b: a == b,
        "gt": lambda a, b: a > b,
        "gte": lambda a, b: a >= b,
        "lt": lambda a, b: a < b,
        "lte": lambda a, b: a <= b,
    }
    operation = operations.get(lookup)
    if operation is None:
        return None
    return lambda row: not wanted or any(operation(get(row), value) for value in wanted)


def _text_test(
    get: Callable[[Row], str | None], lookup: str, values: Sequence[str], plain: str = "exact"
) -> Test | None:
    operations: Mapping[str, Callable[[str, str], bool]] = {
        "exact": lambda text, value: text == value,
        "ie": lambda text, value: text.casefold() == value.casefold(),
        "ic": lambda text, value: value.casefold() in text.casefold(),
        "isw": lambda text, value: text.casefold().startswith(value.casefold()),
        "iew": lambda text, value: text.casefold().endswith(value.casefold()),
        "regex": lambda text, value: re.search(value, text) is not None,
        "iregex": lambda text, value: re.search(value, text, re.IGNORECASE) is not None,
    }
    if lookup == "empty":
        wanted = _boolean(values[-1])
        return None if wanted is None else lambda row: (not get(row)) is wanted
    operation = operations.get(lookup or plain)
    if operation is None:
        return None
    given = [value for value in values if value]

    def matches(row: Row) -> bool:
        text = get(row)
        return not given or any(text is None if v == NULL else text is not None and operation(text, v) for v in given)

    return matches
