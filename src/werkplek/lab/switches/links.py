"""Which ports of a switch have a link, and what is at their far ends. Cables lead to switches of any system."""

from __future__ import annotations

from collections.abc import Iterator

from werkplek.lab.switches.device import Device, Neighbour, Port
from werkplek.lab.switches.tree import find


def enabled(device: Device, name: str) -> bool:
    """Whether a port is there and not shut."""
    port = device.ports.get(name)
    if port is None or name in device.faults.missing_ports or port.member in device.faults.missing_members:
        return False
    section = find(device.running, (f"interface {name}",)) or {}
    return not any(entry.text == "shutdown" for entry in section.values())


def linked(device: Device, port: Port) -> bool:
    """Whether a port has a link: both ends are there, plugged in and not shut."""
    if not (port.plugged and enabled(device, port.name)):
        return False
    if port.neighbour is None:
        return port.lit
    peer = device.peers.get(port.neighbour.device)
    far = peer.ports.get(port.neighbour.port) if peer else None
    return peer is not None and far is not None and far.plugged and enabled(peer, far.name)


def neighbours(device: Device) -> Iterator[tuple[Port, Neighbour]]:
    """Ports with a switch at the far end that tells of itself over LLDP, and what it tells."""
    for port in device.ports.values():
        if port.neighbour is not None and linked(device, port):
            peer = device.peers[port.neighbour.device]
            told = peer.dialect.announced(peer, port.neighbour.port)
            if told is not None:
                yield port, told
