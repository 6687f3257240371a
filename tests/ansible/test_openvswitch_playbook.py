"""A real Open vSwitch among a network's switches, by real ansible-playbook over OVSDB; frames tell what it forwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from conftest import Play, runner
from switch_plays import NETWORK, recap, secrets

from werkplek.files import write_atomic
from werkplek.lab.switches import fabric_control, inventory
from werkplek.lab.switches.estate import switch_estate
from werkplek.lab.switches.fabric_estate import fabric_of
from werkplek.lab.switches.fabric_live import Fabric
from werkplek.lab.switches.fabric_probe import heard
from werkplek.lab.switches.status import NetworkFiles, NetworkLab
from werkplek.registry.model import Interface, Platform
from werkplek.registry.snapshot import to_bytes
from werkplek.registry.tables import Snapshot

FORMERLY, NAME, SLUG = "ALB-SW-0001", "alb-ovs-0001", "open-vswitch"


def with_open_vswitch(snapshot: Snapshot) -> Snapshot:
    """The estate in which one access switch runs Open vSwitch, with port names that Linux can have."""
    objects = snapshot.objects
    above = next(one.id for one in objects.platforms if one.slug == "network-os")
    new = Platform(max(one.id for one in objects.platforms) + 1, "Open vSwitch", SLUG, above, None)
    old = next(one for one in objects.devices if one.name == FORMERLY)
    devices = tuple(replace(old, name=NAME, platform=new.id) if one is old else one for one in objects.devices)
    ports = tuple(renamed(one, old.id) for one in objects.interfaces)
    platforms = (*objects.platforms, new)
    return replace(snapshot, objects=replace(objects, platforms=platforms, devices=devices, interfaces=ports))


def renamed(port: Interface, device: int) -> Interface:
    """A port of that device, or at the other end of one."""
    if port.device == device:
        return replace(port, name=short(port.name))
    if port.peer and port.peer.device == device:
        return replace(port, peer=replace(port.peer, name=short(port.peer.name), device_name=NAME))
    return port


def short(name: str) -> str:
    """`GigabitEthernet1/0/3` as `eth3`, and an uplink as `up1`."""
    return f"{'up' if name.startswith('Ten') else 'eth'}{name.rpartition('/')[2]}"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[NetworkLab]:
    """Skips, with the reason, where this machine cannot have a fabric."""
    if reasons := fabric_control.lacks():
        pytest.skip(f"no fabric here: {'; '.join(reasons)}")
    snapshot, files = with_open_vswitch(switch_estate(3)), NetworkFiles(tmp_path / "lab")
    files.state.mkdir(mode=0o700)
    write_atomic(files.estate, to_bytes(snapshot))
    write_atomic(files.password, "unused\n")
    made = NetworkLab(files.state, 0, 0, "", {}, {NAME: SLUG}, fabric=True)
    try:
        fabric_control.up(files.state, replace(fabric_of(snapshot), own=(NAME,)))
        inventory.write(made)
        yield made
    finally:
        fabric_control.down(files.state)


@pytest.fixture
def play(lab: NetworkLab, tmp_path: Path) -> Play:
    return partial(runner(lab.registry, tmp_path), **secrets())


@pytest.fixture
def fabric(lab: NetworkLab) -> Fabric:
    found = fabric_control.get(lab.state)
    assert found is not None
    return found


def test_the_ritual(play: Play, fabric: Fabric) -> None:
    """Check, apply, a second run without a change, drift, repair."""
    assert recap(play(NETWORK, "--limit", NAME, "--check")) == {NAME: "changed"}
    assert "alblasserdam-visitor" in heard(fabric, "alblasserdam-pc"), "a check changes nothing"

    applied = play(NETWORK, "--limit", NAME)
    assert recap(applied) == {NAME: "changed"}, applied.text
    own = {"alblasserdam-colleague", "alblasserdam-web", "alblasserdam-router"}
    assert set(heard(fabric, "alblasserdam-pc")) == own
    assert recap(play(NETWORK, "--limit", NAME)) == {NAME: "ok"}

    visitor = next(one for one in fabric.plan.endpoints if one.name == "alblasserdam-visitor")
    switch = fabric.open_vswitch(NAME)
    with switch.database() as database:
        row = {"tag": 110, "protected": False}
        where = [["name", "==", visitor.place.port]]
        switch.commit(database, [{"op": "update", "table": "Port", "where": where, "row": row}])
    assert "alblasserdam-visitor" in heard(fabric, "alblasserdam-pc")
    assert recap(play(NETWORK, "--limit", NAME)) == {NAME: "changed"}
    assert set(heard(fabric, "alblasserdam-pc")) == own
