"""What goes wrong on switches: a clear error, a switch that runs what it ran before, and the others as if nothing were.

The switches are the lab's doubles, never the real systems.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import pytest
from conftest import Played, runner
from switch_plays import CANARY, NETWORK, message, recap, secrets

from werkplek.lab.switches import manage
from werkplek.lab.switches.client import NetworkClient
from werkplek.lab.switches.status import NetworkLab

COUNT = 24
# One fault each; all in one run, in which each ring has a switch without one.
FAULTS: Mapping[str, Mapping[str, object]] = {
    "ALB-SW-0001": {"slow_seconds": 0.01},
    "DRD-SW-0001": {"missing_members": [2]},
    "DRD-SW-0003": {"drop_after": 60},
    "DRD-SW-0005": {"prompt_after": 60},
    "HIA-SW-0001": {"locked_by": "anders"},
    "SLD-SW-0001": {"startup_full": True},
    "SLD-SW-0003": {"missing_ports": ["GigabitEthernet1/0/5"]},
    "HIA-SW-0005": {"drop_after": 60},
    "HIA-SW-0006": {"other_system": True},
    "HIA-SW-0007": {"vlans_full": True},
    "PAP-SW-0001": {"refuse_sign_in": True},
    "SLD-SW-0004": {"locked_by": "anders"},
}
WELL = ("ALB-SW-0001", "HIA-SW-0002", "PAP-SW-0002", "ZWD-SW-0001")
ILL = tuple(sorted({*FAULTS} - {*WELL}))
SAME = "it runs what it ran before"
MESSAGES = {
    "DRD-SW-0001": ("found 1 member(s) of the stack: 1; expected 2, as the registry says",),
    "DRD-SW-0003": ("the session was lost (", ": the switch closed the session); " + SAME),
    "DRD-SW-0005": ("the session was lost (", "command timeout triggered, timeout value is 5 secs", "); " + SAME),
    "HIA-SW-0001": ("configure terminal: Configuration mode locked exclusively by user", f"try later.; {SAME}"),
    "SLD-SW-0001": ("write memory", SAME),
    "SLD-SW-0003": ("found 1 port(s) that the switch has not: GigabitEthernet1/0/5 (https://netbox.example/",),
    "HIA-SW-0005": ("the session was lost (the switch closed the session); " + SAME,),
    "HIA-SW-0006": ("expected platform arista-eos, as the registry says",),
    "HIA-SW-0007": (SAME,),
    "PAP-SW-0001": ("PAP-SW-0001 could not be read; nothing was changed.",),
    "SLD-SW-0004": ("anders", SAME),
}


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkLab]:
    state = tmp_path_factory.mktemp("faulty")
    yield manage.up(state, COUNT)
    manage.down(state)


@pytest.fixture(scope="module")
def switches(network: NetworkLab) -> Iterator[NetworkClient]:
    with NetworkClient(network.state) as client:
        yield client


@pytest.fixture(scope="module")
def before(network: NetworkLab, switches: NetworkClient) -> Mapping[str, Mapping[str, object]]:
    """What every switch ran and had saved before the run."""
    return {name: switches.show(name) for name in network.ports}


@pytest.fixture(scope="module")
def played(
    network: NetworkLab,
    switches: NetworkClient,
    before: Mapping[str, object],
    tmp_path_factory: pytest.TempPathFactory,
) -> Played:
    """One run over switches with and without faults, and the distribution switch that some of them hang from."""
    assert before
    for name, faults in FAULTS.items():
        switches.fault(name, **faults)
    play = partial(runner(network.registry, tmp_path_factory.mktemp("state")), **secrets())
    limit = ",".join([*WELL, *ILL, "DRS-DSW-0001"])
    return play(NETWORK, "--limit", limit, "-e", "ansible_command_timeout=5")


def test_the_others_are_changed_as_if_nothing_were(played: Played):
    found = recap(played)
    assert {name: found[name] for name in WELL} == dict.fromkeys(WELL, "changed"), played.text


@pytest.mark.parametrize("name", ILL)
def test_a_fault_is_told_and_the_switch_runs_what_it_ran(
    name: str, played: Played, before: Mapping[str, Mapping[str, object]], switches: NetworkClient
):
    assert recap(played)[name] == "failed"
    said = message(played, name)
    assert [part for part in MESSAGES[name] if part not in said] == [], said[-700:]
    switches.heal(name)
    after = switches.show(name)
    assert after["running"] == before[name]["running"]
    assert after["startup"] == before[name]["startup"]
    assert after["pending"] == before[name]["pending"], "nothing that would still restart it or take it back"


def test_a_switch_is_left_alone_when_one_behind_it_failed(
    played: Played, before: Mapping[str, Mapping[str, object]], switches: NetworkClient
):
    said = message(played, "DRS-DSW-0001")
    assert "This switch is left as it is." in said
    assert "found a failure in this run on DRD-SW-0001, HIA-SW-0001, PAP-SW-0001, SLD-SW-0001, reached" in said
    assert switches.show("DRS-DSW-0001") == before["DRS-DSW-0001"], "nobody even signed in"


def test_no_secret_is_in_what_was_said(played: Played):
    assert CANARY not in played.text
