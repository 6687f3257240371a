"""Checks of whole objects that are written to the NetBox double, in NetBox's words."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from werkplek.lab.netbox_answers import Refusal
from werkplek.lab.netbox_index import Row
from werkplek.lab.netbox_names import display
from werkplek.lab.netbox_store import Store
from werkplek.lab.netbox_types import CABLE, CHASSIS, CLUSTER, SITE, TENANT, TYPES, VLAN, VM_INTERFACE, is_tree
from werkplek.registry.tables import ADDRESS, ADDRESS_COLUMNS, DEVICE, INTERFACE, MACHINE

type Problem = tuple[str, str]
"""Field, or `__all__` for the object, and what is wrong with it."""
type WholeCheck = Callable[[Store, Row, Row, Row], Iterator[Problem]]
"""(store, row as it would be, row before or {}, values sent) -> problems."""

ALL = "__all__"
WITHOUT_CABLES = {"virtual": "Virtual", "lag": "Link Aggregation Group (LAG)"}


def problems(store: Store, object_type: str, row: Row, before: Row, values: Row) -> dict[str, list[str]]:
    """What is wrong with an object as a whole, by field."""
    found: dict[str, list[str]] = {}
    check = CHECKS.get(object_type)
    told = [*(check(store, row, before, values) if check else ()), *_twins(store, object_type, row)]
    for name, words in told:
        found.setdefault(name, []).append(words)
    return found


def _host(store: Store, object_type: str, row: Row, values: Row, what: str) -> Iterator[Problem]:
    """Addresses must be on an interface of the host, or of the stack that it is in."""
    for column in ADDRESS_COLUMNS:
        if not values.get(column):
            continue
        address = store.tables[ADDRESS][values[column]]
        version = ipaddress.ip_interface(address["address"]).version
        if column in ("primary_ip4", "primary_ip6") and not column.endswith(str(version)):
            wanted = column[-1]
            said = f"{address['address']} is not an IPv{wanted} address."
            if object_type == MACHINE:
                said = f"Must be an IPv{wanted} address. ({address['address']} is an IPv{version} address.)"
            yield column, said
        elif owner_of(store, address) not in _with_stack(store, object_type, row):
            yield column, f"The specified IP address ({address['address']}) is not assigned to this {what}."


def owner_of(store: Store, address: Row) -> tuple[str, int] | None:
    """Type and id of the host on whose interface an address is."""
    kind, number = address["assigned_object_type"], address["assigned_object_id"]
    if kind is None:
        return None
    port = store.tables[kind][number]
    return (DEVICE, port["device"]) if kind == INTERFACE else (MACHINE, port["virtual_machine"])


def _with_stack(store: Store, object_type: str, row: Row) -> set[tuple[str, int]]:
    own = {(object_type, row["id"])} if "id" in row else set()
    if object_type != DEVICE or row["virtual_chassis"] is None:
        return own
    members = store.index.members(DEVICE, "virtual_chassis", row["virtual_chassis"])
    return own | {(DEVICE, member["id"]) for member in members}


def _device(store: Store, row: Row, before: Row, values: Row) -> Iterator[Problem]:
    yield from _host(store, DEVICE, row, values, "device")
    location = store.tables["dcim.location"].get(row["location"])
    if location and location["site"] != row["site"]:
        site = store.tables[SITE][row["site"]]["name"]
        yield "location", f"Location {location['name']} does not belong to site {site}."
    cluster = store.tables[CLUSTER].get(row["cluster"])
    if cluster and cluster["site"] not in (None, row["site"]):
        site = store.tables[SITE][cluster["site"]]["name"]
        yield "cluster", f"The assigned cluster belongs to a different site ({site})"
    if row["virtual_chassis"] is not None and row["vc_position"] is None:
        yield "vc_position", "A device assigned to a virtual chassis must have its position defined."
    for chassis in store.index.members(CHASSIS, "master", before["id"]) if before else ():
        if chassis["id"] != row["virtual_chassis"]:
            yield (
                "virtual_chassis",
                f"Device cannot be removed from virtual chassis {chassis['name']} because it is currently designated "
                "as its master.",
            )


def _machine(store: Store, row: Row, _before: Row, values: Row) -> Iterator[Problem]:
    yield from _host(store, MACHINE, row, values, "VM")
    if row["site"] is None and row["cluster"] is None:
        yield "cluster", "A virtual machine must be assigned to a site and/or cluster."


def _tree(object_type: str) -> WholeCheck:
    def check(store: Store, row: Row, before: Row, _values: Row) -> Iterator[Problem]:
        if before and row["parent"] is not None and before["id"] in store.lineage(object_type, row["parent"]):
            yield "parent", f"Cannot assign self or child {TYPES[object_type].verbose} as parent."

    return check


def _cluster(store: Store, row: Row, _before: Row, _values: Row) -> Iterator[Problem]:
    if row["site"] is not None and row["site"] not in store.tables[SITE]:
        yield "scope_id", f"Related object not found using the provided value: {row['site']}."
    for other in store.tables[CLUSTER].values():
        if row["site"] is not None and _same(row, other, ("site", "name")):
            words = 'duplicate key value violates unique constraint "virtualization_cluster_unique__site_name"'
            raise Refusal(500, {"error": words, "exception": "IntegrityError"})  # NetBox 4.4 does not check before


def _address(store: Store, row: Row, before: Row, values: Row) -> Iterator[Problem]:
    if not {"assigned_object_type", "assigned_object_id"}.isdisjoint(values):
        yield from _assignment(store, row, before)
    wanted = ipaddress.ip_interface(row["address"]).ip
    for other in store.tables[ADDRESS].values():
        if other["id"] != row.get("id") and ipaddress.ip_interface(other["address"]).ip == wanted:
            yield "address", f"Duplicate IP address found in global table: {other['address']}"
            return


def _assignment(store: Store, row: Row, before: Row) -> Iterator[Problem]:
    kind, number = row["assigned_object_type"], row["assigned_object_id"]
    if kind is not None and number is None:
        yield "assigned_object_id", "This field cannot be null."
    elif kind is None and number is not None:
        yield "assigned_object_type", "This field cannot be null."
    elif kind is not None and number not in store.tables[kind]:
        yield "assigned_object_id", f"Related object not found using the provided value: {number}."
    elif before and (holder := owner_of(store, before)) and owner_of(store, row) != holder:
        host = store.tables[holder[0]][holder[1]]
        for column in ADDRESS_COLUMNS:
            if host.get(column) == before["id"]:
                use = "OOB" if column == "oob_ip" else "primary"
                said = f"Cannot reassign IP address while it is designated as the {use} IP for the parent object"
                yield ALL, said


def _interface(store: Store, row: Row, _before: Row, values: Row) -> Iterator[Problem]:
    site = store.tables[DEVICE][row["device"]]["site"]
    if row["untagged_vlan"] and not row["mode"]:
        yield "untagged_vlan", "Interface mode does not support untagged vlan"
    if row["tagged_vlans"] and row["mode"] in (None, "access", "tagged-all"):
        yield "tagged_vlans", "Interface mode does not support tagged vlans"
    tail = "must belong to the same site as the interface's parent device, or it must be global."
    untagged = [row["untagged_vlan"]] if row["untagged_vlan"] else []
    for column, said, numbers in (
        ("untagged_vlan", "The untagged VLAN ({})", untagged),
        ("tagged_vlans", "VLAN {}", values.get("tagged_vlans", [])),
    ):
        for vlan in (store.tables[VLAN][number] for number in numbers):
            if vlan["site"] not in (None, site):
                yield column, f"{said.format(display(store.tables, VLAN, vlan))} {tail}"


def _chassis(store: Store, row: Row, before: Row, _values: Row) -> Iterator[Problem]:
    master = store.tables[DEVICE].get(row["master"])
    if before and master and master["virtual_chassis"] != before["id"]:
        named = display(store.tables, DEVICE, master)
        yield "master", f"The selected master ({named}) is not assigned to this virtual chassis."


def _cable(store: Store, row: Row, before: Row, _values: Row) -> Iterator[Problem]:
    ends = [row.get(f"{side}_terminations", []) for side in "ab"]
    if not before and not all(ends):
        yield ALL, "Must define A and B terminations when creating a new cable."
    elif not set(ends[0]).isdisjoint(ends[1]):
        yield ALL, "A and B terminations cannot connect to the same object."
    for port in (store.tables[INTERFACE][number] for end in ends for number in end):
        if port["cable"] is not None:
            yield ALL, f"Duplicate termination found for dcim.interface {port['id']}: cable {port['cable']}"
        elif port["type"] in WITHOUT_CABLES:
            yield ALL, f"Cables cannot be terminated to {WITHOUT_CABLES[port['type']]} interfaces"


CHECKS: Mapping[str, WholeCheck] = MappingProxyType(
    {
        DEVICE: _device,
        MACHINE: _machine,
        CLUSTER: _cluster,
        ADDRESS: _address,
        INTERFACE: _interface,
        CHASSIS: _chassis,
        CABLE: _cable,
        **{tree: _tree(tree) for tree in ("dcim.region", "dcim.devicerole", "dcim.platform")},
    }
)

# Columns that are unique together -> what NetBox says about the object, or "" where it names the column.
UNIQUE: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]] = MappingProxyType(
    {
        "extras.tag": ((("name",), ""), (("slug",), "")),
        SITE: ((("name",), ""), (("slug",), "")),
        TENANT: (
            (("name", "group"), "Tenant name must be unique per group."),
            (("slug", "group"), "Tenant slug must be unique per group."),
        ),
        "dcim.platform": ((("name",), "Platform name must be unique."), (("slug",), "Platform slug must be unique.")),
        DEVICE: (
            (("asset_tag",), ""),
            (("name", "site", "tenant"), "Constraint “dcim_device_unique_name_site_tenant” is violated."),
            (
                ("virtual_chassis", "vc_position"),
                "Device with this Virtual chassis and VC position already exists.",
            ),
        ),
        MACHINE: (
            (
                ("name", "cluster", "tenant"),
                "Constraint “virtualization_virtualmachine_unique_name_cluster_tenant” is violated.",
            ),
        ),
        INTERFACE: ((("device", "name"), "Interface with this Device and Name already exists."),),
        VM_INTERFACE: ((("virtual_machine", "name"), "Interface with this Virtual machine and Name already exists."),),
    }
)


def _twins(store: Store, object_type: str, row: Row) -> Iterator[Problem]:
    """Problems with what may be there only once."""
    others = [other for other in store.tables[object_type].values() if other["id"] != row.get("id")]
    verbose = TYPES[object_type].verbose
    for columns, words in (*UNIQUE.get(object_type, ()), *_unique_below(store, object_type, row)):
        if row[columns[0]] is not None and any(_same(row, other, columns) for other in others):
            column = columns[0]
            said = words or f"{verbose} with this {column.replace('_', ' ')} already exists."
            yield (ALL if words else column), said
    if object_type == CHASSIS and row["master"] and any(_same(row, other, ("master",)) for other in others):
        yield "master", "Virtual chassis with this Master already exists."


def _unique_below(store: Store, object_type: str, row: Row) -> Iterator[tuple[tuple[str, ...], str]]:
    """In a tree, names are unique among the rows under the same one."""
    if not is_tree(object_type, store.release) or object_type in UNIQUE:
        return
    verbose = TYPES[object_type].verbose
    for column in ("name", "slug"):
        said = f"{verbose.capitalize()} with this Parent and {column.capitalize()} already exists."
        if row["parent"] is None:
            said = f"A top-level {verbose} with this {column} already exists."
        yield (column, "parent"), said


def _same(row: Row, other: Row, columns: tuple[str, ...]) -> bool:
    return row.get("id") != other["id"] and all(_folded(row[name]) == _folded(other[name]) for name in columns)


def _folded(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value
