"""The embedded estate's own inventory file says what the registry's does."""

import yaml

from werkplek.files import ROOT

ONLY_HERE = {"plugin", "snapshot", "municipalities_dir"}


def test_the_estates_inventory_file_uses_the_words_of_the_registry():
    real = yaml.safe_load((ROOT / "registry.yml").read_text())
    estate = yaml.safe_load((ROOT / "lab" / "estate.registry.yml").read_text())
    assert {key: estate[key] for key in estate.keys() - ONLY_HERE} == {
        key: real[key] for key in real.keys() - ONLY_HERE
    }
