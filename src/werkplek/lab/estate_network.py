"""What lab estates have around their hosts: VLANs, switch ports, stacks, out-of-band addresses and contacts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from werkplek.lab.estate_hosts import ACCESS, CORE, Builder
from werkplek.lab.estate_tables import AS_OF, ROLE_IDS, SHARED, SITES, SITES_OF, UPDATED
from werkplek.registry.model import Contact, ContactAssignment, ContactRole, Device, Interface, VirtualChassis, Vlan

VIDS = ((10, "workplace"), (20, "voice"), (30, "printers"), (40, "guests"))
PORTS = {ROLE_IDS[ACCESS.role]: 24, ROLE_IDS[CORE.role]: 8}
TRUNK_EVERY, UNUSED = 8, 2
STACK_EVERY, OOB_EVERY = 20, 10


def vlans() -> tuple[Vlan, ...]:
    """The VLANs of each site, with its tenant: NetBox lets a port have those of its own site only."""
    return tuple(
        Vlan(vlan_of(site.id, vid), vid, f"{site.slug}-{name}", site.id, site.tenant, UPDATED)
        for site in SITES
        for vid, name in VIDS
    )


def vlan_of(site: int, vid: int) -> int:
    """Id of a site's VLAN."""
    return (site - 1) * len(VIDS) + [number for number, _name in VIDS].index(vid) + 1


def ports(devices: Sequence[Device]) -> tuple[Interface, ...]:
    """The ports of each switch, numbered on from switch to switch."""
    found: list[Interface] = []
    for device in devices:
        for number in range(1, PORTS.get(device.role or 0, 0) + 1):
            found.append(_port(len(found) + 1, device, number))
    return tuple(found)


def _port(number: int, device: Device, place: int) -> Interface:
    """Every eighth port is a trunk with the site's other VLANs, the last two are unused."""
    site = device.site or 0
    trunk = place % TRUNK_EVERY == 0
    unused = place > PORTS[device.role or 0] - UNUSED
    return Interface(
        id=number,
        device=device.id,
        name=f"GigabitEthernet1/0/{place}",
        enabled=not unused,
        mode="tagged" if trunk else "access",
        untagged_vlan=vlan_of(site, 30 if place % 6 == 5 else 10),
        tagged_vlans=tuple(vlan_of(site, vid) for vid in (20, 30, 40)) if trunk else (),
        description="unused" if unused else "",
        last_updated=device.last_updated,
    )


def stacked(builder: Builder) -> tuple[VirtualChassis, ...]:
    """Joins two switches of one tenant out of every twenty; the second is reached through the first."""
    switches = [row for row in _switches(builder) if row.role == ROLE_IDS[ACCESS.role]]
    stacks: list[VirtualChassis] = []
    for start in range(0, len(switches) - STACK_EVERY + 1, STACK_EVERY):
        # Twenty switches of seven tenants: two of them have the same one.
        first, second = _pair(switches[start : start + STACK_EVERY])
        number = len(stacks) + 1
        stacks.append(VirtualChassis(number, f"{first.name}-stack", first.id, UPDATED))
        _replace(builder, replace(first, virtual_chassis=number, vc_position=1))
        second = replace(second, site=first.site, location=first.location, primary_ip4=None)
        _replace(builder, replace(second, virtual_chassis=number, vc_position=2))
    return tuple(stacks)


def _pair(switches: Sequence[Device]) -> tuple[Device, Device]:
    first: dict[int | None, Device] = {}
    for switch in switches:
        other = first.setdefault(switch.tenant, switch)
        if other is not switch:
            return other, switch
    raise ValueError("no two switches of one tenant")


def add_oob(builder: Builder) -> None:
    """Gives every tenth switch an out-of-band address."""
    for row in list(_switches(builder))[OOB_EVERY - 1 :: OOB_EVERY]:
        tenant = SHARED if row.tenant is None else row.tenant - 1
        _replace(builder, replace(row, oob_ip=builder.new_address(tenant, "")))


def _switches(builder: Builder) -> Iterator[Device]:
    return (row for row in builder.hosts if isinstance(row, Device) and row.role in PORTS)


def _replace(builder: Builder, row: Device) -> None:
    at = next(index for index, old in enumerate(builder.hosts) if isinstance(old, Device) and old.id == row.id)
    builder.hosts[at] = row


CONTACTS = (
    Contact(1, "Servicedesk Drechtsteden", "servicedesk@drechtsteden.example", "+31 78 000 0001", UPDATED),
    Contact(2, "Netwerkbeheer", "netwerk@drechtsteden.example", "+31 78 000 0002", UPDATED),
    Contact(3, "Leverancier werkplekken", "storing@leverancier.example", "", UPDATED),
)
CONTACT_ROLES = (
    ContactRole(1, "Beheerder", "beheerder", UPDATED),
    ContactRole(2, "Leverancier", "leverancier", UPDATED),
)


def contact_assignments(devices: Sequence[Device]) -> tuple[ContactAssignment, ...]:
    """Contacts of the first four devices and of one site, a type that the registry does not read contacts of."""
    objects = [("dcim.device", device.id) for device in devices[:4]]
    objects.append(("dcim.site", SITES_OF[SHARED][0]))
    return tuple(
        ContactAssignment(
            id=number,
            object_type=kind,
            object_id=target,
            contact=number % len(CONTACTS) + 1,
            role=number % len(CONTACT_ROLES) + 1,
            priority="primary" if number % 2 else None,
            last_updated=AS_OF if number == 1 else UPDATED,
        )
        for number, (kind, target) in enumerate(objects, start=1)
    )
