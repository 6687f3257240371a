"""VLANs, trunks and access lists of ports as an IOS switch shows them."""

from __future__ import annotations

from werkplek.lab.switches import ios_names, ios_vlans
from werkplek.lab.switches.device import Device
from werkplek.lab.switches.dialect import Answer, Exec, Rule
from werkplek.lab.switches.grammar import Match
from werkplek.lab.switches.ios_forwarding import forwarding
from werkplek.lab.switches.ios_interface_run import ALLOWED, allowed_set
from werkplek.lab.switches.links import linked
from werkplek.lab.switches.shell import Session
from werkplek.lab.switches.tree import Section, find

HEAD = (
    "VLAN Name                             Status    Ports",
    "---- -------------------------------- --------- -------------------------------",
)
TYPES = (
    "VLAN Type  SAID       MTU   Parent RingNo BridgeNo Stp  BrdgMode Trans1 Trans2",
    "---- ----- ---------- ----- ------ ------ -------- ---- -------- ------ ------",
)
OWN_TYPES = {1002: "fddi", 1003: "tr", 1004: "fdnet", 1005: "trnet"}
PORTS_IN_LINE = 4


def rows(device: Device) -> list[str]:
    """A line for each VLAN, with the access ports in it; more than four ports go on below."""
    top = device.running
    ports = _access_ports(device)
    found: list[str] = []
    for vid in sorted([*ios_vlans.OWN_VLANS, *ios_vlans.vids(top)]):
        names = ports.get(vid, [])
        lines = [", ".join(names[at : at + PORTS_IN_LINE]) for at in range(0, len(names), PORTS_IN_LINE)] or [""]
        found.append(f"{vid:<4} {ios_vlans.name(top, vid):<32} {_status(top, vid):<9} {lines[0]}".rstrip())
        found += [" " * 48 + line for line in lines[1:]]
    return found


def _status(top: Section, vid: int) -> str:
    if vid in ios_names.RESERVED:
        return "act/unsup"
    below = find(top, (ios_vlans.vlan_slot(vid),)) or {}
    if "state" in below:
        return "suspended"
    return "act/lshut" if "shutdown" in below else "active"


def _access_ports(device: Device) -> dict[int, list[str]]:
    """Ports by the VLAN that they are an access port of; a port that carries several VLANs is in none."""
    found: dict[int, list[str]] = {}
    for name in device.ports:
        lines = find(device.running, (f"interface {name}",)) or {}
        if "switchport" in lines or ("switchport mode" in lines and lines["switchport mode"].text.endswith("trunk")):
            continue
        for slot in ("switchport access vlan", "switchport voice vlan"):
            text = lines[slot].text.rpartition(" ")[2] if slot in lines else "1" if "access" in slot else ""
            if text.isdecimal():
                found.setdefault(int(text), []).append(ios_names.short(name))
    return found


def brief(session: Session, _match: Match[Rule]) -> Answer:
    """`show vlan brief`."""
    return "\n".join(["", *HEAD, *rows(session.device)])


def whole(session: Session, _match: Match[Rule]) -> Answer:
    """`show vlan`."""
    top = session.device.running
    types: list[str] = []
    for vid in sorted([*ios_vlans.OWN_VLANS, *ios_vlans.vids(top)]):
        below = find(top, (ios_vlans.vlan_slot(vid),)) or {}
        mtu = below["mtu"].text.split()[1] if "mtu" in below else "1500"
        kind = OWN_TYPES.get(vid, "enet")
        types.append(f"{vid:<4} {kind:<5} {100000 + vid:<10} {mtu:<5} -      -      -        -    -        0      0")
    spans = [vid for vid in ios_vlans.vids(top) if "remote-span" in (top[ios_vlans.vlan_slot(vid)].below or {})]
    dashes = "-" * 78
    remote = ["Remote SPAN VLANs", dashes, ios_names.compressed(spans)]
    private = ["Primary Secondary Type              Ports", "------- --------- ----------------- " + "-" * 42]
    return "\n".join(["", *HEAD, *rows(session.device), "", *TYPES, *types, "", *remote, "", *private])


def trunks(session: Session, _match: Match[Rule]) -> Answer:
    """`show interfaces trunk`: trunks that are up."""
    device = session.device
    top = device.running
    found = [
        (name, decision.port)
        for name, port in device.ports.items()
        if linked(device, port)
        for decision in [forwarding(top, name)]
        if decision.port.mode == "trunk"
    ]
    if not found:
        return ""
    short = ios_names.short
    lists = {name: allowed_set((find(top, (f"interface {name}",)) or {}).get(ALLOWED)) for name, _port in found}
    blocks = [
        ["Port        Mode             Encapsulation  Status        Native vlan"]
        + [f"{short(name):<12}on               802.1q         trunking      {port.native}" for name, port in found],
        ["Port        Vlans allowed on trunk"]
        + [f"{short(name):<12}{ios_names.compressed(lists[name]) or 'none'}" for name, _ in found],
        ["Port        Vlans allowed and active in management domain"]
        + [f"{short(name):<12}{ios_names.compressed(port.allowed)}" for name, port in found],
        ["Port        Vlans in spanning tree forwarding state and not pruned"]
        + [f"{short(name):<12}{ios_names.compressed(port.allowed)}" for name, port in found],
    ]
    return "\n\n".join("\n".join(block) for block in blocks)


RULES: list[Rule] = [
    Exec("show vlan", whole),
    Exec("show vlan brief", brief),
    Exec("show interfaces trunk", trunks),
]
