"""The VLAN plan of lab estates: the same uses in every tenant, each tenant with a hundred of its own."""

from __future__ import annotations

from typing import NamedTuple

from werkplek.lab.estate_tables import MUNICIPALITIES, SHARED, UPDATED
from werkplek.registry.model import Vlan


class Use(NamedTuple):
    """A use of a VLAN: the last two digits of its number, and its word in the VLAN's name."""

    digits: int
    word: str


USES = {
    "workplace": Use(10, "werkplek"),
    "voice": Use(20, "telefonie"),
    "printer": Use(30, "printers"),
    "guest": Use(40, "gasten"),
    "vdi": Use(50, "vdi"),
    "access_point": Use(60, "wifi"),
    "management": Use(90, "beheer"),
    "native": Use(98, "leeg"),
    "parking": Use(99, "parkeer"),
}
CARRIED = tuple(use for use in USES if use not in ("native", "parking"))
"""Uses whose frames go from switch to switch with a tag."""
LETTERS = (*(municipality.letters for municipality in MUNICIPALITIES), "DRS")


def vid_of(tenant: int, use: str) -> int:
    """A VLAN's number on the wire; `tenant` is a place, see `estate_hosts.AddressOf`."""
    return (tenant + 1) * 100 + USES[use].digits


def vlan_of(tenant: int, use: str) -> int:
    """Id of a tenant's VLAN."""
    return tenant * len(USES) + list(USES).index(use) + 1


def vlans() -> tuple[Vlan, ...]:
    """Every tenant's VLANs. They have no site: NetBox lets a port have those of its own site and those of none only."""
    return tuple(
        Vlan(
            id=vlan_of(tenant, use),
            vid=vid_of(tenant, use),
            name=f"{LETTERS[tenant].lower()}-{USES[use].word}",
            site=None,
            tenant=tenant + 1,
            last_updated=UPDATED,
        )
        for tenant in range(SHARED + 1)
        for use in USES
    )
