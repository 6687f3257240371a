"""Action plugin network_plan: which hosts of the inventory it takes for switches."""

import importlib.util

from werkplek.files import ROOT

SPEC = importlib.util.spec_from_file_location("action_network_plan", ROOT / "action_plugins" / "network_plan.py")
network_plan = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(network_plan)
CLASSES = {"P1": "network", "Q1": "network", "Q2": "workstation", "W1": "workstation"}


def known(name):
    return {"workplace_class": CLASSES[name]} if name in CLASSES else {}


def test_switches_in_quarantine_are_taken_too_because_trunks_lead_to_them():
    groups = {"network": ["P1"], "quarantine": ["Q1", "Q2", "X1"], "workstation": ["W1"], "all": [*CLASSES, "X1"]}
    assert network_plan.switches(groups, known) == ["P1", "Q1"]


def test_an_inventory_without_switches_has_none():
    assert network_plan.switches({"all": ["W1"]}, known) == []
