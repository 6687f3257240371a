"""Settings of the platform's own lines: where they stand, what only the switch knows, what is not for a platform."""

import pytest
from network_samples import network, port, switch

from werkplek.errors import WerkplekError
from werkplek.network.document import Setting, SwitchDocument
from werkplek.network.ios_render import IOS
from werkplek.network.lines import Claim, Line
from werkplek.network.own_lines import own_lines

PORTS = (port("Gi1", 410), port("Gi2", 430), port("Gi3"), port("Gi4", mode="tagged-all"))


def made(form, ports=PORTS, dialect="ios"):
    document = network(switch("P1", *ports)).documents["P1"]
    values = {name: getattr(document, name) for name in document.__slots__}
    setting = Setting("s", "switch_lines", {dialect: form}, False, False)
    return own_lines(SwitchDocument(**{**values, "settings": (setting,)}), IOS)


def test_lines_stand_at_the_top_or_in_a_section():
    assert made({"lines": ["ip ssh version 2"]}).lines == (Line((), "ip ssh version 2", "s"),)
    assert made({"section": "line vty 0 15", "lines": ["login local"]}).lines == (
        Line(("line vty 0 15",), "login local", "s"),
    )
    assert made({"section": "archive > log config", "lines": ["logging enable"]}).lines == (
        Line(("archive", "log config"), "logging enable", "s"),
    )


def test_lines_of_ports_stand_in_each_port_of_these_profiles():
    found = made({"ports": ["workplace", "uplink"], "lines": ["a", "b"], "replaces": ["a"]})
    assert [": ".join(line.path) for line in found.lines] == [
        "interface Gi1: a",
        "interface Gi1: b",
        "interface Gi4: a",
        "interface Gi4: b",
    ]
    assert found.claims == (
        Claim(("interface Gi1",), "a", "replaces", "s"),
        Claim(("interface Gi4",), "a", "replaces", "s"),
    )


def test_a_form_without_ports_of_its_profiles_asks_for_nothing():
    assert made({"ports": ["phone"], "lines": ["a"]}).lines == ()


def test_what_holds_by_default_says_so():
    assert made({"lines": ["no ip finger"], "by_default": True}).lines == (Line((), "no ip finger", "s", True),)


def test_claims():
    found = made({"lines": ["a 1"], "replaces": ["a"], "owns": ["b"], "absent": ["c", "d"]})
    assert found.claims == (
        Claim((), "a", "replaces", "s"),
        Claim((), "b", "owns", "s"),
        Claim((), "c", "owns", "s"),
        Claim((), "d", "owns", "s"),
    )


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["enable secret 9", "$9$abc"], "enable secret 9 $9$abc"),
        (["errdisable recovery interval", 300], "errdisable recovery interval 300"),
        (["ip dhcp snooping vlan", {"switch": "user_vlans"}], "ip dhcp snooping vlan 410,430"),
        (["logging source-interface", {"switch": "management_interface"}], "logging source-interface Vlan490"),
        (["vlan", {"switch": "management_vlan"}, "x"], "vlan 490 x"),
        (["vlan", {"switch": "native_vlan"}], "vlan 498"),
        (["vlan", {"switch": "parking_vlan"}], "vlan 499"),
    ],
)
def test_parts_are_joined_by_one_space(parts, text):
    assert [line.text for line in made({"lines": [parts]}).lines] == [text]


def test_a_line_about_vlans_of_people_is_left_out_where_there_are_none():
    form = {"lines": [["ip dhcp snooping vlan", {"switch": "user_vlans"}], "ip dhcp snooping"]}
    assert [line.text for line in made(form, ports=(port("Gi1"),)).lines] == ["ip dhcp snooping"]


def test_a_word_that_the_switch_has_not_is_told():
    document = network(switch("P1", port("Gi1", 410))).documents["P1"]
    values = {name: getattr(document, name) for name in document.__slots__}
    values["vlans"] = tuple(vlan for vlan in document.vlans if vlan.use != "parking")
    setting = Setting("park", "switch_lines", {"ios": {"lines": [["vlan", {"switch": "parking_vlan"}]]}}, False, False)
    with pytest.raises(WerkplekError) as stopped:
        own_lines(SwitchDocument(**{**values, "settings": (setting,)}), IOS)
    assert str(stopped.value) == (
        "A setting needs what the switch has not.\n"
        "  switch P1 (https://netbox.example/dcim/devices/P1/): found no parking_vlan, which setting park needs;"
        " expected a VLAN with that use in the plan of papendrecht, and in use on this switch. Complete section"
        " switching in municipalities/papendrecht.yml, or waive the setting."
    )


def test_what_the_platform_is_by_itself_has_no_lines():
    found = made({"inherent": "it speaks version 2 only"})
    assert (found.lines, found.inherent) == ((), {"s": "it speaks version 2 only"})


def test_what_has_no_form_here_is_unsupported_with_the_reason():
    found = made({"lines": ["a"]}, dialect="eos")
    assert (found.lines, found.unsupported) == ((), {"s": "there is no form of it for platform cisco-ios"})
