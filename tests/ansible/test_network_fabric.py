"""Who really reaches whom once the switches are as the policy says: by ping, by TCP and by frames on the trunks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from conftest import Play, runner
from switch_plays import NETWORK, recap, secrets

from werkplek.lab.switches import fabric_control, manage
from werkplek.lab.switches.client import NetworkClient
from werkplek.lab.switches.fabric_live import Fabric
from werkplek.lab.switches.fabric_probe import heard, passing, ping, tcp
from werkplek.lab.switches.status import NetworkLab

COUNT = 8
"""A switch for each municipality, two for Dordrecht, all behind one distribution switch."""
SLUGS = ("alblasserdam", "dordrecht", "hendrik-ido-ambacht", "papendrecht", "sliedrecht", "zwijndrecht")


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkLab]:
    """New switches with people and services, before any policy."""
    if reasons := fabric_control.lacks():
        pytest.skip(f"no fabric here: {'; '.join(reasons)}")
    state = tmp_path_factory.mktemp("fabric-of-a-network")
    try:
        yield manage.up(state, COUNT, fabric=True)
    finally:
        manage.down(state)


@pytest.fixture(scope="module")
def play(network: NetworkLab, tmp_path_factory: pytest.TempPathFactory) -> Play:
    """Runs `ansible-playbook ARGUMENTS` over the switches."""
    return partial(runner(network.registry, tmp_path_factory.mktemp("runs")), **secrets())


@pytest.fixture(scope="module")
def switches(network: NetworkLab) -> Iterator[NetworkClient]:
    """The lab's control."""
    with NetworkClient(network.state) as client:
        yield client


@pytest.fixture(scope="module")
def fabric(network: NetworkLab, play: Play, switches: NetworkClient) -> Fabric:
    """The network after one run."""
    found = fabric_control.get(network.state)
    assert found is not None
    assert {f"{slug}-pc" for slug in SLUGS} < {"papendrecht-pc", *heard(found, "papendrecht-pc")}, "one big network"
    applied = play(NETWORK, "--limit", "network")
    assert recap(applied) == dict.fromkeys(network.ports, "changed"), applied.text
    switches.settle()
    return found


@pytest.mark.parametrize("slug", SLUGS)
def test_a_workplace_reaches_its_own_services(fabric: Fabric, slug: str) -> None:
    assert ping(fabric, f"{slug}-pc", f"{slug}-colleague")
    assert tcp(fabric, f"{slug}-pc", f"{slug}-web", 80) == f"the web of {slug}"
    assert tcp(fabric, f"{slug}-pc", f"{slug}-printer", 9100) == f"prints in {slug}", "through its router"


def test_a_workplace_reaches_no_other_municipalitys_services(fabric: Fabric) -> None:
    assert not ping(fabric, "papendrecht-pc", "sliedrecht-pc")
    assert tcp(fabric, "papendrecht-pc", "sliedrecht-printer", 9100) is None
    assert tcp(fabric, "papendrecht-pc", "sliedrecht-web", 80) is None


@pytest.mark.parametrize(("slug", "voice"), [(slug, 120 + 100 * place) for place, slug in enumerate(SLUGS)])
def test_a_frame_stays_in_its_vlan(fabric: Fabric, slug: str, voice: int) -> None:
    assert set(heard(fabric, f"{slug}-pc")) == {f"{slug}-{who}" for who in ("colleague", "web", "router")}
    assert set(heard(fabric, f"{slug}-printer")) == {f"{slug}-router"}
    # the colleague's port has no voice VLAN
    assert heard(fabric, f"{slug}-phone") == {f"{slug}-web": voice, f"{slug}-router": voice}
    assert heard(fabric, f"{slug}-guest") == {}
    assert heard(fabric, f"{slug}-visitor") == {}, "an unused port is dead"


def test_a_trunk_carries_what_is_behind_it_and_nothing_else(fabric: Fabric) -> None:
    trunks = {place.switch: place for cable in fabric.plan.cables for place in (cable.near, cable.far)}
    with passing(fabric, *trunks["DRD-SW-0002"]) as dordrecht, passing(fabric, *trunks["PAP-SW-0001"]) as papendrecht:
        for slug in ("dordrecht", "papendrecht", "sliedrecht"):
            for who in ("pc", "phone", "printer", "guest", "visitor"):
                heard(fabric, f"{slug}-{who}")
    assert dordrecht == {210, 220, 230, 240}
    assert papendrecht == {410, 420, 430, 440}


def test_what_somebody_opens_by_hand_is_open_until_the_next_run(
    fabric: Fabric, network: NetworkLab, play: Play, switches: NetworkClient
) -> None:
    visitor = next(one for one in fabric.plan.endpoints if one.name == "alblasserdam-visitor")
    switches.edit(
        visitor.place.switch, [f"interface {visitor.place.port}", "no shutdown", "switchport access vlan 110"]
    )
    switches.settle()
    assert "alblasserdam-visitor" in heard(fabric, "alblasserdam-pc")
    assert recap(play(NETWORK, "--limit", visitor.place.switch)) == {visitor.place.switch: "changed"}
    switches.settle()
    assert "alblasserdam-visitor" not in heard(fabric, "alblasserdam-pc")


def test_a_trunk_that_somebody_opens_carries_too_much_until_the_next_run(
    fabric: Fabric, play: Play, switches: NetworkClient
) -> None:
    cable = next(one for one in fabric.plan.cables if "PAP-SW-0001" in {one.near.switch, one.far.switch})
    for end in cable:
        switches.edit(end.switch, [f"interface {end.port}", "switchport trunk allowed vlan all"])
        switches.edit(end.switch, ["vlan 210"])
    switches.settle()
    near = next(end for end in cable if end.switch == "PAP-SW-0001")
    with passing(fabric, *near) as opened:
        heard(fabric, "dordrecht-pc")
    ends = {end.switch for end in cable}
    assert recap(play(NETWORK, "--limit", ",".join(sorted(ends)))) == dict.fromkeys(ends, "changed")
    switches.settle()
    with passing(fabric, *near) as mended:
        heard(fabric, "dordrecht-pc")
    assert (opened, mended) == ({210}, set())
