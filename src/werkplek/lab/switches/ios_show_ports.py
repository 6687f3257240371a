"""Interfaces and neighbours as an IOS switch shows them."""

from __future__ import annotations

from werkplek.lab.switches import ios_names, ios_vlans
from werkplek.lab.switches.device import Device, Port
from werkplek.lab.switches.dialect import Answer, Exec, Rule
from werkplek.lab.switches.grammar import Match, Mismatch
from werkplek.lab.switches.links import enabled, linked, neighbours
from werkplek.lab.switches.shell import Session
from werkplek.lab.switches.tree import Entry, Section, find

SPEEDS = {
    "GigabitEthernet": ("1000", "10/100/1000BaseTX"),
    "TenGigabitEthernet": ("10G", "SFP-10GBase-SR"),
    "TwentyFiveGigE": ("25G", "SFP-25GBase-SR"),
    "FortyGigabitEthernet": ("40G", "QSFP 40G SR4"),
    "HundredGigE": ("100G", "QSFP 100G SR4"),
}
RULE = "------------------------------------------------"


def lines_of(device: Device, name: str) -> Section:
    """What is configured on an interface."""
    return find(device.running, (f"interface {name}",)) or {}


def value(lines: Section, slot: str, otherwise: str = "") -> str:
    """What a line says after its slot."""
    return lines[slot].text.removeprefix(slot).strip() if slot in lines else otherwise


def present(device: Device) -> list[Port]:
    """The ports that are there, in order."""
    ports = [
        port
        for port in device.ports.values()
        if port.name not in device.faults.missing_ports and port.member not in device.faults.missing_members
    ]
    return sorted(ports, key=lambda port: ios_names.sort_key(port.name))


def state(device: Device, port: Port) -> str:
    """The word of `show interfaces status`."""
    if not enabled(device, port.name):
        return "disabled"
    return "connected" if linked(device, port) else "notconnect"


def status(session: Session, _match: Match[Rule]) -> Answer:
    """`show interfaces status`."""
    device = session.device
    rows = ["", "Port         Name               Status       Vlan       Duplex  Speed Type"]
    for port in present(device):
        lines, word = lines_of(device, port.name), state(device, port)
        kind = ios_names.split(port.name)[0]
        speed, media = SPEEDS.get(kind, ("auto", "unknown"))
        up = word == "connected"
        vlan = "routed" if "switchport" in lines else value(lines, "switchport access vlan", "1")
        vlan = "trunk" if value(lines, "switchport mode") == "trunk" else vlan
        duplex, rate = ("a-full", f"a-{speed}") if up else ("auto", "auto")
        name = value(lines, "description")[:18]
        rows.append(f"{ios_names.short(port.name):<12} {name:<18} {word:<12} {vlan:<10} {duplex:>6} {rate:>6} {media}")
    return "\n".join(rows)


def names(device: Device) -> list[str]:
    """Every interface: those that are made, and the ports that are there."""
    there = {port.name for port in present(device)}
    made = [slot[10:] for slot in device.running if slot.startswith("interface ")]
    return sorted((name for name in made if name not in device.ports or name in there), key=ios_names.sort_key)


def protocol(device: Device, name: str) -> tuple[str, str]:
    """An interface's two states: of the line and of its protocol."""
    if "shutdown" in lines_of(device, name):
        return "administratively down", "down"
    if name in device.ports:
        up = linked(device, device.ports[name])
        return ("up", "up") if up else ("down", "down")
    there = not name.startswith("Vlan") or ios_vlans.exists(device.running, int(name[4:]))
    return ("up", "up") if there else ("down", "down")


def interfaces(session: Session, match: Match[Rule]) -> Answer:
    """`show interfaces`, all or one."""
    device = session.device
    wanted = [match.words[-1]] if match.words[-1] != "interfaces" else names(device)
    if wanted[0] not in names(device):
        raise Mismatch("invalid", len("show interfaces "))
    return "\n".join(_interface(device, name) for name in wanted)


def _interface(device: Device, name: str) -> str:
    line, link = protocol(device, name)
    shown = "connected" if line == "up" else "disabled" if line.startswith("admin") else "notconnect"
    lines = lines_of(device, name)
    kind = "Ethernet SVI" if name.startswith("Vlan") else "Gigabit Ethernet"
    mac = device.members[0].mac
    rows = [
        f"{name} is {line}, line protocol is {link} ({shown})",
        f"  Hardware is {kind}, address is {mac} (bia {mac})",
    ]
    rows += [f"  Description: {value(lines, 'description')}"] if "description" in lines else []
    rows += [f"  Internet address is {_prefix(lines)}"] if _prefix(lines) else []
    mtu = value(lines, "mtu", "1500")
    rows += [
        f"  MTU {mtu} bytes, BW 1000000 Kbit/sec, DLY 10 usec,",
        "  Full-duplex, 1000Mb/s, media type is 10/100/1000BaseTX",
    ]
    return "\n".join(rows)


def _prefix(lines: Section) -> str:
    """An interface's address as `10.4.90.2/24`; empty when it has none."""
    words = lines.get("ip address", Entry("no")).text.split()
    if words[0] == "no" or words[-1] == "dhcp":
        return ""
    length = sum(int(part).bit_count() for part in words[3].split("."))
    return f"{words[2]}/{length}"


def addresses(session: Session, _match: Match[Rule]) -> Answer:
    """`show ip interface brief`."""
    device = session.device
    rows = ["Interface              IP-Address      OK? Method Status                Protocol"]
    for name in names(device):
        line, link = protocol(device, name)
        address = _prefix(lines_of(device, name)).partition("/")[0] or "unassigned"
        method = "NVRAM" if address != "unassigned" else "unset"
        rows.append(f"{name:<22} {address:<15} YES {method:<6} {line:<21} {link}")
    return "\n".join(rows)


def address_details(session: Session, _match: Match[Rule]) -> Answer:
    """`show ip interface`."""
    device = session.device
    rows: list[str] = []
    for name in names(device):
        line, link = protocol(device, name)
        prefix = _prefix(lines_of(device, name))
        rows.append(f"{name} is {line}, line protocol is {link}")
        rows.append(f"  Internet address is {prefix}" if prefix else "  Internet protocol processing disabled")
    return "\n".join(rows)


def _lldp(device: Device) -> bool:
    return "lldp run" in device.running


def lldp(session: Session, _match: Match[Rule]) -> Answer:
    """`show lldp`."""
    if not _lldp(session.device):
        return "% LLDP is not enabled"
    return (
        "Global LLDP Information:\n    Status: ACTIVE\n    LLDP advertisements are sent every 30 seconds\n"
        "    LLDP hold time advertised is 120 seconds\n    LLDP interface reinitialisation delay is 2 seconds"
    )


def heard(device: Device) -> list[tuple[str, str, str]]:
    """Port, name of the neighbour and its port, where LLDP is listened to."""
    return [
        (ios_names.short(port.name), far.device, far.port)
        for port, far in neighbours(device)
        if "lldp receive" not in lines_of(device, port.name)
    ]


def lldp_brief(session: Session, _match: Match[Rule]) -> Answer:
    """`show lldp neighbors`."""
    if not _lldp(session.device):
        return "% LLDP is not enabled"
    rows = [f"{name:<20}{near:<15}120        B,R             {far}" for near, name, far in heard(session.device)]
    codes = "Capability codes:\n    (R) Router, (B) Bridge, (T) Telephone, (C) DOCSIS Cable Device"
    head = "Device ID           Local Intf     Hold-time  Capability      Port ID"
    return "\n".join([codes, "", head, *rows, "", f"Total entries displayed: {len(rows)}"])


def lldp_detail(session: Session, _match: Match[Rule]) -> Answer:
    """`show lldp neighbors detail`."""
    if not _lldp(session.device):
        return "% LLDP is not enabled"
    found = heard(session.device)
    blocks = [
        f"{RULE}\nLocal Intf: {near}\nChassis id: {session.device.members[0].mac}\nPort id: {far}\n"
        f"Port Description: {far}\nSystem Name: {name}\n\nSystem Description: \nswitch of the lab\n\n"
        "Time remaining: 100 seconds\nSystem Capabilities: B,R\nEnabled Capabilities: B,R\n"
        "Management Addresses - not advertised\n"
        for near, name, far in found
    ]
    return "\n".join(["", *blocks, f"Total entries displayed: {len(found)}"])


def lldp_interfaces(session: Session, _match: Match[Rule]) -> Answer:
    """`show lldp interface`."""
    device = session.device
    if not _lldp(device):
        return "% LLDP is not enabled"
    rows: list[str] = []
    for port in present(device):
        lines = lines_of(device, port.name)
        tx, rx = ("disabled" if f"lldp {way}" in lines else "enabled" for way in ("transmit", "receive"))
        up = linked(device, port)
        states = (
            f"    Tx state: {'IDLE' if up else 'INIT'}\n    Rx state: {'WAIT FOR FRAME' if up else 'WAIT PORT OPER'}"
        )
        rows.append(f"{port.name}:\n    Tx: {tx}\n    Rx: {rx}\n{states}\n")
    return "\n".join(["", *rows])


def cdp(session: Session, _match: Match[Rule]) -> Answer:
    """`show cdp`: the lab's switches do not tell of themselves over CDP."""
    if "cdp run" in session.device.running:
        return "% CDP is not enabled"
    return "Global CDP information:\n\tSending CDP packets every 60 seconds\n\tSending a holdtime value of 180 seconds"


def cdp_neighbors(session: Session, match: Match[Rule]) -> Answer:
    """`show cdp neighbors`: none."""
    if "cdp run" in session.device.running:
        return cdp(session, match)
    return "Total cdp entries displayed : 0"


RULES: list[Rule] = [
    Exec("show interfaces status", status),
    Exec("show interfaces", interfaces),
    Exec("show interfaces INTERFACE", interfaces),
    Exec("show ip interface brief", addresses),
    Exec("show ip interface", address_details),
    Exec("show lldp", lldp),
    Exec("show lldp neighbors", lldp_brief),
    Exec("show lldp neighbors detail", lldp_detail),
    Exec("show lldp interface", lldp_interfaces),
    Exec("show cdp", cdp),
    Exec("show cdp neighbors [detail]", cdp_neighbors),
]
