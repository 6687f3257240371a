"""A fabric's plan: what fits together, what does not, and what it is kept as."""

from __future__ import annotations

from pathlib import Path

import pytest

from werkplek.errors import WerkplekError
from werkplek.lab.switches.fabric import Cable, Endpoint, Place, Plan, Route, Router, Service, read, write

SWITCHES = {"a": ("1", "2", "up"), "b": ("1", "2", "up"), "c": ("1", "2")}
PC = Endpoint("pc", Place("a", "1"), "10.4.10.21/24", "10.4.10.1")
JOINED = Cable(Place("a", "up"), Place("b", "up"))


def refused(**parts: object) -> list[str]:
    with pytest.raises(WerkplekError, match="fabric does not fit together") as error:
        Plan(SWITCHES, **parts)  # type: ignore[arg-type]
    return [str(problem) for problem in error.value.problems]


def test_a_plan_that_fits_is_read_as_it_was_written(tmp_path: Path) -> None:
    plan = Plan(
        SWITCHES,
        (JOINED,),
        (PC, Endpoint("phone", Place("a", "1"), "10.4.20.21/24", tag=420)),
        (Router("router", ((Place("b", "1"), "10.4.10.1/24"),), (Route("10.7.0.0/16", "10.4.10.2"),)),),
        (Service("pc", 80, "welkom"),),
        ("c",),
    )
    write(plan, tmp_path / "plan.json")
    assert read(tmp_path / "plan.json") == plan
    assert plan.names() == ["pc", "phone", "router"]


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (
            {"endpoints": (PC._replace(place=Place("a", "9")),)},
            "endpoints pc: found a port 9; expected a port of a switch of this fabric",
        ),
        (
            {"cables": (Cable(Place("a", "up"), Place("z", "1")),)},
            "cable 1 (far end): found z port 1; expected a port of a switch of this fabric",
        ),
        (
            {"endpoints": (PC,), "cables": (Cable(Place("a", "1"), Place("b", "up")),)},
            "a port 1: found cable 1 (near end) and endpoints pc; expected one cable or device on a port",
        ),
        (
            {"endpoints": (PC, PC._replace(name="other"))},
            "a port 1: found endpoints pc and endpoints other; expected one cable or device on a port",
        ),
        (
            {"endpoints": (PC, PC._replace(place=Place("a", "2")))},
            "pc: found two of that name; expected a name of its own for each endpoint and router",
        ),
        (
            {"endpoints": (PC._replace(name="PC 1"),)},
            "PC 1: found 'PC 1'; expected a name of letters a-z, digits, '.' and '-'",
        ),
        (
            {"endpoints": (PC._replace(address="10.4.10.300/24"),)},
            "pc: found Octet 300 (> 255) not permitted in '10.4.10.300'; expected an IPv4 address with its prefix"
            " length, such as 10.4.10.21/24",
        ),
        (
            {"endpoints": (PC._replace(gateway="10.5.10.1"),)},
            "pc: found gateway 10.5.10.1; expected an address in 10.4.10.0/24",
        ),
        ({"endpoints": (PC._replace(tag=4094),)}, "pc: found tag 4094; expected 0 (untagged) to 4093"),
        (
            {"routers": (Router("r", ((Place("a", "1"), "10.4.10.1/24"),), (Route("10.7.0.1/16", "10.4.10.2"),)),)},
            "r: found a route to 10.7.0.1/16 by way of 10.4.10.2: 10.7.0.1/16 has host bits set; expected a network and"
            " an address",
        ),
        (
            {"services": (Service("pc", 80, ""),)},
            "service on port 80: found pc; expected an endpoint of this fabric",
        ),
        (
            {"endpoints": (PC,), "services": (Service("pc", 0, ""),)},
            "pc: found a service on port 0; expected a TCP port, 1 to 65535",
        ),
        (
            {"own": ("z",)},
            "z: found no switch of that name; expected a switch of this fabric, named by a-z, digits, '.' and '-'",
        ),
    ],
)
def test_what_does_not_fit_is_named(parts: dict[str, object], told: str) -> None:
    assert told in refused(**parts)


@pytest.mark.parametrize("port", ["GigabitEthernet1/0/1", "br0", ""])
def test_a_switch_that_decides_for_itself_has_ports_that_are_called_like_interfaces(port: str) -> None:
    with pytest.raises(WerkplekError) as error:
        Plan({"own": (port,)}, own=("own",))
    told = f"own port {port}: found {port!r}; expected at most 15 letters, digits, '.', '_' and '-'"
    assert [str(problem) for problem in error.value.problems] == [told]


def test_a_second_way_between_two_switches_is_a_ring() -> None:
    line = (JOINED, Cable(Place("b", "1"), Place("c", "1")))
    assert not Plan(SWITCHES, line).ringed
    assert Plan(SWITCHES, (*line, Cable(Place("c", "2"), Place("a", "2")))).ringed
    assert Plan(SWITCHES, (JOINED, Cable(Place("a", "2"), Place("b", "2")))).ringed
