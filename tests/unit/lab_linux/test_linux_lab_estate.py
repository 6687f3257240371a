"""The lab's hosts, and the registry that describes them: what the inventory makes of both."""

from __future__ import annotations

import pytest
from linux_lab import lab_in

from werkplek.files import ROOT
from werkplek.lab.linux import estate, images
from werkplek.lab.windows_estate import DEFAULTS, registry_options
from werkplek.registry import snapshot
from werkplek.registry.config import RegistryConfig, registry_config
from werkplek.registry.contract import host_name, violations
from werkplek.registry.hosts import OUT_OF_LIFECYCLE, QUARANTINE
from werkplek.registry.inventory import compile_inventory
from werkplek.registry.resolve import managed_objects


def config() -> RegistryConfig:
    """The repository's own registry.yml."""
    file = ROOT / "registry.yml"
    return registry_config({**DEFAULTS, **registry_options(file)}, file)


def column(name, kiosks=0, session_hosts=0):
    return [getattr(host, name) for host in estate.hosts(kiosks, session_hosts)]


def test_kiosks_stand_in_two_municipalities_with_two_debians_in_turn():
    assert column("name", 5) == ["DRD-KS-0001", "PAP-KS-0001", "DRD-KS-0002", "PAP-KS-0002", "DRD-KS-0003"]
    assert column("municipality", 3) == ["dordrecht", "papendrecht", "dordrecht"]
    assert column("image", 3) == ["trixie", "bookworm", "trixie"]
    assert column("platform", 3) == ["debian-13", "debian-12", "debian-13"]


def test_each_municipality_has_kiosks_of_each_ring():
    assert column("ring", 8) == ["canary"] * 2 + ["pilot"] * 2 + ["broad"] * 4
    assert column("cluster", 2) == ["", ""]
    assert column("workplace_class", 2) == ["workstation"] * 2


def test_session_hosts_are_one_cluster_with_a_host_of_each_ring_first():
    assert column("name", 0, 4) == ["DRS-VL-0001", "DRS-VL-0002", "DRS-VL-0003", "DRS-VL-0004"]
    assert column("ring", 0, 4) == ["canary", "pilot", "broad", "broad"]
    assert set(column("cluster", 0, 4)) == {"VDI Linux"}
    assert set(column("municipality", 0, 4)) == {"drechtsteden"}
    assert set(column("image", 0, 4)) == {"session-host"}


def test_no_two_hosts_of_a_full_lab_share_a_name():
    names = column("name", 100, 100)
    assert len(set(names)) == 200
    assert names[:2] + names[-1:] == ["DRD-KS-0001", "PAP-KS-0001", "DRS-VL-0100"]
    assert estate.hosts(0, 0) == ()


@pytest.fixture
def inventory(tmp_path):
    """Of two kiosks and three session hosts."""
    return compile_inventory(estate.snapshot(lab_in(tmp_path, 2, 3).hosts), config())


def test_the_registry_keeps_its_contract(tmp_path):
    things = managed_objects(estate.snapshot(lab_in(tmp_path, 50, 20).hosts), config())
    assert len(things) == 70
    assert [(host_name(thing), violations(thing, config())) for thing in things if violations(thing, config())] == []


def members(inventory, name):
    """The hosts in a group, those of the groups below it included."""
    group = next(group for group in inventory.groups if group.name == name)
    return sorted({*group.hosts, *(host for child in group.children for host in members(inventory, child))})


VDI = ["DRS-VL-0001", "DRS-VL-0002", "DRS-VL-0003"]
ADDRESSES = {"DRD-KS-0001": 10, "PAP-KS-0001": 11, "DRS-VL-0001": 12, "DRS-VL-0002": 13, "DRS-VL-0003": 14}


def test_the_inventory_has_every_host_at_its_address_and_none_is_set_apart(inventory):
    found = {host.name: host.vars["ansible_host"] for host in inventory.hosts}
    assert found == {name: f"198.18.9.{number}" for name, number in ADDRESSES.items()}
    names = {group.name for group in inventory.groups if group.hosts or group.children}
    assert not names & {QUARANTINE, OUT_OF_LIFECYCLE}
    assert inventory.warnings == ()


@pytest.mark.parametrize(
    ("group", "hosts"),
    [
        ("vdi_host", VDI),
        ("cluster_VDI_Linux", VDI),
        ("municipality_drechtsteden", VDI),
        ("workstation", ["DRD-KS-0001", "PAP-KS-0001"]),
        ("municipality_dordrecht", ["DRD-KS-0001"]),
        ("municipality_papendrecht", ["PAP-KS-0001"]),
        ("linux", ["DRD-KS-0001", *VDI, "PAP-KS-0001"]),
        ("platform_debian_12", ["PAP-KS-0001"]),
        ("ring_canary", ["DRD-KS-0001", "DRS-VL-0001", "PAP-KS-0001"]),
        ("ring_pilot", ["DRS-VL-0002"]),
        ("ring_broad", ["DRS-VL-0003"]),
    ],
)
def test_hosts_are_in_the_groups_that_policy_speaks_of(inventory, group, hosts):
    assert members(inventory, group) == hosts


def test_a_session_host_should_run_the_image_that_it_was_made_from(inventory):
    wanted = {host.name: host.vars["registry"]["custom_fields"]["image_version"] for host in inventory.hosts}
    version = images.RECIPES["session-host"].version
    assert wanted == {name: version if name in VDI else None for name in ADDRESSES}


def test_the_same_lab_is_the_same_file(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    files = [snapshot.to_bytes(estate.snapshot(lab_in(tmp_path / name).hosts)) for name in ("one", "two")]
    assert files[0] == files[1]
    file = tmp_path / "estate.json"
    file.write_bytes(files[0])
    assert snapshot.load(file) == estate.snapshot(lab_in(tmp_path / "one").hosts)
