"""Switches made from an estate, and what one does to them from outside: cables, a clock, an operator at a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from werkplek.lab.switches.clock import Clock
from werkplek.lab.switches.device import Device, Member, Neighbour, Port
from werkplek.lab.switches.dialect import Dialect
from werkplek.lab.switches.estate import SwitchHost


def devices(
    hosts: tuple[SwitchHost, ...], dialects: Mapping[str, Dialect], account: tuple[str, str], old: bool = False
) -> dict[str, Device]:
    """The switches of these hosts whose system has a dialect, by name, cabled and with their first configuration.

    `account` is the operators' user and password.
    """
    clock = Clock()
    made = {host.name: _device(host, dialects[host.platform], clock) for host in hosts if host.platform in dialects}
    alive = {host.address for host in hosts if host.name in made and host.address}
    for host in hosts:
        device = made.get(host.name)
        if device is None:
            continue
        device.peers = made
        device.reachable = alive.__contains__
        device.dialect.load(device, device.dialect.factory(host, *account, old))
        device.startup = device.dialect.running_text(device)
    return made


def _device(host: SwitchHost, dialect: Dialect, clock: Clock) -> Device:
    ports = {
        port.name: Port(port.name, Neighbour(*port.peer) if port.peer else None, member=port.member)
        for port in host.ports
        if port.kind not in ("virtual", "lag")
    }
    members = tuple(
        Member(member.position, member.model, member.serial, _mac(member.serial), "Active" if place == 0 else "Member")
        for place, member in enumerate(host.members)
    )
    return Device(host.name, dialect, clock, ports, members)


def _mac(serial: str) -> str:
    """A hardware address that follows from a serial number; locally administered (IEEE 802, second bit)."""
    digits = "02" + sha256(serial.encode()).hexdigest()[:10]
    return f"{digits[:4]}.{digits[4:8]}.{digits[8:]}"
