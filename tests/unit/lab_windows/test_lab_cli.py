from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from werkplek import processes
from werkplek.cli.lab import app
from werkplek.errors import WerkplekError
from werkplek.lab import control
from werkplek.lab.client import LabClient
from werkplek.lab.status import LabStatus

RUNNER = CliRunner(env={"COLUMNS": "200"})


def lab_command(*words: object) -> tuple[int, str]:
    result = RUNNER.invoke(app, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def test_up_status_down(tmp_path: Path, estate: Path) -> None:
    state = tmp_path / "lab"
    code, text = lab_command("up", "--state", state, "--estate", estate)
    lab = control.get(state)
    assert lab is not None
    line = (
        f"  ansible-playbook -i {state}/inventory/registry.yml playbooks/site.yml --limit PAP-WS-001 --check --diff\n"
    )
    assert code == 0
    assert text.endswith(f"Use it, from the checkout:\n{line}")
    assert f"3 on port {lab.winrm_port}" in text
    assert lab.netbox_url in text

    code, text = lab_command("status", "--state", state, "--json")
    assert (code, json.loads(text)) == (0, {"running": True, **lab.to_json(), "example": line.strip()})
    assert lab_command("down", "--state", state) == (0, "the lab has stopped\n")
    assert lab_command("down", "--state", state) == (0, f"no lab ran in {state}\n")
    assert lab_command("status", "--state", state) == (1, f"no lab runs in {state}\n")
    assert lab_command("status", "--state", state, "--json") == (1, '{"running": false}\n')


def test_status_after_a_kill(tmp_path: Path, estate: Path) -> None:
    lab = control.up(tmp_path, estate=estate)
    os.kill(lab.pid, signal.SIGKILL)
    assert processes.wait_gone(lab.pid, lab.started, 10)
    assert lab_command("status", "--state", tmp_path) == (1, f"no lab runs in {tmp_path}\n")
    assert lab_command("up", "--state", tmp_path, "--estate", estate, "--json")[0] == 0
    assert lab_command("down", "--state", tmp_path, "--json") == (0, '{"stopped": true}\n')


def test_edit(lab: LabStatus, tmp_path: Path) -> None:
    file = tmp_path / "edits.json"
    file.write_text('[{"kind": "service", "name": "Spooler", "start": "disabled", "status": "stopped"}]')
    assert lab_command("edit", "PAP-WS-001", file, "--state", lab.state) == (0, "PAP-WS-001: 1 edit made\n")
    with LabClient(lab.state) as client:
        assert client.dump("PAP-WS-001") != client.dump("PAP-WS-002")


@pytest.mark.parametrize(("text", "found"), [("{}", "dict; expected a list of edits"), ("[", "Expecting value")])
def test_edits_that_are_no_list_are_refused(lab: LabStatus, tmp_path: Path, text: str, found: str) -> None:
    file = tmp_path / "edits.json"
    file.write_text(text)
    with pytest.raises(WerkplekError) as caught:
        lab_command("edit", "PAP-WS-001", file, "--state", lab.state)
    assert str(caught.value).startswith(f"The edits cannot be read:\n  {file}: found {found}")


def test_fault_and_heal(lab: LabStatus) -> None:
    state = ("--state", lab.state)
    assert lab_command("fault", "PAP-WS-001", "slow", "--seconds", 2, "--times", 1, *state) == (
        0,
        "PAP-WS-001: slow set\n",
    )
    with LabClient(lab.state) as client:
        assert client.stats()["faults"] == {"PAP-WS-001": [{"kind": "slow", "times": 1, "seconds": 2.0, "fired": 0}]}
        assert lab_command("heal", *state) == (0, "all hosts: healed\n")
        assert client.stats()["faults"] == {}
    with pytest.raises(
        WerkplekError, match=r"^This fault cannot be set:\n  fault\.kind: found broken; expected one of"
    ):
        lab_command("fault", "PAP-WS-001", "broken", *state)


def test_without_a_lab_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(WerkplekError) as caught:
        lab_command("heal", "--state", tmp_path)
    assert str(caught.value) == f"no lab runs in {tmp_path}; start one with `werkplek lab up`"
