"""Jinja expressions that are plain lookups and comparisons, compiled to Python: no template runs for each host.

What is not among the few forms here is left to Jinja by the caller, so that every expression means what Ansible says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, nodes
from jinja2.exceptions import TemplateSyntaxError

type Expression = Callable[[Mapping[str, Any]], Any]


class Undefined(Exception):
    """A name that a host does not have."""


COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "in": lambda a, b: a in b,
    "notin": lambda a, b: a not in b,
}
# `x.items` is a method in Jinja, also where a dictionary has such a key; `x['items']` is one where it has not.
METHODS = frozenset(name for kind in (dict, list, str, int, float) for name in dir(kind))


@cache
def compiled(text: str) -> Expression | None:
    """The expression as a function of a host's variables, or None when it needs Jinja.

    The function raises Undefined for a missing name. Raises ValueError for what is no expression.
    """
    try:
        template = Environment(autoescape=False).parse("{{ " + text + " }}")  # noqa: S701 - nothing is rendered
    except TemplateSyntaxError as error:
        raise ValueError(error.message) from None
    match template.body:
        case [nodes.Output(nodes=[node])]:
            return _expression(node)
    raise ValueError("more than one expression")


def _expression(node: nodes.Node) -> Expression | None:  # noqa: PLR0911 - a table of forms
    match node:
        case nodes.Const(value=value):
            return lambda _vars: value
        case nodes.Name(name=name, ctx="load"):
            return lambda variables: _item(variables, name)
        case nodes.Getattr(node=inner, attr=name) if name not in METHODS:
            return _lookup(inner, name)
        case nodes.Getitem(node=inner, arg=nodes.Const(value=key)) if key not in METHODS:
            return _lookup(inner, key)
        case nodes.Compare(expr=left, ops=[nodes.Operand(op="in" | "notin" as op, expr=nodes.Tuple(items=items))]):
            return _both(left, nodes.List(items), COMPARE[op])
        case nodes.Compare(expr=left, ops=[nodes.Operand(op=op, expr=right)]) if op in COMPARE:
            return _both(left, right, COMPARE[op])
        case nodes.And(left=left, right=right):
            return _short(left, right, stop=False)
        case nodes.Or(left=left, right=right):
            return _short(left, right, stop=True)
        case nodes.Not(node=inner):
            value_of = _expression(inner)
            return value_of and (lambda variables: not value_of(variables))
        case nodes.List(items=items) if all(isinstance(item, nodes.Const) for item in items):
            return _sequence(items)
        case nodes.Filter(
            node=nodes.Node() as inner, name="default" | "d", args=[fallback], kwargs=[], dyn_args=None, dyn_kwargs=None
        ) if _is_lenient(inner) and _is_lenient(fallback):
            return _default(inner, fallback)
        case nodes.Test(node=inner, name="defined", args=[] | None) if _is_lenient(inner):
            return _defined(inner)
    return None


def _is_lenient(node: nodes.Node) -> bool:
    """Whether Jinja makes nothing worse than an undefined value of it. Comparisons of such a value fail at once."""
    match node:
        case nodes.Getattr(node=inner) | nodes.Getitem(node=inner):
            return _is_lenient(inner)
        case nodes.Filter(node=nodes.Node() as inner, name="default" | "d", args=[fallback]):
            return _is_lenient(inner) and _is_lenient(fallback)
    return isinstance(node, nodes.Name | nodes.Const | nodes.List)


def _item(value: Any, key: Any) -> Any:
    try:
        return value[key]
    except (KeyError, IndexError, TypeError):
        raise Undefined(str(key)) from None


def _lookup(inner: nodes.Node, key: Any) -> Expression | None:
    value_of = _expression(inner)
    return value_of and (lambda variables: _item(value_of(variables), key))


def _both(left: nodes.Node, right: nodes.Node, operation: Callable[[Any, Any], Any]) -> Expression | None:
    one, two = _expression(left), _expression(right)
    if one is None or two is None:
        return None
    return lambda variables: operation(one(variables), two(variables))


def _short(left: nodes.Node, right: nodes.Node, *, stop: bool) -> Expression | None:
    one, two = _expression(left), _expression(right)
    if one is None or two is None:
        return None

    def value_of(variables: Mapping[str, Any]) -> Any:
        value = one(variables)
        return value if bool(value) is stop else two(variables)

    return value_of


def _sequence(items: Iterable[nodes.Node]) -> Expression | None:
    parts = [_expression(item) for item in items]
    known = [part for part in parts if part is not None]
    return (lambda variables: [part(variables) for part in known]) if len(known) == len(parts) else None


def _default(inner: nodes.Node, fallback: nodes.Node) -> Expression | None:
    one, two = _expression(inner), _expression(fallback)
    if one is None or two is None:
        return None

    def value_of(variables: Mapping[str, Any]) -> Any:
        try:
            return one(variables)
        except Undefined:
            return two(variables)

    return value_of


def _defined(inner: nodes.Node) -> Expression | None:
    one = _expression(inner)
    if one is None:
        return None

    def value_of(variables: Mapping[str, Any]) -> Any:
        try:
            one(variables)
        except Undefined:
            return False
        return True

    return value_of
