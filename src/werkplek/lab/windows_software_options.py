"""A simulated module's options, checked against the DOCUMENTATION of the real module in the installed collection."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from werkplek.errors import WerkplekError
from werkplek.lab.windows_modules import ModuleFailure

TRUE = ("y", "yes", "on", "1", "true", "t", "1.0")  # Ansible.Basic, BOOLEANS_TRUE and BOOLEANS_FALSE
FALSE = ("n", "no", "off", "0", "false", "f", "0.0")


def checked(module: str, options: Mapping[str, Any], simulated: Sequence[str]) -> dict[str, Any]:
    """Every documented option with its value or default; the lab knows what those in `simulated` do.

    Raises ModuleFailure, with the words of Ansible.Basic, for an unknown option, one that is missing and a value of
    another type or not among the choices; and for an option that the lab does not simulate.
    """
    documented = documentation(module)
    known = {alias: name for name, option in documented.items() for alias in (name, *option.get("aliases", ()))}
    if unknown := sorted(options.keys() - known.keys()):
        text = f"Unsupported parameters for ({module}) module: {', '.join(unknown)}."
        raise ModuleFailure(f"{text} Supported parameters include: {', '.join(sorted(documented))}")
    given = {known[name]: value for name, value in options.items() if value is not None}
    if missing := sorted(name for name, option in documented.items() if option.get("required") and name not in given):
        raise ModuleFailure(f"missing required arguments: {', '.join(missing)}")
    values = {name: _value(name, option, given.get(name)) for name, option in documented.items()}
    for name, option in documented.items():
        if name not in simulated and values[name] != _value(name, option, None):
            raise ModuleFailure(f"the lab does not simulate the option {name} of {module}")
    return values


@cache
def documentation(module: str) -> Mapping[str, Mapping[str, Any]]:
    """The documented options of an installed module by name."""
    file = module_file(module, "py")
    for statement in ast.parse(file.read_text()).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "DOCUMENTATION":
            options: Mapping[str, Mapping[str, Any]] = yaml.safe_load(ast.literal_eval(statement.value))["options"]
            return options
    raise WerkplekError(f"{file} has no DOCUMENTATION")


def module_file(module: str, extension: str) -> Path:
    """A file of an installed module. Raises WerkplekError when the collection is not installed."""
    namespace, collection, name = module.split(".")
    spec = find_spec("ansible")
    site = Path(spec.origin).parents[1] if spec and spec.origin else Path()
    file = site / "ansible_collections" / namespace / collection / "plugins" / "modules" / f"{name}.{extension}"
    if not file.is_file():
        raise WerkplekError(f"{module} is not installed: run ./werkplek once")
    return file


def _value(name: str, option: Mapping[str, Any], given: object) -> Any:
    value = option.get("default") if given is None else given
    if value is None:
        return None
    kind = option.get("type", "str")
    try:
        value = _CONVERT.get(kind, lambda same: same)(value)
    except ValueError as error:
        raise ModuleFailure(f"argument for {name} cannot be converted to {kind}: {error}") from None
    return _chosen(name, option, value)


def _chosen(name: str, option: Mapping[str, Any], value: Any) -> Any:
    choices = [str(choice).lower() for choice in option.get("choices", ())]
    wrong = [str(one) for one in (value if isinstance(value, list) else [value]) if str(one).lower() not in choices]
    if choices and wrong:
        many = "one or more of" if isinstance(value, list) else "one of"
        allowed = ", ".join(str(choice) for choice in option["choices"])
        raise ModuleFailure(f"value of {name} must be {many}: {allowed}. Got no match for: {', '.join(wrong)}")
    return value


def _list(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",")]
    return list(value) if isinstance(value, list) else [value]


def _bool(value: Any) -> bool:
    text = str(value).strip().lower()
    if text not in (*TRUE, *FALSE):
        raise ValueError(f"The value '{text}' is not a valid boolean.")
    return text in TRUE


_CONVERT: Mapping[str, Callable[[Any], Any]] = {"list": _list, "bool": _bool, "int": int, "str": str, "path": str}
