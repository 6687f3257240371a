"""What a switch forwards, as rows of Open vSwitch's database: ovs-vswitchd.conf.db(5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from werkplek.network.ovsdb import map_of, set_of


class PortForwarding(NamedTuple):
    """What a switch's accepted configuration makes a port do.

    Access: untagged frames are in VLAN `access`, frames tagged `voice` in that one (0: none). Trunk: untagged frames
    are in VLAN `native`, and only the VLANs in `allowed` pass, the native one too only if it is in there.
    """

    name: str
    up: bool
    mode: Literal["access", "trunk"]
    access: int
    voice: int
    native: int
    allowed: frozenset[int]


def columns(port: PortForwarding) -> dict[str, Any] | None:
    """The VLAN columns of the Port row; None for a port through which no frame may pass.

    An empty `trunks` would mean every VLAN, so that a trunk on which nothing is allowed has no row at all.
    """
    if not port.up:
        return None
    if port.mode == "access":
        if port.voice:
            return vlan_columns("native-untagged", port.access, {port.access, port.voice})
        return vlan_columns("access", port.access, set())
    if port.native in port.allowed:
        return vlan_columns("native-untagged", port.native, port.allowed)
    return vlan_columns("trunk", 0, port.allowed) if port.allowed else None


def vlan_columns(mode: str, tag: int, trunks: Iterable[int]) -> dict[str, Any]:
    """A Port row's columns; `tag` 0 is none."""
    return {"vlan_mode": mode, "tag": set_of([tag] if tag else []), "trunks": set_of(sorted(trunks))}


type Rows = tuple[tuple[str, Mapping[str, Any]], ...]
"""Ports of a bridge with their columns."""
EDGE = {"other_config": map_of({"rstp-port-admin-edge": "true"})}
"""Columns of a port that leads to no other switch, and need not wait for the spanning tree."""


def inserted(ports: Rows, bridge: str) -> tuple[list[dict[str, Any]], list[Any]]:
    """Operations that insert Port rows with their interfaces, and the value of the bridge's column `ports`."""
    made: list[dict[str, Any]] = []
    for number, (name, vlans) in enumerate(ports):
        row = {"name": name, "interfaces": ["named-uuid", f"interface_{bridge}_{number}"], **vlans}
        interface = {"op": "insert", "table": "Interface", "uuid-name": f"interface_{bridge}_{number}"}
        made.append({**interface, "row": {"name": name}})
        made.append({"op": "insert", "table": "Port", "row": row, "uuid-name": f"port_{bridge}_{number}"})
    return made, set_of(["named-uuid", f"port_{bridge}_{number}"] for number in range(len(ports)))


def bridge_row(name: str, switch: str, ports: Rows, *, spanning: bool) -> list[dict[str, Any]]:
    """Operations that insert a bridge, which learns addresses as a switch does, with the name of the switch that it is.

    `spanning`: it takes part in a rapid spanning tree (IEEE 802.1D-2004, clause 17).
    """
    made, column = inserted(ports, name)
    row = {
        "name": name,
        "datapath_type": "netdev",
        "fail_mode": "standalone",
        "external_ids": map_of({"switch": switch}),
        "ports": column,
        "rstp_enable": spanning,
    }
    return [*made, {"op": "insert", "table": "Bridge", "row": row, "uuid-name": f"bridge_{name}"}]
