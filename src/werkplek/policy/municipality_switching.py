"""Section `switching` of a municipality's document: its VLANs, and the services that its switches use."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, field_validator

from werkplek.policy.fields import AS_TUPLE, Strict, matching, not_empty, shown, unique, wrong
from werkplek.policy.network_fields import Address, Prefix, check_banner
from werkplek.policy.network_services import check_location, check_snmp_user

type Use = Literal["workplace", "voice", "printer", "guest", "vdi", "access_point", "management", "native", "parking"]
USES: tuple[str, ...] = get_args(Use.__value__)
NEEDED_USES = ("management", "native", "parking")
SEVERAL = ("workplace", "guest")
# 1 is every switch's default, 1002 to 1005 are Token Ring's and FDDI's on IOS; IEEE 802.1Q ends at 4094.
FIRST_VID, LAST_VID = 2, 4094
RESERVED_VIDS = range(1002, 1006)


def _vid(value: int) -> int:
    if FIRST_VID <= value <= LAST_VID and value not in RESERVED_VIDS:
        return value
    expected = f"a number from {FIRST_VID} to {LAST_VID}, without {RESERVED_VIDS[0]} to {RESERVED_VIDS[-1]}"
    wrong(expected)


class Vlan(Strict):
    """A VLAN of the plan. IOS and EOS take names of 32 characters."""

    vid: Annotated[int, AfterValidator(_vid)]
    name: Annotated[str, matching(r"[a-z0-9-]{1,32}", "1 to 32 small letters, digits and '-'")]
    use: Use


class Management(Strict):
    """Networks from which switches let people sign in, and the router of the management VLAN."""

    networks: Annotated[tuple[Prefix, ...], AS_TUPLE, not_empty("network"), unique("network")]
    gateway: Address


Addresses = Annotated[tuple[Address, ...], AS_TUPLE, not_empty("address"), unique("address")]


class Switching(Strict):
    """What a municipality's switches need to know. Addresses are IPv4; names are not, for they need a resolver.

    Of `vlans` exactly one is for management, one for untagged frames of trunks (native) and one for ports without use
    (parking). Every other use comes once at most, but for workplaces and guests.
    """

    vlans: Annotated[tuple[Vlan, ...], AS_TUPLE]
    management: Management
    dns: Addresses
    ntp: Addresses
    syslog: Addresses
    snmp_hosts: Addresses
    tacacs: Addresses
    radius: Addresses
    snmp_user: Annotated[str, AfterValidator(check_snmp_user)]
    snmp_location: Annotated[str, AfterValidator(check_location)]
    banner: Annotated[str, AfterValidator(check_banner)]

    @field_validator("vlans")
    @classmethod
    def _plan(cls, vlans: tuple[Vlan, ...]) -> tuple[Vlan, ...]:
        for index, vlan in enumerate(vlans):
            earlier = vlans[:index]
            if vlan.vid in {one.vid for one in earlier}:
                wrong("each number once", found=f"{vlan.vid} again", at=(index, "vid"))
            if vlan.name in {one.name for one in earlier}:
                wrong("each name once", found=f"{shown(vlan.name)} again", at=(index, "name"))
            if vlan.use not in SEVERAL and vlan.use in {one.use for one in earlier}:
                wrong(f"one VLAN for {vlan.use}", found=f"{shown(vlan.use)} again", at=(index, "use"))
        for use in NEEDED_USES:
            if use not in {vlan.use for vlan in vlans}:
                wrong(f"a VLAN with use: {use}", found="a plan without one")
        return vlans
