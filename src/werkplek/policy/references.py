"""References `{from: municipality.desktop.homepage}`: what they may name, of which type, and their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from pydantic import BaseModel

from werkplek.policy.documents import Municipality
from werkplek.policy.fields import Ref, SecretRef, nearest, one_of
from werkplek.policy.kind import TEXT_OR_NUMBER, Kind
from werkplek.policy.model import REGISTRY_FIELDS
from werkplek.policy.yaml_source import KeyPath

type Shape = str | Mapping[str, Shape] | tuple[Mapping[str, Shape]]
type Complaint = tuple[str, str, str]  # found, expected, remedy


def shape_of(model: type[BaseModel]) -> dict[str, Shape]:
    """Names below a document with their types: text, number, list of texts, a record, or a list of records."""
    shapes = {name: _annotation(info.annotation) for name, info in model.model_fields.items() if not info.exclude}
    return shapes | dict.fromkeys(model.model_computed_fields, "text")


def _annotation(annotation: object) -> Shape:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return shape_of(annotation)
    if annotation is int:
        return "number"
    if annotation is bool:
        return "yes or no"
    parts = [part for part in get_args(annotation) if part not in {type(None), Ellipsis}]
    if Ellipsis in get_args(annotation):
        item = _annotation(parts[0])
        return (item,) if isinstance(item, Mapping) else "list of texts"
    return _annotation(parts[0]) if parts else "text"


ROOTS: Mapping[str, Shape] = {"municipality": shape_of(Municipality), "registry": REGISTRY_FIELDS}


def check_reference(source: str, wanted: str | None, item: Shape | None) -> Complaint | None:
    """What is wrong with `{from: source}` where a value of type `wanted` belongs; None when nothing is.

    `item` is the shape of one item of `for_each`, if there is one.
    """
    if source.startswith("item.") and item is None:
        return f"{shown_ref(source)} without for_each", "a name below municipality or registry", ""
    shape = look_up(source, item)
    if isinstance(shape, Dangling):
        return f"{shown_ref(source)}, which names nothing", shape.expected, nearest(shape.part, shape.names)
    if shape == wanted or (wanted == TEXT_OR_NUMBER and shape in {"text", "number"}):
        return None
    expected = f"a reference that gives {article(wanted)}" if wanted else "a literal value here"
    return f"{shown_ref(source)}, which gives {article(shape)}", expected, ""


@dataclass(frozen=True, slots=True)
class Dangling:
    """Where a look-up ended: `part` is not among `names`."""

    part: str
    names: list[str]

    @property
    def expected(self) -> str:
        """What could stand there."""
        return one_of(self.names) if self.names else f"a name that ends before '.{self.part}'"


def look_up(source: str, item: Shape | None) -> Shape | Dangling:
    """Shape that `source` names, or where the look-up ended."""
    shape: Shape = {**ROOTS, **({"item": item} if item else {})}
    for part in source.split("."):
        if not isinstance(shape, Mapping) or part not in shape:
            return Dangling(part, sorted(shape) if isinstance(shape, Mapping) else [])
        shape = shape[part]
    return shape


def article(shape: Shape | None) -> str:
    """`shape` in words."""
    if isinstance(shape, Mapping):
        return "a record"
    if isinstance(shape, tuple):
        return "a list of records"
    return str(shape) if shape in {"text", "yes or no", TEXT_OR_NUMBER} else f"a {shape}"


def shown_ref(source: str) -> str:
    """The reference as it is written."""
    return f"{{from: {source}}}"


def references(body: Kind) -> Iterator[tuple[KeyPath, Ref, str | None]]:
    """All references of a kind: path, reference, and the type that belongs there (see `Kind.wanted`)."""
    for path, value in _leaves(body):
        if isinstance(value, Ref):
            field = str(path[0])
            yield path, value, body.wanted(field) if len(path) == 1 else body.wanted_inside(field)


def secrets(body: Kind) -> Iterator[tuple[KeyPath, SecretRef]]:
    """All secrets of a kind, with their paths."""
    return ((path, value) for path, value in _leaves(body) if isinstance(value, SecretRef))


def _leaves(value: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    """What stands in a kind, in its lists and in the mappings in it, with its path."""
    if isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from _leaves(part, (*path, index))
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _leaves(getattr(value, name), (*path, name))
    else:
        yield path, value


class Unset(Exception):
    """A reference names an optional value that this document leaves out."""


def fill(value: object, scope: Mapping[str, object]) -> object:
    """`value` (raw data of a kind) with every reference below municipality and item replaced.

    References to the host's registry record stay. Raises Unset with the reference's text.
    """
    if isinstance(value, dict):
        source = value.get("from")
        if isinstance(source, str) and not source.startswith("registry."):
            return _value(source, scope)
        return {key: fill(item, scope) for key, item in value.items()}
    return [fill(item, scope) for item in value] if isinstance(value, list) else value


def _value(source: str, scope: Mapping[str, object]) -> object:
    value: object = scope
    for part in source.split("."):
        assert isinstance(value, Mapping)
        value = value[part]
        if value is None:  # or the record that it would be in
            raise Unset(source)
    return list(value) if isinstance(value, tuple) else value
