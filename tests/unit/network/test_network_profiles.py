"""What a port is for, out of its VLANs and its cable; and each way in which registry and plan contradict each other."""

import pytest
from network_samples import PLANS, cable, distribution, network, port, ref, refused, switch

from werkplek.network.document import Peer

WHERE = "switch PAP-SW-1, port Gi1/0/1 (https://netbox.example/dcim/interfaces/Gi1/0/1/)"
MIX = (
    "workplace (voice may be tagged), vdi, printer or voice untagged; access_point untagged with workplace or guest"
    " tagged; or an uplink, whose tagged VLANs include the management VLAN. Correct the port's VLANs in NetBox, or the"
    " VLANs' use in the plan."
)


def problems(one):
    return refused(switch("PAP-SW-1", one))


def made(one, *others):
    return network(switch("PAP-SW-1", one, *others)).documents["PAP-SW-1"].ports[0]


@pytest.mark.parametrize(
    ("one", "profile", "untagged", "voice", "allowed"),
    [
        (port("Gi1/0/1", 410), "workplace", 410, None, ()),
        (port("Gi1/0/1", 410, [420]), "workplace", 410, 420, ()),
        (port("Gi1/0/1", 450), "vdi_client", 450, None, ()),
        (port("Gi1/0/1", 430), "printer", 430, None, ()),
        (port("Gi1/0/1", 420), "phone", 420, None, ()),
        (port("Gi1/0/1", 460), "access_point", 460, None, (460,)),
        (port("Gi1/0/1", 460, [410, 440]), "access_point", 460, None, (410, 440, 460)),
        (port("Gi1/0/1", 410, enabled=False), "unused", 499, None, ()),
        (port("Gi1/0/1"), "unused", 499, None, ()),
        (port("Gi1/0/1", mode="tagged"), "unused", 499, None, ()),
        (port("Gi1/0/1", None, [490]), "uplink", 498, None, (490,)),
        (port("Gi1/0/1", mode="tagged-all"), "uplink", 498, None, (490,)),
        (port("Gi1/0/1", mode="tagged-all", enabled=False), "unused", 499, None, ()),
    ],
)
def test_a_port_s_vlans_give_its_profile(one, profile, untagged, voice, allowed):
    found = made(one)
    assert (found.profile, found.untagged, found.voice, found.allowed) == (profile, untagged, voice, allowed)
    assert found.trunk == (profile in {"uplink", "access_point"})
    assert found.source == "https://netbox.example/dcim/interfaces/Gi1/0/1/"


def test_a_cable_to_another_switch_makes_an_uplink_whatever_vlans_the_registry_lists():
    far = switch("PAP-SW-2", cable("Te1", "PAP-SW-1", "Gi1/0/1"))
    near = switch("PAP-SW-1", port("Gi1/0/1", peer=Peer("PAP-SW-2", "Te1"), mode="tagged"))
    found = network(near, far).documents["PAP-SW-1"].ports[0]
    assert (found.profile, found.untagged, found.allowed) == ("uplink", 498, (490,))
    assert found.peer == Peer("PAP-SW-2", "Te1")


def test_a_cable_to_what_is_no_switch_makes_no_uplink():
    assert made(port("Gi1/0/1", 430, peer=Peer("PAP-PRN-1", "eth0"))).profile == "printer"


def test_a_port_of_a_switch_that_is_switched_off_at_both_ends_is_unused():
    near = switch("PAP-SW-1", cable("Gi1/0/1", "PAP-SW-2", "Te1", enabled=False))
    far = switch("PAP-SW-2", cable("Te1", "PAP-SW-1", "Gi1/0/1", enabled=False))
    documents = network(near, far).documents
    assert [documents[name].ports[0].profile for name in ("PAP-SW-1", "PAP-SW-2")] == ["unused", "unused"]


@pytest.mark.parametrize("kind", ["virtual", "bridge"])
def test_interfaces_that_are_no_ports_are_left_out(kind):
    document = network(switch("PAP-SW-1", port("Vlan490", None, [410], type=kind))).documents["PAP-SW-1"]
    assert document.ports == ()


def test_descriptions_are_one_line_of_printable_ascii():
    assert made(port("Gi1/0/1", 410, description=" Balie\n«3»\ttelefoon ")).description == "Balie 3 telefoon"
    assert made(port("Gi1/0/1", 410, description="x" * 300)).description == "x" * 200


def test_a_port_without_a_description_says_where_its_cable_goes():
    assert made(port("Gi1/0/1", 430, peer=Peer("PAP-PRN-1", "eth0"))).description == "PAP-PRN-1 eth0"


def test_a_vlan_of_nobody_is_refused():
    assert problems(port("Gi1/0/1", 410, untagged=ref(410, tenant=None))) == [
        f"{WHERE}: found VLAN 410 ('pap-workplace', of nobody), which no plan has; expected a VLAN of section"
        " switching.vlans in municipalities/papendrecht.yml. Correct the port or the VLAN's tenant in NetBox, or add"
        " the VLAN to the plan."
    ]


def test_a_vlan_that_its_owner_s_plan_lacks_is_refused():
    assert problems(port("Gi1/0/1", 410, untagged=ref(410, vid=411, name="pap-balie"))) == [
        f"{WHERE}: found VLAN 411 ('pap-balie' of papendrecht), which no plan has; expected a VLAN of section"
        " switching.vlans in municipalities/papendrecht.yml. Correct the port or the VLAN's tenant in NetBox, or add"
        " the VLAN to the plan."
    ]


def test_a_vlan_of_another_name_is_refused():
    assert problems(port("Gi1/0/1", 410, untagged=ref(410, name="pap-oud"))) == [
        f"{WHERE}: found VLAN 410 ('pap-oud' of papendrecht); expected the name of municipalities/papendrecht.yml:10:"
        " VLAN 410 ('pap-workplace'). Make the registry and the plan say the same."
    ]


def test_a_vlan_of_another_municipality_is_refused_with_both_sources():
    assert problems(port("Gi1/0/1", 510)) == [
        f"{WHERE}: found VLAN 510 ('sli-workplace' of sliedrecht), planned at municipalities/sliedrecht.yml:10;"
        " expected a VLAN of papendrecht: no switch of sliedrecht is reached through this one. Correct the port's VLAN"
        " in NetBox, or the switch's tenant."
    ]


def test_a_vlan_of_another_municipality_is_refused_though_it_has_switches_elsewhere():
    top = distribution("D1", cable("Te1", "SLI-SW-1", "Te1"), cable("Te2", "PAP-SW-1", "Te1"))
    other = switch("SLI-SW-1", cable("Te1", "D1", "Te1"), municipality="sliedrecht")
    told = refused(top, other, switch("PAP-SW-1", cable("Te1", "D1", "Te2"), port("Gi1/0/1", 510)))
    assert [text.split("; expected")[0] for text in told] == [
        f"{WHERE}: found VLAN 510 ('sli-workplace' of sliedrecht), planned at municipalities/sliedrecht.yml:10"
    ]


def test_a_vlan_of_another_municipality_is_allowed_where_a_switch_of_it_is_behind():
    top = distribution("D1", cable("Te1", "SLI-SW-1", "Te1"), port("Gi1/0/1", 510))
    behind = switch("SLI-SW-1", cable("Te1", "D1", "Te1"), municipality="sliedrecht")
    found = {one.name: one.profile for one in network(top, behind).documents["D1"].ports}
    assert found == {"Te1": "uplink", "Gi1/0/1": "workplace"}


def test_vlans_of_two_municipalities_on_one_port_are_refused():
    top = distribution("D1", cable("Te1", "SLI-SW-1", "Te1"), port("Gi1/0/1", 710, [520]))
    behind = switch("SLI-SW-1", cable("Te1", "D1", "Te1"), municipality="sliedrecht")
    assert refused(top, behind) == [
        "switch D1, port Gi1/0/1 (https://netbox.example/dcim/interfaces/Gi1/0/1/): found VLANs of drechtsteden and"
        " sliedrecht on one port; expected VLANs of one municipality. Correct the port's VLANs in NetBox."
    ]


@pytest.mark.parametrize(
    ("untagged", "tagged", "found"),
    [
        (410, [430], "untagged workplace, tagged printer (planned at papendrecht.yml:10, papendrecht.yml:30)"),
        (410, [410], "untagged workplace, tagged workplace (planned at papendrecht.yml:10, papendrecht.yml:10)"),
        (430, [420], "untagged printer, tagged voice (planned at papendrecht.yml:20, papendrecht.yml:30)"),
        (460, [430], "untagged access_point, tagged printer (planned at papendrecht.yml:30, papendrecht.yml:60)"),
        (None, [420], "untagged nothing, tagged voice (planned at papendrecht.yml:20)"),
        (440, [], "untagged guest, tagged nothing (planned at papendrecht.yml:40)"),
        (490, [], "untagged management, tagged nothing (planned at papendrecht.yml:90)"),
        (498, [], "untagged native, tagged nothing (planned at papendrecht.yml:98)"),
        (499, [], "untagged parking, tagged nothing (planned at papendrecht.yml:99)"),
    ],
)
def test_vlans_that_make_no_profile_are_refused(untagged, tagged, found):
    text = found.replace("papendrecht.yml", "municipalities/papendrecht.yml")
    assert problems(port("Gi1/0/1", untagged, tagged)) == [f"{WHERE}: found {text}; expected {MIX}"]


def test_an_uplink_without_tags_is_refused():
    near = switch("PAP-SW-1", cable("Gi1/0/1", "PAP-SW-2", "Te1", mode="access"))
    far = switch("PAP-SW-2", cable("Te1", "PAP-SW-1", "Gi1/0/1"))
    assert refused(near, far) == [
        f"{WHERE}: found mode access, on the port to PAP-SW-2; expected mode tagged or tagged-all: between switches"
        " frames are tagged, the management VLAN's too. Correct the port's 802.1Q mode in NetBox, or its cable."
    ]


def test_an_uplink_may_carry_vlans_of_others_but_only_planned_ones():
    uplink = port("Gi1/0/1", None, [490, 510])
    assert problems(uplink._replace(tagged=(*uplink.tagged, ref(510, vid=511, name="sli-balie")))) == [
        f"{WHERE}: found VLAN 511 ('sli-balie' of sliedrecht), which no plan has; expected a VLAN of section"
        " switching.vlans in municipalities/sliedrecht.yml. Correct the port or the VLAN's tenant in NetBox, or add"
        " the VLAN to the plan."
    ]


def test_a_cable_of_which_one_end_is_disabled_is_refused():
    near = switch("PAP-SW-1", cable("Gi1/0/1", "PAP-SW-2", "Te1", enabled=False))
    far = switch("PAP-SW-2", cable("Te1", "PAP-SW-1", "Gi1/0/1"))
    assert refused(near, far) == [
        f"{WHERE}: found disabled, though its cable leads to port Te1 of PAP-SW-2"
        " (https://netbox.example/dcim/interfaces/Te1/), which is enabled; expected both ends of a cable between"
        " switches enabled, or both disabled. Correct either port in NetBox, or the cable."
    ]


def test_a_port_name_twice_is_refused():
    assert refused(switch("PAP-SW-1", port("Gi1/0/1", 410), port("Gi1/0/1", 430))) == [
        f"{WHERE}: found a second port of that name; expected each port name once on a switch and its stack. Correct"
        " the port's name in NetBox."
    ]


def test_a_municipality_without_a_plan_is_refused():
    plans = {slug: vlans for slug, vlans in PLANS.items() if slug != "papendrecht"}
    assert refused(switch("PAP-SW-1", port("Gi1/0/1")), plans=plans) == [
        "switch PAP-SW-1 (https://netbox.example/dcim/devices/PAP-SW-1/): found no VLAN plan of papendrecht; expected"
        " section switching in municipalities/papendrecht.yml. Add it; docs/network.md shows one."
    ]


def test_all_contradictions_of_all_switches_are_told_at_once():
    told = refused(
        switch("PAP-SW-1", port("Gi1/0/1", 510), port("Gi1/0/2", 440)), switch("PAP-SW-2", port("Gi1/0/9", 490))
    )
    assert [text.split(" (")[0] for text in told] == [
        "switch PAP-SW-1, port Gi1/0/1",
        "switch PAP-SW-1, port Gi1/0/2",
        "switch PAP-SW-2, port Gi1/0/9",
    ]


def test_a_link_aggregation_group_is_refused_as_its_members_are_not_known():
    assert problems(port("Gi1/0/1", mode="tagged-all", type="lag")) == [
        f"{WHERE}: found a link aggregation group, whose members the inventory does not read; expected single links:"
        " with other VLANs on the group than on its members, a switch suspends them. Disable the group in NetBox, or"
        " keep this switch out of the class network (registry.yml, classes)."
    ]
