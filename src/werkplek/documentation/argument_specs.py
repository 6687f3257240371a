"""The inputs of a role, as `meta/argument_specs.yml` says them.

Format: docs.ansible.com, "Role argument validation". A key that a README would not tell is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from werkplek.errors import Problem
from werkplek.policy.diagnosis import explain
from werkplek.policy.fields import AS_TUPLE, ONE_OR_MORE, Line, Strict, not_empty, one_of, wrong
from werkplek.policy.yaml_source import Document, KeyPath

MAIN = "main"
type ValueType = Literal[
    "bits", "bool", "bytes", "dict", "float", "int", "json", "jsonarg", "list", "path", "raw", "str"
]


def _mapping(value: object) -> object:
    return value if isinstance(value, dict) else wrong("a mapping of names to inputs")


Options = Annotated[Mapping[str, object], BeforeValidator(_mapping)]
Paragraphs = Annotated[tuple[str, ...], ONE_OR_MORE, not_empty("paragraph")]


class EntryPointSpec(Strict):
    """An entry point as it is written; its options are checked one by one."""

    short_description: Line
    description: Paragraphs
    options: Options = Field(default_factory=dict)


class OptionSpec(Strict):
    """An input as it is written; inputs within it are checked one by one."""

    description: Paragraphs
    type: ValueType = "str"
    elements: ValueType | None = None
    required: bool = False
    default: object = None
    choices: Annotated[tuple[object, ...], AS_TUPLE] = ()
    aliases: Annotated[tuple[str, ...], AS_TUPLE] = ()
    no_log: bool = False
    options: Options = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Input:
    """An input of a role. One within another is named `outer.inner`, or `outer[].inner` where outer is a list.

    `default` and `choices` are YAML on one line; an empty default is none. `secret` says that no log shows the value.
    """

    name: str
    type: str
    required: bool
    default: str
    description: tuple[str, ...]
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    secret: bool = False


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """One way into a role: `tasks/<name>.yml`, what it does in a line and in paragraphs, and its inputs in order."""

    name: str
    short_description: str
    description: tuple[str, ...]
    inputs: tuple[Input, ...]


def read_entry_points(specs: Document, problems: list[Problem]) -> tuple[EntryPoint, ...]:
    """The entry points, `main` first and the others by name. `problems` collects what is wrong."""
    written = specs.data.get("argument_specs") if isinstance(specs.data, dict) else None
    if not isinstance(written, dict) or MAIN not in written:
        expected = f"argument_specs: with the entry point '{MAIN}'"
        problems.append(Problem(specs.where(("argument_specs",)), f"no entry point '{MAIN}'", expected))
        return ()
    reader = _Reader(specs, problems)
    found = [reader.entry_point(name) for name in sorted(written, key=lambda name: (name != MAIN, name))]
    return tuple(entry for entry in found if entry)


def as_yaml(value: object) -> str:
    """A value on one line, as it could stand in a play."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=float("inf"))
    return str(text).removesuffix("\n").removesuffix("\n...")


@dataclass(frozen=True)
class _Reader:
    """Reads one file. `problems` collects."""

    document: Document
    problems: list[Problem]

    def entry_point(self, name: str) -> EntryPoint | None:
        path = ("argument_specs", name)
        spec = self._checked(EntryPointSpec, path)
        if spec is None:
            return None
        inputs = tuple(self._inputs(spec.options, (*path, "options"), ""))
        return EntryPoint(name, spec.short_description, spec.description, inputs)

    def _inputs(self, options: Mapping[str, object], path: KeyPath, outer: str) -> Iterator[Input]:
        for name in options:
            spec = self._checked(OptionSpec, (*path, name))
            if spec is None:
                continue
            self._check(spec, (*path, name))
            yield _input(outer + name, spec)
            below = f"{outer}{name}{'[]' if spec.type == 'list' else ''}."
            yield from self._inputs(spec.options, (*path, name, "options"), below)

    def _checked[M: BaseModel](self, model: type[M], path: KeyPath) -> M | None:
        value: object = self.document.data
        for key in path:
            assert isinstance(value, dict)  # its parent was checked
            value = value[key]
        try:
            return model.model_validate(value)
        except ValidationError as error:
            self.problems.extend(explain(error, self.document, path, model))
            return None

    def _check(self, spec: OptionSpec, path: KeyPath) -> None:
        """What no single key shows to be wrong."""
        if spec.elements and spec.type != "list":
            self._wrong((*path, "elements"), "elements of what is no list", "type: list beside it")
        if spec.options and "dict" not in {spec.type, spec.elements}:
            self._wrong(
                (*path, "options"), "options of what is no mapping", "type: dict, or a list with elements: dict"
            )
        if spec.required and "default" in spec.model_fields_set:
            self._wrong((*path, "default"), "the default of what is required", "one of both")
        given = spec.default if isinstance(spec.default, list) else [spec.default]
        if spec.choices and spec.default is not None and not all(one in spec.choices for one in given):
            found = f"the default {as_yaml(spec.default)}"
            self._wrong((*path, "default"), found, one_of(map(as_yaml, spec.choices)))

    def _wrong(self, path: KeyPath, found: str, expected: str) -> None:
        self.problems.append(Problem(self.document.where(path), found, expected))


def _input(name: str, spec: OptionSpec) -> Input:
    return Input(
        name=name,
        type=f"{spec.type} of {spec.elements}" if spec.elements else spec.type,
        required=spec.required,
        default=as_yaml(spec.default) if "default" in spec.model_fields_set else "",
        description=spec.description,
        choices=tuple(map(as_yaml, spec.choices)),
        aliases=spec.aliases,
        secret=spec.no_log,
    )
