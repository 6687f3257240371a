"""In any tree of switches, a trunk carries exactly what those behind it need: nothing is lost, and nothing leaks."""

import sys
from pathlib import Path

from hypothesis import given

from werkplek.network.intended import intended
from werkplek.network.order import order
from werkplek.policy.model import RINGS

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "network"))

from network_samples import HUNDREDS, PLANS
from network_trees import needed, networks, side


def uplinks(made):
    return {
        (name, port.peer.device): port
        for name, document in made.documents.items()
        for port in document.ports
        if port.profile == "uplink"
    }


def behind(switches, one, other):
    """The switches whose VLANs a cable must carry: those on the side away from the distribution switches."""
    far, near = side(switches, (one, other)), side(switches, (other, one))
    if tops(far) and tops(near):
        return far | near
    return near if tops(far) else far


def tops(names):
    """The distribution switches among them."""
    return {name for name in names if name.startswith("D")}


@given(networks(tops=(1, 4)))
def test_a_trunk_carries_exactly_what_the_switches_behind_it_need(switches):
    by_name = {one.name: one for one in switches}
    for (one, other), port in uplinks(intended(switches, PLANS)).items():
        expected = set().union(*(needed(by_name[name]) for name in behind(switches, one, other)))
        assert set(port.allowed) == expected
        assert list(port.allowed) == sorted(port.allowed)


@given(networks(tops=(2, 4)))
def test_both_ends_of_a_cable_carry_the_same(switches):
    made = uplinks(intended(switches, PLANS))
    for (one, other), port in made.items():
        assert port.allowed == made[other, one].allowed


@given(networks(tops=(2, 4)))
def test_every_switch_can_be_managed_from_everywhere_above_it(switches):
    """Its management VLAN is on every cable between it and each distribution switch."""
    made = intended(switches, PLANS)
    ports = uplinks(made)
    for one in switches:
        vid = HUNDREDS[one.municipality] + 90
        assert made.documents[one.name].management == vid
        for (near, far), port in ports.items():
            lower = side(switches, (near, far))
            if one.name in lower and not tops(lower):
                assert vid in port.allowed


@given(networks())
def test_a_switch_has_the_vlans_that_it_uses_or_passes_on_and_no_others(switches):
    made = intended(switches, PLANS)
    for one in switches:
        own = {HUNDREDS[one.municipality] + digits for digits in (90, 98, 99)}
        passed = {
            vid for port in made.documents[one.name].ports if port.trunk for vid in (*port.allowed, port.untagged)
        }
        assert {vlan.vid for vlan in made.documents[one.name].vlans} == own | needed(one) | passed


@given(networks(tops=(1, 3)))
def test_batches_hold_everybody_once_and_nobody_before_those_behind(switches):
    made = intended(switches, PLANS)
    rings = {one.name: RINGS[number % len(RINGS)] for number, one in enumerate(switches)}
    found = order([one.name for one in switches], rings, made.topology, at_once=3)
    place = {name: number for number, batch in enumerate(found.batches) for name in batch}
    assert len(place) == sum(map(len, found.batches)) == len(switches)
    assert max(map(len, found.batches)) <= 3
    for one in switches:
        for port in one.ports:
            if port.peer:
                assert place[one.name] != place[port.peer.device]
        for name in found.after[one.name]:
            assert place[name] < place[one.name]
