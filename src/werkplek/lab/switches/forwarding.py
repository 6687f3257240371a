"""What a switch's accepted configuration makes its ports forward."""

from __future__ import annotations

from typing import NamedTuple

from werkplek.lab.switches.device import Device
from werkplek.lab.switches.fabric_rows import PortForwarding


class Decision(NamedTuple):
    """A port's forwarding, and why it is down where it is (empty: it is up)."""

    port: PortForwarding
    dead: tuple[str, ...]


def dead(name: str, *reasons: str) -> Decision:
    """A port through which no frame passes."""
    return Decision(PortForwarding(name, False, "access", 0, 0, 0, frozenset()), reasons)


def decisions(device: Device) -> tuple[Decision, ...]:
    """What each of a switch's ports does: what its configuration says, unless the port is not there or unplugged."""
    found: list[Decision] = []
    for decision in device.dialect.forwarding(device):
        port = device.ports[decision.port.name]
        if port.name in device.faults.missing_ports or port.member in device.faults.missing_members:
            found.append(dead(port.name, "the port is not there"))
        elif not port.plugged:
            found.append(dead(port.name, "unplugged"))
        else:
            found.append(decision)
    return tuple(found)
