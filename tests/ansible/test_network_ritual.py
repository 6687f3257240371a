"""Switches by real ansible-playbook over SSH: check, apply, second run, drift, repair; and everything that goes wrong.

The switches are the lab's doubles, never the real systems.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from conftest import Play, runner
from switch_plays import CANARY, HASH, NETWORK, message, recap, secrets

from werkplek.lab.switches import manage
from werkplek.lab.switches.client import NetworkClient
from werkplek.lab.switches.status import NetworkLab

COUNT = 4


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkLab]:
    """Switches of all municipalities."""
    state = tmp_path_factory.mktemp("network")
    yield manage.up(state, COUNT)
    manage.down(state)


@pytest.fixture
def switches(network: NetworkLab) -> Iterator[NetworkClient]:
    """The lab's control."""
    with NetworkClient(network.state) as client:
        yield client


@pytest.fixture
def play(network: NetworkLab, tmp_path: Path) -> Play:
    """Runs `ansible-playbook ARGUMENTS` over the switches."""
    return partial(runner(network.registry, tmp_path), **secrets())


def configurations(network: NetworkLab, switches: NetworkClient) -> dict[str, tuple[str, str]]:
    """Running and saved, of every switch."""
    return {name: (found["running"], found["startup"]) for name in network.ports if (found := switches.show(name))}


def sessions(network: NetworkLab, switches: NetworkClient) -> dict[str, int]:
    """How often somebody signed in to each switch."""
    return {name: switches.show(name)["sessions"]["opened"] for name in network.ports}


def test_the_ritual(network: NetworkLab, switches: NetworkClient, play: Play, tmp_path: Path):
    """One story, because each step stands on the one before."""
    before = configurations(network, switches)
    checked = play(NETWORK, "--limit", "network", "--check", "--diff")
    assert recap(checked) == dict.fromkeys(network.ports, "changed")
    assert configurations(network, switches) == before
    assert sessions(network, switches) == dict.fromkeys(network.ports, 1)
    assert "+ip ssh version 2" in checked.text
    assert not list((tmp_path / "backups").glob("**/*.cfg"))

    applied = play(NETWORK, "--limit", "network")
    assert recap(applied) == dict.fromkeys(network.ports, "changed"), applied.text
    whole = configurations(network, switches)
    assert all(running == saved for running, saved in whole.values())
    # the second proves that somebody can still sign in, as the way in was changed
    assert sessions(network, switches) == dict.fromkeys(network.ports, 3)

    again = play(NETWORK, "--limit", "network")
    assert recap(again) == dict.fromkeys(network.ports, "ok")
    assert configurations(network, switches) == whole
    assert sessions(network, switches) == dict.fromkeys(network.ports, 4)

    drift(switches)
    found = play("playbooks/drift.yml", "--limit", "network")
    assert {host for host, word in recap(found).items() if word == "failed"} == {"ALB-SW-0001", "DRD-SW-0001"}
    assert "http_server_off" in message(found, "ALB-SW-0001")
    mended = play(NETWORK, "--limit", "network")
    assert {host for host, word in recap(mended).items() if word == "changed"} == {"ALB-SW-0001", "DRD-SW-0001"}
    assert configurations(network, switches) == whole

    kept = [file.read_text() for file in (tmp_path / "backups").glob("**/*.cfg")]
    assert len(kept) == 2 * COUNT + 2
    said = "".join([checked.text, applied.text, again.text, found.text, mended.text, *kept])
    assert CANARY not in said
    assert HASH not in said


def drift(switches: NetworkClient) -> None:
    """What an operator might do by hand: on a Cisco and on an Arista double."""
    switches.edit(
        "ALB-SW-0001",
        ["ip http server", "ntp server 192.0.2.1", "interface GigabitEthernet1/0/3", "switchport access vlan 1",
         "description even proberen", "vlan 999", "name vergeten"],
    )  # fmt: skip
    switches.edit("DRD-SW-0001", ["interface Ethernet3", "no switchport access vlan", "vlan 999"])


def test_what_was_never_saved_is_saved(network: NetworkLab, switches: NetworkClient, play: Play):
    """A run that was killed between entering and saving leaves that behind: a restart would lose it."""
    play(NETWORK, "--limit", "HIA-SW-0001")
    switches.edit("HIA-SW-0001", ["no ip ssh version"])
    switches.configure("HIA-SW-0001", switches.show("HIA-SW-0001")["running"], save=True)
    switches.edit("HIA-SW-0001", ["ip ssh version 2"])
    assert recap(play(NETWORK, "--limit", "HIA-SW-0001", "--check")) == {"HIA-SW-0001": "changed"}
    assert recap(play(NETWORK, "--limit", "HIA-SW-0001")) == {"HIA-SW-0001": "changed"}
    found = switches.show("HIA-SW-0001")
    assert found["running"] == found["startup"]


def test_a_run_without_a_scope_touches_nothing(network: NetworkLab, switches: NetworkClient, play: Play):
    before = sessions(network, switches)
    assert "a scope that names the hosts that are meant" in play(NETWORK).text
    assert sessions(network, switches) == before


def test_a_registry_that_contradicts_the_plan_stops_before_any_session(
    network: NetworkLab, switches: NetworkClient, play: Play
):
    """The estate's file is changed as NetBox would be: a port of Hendrik-Ido-Ambacht gets a VLAN of Papendrecht."""
    before, file = sessions(network, switches), network.state / "estate.json"
    text = file.read_text()
    try:
        file.write_text(spoiled(text))
        played = play(NETWORK, "--limit", "municipality_dordrecht")
    finally:
        file.write_text(text)
    assert played.rc == 2
    said = " ".join(played.text.split())
    assert "switch HIA-SW-0001, port GigabitEthernet1/0/1 (https://netbox.example/dcim/interfaces/" in said
    assert "found VLAN 410 ('pap-werkplek' of papendrecht), planned at municipalities/papendrecht.yml:" in said
    assert sessions(network, switches) == before


def spoiled(text: str) -> str:
    """The snapshot with another municipality's VLAN on a port, and its checksum mended."""
    from werkplek.registry import snapshot  # noqa: PLC0415 - the test's only use

    document = json.loads(text)
    objects = document["objects"]
    switch = next(row["id"] for row in objects["dcim.device"] if row["name"] == "HIA-SW-0001")
    vlan = next(row["id"] for row in objects["ipam.vlan"] if row["vid"] == 410)
    port = next(row for row in objects["dcim.interface"] if row["device"] == switch and row["name"].endswith("1/0/1"))
    port["untagged_vlan"], port["tagged_vlans"], port["mode"] = vlan, [], "access"
    document["sha256"] = snapshot.digest({name: value for name, value in document.items() if name != "sha256"})
    return json.dumps(document)
