"""`werkplek lab linux`: what it prints, as words and as JSON, and its exit codes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from linux_lab import lab_in
from typer.testing import CliRunner

from werkplek.cli import app as front
from werkplek.cli import lab_linux
from werkplek.errors import Exit, Problem, WerkplekError
from werkplek.lab.linux import control, directory, estate

RUNNER = CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"})


def ran(*words):
    """Exit code, standard output and standard error, as `werkplek` gives them."""
    result = RUNNER.invoke(front.app, ["lab", "linux", *map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """What was asked of the control, which always has a lab up."""
    seen = []

    def up(state, hosts, backend):
        seen.append((state, hosts, backend))
        return replace(lab_in(tmp_path, 1, 1), hosts=tuple(replace(host, address="198.18.9.10") for host in hosts))

    monkeypatch.setattr(control, "up", up)
    return seen


def test_a_lab_that_is_up_is_shown_with_a_command_that_uses_it(asked, tmp_path):
    code, text, error = ran("up", "--kiosks", 1, "--vdi", 1, "--state", tmp_path)
    assert (code, error) == (0, "")
    assert f"The Linux lab in {tmp_path} (nspawn)" in text
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in text.splitlines() if line.startswith("│")]
    assert rows == [
        ["DRD-KS-0001", "198.18.9.10", "workstation, debian-13", "dordrecht", "canary"],
        ["DRS-VL-0001", "198.18.9.10", "vdi_host, debian-13, cluster VDI Linux", "drechtsteden", "canary"],
    ]
    assert text.endswith(
        f"Inventory: {tmp_path}/inventory/registry.yml\nUse it, from the checkout:\n"
        f"  ansible-playbook -i {tmp_path}/inventory/registry.yml playbooks/site.yml"
        " --limit DRD-KS-0001 --check --diff\n"
    )


HOST = {
    "name": "DRS-VL-0001",
    "address": "198.18.9.10",
    "image": "session-host",
    "platform": "debian-13",
    "workplace_class": "vdi_host",
    "municipality": "drechtsteden",
    "ring": "canary",
    "cluster": "VDI Linux",
}


def test_a_lab_that_is_up_as_json(asked, tmp_path):
    code, text, error = ran("up", "--kiosks", 0, "--vdi", 1, "--state", tmp_path, "--json")
    assert (code, error) == (0, "")
    assert json.loads(text) == {
        "running": True,
        "state": str(tmp_path),
        "name": "wpabc",
        "backend": "nspawn",
        "network": "198.18.9.0/24",
        "hosts": [HOST],
        "example": f"ansible-playbook -i {tmp_path}/inventory/registry.yml playbooks/site.yml"
        " --limit DRS-VL-0001 --check --diff",
    }


def test_two_kiosks_and_three_session_hosts_unless_asked(asked, monkeypatch, tmp_path):
    monkeypatch.setenv("WERKPLEK_STATE", str(tmp_path / "kept"))
    assert ran("up")[0] == 0
    assert asked == [(tmp_path / "kept" / "linux-lab", estate.hosts(2, 3), "auto")]


def test_options_say_how_many_where_and_with_what(asked, tmp_path):
    assert ran("up", "--kiosks", 4, "--vdi", 0, "--backend", "docker", "--state", tmp_path)[0] == 0
    assert asked == [(tmp_path, estate.hosts(4, 0), "docker")]


@pytest.mark.parametrize("backend", [(), ("--backend", "nspawn")])
def test_a_directory_is_one_more_host_of_nspawn(asked, tmp_path, backend):
    assert ran("up", "--kiosks", 1, "--vdi", 0, "--directory", *backend, "--state", tmp_path)[0] == 0
    assert asked == [(tmp_path, (*estate.hosts(1, 0), directory.HOST), "nspawn")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("up", "--kiosks", 0, "--vdi", 0), "Invalid value for --kiosks, --vdi: 0 hosts; a lab has 1 to 200"),
        (("up", "--kiosks", 100, "--vdi", 101), "Invalid value for --kiosks, --vdi: 201 hosts; a lab has 1 to 200"),
        (("up", "--kiosks", -1), "Invalid value for '--kiosks'"),
        (("up", "--backend", "lxc"), "Invalid value for '--backend': 'lxc' is none of auto, nspawn, podman, docker"),
        (
            ("up", "--directory", "--backend", "docker"),
            "Invalid value for --directory: a directory needs --backend nspawn",
        ),
        (("down", "--now"), "No such option: --now"),
        (("sideways",), "No such command 'sideways'."),
    ],
)
def test_wrong_usage(asked, words, said):
    code, text, error = ran(*words)
    assert (code, text, asked) == (2, "", [])
    assert said in " ".join(error.replace("│", " ").split())


def test_a_full_lab_is_allowed(asked, tmp_path):
    assert ran("up", "--kiosks", 100, "--vdi", 100, "--state", tmp_path, "--json")[0] == 0
    assert len(asked[0][1]) == 200


def test_a_machine_that_cannot_has_a_code_of_its_own(monkeypatch, capsys, tmp_path):
    def up(state, hosts, backend):
        problem = Problem("backend nspawn", "no root", "a machine that can run it")
        raise WerkplekError("This machine cannot run the Linux lab.", [problem], code=Exit.UNAVAILABLE)

    monkeypatch.setattr(control, "up", up)
    monkeypatch.setattr("sys.argv", ["werkplek", "lab", "linux", "up", "--state", str(tmp_path)])
    with pytest.raises(SystemExit) as caught:
        front.main()
    said = capsys.readouterr()
    assert (caught.value.code, said.out) == (69, "")
    assert said.err == (
        "werkplek: This machine cannot run the Linux lab.\n"
        "  backend nspawn: found no root; expected a machine that can run it\n"
    )


@pytest.mark.parametrize(
    ("there", "words", "data"),
    [(True, "the Linux lab has ended", {"stopped": True}), (False, "no Linux lab ran in {}", {"stopped": False})],
)
def test_the_end_of_a_lab_or_of_none(monkeypatch, tmp_path, there, words, data):
    monkeypatch.setattr(control, "down", lambda state: there)
    assert ran("down", "--state", tmp_path) == (0, words.format(tmp_path) + "\n", "")
    code, text, error = ran("down", "--state", tmp_path, "--json")
    assert (code, json.loads(text), error) == (0, data, "")


def test_nothing_is_made_for_asking_about_a_lab(tmp_path):
    state = tmp_path / "nowhere"
    assert ran("down", "--state", state)[0] == 0
    assert ran("inventory", "--state", state)[0] == 1
    assert not state.exists()


def test_the_inventory_of_a_lab(monkeypatch, tmp_path):
    lab = lab_in(tmp_path, 0, 1)
    monkeypatch.setattr(control, "get", lambda state: lab)
    assert ran("inventory", "--state", tmp_path) == (0, f"{tmp_path}/inventory/registry.yml\n", "")
    code, text, error = ran("inventory", "--state", tmp_path, "--json")
    assert (code, error) == (0, "")
    assert json.loads(text) == {
        "running": True,
        "state": str(tmp_path),
        "name": "wpabc",
        "backend": "nspawn",
        "network": "198.18.9.0/24",
        "hosts": [HOST],
    }


def test_no_lab_has_no_inventory(monkeypatch, tmp_path):
    monkeypatch.setattr(control, "get", lambda state: None)
    assert ran("inventory", "--state", tmp_path) == (1, "", f"no Linux lab runs in {tmp_path}\n")
    assert ran("inventory", "--state", tmp_path, "--json") == (1, '{"running": false}\n', "")


def test_the_example_is_one_that_a_shell_understands(tmp_path):
    lab = replace(lab_in(tmp_path, 1, 0), state=tmp_path / "a b")
    assert lab_linux.example(lab).startswith(f"ansible-playbook -i '{tmp_path}/a b/inventory/registry.yml' playbooks/")


@pytest.mark.parametrize(
    ("command", "examples"),
    [
        ("up", ["up", "up --kiosks 50 --vdi 0 --state many", "up --kiosks 2 --vdi 0 --directory"]),
        ("down", ["down"]),
        ("inventory", ['inventory)" --graph', "inventory --json | jq .hosts"]),
    ],
)
def test_help_has_examples_that_are_commands(command, examples):
    code, text, _ = ran(command, "--help")
    assert code == 0
    lines = [line.strip(" │") for line in text.partition("Example")[2].splitlines()]
    for example in examples:
        assert [line for line in lines if line.endswith(f"werkplek lab linux {example}")]


def test_without_a_command_it_shows_its_help():
    code, text, error = ran()
    assert code == 2
    assert "werkplek lab linux [OPTIONS] COMMAND" in text + error
