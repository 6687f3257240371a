"""What is installed is what is pinned: collections by Galaxy's list and by the bundle, and no URL in a lock file."""

import importlib.util
import json
from pathlib import Path

import pytest
import yaml

from werkplek.files import ROOT

COLLECTIONS = yaml.safe_load((ROOT / "requirements.yml").read_text())["collections"]


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda collection: collection["name"])
def test_the_bundle_gives_the_version_that_galaxy_would(collection):
    spec = importlib.util.find_spec("ansible")
    assert spec is not None and spec.origin is not None
    site = Path(spec.origin).parents[1]
    manifest = site / "ansible_collections" / Path(*collection["name"].split(".")) / "MANIFEST.json"
    assert json.loads(manifest.read_text())["collection_info"]["version"] == collection["version"]


@pytest.mark.parametrize("name", ["run.txt", "dev.txt", "collections.txt"])
def test_every_requirement_is_pinned_and_hashed_without_an_address(name):
    lines = (ROOT / "requirements" / name).read_text().splitlines()
    packages = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert packages
    assert all("==" in line and line.endswith("\\") for line in packages)
    assert not [line for line in lines if "://" in line]


def test_the_running_set_is_part_of_the_development_set():
    def pins(name):
        lines = (ROOT / "requirements" / name).read_text().splitlines()
        return {line.split(";")[0].strip(" \\") for line in lines if "==" in line}

    assert pins("run.txt") <= pins("dev.txt")
