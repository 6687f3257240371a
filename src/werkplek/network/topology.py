"""How switches hang together: which are behind which, and which may be changed at the same time."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from werkplek.network.records import SwitchRecord

# Device roles of switches that others hang from. Where there is none, the switch with most links to others is it.
ROOT_ROLES = frozenset({"distribution-switch", "core-switch"})


@dataclass(frozen=True, slots=True)
class Topology:
    """`links` has the neighbours of each switch, `depth` its distance from the distribution switches (0)."""

    links: Mapping[str, frozenset[str]]
    depth: Mapping[str, int]
    behind: Mapping[str, frozenset[str]]
    """Each switch with those that are reached through it, itself among them."""
    backbone: Mapping[str, frozenset[str]]
    """Each distribution switch with all that are reached through it or those that it hangs together with."""

    def carried(self, one: str, other: str) -> frozenset[str]:
        """The switches whose VLANs a cable between two switches must carry.

        Those behind the one that is further out; between two distribution switches all that are behind any that they
        hang together with, because a router may be at either end; between two others of the same distance, those
        behind either.
        """
        if self.depth[one] != self.depth[other]:
            return self.behind[one if self.depth[one] > self.depth[other] else other]
        return self.backbone.get(one, self.behind[one] | self.behind[other])

    def onward(self, name: str) -> frozenset[str]:
        """The switches whose VLANs a cable from a switch to other gear must carry: a router may be behind it."""
        return self.backbone.get(name, self.behind[name])


def topology(switches: Collection[SwitchRecord]) -> Topology:
    """The network of these switches by their cables between enabled ports.

    A cable counts where either end knows it and both are switches.
    """
    names = {switch.name for switch in switches}
    links: dict[str, set[str]] = {name: set() for name in names}
    for switch in switches:
        for port in switch.ports:
            if port.enabled and port.peer and port.peer.device in names and port.peer.device != switch.name:
                links[switch.name].add(port.peer.device)
                links[port.peer.device].add(switch.name)
    depth = _depths(links, _roots(switches, links))
    frozen = {name: frozenset(others) for name, others in links.items()}
    behind = _behind(frozen, depth)
    return Topology(frozen, depth, behind, _backbone(frozen, depth, behind))


def _roots(switches: Collection[SwitchRecord], links: Mapping[str, set[str]]) -> list[str]:
    """The distribution switches, and one switch in every part of the network that has none."""
    roots = sorted(switch.name for switch in switches if switch.role in ROOT_ROLES)
    reached = set(_depths(links, roots))
    for name in sorted(links, key=lambda name: (-len(links[name]), name)):
        if name not in reached:
            roots.append(name)
            reached |= set(_depths(links, [name]))
    return roots


def _depths(links: Mapping[str, set[str]], roots: Sequence[str]) -> dict[str, int]:
    depth = dict.fromkeys(roots, 0)
    queue = deque(roots)
    while queue:
        name = queue.popleft()
        for other in sorted(links[name]):
            if other not in depth:
                depth[other] = depth[name] + 1
                queue.append(other)
    return depth


def _behind(links: Mapping[str, frozenset[str]], depth: Mapping[str, int]) -> dict[str, frozenset[str]]:
    """From the outside in: what is behind a switch is itself, and what is behind its neighbours further out."""
    behind: dict[str, frozenset[str]] = {}
    for name in sorted(links, key=lambda name: -depth[name]):
        further = [behind[other] for other in links[name] if depth[other] > depth[name]]
        behind[name] = frozenset({name}).union(*further)
    return behind


def _backbone(
    links: Mapping[str, frozenset[str]], depth: Mapping[str, int], behind: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    """For each switch of distance 0: what is behind it, and behind those that it reaches over such switches alone."""
    tops = {name: {other for other in others if depth[other] == 0} for name, others in links.items() if not depth[name]}
    found: dict[str, frozenset[str]] = {}
    for name in tops:
        if name not in found:
            together = _depths(tops, [name])
            found |= dict.fromkeys(together, frozenset[str]().union(*(behind[one] for one in together)))
    return found
