"""What NetBox changes besides the row that is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkplek.lab.netbox_deletes import forget_values
from werkplek.lab.netbox_index import Row
from werkplek.lab.netbox_load import maker
from werkplek.lab.netbox_types import CABLE, CHASSIS, CLUSTER, CUSTOM_FIELDS, MANUFACTURER, TERMINATION
from werkplek.registry.tables import DEVICE, HOSTS, INTERFACE, MACHINE

if TYPE_CHECKING:
    from werkplek.lab.netbox_store import Store


def after_save(store: Store, object_type: str, before: Row | None, after: Row, *, logged: bool) -> None:
    """Carry on a save to other rows. `before` is None for a new row."""
    if object_type == "dcim.location" and before and before["site"] != after["site"]:
        _move(store, after)
    elif object_type == CLUSTER and after["site"] is not None:
        _gather(store, after)
    elif object_type == CHASSIS and before is None and after["master"] is not None:
        values = {"virtual_chassis": after["id"], "vc_position": 1}
        store.update(DEVICE, after["master"], values, logged=logged)
    elif object_type == CUSTOM_FIELDS:
        _define(store, before, after)
    elif object_type == CABLE and before is None:
        _plug(store, after, logged=logged)
    elif object_type == TERMINATION:
        values = {"cable": after["cable"], "cable_end": after["cable_end"]}
        store.update(INTERFACE, after["termination_id"], values, logged=logged)
    elif object_type == "dcim.devicetype" and after["manufacturer"] not in store.index.manufacturers:
        number = store.next_id(MANUFACTURER)
        store.put(MANUFACTURER, maker(number, after["manufacturer"]))


def _move(store: Store, location: Row) -> None:
    """What is in a location that moves to another site moves too, without being saved."""
    inside = {
        number for number in store.tables["dcim.location"] if location["id"] in store.lineage("dcim.location", number)
    }
    for number in inside - {location["id"]}:
        store.update("dcim.location", number, {"site": location["site"]}, touch=False)
    for row in [row for row in store.tables[DEVICE].values() if row["location"] in inside]:
        store.update(DEVICE, row["id"], {"site": location["site"]}, touch=False)


def _gather(store: Store, cluster: Row) -> None:
    """A cluster that is saved takes its machines to its site, without their being saved."""
    for row in [row for row in store.tables[MACHINE].values() if row["cluster"] == cluster["id"]]:
        if row["site"] != cluster["site"]:
            store.update(MACHINE, row["id"], {"site": cluster["site"]}, touch=False)


def _plug(store: Store, cable: Row, *, logged: bool) -> None:
    """A new cable has its ends as objects of their own, which save the interfaces that they are plugged into."""
    for side in "AB":
        for number in cable.pop(f"{side.lower()}_terminations", ()):
            values = {"cable": cable["id"], "cable_end": side, "termination_id": number}
            store.create(TERMINATION, values, logged=logged)


def _define(store: Store, before: Row | None, after: Row) -> None:
    """A new custom field is null in all hosts, a renamed one keeps its values; no host is saved."""
    old, new = before["name"] if before else None, after["name"]
    if old == new:
        return
    for kind in HOSTS:
        for row in list(store.tables[kind].values()):
            values = {**row["custom_fields"], new: row["custom_fields"].get(old)}
            store.update(kind, row["id"], {"custom_fields": values}, touch=False)
    if old is not None:
        forget_values(store, old)
