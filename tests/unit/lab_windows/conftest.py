from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from werkplek.lab import control
from werkplek.lab.status import LabStatus

# Windows: PAP-WS-001 .. PAP-WS-002 and DOR-WS-001 on 127.0.91.1-3; PAP-LX-001 is Linux; PAP-WS-005 has no address.
ESTATE = Path(__file__).parents[2] / "data" / "lab" / "estate.json"


@pytest.fixture(scope="session")
def estate() -> Path:
    return ESTATE


@pytest.fixture(scope="session", autouse=True)
def _own_state_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKPLEK_STATE", str(tmp_path_factory.mktemp("werkplek")))
        yield


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, estate: Path) -> Iterator[LabStatus]:
    state = tmp_path_factory.mktemp("lab")
    yield control.up(state, estate=estate)
    control.down(state)
