"""The C# of windows_policy: its own unit tests, and what its compilers and Ansible's payload ask of it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from ansible.executor.powershell.module_manifest import PSModuleDepFinder
from ansible.plugins.loader import ps_module_utils_loader
from windows_lab import ROOT, engine, mcs

SOURCES = sorted(ROOT.glob("tests/csharp/*.cs"))
STAND_IN = ROOT / "lab/windows/SystemManagementAutomation.cs"
TESTS = [
    f"{source.stem}.{name}"
    for source in SOURCES
    if source.stem.endswith("Tests")
    for name in re.findall(r"public static void (\w+)\(\)", source.read_text())
]


@pytest.fixture(scope="session")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    exe = tmp_path_factory.mktemp("csharp") / "tests.exe"
    mcs(exe, [*engine(), STAND_IN, *SOURCES])
    done = subprocess.run(["mono", str(exe)], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    found = dict(line.split(" ", 1)[::-1] for line in done.stdout.splitlines() if line.startswith("ok "))
    failed = re.findall(r"^FAIL (\S+) (.*)$", done.stdout, re.MULTILINE)
    assert done.returncode == len(failed)
    return found | dict(failed)


@pytest.mark.parametrize("name", TESTS)
def test_csharp(outcomes: dict[str, str], name: str) -> None:
    assert outcomes[name] == "ok"


def test_every_csharp_test_is_listed(outcomes: dict[str, str]) -> None:
    assert sorted(outcomes) == sorted(TESTS)


def test_compiles_for_windows_alone_without_warnings(tmp_path: Path) -> None:
    # Ansible treats warnings as errors; those of its own Ansible.Basic.cs are mono's only
    output = mcs(tmp_path / "windows.dll", [*engine(), STAND_IN], "-target:library", "-warn:4")
    assert [line for line in output.splitlines() if "warning" in line and "Workplace" in line] == []


def test_the_engine_knows_nothing_of_the_lab() -> None:
    for source in ROOT.glob("module_utils/*.cs"):
        assert not re.search(r"Werkplek\.Lab|WERKPLEK_LAB|MONO_", source.read_text()), source.name


def test_the_payload_holds_every_source_and_nothing_else() -> None:
    ps_module_utils_loader.add_directory(str(ROOT / "module_utils"))
    module = (ROOT / "library/windows_policy.ps1").read_bytes()
    found = PSModuleDepFinder().scan_module(module, fqn="ansible.legacy.windows_policy", powershell=True)
    assert {name for name in found if name.endswith(".cs")} == {source.name for source in engine()}


def test_the_module_is_one_executable_line() -> None:
    lines = (ROOT / "library/windows_policy.ps1").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == [
        "[Ansible.WorkplacePolicy.Policy]::Run($args)"
    ]
