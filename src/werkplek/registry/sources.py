"""A source file's options as Ansible has them, without Ansible: the file's, else the environment's, else defaults.

Which options there are, with their types, defaults and environment variables, is read out of the plugin's own
documentation, which is also what Ansible reads.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, DecimalException
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

import yaml

from werkplek.errors import Problem
from werkplek.files import ROOT
from werkplek.registry.options import refuse, unclear_booleans, unknown_options

LIVE, OFFLINE = "netbox_registry", "registry_snapshot"
PLUGINS = (LIVE, OFFLINE)
FOLDER = ROOT / "inventory_plugins"


@dataclass(frozen=True, slots=True)
class Definition:
    """An option of a plugin. Of the variables in `environment` the last one that is set counts."""

    type: str
    default: object
    required: bool
    choices: tuple[object, ...]
    environment: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """An inventory source: its file, its plugin, and the value of every option of that plugin."""

    file: Path
    plugin: str
    options: Mapping[str, object] = field(repr=False)  # a token may be among them


@cache
def definitions(plugin: str) -> Mapping[str, Definition]:
    """The options of a plugin by name."""
    tree = ast.parse((FOLDER / f"{plugin}.py").read_text(encoding="utf-8"))
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    documentation = yaml.safe_load(ast.literal_eval(constants["DOCUMENTATION"]))
    return MappingProxyType({name: _definition(option) for name, option in documentation["options"].items()})


def _definition(option: Mapping[str, Any]) -> Definition:
    return Definition(
        type=option["type"],
        default=option.get("default"),
        required=option.get("required", False),
        choices=tuple(option.get("choices", ())),
        environment=tuple(entry["name"] for entry in option.get("env", ())),
    )


def read_source(file: Path, environment: Mapping[str, str]) -> SourceFile:
    """Read a source file. Raises WerkplekError with every problem found; never shows a token."""
    file = file.absolute()
    given = _document(file)
    plugin = given.get("plugin")
    if plugin not in PLUGINS:
        found = f"{plugin!r}" if "plugin" in given else "nothing"
        refuse(str(file), [Problem(f"{file}: plugin", found, f"one of {', '.join(PLUGINS)}")])
    known = definitions(plugin)
    problems = [*unknown_options(given, known, file), *unclear_booleans(given, environment, file)]
    values = _Values(file, given, environment, problems)
    options = {name: values.of(name, definition) for name, definition in known.items()}
    if values.problems:
        refuse(str(file), values.problems)
    return SourceFile(file, plugin, options)


@dataclass(frozen=True, slots=True)
class _Values:
    """What a file and the environment give, and what is wrong with it."""

    file: Path
    given: Mapping[object, object]
    environment: Mapping[str, str]
    problems: list[Problem]

    def of(self, name: str, definition: Definition) -> object:
        """The value of an option; None where there is none, and after a problem."""
        where, value = f"{self.file}: {name}", self.given.get(name)
        set_here = [variable for variable in definition.environment if variable in self.environment]
        from_environment = value is None and bool(set_here)
        if from_environment:
            where = f"{set_here[-1]} in the environment"
            value = self.environment[set_here[-1]]
        if value is None:
            if definition.required:
                self.problems.append(Problem(where, "nothing", f"a value of type {definition.type}"))
            return definition.default
        try:
            typed = CONVERSIONS[definition.type](value)
        except ValueError:
            if from_environment and value == "":
                return definition.default
            self.problems.append(Problem(where, _told(value, definition), f"a value of type {definition.type}"))
            return None
        self._check_choices(where, typed, definition)
        return typed

    def _check_choices(self, where: str, typed: object, definition: Definition) -> None:
        for choice in typed if isinstance(typed, list) else [typed]:
            if definition.choices and choice not in definition.choices:
                expected = f"one of {', '.join(map(str, definition.choices))}"
                self.problems.append(Problem(where, repr(choice), expected))


def _told(value: object, definition: Definition) -> str:
    """A value in an error; of texts only the type, for a token is one."""
    return repr(value) if definition.type == "int" else type(value).__name__


# Conversions as in Ansible's `ensure_type`: what both sides make of a value must be the same.
TRUE = frozenset({"y", "yes", "on", "1", "true", "t"})


def _bool(value: object) -> bool:
    if isinstance(value, str):
        return value.strip().lower() in TRUE
    return isinstance(value, Hashable) and value in (True, 1)


def _int(value: object) -> int:
    if isinstance(value, int):
        return int(value)
    if not isinstance(value, float | str):
        raise ValueError
    try:
        number = Decimal(value)
        whole = int(number)
    except (DecimalException, OverflowError):
        raise ValueError from None
    if number != whole:
        raise ValueError
    return whole


def _str(value: object) -> str:
    if not isinstance(value, str | bool | int | float):
        raise ValueError
    return str(value)


def _list(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    if not isinstance(value, str):
        raise ValueError
    return [_unquoted(part.strip()) for part in value.split(",")]


def _unquoted(text: str) -> str:
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" and text[-2] != "\\"
    return text[1:-1] if quoted else text


def _dict(value: object) -> dict[object, object]:
    if not isinstance(value, dict):
        raise ValueError
    return value


CONVERSIONS: Mapping[str, Callable[[object], object]] = MappingProxyType(
    {"bool": _bool, "int": _int, "str": _str, "list": _list, "dict": _dict}
)


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader, which refuses a key that comes twice, as `duplicate_dict_key = error` makes Ansible do."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """A mapping, each key of which comes once."""
        mapping = super().construct_mapping(node, deep)
        seen = set()
        for key_node, _value in node.value:
            key = self.construct_object(key_node, deep)
            if key in seen:
                problem, mark = f"the key {key!r} again", key_node.start_mark
                raise yaml.constructor.ConstructorError(problem=problem, problem_mark=mark)
            seen.add(key)
        return mapping


def _document(file: Path) -> Mapping[object, object]:
    try:
        data = yaml.load(file.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - it is a safe loader
    except OSError as error:
        refuse(str(file), [Problem(str(file), str(error.strerror), "an inventory source")])
    except UnicodeDecodeError:
        refuse(str(file), [Problem(str(file), "bytes that are not UTF-8", "UTF-8 text")])
    except yaml.YAMLError as error:
        _refuse_yaml(file, error)
    except ValueError as error:
        refuse(str(file), [Problem(str(file), f"broken YAML ({error})", "valid YAML")])
    if not isinstance(data, dict):
        found = "an empty file" if data is None else type(data).__name__
        refuse(str(file), [Problem(str(file), found, "options by name")])
    return data


def _refuse_yaml(file: Path, error: yaml.YAMLError) -> NoReturn:
    mark, reason = getattr(error, "problem_mark", None), getattr(error, "problem", None) or "unprintable characters"
    where = f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else str(file)
    remedy = "Tags need Ansible: name the token by `token_file`, or in the environment." if "tag '!" in reason else ""
    refuse(str(file), [Problem(where, f"broken YAML ({reason})", "valid YAML", remedy)])
