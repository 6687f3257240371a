"""Real Ansible against a running lab."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from werkplek.files import ROOT
from werkplek.lab import control
from werkplek.lab.client import LabClient
from werkplek.lab.status import LabStatus
from werkplek.lab.windows_faults import Fault

ESTATE = Path(__file__).parents[1] / "data" / "lab" / "estate.json"
SETTING = {
    "id": "lock",
    "kind": "registry",
    "path": r"HKLM:\SOFTWARE\Policies\Lab",
    "name": "Lock",
    "type": "dword",
    "data": 5,
    "state": "present",
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabStatus]:
    state = tmp_path_factory.mktemp("lab")
    yield control.up(state, estate=ESTATE)
    control.down(state)


@pytest.fixture
def client(lab: LabStatus) -> Iterator[LabClient]:
    with LabClient(lab.state) as control_client:
        yield control_client
        control_client.clear_faults()


HEAD = re.compile(r"^(\S+) \| (\w+!?)(?: \| rc=-?\d+)? (?:=>|>>)[ ]?", re.MULTILINE)


def ansible(lab: LabStatus, tmp_path: Path, hosts: str, module: str, *more: str) -> dict[str, dict[str, Any]]:
    """Result per host, with `state` (SUCCESS, CHANGED, FAILED!, UNREACHABLE!); other than JSON is under `text`.

    The playbook folder is named, because group_vars beside it would outrank the inventory's.
    """
    command = [
        *(str(Path(sys.executable).with_name("ansible")), hosts, "-m", module, "-i", str(lab.registry)),
        *("--playbook-dir", str(ROOT / "playbooks"), *more),
    ]
    environment = {
        **os.environ,
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
        "ANSIBLE_NOCOLOR": "1",
        "WERKPLEK_STATE": str(tmp_path / "state"),
    }
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    parts = HEAD.split(run.stdout)[1:]
    assert parts, run.stdout + run.stderr
    return {host: {"state": state, **body(text)} for host, state, text in zip(*[iter(parts)] * 3, strict=True)}


def body(text: str) -> dict[str, Any]:
    """What follows a host's name: JSON, or the raw module's words."""
    try:
        found: dict[str, Any] = json.JSONDecoder().raw_decode(text)[0]
    except ValueError:
        return {"text": text}
    return found


def policy(*settings: dict[str, Any]) -> str:
    return json.dumps({"policy": json.dumps({"schema": 1, "settings": settings})})


def test_win_ping_reaches_every_windows_host(lab: LabStatus, tmp_path: Path) -> None:
    results = ansible(lab, tmp_path, "windows", "ansible.windows.win_ping")
    assert {host: result["ping"] for host, result in results.items()} == dict.fromkeys(lab.hosts, "pong")


def test_the_facts_are_windows(lab: LabStatus, client: LabClient, tmp_path: Path) -> None:
    client.set_fault("PAP-WS-001", Fault("reboot_pending"))
    results = ansible(lab, tmp_path, "PAP-WS-001,PAP-WS-002", "setup")
    facts = {host: result["ansible_facts"] for host, result in results.items()}
    assert {host: item["ansible_os_family"] for host, item in facts.items()} == dict.fromkeys(facts, "Windows")
    assert {host: item["ansible_reboot_pending"] for host, item in facts.items()} == {
        "PAP-WS-001": True,
        "PAP-WS-002": False,
    }


def test_windows_policy_runs_for_real(lab: LabStatus, client: LabClient, tmp_path: Path) -> None:
    def statuses(*more: str) -> list[str]:
        result = ansible(lab, tmp_path, "PAP-WS-002", "windows_policy", "-a", policy(SETTING), *more)["PAP-WS-002"]
        return [row["status"] for row in json.loads(result["settings"])]

    factory = client.dump("PAP-WS-002")
    assert statuses("--check") == ["noncompliant"]
    assert client.dump("PAP-WS-002") == factory
    assert [statuses(), statuses()] == [["changed"], ["compliant"]]
    client.edit("PAP-WS-002", [{**{name: SETTING[name] for name in SETTING if name != "id"}, "data": 6}])
    assert statuses("--check", "--diff") == ["noncompliant"]
    client.reset("PAP-WS-002")
    assert client.dump("PAP-WS-002") == factory


def test_other_modules_and_raw_commands_fail(lab: LabStatus, tmp_path: Path) -> None:
    shell = ansible(lab, tmp_path, "PAP-WS-001", "ansible.windows.win_shell", "-a", "whoami")["PAP-WS-001"]
    assert shell["state"] == "FAILED"
    assert "the lab does not know module ansible.windows.win_shell" in shell["text"]
    raw = ansible(lab, tmp_path, "PAP-WS-001", "ansible.builtin.raw", "-a", "whoami")["PAP-WS-001"]
    assert raw["state"] == "FAILED"
    assert "the lab runs modules only, no raw commands" in raw["text"]


def test_a_file_cannot_be_copied(lab: LabStatus, tmp_path: Path) -> None:
    words = f"src={ROOT / 'LICENSE'} dest=C:\\Temp\\LICENSE"
    result = ansible(lab, tmp_path, "PAP-WS-001", "ansible.windows.win_copy", "-a", words)["PAP-WS-001"]
    assert result["state"] == "FAILED!"
    assert "the lab does not " in result["msg"]


def ping(lab: LabStatus, tmp_path: Path) -> dict[str, Any]:
    return ansible(lab, tmp_path, "PAP-WS-001", "ansible.windows.win_ping")["PAP-WS-001"]


def test_a_host_that_is_down_is_unreachable(lab: LabStatus, client: LabClient, tmp_path: Path) -> None:
    client.set_fault("PAP-WS-001", Fault("down", times=1))
    result = ping(lab, tmp_path)
    assert result["state"] == "UNREACHABLE!"
    assert "Connection aborted." in result["msg"]
    assert ping(lab, tmp_path)["ping"] == "pong"


def test_refused_credentials_are_unreachable(lab: LabStatus, client: LabClient, tmp_path: Path) -> None:
    client.set_fault("PAP-WS-001", Fault("unauthorized", times=1))
    result = ping(lab, tmp_path)
    assert result["state"] == "UNREACHABLE!"
    assert "basic: the specified credentials were rejected by the server" in result["msg"]


@pytest.mark.parametrize("fault", [Fault("cut", times=1), Fault("cut", times=1, nth=2), Fault("cut", times=1, nth=3)])
def test_a_connection_that_is_cut_fails(lab: LabStatus, client: LabClient, tmp_path: Path, fault: Fault) -> None:
    client.set_fault("PAP-WS-001", fault)
    result = ping(lab, tmp_path)
    assert result["state"] in ("FAILED!", "UNREACHABLE!")
    assert client.stats()["faults"]["PAP-WS-001"][0]["fired"] == 1
    assert ping(lab, tmp_path)["ping"] == "pong"


def test_a_full_disk_fails_with_windows_words(lab: LabStatus, client: LabClient, tmp_path: Path) -> None:
    client.set_fault("PAP-WS-001", Fault("disk_full"))
    result = ansible(lab, tmp_path, "PAP-WS-001", "windows_policy", "-a", policy(SETTING))["PAP-WS-001"]
    assert (result["state"], result["msg"]) == ("FAILED!", "There is not enough space on the disk.")
