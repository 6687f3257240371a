"""Every switch's document, out of the registry's switches and all municipalities' VLAN plans. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from werkplek.errors import Problem, WerkplekError
from werkplek.network.document import Peer, Port, SwitchDocument, Vlan
from werkplek.network.profiles import NO_PORTS, Neighbourhood, profile
from werkplek.network.records import RegistryPort, SwitchRecord
from werkplek.network.topology import Topology, topology

type Plans = Mapping[str, Sequence[Vlan]]
"""Each municipality's VLANs."""


@dataclass(frozen=True, slots=True)
class Network:
    """All switches as they should be, and how they hang together."""

    documents: Mapping[str, SwitchDocument]
    topology: Topology


def intended(switches: Collection[SwitchRecord], plans: Plans) -> Network:
    """The documents of all switches, without the policy's settings.

    Raises WerkplekError with every contradiction between registry and plans, of all switches at once: a trunk needs
    what the switches behind it need, so none can be trusted while one is wrong.
    """
    work = _Work(switches, plans)
    if work.problems:
        raise WerkplekError("The registry contradicts the VLAN plans; no switch was touched.", work.problems)
    documents = {switch.name: work.document(switch) for switch in switches}
    if work.problems:
        raise WerkplekError("The registry contradicts the VLAN plans; no switch was touched.", work.problems)
    return Network(documents, work.network)


class _Work:
    """What is worked out once for all switches."""

    def __init__(self, switches: Collection[SwitchRecord], plans: Plans) -> None:
        self.plans = plans
        self.network = topology(switches)
        self.vlans = {(slug, vlan.vid): vlan for slug, plan in plans.items() for vlan in plan}
        self.by_vid = {vlan.vid: vlan for plan in plans.values() for vlan in plan}
        self.owner = {switch.name: switch.municipality for switch in switches}
        self.ports = {Peer(switch.name, port.name): port for switch in switches for port in switch.ports}
        self.problems: list[Problem] = []
        self.profiles = {switch.name: self.profiles_of(switch) for switch in switches}
        self.used = {switch.name: self.used_by(switch) for switch in switches}

    def profiles_of(self, switch: SwitchRecord) -> Mapping[str, str]:
        """Port -> profile."""
        behind = {self.owner[name] for name in self.network.behind[switch.name]}
        around = Neighbourhood(self.vlans, behind, self.owner)
        found: dict[str, str] = {}
        for port in _ports(switch):
            if port.name in found:
                self.problems.append(_twice(switch, port))
            found[port.name], problems = profile(switch, port, around)
            self.problems += [*problems, *self.half_open(switch, port)]
        if switch.municipality not in self.plans:
            self.problems.append(_no_plan(switch))
        return found

    def half_open(self, switch: SwitchRecord, port: RegistryPort) -> list[Problem]:
        """A disabled port whose cable leads to a port of another switch that is enabled."""
        far = self.ports.get(port.peer) if port.peer and not port.enabled else None
        return [_half_open(switch, port, port.peer, far)] if far and far.enabled and port.peer else []

    def used_by(self, switch: SwitchRecord) -> frozenset[int]:
        """VLANs of the switch's own ports but uplinks, and its management VLAN."""
        profiles = self.profiles[switch.name]
        refs = [
            ref.vid
            for port in _ports(switch)
            if profiles[port.name] not in {"uplink", "unused", ""}
            for ref in (port.untagged, *port.tagged)
            if ref
        ]
        management = self.vid_of(switch, "management")
        return frozenset([*refs, *([management] if management else [])])

    def vid_of(self, switch: SwitchRecord, use: str) -> int | None:
        """The VLAN that the switch's municipality has for a use."""
        return self.vid_for(switch.municipality, use)

    def vid_for(self, municipality: str, use: str) -> int | None:
        """The VLAN that a municipality has for a use."""
        return next((vlan.vid for vlan in self.plans.get(municipality, ()) if vlan.use == use), None)

    def document(self, switch: SwitchRecord) -> SwitchDocument:
        """One switch."""
        ports = tuple(self.port(switch, port) for port in _ports(switch))
        fixed = [self.vid_of(switch, use) for use in ("management", "native", "parking")]
        carried = {vid for port in ports if port.trunk for vid in (*port.allowed, port.untagged)}
        vids = {vid for vid in {*fixed, *carried} if vid} | self.used[switch.name]
        return SwitchDocument(
            name=switch.name,
            url=switch.url,
            platform=switch.platform,
            municipality=switch.municipality,
            members=switch.members,
            vlans=tuple(self.by_vid[vid] for vid in sorted(vids)),
            ports=ports,
            management=self.vid_of(switch, "management"),
        )

    def port(self, switch: SwitchRecord, port: RegistryPort) -> Port:
        """One port."""
        kind = self.profiles[switch.name][port.name]
        untagged, voice = port.untagged.vid if port.untagged else None, None
        allowed: tuple[int, ...] = ()
        if kind == "unused":
            untagged = self.vid_of(switch, "parking")
        elif kind == "uplink":
            untagged, allowed = self.native(switch, port), self.carried(switch, port)
        elif kind == "access_point":
            allowed = tuple(sorted({ref.vid for ref in port.tagged} | {untagged or 0}))
        elif port.tagged:
            voice = port.tagged[0].vid
        return Port(port.name, kind, _said(port), untagged, voice, allowed, port.peer, port.url)

    def other_end(self, port: RegistryPort) -> str | None:
        """The switch at the far end of a port's cable; None for other gear."""
        return port.peer.device if port.peer and port.peer.device in self.owner else None

    def native(self, switch: SwitchRecord, port: RegistryPort) -> int | None:
        """The VLAN of untagged frames, of which there are none: that of the switch further out, at both ends alike."""
        ends = [name for name in (switch.name, self.other_end(port)) if name]
        outer = min(ends, key=lambda name: (-self.network.depth[name], name))
        return self.vid_for(self.owner[outer], "native")

    def carried(self, switch: SwitchRecord, port: RegistryPort) -> tuple[int, ...]:
        """The VLANs that an uplink carries: what the switches behind it need, whatever the registry lists.

        What other gear needs, only the registry knows: where it lists VLANs, these.
        """
        other = self.other_end(port)
        names = self.network.carried(switch.name, other) if other else self.network.onward(switch.name)
        needed = frozenset[int]().union(*(self.used[name] for name in names))
        self.problems += self.lost_management(switch, port, needed)
        listed = {ref.vid for ref in port.tagged if port.mode == "tagged"}
        return tuple(sorted(listed if listed and not other else needed))

    def lost_management(self, switch: SwitchRecord, port: RegistryPort, needed: frozenset[int]) -> list[Problem]:
        """A list in the registry that leaves out a VLAN in which switches are managed."""
        if port.mode != "tagged" or not port.tagged:
            return []
        listed = {ref.vid for ref in port.tagged}
        lost = [self.by_vid[vid] for vid in sorted(needed - listed) if self.by_vid[vid].use == "management"]
        return [
            Problem(
                f"switch {switch.name}, port {port.name} ({port.url})",
                f"tagged VLANs {_listed(listed)}, without management VLAN {vlan.vid} ({vlan.source})",
                f"VLAN {vlan.vid} among them: switches of {vlan.municipality} are managed through this uplink",
                "Add it to the port's tagged VLANs in NetBox, or set the mode to tagged-all.",
            )
            for vlan in lost
        ]


def _ports(switch: SwitchRecord) -> Iterable[RegistryPort]:
    return [port for port in switch.ports if port.type not in NO_PORTS]


def _said(port: RegistryPort) -> str:
    """One line for the switch: the registry's words, or where the cable goes."""
    text = port.description or (f"{port.peer.device} {port.peer.port}" if port.peer else "")
    return " ".join("".join(sign if sign.isascii() and sign.isprintable() else " " for sign in text).split())[:200]


def _listed(vids: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(vids)))


def _twice(switch: SwitchRecord, port: RegistryPort) -> Problem:
    return Problem(
        f"switch {switch.name}, port {port.name} ({port.url})",
        "a second port of that name",
        "each port name once on a switch and its stack",
        "Correct the port's name in NetBox.",
    )


def _half_open(switch: SwitchRecord, port: RegistryPort, peer: Peer, far: RegistryPort) -> Problem:
    return Problem(
        f"switch {switch.name}, port {port.name} ({port.url})",
        f"disabled, though its cable leads to port {peer.port} of {peer.device} ({far.url}), which is enabled",
        "both ends of a cable between switches enabled, or both disabled",
        "Correct either port in NetBox, or the cable.",
    )


def _no_plan(switch: SwitchRecord) -> Problem:
    return Problem(
        f"switch {switch.name} ({switch.url})",
        f"no VLAN plan of {switch.municipality}",
        f"section switching in municipalities/{switch.municipality}.yml",
        "Add it; docs/network.md shows one.",
    )
