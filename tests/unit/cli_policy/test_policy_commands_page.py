"""The examples in docs/policy-commands.md are real: they are what the commands print for the sample."""

import re
import shlex

import pytest
from policy_command_samples import swapped, write_files
from typer.testing import CliRunner

from werkplek.cli.policy import app
from werkplek.files import ROOT

PAGE = (ROOT / "docs" / "policy-commands.md").read_text()
EXAMPLES = re.findall(r"^```console\n\$ werkplek policy (.*)\n((?:.*\n)*?)```$", PAGE, re.M)
# How long Rich draws its rules, and names that follow from all of a sample's bytes, are not this page's matter.
UNTOLD = re.compile(r"─+|(?<=digest )[0-9a-f]{12}|(?<=    )[0-9a-f]{10}(?= )")


@pytest.fixture
def printed(root, run, git):
    """What a command prints for the sample as it was committed; what compares sees a value that has changed since."""
    git("add", "policies", "municipalities")
    git("commit", "-q", "-m", "Lock screens sooner where people come in from the street", name="Anna Smit")

    def output(words):
        if words[0] == "lint":
            lint = CliRunner(env={"COLUMNS": "100"}).invoke(app, ["lint", str(root)]).stdout
            return lint.replace(str(root), "/srv/werkplek")
        if words[0] in {"diff", "golden"}:
            run("golden")
            write_files(root, swapped("policies/municipality/papendrecht.yml", ("data: 300", "data: 240")))
        return run(*words, columns=100)[1] + "\n"

    return output


@pytest.mark.parametrize(("command", "expected"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_an_example_is_what_is_printed(printed, command, expected):
    assert UNTOLD.sub("…", printed(shlex.split(command))) == UNTOLD.sub("…", expected)


def test_every_command_has_an_example():
    commands = {info.name for info in app.registered_commands}
    assert commands == {"lint", "show", "explain", "diff", "controls", "waivers", "golden"}
    assert {command.split()[0] for command, _ in EXAMPLES} == commands
