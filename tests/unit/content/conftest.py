"""The repository's own policies and municipalities."""

import csv

import pytest
import yaml
from content_facts import ROOT, Written, read_settings

from werkplek.policy.loader import Repository, load_repository


@pytest.fixture(scope="session")
def written() -> list[Written]:
    return read_settings()


@pytest.fixture(scope="session")
def repository() -> Repository:
    return load_repository(ROOT)


@pytest.fixture(scope="session")
def municipalities() -> dict[str, dict]:
    return {path.stem: yaml.safe_load(path.read_text()) for path in sorted((ROOT / "municipalities").glob("*.yml"))}


@pytest.fixture(scope="session")
def bio2_numbers() -> set[str]:
    with (ROOT / "policies/controls/bio2.csv").open(newline="") as file:
        return {row["number"] for row in csv.DictReader(file)}
