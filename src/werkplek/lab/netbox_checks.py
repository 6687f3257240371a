"""Checks of single values in bodies sent to the NetBox double, in NetBox's words."""

from __future__ import annotations

import ipaddress
import re
import zoneinfo
from collections.abc import Callable, Collection
from typing import Any

from werkplek.lab.netbox_answers import Refusal
from werkplek.lab.netbox_index import Row
from werkplek.lab.netbox_store import Store
from werkplek.lab.netbox_types import CHOICE_SETS, CUSTOM_FIELDS, TAG
from werkplek.registry.tables import INTERFACE

type Check = Callable[[Store, Any, Row], Any]
"""(store, value sent, row before) -> value to keep. Raises ValueError with NetBox's words."""

BLANK = "This field may not be blank."
REQUIRED = "This field is required."
NULL = "This field may not be null."
SLUG = (
    r"[-a-zA-Z0-9_]+",
    'Enter a valid "slug" consisting of letters, numbers, underscores or hyphens.',
)
COLOR = (r"[0-9a-f]{6}", "Enter a valid hexadecimal RGB color code.")
DNS_NAME = (
    r"([0-9A-Za-z_-]+|\*)(\.[0-9A-Za-z_-]+)*\.?",
    "Only alphanumeric characters, asterisks, hyphens, periods, and underscores are allowed in DNS names",
)


class WholeError(ValueError):
    """A problem that NetBox reports for the object and not for one of its fields."""


def text(*, blank: bool = True, null: bool = False, pattern: tuple[str, str] | None = None) -> Check:
    """A text; `pattern` is an expression that it must match, and NetBox's words when it does not."""

    def check(_store: Store, value: Any, _row: Row) -> Any:
        if value is None and null:
            return None
        if value is None:
            raise ValueError(NULL)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValueError("Not a valid string.")
        stripped = str(value).strip()
        if not stripped and null:
            return None
        if not stripped and not blank:
            raise ValueError(BLANK)
        if stripped and pattern and not re.fullmatch(pattern[0], stripped):
            raise ValueError(pattern[1])
        return stripped

    return check


def choice(choices: Collection[str], *, null: bool = False) -> Check:
    """One of several words; with `null` also none of them, as null or empty text."""

    def check(_store: Store, value: Any, _row: Row) -> Any:
        if null and value in (None, ""):
            return None
        if isinstance(value, dict | list):
            raise ValueError('Value must be passed directly (e.g. "foo": 123); do not use a dictionary or list.')
        if value not in choices:
            raise ValueError(f"{value} is not a valid choice.")
        return value

    return check


def integer(least: int, most: int, *, null: bool = False) -> Check:
    """A whole number within bounds."""

    def check(_store: Store, value: Any, _row: Row) -> Any:
        if value is None and null:
            return None
        if value is None:
            raise ValueError(NULL)
        try:
            number = int(value)
        except (TypeError, ValueError):
            raise ValueError("A valid integer is required.") from None
        if number < least:
            raise ValueError(f"Ensure this value is greater than or equal to {least}.")
        if number > most:
            raise ValueError(f"Ensure this value is less than or equal to {most}.")
        return number

    return check


def truth(_store: Store, value: Any, _row: Row) -> Any:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("Must be a valid boolean.")
    return value


def time_zone(_store: Store, value: Any, _row: Row) -> Any:
    """A time zone's name, or none."""
    if value is None or value in zoneinfo.available_timezones():
        return value
    raise ValueError("A valid timezone is required.")


def address(_store: Store, value: Any, _row: Row) -> Any:
    """An address with its mask; without one it is a network of its own."""
    if not isinstance(value, str):
        raise ValueError(f"unexpected type {type(value)} for addr arg")
    try:
        return str(ipaddress.ip_interface(value))
    except ValueError:
        # NetBox 4.4 itself fails here, with status 500.
        raise Refusal(500, {"error": "'data'", "exception": "KeyError"}) from None


def related(target: str, *, null: bool = True) -> Check:
    """Another object, by id or by attributes."""

    def check(store: Store, value: Any, _row: Row) -> Any:
        if value is None:
            if null:
                return None
            raise ValueError(NULL)
        return find(store, target, value)

    return check


def all_related(target: str) -> Check:
    """A list of other objects."""

    def check(store: Store, value: Any, _row: Row) -> Any:
        if not isinstance(value, list):
            raise ValueError(f'Expected a list of items but got type "{type(value).__name__}".')
        return sorted({find(store, target, item) for item in value})

    return check


def find(store: Store, target: str, value: Any) -> int:
    """Id of the object that a body refers to. Raises ValueError."""
    rows = store.tables[target]
    if isinstance(value, dict):
        found = [row for row in rows.values() if all(row.get(key) == wanted for key, wanted in value.items())]
        if len(found) == 1:
            return int(found[0]["id"])
        words = "Multiple objects match the provided attributes" if found else "Related object not found using the "
        raise ValueError(f"{words if found else words + 'provided attributes'}: {value}")
    try:
        number = int(value)
    except (TypeError, ValueError):
        words = "Related objects must be referenced by numeric ID or by dictionary of attributes. Received an "
        raise ValueError(f"{words}unrecognized value: {value}") from None
    if number not in rows:
        raise ValueError(f"Related object not found using the provided numeric ID: {number}")
    return number


tags = all_related(TAG)


def terminations(store: Store, value: Any, row: Row) -> Any:
    """Ids of the interfaces at one end of a new cable. Other ends, and those of a cable that is there, are refused."""
    if not isinstance(value, list):
        raise ValueError(f'Expected a list of items but got type "{type(value).__name__}".')
    if row or any(not isinstance(end, dict) or end.get("object_type") != INTERFACE for end in value):
        raise Refusal(501, {"detail": "The lab's NetBox plugs new cables, into interfaces only."})
    numbers = [end.get("object_id") for end in value]
    if any(number not in store.tables[INTERFACE] for number in numbers):
        raise Refusal(500, {"error": "Interface matching query does not exist.", "exception": "DoesNotExist"})
    return numbers


def custom_fields(store: Store, value: Any, row: Row) -> Any:
    """Values by field; fields that are not sent keep their value."""
    if not isinstance(value, dict):
        raise ValueError(f'Expected a dictionary of items but got type "{type(value).__name__}".')
    known = {item["name"]: item for item in store.tables[CUSTOM_FIELDS].values()}
    for name, item in value.items():
        if name not in known:
            raise WholeError(f"Unknown field name '{name}' in custom field data.")
        _check_custom(store, known[name], item)
    return {**dict.fromkeys(known), **row.get("custom_fields", {}), **value}


def _check_custom(store: Store, custom: Row, value: Any) -> None:
    if value is None or value == "":
        return
    said = f"Invalid value for custom field '{custom['name']}':"
    if custom["type"] == "select":
        choices = store.tables[CHOICE_SETS][custom["choice_set"]]
        if value not in choices["extra_choices"]:
            raise WholeError(f"{said} Invalid choice ({value}) for choice set {choices['name']}.")
    elif custom["type"] in ("text", "longtext", "url"):
        if not isinstance(value, str):
            raise WholeError(f"{said} Value must be a string.")
    else:
        raise Refusal(501, {"detail": f"The lab's NetBox does not write custom fields of type {custom['type']}."})
