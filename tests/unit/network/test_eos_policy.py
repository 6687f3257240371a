"""The repository's whole network policy on the embedded estate's switch of platform EOS."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from eos_switches import DIALECT, Direct

from werkplek.cli.policy_subject import read_inventory
from werkplek.files import ROOT
from werkplek.lab.switches import estate, lab
from werkplek.network import engine, review
from werkplek.network.eos_session import EosSession
from werkplek.network.health import Patience
from werkplek.network.planning import with_settings
from werkplek.policy.compiled import open_store
from werkplek.policy.hosts import facts_of
from werkplek.registry.snapshot import load

NAME = "DRD-SW-0001"


@pytest.fixture(scope="module")
def subject(tmp_path_factory: pytest.TempPathFactory) -> review.Subject:
    """The switch with every setting and made-up secrets."""
    state = tmp_path_factory.mktemp("state")
    inventory = read_inventory(ROOT / "lab/estate.registry.yml")
    shown = review.subject(inventory, NAME, ROOT, state)
    call = open_store(ROOT, state / "policy").resolve(facts_of(inventory, NAME)).engines[review.ENGINE]
    request = call.request({name: f"geheim-van-{name}" for name in call.secrets})
    return replace(shown, document=with_settings(shown.document, request))


@pytest.mark.parametrize("old", [False, True])
def test_all_of_it_is_enforced_and_the_second_run_changes_nothing(
    subject: review.Subject, tmp_path: Path, old: bool
) -> None:
    devices = lab.devices(
        estate.hosts(load(ROOT / "lab/estate.json")), {DIALECT.name: DIALECT}, ("beheer", "geheim"), old
    )
    device = devices[NAME]

    def enforce() -> dict[str, Any]:
        patience = Patience(settle=0, pause=device.clock.advance, clock=device.clock.now)
        options = engine.Options(False, False, 5, patience, tmp_path, lambda: datetime(2026, 3, 1, tzinfo=UTC))
        session = EosSession(Direct(device))
        answer = engine.enforce(subject.document, subject.platform, session, options)
        return {row["id"]: row for row in json.loads(answer["settings"])}

    first = enforce()
    assert {row["status"] for row in first.values()} == {"changed", "compliant", "unsupported"}
    assert {name for name, row in first.items() if row["status"] == "changed"} > {"switch_ports", "switch_snmp"}
    running = DIALECT.running_text(device)
    second = enforce()
    assert {row["status"] for row in second.values()} == {"compliant", "unsupported"}
    assert DIALECT.running_text(device) == running == device.startup
    assert "public" not in running
    assert DIALECT.signs_in(device, "beheer", "geheim"), "a run never locks its operators out"


def test_a_masked_backup_compares_like_the_switch_itself(subject: review.Subject, tmp_path: Path) -> None:
    devices = lab.devices(estate.hosts(load(ROOT / "lab/estate.json")), {DIALECT.name: DIALECT}, ("beheer", "geheim"))
    device = devices[NAME]
    patience = Patience(settle=0, pause=device.clock.advance, clock=device.clock.now)
    options = engine.Options(False, False, 5, patience, tmp_path, lambda: datetime(2026, 3, 1, tzinfo=UTC))
    engine.enforce(subject.document, subject.platform, EosSession(Direct(device)), options)
    inventory = read_inventory(ROOT / "lab/estate.registry.yml")
    without = review.subject(inventory, NAME, ROOT, tmp_path / "state")
    found = review.compared(without, DIALECT.running_text(device))
    assert {name: one for name, one in found.differences.items() if one} == {}
