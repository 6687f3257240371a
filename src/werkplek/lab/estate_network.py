"""What lab estates have around their hosts: stacks, out-of-band addresses and contacts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from werkplek.lab.estate_hosts import ACCESS, SWITCHES, Builder
from werkplek.lab.estate_tables import AS_OF, PLATFORM_IDS, ROLE_IDS, SHARED, SITES_OF, TYPE_IDS, UPDATED
from werkplek.registry.model import Contact, ContactAssignment, ContactRole, Device, VirtualChassis

STACK_EVERY, OOB_EVERY = 20, 10
ROLES = tuple(ROLE_IDS[kind.role] for kind in SWITCHES)


def stacked(builder: Builder) -> tuple[VirtualChassis, ...]:
    """Joins two switches of one tenant out of every twenty; the second is reached through the first."""
    switches = [row for row in _switches(builder) if row.role == ROLE_IDS[ACCESS.role]]
    stacks: list[VirtualChassis] = []
    for start in range(0, len(switches) - STACK_EVERY + 1, STACK_EVERY):
        # Twenty switches of seven tenants: two of them have the same one.
        stacks.append(join(builder, len(stacks) + 1, *_pair(switches[start : start + STACK_EVERY])))
    return tuple(stacks)


def join(builder: Builder, number: int, first: Device, second: Device) -> VirtualChassis:
    """Makes one stack of two switches, at the place and of the make that stacks."""
    first = replace(first, platform=PLATFORM_IDS["cisco-ios"], device_type=TYPE_IDS["cisco-c9300-24p"])
    second = replace(
        second,
        platform=first.platform,
        device_type=first.device_type,
        site=first.site,
        location=first.location,
        primary_ip4=None,
    )
    for position, member in enumerate((first, second), start=1):
        _replace(builder, replace(member, virtual_chassis=number, vc_position=position))
    return VirtualChassis(number, f"{first.name}-stack", first.id, UPDATED)


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
    return (row for row in builder.hosts if isinstance(row, Device) and row.role in ROLES)


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
