from __future__ import annotations

from pathlib import Path

import pytest
from windows_lab import ROOT, LabHost, engine, mcs


@pytest.fixture(scope="session")
def lab_exe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    exe = tmp_path_factory.mktemp("lab") / "lab.exe"
    mcs(exe, [*engine(), *sorted(ROOT.glob("lab/windows/**/*.cs"))], "-define:SESSIONS")
    return exe


@pytest.fixture
def host(lab_exe: Path, tmp_path: Path) -> LabHost:
    return LabHost(lab_exe, tmp_path)
