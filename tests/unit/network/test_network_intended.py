"""Every switch's VLANs and trunk lists, out of the cables and of what is plugged in behind them."""

import pytest
from network_samples import URL, cable, distribution, network, port, refused, switch, wired

from werkplek.network.document import Vlan


def trunks(made, name):
    return {port.name: port.allowed for port in made.documents[name].ports if port.profile == "uplink"}


def vids(made, name):
    return [vlan.vid for vlan in made.documents[name].vlans]


def test_a_trunk_carries_what_the_switch_behind_it_uses_and_its_management_vlan():
    made = network(*wired(("P1", "D1"), P1=[port("1", 410, [420]), port("2", 430), port("3", 450, enabled=False)]))
    assert trunks(made, "P1") == {"to-D1": (410, 420, 430, 490)}
    assert trunks(made, "D1") == {"to-P1": (410, 420, 430, 490)}


def test_an_access_point_s_vlans_are_carried_too():
    made = network(*wired(("P1", "D1"), P1=[port("1", 460, [410, 440])]))
    assert trunks(made, "D1") == {"to-P1": (410, 440, 460, 490)}


def test_the_untagged_vlan_of_both_ends_is_the_native_one_of_the_switch_further_out_and_is_in_no_list():
    made = network(*wired(("P1", "D1"), P1=[port("1", 410)]))
    (near,), (far,) = ([one for one in made.documents[name].ports if one.profile == "uplink"] for name in ("P1", "D1"))
    assert (near.untagged, far.untagged) == (498, 498)
    assert near.allowed == far.allowed == (410, 490)


def test_a_chain_carries_inwards_what_is_further_out():
    made = network(*wired(("P2", "P1"), ("P1", "D1"), P1=[port("1", 430)], P2=[port("1", 410)], D1=[port("1", 750)]))
    assert trunks(made, "P2") == {"to-P1": (410, 490)}
    assert trunks(made, "P1") == {"to-P2": (410, 490), "to-D1": (410, 430, 490)}
    assert trunks(made, "D1") == {"to-P1": (410, 430, 490)}


def test_switches_of_two_municipalities_below_one_keep_their_vlans_to_themselves():
    made = network(*wired(("P1", "D1"), ("S1", "D1"), P1=[port("1", 410)], S1=[port("1", 510)]))
    assert trunks(made, "D1") == {"to-P1": (410, 490), "to-S1": (510, 590)}
    assert vids(made, "P1") == [410, 490, 498, 499]
    assert vids(made, "S1") == [510, 590, 598, 599]
    assert vids(made, "D1") == [410, 490, 498, 510, 590, 598, 790, 798, 799]


def test_two_distribution_switches_carry_between_them_what_is_behind_either():
    made = network(*wired(("P1", "D1"), ("S1", "D2"), ("D1", "D2"), P1=[port("1", 410)], S1=[port("1", 510)]))
    both = (410, 490, 510, 590, 790)
    assert trunks(made, "D1") == {"to-P1": (410, 490), "to-D2": both}
    assert trunks(made, "D2") == {"to-S1": (510, 590), "to-D1": both}


def test_a_chain_of_distribution_switches_carries_everything_everywhere():
    made = network(
        *wired(("P1", "D1"), ("S1", "D3"), ("D1", "D2"), ("D2", "D3"), P1=[port("1", 410)], S1=[port("1", 510)])
    )
    everything = (410, 490, 510, 590, 790)
    assert trunks(made, "D1")["to-D2"] == trunks(made, "D2")["to-D1"] == everything
    assert trunks(made, "D2")["to-D3"] == trunks(made, "D3")["to-D2"] == everything


def test_a_switch_with_two_ways_up_is_carried_on_both():
    made = network(*wired(("P1", "D1"), ("P1", "D2"), P1=[port("1", 410)]))
    assert trunks(made, "P1") == {"to-D1": (410, 490), "to-D2": (410, 490)}
    assert trunks(made, "D1") == {"to-P1": (410, 490)}
    assert trunks(made, "D2") == {"to-P1": (410, 490)}


def test_a_cable_across_two_access_switches_carries_both_their_vlans():
    made = network(*wired(("P1", "D1"), ("P2", "D1"), ("P1", "P2"), P1=[port("1", 410)], P2=[port("1", 430)]))
    assert trunks(made, "P1") == {"to-D1": (410, 490), "to-P2": (410, 430, 490)}
    assert trunks(made, "P2") == {"to-D1": (430, 490), "to-P1": (410, 430, 490)}


def test_a_port_to_a_router_behind_the_backbone_carries_all_that_is_behind_any_of_it():
    made = network(*wired(("P1", "D1"), ("D1", "D2"), P1=[port("1", 410)], D2=[port("router", mode="tagged-all")]))
    assert trunks(made, "D2")["router"] == (410, 490, 790)


def test_a_port_to_gear_that_the_inventory_does_not_have_carries_what_the_registry_lists():
    made = network(*wired(("P1", "D1"), P1=[port("1", 410), port("2", None, [430, 490])], D1=[port("1", 750)]))
    assert trunks(made, "P1") == {"2": (430, 490), "to-D1": (410, 490)}


def test_without_a_distribution_switch_the_one_with_most_cables_is_in_the_middle():
    made = network(*wired(("P1", "P2"), ("P2", "P3"), P1=[port("1", 410)], P3=[port("1", 430)]))
    assert made.topology.depth == {"P1": 1, "P2": 0, "P3": 1}
    assert trunks(made, "P2") == {"to-P1": (410, 490), "to-P3": (430, 490)}


def test_a_switch_alone_has_its_own_vlans_and_the_three_that_each_needs():
    made = network(switch("P1", port("1", 410), port("2", 430, enabled=False)))
    assert vids(made, "P1") == [410, 490, 498, 499]
    assert made.documents["P1"].vlans[0] == Vlan(
        410, "pap-workplace", "workplace", "papendrecht", "municipalities/papendrecht.yml:10"
    )


def test_a_cable_between_disabled_ports_is_no_way():
    near, far = cable("up", "D1", "down", enabled=False), cable("down", "P1", "up", enabled=False)
    live = cable("side", "P2", "side"), cable("side", "P1", "side")
    made = network(
        distribution("D1", far, cable("down2", "P2", "up")),
        switch("P1", near, live[0], port("1", 410)),
        switch("P2", live[1], cable("up", "D1", "down2")),
    )
    assert made.topology.depth == {"D1": 0, "P1": 2, "P2": 1}
    assert trunks(made, "D1") == {"down2": (410, 490)}
    assert trunks(made, "P2") == {"side": (410, 490), "up": (410, 490)}


def test_a_stack_is_one_switch_with_the_ports_of_all_its_members():
    stack = switch(
        "P1",
        port("Gi1/0/1", 410),
        port("Gi2/0/1", 430),
        cable("Te1/1/1", "D1", "1"),
        cable("Te2/1/1", "D1", "2"),
        members=2,
    )
    made = network(stack, distribution("D1", cable("1", "P1", "Te1/1/1"), cable("2", "P1", "Te2/1/1")))
    assert made.documents["P1"].members == 2
    assert trunks(made, "P1") == {"Te1/1/1": (410, 430, 490), "Te2/1/1": (410, 430, 490)}
    assert trunks(made, "D1") == {"1": (410, 430, 490), "2": (410, 430, 490)}


def test_the_document_says_where_it_comes_from():
    document = network(switch("P1", port("1", 410), port("2", 460, [440]))).documents["P1"]
    assert (document.name, document.url) == ("P1", f"{URL}/devices/P1/")
    assert (document.platform, document.municipality, document.management) == ("cisco-ios", "papendrecht", 490)
    assert document.user_vlans == (410, 440, 460)
    assert [document.vid(use) for use in ("management", "native", "parking", "printer")] == [490, 498, 499, None]


def tagged(name, vids, device, far):
    return cable(name, device, far)._replace(mode="tagged", tagged=port("x", None, vids).tagged)


def test_an_uplink_whose_list_lacks_a_management_vlan_is_refused_with_both_sources():
    access = switch("P1", port("1", 410), tagged("up", [410], "D1", "down"))
    top = distribution("D1", tagged("down", [410], "P1", "up"))
    told = (
        "found tagged VLANs 410, without management VLAN 490 (municipalities/papendrecht.yml:90); expected VLAN 490"
        " among them: switches of papendrecht are managed through this uplink. Add it to the port's tagged VLANs in"
        " NetBox, or set the mode to tagged-all."
    )
    assert refused(access, top) == [
        f"switch P1, port up ({URL}/interfaces/up/): {told}",
        f"switch D1, port down ({URL}/interfaces/down/): {told}",
    ]


def test_an_uplink_that_loses_the_management_vlan_of_a_switch_further_out_is_refused():
    far = switch("S1", cable("up", "P1", "down"), municipality="sliedrecht")
    near = switch("P1", cable("down", "S1", "up"), tagged("up", [490, 410], "D1", "down"))
    assert refused(far, near, distribution("D1", cable("down", "P1", "up"))) == [
        f"switch P1, port up ({URL}/interfaces/up/): found tagged VLANs 410, 490, without management VLAN 590"
        " (municipalities/sliedrecht.yml:90); expected VLAN 590 among them: switches of sliedrecht are managed through"
        " this uplink. Add it to the port's tagged VLANs in NetBox, or set the mode to tagged-all."
    ]


def test_a_list_may_leave_out_what_is_no_management_vlan_and_the_trunk_carries_it_all_the_same():
    access = switch("P1", port("1", 410), tagged("up", [490], "D1", "down"))
    assert trunks(network(access, distribution("D1", cable("down", "P1", "up"))), "P1") == {"up": (410, 490)}


@pytest.mark.parametrize("mode", ["tagged-all", "tagged"])
def test_a_port_without_a_list_carries_what_is_needed(mode):
    access = switch("P1", port("1", 410), cable("up", "D1", "down", mode=mode))
    assert trunks(network(access, distribution("D1", cable("down", "P1", "up"))), "P1") == {"up": (410, 490)}


def test_nothing_is_worked_out_beside_a_contradiction_elsewhere():
    told = refused(switch("P1", port("1", 510)), switch("P2", port("1", 410), tagged("up", [410], "P1", "x")))
    assert [text.split(" (")[0] for text in told] == ["switch P1, port 1"]
