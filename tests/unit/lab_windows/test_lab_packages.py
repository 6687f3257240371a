from __future__ import annotations

from pathlib import Path

import pytest

from werkplek.errors import WerkplekError
from werkplek.lab import packages

LISTED = "mono-mcs installed\nmono-runtime config-files\nlibmono-system-core4.0-cil installed\n"
MISSING = "mono-runtime libmono-system-management4.0-cil libmono-system-web-extensions4.0-cil"


def tool(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("os.geteuid", lambda: 0)
    tool(tmp_path, "dpkg-query", f"printf '{LISTED}'; exit 1")
    return tmp_path


def test_nothing_to_do_when_all_is_there(path: Path) -> None:
    tool(path, "dpkg-query", "printf '%s installed\\n' " + " ".join(packages.WINDOWS.packages))
    packages.ensure(packages.WINDOWS)


def test_root_installs_what_is_missing(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tool(path, "apt-get", f'echo "$DEBIAN_FRONTEND $*" >> {path}/log')
    packages.ensure(packages.WINDOWS)
    assert (path / "log").read_text().splitlines() == [
        "noninteractive --quiet -o DPkg::Lock::Timeout=600 update",
        f"noninteractive --quiet -o DPkg::Lock::Timeout=600 install --yes --no-install-recommends {MISSING}",
    ]
    names = MISSING.replace(" ", ", ")
    assert capsys.readouterr().err == f"werkplek: installing {names} for the lab's Windows hosts\n"


def test_others_are_told_what_to_type(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(WerkplekError) as caught:
        packages.ensure(packages.WINDOWS)
    assert str(caught.value) == (
        f"for the lab's Windows hosts packages are missing: sudo apt-get install --no-install-recommends {MISSING}"
    )


def test_an_apt_that_fails_is_shown(path: Path) -> None:
    tool(path, "apt-get", "echo no network >&2; exit 100")
    with pytest.raises(WerkplekError) as caught:
        packages.ensure(packages.WINDOWS)
    assert str(caught.value) == (
        "`apt-get --quiet -o DPkg::Lock::Timeout=600 update` failed;"
        f" install the packages by hand with: apt-get install --no-install-recommends {MISSING}\nno network"
    )


def test_without_dpkg_the_programs_count(path: Path) -> None:
    (path / "dpkg-query").unlink()
    assert packages.missing(packages.WINDOWS) == packages.WINDOWS.packages
    tool(path, "mcs", "")
    tool(path, "mono", "")
    assert packages.missing(packages.WINDOWS) == ()


def test_several_needs_are_one_installation(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tool(path, "apt-get", f'echo "$*" >> {path}/log')
    first, second, third = (packages.Need(f"use {name}", (name,), ()) for name in ("a", "mono-mcs", "b"))
    packages.ensure(first, second, third)
    assert (path / "log").read_text().splitlines()[1].endswith("install --yes --no-install-recommends a b")
    assert capsys.readouterr().err == "werkplek: installing a, b for use a and use b\n"
