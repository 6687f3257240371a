"""What is changed in one municipality's plan or on its ports changes no other municipality's access switch.

A distribution switch, which all share, changes in its VLANs and on trunks to that municipality alone.
"""

import sys
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from werkplek.network.intended import intended

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "network"))

from network_samples import HUNDREDS, PLANS, port, wired
from network_trees import MUNICIPALITIES, networks


def renumbered(slug):
    """The municipality's plan with other numbers and names for its workplaces and printers."""
    return {
        name: tuple(
            vlan._replace(vid=vlan.vid + 1, name=f"{vlan.name}-2")
            if name == slug and vlan.use in {"workplace", "printer"}
            else vlan
            for vlan in vlans
        )
        for name, vlans in PLANS.items()
    }


def moved(switches, slug):
    """The municipality's ports in the renumbered VLANs."""

    def other(ref):
        digits = ref.vid - HUNDREDS[slug]
        return ref._replace(vid=ref.vid + 1, name=f"{ref.name}-2") if ref.tenant == slug and digits in (10, 30) else ref

    return tuple(
        replace(
            one,
            ports=tuple(
                each._replace(
                    untagged=other(each.untagged) if each.untagged else None, tagged=tuple(map(other, each.tagged))
                )
                for each in one.ports
            ),
        )
        for one in switches
    )


def plugged(draw, switches, slug):
    """Something plugged into each of the municipality's switches, in the place of what was there first."""
    vid = HUNDREDS[slug] + draw(st.sampled_from([10, 20, 30, 50]))
    return tuple(
        replace(one, ports=(*(each for each in one.ports if each.name != "e0"), port("e9", vid)))
        if one.municipality == slug
        else one
        for one in switches
    )


@st.composite
def changes(draw):
    """Switches and plans before and after a change in one municipality."""
    switches = draw(networks())
    slug = draw(st.sampled_from(MUNICIPALITIES))
    if draw(st.booleans()):
        return slug, (switches, PLANS), (moved(switches, slug), renumbered(slug))
    return slug, (switches, PLANS), (plugged(draw, switches, slug), PLANS)


def carries_for(made, name, slug):
    """Whether a switch of the municipality is behind it, or it is its own."""
    return slug in {made.documents[other].municipality for other in made.topology.behind[name]}


@given(changes())
def test_a_change_in_one_municipality_changes_no_other_s_access_switches(change):
    slug, before, after = change
    old, new = intended(*before), intended(*after)
    for name, document in old.documents.items():
        if name.startswith("A") and not carries_for(old, name, slug):
            assert new.documents[name] == document


@given(changes())
def test_a_shared_switch_changes_in_its_vlans_and_on_trunks_alone(change):
    slug, before, after = change
    old, new = intended(*before), intended(*after)
    for name, document in old.documents.items():
        if document.municipality == slug:
            continue
        now = new.documents[name]
        assert [vlan for vlan in now.vlans if vlan.municipality != slug] == [
            vlan for vlan in document.vlans if vlan.municipality != slug
        ]
        for one, other in zip(document.ports, now.ports, strict=True):
            if one != other:
                assert one.profile == "uplink"
                assert one._replace(allowed=()) == other._replace(allowed=())
                own = range(HUNDREDS[slug], HUNDREDS[slug] + 100)
                assert all(vid in own for vid in set(one.allowed) ^ set(other.allowed))


@given(networks())
def test_no_vlan_of_a_municipality_reaches_a_switch_that_leads_to_none_of_its_switches(switches):
    made = intended(switches, PLANS)
    for name, document in made.documents.items():
        owners = {made.documents[other].municipality for other in made.topology.behind[name]}
        if name.startswith("A"):
            assert {vlan.municipality for vlan in document.vlans} <= owners


@given(networks())
def test_the_order_of_switches_and_plans_does_not_matter(switches):
    one = intended(switches, PLANS)
    other = intended(tuple(reversed(switches)), dict(reversed(PLANS.items())))
    assert one.documents == other.documents
    assert one.topology == other.topology


def test_a_change_is_seen():
    """The changes above do change something, or these tests would prove nothing."""
    switches = wired(("P1", "D1"), ("S1", "D1"), P1=[port("1", 410, [420]), port("2", 430)], S1=[port("1", 510)])
    old = intended(switches, PLANS).documents
    new = intended(moved(switches, "papendrecht"), renumbered("papendrecht")).documents
    assert [vlan.vid for vlan in old["P1"].vlans] == [410, 420, 430, 490, 498, 499]
    assert [vlan.vid for vlan in new["P1"].vlans] == [411, 420, 431, 490, 498, 499]
    assert {port.name: port.allowed for port in old["D1"].ports} == {"to-P1": (410, 420, 430, 490), "to-S1": (510, 590)}
    assert {port.name: port.allowed for port in new["D1"].ports} == {"to-P1": (411, 420, 431, 490), "to-S1": (510, 590)}
    assert new["S1"] == old["S1"]
