from __future__ import annotations

import os
from pathlib import Path

import pytest
from linux_lab import Programs, lab_in
from linux_lab_backend import Remembered

from werkplek.lab.linux import control, images
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


SSH_KEYGEN = """for last in "$@"; do :; done
[ -e "$last" ] && exit 1
echo "private $$" > "$last"
echo "ssh-ed25519 $$" > "$last.pub"
"""


@pytest.fixture
def backend(programs, monkeypatch) -> Remembered:
    """The only backend of this machine; images need not be built."""
    remembered = Remembered()
    programs.make("ssh-keygen", SSH_KEYGEN)
    monkeypatch.setattr(control, "backends", lambda: (remembered,))
    monkeypatch.setattr(control, "answers", remembered.answers)
    monkeypatch.setattr(images, "image", lambda name: remembered.calls.append(f"image {name}"))
    return remembered


@pytest.fixture
def state(tmp_path) -> Path:
    return tmp_path / "state"
