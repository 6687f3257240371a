"""What EOS shows: of itself, of its ports and neighbours. Forms: Arista, "EOS User Manual", and cEOS 4.35."""

from __future__ import annotations

import json
import re
from typing import Any

from werkplek.lab.switches.device import Device, Port
from werkplek.lab.switches.dialect import Rule
from werkplek.lab.switches.eos_names import short, sort_key
from werkplek.lab.switches.eos_text import body, hostname, value, vids
from werkplek.lab.switches.grammar import Match
from werkplek.lab.switches.ios_names import vlans
from werkplek.lab.switches.links import enabled, linked, neighbours
from werkplek.lab.switches.shell import Session
from werkplek.lab.switches.tree import Section, find

VERSION = "4.35.0F"
BUILD = "4.35.0F-lab"
MEMORY, FREE = 8155608, 5322220
SPEED = "1G"
type Found = Match[Rule]


def version(session: Session, _match: Found) -> str:
    """`show version`."""
    device, first = session.device, session.device.members[0]
    if device.faults.other_system:
        return "Cisco IOS XE Software, Version 17.09.05\nCisco IOS Software [Cupertino], Catalyst L3 Switch Software"
    minutes = int(device.clock.now()) // 60
    return "\n".join(
        (
            f"Arista {first.model}",
            "Hardware version: 01.00",
            f"Serial number: {first.serial}",
            f"Hardware MAC address: {first.mac}",
            f"System MAC address: {first.mac}",
            "",
            f"Software image version: {VERSION}",
            "Architecture: x86_64",
            f"Internal build version: {BUILD}",
            "",
            f"Uptime: {minutes // 60} hours and {minutes % 60} minutes",
            f"Total memory: {MEMORY} kB",
            f"Free memory: {FREE} kB",
        )
    )


def version_json(session: Session, _match: Found) -> str:
    """`show version | json`."""
    first = session.device.members[0]
    return _json(
        {
            "mfgName": "Arista",
            "modelName": first.model,
            "hardwareRevision": "01.00",
            "serialNumber": first.serial,
            "systemMacAddress": _colons(first.mac),
            "hwMacAddress": _colons(first.mac),
            "version": VERSION,
            "architecture": "x86_64",
            "internalVersion": BUILD,
            "uptime": round(session.device.clock.now(), 2),
            "memTotal": MEMORY,
            "memFree": FREE,
        }
    )


def host_name(session: Session, _match: Found) -> str:
    """`show hostname`."""
    name = hostname(session.device.running)
    return f"Hostname: {name}\nFQDN:     {full_name(session.device)}"


def host_name_json(session: Session, _match: Found) -> str:
    """`show hostname | json`."""
    return _json({"hostname": hostname(session.device.running), "fqdn": full_name(session.device)})


def full_name(device: Device) -> str:
    """The switch's name for itself with its domain."""
    domain = device.running.get("dns domain")
    return ".".join([hostname(device.running), *([domain.text.split()[-1]] if domain else [])])


def _head(device: Device, command: str) -> str:
    return f"! Command: {command}\n! device: {hostname(device.running)} ({device.members[0].model}, EOS-{VERSION})\n!\n"


def running(session: Session, _match: Found) -> str:
    """`show running-config`."""
    device = session.device
    return f"{_head(device, 'show running-config')}{shown(device)}!\nend"


def shown(device: Device) -> str:
    """The running configuration, without ports that are not there."""
    gone = {f"interface {name}" for name in device.faults.missing_ports}
    return body({slot: entry for slot, entry in device.running.items() if slot not in gone})


def startup(session: Session, _match: Found) -> str:
    """`show startup-config`."""
    device = session.device
    return f"{_head(device, 'show startup-config')}{device.startup}".rstrip() if device.startup else ""


def banner(session: Session, match: Found) -> str:
    """`show banner login`."""
    entry = session.device.running.get(f"banner {match.words[2]}")
    return "\n".join(entry.text.split("\n")[1:-1]) if entry else ""


def _ports(device: Device) -> list[Port]:
    return sorted(
        (port for port in device.ports.values() if port.name not in device.faults.missing_ports),
        key=lambda port: sort_key(port.name),
    )


def state(device: Device, port: Port) -> str:
    """A port's state as `show interfaces status` has it."""
    if not enabled(device, port.name):
        return "disabled"
    return "connected" if linked(device, port) else "notconnect"


def status(session: Session, _match: Found) -> str:
    """`show interfaces status`."""
    rows = [
        f"{'Port':10} {'Name':24} {'Status':12} {'Vlan':8} {'Duplex':6} {'Speed':6} {'Type':15} Flags Encapsulation"
    ]
    for port in _ports(session.device):
        section = find(session.device.running, (f"interface {port.name}",)) or {}
        name = value(section, "description")[:24]
        vlan = "routed" if port.name.startswith("Management") else _vlan(section)
        rows.append(
            f"{short(port.name):10} {name:24} {state(session.device, port):12} {vlan:8} {'full':6} {SPEED:6} 1000BASE-T"
        )
    return "\n".join(rows)


def _vlan(section: Section) -> str:
    mode = value(section, "switchport mode") or "access"
    return "trunk" if mode.startswith("trunk") else value(section, "switchport access vlan") or "1"


def interfaces_json(session: Session, _match: Found) -> str:
    """`show interfaces | json`: what arista.eos makes facts of."""
    device = session.device
    logical = [slot.split()[1] for slot in device.running if re.match(r"interface (Vlan|Loopback)", slot)]
    found = {port.name: _interface(device, port.name, state(device, port)) for port in _ports(device)}
    for name in logical:
        section = find(device.running, (f"interface {name}",)) or {}
        found[name] = _interface(device, name, "disabled" if "shutdown" in section else "connected")
    return _json({"interfaces": found})


def _interface(device: Device, name: str, up: str) -> dict[str, Any]:
    section = find(device.running, (f"interface {name}",)) or {}
    address, _, length = value(section, "ip address").partition("/")
    primary = {"primaryIp": {"address": address, "maskLen": int(length)}} if address else None
    return {
        "name": name,
        "description": value(section, "description"),
        "physicalAddress": _colons(device.members[0].mac),
        "mtu": int(value(section, "mtu") or 1500),
        "bandwidth": 1_000_000_000,
        "duplex": "duplexFull",
        "interfaceStatus": up,
        "lineProtocolStatus": "up" if up == "connected" else "down",
        "forwardingModel": "bridged" if name.startswith("Ethernet") else "routed",
        "interfaceAddress": [primary] if primary else [],
    }


def lldp(session: Session, _match: Found) -> str:
    """`show lldp neighbors`."""
    rows = [
        "Port          Neighbor Device ID       Neighbor Port ID    TTL",
        "-" * 10 + " " + "-" * 24 + " ---------- ---",
    ]
    rows += [f"{short(port.name):13} {far.device:24} {far.port:19} 120" for port, far in neighbours(session.device)]
    return "\n".join(rows)


def lldp_json(session: Session, _match: Found) -> str:
    """`show lldp neighbors | json`."""
    rows = [
        {"port": port.name, "neighborDevice": far.device, "neighborPort": far.port, "ttl": 120}
        for port, far in neighbours(session.device)
    ]
    return _json({"lldpNeighbors": rows})


def lldp_detail(session: Session, _match: Found) -> str:
    """`show lldp neighbors detail`."""
    blocks = []
    found = {port.name: far for port, far in neighbours(session.device)}
    for port in _ports(session.device):
        blocks.append(f"Interface {port.name} detected {int(port.name in found)} LLDP neighbors:\n")
        if far := found.get(port.name):
            mac = _chassis(session.device, port)
            blocks.append(
                f'  Neighbor {mac}/"{far.port}", age 12 seconds\n'
                "  - Chassis ID type: MAC address (4)\n"
                f"    Chassis ID     : {mac}\n"
                "  - Port ID type: Interface name(5)\n"
                f'    Port ID     : "{far.port}"\n'
                "  - Time To Live: 120 seconds\n"
                f'  - System Name: "{far.device}"\n'
            )
    return "\n".join(blocks)


def _chassis(device: Device, port: Port) -> str:
    peer = device.peers[port.neighbour.device] if port.neighbour else device
    return peer.members[0].mac


def vlan(session: Session, _match: Found) -> str:
    """`show vlan`."""
    tree = session.device.running
    rows = [f"{'VLAN':5} {'Name':32} {'Status':9} Ports", f"{'-' * 5} {'-' * 32} {'-' * 9} {'-' * 31}"]
    for vid in sorted(vids(tree)):
        section = find(tree, (f"vlan {vid}",)) or {}
        name = value(section, "name") or ("default" if vid == 1 else f"VLAN{vid:04}")
        status_ = "suspended" if "state" in section else "active"
        rows.append(f"{vid:<5} {name:32} {status_:9} {', '.join(_members(session.device, vid))}".rstrip())
    return "\n".join(rows)


def _members(device: Device, vid: int) -> list[str]:
    return [
        short(port.name)
        for port in _ports(device)
        if port.name.startswith("Ethernet")
        and linked(device, port)
        and _carries(find(device.running, (f"interface {port.name}",)) or {}, vid)
    ]


def _carries(section: Section, vid: int) -> bool:
    if _vlan(section) != "trunk":
        return int(_vlan(section)) == vid
    allowed = value(section, "switchport trunk allowed vlan")
    return not allowed or vid in vlans(allowed)


def _colons(mac: str) -> str:
    digits = mac.replace(".", "").replace(":", "")
    return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=4)
