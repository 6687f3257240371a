"""The front door: help with examples on every command, and errors that are words with a documented exit code."""

import re

import pytest
from typer.testing import CliRunner

from werkplek.cli import app as front
from werkplek.errors import Exit, Problem, WerkplekError
from werkplek.files import ROOT
from werkplek.lab import packages

COMMANDS = (
    *(["demo"], ["test"], ["report"], ["policy", "lint"], ["lab", "up"], ["lab", "edit"], ["lab", "fault"]),
    *(["inventory", "snapshot"], ["inventory", "check"], ["inventory", "diff"], ["roles", "docs"]),
    *(["lab", "linux", "up"], ["lab", "linux", "down"], ["lab", "linux", "inventory"]),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_examples(command):
    result = CliRunner().invoke(front.app, [*command, "--help"])
    assert result.exit_code == 0
    assert "Examples" in result.stdout or "Example" in result.stdout
    assert "werkplek " + " ".join(command) in result.stdout


def ended(monkeypatch, capsys, error):
    def fail():
        raise error

    monkeypatch.setattr(front, "app", fail)
    with pytest.raises(SystemExit) as caught:
        front.main()
    return caught.value.code, capsys.readouterr().err


def test_an_error_is_its_words_and_its_code(monkeypatch, capsys):
    error = WerkplekError("No.", [Problem("here:1", "this", "that", "Do so.")])
    assert ended(monkeypatch, capsys, error) == (1, "werkplek: No.\n  here:1: found this; expected that. Do so.\n")
    assert ended(monkeypatch, capsys, KeyboardInterrupt()) == (130, "")


def test_missing_software_has_a_code_of_its_own(monkeypatch, capsys):
    monkeypatch.setattr(packages, "missing", lambda need: ("mono-mcs",))
    monkeypatch.setattr(packages.os, "geteuid", lambda: 1000)
    with pytest.raises(WerkplekError) as caught:
        packages.ensure(packages.WINDOWS)
    assert caught.value.code == Exit.UNAVAILABLE == 69


def test_every_exit_code_is_documented():
    documented = re.findall(
        r"^\| (\d+) \|", (ROOT / "docs" / "exit-codes.md").read_text().split("## `ansible")[0], re.M
    )
    assert [int(code) for code in documented] == sorted(Exit)
