"""Who can reach whom after a run: real frames through Open vSwitch, forwarded as the switches' configuration says.

The switches' command lines are the lab's doubles; the frames, the hosts and their TCP are real.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from conftest import Play, runner
from switch_plays import NETWORK, recap, secrets

from werkplek.errors import Exit, WerkplekError
from werkplek.lab.switches import fabric_control, manage
from werkplek.lab.switches.client import NetworkClient
from werkplek.lab.switches.fabric_live import Fabric
from werkplek.lab.switches.fabric_probe import heard, passing, ping, tcp
from werkplek.lab.switches.status import NetworkLab

LIMIT = "municipality_papendrecht:municipality_sliedrecht:municipality_dordrecht:DRS-DSW-0001"
PRINTING, WEB = 9100, 80
UPLINK = "Ethernet25"  # of PAP-SW-0001


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkLab]:
    """Switches with a fabric. Skips, with the reason, where this machine cannot have one."""
    state = tmp_path_factory.mktemp("reach")
    try:
        yield manage.up(state, 8, fabric=True)
    except WerkplekError as error:
        if error.code == Exit.UNAVAILABLE:
            pytest.skip(str(error))
        raise
    finally:
        manage.down(state)


@pytest.fixture
def switches(network: NetworkLab) -> Iterator[NetworkClient]:
    with NetworkClient(network.state) as client:
        yield client


@pytest.fixture
def play(network: NetworkLab, tmp_path: Path) -> Play:
    return partial(runner(network.registry, tmp_path), **secrets())


@pytest.fixture
def fabric(network: NetworkLab) -> Fabric:
    found = fabric_control.get(network.state)
    assert found
    return found


def test_who_reaches_whom(switches: NetworkClient, play: Play, fabric: Fabric):
    """One story: a network without VLANs, a run, and a trunk that somebody opens by hand."""
    switches.settle()
    assert "sliedrecht-pc" in heard(fabric, "papendrecht-pc"), "before the run everybody hears everybody"
    assert "papendrecht-pc" in heard(fabric, "papendrecht-visitor"), "and a port that nobody uses is open"

    first = play(NETWORK, "--limit", LIMIT)
    assert set(recap(first).values()) == {"changed"}, first.text
    switches.settle()
    everybody_reaches_their_own(fabric)
    nobody_reaches_others(fabric)
    trunks_carry_what_is_needed(fabric)

    opened = ["switchport trunk allowed vlan all"]
    switches.edit("DRS-DSW-0001", ["vlan 666", f"interface {downlink(fabric)}", *opened])
    switches.edit("PAP-SW-0001", ["vlan 666", f"interface {UPLINK}", *opened])
    switches.settle()
    assert 210 in seen(fabric, "dordrecht-pc"), "an open trunk does carry what nobody behind it needs"

    second = play(NETWORK, "--limit", LIMIT)
    assert {name for name, word in recap(second).items() if word == "changed"} == {"DRS-DSW-0001", "PAP-SW-0001"}
    switches.settle()
    everybody_reaches_their_own(fabric)
    trunks_carry_what_is_needed(fabric)


def everybody_reaches_their_own(fabric: Fabric) -> None:
    """Over one switch, over trunks, and over the municipality's own router."""
    for who in ("papendrecht", "sliedrecht"):
        assert tcp(fabric, f"{who}-pc", f"{who}-web", WEB) == f"the web of {who}"
        assert tcp(fabric, f"{who}-pc", f"{who}-printer", PRINTING) == f"prints in {who}"
    assert ping(fabric, "dordrecht-pc", "dordrecht-colleague"), "they are on two switches, behind the distribution one"


def nobody_reaches_others(fabric: Fabric) -> None:
    """By address, by broadcast, and from a port that is not in use."""
    for target, port in (("sliedrecht-web", WEB), ("sliedrecht-printer", PRINTING), ("dordrecht-web", WEB)):
        assert tcp(fabric, "papendrecht-pc", target, port) is None
        assert not ping(fabric, "papendrecht-pc", target)
    own = {f"papendrecht-{name}" for name in ("colleague", "web", "router")}
    assert own <= heard(fabric, "papendrecht-pc").keys()
    assert all(name.startswith("papendrecht-") for name in heard(fabric, "papendrecht-pc"))
    assert not heard(fabric, "papendrecht-visitor")
    assert not ping(fabric, "papendrecht-visitor", "papendrecht-pc")


def trunks_carry_what_is_needed(fabric: Fabric) -> None:
    """Frames of Papendrecht pass its uplink with their tag, those of others do not."""
    assert seen(fabric, "papendrecht-pc") == {410}
    assert seen(fabric, "dordrecht-pc") == set()
    assert seen(fabric, "sliedrecht-pc") == set()


def seen(fabric: Fabric, source: str) -> set[int | None]:
    """Tags on Papendrecht's uplink while somebody calls out to everybody."""
    with passing(fabric, "PAP-SW-0001", UPLINK) as tags:
        heard(fabric, source)
    return tags


def downlink(fabric: Fabric) -> str:
    """The distribution switch's port to Papendrecht."""
    ends = next(cable for cable in fabric.plan.cables if "PAP-SW-0001" in {end.switch for end in cable})
    return next(end.port for end in ends if end.switch == "DRS-DSW-0001")
