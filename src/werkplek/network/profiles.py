"""The profile of each port: what the registry and the VLAN plans together say it is for, or why they cannot."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from werkplek.errors import Problem
from werkplek.network.document import Vlan
from werkplek.network.records import RegistryPort, SwitchRecord, VlanRef

BY_USE = {"workplace": "workplace", "vdi": "vdi_client", "printer": "printer", "voice": "phone"}
BEHIND_ACCESS_POINT = frozenset({"workplace", "guest"})
# Interfaces that are no ports: NetBox, dcim.choices.InterfaceTypeChoices.
NO_PORTS = frozenset({"virtual", "bridge"})
AGGREGATE = "lag"


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What a port is judged by: the plans' VLANs by (municipality, vid), and whose VLANs may be on this switch."""

    vlans: Mapping[tuple[str, int], Vlan]
    municipalities: Collection[str]
    switches: Collection[str]


def is_uplink(port: RegistryPort, around: Neighbourhood) -> bool:
    """Whether it leads to another switch: by its cable, or by a management VLAN among its tagged ones."""
    return bool(port.peer and port.peer.device in around.switches) or _trunk_to_other_gear(port, around)


def _trunk_to_other_gear(port: RegistryPort, around: Neighbourhood) -> bool:
    if not port.enabled or port.mode not in {"tagged", "tagged-all"}:
        return False
    uses = {planned.use for ref in port.tagged if (planned := _planned(ref, around))}
    return port.mode == "tagged-all" or "management" in uses


def profile(switch: SwitchRecord, port: RegistryPort, around: Neighbourhood) -> tuple[str, list[Problem]]:
    """The port's profile, and what contradicts it. The profile means nothing where there are problems."""
    if port.type == AGGREGATE and port.enabled:
        return "", [_aggregate(switch, port)]
    if is_uplink(port, around):
        return ("uplink" if port.enabled else "unused"), _uplink_problems(switch, port, around)
    if not port.enabled or (port.untagged is None and not port.tagged):
        return "unused", []
    problems = [
        problem for ref in (port.untagged, *port.tagged) if ref for problem in _vlan_problems(switch, port, ref, around)
    ]
    if problems:
        return "", problems
    return _by_vlans(switch, port, around)


def _planned(ref: VlanRef, around: Neighbourhood) -> Vlan | None:
    return around.vlans.get((ref.tenant or "", ref.vid))


def _plan_problems(switch: SwitchRecord, port: RegistryPort, ref: VlanRef, around: Neighbourhood) -> list[Problem]:
    planned = _planned(ref, around)
    if planned is None:
        return [_not_in_plan(switch, port, ref)]
    return [] if planned.name == ref.name else [_other_name(switch, port, ref, planned)]


def _vlan_problems(switch: SwitchRecord, port: RegistryPort, ref: VlanRef, around: Neighbourhood) -> list[Problem]:
    planned = _planned(ref, around)
    if planned and planned.municipality not in around.municipalities:
        return [_foreign(switch, port, ref, planned)]
    return _plan_problems(switch, port, ref, around)


def _by_vlans(switch: SwitchRecord, port: RegistryPort, around: Neighbourhood) -> tuple[str, list[Problem]]:
    use = planned.use if port.untagged and (planned := _planned(port.untagged, around)) else "nothing"
    tagged = {planned.use for ref in port.tagged if (planned := _planned(ref, around))}
    owners = {ref.tenant for ref in (port.untagged, *port.tagged) if ref}
    if len(owners) > 1:
        return "", [_mixed(switch, port, owners)]
    if use == "access_point" and tagged <= BEHIND_ACCESS_POINT:
        return "access_point", []
    if use in BY_USE and (not tagged or (use == "workplace" and tagged == {"voice"})):
        return BY_USE[use], []
    return "", [_unknown_mix(switch, port, use, tagged, around)]


def _uplink_problems(switch: SwitchRecord, port: RegistryPort, around: Neighbourhood) -> list[Problem]:
    """Other municipalities' VLANs pass here; but each must be in its plan, and frames must be tagged."""
    if not port.enabled:
        return []
    unplanned = [
        problem for ref in (port.untagged, *port.tagged) if ref for problem in _plan_problems(switch, port, ref, around)
    ]
    if port.mode != "access":
        return unplanned
    return [
        *unplanned,
        Problem(
            _where(switch, port),
            f"mode access, on the port to {port.peer.device if port.peer else 'another switch'}",
            "mode tagged or tagged-all: between switches frames are tagged, the management VLAN's too",
            "Correct the port's 802.1Q mode in NetBox, or its cable.",
        ),
    ]


def _aggregate(switch: SwitchRecord, port: RegistryPort) -> Problem:
    return Problem(
        _where(switch, port),
        "a link aggregation group, whose members the inventory does not read",
        "single links: with other VLANs on the group than on its members, a switch suspends them",
        "Disable the group in NetBox, or keep this switch out of the class network (registry.yml, classes).",
    )


def _where(switch: SwitchRecord, port: RegistryPort) -> str:
    return f"switch {switch.name}, port {port.name} ({port.url})"


def _not_in_plan(switch: SwitchRecord, port: RegistryPort, ref: VlanRef) -> Problem:
    owner = ref.tenant or switch.municipality
    return Problem(
        _where(switch, port),
        f"{ref}, which no plan has",
        f"a VLAN of section switching.vlans in municipalities/{owner}.yml",
        "Correct the port or the VLAN's tenant in NetBox, or add the VLAN to the plan.",
    )


def _other_name(switch: SwitchRecord, port: RegistryPort, ref: VlanRef, planned: Vlan) -> Problem:
    return Problem(
        _where(switch, port),
        str(ref),
        f"the name of {planned.source}: VLAN {planned.vid} ('{planned.name}')",
        "Make the registry and the plan say the same.",
    )


def _foreign(switch: SwitchRecord, port: RegistryPort, ref: VlanRef, planned: Vlan) -> Problem:
    return Problem(
        _where(switch, port),
        f"{ref}, planned at {planned.source}",
        f"a VLAN of {switch.municipality}: no switch of {planned.municipality} is reached through this one",
        "Correct the port's VLAN in NetBox, or the switch's tenant.",
    )


def _mixed(switch: SwitchRecord, port: RegistryPort, owners: Collection[str | None]) -> Problem:
    return Problem(
        _where(switch, port),
        f"VLANs of {' and '.join(sorted(map(str, owners)))} on one port",
        "VLANs of one municipality",
        "Correct the port's VLANs in NetBox.",
    )


def _unknown_mix(
    switch: SwitchRecord, port: RegistryPort, use: str, tagged: Collection[str], around: Neighbourhood
) -> Problem:
    refs = [ref for ref in (port.untagged, *port.tagged) if ref]
    lines = sorted(planned.source for ref in refs if (planned := _planned(ref, around)))
    return Problem(
        _where(switch, port),
        f"untagged {use}, tagged {', '.join(sorted(tagged)) or 'nothing'} (planned at {', '.join(lines)})",
        "workplace (voice may be tagged), vdi, printer or voice untagged; access_point untagged with workplace or guest"
        " tagged; or an uplink, whose tagged VLANs include the management VLAN",
        "Correct the port's VLANs in NetBox, or the VLANs' use in the plan.",
    )
