"""What hangs on a lab's switches, as plain data: who is plugged in where, and how the switches are cabled.

The fabric is the lab's network of real frames. It forwards what the switches' accepted configuration says, and nothing
else, so that a test can ask who really reaches whom.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from werkplek.errors import Problem, WerkplekError

HIGHEST_TAG = 4093  # above it are the VLAN that keeps untagged frames apart on a shared port, and reserved numbers
OWN_BRIDGE = "br0"  # of a switch that decides for itself
_INTERFACE = re.compile(r"[A-Za-z0-9._-]{1,15}")
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,62}")


class Place(NamedTuple):
    """A port of a switch."""

    switch: str
    port: str

    def __str__(self) -> str:
        return f"{self.switch} port {self.port}"


class Cable(NamedTuple):
    """Two ports joined."""

    near: Place
    far: Place


class Endpoint(NamedTuple):
    """A device: a workplace, a printer, a phone, a server.

    `address` has its prefix length (`10.4.10.21/24`); `gateway` is empty where it has none. `tag` is the VLAN that it
    tags its frames with, 0 where it does not tag; a phone and the workplace behind it share a place.
    """

    name: str
    place: Place
    address: str
    gateway: str = ""
    tag: int = 0


class Route(NamedTuple):
    """A network that a router reaches by way of another router."""

    network: str
    via: str


class Router(NamedTuple):
    """A router with a leg on a port for each network: (place, address with prefix length)."""

    name: str
    legs: tuple[tuple[Place, str], ...]
    routes: tuple[Route, ...] = ()


class Service(NamedTuple):
    """A TCP service of an endpoint: who connects to `port` is told `says`."""

    endpoint: str
    port: int
    says: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole fabric. `switches` has each switch's ports.

    `own` are the switches that decide for themselves what they forward: each is an Open vSwitch with a database of its
    own, and its ports are called as here.

    Raises:
        WerkplekError: the parts do not fit each other; names every port that is not there or used twice, every address
            that is none, and so on.
    """

    switches: Mapping[str, tuple[str, ...]]
    cables: tuple[Cable, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    routers: tuple[Router, ...] = ()
    services: tuple[Service, ...] = ()
    own: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        problems = [*_names(self), *_own(self), *_places(self), *_addresses(self), *_services(self)]
        if problems:
            raise WerkplekError("The lab's fabric does not fit together.", problems)

    @property
    def ringed(self) -> bool:
        """Whether there are two ways between any two switches, one of which a spanning tree must close."""
        tree: dict[str, str] = {}

        def root(switch: str) -> str:
            while (above := tree.get(switch, switch)) != switch:
                switch = above
            return switch

        for cable in self.cables:
            near, far = root(cable.near.switch), root(cable.far.switch)
            if near == far:
                return True
            tree[near] = far
        return False

    def names(self) -> list[str]:
        """Names of what has a network of its own: endpoints and routers."""
        return [*(one.name for one in self.endpoints), *(one.name for one in self.routers)]


def _names(plan: Plan) -> Iterator[Problem]:
    names = plan.names()
    for name in names:
        if not _NAME.fullmatch(name):
            yield Problem(name or "an endpoint", repr(name), "a name of letters a-z, digits, '.' and '-'")
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(name, "two of that name", "a name of its own for each endpoint and router")


def _own(plan: Plan) -> Iterator[Problem]:
    for switch in plan.own:
        if switch not in plan.switches or not _NAME.fullmatch(switch):
            yield Problem(
                switch, "no switch of that name", "a switch of this fabric, named by a-z, digits, '.' and '-'"
            )
        for port in plan.switches.get(switch, ()):
            if not _INTERFACE.fullmatch(port) or port == OWN_BRIDGE:
                yield Problem(str(Place(switch, port)), repr(port), "at most 15 letters, digits, '.', '_' and '-'")


def _places(plan: Plan) -> Iterator[Problem]:
    """Every place is a port that is there, and only endpoints may share one: if their tags differ."""
    used: dict[Place, str] = {}
    for user, place in _used(plan):
        if place.port not in plan.switches.get(place.switch, ()):
            yield Problem(user, str(place), "a port of a switch of this fabric")
        elif place in used and used[place] != user:
            yield Problem(str(place), f"{used[place]} and {user}", "one cable or device on a port")
        used[place] = user


def _used(plan: Plan) -> Iterator[tuple[str, Place]]:
    for number, cable in enumerate(plan.cables, 1):
        yield f"cable {number} (near end)", cable.near
        yield f"cable {number} (far end)", cable.far
    for router in plan.routers:
        for number, (place, _address) in enumerate(router.legs, 1):
            yield f"router {router.name} (leg {number})", place
    for endpoint in plan.endpoints:
        shared = [one.name for one in plan.endpoints if one.place == endpoint.place and one.tag != endpoint.tag]
        yield "endpoints " + ", ".join(sorted([*shared, endpoint.name])), endpoint.place


def _addresses(plan: Plan) -> Iterator[Problem]:
    for one in plan.endpoints:
        if not 0 <= one.tag <= HIGHEST_TAG:
            yield Problem(one.name, f"tag {one.tag}", f"0 (untagged) to {HIGHEST_TAG}")
        yield from _address(one.name, one.address, one.gateway)
    for router in plan.routers:
        for _place, address in router.legs:
            yield from _address(router.name, address, "")
        for route in router.routes:
            yield from _route(router.name, route)


def _address(who: str, address: str, gateway: str) -> Iterator[Problem]:
    try:
        interface = ipaddress.IPv4Interface(address)
    except ValueError as error:
        yield Problem(who, str(error), "an IPv4 address with its prefix length, such as 10.4.10.21/24")
        return
    if gateway and gateway not in map(str, interface.network.hosts()):
        yield Problem(who, f"gateway {gateway}", f"an address in {interface.network}")


def _route(who: str, route: Route) -> Iterator[Problem]:
    try:
        ipaddress.IPv4Network(route.network)
        ipaddress.IPv4Address(route.via)
    except ValueError as error:
        yield Problem(who, f"a route to {route.network} by way of {route.via}: {error}", "a network and an address")


def _services(plan: Plan) -> Iterator[Problem]:
    names = {one.name for one in plan.endpoints}
    for one in plan.services:
        if one.endpoint not in names:
            yield Problem(f"service on port {one.port}", one.endpoint, "an endpoint of this fabric")
        if not 0 < one.port < 65536:
            yield Problem(one.endpoint, f"a service on port {one.port}", "a TCP port, 1 to 65535")


def write(plan: Plan, file: Path) -> None:
    """Keep a plan, so that another process finds the fabric."""
    file.write_text(json.dumps(asdict(plan)))


def read(file: Path) -> Plan:
    """A plan that was kept."""
    found = json.loads(file.read_text())
    return Plan(
        {name: tuple(ports) for name, ports in found["switches"].items()},
        tuple(Cable(Place(*near), Place(*far)) for near, far in found["cables"]),
        tuple(Endpoint(name, Place(*place), *rest) for name, place, *rest in found["endpoints"]),
        tuple(
            Router(
                name, tuple((Place(*place), address) for place, address in legs), tuple(Route(*one) for one in routes)
            )
            for name, legs, routes in found["routers"]
        ),
        tuple(Service(*one) for one in found["services"]),
        tuple(found["own"]),
    )
