"""Writes to the NetBox double: bodies checked in NetBox's words; what the double does not keep is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from werkplek.lab.netbox_answers import Refusal
from werkplek.lab.netbox_filters import DEVICE_STATUSES, VM_STATUSES
from werkplek.lab.netbox_rows import VERBOSE
from werkplek.lab.netbox_store import CHOICE_SETS, CUSTOM_FIELDS, Row, Store

type Check = Callable[[Store, Any, Row], Any]
"""(store, value sent, row before) -> value to keep. Raises ValueError with NetBox's words."""

BLANK = "This field may not be blank."
REQUIRED = "This field is required."
NULL = "This field may not be null."


def _text(*, blank: bool = True, null: bool = False) -> Check:
    def check(_store: Store, value: Any, _row: Row) -> Any:
        if value is None and null:
            return None
        if value is None:
            raise ValueError(NULL)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValueError("Not a valid string.")
        text = str(value).strip()
        if not text and null:
            return None
        if not text and not blank:
            raise ValueError(BLANK)
        return text

    return check


def _choice(choices: tuple[str, ...]) -> Check:
    def check(_store: Store, value: Any, _row: Row) -> Any:
        if isinstance(value, dict | list):
            raise ValueError('Value must be passed directly (e.g. "foo": 123); do not use a dictionary or list.')
        if value not in choices:
            raise ValueError(f"{value} is not a valid choice.")
        return value

    return check


def _related(target: str, *, null: bool = True) -> Check:
    def check(store: Store, value: Any, _row: Row) -> Any:
        if value is None:
            if null:
                return None
            raise ValueError(NULL)
        return _find(store, target, value)

    return check


def _find(store: Store, target: str, value: Any) -> int:
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


def _tags(store: Store, value: Any, _row: Row) -> Any:
    if not isinstance(value, list):
        raise ValueError(f'Expected a list of items but got type "{type(value).__name__}".')
    return sorted({_find(store, "extras.tag", item) for item in value})


def _custom_fields(store: Store, value: Any, row: Row) -> Any:
    """Fields that are not sent keep their value."""
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
        if value not in [name for name, _label in choices["extra_choices"]]:
            raise WholeError(f"{said} Invalid choice ({value}) for choice set {choices['name']}.")
    elif not isinstance(value, str):
        raise WholeError(f"{said} Value must be a string.")


class WholeError(ValueError):
    """A problem that NetBox reports for the object and not for one of its fields."""


def _no_address(_store: Store, value: Any, _row: Row) -> Any:
    if value is not None:
        words = "The lab's NetBox keeps addresses as text and has no interfaces: an address can only be taken away."
        raise Refusal(501, {"detail": words})
    return None


@dataclass(frozen=True, slots=True)
class Kind:
    """Which columns of a type can be written, which are needed, and what the others begin as."""

    checks: Mapping[str, Check]
    required: tuple[str, ...]
    defaults: Row = field(default_factory=dict)


HOST_CHECKS: Mapping[str, Check] = {
    "serial": _text(),
    "tenant": _related("tenancy.tenant"),
    "platform": _related("dcim.platform"),
    "cluster": _related("virtualization.cluster"),
    "tags": _tags,
    "custom_fields": _custom_fields,
    "primary_ip4": _no_address,
    "primary_ip6": _no_address,
    "description": _text(),
    "comments": _text(),
}
NAME_CHECKS: Mapping[str, Check] = {"name": _text(blank=False), "slug": _text(blank=False), "description": _text()}
HOST_DEFAULTS: Row = {
    "status": "active",
    "serial": "",
    "tags": [],
    "custom_fields": {"update_ring": None, "owner_department": None},
    **dict.fromkeys(("site", "tenant", "platform", "cluster", "role", "primary_ip4", "primary_ip6")),
}

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "extras.tag": Kind(
            {**NAME_CHECKS, "color": _text(blank=False)},
            ("name", "slug"),
            {"color": "9e9e9e", "weight": 1000, "description": "", "object_types": []},
        ),
        "tenancy.tenant": Kind(
            {**NAME_CHECKS, "comments": _text(), "group": _related("tenancy.tenantgroup")},
            ("name", "slug"),
            {"group": None},
        ),
        "dcim.device": Kind(
            {
                **HOST_CHECKS,
                "name": _text(null=True),
                "status": _choice(DEVICE_STATUSES),
                "asset_tag": _text(null=True),
                "site": _related("dcim.site", null=False),
                "location": _related("dcim.location"),
                "role": _related("dcim.devicerole", null=False),
                "device_type": _related("dcim.devicetype", null=False),
            },
            ("device_type", "role", "site"),
            {**HOST_DEFAULTS, **dict.fromkeys(("name", "asset_tag", "location", "virtual_chassis"))},
        ),
        "virtualization.virtualmachine": Kind(
            {
                **HOST_CHECKS,
                "name": _text(blank=False),
                "status": _choice(VM_STATUSES),
                "site": _related("dcim.site"),
                "role": _related("dcim.devicerole"),
            },
            ("name",),
            HOST_DEFAULTS,
        ),
    }
)


def create(store: Store, object_type: str, body: Any) -> Row:
    """Add an object. Raises Refusal."""
    kind = _kind(object_type)
    values, wrong = _checked(store, object_type, body, {})
    wrong = {name: [REQUIRED] for name in kind.required if name not in body} | wrong
    row = {**kind.defaults, **values}
    _check_whole(store, object_type, row, wrong)
    return store.create(object_type, row)


def update(store: Store, object_type: str, number: int, body: Any) -> Row:
    """Change columns of an object. Raises Refusal."""
    before = store.tables[object_type][number]
    values, wrong = _checked(store, object_type, body, before)
    _check_whole(store, object_type, {**before, **values}, wrong)
    return store.update(object_type, number, values)


def delete(store: Store, object_type: str, number: int) -> None:
    """Take an object away. Raises Refusal when other objects need it."""
    _kind(object_type)
    found = store.dependents(object_type, number)
    if found:
        listed = ", ".join(f"{row.get('name') or row['id']} ({row['id']})" for _name, row in found)
        words = f"Unable to delete object. {len(found)} dependent objects were found: {listed}"
        raise Refusal(409, {"detail": words})
    store.delete(object_type, number)


def _kind(object_type: str) -> Kind:
    if object_type not in KINDS:
        raise Refusal(501, {"detail": f"The lab's NetBox does not write {object_type}."})
    return KINDS[object_type]


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


def _check_whole(store: Store, object_type: str, row: Row, wrong: dict[str, list[str]]) -> None:
    """Raise Refusal for wrong columns, else for what is wrong with the object as a whole."""
    if not wrong:
        wrong = _unique(store, object_type, row)
    if not wrong and object_type == "virtualization.virtualmachine" and row["site"] is None and row["cluster"] is None:
        wrong = {"cluster": ["A virtual machine must be assigned to a site and/or cluster."]}
    if wrong:
        raise Refusal(400, wrong)


# Columns that are unique together, ("", ...) where NetBox reports the object and not a column.
UNIQUE: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]] = MappingProxyType(
    {
        "extras.tag": ((("name",), ""), (("slug",), "")),
        "tenancy.tenant": (
            (("name", "group"), "Tenant name must be unique per group."),
            (("slug", "group"), "Tenant slug must be unique per group."),
        ),
        "dcim.device": (
            (("asset_tag",), ""),
            (("name", "site", "tenant"), "Constraint “dcim_device_unique_name_site_tenant” is violated."),
        ),
        "virtualization.virtualmachine": (
            (
                ("name", "cluster", "tenant"),
                "Constraint “virtualization_virtualmachine_unique_name_cluster_tenant” is violated.",
            ),
        ),
    }
)


def _unique(store: Store, object_type: str, row: Row) -> dict[str, list[str]]:
    others = [other for other in store.tables[object_type].values() if other["id"] != row.get("id")]
    wrong: dict[str, list[str]] = {}
    for columns, words in UNIQUE[object_type]:
        key = _folded(row, columns)
        if row[columns[0]] is not None and any(_folded(other, columns) == key for other in others):
            column = columns[0]
            verbose = f"{VERBOSE[object_type]} with this {column.replace('_', ' ')} already exists."
            wrong.setdefault("__all__" if words else column, []).append(words or verbose)
    return wrong


def _folded(row: Row, columns: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(value.lower() if isinstance(value := row[name], str) else value for name in columns)
