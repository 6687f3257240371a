"""What a fabric's parts are called on the machine, and what is plugged in where."""

from __future__ import annotations

from pathlib import Path

from werkplek.lab.switches.fabric import Cable, Endpoint, Place, Plan, Router
from werkplek.lab.switches.fabric_rows import EDGE
from werkplek.lab.switches.fabric_space import Spaces
from werkplek.lab.switches.fabric_wiring import Device, End, wiring

A, OWN = "GigabitEthernet1/0/1", "eth1"
PLAN = Plan(
    {"a": (A, "2", "up"), "own": (OWN, "up")},
    (Cable(Place("a", "up"), Place("own", "up")),),
    (
        Endpoint("pc", Place("a", A), "10.0.0.1/24", "10.0.0.254"),
        Endpoint("phone", Place("a", A), "10.0.1.1/24", tag=420),
        Endpoint("server", Place("own", OWN), "10.0.0.2/24"),
    ),
    (Router("router", ((Place("a", "2"), "10.0.0.254/24"),)),),
    own=("own",),
)


def test_everything_has_a_short_name_and_an_own_switch_keeps_its_names() -> None:
    wired = wiring(PLAN)
    assert wired.bridges == {"a": "s0"}
    assert wired.at("a") == {"up": End("", "c0a"), "2": End("", "e0"), A: End("", "x0a")}
    assert wired.at("own") == {"up": End("own", "up"), OWN: End("own", "eth1")}
    assert wired.trunks == {End("", "c0a"), End("own", "up")}
    assert wired.far_end(End("own", "up")) == End("", "c0a")
    assert wired.far_end(End("", "c0a")) == End("own", "up")
    assert wired.far_end(End("", "e0")) is None


def test_devices_that_share_a_port_are_kept_apart_by_a_small_bridge_before_it() -> None:
    wired = wiring(PLAN)
    assert wired.cables[1] == (End("", "x0a"), End("", "x0b"))
    cable, pc, phone = wired.shared["x0"]
    both = {"vlan_mode": "native-untagged", "tag": ["set", [4094]], "trunks": ["set", [420, 4094]]}
    assert cable == ("x0b", both | EDGE)
    assert pc == ("e1", {"vlan_mode": "access", "tag": ["set", [4094]], "trunks": ["set", []], **EDGE})
    assert phone == ("e2", {"vlan_mode": "access", "tag": ["set", [420]], "trunks": ["set", []], **EDGE})


def test_everybody_has_an_interface_and_a_router_gives_itself_its_addresses() -> None:
    assert wiring(PLAN).devices == (
        Device("router", "eth0", End("", "e0")),
        Device("pc", "eth0", End("", "e1"), "10.0.0.1/24", "10.0.0.254"),
        Device("phone", "eth0", End("", "e2"), "10.0.1.1/24"),
        Device("server", "eth0", End("own", "eth1"), "10.0.0.2/24"),
    )


def test_two_labs_never_have_a_name_in_common(tmp_path: Path) -> None:
    one, other = Spaces(tmp_path / "one"), Spaces(tmp_path / "other")
    assert one.of("pc") != other.of("pc")
    assert one.of("pc") == Spaces(tmp_path / "other" / ".." / "one").of("pc")
    names = {one.of("switches"), one.switches, one.of_switch("own"), one.of("own"), one.of_switch("")}
    assert len(names) == 4, "only the emulated switches have two ways to be named"
