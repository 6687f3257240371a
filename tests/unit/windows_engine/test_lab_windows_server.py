"""The lab's Windows server, and the whole policy of a session host on it, by the real engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from windows_lab import ROOT, LabHost

from werkplek.policy.loader import load_repository
from werkplek.policy.model import Combination
from werkplek.policy.resolver import resolve

PLATFORM = "windows-server-2022"
NT = r"HKLM:\software\microsoft\windows nt\currentversion"
PROFILE_GROUP = "S-1-5-21-1004336348-1177238915-682003330-1010"


@pytest.fixture
def server(lab_exe: Path, tmp_path: Path) -> LabHost:
    return LabHost(lab_exe, tmp_path, PLATFORM)


def test_a_server_is_a_workstation_but_for_what_its_own_file_says(server: LabHost, lab_exe: Path, tmp_path: Path):
    (tmp_path / "other").mkdir()
    begun, workstation = server.dump(), LabHost(lab_exe, tmp_path / "other").dump()
    assert begun["services"]["TermService"]["start"] == "automatic"
    assert "WlanSvc" in workstation["services"].keys() - begun["services"].keys()
    assert begun["local_groups"][PROFILE_GROUP]["name"] == "FSLogix Profile Exclude List"
    assert PROFILE_GROUP not in workstation["local_groups"]
    assert begun["audit"] == workstation["audit"]
    assert begun["registry"][NT]["ProductName"] == "string:Windows Server 2022 Datacenter"


@pytest.fixture(scope="module")
def settings() -> list[dict[str, object]]:
    combination = Combination("vdi_host", (PLATFORM, "windows"), "drechtsteden", "broad", "")
    policy = resolve(load_repository(ROOT).parts["vdi_host", "drechtsteden"], combination).for_host({})
    assert list(policy.engines) == ["windows_policy"]
    wired: list[dict[str, object]] = json.loads(policy.engines["windows_policy"].request())["settings"]
    return wired


def test_the_whole_policy_of_a_session_host_holds_after_one_run(server: LabHost, settings: list[dict[str, object]]):
    assert len(settings) > 500
    foreseen = server.run(settings, check=True)
    first, second = server.run(settings), server.run(settings)
    assert foreseen.statuses == {"compliant", "noncompliant"}
    assert first.statuses == {"compliant", "changed"}
    assert (second.changed, second.statuses) == (False, {"compliant"})
    members = server.dump()["local_groups"][PROFILE_GROUP]["members"]
    assert members == ["S-1-5-32-544"]


def test_a_server_without_profile_containers_says_which_group_is_missing(
    lab_exe: Path, tmp_path: Path, settings: list[dict[str, object]]
):
    answer = LabHost(lab_exe, tmp_path).run(settings)
    assert [name for name, row in answer.results.items() if row["status"] == "failed"] == [
        "fslogix_exclude_administrators"
    ]
    message = answer.results["fslogix_exclude_administrators"]["message"]
    assert message == "cannot read: local group FSLogix Profile Exclude List does not exist"
