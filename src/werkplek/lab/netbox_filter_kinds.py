"""Kinds of filters that NetBox's lists have; a wrong value is a ValueError in NetBox's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

from werkplek.lab.netbox_clock import parse_moment
from werkplek.lab.netbox_index import Row
from werkplek.lab.netbox_store import Store
from werkplek.lab.netbox_types import CLUSTER, SITE, TAG, TENANT, is_tree
from werkplek.registry.tables import DEVICE, MACHINE

type Test = Callable[[Row], bool]

MANY_TYPES = (4, 5, 3)  # the release from which on a filter by type takes several
NULL = "null"  # NetBox's FILTERS_NULL_CHOICE_VALUE


BOUNDS = ("n", "gt", "gte", "lt", "lte")
WORDS = ("n", "ic", "nic", "iew", "niew", "isw", "nisw", "ie", "nie", "empty", "regex", "iregex")


class Filter(Protocol):
    """One kind of filter. `lookups` are the suffixes that may follow its name."""

    lookups: ClassVar[tuple[str, ...]]

    def test(self, store: Store, lookup: str, values: Sequence[str]) -> Test | None:
        """The test for a lookup such as `n` or `gte`, or "" for none; None when NetBox has no such lookup.

        Raises ValueError with NetBox's words when a value is wrong.
        """


def everything(_row: Row) -> bool:
    """The test of a filter whose value says nothing: NetBox ignores it."""
    return True


@dataclass(frozen=True, slots=True)
class Text:
    """A text column; `plain` is what the filter without a lookup does, `default` is for rows without the column."""

    column: str
    plain: str = "exact"
    default: str | None = None
    lookups: ClassVar[tuple[str, ...]] = WORDS

    def test(self, store: Store, lookup: str, values: Sequence[str]) -> Test | None:
        """See Filter."""
        return text_test(lambda row: row.get(self.column, self.default), lookup, values, self.plain)


@dataclass(frozen=True, slots=True)
class Number:
    """A column of whole numbers."""

    column: str
    lookups: ClassVar[tuple[str, ...]] = BOUNDS

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
    lookups: ClassVar[tuple[str, ...]] = BOUNDS

    def test(self, store: Store, lookup: str, values: Sequence[str]) -> Test | None:
        """See Filter."""
        try:
            wanted = [parse_moment(value) for value in values if value]
        except ValueError:
            raise ValueError("Enter a valid date/time.") from None

        def moment(row: Row) -> datetime:
            return parse_moment(row.get(self.column) or store.as_of)

        return _compare(self.bound or lookup, wanted, moment)


@dataclass(frozen=True, slots=True)
class Choice:
    """A column with a choice. Of a `single` filter the last value counts."""

    column: str
    choices: tuple[str, ...]
    single: bool = False
    lookups: ClassVar[tuple[str, ...]] = WORDS

    def test(self, store: Store, lookup: str, values: Sequence[str]) -> Test | None:
        """See Filter."""
        wanted = values[-1:] if self.single else values
        for value in wanted:
            if value not in self.choices:
                raise ValueError(no_choice(value))
        if self.single and lookup:
            return everything  # NetBox has no such filter
        return text_test(lambda row: row[self.column], lookup, wanted)


@dataclass(frozen=True, slots=True)
class ContentType:
    """A column with a type's name such as `dcim.device`, in any case. Before NetBox 4.5.3 the last value counts."""

    column: str
    lookups: ClassVar[tuple[str, ...]] = ()

    def test(self, store: Store, lookup: str, values: Sequence[str]) -> Test | None:
        """See Filter."""
        given = values if store.release >= MANY_TYPES else values[-1:]
        wanted = {value.lower() for value in given if value}
        if lookup not in ("", "n"):  # NetBox forgets the negation
            return None
        return (lambda row: row[self.column] in wanted) if wanted else everything


# Types that relations lead through.
_THROUGH = {"tenant": TENANT, "site": SITE, "device": DEVICE, "virtual_machine": MACHINE, "cluster": CLUSTER}


@dataclass(frozen=True, slots=True)
class Related:
    """A relation, over one or more columns; with `tree`, everything under the wanted row is meant too."""

    path: tuple[str, ...]
    target: str
    key: str = "slug"
    tree: bool = False
    lookups: ClassVar[tuple[str, ...]] = ("n",)

    def test(self, store: Store, lookup: str, values: Sequence[str]) -> Test | None:
        """See Filter."""
        wanted: set[int | None] = set()
        for value in values:
            wanted |= find(store, self.target, self.key, value)
        if lookup not in ("", "n"):
            return None
        if self.tree and is_tree(self.target, store.release):
            below = (at for at in store.tables[self.target] if not wanted.isdisjoint(store.lineage(self.target, at)))
            wanted |= set(below)
        negated = lookup == "n"
        return lambda row: (self._follow(store, row) in wanted) is not negated

    def _follow(self, store: Store, row: Row) -> int | None:
        for column in self.path[:-1]:
            if row[column] is None:
                return None
            row = store.tables[_THROUGH[column]][row[column]]
        found: int | None = row[self.path[-1]]
        return found


@dataclass(frozen=True, slots=True)
class Tagged:
    """An object's tags: all of the wanted ones, or with `n` none of them."""

    key: str = "slug"
    lookups: ClassVar[tuple[str, ...]] = ("n",)

    def test(self, store: Store, lookup: str, values: Sequence[str]) -> Test | None:
        """See Filter."""
        wanted = [find(store, TAG, self.key, value) for value in values]

        def bears(row: Row, tags: Collection[int | None]) -> bool:
            return not row["tags"] if None in tags else not set(row["tags"]).isdisjoint(tags)

        if lookup == "n":
            return lambda row: not any(bears(row, tags) for tags in wanted)
        return None if lookup else lambda row: all(bears(row, tags) for tags in wanted)


@dataclass(frozen=True, slots=True)
class Flag:
    """A question about a row. NetBox ignores values that are neither true nor false."""

    ask: Callable[[Row], bool]
    lookups: ClassVar[tuple[str, ...]] = ()

    def test(self, store: Store, lookup: str, values: Sequence[str]) -> Test | None:
        """See Filter."""
        wanted = boolean(values[-1])
        return everything if lookup or wanted is None else lambda row: self.ask(row) is wanted


@dataclass(frozen=True, slots=True)
class CustomField:
    """A custom field of a host: NetBox looks for a part of a text, and for exactly a selection."""

    name: str
    kind: str
    lookups: ClassVar[tuple[str, ...]] = WORDS

    def test(self, store: Store, lookup: str, values: Sequence[str]) -> Test | None:
        """See Filter."""
        if self.kind not in ("text", "longtext", "url", "select"):
            return None
        if self.kind != "select" and lookup:
            return everything  # of a field that is searched loosely NetBox has no other filters
        plain = "exact" if self.kind == "select" else "ic"
        found = text_test(lambda row: row["custom_fields"].get(self.name), lookup, values, plain)
        if found and lookup in ("nic", "nie", "nisw", "niew"):
            # PostgreSQL knows nothing of a null, neither that it holds a text nor that it does not.
            return lambda row: row["custom_fields"].get(self.name) is not None and found(row)
        return found


def find(store: Store, target: str, key: str, value: str) -> set[int | None]:
    """Ids of the rows that a filter's value names; None for `null`. Raises ValueError when there is none."""
    if value == NULL:
        return {None}
    if key == "id":
        if not value.isdecimal():
            raise ValueError(f"“{value}” is not a valid value.")
        found = {int(value)} & store.tables[target].keys()
    else:
        found = {row["id"] for row in store.tables[target].values() if row[key] == value}
    if not found:
        raise ValueError(no_choice(value))
    return set(found)


def no_choice(value: str) -> str:
    """NetBox's words for a value that is none of the choices."""
    return f"Select a valid choice. {value} is not one of the available choices."


def boolean(value: str) -> bool | None:
    """Truth as Django's forms read it."""
    return {"true": True, "True": True, "2": True, "false": False, "False": False, "3": False}.get(value)


def _compare(lookup: str, wanted: Sequence[Any], get: Callable[[Row], Any]) -> Test | None:
    """NetBox takes any of several values, and no value for no filter."""
    operations: Mapping[str, Callable[[Any, Any], bool]] = {
        "": lambda a, b: a == b,
        "gt": lambda a, b: a > b,
        "gte": lambda a, b: a >= b,
        "lt": lambda a, b: a < b,
        "lte": lambda a, b: a <= b,
    }
    if lookup == "n":
        return lambda row: not wanted or get(row) not in wanted
    operation = operations.get(lookup)
    if operation is None:
        return None
    if not wanted:
        return everything
    if len(wanted) == 1:
        bound = wanted[0]
        return lambda row: (value := get(row)) is not None and operation(value, bound)
    return lambda row: (value := get(row)) is not None and any(operation(value, bound) for bound in wanted)


_TEXT: Mapping[str, Callable[[str, str], bool]] = {
    "exact": lambda text, value: text == value,
    "ie": lambda text, value: text.casefold() == value.casefold(),
    "ic": lambda text, value: value.casefold() in text.casefold(),
    "isw": lambda text, value: text.casefold().startswith(value.casefold()),
    "iew": lambda text, value: text.casefold().endswith(value.casefold()),
    "regex": lambda text, value: re.search(value, text) is not None,
    "iregex": lambda text, value: re.search(value, text, re.IGNORECASE) is not None,
}
_NEGATIONS = {"n": "exact", "nie": "ie", "nic": "ic", "nisw": "isw", "niew": "iew"}


def text_test(
    get: Callable[[Row], str | None], lookup: str, values: Sequence[str], plain: str = "exact"
) -> Test | None:
    """The test of a text; the negation of a filter whose plain form ignores case does not."""
    if lookup == "empty":
        wanted = boolean(values[-1])
        return everything if wanted is None else lambda row: (not get(row)) is wanted
    operation = _TEXT.get(_NEGATIONS.get(lookup, lookup or plain))
    if operation is None:
        return None
    given = [value for value in values if value]

    def matches(row: Row) -> bool:
        text = get(row)
        return any(text is None if value == NULL else text is not None and operation(text, value) for value in given)

    if not given:
        return everything
    return (lambda row: not matches(row)) if lookup in _NEGATIONS else matches
