"""A fabric's routers' configuration, its frames, what a machine lacks, and the estate's people in it."""

from __future__ import annotations

from collections import Counter

import pytest

from werkplek.lab import packages
from werkplek.lab.switches import fabric_control, fabric_router
from werkplek.lab.switches.estate import switch_estate
from werkplek.lab.switches.fabric import Place, Route, Router, Service
from werkplek.lab.switches.fabric_estate import fabric_of
from werkplek.lab.switches.fabric_probe import frame


def test_a_router_is_configured_by_its_legs_and_routes() -> None:
    router = Router(
        "pap-router",
        ((Place("a", "1"), "10.4.10.1/24"), (Place("a", "2"), "10.4.30.1/24")),
        (Route("10.7.0.0/16", "10.4.30.2"),),
    )
    assert fabric_router.configuration(router).splitlines() == [
        "frr defaults traditional",
        "hostname pap-router",
        "ip forwarding",
        "interface eth0",
        " ip address 10.4.10.1/24",
        "!",
        "interface eth1",
        " ip address 10.4.30.1/24",
        "!",
        "ip route 10.7.0.0/16 10.4.30.2",
    ]


def test_a_frame_says_its_tag() -> None:
    token = b"0123456789abcdef"
    plain, tagged = frame(token, None), frame(token, 420)
    assert (plain[:6], plain[6:12]) == (b"\xff" * 6, b"\x0201234")
    assert (plain[12:14], plain[14:30]) == (b"\x88\xb5", token)
    assert (tagged[12:16], tagged[16:]) == (b"\x81\x00\x01\xa4", plain[12:])
    assert len(plain) == 60, "the least that a frame may have, without its check sequence"


def test_without_root_there_is_no_fabric(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert fabric_control.lacks() == ("the fabric makes network namespaces, which needs root",)


def test_packages_that_cannot_be_installed_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(packages, "missing", lambda need: need.packages[:2])
    monkeypatch.setattr(packages, "can_install", lambda: False)
    told = "packages are missing: apt-get install --no-install-recommends openvswitch-switch frr"
    assert fabric_control.lacks() == (told,)


@pytest.mark.parametrize("count", [8, 30, 200])
def test_every_municipality_of_an_estate_has_its_people_things_and_services(count: int) -> None:
    plan = fabric_of(switch_estate(count))
    assert len(plan.switches) == count
    parts = Counter(name.rpartition("-")[2] for name in plan.names())
    assert set(parts) == {"pc", "phone", "colleague", "guest", "visitor", "printer", "web", "router"}
    assert set(parts.values()) == {6}
    assert Service("papendrecht-printer", 9100, "prints in papendrecht") in plan.services
    ends = [place for cable in plan.cables for place in (cable.near, cable.far)]
    assert len(set(ends)) == len(ends)
    assert len(ends) >= 2 * (count - 1)


def test_an_estates_services_are_on_its_municipalities_last_switch_in_their_own_vlans() -> None:
    plan = fabric_of(switch_estate(30))
    home = {one.name.removeprefix("sliedrecht-"): one for one in plan.endpoints if one.name.startswith("sliedrecht-")}
    assert home["pc"].place.switch != home["printer"].place.switch
    assert home["pc"].place == home["phone"].place
    assert (home["phone"].tag, home["guest"].tag) == (520, 540)
    assert (home["pc"].address, home["pc"].gateway) == ("10.5.10.11/24", "10.5.10.1")
    assert (home["printer"].address, home["printer"].gateway) == ("10.5.30.91/24", "10.5.30.1")
