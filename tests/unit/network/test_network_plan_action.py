"""Action plugin network_plan: which hosts of the inventory it takes for switches."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "rollout"))

from session_actions import plugin

network_plan = plugin("network_plan")
CLASSES = {"P1": "network", "Q1": "network", "Q2": "workstation", "W1": "workstation"}


def known(name):
    return {"workplace_class": CLASSES[name]} if name in CLASSES else {}


def test_switches_in_quarantine_are_taken_too_because_trunks_lead_to_them():
    groups = {"network": ["P1"], "quarantine": ["Q1", "Q2", "X1"], "workstation": ["W1"], "all": [*CLASSES, "X1"]}
    assert network_plan.switches(groups, known) == ["P1", "Q1"]


def test_an_inventory_without_switches_has_none():
    assert network_plan.switches({"all": ["W1"]}, known) == []
