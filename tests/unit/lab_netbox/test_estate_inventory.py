"""The embedded estate's own inventory file says what the registry's does."""

import yaml

from werkplek.files import ROOT
from werkplek.lab.windows_estate import DEFAULTS

ONLY_HERE = {"plugin", "snapshot", "municipalities_dir"}
OF_READING = {"include", "shrink_limit"}  # a snapshot says by itself what is in it


def test_the_estates_inventory_file_uses_the_words_of_the_registry():
    real = yaml.safe_load((ROOT / "registry.yml").read_text())
    estate = yaml.safe_load((ROOT / "lab" / "estate.registry.yml").read_text())
    shared = (real.keys() | estate.keys()) - ONLY_HERE - OF_READING
    assert {key: (DEFAULTS | estate)[key] for key in shared} == {key: real[key] for key in shared}
