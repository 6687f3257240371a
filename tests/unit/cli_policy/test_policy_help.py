"""Help of the group and its commands, and what is shown while something takes a while."""

import pytest
from typer.testing import CliRunner

from werkplek.cli import app as front
from werkplek.cli.policy import app
from werkplek.cli.test import checks
from werkplek.errors import Problem, WerkplekError

COMMANDS = ["lint", "show", "explain", "diff", "controls", "waivers", "golden"]


def help_of(*words):
    result = CliRunner(env={"COLUMNS": "200"}).invoke(front.app, [*words, "--help"])
    assert result.exit_code == 0
    return " ".join(result.stdout.replace("│", " ").split())


@pytest.mark.parametrize("command", COMMANDS)
def test_examples_and_exit_codes(command):
    text = help_of("policy", command)
    assert "Examples:" in text
    assert text.count(f"werkplek policy {command} ") >= 2
    assert "Exit code 0" in text


def test_exit_codes_of_the_group():
    assert (
        "3 done, and something was found: diff a difference, explain a setting that is not for this host,"
        " waivers --expiring some, golden --check files that are not as they should be." in help_of("policy")
    )
    assert "3 done, and something was found (each command says what)" in help_of()


@pytest.mark.parametrize("command", app.registered_commands, ids=lambda command: command.name)
def test_nothing_of_a_help_text_is_taken_for_markup(command):
    text, written = help_of("policy", command.name), command.callback.__doc__
    assert all(" ".join(paragraph.split()) in text for paragraph in written.split("\n\n"))


def test_brackets_in_arguments_are_shown():
    assert "MUNICIPALITY/CLASS[/PLATFORM[/RING[/SITE]]]" in help_of("policy", "show")
    assert "id[item] is one of a list." in help_of("policy", "explain")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["controls"], ["Reading the policy"]),
        (["show", "PAP-LT-1", "--source", "registry.yml"], ["Reading the policy", "Reading the registry"]),
        (["diff", ".", "--no-hosts"], ["Reading the policy of .", "Comparing"]),
        (["golden", "--check"], ["Reading the policy", "Resolving"]),
    ],
)
def test_a_terminal_shows_what_goes_on(root, monkeypatch, words, told):
    monkeypatch.chdir(root)
    terminal = CliRunner(env={"FORCE_COLOR": "1", "COLUMNS": "80", "TERM": "xterm"})
    shown = terminal.invoke(front.app, ["policy", words[0], "--root", ".", *words[1:]]).stderr
    assert all(f"{text} …" in shown for text in told)


def test_an_error_is_no_order_to_a_terminal(monkeypatch, capsys):
    def fail():
        raise WerkplekError("No.", [Problem("x\x9b", "\x1b[2J", "é")])

    monkeypatch.setattr(front, "app", fail)
    with pytest.raises(SystemExit):
        front.main()
    assert capsys.readouterr().err == "werkplek: No.\n  x\\x9b: found \\x1b[2J; expected é\n"


def test_the_suite_checks_golden_files():
    (check,) = (check for check in checks([]) if check.name == "policy golden")
    assert check.command[1:] == ("policy", "golden", "--check")
