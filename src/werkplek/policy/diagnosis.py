"""Turns pydantic's errors into problems: file:line:column, what was found, what was expected in plain English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from werkplek.errors import Problem
from werkplek.policy.fields import nearest, one_of, shown
from werkplek.policy.yaml_source import Document, KeyPath

# pydantic's error types that say only "another type, please" -> our words.
_TYPES: Mapping[str, str] = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


def explain(error: ValidationError, document: Document, base: KeyPath, model: type[BaseModel]) -> list[Problem]:
    """Problems of one failed validation of `model` on the value at `base` in `document`."""
    return [_explain(detail, document, base, model) for detail in error.errors(include_url=False)]


def _explain(detail: ErrorDetails, document: Document, base: KeyPath, model: type[BaseModel]) -> Problem:
    path, kind, value, context = (*base, *detail["loc"]), detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "missing":
        return Problem(document.where(path[:-1]), f"no '{path[-1]}'", f"the key '{path[-1]}'")
    if kind == "extra_forbidden":
        allowed = allowed_keys(model, detail["loc"][:-1])
        remedy = nearest(path[-1], allowed)
        expected = one_of(allowed) if allowed else "an empty mapping, {}"
        return Problem(document.where(path, key=True), f"the unknown key '{path[-1]}'", expected, remedy)
    if kind == "werkplek":
        return _own(context, document, path, value)
    if kind == "literal_error":
        allowed = [part.strip("'") for part in context["expected"].replace(" or ", ", ").split(", ")]
        expected = allowed[0] if len(allowed) == 1 else one_of(allowed)
        return Problem(document.where(path), shown(value), expected, nearest(value, allowed))
    quoted = kind == "string_type" and type(value) in {int, float}
    remedy = f"Put it in quotes: '{value}'." if quoted else ""
    return Problem(document.where(path), shown(value), _TYPES.get(kind, detail["msg"]), remedy)


def _own(context: Mapping[str, Any], document: Document, path: KeyPath, value: object) -> Problem:
    at = context["at"]
    if not context["found"] and at and isinstance(value, list | tuple):
        value = value[at[0]]
    return Problem(
        document.where((*path, *at)), context["found"] or shown(value), context["expected"], context["remedy"]
    )


def allowed_keys(model: type[BaseModel], loc: KeyPath) -> list[str]:
    """Keys that the model at `loc` below `model` knows, sorted."""
    for part in loc:
        if isinstance(part, str):
            field = next(info for name, info in model.model_fields.items() if part in {name, info.alias})
            model = _model_in(field.annotation) or model
    return sorted(info.alias or name for name, info in model.model_fields.items())


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
