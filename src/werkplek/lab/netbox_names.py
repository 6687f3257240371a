"""NetBox's own texts for objects: `display` in its API, `object_repr` in its change log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from werkplek.lab.netbox_index import Row, Tables
from werkplek.lab.netbox_types import APPS, ASSIGNMENT, CABLE, CHANGES, CUSTOM_FIELDS, TERMINATION, TYPES, VLAN
from werkplek.registry.tables import ADDRESS, DEVICE, INTERFACE

ACTIONS = {"create": "Created", "update": "Updated", "delete": "Deleted"}

type Name = Callable[[Tables, Row], str]


def display(tables: Tables, object_type: str, row: Row) -> str:
    """The text for an object."""
    named = NAMES.get(object_type)
    return named(tables, row) if named else str(row["name"])


def _device(tables: Tables, row: Row) -> str:
    label = row["name"] or _place_in_stack(tables, row)
    tag = row["asset_tag"]
    if label:
        return f"{label} ({tag})" if tag else str(label)
    kind = tables["dcim.devicetype"].get(row["device_type"])
    # Its own number tells an object without a name from others, where no asset tag does.
    text = f"{kind['manufacturer']} {kind['model']}" if kind else "Device object"
    return f"{text} ({tag or row['id']})"


def _place_in_stack(tables: Tables, row: Row) -> str | None:
    stack = tables["dcim.virtualchassis"].get(row["virtual_chassis"])
    return f"{stack['name']}:{row['vc_position']}" if stack else None


def _change(_tables: Tables, row: Row) -> str:
    app = row["changed_object_type"].partition(".")[0]
    what = f"{APPS.get(app, app)} | {TYPES[row['changed_object_type']].verbose} {row['object_repr']}"
    return f"{what} {ACTIONS[row['action']].lower()} by {row['user_name']}"


def _custom_field(_tables: Tables, row: Row) -> str:
    return str(row.get("label") or row["name"].replace("_", " ").capitalize())


def _assignment(tables: Tables, row: Row) -> str:
    """An object that is no longer there, or of a type that a snapshot does not keep, has no text."""
    contact = tables["tenancy.contact"][row["contact"]]["name"]
    priority = f" ({row['priority'].capitalize()})" if row["priority"] else ""
    found = tables.get(row["object_type"], {}).get(row["object_id"])
    return f"{contact}{priority} -> {display(tables, row['object_type'], found) if found else None}"


def _cable(_tables: Tables, row: Row) -> str:
    return str(row["label"] or f"#{row['id']}")


def _termination(tables: Tables, row: Row) -> str:
    cable = tables[CABLE].get(row["cable"])
    port = tables[INTERFACE].get(row["termination_id"])
    return f"Cable {_cable(tables, cable) if cable else None} to {port['name'] if port else None}"


NAMES: Mapping[str, Name] = MappingProxyType(
    {
        DEVICE: _device,
        "dcim.devicetype": lambda _tables, row: str(row["model"]),
        ADDRESS: lambda _tables, row: str(row["address"]),
        VLAN: lambda _tables, row: f"{row['name']} ({row['vid']})",
        CHANGES: _change,
        CUSTOM_FIELDS: _custom_field,
        ASSIGNMENT: _assignment,
        CABLE: _cable,
        TERMINATION: _termination,
    }
)
