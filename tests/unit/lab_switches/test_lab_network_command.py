"""`werkplek lab network`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from werkplek.cli.app import app
from werkplek.lab.switches import known_hosts, manage
from werkplek.lab.switches.client import NetworkClient
from werkplek.lab.switches.status import NetworkFiles

RUNNER = CliRunner()


def run(*words: str) -> tuple[int, str]:
    """Exit code and what is printed."""
    result = RUNNER.invoke(app, ["lab", "network", *words])
    return result.exit_code, result.output


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for a lab, which ends with the test; the account's known_hosts is another file."""
    monkeypatch.setattr(known_hosts, "own_file", lambda: tmp_path / "home" / ".ssh" / "known_hosts")
    yield tmp_path / "lab"
    manage.down(tmp_path / "lab")


def test_without_a_lab_there_is_no_inventory_and_nothing_to_end(state: Path) -> None:
    assert run("inventory", "--state", str(state)) == (1, f"no switches run in {state}\n")
    assert run("inventory", "--state", str(state), "--json") == (1, '{"running": false}\n')
    assert run("down", "--state", str(state)) == (0, f"no switches ran in {state}\n")


def test_a_lab_comes_up_is_found_and_goes_away(state: Path) -> None:
    code, text = run("up", "--state", str(state), "--switches", "3", "--json")
    lab = json.loads(text)
    assert (code, lab["running"], lab["fabric"], len(lab["ports"])) == (0, True, False, 3)
    files = NetworkFiles(state)
    assert len(known_hosts.own_file().read_text().splitlines()) == 3
    assert run("inventory", "--state", str(state)) == (0, f"{files.inventory}/registry.yml\n")
    with NetworkClient(state) as client:
        name = next(iter(lab["ports"]))
        assert f"hostname {name}" in client.show(name)["running"]
    assert run("up", "--state", str(state), "--switches", "3")[0] == 0
    with pytest.raises(Exception, match="a lab with 3 switches and no fabric runs in"):
        manage.up(state, 4)
    assert run("down", "--state", str(state), "--json") == (0, '{"stopped": true}\n')
    assert not known_hosts.own_file().exists()
    assert not files.password.exists()
    assert run("inventory", "--state", str(state))[0] == 1


def test_one_switch_is_no_network(state: Path) -> None:
    code, text = run("up", "--state", str(state), "--switches", "1")
    assert code == 2
    assert "--switches" in text
