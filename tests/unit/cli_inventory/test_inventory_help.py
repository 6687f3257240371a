"""Help of the group and its commands."""

import pytest
from typer.testing import CliRunner

from werkplek.cli import app as front


def help_of(*words):
    result = CliRunner(env={"COLUMNS": "200"}).invoke(front.app, [*words, "--help"])
    assert result.exit_code == 0
    return result.stdout


@pytest.mark.parametrize("command", ["snapshot", "check", "diff"])
def test_examples(command):
    text = help_of("inventory", command)
    assert "Examples" in text
    assert f"werkplek inventory {command}" in text


def test_exit_codes():
    text = " ".join(help_of("inventory").split())
    assert "3 read, and something was found: check has something to mend, diff has a difference." in text


def test_what_is_left_out_is_said():
    text = " ".join(help_of("inventory", "diff").replace("│", " ").split())
    assert "A host is left out when nothing is different but registry.last_updated and registry.url" in text
