"""The C# of the modules: its own unit tests, and what its compilers and Ansible's payload ask of it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from ansible.executor.powershell.module_manifest import PSModuleDepFinder
from ansible.plugins.loader import ps_module_utils_loader
from windows_lab import ROOT, engine, mcs

from werkplek.lab.mono import repository_csharp

SOURCES = sorted(ROOT.glob("tests/csharp/*.cs"))
MODULES = {
    "windows_policy": "[Ansible.WorkplacePolicy.Policy]::Run($args)",
    "windows_session_host": "[Ansible.WorkplaceSessions.SessionHost]::Run($args)",
}
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


@pytest.mark.parametrize("module", MODULES)
def test_compiles_for_windows_alone_without_warnings(module: str, tmp_path: Path) -> None:
    # Ansible treats warnings as errors; those of its own Ansible.Basic.cs are mono's only
    sources = [source for source in engine() if source.name in sent(module)]
    output = mcs(tmp_path / "windows.dll", [*sources, STAND_IN], "-target:library", "-warn:4")
    assert [line for line in output.splitlines() if "warning" in line and "Workplace" in line] == []


def test_the_engine_knows_nothing_of_the_lab() -> None:
    for source in ROOT.glob("module_utils/*.cs"):
        assert not re.search(r"Werkplek\.Lab|WERKPLEK_LAB|MONO_", source.read_text()), source.name


def sent(module: str) -> set[str]:
    """The C# that Ansible sends for a module."""
    ps_module_utils_loader.add_directory(str(ROOT / "module_utils"))
    script = (ROOT / f"library/{module}.ps1").read_bytes()
    found = PSModuleDepFinder().scan_module(script, fqn=f"ansible.legacy.{module}", powershell=True)
    return {name for name in found if name.endswith(".cs")}


def test_the_payloads_hold_every_source_and_nothing_else() -> None:
    policy, sessions = (sent(module) for module in MODULES)
    assert policy == repository_csharp().keys()  # so edits and runs of it are one program of the lab
    assert policy | sessions == {source.name for source in engine()}
    assert policy & sessions == {"Ansible.Basic.cs", "Ansible.WorkplaceHost.cs", "Ansible.WorkplaceServices.cs"}


@pytest.mark.parametrize(("module", "line"), MODULES.items())
def test_a_module_is_one_executable_line(module: str, line: str) -> None:
    lines = (ROOT / f"library/{module}.ps1").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == [line]
