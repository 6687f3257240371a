"""The fabric of a lab estate: its switches and cables, and in every municipality people, things and services.

All are plugged into ports that the registry has for them; so what a test sees is what the registry, the VLAN plans and
the policy together allow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from werkplek.lab.estate_hosts import ACCESS
from werkplek.lab.estate_vlans import USES, vid_of
from werkplek.lab.switches.estate import SwitchHost, hosts
from werkplek.lab.switches.fabric import Cable, Endpoint, Place, Plan, Router, Service
from werkplek.registry.tables import Snapshot

PRINTING, WEB = 9100, 80
UNUSED = ""
type Ports = Mapping[str, Sequence[Place]]
"""Ports of a municipality's access switches, by the use of their untagged VLAN; unused ones under UNUSED."""


class Household(NamedTuple):
    """What one municipality has in the fabric."""

    endpoints: tuple[Endpoint, ...]
    router: Router
    services: tuple[Service, ...]


def fabric_of(snapshot: Snapshot) -> Plan:
    """The fabric of an estate. Each municipality with an access switch has, with its slug in front (`papendrecht-pc`):

    `pc` and `phone` on one port, `colleague` on its last switch, `guest` behind an access point, `visitor` at a port
    that is not in use; `printer` (prints on TCP 9100), `web` (TCP 80), and `router` between workplaces and printers.
    """
    switches = hosts(snapshot)
    homes = [
        household(place, slug, ports)
        for place, slug in enumerate(_municipalities(snapshot))
        if (ports := _ports(snapshot, [one for one in switches if (one.municipality, one.role) == (slug, ACCESS.role)]))
    ]
    return Plan(
        switches={switch.name: tuple(port.name for port in switch.ports) for switch in switches},
        cables=tuple(cables(switches)),
        endpoints=tuple(one for home in homes for one in home.endpoints),
        routers=tuple(home.router for home in homes),
        services=tuple(one for home in homes for one in home.services),
    )


def cables(switches: Sequence[SwitchHost]) -> Iterator[Cable]:
    """Every cable once."""
    for switch in switches:
        for port in switch.ports:
            if port.peer and (switch.name, port.name) < port.peer:
                yield Cable(Place(switch.name, port.name), Place(*port.peer))


def household(tenant: int, slug: str, ports: Ports) -> Household:
    """A municipality's endpoints, on the first and the last of its ports for each use."""

    def address(use: str, number: int) -> str:
        return f"10.{tenant + 1}.{USES[use].digits}.{number}/24"

    gateways = {use: f"10.{tenant + 1}.{USES[use].digits}.1" for use in ("workplace", "printer")}
    desks, printers = ports["workplace"], ports["printer"]
    endpoints = (
        Endpoint(f"{slug}-pc", desks[0], address("workplace", 11), gateways["workplace"]),
        Endpoint(f"{slug}-phone", desks[0], address("voice", 11), tag=vid_of(tenant, "voice")),
        Endpoint(f"{slug}-colleague", desks[-1], address("workplace", 12), gateways["workplace"]),
        Endpoint(f"{slug}-web", desks[-2], address("workplace", 80), gateways["workplace"]),
        Endpoint(f"{slug}-printer", printers[-1], address("printer", 91), gateways["printer"]),
        Endpoint(f"{slug}-guest", ports["access_point"][-1], address("guest", 11), tag=vid_of(tenant, "guest")),
        Endpoint(f"{slug}-visitor", ports[UNUSED][0], address("workplace", 66), gateways["workplace"]),
    )
    legs = ((desks[-3], address("workplace", 1)), (printers[-2], address("printer", 1)))
    services = (
        Service(f"{slug}-printer", PRINTING, f"prints in {slug}"),
        Service(f"{slug}-web", WEB, f"the web of {slug}"),
    )
    return Household(endpoints, Router(f"{slug}-router", legs), services)


def _municipalities(snapshot: Snapshot) -> list[str]:
    """Slugs in the order of their VLANs' hundreds."""
    return [tenant.slug for tenant in sorted(snapshot.objects.tenants, key=lambda tenant: tenant.id)]


def _ports(snapshot: Snapshot, switches: Sequence[SwitchHost]) -> dict[str, list[Place]]:
    """The ports of these switches, in order. What has a cable to a switch is left out."""
    words = {use.digits: word for word, use in USES.items()}
    uses = {vlan.id: words[vlan.vid % 100] for vlan in snapshot.objects.vlans}
    names = {device.id: str(device.name) for device in snapshot.objects.devices}
    masters = {stack.id: stack.master for stack in snapshot.objects.virtual_chassis}
    called = {one.id: names[masters.get(one.virtual_chassis or 0) or one.id] for one in snapshot.objects.devices}
    rows = {(called[row.device], row.name): row for row in snapshot.objects.interfaces}
    found: dict[str, list[Place]] = {}
    for switch in switches:
        for port in switch.ports:
            row = rows[switch.name, port.name]
            if port.peer is None:
                use = uses[row.untagged_vlan] if row.enabled and row.untagged_vlan else UNUSED
                found.setdefault(use, []).append(Place(switch.name, port.name))
    return found
