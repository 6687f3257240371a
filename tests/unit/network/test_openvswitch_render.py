"""Open vSwitch's ports as lines: what a document makes of them, what a database shows, and what mends it."""

from __future__ import annotations

from typing import Any

import pytest
from ovsdb_double import row

from werkplek.errors import WerkplekError
from werkplek.network.compare import compare
from werkplek.network.document import Port, Setting, SwitchDocument
from werkplek.network.openvswitch import OpenVSwitch, changed, running_text

PLATFORM = OpenVSwitch()


def port(profile: str, untagged: int | None, voice: int | None = None, allowed: tuple[int, ...] = ()) -> Port:
    return Port("eth1", profile, "", untagged, voice, allowed, None, "https://netbox/dcim/interfaces/7/")


def document(*ports: Port, kinds: tuple[str, ...] = ("switch_ports",)) -> SwitchDocument:
    settings = tuple(Setting(kind, kind, {}, waived=False, secret=False) for kind in kinds)
    return SwitchDocument(
        "sw1", "https://netbox/dcim/devices/1/", "open-vswitch", "papendrecht", 1, (), ports, 490, settings
    )


@pytest.mark.parametrize(
    ("wanted", "lines"),
    [
        (port("workplace", 410), ["vlan_mode access", "tag 410"]),
        (port("workplace", 410, 420), ["vlan_mode native-untagged", "tag 410", "trunks 410,420"]),
        (port("vdi_client", 450), ["vlan_mode access", "tag 450"]),
        (port("printer", 430), ["vlan_mode access", "tag 430"]),
        (port("phone", 420), ["vlan_mode access", "tag 420"]),
        (
            port("access_point", 460, allowed=(410, 440, 460)),
            ["vlan_mode native-untagged", "tag 460", "trunks 410,440,460"],
        ),
        # the native VLAN is not among those that may pass, so that untagged frames are dropped
        (port("uplink", 498, allowed=(410, 411, 412, 490)), ["vlan_mode trunk", "trunks 410-412,490"]),
        (port("unused", 499), ["vlan_mode access", "tag 499", "protected true"]),
    ],
)
def test_a_port_is_rendered_by_its_profile(wanted: Port, lines: list[str]) -> None:
    rendering = PLATFORM.render(document(wanted))
    assert [line.text for line in rendering.lines] == lines
    assert {line.section for line in rendering.lines} == {("port eth1",)}


@pytest.mark.parametrize("wanted", [port("unused", None), port("uplink", 498)])
def test_a_port_that_would_carry_every_vlan_is_refused(wanted: Port) -> None:
    with pytest.raises(WerkplekError) as error:
        PLATFORM.render(document(wanted))
    assert str(error.value) == (
        "A port would carry every VLAN.\n"
        "  switch sw1, port eth1 (https://netbox/dcim/interfaces/7/): found no VLAN at all, which Open vSwitch takes"
        " for all VLANs; expected a parking VLAN for unused ports, and a management VLAN for uplinks."
        " Complete section switching in municipalities/papendrecht.yml."
    )


def test_what_open_vswitch_has_not_is_unsupported_and_says_why() -> None:
    rendering = PLATFORM.render(document(kinds=("switch_vlans", "switch_banner", "switch_lines", "switch_ports")))
    assert rendering.lines == rendering.claims == ()
    assert rendering.unsupported == {
        "switch_vlans": "Open vSwitch has no table of VLANs: a VLAN is there where a port is in it",
        "switch_banner": "there is no form of it for platform open-vswitch",
        "switch_lines": "there is no form of it for platform open-vswitch",
    }


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        (row(), ["vlan_mode trunk"]),
        (row(tag=410), ["vlan_mode access", "tag 410"]),
        (row(mode="access", tag=410), ["vlan_mode access", "tag 410"]),
        (row(trunks=[420, 410]), ["vlan_mode trunk", "trunks 410,420"]),
        (
            row(mode="native-untagged", tag=410, trunks=[420]),
            ["vlan_mode native-untagged", "tag 410", "trunks 410,420"],
        ),
        (row(mode="native-untagged", tag=410), ["vlan_mode native-untagged", "tag 410"]),
        (row(mode="dot1q-tunnel", tag=5, protected=True), ["vlan_mode dot1q-tunnel", "tag 5", "protected true"]),
    ],
)
def test_a_row_is_shown_with_the_mode_that_it_has(columns: dict[str, Any], shown: list[str]) -> None:
    assert running_text({"eth1": columns}) == "\n".join(["port eth1", *(f" {line}" for line in shown)]) + "\n"


def mended(wanted: Port, columns: dict[str, Any]) -> dict[str, Any]:
    """The row after the commands that the comparison finds."""
    rendering = PLATFORM.render(document(wanted))
    found = compare(rendering, PLATFORM.parse(running_text({"eth1": columns})), PLATFORM)
    return changed(columns, [command.text for command in found.commands])


ROWS = [
    row(),
    row(tag=410),
    row(mode="native-untagged", tag=410, trunks=[420]),
    row(mode="trunk", trunks=[410, 420, 430]),
    row(mode="access", tag=499, protected=True),
    row(mode="native-tagged", tag=1, trunks=[1, 2], protected=True),
]


@pytest.mark.parametrize("columns", ROWS)
@pytest.mark.parametrize(
    "wanted",
    [
        port("workplace", 410),
        port("workplace", 410, 420),
        port("uplink", 498, allowed=(410, 490)),
        port("unused", 499),
        port("access_point", 460, allowed=(440, 460)),
    ],
)
def test_whatever_a_port_was_it_is_mended_in_one_go(wanted: Port, columns: dict[str, Any]) -> None:
    after = mended(wanted, columns)
    assert mended(wanted, after) == after
    rendering = PLATFORM.render(document(wanted))
    lines = [f" {line.text}" for line in rendering.lines]
    assert running_text({"eth1": after}) == "\n".join(["port eth1", *lines]) + "\n"


def test_a_port_that_is_as_it_should_be_is_left_alone() -> None:
    assert mended(port("workplace", 410), row(tag=410)) == row(tag=410)


def test_ports_that_the_registry_does_not_have_are_nobodys() -> None:
    rendering = PLATFORM.render(document(port("workplace", 410)))
    running = PLATFORM.parse(running_text({"eth1": row(tag=410), "tunnel0": row(trunks=[1, 2])}))
    assert compare(rendering, running, PLATFORM).commands == ()
