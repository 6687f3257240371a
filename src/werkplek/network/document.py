"""What one switch should be, in words of no vendor: VLANs, ports, management access, and the policy's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

PROFILES = ("workplace", "vdi_client", "printer", "phone", "access_point", "uplink", "unused")
TRUNKS = frozenset({"uplink", "access_point"})
"""Profiles whose ports carry several VLANs with tags."""
USER_USES = frozenset({"workplace", "voice", "printer", "guest", "vdi", "access_point"})
"""Uses of VLANs that people's devices are in."""


class Vlan(NamedTuple):
    """A VLAN that a switch needs. `source` is the line of the plan, `municipalities/x.yml:12`."""

    vid: int
    name: str
    use: str
    municipality: str
    source: str


class Peer(NamedTuple):
    """The far end of a port's cable."""

    device: str
    port: str


class Port(NamedTuple):
    """A port as it should be.

    `untagged` is the VLAN of untagged frames (None on an unused port of a switch without a parking VLAN), `voice` the
    tagged VLAN of a phone beside a workplace. `allowed` is empty where frames are not tagged; on a trunk it is every
    VLAN that may pass, sorted; an uplink's untagged VLAN is not in it. `source` is the port's URL in the registry.
    """

    name: str
    profile: str
    description: str
    untagged: int | None
    voice: int | None
    allowed: tuple[int, ...]
    peer: Peer | None
    source: str

    @property
    def trunk(self) -> bool:
        """Whether frames are tagged on it."""
        return self.profile in TRUNKS


class Setting(NamedTuple):
    """A setting of the policy as the engine is asked for it: `body` holds the fields of its kind.

    `waived`: it is looked at, and not changed. `secret`: its values are never shown.
    """

    id: str
    kind: str
    body: Mapping[str, Any]
    waived: bool
    secret: bool


@dataclass(frozen=True, slots=True)
class SwitchDocument:
    """One switch as it should be.

    `url` is its registry record, `members` the number of switches in its stack (1 where there is none), `management`
    the VLAN in which it is reached.
    """

    name: str
    url: str
    platform: str
    municipality: str
    members: int
    vlans: tuple[Vlan, ...]
    ports: tuple[Port, ...]
    management: int | None
    settings: tuple[Setting, ...] = ()

    def vid(self, use: str) -> int | None:
        """The number of the municipality's own VLAN for a use that a plan has once."""
        return next((one.vid for one in self.vlans if (one.municipality, one.use) == (self.municipality, use)), None)

    @property
    def user_vlans(self) -> tuple[int, ...]:
        """The VLANs that people's devices are in, sorted."""
        return tuple(sorted(one.vid for one in self.vlans if one.use in USER_USES))
