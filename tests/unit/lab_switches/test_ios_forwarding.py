"""What an accepted configuration of IOS makes a port forward."""

from __future__ import annotations

import pytest
from ios_bench import Bench, switch

from werkplek.lab.switches.fabric_rows import PortForwarding
from werkplek.lab.switches.forwarding import Decision, decisions

PORT = "GigabitEthernet1/0/1"


def decided(*lines: str) -> Decision:
    """What the first port does after these lines on it; VLANs 410, 420 and 490 are there."""
    bench = Bench(switch())
    bench.configure("vlan 410,420", "interface Gi1/0/1", *lines)
    return next(item for item in decisions(bench.device) if item.port.name == PORT)


def test_an_access_port_is_in_its_vlan_and_phones_in_theirs() -> None:
    lines = ("switchport access vlan 410", "switchport voice vlan 420", "switchport mode access")
    assert decided(*lines) == Decision(PortForwarding(PORT, True, "access", 410, 420, 0, frozenset()), ())


def test_a_port_that_nobody_configured_is_an_access_port_of_vlan_1() -> None:
    assert decided().port == PortForwarding(PORT, True, "access", 1, 0, 0, frozenset())


def test_a_trunk_carries_what_is_allowed_and_there() -> None:
    lines = ("switchport trunk native vlan 410", "switchport trunk allowed vlan 410,420,430", "switchport mode trunk")
    assert decided(*lines).port == PortForwarding(PORT, True, "trunk", 0, 0, 410, frozenset({410, 420}))


def test_a_trunk_without_a_list_carries_everything_that_is_there() -> None:
    assert decided("switchport mode trunk").port.allowed == frozenset({1, 410, 420, 490})


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["shutdown"], "shutdown"),
        (["no switchport"], "routed"),
        (["switchport mode trunk", "switchport trunk allowed vlan 999"], "no VLAN is allowed that exists"),
        (["switchport mode trunk", "switchport trunk allowed vlan none"], "no VLAN is allowed that exists"),
    ],
)
def test_a_dead_port_says_why(lines: list[str], reason: str) -> None:
    found = decided(*lines)
    assert (found.port.up, found.dead) == (False, (reason,))


def test_a_vlan_that_is_taken_away_or_shut_is_not_forwarded() -> None:
    bench = Bench(switch())
    bench.configure("vlan 410", "interface Gi1/0/1", "switchport access vlan 410", "no vlan 410")
    assert decisions(bench.device)[0].dead == ("VLAN 410 does not exist",)
    bench.configure("vlan 410", "shutdown")
    assert decisions(bench.device)[0].dead == ("VLAN 410 does not exist",)
    bench.configure("vlan 410", "no shutdown")
    assert decisions(bench.device)[0].port.access == 410
