from __future__ import annotations

import time
from pathlib import Path

import pytest
from xrdp_host import XrdpHost


@pytest.fixture
def host(tmp_path: Path) -> XrdpHost:
    return XrdpHost(tmp_path)


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What was slept, in seconds; nobody waits for it."""
    seconds: list[float] = []
    monkeypatch.setattr(time, "sleep", seconds.append)
    return seconds
