"""A fabric's wiring: what its parts are called on this machine, and which interface is plugged in where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from werkplek.lab.switches.fabric import Endpoint, Place, Plan, Router
from werkplek.lab.switches.fabric_rows import EDGE, Rows, vlan_columns

SHARED = 4094  # on the small bridge before a shared port: the VLAN of the frames that have no tag


class End(NamedTuple):
    """An end of a cable at a switch: an interface in the network of `switch`; empty: that of all emulated ones."""

    switch: str
    name: str


class Device(NamedTuple):
    """An interface of an endpoint or router, and the end of its cable at the switch.

    A router gives itself its addresses: `address` is empty.
    """

    owner: str
    interface: str
    outer: End
    address: str = ""
    gateway: str = ""


@dataclass(frozen=True, slots=True)
class Wiring:
    """A plan with the names that things have on this machine.

    `bridges`: the bridge that an emulated switch is. `attached`: what is plugged into a port. `cables`: both ends.
    `trunks`: the ends of those that join two switches. `devices`: everybody's interfaces. `shared`: the small bridges
    before ports that several devices share or send tagged frames into.
    """

    bridges: Mapping[str, str]
    attached: Mapping[Place, End]
    cables: tuple[tuple[End, End], ...]
    trunks: frozenset[End]
    devices: tuple[Device, ...]
    shared: Mapping[str, Rows]

    def at(self, switch: str) -> dict[str, End]:
        """A switch's ports that have something plugged in."""
        return {place.port: one for place, one in self.attached.items() if place.switch == switch}

    def far_end(self, end: End) -> End | None:
        """The other end of a cable; None for what is no end of one."""
        return dict(self.cables).get(end) or {far: near for near, far in self.cables}.get(end)


def wiring(plan: Plan) -> Wiring:
    """The wiring of a plan. Names are short and numbered in its order: an interface's may have 15 characters."""
    made = _Making(plan)
    for cable in plan.cables:
        made.cable(cable.near, cable.far)
    trunks = frozenset(made.attached.values())
    for router in plan.routers:
        made.router(router)
    for place, users in _by_place(plan).items():
        made.endpoints(place, users)
    emulated = [name for name in plan.switches if name not in plan.own]
    bridges = {name: f"s{number}" for number, name in enumerate(emulated)}
    return Wiring(bridges, made.attached, tuple(made.cables), trunks, tuple(made.devices), made.shared)


def _by_place(plan: Plan) -> dict[Place, list[Endpoint]]:
    found: dict[Place, list[Endpoint]] = {}
    for endpoint in plan.endpoints:
        found.setdefault(endpoint.place, []).append(endpoint)
    return found


class _Making:
    """A wiring that is being made."""

    def __init__(self, plan: Plan) -> None:
        self._own = plan.own
        self.attached: dict[Place, End] = {}
        self.cables: list[tuple[End, End]] = []
        self.devices: list[Device] = []
        self.shared: dict[str, Rows] = {}

    def plug(self, place: Place, name: str) -> End:
        """Plug an end into a port. A switch's own ports are called as it calls them."""
        end = End(place.switch, place.port) if place.switch in self._own else End("", name)
        self.attached[place] = end
        return end

    def cable(self, near: Place, far: Place) -> None:
        """Join two ports."""
        name = f"c{len(self.cables)}"
        self.cables.append((self.plug(near, f"{name}a"), self.plug(far, f"{name}b")))

    def router(self, router: Router) -> None:
        """Plug in its legs."""
        for leg, (place, _address) in enumerate(router.legs):
            self.devices.append(Device(router.name, f"eth{leg}", self.plug(place, f"e{len(self.devices)}")))

    def endpoints(self, place: Place, users: list[Endpoint]) -> None:
        """Plug in who uses a port: directly, or by a small bridge that keeps their frames apart."""
        names = [f"e{number}" for number in range(len(self.devices), len(self.devices) + len(users))]
        if [one.tag for one in users] == [0]:
            ends = [self.plug(place, names[0])]
        else:
            bridge, ends = f"x{len(self.shared)}", [End("", name) for name in names]
            self.cables.append((self.plug(place, f"{bridge}a"), End("", f"{bridge}b")))
            self.shared[bridge] = _shared(f"{bridge}b", users, names)
        for one, end in zip(users, ends, strict=True):
            self.devices.append(Device(one.name, "eth0", end, one.address, one.gateway))


def _shared(cable: str, users: list[Endpoint], names: list[str]) -> Rows:
    """Ports of a small bridge: the cable to the switch carries its devices' frames as these tag them."""
    tags = [one.tag or SHARED for one in users]
    ends = ((name, {**vlan_columns("access", tag, set()), **EDGE}) for name, tag in zip(names, tags, strict=True))
    return ((cable, {**vlan_columns("native-untagged", SHARED, {SHARED, *tags}), **EDGE}), *ends)
