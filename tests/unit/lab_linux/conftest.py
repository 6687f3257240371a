from __future__ import annotations

import os
from pathlib import Path

import pytest
from linux_lab import Programs, lab_in

from werkplek.lab.linux.model import LinuxLab


@pytest.fixture
def lab(tmp_path: Path) -> LinuxLab:
    """Two kiosks and one session host."""
    state = tmp_path / "lab"
    state.mkdir()
    return lab_in(state)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    """Programs before all others on PATH."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return Programs(folder)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the images of this test are."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "werkplek" / "images"
