"""Switches and their ports as the registry has them, out of host variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from werkplek.enforcement.facts import plain
from werkplek.errors import Problem, WerkplekError
from werkplek.network.document import Peer


class VlanRef(NamedTuple):
    """A VLAN that the registry has on a port; `tenant` is the slug of a municipality, or None."""

    vid: int
    name: str
    tenant: str | None

    def __str__(self) -> str:
        return f"VLAN {self.vid} ('{self.name}'{f' of {self.tenant}' if self.tenant else ', of nobody'})"


class RegistryPort(NamedTuple):
    """A port as the registry has it. `mode` and `type` are NetBox's words (`access`, `tagged`; `lag`, `virtual`)."""

    name: str
    url: str
    enabled: bool
    mode: str | None
    untagged: VlanRef | None
    tagged: tuple[VlanRef, ...]
    description: str
    type: str
    peer: Peer | None


@dataclass(frozen=True, slots=True)
class SwitchRecord:
    """A switch as the registry has it; `members` is the number of switches in its stack."""

    name: str
    url: str
    municipality: str
    role: str
    platform: str
    ring: str
    members: int
    ports: tuple[RegistryPort, ...]


def switch_record(name: str, variables: Mapping[str, Any]) -> SwitchRecord:
    """A host of class network out of its variables. Raises WerkplekError where the inventory did not read its ports."""
    record = plain(variables["registry"])
    if "switch_ports" not in variables:
        raise WerkplekError("The inventory does not know the switches' ports.", [_portless(name, str(record["url"]))])
    return SwitchRecord(
        name=name,
        url=str(record["url"]),
        municipality=str(variables["municipality"]),
        role=str(record["role"]),
        platform=str(record["platform"]),
        ring=str(record.get("ring") or ""),
        members=len(record.get("stack") or ()) or 1,
        ports=tuple(_port(port) for port in plain(variables["switch_ports"])),
    )


def _port(port: Mapping[str, Any]) -> RegistryPort:
    peer = port["peer"]
    return RegistryPort(
        name=port["name"],
        url=port["url"],
        enabled=port["enabled"],
        mode=port["mode"] or None,
        untagged=_vlan(port["untagged_vlan"]),
        tagged=tuple(VlanRef(one["vid"], one["name"], one["tenant"]) for one in port["tagged_vlans"]),
        description=port["description"] or "",
        type=port["type"] or "",
        peer=Peer(peer["device"], peer["port"]) if peer else None,
    )


def _vlan(vlan: Mapping[str, Any] | None) -> VlanRef | None:
    return VlanRef(vlan["vid"], vlan["name"], vlan["tenant"]) if vlan else None


def _portless(name: str, url: str) -> Problem:
    return Problem(
        f"switch {name} ({url})",
        "no variable switch_ports",
        "include: [ports] in the inventory source",
        "Add it to registry.yml, and refresh the inventory.",
    )
