"""A sample repository with a registry beside it, a fixed day, git repositories, and the command itself."""

import os
import subprocess

import pytest
from policy_command_samples import TODAY, write_files, write_registry
from typer.testing import CliRunner

from werkplek.cli import policy_diff, policy_lint, policy_subject, policy_waivers
from werkplek.cli.policy import app
from werkplek.policy import loader


@pytest.fixture
def today(monkeypatch):
    """Lets a test say which day it is; TODAY until then."""

    def day(text):
        for module in (loader, policy_diff, policy_lint, policy_subject, policy_waivers):
            monkeypatch.setattr(module, "today_utc", lambda: text)

    day(TODAY)
    return day


@pytest.fixture
def root(tmp_path, today, monkeypatch):
    """The sample, with its registry, in a folder of its own that no git repository is around."""
    monkeypatch.setenv("WERKPLEK_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    folder = write_files(tmp_path / "sample")
    write_registry(folder)
    return folder


@pytest.fixture
def run(root):
    """Runs `werkplek policy WORDS`: exit code and output, without blanks at line ends. A WerkplekError is raised."""

    def policy(*words, columns=100):
        options = ["--root", str(root)]
        if words[0] in {"show", "explain", "diff"} and "--source" not in words:
            options += ["--source", str(root / "registry.yml")]
        command = [words[0], *options, *map(str, words[1:])]
        result = CliRunner(env={"COLUMNS": str(columns), "NO_COLOR": "1"}).invoke(app, command)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 2 or result.stderr == ""
        output = result.stderr if result.exit_code == 2 else result.stdout
        return result.exit_code, "\n".join(line.rstrip() for line in output.splitlines())

    return policy


@pytest.fixture
def git(root, monkeypatch):
    """Runs git in a folder, by default the sample's, as somebody and at some time; gives what it writes.

    The first call makes the sample a git repository.
    """
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)

    def command(*words, name="Jan de Vries", at="2026-03-01T12:00:00+00:00", folder=root):
        who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in
               (("NAME", name), ("EMAIL", "a@example.nl"), ("DATE", at))}  # fmt: skip
        done = subprocess.run(
            ["git", "-C", str(folder), *words], env={**os.environ, **who}, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    command("init", "-q", "-b", "main")
    return command


@pytest.fixture
def commit(git, root):
    """Commits all that is there, with a message, as somebody and at some time; gives the commit's name."""

    def everything(message, **who):
        git("add", "-A")
        git("commit", "-q", "--allow-empty", "-m", message, **who)
        return git("rev-parse", "HEAD")

    return everything
