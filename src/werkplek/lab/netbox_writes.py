"""Writes to the NetBox double: bodies checked in NetBox's words; what the double does not keep is refused."""

from __future__ import annotations

from typing import Any

from werkplek.lab import netbox_whole
from werkplek.lab.netbox_answers import Refusal
from werkplek.lab.netbox_checks import REQUIRED, WholeError
from werkplek.lab.netbox_deletes import ProtectedError
from werkplek.lab.netbox_index import Row
from werkplek.lab.netbox_kinds import KINDS, Kind
from werkplek.lab.netbox_names import display
from werkplek.lab.netbox_store import Store
from werkplek.lab.netbox_types import CLUSTER, CLUSTER_TYPE, CUSTOM_FIELDS, MANUFACTURER, SITE
from werkplek.registry.tables import HOSTS


def create(store: Store, object_type: str, body: Any) -> Row:
    """Add an object. Raises Refusal."""
    kind = _kind(object_type)
    values, wrong = _checked(store, object_type, body, {})
    wrong = {name: [REQUIRED] for name in kind.required if name not in body} | wrong
    _refuse(wrong)
    values = _scoped(values, {}) if object_type == CLUSTER else values
    row = {**kind.defaults, **values}
    if object_type in HOSTS:
        row.setdefault("custom_fields", dict.fromkeys(item["name"] for item in store.tables[CUSTOM_FIELDS].values()))
    _refuse(netbox_whole.problems(store, object_type, row, {}, values))
    return store.create(object_type, row)


def update(store: Store, object_type: str, number: int, body: Any) -> Row:
    """Change columns of an object. Raises Refusal."""
    before = store.tables[object_type][number]
    values, wrong = _checked(store, object_type, body, before)
    _refuse(wrong)
    values = _scoped(values, before) if object_type == CLUSTER else values
    _refuse(netbox_whole.problems(store, object_type, {**before, **values}, before, values))
    return store.update(object_type, number, values)


def delete(store: Store, object_type: str, number: int) -> None:
    """Take an object away. Raises Refusal when other objects need it."""
    if object_type in (MANUFACTURER, CLUSTER_TYPE):
        raise _unwritten(object_type)
    try:
        store.delete(object_type, number)
    except ProtectedError as error:
        listed = ", ".join(f"{display(store.tables, kind, row)} ({row['id']})" for kind, row in error.rows)
        words = f"Unable to delete object. {len(error.rows)} dependent objects were found: {listed}"
        raise Refusal(409, {"detail": words}) from None


def _kind(object_type: str) -> Kind:
    if object_type not in KINDS:
        raise _unwritten(object_type)
    return KINDS[object_type]


def _unwritten(object_type: str) -> Refusal:
    return Refusal(501, {"detail": f"The lab's NetBox does not write {object_type}."})


def _refuse(wrong: dict[str, list[str]]) -> None:
    if wrong:
        raise Refusal(400, wrong)


def _checked(store: Store, object_type: str, body: Any, before: Row) -> tuple[Row, dict[str, list[str]]]:
    """Values of the columns sent, and problems by column."""
    checks = _kind(object_type).checks
    if isinstance(body, list):
        raise Refusal(501, {"detail": "The lab's NetBox writes one object at a time."})
    if not isinstance(body, dict):
        words = f"Invalid data. Expected a dictionary, but got {type(body).__name__}."
        raise Refusal(400, {"non_field_errors": [words]})
    unkept = [name for name in body if name not in checks]
    if unkept:
        raise Refusal(501, {"detail": f"The lab's NetBox does not write {', '.join(unkept)} of {object_type}."})
    values: Row = {}
    wrong: dict[str, list[str]] = {}
    for name, value in body.items():
        try:
            values[name] = checks[name](store, value, before)
        except ValueError as error:
            wrong.setdefault("__all__" if isinstance(error, WholeError) else name, []).append(str(error))
    return values, wrong


def _scoped(values: Row, before: Row) -> Row:
    """A cluster's scope is its site here. Raises Refusal."""
    values.pop("type", None)
    if {"scope_type", "scope_id"}.isdisjoint(values):
        return values
    known = before.get("site")
    kind = values.pop("scope_type", SITE if known else None)
    number = values.pop("scope_id", known)
    if kind is None and number is not None:
        raise Refusal(400, {"scope_type": ["This field cannot be null."]})
    if kind is not None and number is None:
        raise Refusal(400, {"__all__": ["Please select a site."]})
    return {**values, "site": number}
