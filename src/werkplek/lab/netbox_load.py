"""A snapshot -> the NetBox double's rows, with those that a snapshot does not keep and NetBox must have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from werkplek.lab.netbox_clock import parse_moment
from werkplek.lab.netbox_index import Row, Tables
from werkplek.lab.netbox_types import CABLE, CHANGES, CLUSTER_TYPE, MANUFACTURER, TERMINATION, VM_INTERFACE
from werkplek.registry.snapshot import raw_objects
from werkplek.registry.tables import ADDRESS, ADDRESS_COLUMNS, DEVICE, HOSTS, INTERFACE, MACHINE, Snapshot

TAG_COLOR = "9e9e9e"  # NetBox's default, grey
# What an interface begins as, but for its owner and name.
PORT_DEFAULTS: Row = {
    "enabled": True,
    "mode": None,
    "untagged_vlan": None,
    "tagged_vlans": [],
    "description": "",
}
INTERFACE_DEFAULTS: Row = {**PORT_DEFAULTS, "type": "1000base-t", "cable": None, "cable_end": None}


def load(snapshot: Snapshot) -> Tables:
    """All rows by type and id."""
    tables: Tables = {
        name: {number: row for row in rows if isinstance(number := row["id"], int)}
        for name, rows in raw_objects(snapshot.objects).items()
    }
    # NetBox requires a type of every cluster and a snapshot keeps none, so all clusters have this one.
    tables |= {CHANGES: {}, CLUSTER_TYPE: {1: {"id": 1, "name": "Lab", "slug": "lab"}}}
    makers = sorted({row["manufacturer"] for row in tables["dcim.devicetype"].values()})
    tables[MANUFACTURER] = {number: maker(number, name) for number, name in enumerate(makers, start=1)}
    tables[VM_INTERFACE] = {}
    _lay_cables(tables)
    _assign_addresses(tables)
    return tables


def maker(number: int, name: str) -> Row:
    """A manufacturer, of which a snapshot keeps the name."""
    return {"id": number, "name": name, "slug": slugify(name)}


def slugify(text: str) -> str:
    """A slug as NetBox's forms propose it."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", text.lower())).strip("-_")


def _lay_cables(tables: Tables) -> None:
    """A cable for each pair of ports. A far end of a device that a snapshot keeps without ports is made here."""
    tables |= {CABLE: {}, TERMINATION: {}}
    ports = tables[INTERFACE]
    peers = {number: row.pop("peer") for number, row in ports.items()}
    for row in ports.values():
        row |= {"cable": None, "cable_end": None}
    for number, peer in peers.items():
        if peer is None or peer["device"] not in tables[DEVICE]:
            continue
        made = {"id": peer["id"], "device": peer["device"], "name": peer["name"], **INTERFACE_DEFAULTS}
        far = ports.setdefault(peer["id"], made)
        if ports[number]["cable"] is None and far["cable"] is None:
            _plug(tables, len(tables[CABLE]) + 1, (number, peer["id"]))


def _plug(tables: Tables, cable: int, ends: tuple[int, int]) -> None:
    tables[CABLE][cable] = {"id": cable, "status": "connected", "label": "", "description": "", "last_updated": None}
    for side, number in zip("AB", ends, strict=True):
        tables[INTERFACE][number] |= {"cable": cable, "cable_end": side}
        end = {"cable": cable, "cable_end": side, "termination_id": number, "last_updated": None}
        at = len(tables[TERMINATION]) + 1
        tables[TERMINATION][at] = {"id": at, **end}


def _assign_addresses(tables: Tables) -> None:
    """NetBox assigns addresses to interfaces, and a snapshot keeps only switches' ports: other hosts get one."""
    ports: dict[tuple[str, int], int] = {}
    for number, port in tables[INTERFACE].items():
        ports.setdefault((DEVICE, port["device"]), number)
    for address in tables[ADDRESS].values():
        address |= {"assigned_object_type": None, "assigned_object_id": None}
    unused = {INTERFACE: max(tables[INTERFACE], default=0) + 1, VM_INTERFACE: 1}
    for host_type, host, address_id in _holders(tables):
        kind = INTERFACE if host_type == DEVICE else VM_INTERFACE
        if (host_type, host) not in ports:
            number = ports[host_type, host] = unused[kind]
            tables[kind][number] = _port(host_type, host, number)
            unused[kind] += 1
        tables[ADDRESS][address_id] |= {"assigned_object_type": kind, "assigned_object_id": ports[host_type, host]}


def _holders(tables: Tables) -> Iterator[tuple[str, int, int]]:
    """(type and id of a host, id of an address of it)."""
    for host_type in HOSTS:
        for host, row in tables[host_type].items():
            for column in ADDRESS_COLUMNS:
                if row.get(column):
                    yield host_type, host, row[column]


def _port(host_type: str, host: int, number: int) -> Row:
    if host_type == DEVICE:
        return {"id": number, "device": host, "name": "Ethernet", **INTERFACE_DEFAULTS}
    return {"id": number, "virtual_machine": host, "name": "eth0", **PORT_DEFAULTS}


def newest(tables: Tables, as_of: str) -> datetime:
    """The latest moment that any host names, and not before the snapshot's own."""
    stamps = (row["last_updated"] for name in (DEVICE, MACHINE) for row in tables[name].values() if row["last_updated"])
    return max(map(parse_moment, [as_of, *stamps]))
