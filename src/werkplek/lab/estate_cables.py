"""The cables between the switches of lab estates: access switches below distribution switches, and those in a tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle, groupby
from typing import NamedTuple

from werkplek.lab.estate_hosts import ACCESS, CORE
from werkplek.lab.estate_tables import PLATFORM_IDS, ROLE_IDS
from werkplek.lab.estate_vlans import CARRIED, vlan_of
from werkplek.registry.model import Device

DOWNLINKS = 16  # a distribution switch's ports for switches below it
BELOW = 4  # distribution switches below another one, at most
CHAIN_EVERY, SECOND_EVERY = 8, 10


class End(NamedTuple):
    """One end of a cable."""

    device: int
    port: str


class Cable(NamedTuple):
    """A cable from a switch up to another one; `vlans` are the ids of those that pass, None is all of them."""

    lower: End
    upper: End
    vlans: tuple[int, ...] | None


def uplinks(device: Device) -> tuple[str, str]:
    """Names of a switch's two ports for a switch above it. The second may lead to one below."""
    if device.platform == PLATFORM_IDS["arista-eos"]:
        return "Ethernet25", "Ethernet26"
    member = device.vc_position or 1
    return f"TenGigabitEthernet{member}/1/1", f"TenGigabitEthernet{member}/1/2"


def downlinks() -> list[str]:
    """Names of a distribution switch's ports for switches below it."""
    return [f"TenGigabitEthernet1/0/{place}" for place in range(1, DOWNLINKS + 1)]


def cables(devices: Sequence[Device]) -> list[Cable]:
    """One or two cables up for each access switch (of a stack: its first member), one for each distribution switch.

    The first distribution switch has none above it. Without distribution switches there are no cables.
    """
    tops = [device for device in devices if device.role == ROLE_IDS[CORE.role]]
    if not tops:
        return []
    free = {top.id: iter(downlinks()) for top in tops}
    backbone = [
        Cable(End(top.id, uplinks(top)[0]), _free(tops[(place - 1) // BELOW], free), None)
        for place, top in enumerate(tops[1:], start=1)
    ]
    return [*backbone, *_access(devices, tops, free)]


def _free(top: Device, free: dict[int, Iterator[str]]) -> End:
    return End(top.id, next(free[top.id]))


def _access(devices: Sequence[Device], tops: Sequence[Device], free: dict[int, Iterator[str]]) -> Iterator[Cable]:
    """In turn to all distribution switches; now and then through another switch of the site, or with a second cable."""
    turns, made = cycle(tops), 0
    heads = [row for row in devices if row.role == ROLE_IDS[ACCESS.role] and row.vc_position in (None, 1)]
    heads.sort(key=lambda head: (head.tenant or 0, head.site or 0, head.id))
    for _site, found in groupby(heads, key=lambda head: (head.tenant, head.site)):
        group = list(found)
        for place, head in enumerate(group):
            first, second = uplinks(head)
            if place % CHAIN_EVERY == 1:
                above = group[place - 1]
                yield Cable(End(head.id, first), End(above.id, uplinks(above)[1]), _carried(head))
                continue
            yield Cable(End(head.id, first), _free(next(turns), free), _carried(head))
            made += 1
            chained = place % CHAIN_EVERY == 0 and place + 1 < len(group)
            if made % SECOND_EVERY == 0 and len(tops) > 1 and not chained:
                yield Cable(End(head.id, second), _free(next(turns), free), _carried(head))


def _carried(head: Device) -> tuple[int, ...] | None:
    """What an access switch's devices need, and the VLAN in which it is managed. A stack is given all VLANs."""
    if head.vc_position:
        return None
    return tuple(vlan_of((head.tenant or 1) - 1, use) for use in CARRIED)
