"""Hosts of an inventory and combinations in words: which policy, or why there is none."""

import pytest
from policy_command_samples import device, write_registry

from werkplek.cli.policy_subject import read_inventory
from werkplek.errors import WerkplekError
from werkplek.policy.hosts import facts_by_host, facts_of, parse_combination
from werkplek.policy.model import Combination
from werkplek.registry.hosts import Host, Inventory


@pytest.fixture
def inventory(root):
    return read_inventory(root / "registry.yml")


def test_hosts_that_a_run_may_touch(inventory):
    found = facts_by_host(inventory)
    assert list(found) == ["PAP-LT-1", "PAP-LT-2", "PAP-LT-3", "ZWD-LT-1", "ZWD-VDI-1"]  # none planned, none broken
    assert found["PAP-LT-2"].combination == Combination(
        "workstation", ("windows-11", "windows"), "papendrecht", "canary", "stadhuis"
    )
    assert found["PAP-LT-2"].registry["url"] == "https://netbox.example/dcim/devices/2/"


def test_a_host_out_of_its_lifecycle_has_a_policy_to_look_at(inventory):
    assert facts_of(inventory, "PAP-LT-4").municipality == "papendrecht"


def refusal(inventory, name):
    with pytest.raises(WerkplekError) as caught:
        facts_of(inventory, name)
    return str(caught.value).splitlines()


def test_a_host_in_quarantine_has_none(inventory):
    assert refusal(inventory, "PAP-LT-5") == [
        "The host has no policy.",
        "  host PAP-LT-5: found one in quarantine; expected a host that meets the data contract."
        " `werkplek inventory check` shows what to mend.",
    ]


def test_a_host_that_another_inventory_gives_without_a_class(inventory):
    other = Inventory("a file", "", (), (Host("x", (), {"municipality": "papendrecht"}),), 0, {}, ())
    assert refusal(other, "x")[1] == (
        "  host x: found one without a municipality, class or platform; expected a host that meets the data contract."
        " `werkplek inventory check` shows what to mend."
    )


def test_a_name_that_no_host_has(inventory):
    assert refusal(inventory, "PAP-LT-11") == [
        "No such host.",
        "  https://netbox.example/: found 'PAP-LT-11'; expected one of its 7 hosts, or"
        " MUNICIPALITY/CLASS[/PLATFORM[/RING[/SITE]]]. Did you mean 'PAP-LT-1'?",
    ]


def test_another_registry_is_another_inventory(root):
    write_registry(root, device(1, "ONLY-1"))
    assert list(facts_by_host(read_inventory(root / "registry.yml"))) == ["ONLY-1"]


@pytest.mark.parametrize(
    ("text", "lineage", "ring", "site"),
    [
        ("a/workstation", ("windows-11", "windows"), "broad", ""),
        ("a/vdi_host", ("windows-server-2022", "windows"), "broad", ""),
        ("a/network", ("network_os",), "broad", ""),
        ("a/workstation/linux", ("linux",), "broad", ""),
        ("a/workstation/debian-13:debian:linux/pilot", ("debian-13", "debian", "linux"), "pilot", ""),
        ("a/workstation/windows-10/canary/stadhuis", ("windows-10", "windows"), "canary", "stadhuis"),
    ],
)
def test_combinations(text, lineage, ring, site):
    assert parse_combination(text) == Combination(text.split("/")[1], lineage, "a", ring, site)


FORM = "MUNICIPALITY/CLASS[/PLATFORM[/RING[/SITE]]]"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a/b/c/d/e/f", f"found 6 parts; expected {FORM}"),
        ("a/", f"found an empty part; expected {FORM}"),
        ("a/workstation//canary", f"found an empty part; expected {FORM}"),
        (
            "a/workstatoin",
            "found class 'workstatoin'; expected one of: workstation, vdi_host, network. Did you mean 'workstation'?",
        ),
        (
            "a/workstation/windows-11/canry",
            "found ring 'canry'; expected one of: canary, pilot, broad. Did you mean 'canary'?",
        ),
        (
            "a/workstation/debian-13",
            "found platform 'debian-13'; expected a platform of windows or linux: workstation has no other."
            " Give its parents too, as in debian-13:linux.",
        ),
        (
            "a/workstation/windowsx",
            "found platform 'windowsx'; expected a platform of windows or linux: workstation has no other."
            " Give its parents too, as in windowsx:linux.",
        ),
        (
            "a/network/windows-11",
            "found platform 'windows-11'; expected a platform of network_os: network has no other",
        ),
        (
            "a/workstation/:windows",
            "found platform ':windows'; expected a platform of windows or linux: workstation has no other",
        ),
    ],
)
def test_what_is_no_combination(text, line):
    with pytest.raises(WerkplekError) as caught:
        parse_combination(text)
    assert str(caught.value) == f"Not a combination.\n  '{text}': {line}"
