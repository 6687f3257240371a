"""Kinds of the engine network_policy for what every switch has once: VLANs, ports, and the services it uses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, model_validator

from werkplek.policy.fields import Ref, wrong
from werkplek.policy.kind import NetworkKind, Wire
from werkplek.policy.network_fields import (
    Addresses,
    GroupName,
    Secret,
    check_address,
    check_banner,
    check_prefix,
    list_or_ref,
    or_ref,
)

LEVELS = (
    "emergencies",
    "alerts",
    "critical",
    "errors",
    "warnings",
    "notifications",
    "informational",
    "debugging",
)
_DOMAIN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_USER = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}")


def _domain(value: str) -> str:
    return value if _DOMAIN.fullmatch(value) else wrong("a domain name")


def check_snmp_user(value: str) -> str:
    """A user's name for SNMP version 3 (RFC 3414: at most 32 octets)."""
    return value if _USER.fullmatch(value) else wrong("letters, digits, '_' and '-', a letter first, at most 32")


def check_location(value: str) -> str:
    """One line of printable ASCII, as `snmp-server location` takes it."""
    valid = value.isascii() and value.isprintable() and value == value.strip() and value and "|" not in value
    return value if valid and len(value) <= 255 else wrong("one line of printable ASCII without '|'")


def _key_number(value: int) -> int:
    return value if 1 <= value <= 65535 else wrong("a whole number from 1 to 65535")


class SwitchVlans(NetworkKind):
    """Exactly the VLANs that a switch needs exist, with the names of the municipalities' plans."""


class SwitchPorts(NetworkKind):
    """Every port has the profile that the registry and the plan give it."""


class SwitchNtp(NetworkKind):
    """Exactly these time servers, authenticated where a key is given; its number is the same on the servers."""

    servers: Addresses
    key: Secret | None = None
    key_number: Annotated[int, AfterValidator(_key_number)] = 1

    @model_validator(mode="after")
    def _shape(self) -> SwitchNtp:
        if self.key is None and "key_number" in self.model_fields_set:
            wrong("key: {secret: name} beside it", found="'key_number' without a key")
        return self

    def wire(self) -> Wire:
        """As `NetworkKind.wire`; without a key there is no number."""
        return {name: value for name, value in super().wire().items() if self.key or name != "key_number"}


class SwitchDns(NetworkKind):
    """Exactly these resolvers, and the domain of names without one."""

    servers: Addresses
    domain: Annotated[str | Ref, or_ref(_domain)]


class SwitchSyslog(NetworkKind):
    """Exactly these log hosts, which get messages of `level` and worse."""

    hosts: Addresses
    level: Literal[LEVELS] = "informational"  # type: ignore[valid-type]


class SwitchSnmp(NetworkKind):
    """SNMP version 3 with authentication and encryption only: one user, and the hosts that get traps."""

    user: Annotated[str | Ref, or_ref(check_snmp_user)]
    group: GroupName
    view: GroupName
    auth: Secret
    priv: Secret
    hosts: Addresses
    location: Annotated[str | Ref | None, or_ref(check_location)] = None


class SwitchTacacs(NetworkKind):
    """Exactly these TACACS+ servers, in a group that lines of `aaa` name."""

    group: GroupName
    servers: Addresses
    key: Secret


class SwitchRadius(NetworkKind):
    """Exactly these RADIUS servers, in a group that lines of `aaa` name."""

    group: GroupName
    servers: Addresses
    key: Secret


class SwitchBanner(NetworkKind):
    """What a switch says before sign-in."""

    text: Annotated[str | Ref, or_ref(check_banner)]


class SwitchManagement(NetworkKind):
    """Where terminals are accepted from, the interface in the management VLAN, and the way out of it."""

    networks: Annotated[tuple[str | Ref, ...] | Ref, list_or_ref(check_prefix, "network")]
    gateway: Annotated[str | Ref | None, or_ref(check_address)] = None


SERVICE_KINDS: Mapping[str, type[NetworkKind]] = {
    "switch_vlans": SwitchVlans,
    "switch_ports": SwitchPorts,
    "switch_ntp": SwitchNtp,
    "switch_dns": SwitchDns,
    "switch_syslog": SwitchSyslog,
    "switch_snmp": SwitchSnmp,
    "switch_tacacs": SwitchTacacs,
    "switch_radius": SwitchRadius,
    "switch_banner": SwitchBanner,
    "switch_management": SwitchManagement,
}
