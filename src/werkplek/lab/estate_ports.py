"""The ports of the switches in lab estates: what is plugged into each, and where its cable leads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from werkplek.lab.estate_cables import End, cables, downlinks, uplinks
from werkplek.lab.estate_hosts import ACCESS, CORE
from werkplek.lab.estate_tables import PLATFORM_IDS, ROLE_IDS, SHARED
from werkplek.lab.estate_vlans import vlan_of
from werkplek.registry.model import Device, FarEnd, Interface

GIGABIT, TEN_GIGABIT = "1000base-t", "10gbase-x-sfpp"


class Plugged(NamedTuple):
    """What is plugged into a port: NetBox's mode, and the uses of the VLANs that its frames are in."""

    description: str
    mode: str | None = None
    untagged: str | None = None
    tagged: tuple[str, ...] = ()


UNUSED = Plugged("unused")
# The 24 ports of an access switch, in their order.
PORTS = (
    *(Plugged("", "tagged", "workplace", ("voice",)),) * 12,
    *(Plugged("vdi client", "access", "vdi"),) * 3,
    *(Plugged("printer", "access", "printer"),) * 2,
    *(Plugged("phone", "access", "voice"),) * 2,
    *(Plugged("access point", "tagged", "access_point", ("workplace", "guest")),) * 2,
    Plugged("", "access", "workplace"),
    *(UNUSED,) * 2,
)


class Way(NamedTuple):
    """Where a port's cable leads, and the ids of the VLANs that pass; None is all of them."""

    peer: FarEnd
    vlans: tuple[int, ...] | None
    description: str


def ports(devices: Sequence[Device]) -> tuple[Interface, ...]:
    """The ports of each switch, numbered on from switch to switch."""
    places = [(device, end, plugged) for device in devices for end, plugged in _places(device)]
    ways = _ways(devices, {end: number for number, (_device, end, _plugged) in enumerate(places, start=1)})
    return tuple(
        _trunk(number, device, end, ways[end]) if end in ways else _edge(number, device, end, plugged)
        for number, (device, end, plugged) in enumerate(places, start=1)
    )


def _ways(devices: Sequence[Device], numbers: Mapping[End, int]) -> dict[End, Way]:
    names = {device.id: device.name for device in devices}

    def peer(end: End) -> FarEnd:
        return FarEnd(numbers[end], end.port, end.device, names[end.device])

    found: dict[End, Way] = {}
    for lower, upper, vlans in cables(devices):
        found[lower] = Way(peer(upper), vlans, "uplink")
        found[upper] = Way(peer(lower), vlans, "downlink")
    return found


def _places(device: Device) -> Iterator[tuple[End, Plugged]]:
    """The ports of a device; none for what is no switch."""
    names = downlinks() if device.role == ROLE_IDS[CORE.role] else []
    if device.role == ROLE_IDS[ACCESS.role]:
        yield from ((End(device.id, name), plugged) for name, plugged in zip(_edges(device), PORTS, strict=True))
    elif not names:
        return
    yield from ((End(device.id, name), UNUSED) for name in (*names, *uplinks(device)))


def _edges(device: Device) -> list[str]:
    """Names of an access switch's ports for what people use."""
    arista = device.platform == PLATFORM_IDS["arista-eos"]
    stem = "Ethernet" if arista else f"GigabitEthernet{device.vc_position or 1}/0/"
    return [f"{stem}{place}" for place in range(1, len(PORTS) + 1)]


def _edge(number: int, device: Device, end: End, plugged: Plugged) -> Interface:
    tenant = SHARED if device.tenant is None else device.tenant - 1
    return Interface(
        id=number,
        device=device.id,
        name=end.port,
        type=TEN_GIGABIT if end.port in (*uplinks(device), *downlinks()) else GIGABIT,
        enabled=plugged != UNUSED,
        mode=plugged.mode,
        untagged_vlan=vlan_of(tenant, plugged.untagged) if plugged.untagged else None,
        tagged_vlans=tuple(sorted(vlan_of(tenant, use) for use in plugged.tagged)),
        description=plugged.description,
        peer=None,
        last_updated=device.last_updated,
    )


def _trunk(number: int, device: Device, end: End, way: Way) -> Interface:
    return Interface(
        id=number,
        device=device.id,
        name=end.port,
        type=TEN_GIGABIT,
        enabled=True,
        mode="tagged-all" if way.vlans is None else "tagged",
        untagged_vlan=None,
        tagged_vlans=way.vlans or (),
        description=way.description,
        peer=way.peer,
        last_updated=device.last_updated,
    )
