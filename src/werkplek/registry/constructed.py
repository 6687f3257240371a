"""Variables and groups of a source's own: `compose`, `groups` and `keyed_groups`, as Ansible knows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkplek.errors import Problem
from werkplek.registry.expressions import Undefined, compiled
from werkplek.registry.options import plain

type Evaluate = Callable[[str, Mapping[str, Any]], Any]
"""(expression, variables) -> value by Ansible's templating. Raises Undefined, or ValueError for another failure."""

# What policy is resolved from comes from the registry alone.
RESERVED = frozenset(
    {"registry", "municipality", "workplace_class", "platform_lineage", "quarantine_reasons", "switch_ports"}
)
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
KEYED_OPTIONS = ("key", "prefix", "separator", "parent_group", "default_value", "trailing_separator")


@dataclass(frozen=True, slots=True)
class KeyedGroup:
    """Groups by the value of an expression; `where` names it in errors."""

    where: str
    key: str
    prefix: str
    separator: str
    parent_group: str | None
    default_value: str | None
    trailing_separator: bool


@dataclass(frozen=True, slots=True)
class Constructed:
    """What a source adds, in order. With `strict`, a name that a host does not have is an error."""

    where: str
    compose: Mapping[str, str]
    groups: Mapping[str, str]
    keyed_groups: tuple[KeyedGroup, ...]
    strict: bool

    def is_plain(self) -> bool:
        """Whether all of it is compiled. What Ansible evaluates may depend on more than the registry."""
        return all(compiled(text) is not None for _place, text in self.expressions())

    def expressions(self) -> Iterator[tuple[str, str]]:
        """(place, expression) of each."""
        for option in ("compose", "groups"):
            for name, text in getattr(self, option).items():
                yield f"{self.where}: {option}.{name}", text
        for keyed in self.keyed_groups:
            yield f"{keyed.where}.key", keyed.key


@dataclass(frozen=True, slots=True)
class Added:
    """What one host gets: variables, and groups as (name, what it was made of, group above or None)."""

    vars: Mapping[str, Any]
    groups: tuple[tuple[str, str, str | None], ...]


def constructed(options: Mapping[str, object], where: str, problems: list[Problem]) -> Constructed:
    """Options `compose`, `groups`, `keyed_groups` and `strict`, checked."""
    compose = _texts(options["compose"], f"{where}: compose", problems)
    groups = _texts(options["groups"], f"{where}: groups", problems)
    for name in (name for name in compose if name in RESERVED):
        expected = "a name that is not the registry's"
        problems.append(Problem(f"{where}: compose.{name}", f"the registry's own variable {name!r}", expected))
    keyed = tuple(_keyed(options["keyed_groups"], f"{where}: keyed_groups", problems))
    result = Constructed(where, compose, groups, keyed, bool(options["strict"]))
    for place, text in result.expressions():
        try:
            compiled(text)
        except ValueError as error:
            problems.append(Problem(place, f"{text!r} ({error})", "a Jinja expression without braces"))
    return result


def _texts(value: object, where: str, problems: list[Problem]) -> dict[str, str]:
    if isinstance(value, Mapping) and all(
        isinstance(key, str) and NAME.fullmatch(key) and isinstance(text, str) for key, text in value.items()
    ):
        return {plain(key): plain(text) for key, text in value.items()}
    problems.append(Problem(where, repr(value), "expressions by name: letters, digits and underscores"))
    return {}


def _keyed(value: object, where: str, problems: list[Problem]) -> Iterator[KeyedGroup]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        problems.append(Problem(where, repr(value), f"a list of mappings with {', '.join(KEYED_OPTIONS)}"))
        return
    for index, item in enumerate(value):
        place = f"{where}[{index}]"
        if not isinstance(item, Mapping) or not isinstance(item.get("key"), str) or set(item) - set(KEYED_OPTIONS):
            problems.append(Problem(place, repr(item), f"`key`, and of {', '.join(KEYED_OPTIONS[1:])} what is needed"))
            continue
        text = {name: None if item.get(name) is None else plain(item[name]) for name in KEYED_OPTIONS[:-1]}
        yield KeyedGroup(
            where=place,
            key=str(text["key"]),
            prefix=text["prefix"] or "",
            separator=text["separator"] if text["separator"] is not None else "_",
            parent_group=text["parent_group"],
            default_value=text["default_value"] or None,
            trailing_separator=bool(item.get("trailing_separator", True)),
        )


class Constructor:
    """Applies a source's own variables and groups to hosts."""

    def __init__(self, wanted: Constructed, evaluate: Evaluate | None) -> None:
        self._wanted, self._evaluate = wanted, evaluate

    def add(self, host: str, variables: Mapping[str, Any]) -> Added:
        """What a host gets. Raises ValueError with a Problem for what cannot be evaluated."""
        known = {**variables, "inventory_hostname": host}
        made: dict[str, Any] = {}
        for name, text in self._wanted.compose.items():
            for value in self._value(f"{self._wanted.where}: compose.{name}", text, known, host):
                made[name] = value
        known |= made
        return Added(made, tuple(self._groups(host, known)))

    def _groups(self, host: str, known: Mapping[str, Any]) -> Iterator[tuple[str, str, str | None]]:
        for name, text in self._wanted.groups.items():
            place = f"{self._wanted.where}: groups.{name}"
            if any(self._value(place, text, known, host)):
                yield name, place, None
        for keyed in self._wanted.keyed_groups:
            for value in self._value(f"{keyed.where}.key", keyed.key, known, host):
                for word in keyed_words(keyed, value):
                    name = f"{keyed.prefix}{keyed.separator}{word}" if keyed.prefix else word
                    yield name, f"{keyed.where} with {word!r}", keyed.parent_group

    def _value(self, place: str, text: str, known: Mapping[str, Any], host: str) -> Iterator[Any]:
        """The value, or nothing when a name is not defined and that is allowed."""
        function = compiled(text)
        try:
            if function is not None:
                yield function(known)
            elif self._evaluate is not None:
                yield self._evaluate(text, known)
            else:
                raise ValueError("an expression that only Ansible can evaluate")
        except Undefined as error:
            if self._wanted.strict:
                problem = Problem(place, f"{text!r} without {error} for host {host}", "a name that each host has")
                raise ProblemError(problem) from None
        except (ValueError, TypeError) as error:
            raise ProblemError(Problem(place, f"{text!r} for host {host}: {error}", "a value")) from None


class ProblemError(Exception):
    """Carries one problem out of an evaluation."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def keyed_words(keyed: KeyedGroup, value: object) -> Iterable[str]:
    """Parts of group names out of a value: a text, each of a list, or `key_value` of a mapping."""
    if isinstance(value, Mapping):
        pairs = [
            f"{key}{keyed.separator}{item}" if item not in ("", None) else _bare(keyed, key)
            for key, item in value.items()
        ]
        return [pair for pair in pairs if pair]
    words = value if isinstance(value, list | tuple) else [value]
    texts = [str(word) for word in words if word is not None and word != ""]
    if texts or keyed.default_value is None:
        return texts
    return [keyed.default_value]


def _bare(keyed: KeyedGroup, key: object) -> str:
    if keyed.default_value is not None:
        return f"{key}{keyed.separator}{keyed.default_value}"
    return f"{key}{keyed.separator}" if keyed.trailing_separator else str(key)
