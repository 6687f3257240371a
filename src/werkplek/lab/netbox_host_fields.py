"""Columns of hosts and of what they are connected by in NetBox's REST API, in its order."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from werkplek.lab.netbox_cables import CABLED, CONNECTED, LINK_PEERS
from werkplek.lab.netbox_columns import (
    BARE,
    COMMENTS,
    DESCRIPTION,
    HOST,
    OWNER,
    PARTS,
    STAMPS,
    always,
    blanks,
    choice,
    choice_of,
    count_of,
    head,
    held,
    lists,
    nulls,
    related,
    zeros,
)
from werkplek.lab.netbox_index import Row
from werkplek.lab.netbox_rows import Getter, View, short
from werkplek.lab.netbox_types import CHASSIS, CLUSTER, SITE, TENANT, VLAN, VM_INTERFACE
from werkplek.registry.tables import ADDRESS, DEVICE, INTERFACE, MACHINE


def _primary(view: View, row: Row) -> Row | None:
    # NetBox prefers IPv6 unless PREFER_IPV4 is set.
    return view.nested(ADDRESS, row["primary_ip6"] or row["primary_ip4"])


ADDRESSES: Mapping[str, Getter] = {
    "primary_ip": _primary,
    "primary_ip4": related("primary_ip4", ADDRESS),
    "primary_ip6": related("primary_ip6", ADDRESS),
}
CONTEXT: Mapping[str, Getter] = {"config_context": lambda _view, row: row["config_context"] or {}}


def _device() -> dict[str, Getter]:
    interfaces = {"interface_count": count_of(DEVICE, INTERFACE, "device")}
    return {
        **head(DEVICE),
        "name": held("name"),
        "device_type": related("device_type", "dcim.devicetype"),
        "role": related("role", "dcim.devicerole"),
        "tenant": related("tenant", TENANT),
        "platform": related("platform", "dcim.platform"),
        "serial": held("serial"),
        "asset_tag": held("asset_tag"),
        "site": related("site", SITE),
        "location": related("location", "dcim.location"),
        **nulls("rack", "position", "face", "latitude", "longitude", "parent_device"),
        "status": choice_of("status"),
        "airflow": always(None),
        **ADDRESSES,
        "oob_ip": related("oob_ip", ADDRESS),
        "cluster": related("cluster", CLUSTER),
        "virtual_chassis": related("virtual_chassis", CHASSIS),
        "vc_position": held("vc_position"),
        "vc_priority": always(None),
        **DESCRIPTION,
        **OWNER,
        **COMMENTS,
        "config_template": always(None),
        **CONTEXT,
        "local_context_data": always(None),
        **HOST,
        **STAMPS,
        **zeros(*(f"{part}_count" for part in PARTS)),
        **interfaces,
    }


def _virtual_machine() -> dict[str, Getter]:
    return {
        **head(MACHINE),
        "name": held("name"),
        "virtual_machine_type": always(None),
        "status": choice_of("status"),
        "start_on_boot": always({"value": "off", "label": "Off"}),
        "site": related("site", SITE),
        "cluster": related("cluster", CLUSTER),
        "device": always(None),
        "serial": held("serial"),
        "role": related("role", "dcim.devicerole"),
        "tenant": related("tenant", TENANT),
        "platform": related("platform", "dcim.platform"),
        **ADDRESSES,
        **nulls("vcpus", "memory", "disk"),
        **DESCRIPTION,
        **OWNER,
        **COMMENTS,
        "config_template": always(None),
        "local_context_data": always(None),
        **HOST,
        **CONTEXT,
        **STAMPS,
        "interface_count": count_of(MACHINE, VM_INTERFACE, "virtual_machine"),
        "virtual_disk_count": always(0),
    }


def _family(_view: View, row: Row) -> Row:
    version = 6 if ":" in row["address"] else 4
    return {"value": version, "label": f"IPv{version}"}


def _assigned(view: View, row: Row) -> Row | None:
    return view.nested(row["assigned_object_type"], row["assigned_object_id"])


def _address() -> dict[str, Getter]:
    return {
        **head(ADDRESS),
        "family": _family,
        "address": held("address"),
        **nulls("vrf", "tenant"),
        "status": choice_of("status", "active"),
        "role": always(None),
        "assigned_object_type": held("assigned_object_type"),
        "assigned_object_id": held("assigned_object_id"),
        "assigned_object": _assigned,
        "nat_inside": always(None),
        "nat_outside": always([]),
        "dns_name": held("dns_name"),
        **DESCRIPTION,
        **OWNER,
        **COMMENTS,
        **BARE,
        **STAMPS,
    }


def _vlan() -> dict[str, Getter]:
    return {
        **head(VLAN),
        "site": related("site", SITE),
        "group": always(None),
        "vid": held("vid"),
        "name": held("name"),
        "tenant": related("tenant", TENANT),
        "status": choice_of("status", "active"),
        "role": always(None),
        **DESCRIPTION,
        **nulls("qinq_role", "qinq_svlan"),
        **OWNER,
        **COMMENTS,
        "l2vpn_termination": always(None),
        **BARE,
        **STAMPS,
        "prefix_count": always(0),
    }


def _tagged(view: View, row: Row) -> list[Row | None]:
    vlans = view.store.tables[VLAN]
    return [view.nested(VLAN, number) for number in sorted(row["tagged_vlans"], key=lambda at: (vlans[at]["vid"], at))]


VLANS: Mapping[str, Getter] = {"untagged_vlan": related("untagged_vlan", VLAN), "tagged_vlans": _tagged}


def _mode(_view: View, row: Row) -> Row | None:
    return choice(row["mode"])


def _interface() -> dict[str, Getter]:
    return {
        **head(INTERFACE),
        "device": related("device", DEVICE),
        "vdcs": always([]),
        "module": always(None),
        "name": held("name"),
        "label": always(""),
        "type": choice_of("type"),
        "enabled": held("enabled"),
        **nulls("parent", "bridge"),
        "bridge_interfaces": always([]),
        **nulls("lag", "mtu", "mac_address", "primary_mac_address"),
        "mac_addresses": always([]),
        **nulls("speed", "duplex", "wwn"),
        "mgmt_only": always(False),
        **DESCRIPTION,
        "mode": _mode,
        **nulls("rf_role", "rf_channel", "poe_mode", "poe_type", "rf_channel_frequency", "rf_channel_width"),
        "tx_power": always(None),
        **VLANS,
        **nulls("qinq_svlan", "vlan_translation_policy"),
        "mark_connected": always(False),
        **CABLED,
        "wireless_link": always(None),
        **LINK_PEERS,
        "wireless_lans": always([]),
        **nulls("vrf", "l2vpn_termination"),
        **CONNECTED,
        **OWNER,
        **BARE,
        **STAMPS,
        "count_ipaddresses": lambda view, row: view.store.index.addresses(INTERFACE, row["id"]),
        "count_fhrp_groups": always(0),
        "_occupied": lambda _view, row: row["cable"] is not None,
    }


def _vm_interface() -> dict[str, Getter]:
    return {
        **head(VM_INTERFACE),
        "virtual_machine": related("virtual_machine", MACHINE),
        "name": held("name"),
        "enabled": held("enabled"),
        **nulls("parent", "bridge", "mtu", "mac_address", "primary_mac_address"),
        **lists("mac_addresses"),
        **DESCRIPTION,
        "mode": _mode,
        **VLANS,
        **nulls("qinq_svlan", "vlan_translation_policy", "vrf", "l2vpn_termination"),
        **OWNER,
        **BARE,
        **STAMPS,
        "count_ipaddresses": lambda view, row: view.store.index.addresses(VM_INTERFACE, row["id"]),
        "count_fhrp_groups": always(0),
    }


def _members(view: View, row: Row) -> list[Row | None]:
    found = view.store.index.members(DEVICE, "virtual_chassis", row["id"])
    return [short(view, DEVICE, member["id"]) for member in sorted(found, key=lambda member: str(member["name"]))]


def _chassis() -> dict[str, Getter]:
    return {
        **head(CHASSIS),
        "name": held("name"),
        **blanks("domain"),
        "master": lambda view, row: short(view, DEVICE, row["master"]),
        **DESCRIPTION,
        **OWNER,
        **COMMENTS,
        **BARE,
        **STAMPS,
        "member_count": count_of(CHASSIS, DEVICE, "virtual_chassis"),
        "members": _members,
    }


COLUMNS: Mapping[str, Mapping[str, Getter]] = MappingProxyType(
    {
        DEVICE: _device(),
        MACHINE: _virtual_machine(),
        ADDRESS: _address(),
        VLAN: _vlan(),
        INTERFACE: _interface(),
        VM_INTERFACE: _vm_interface(),
        CHASSIS: _chassis(),
    }
)
