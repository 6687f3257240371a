"""`werkplek roles docs`: what it writes, what it says, its exit codes; and this repository's READMEs are current."""

import json

import pytest
from role_docs_samples import write_repository
from typer.testing import CliRunner

from werkplek.cli import app as front
from werkplek.cli.policy_subject import read_policy
from werkplek.cli.test import checks
from werkplek.documentation.roles import role_readmes
from werkplek.errors import WerkplekError
from werkplek.files import ROOT

MEMBER, WORKSTATION = NAMES = ["roles/member/README.md", "roles/workstation/README.md"]


def run(*words):
    result = CliRunner(env={"COLUMNS": "120", "NO_COLOR": "1"}).invoke(front.app, ["roles", "docs", *map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


@pytest.fixture
def root(tmp_path):
    return write_repository(tmp_path)


@pytest.fixture
def written(root):
    assert run("--root", root) == (
        0,
        f"missing, written: {MEMBER}\nmissing, written: {WORKSTATION}\n2 READMEs of roles, 2 of them written.\n",
    )
    return root


def snapshot(root):
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in root.rglob("*") if path.is_file()}


def test_written_readmes_are_current(written):
    before = snapshot(written)
    assert run("--root", written, "--check") == (0, "2 READMEs of roles, 0 of them not what would be generated.\n")
    assert run("--root", written) == (0, "2 READMEs of roles, 0 of them written.\n")
    assert snapshot(written) == before
    assert {name: (written / name).read_text() for name in NAMES} == role_readmes(written, read_policy)
    assert (written / MEMBER).stat().st_mode & 0o777 == 0o644


def test_a_check_names_what_is_not_current_and_what_mends_it_and_writes_nothing(written):
    (written / MEMBER).write_text("By hand\n")
    (written / WORKSTATION).unlink()
    before = snapshot(written)
    assert run("--root", written, "--check") == (
        3,
        f"stale: {MEMBER}\n"
        f"missing: {WORKSTATION}\n"
        "2 READMEs of roles, 2 of them not what would be generated.\n"
        "Run `werkplek roles docs`, look at what changed, and commit it.\n",
    )
    code, output = run("--root", written, "--check", "--json")
    found = {"schema": 1, "files": NAMES, "stale": [MEMBER], "missing": [WORKSTATION], "written": False}
    assert (code, json.loads(output)) == (3, found)
    assert snapshot(written) == before
    code, output = run("--root", written, "--json")
    assert (code, json.loads(output)) == (0, {**found, "written": True})
    assert run("--root", written, "--check")[0] == 0


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("policies/baseline/windows/screen.yml", "BIO2:8.01.02", "BIO2:8.09.01"),
        ("municipalities/dordrecht.yml", "onedrive: false", "onedrive: true"),
        ("playbooks/workstations.yml", "hosts: workstation", "hosts: workstation:&ring_canary"),
        ("roles/workstation/meta/main.yml", "bookworm, ", ""),
    ],
)
def test_a_change_of_what_it_tells_makes_a_readme_stale(written, file, old, new):
    text = (written / file).read_text()
    assert old in text
    (written / file).write_text(text.replace(old, new))
    assert run("--root", written, "--check")[1].startswith(f"stale: {WORKSTATION}\n")


def test_a_readme_that_cannot_be_written(root):
    (root / MEMBER).mkdir()
    (root / MEMBER / "x").touch()
    with pytest.raises(WerkplekError) as caught:
        run("--root", root)
    assert caught.value.summary == "The READMEs could not be written."
    (problem,) = caught.value.problems
    assert problem.found in {"Is a directory", "Directory not empty"}
    assert problem.expected == "a file that can be written"


def test_problems_write_nothing(root):
    (root / "roles/member/meta/main.yml").unlink()
    with pytest.raises(WerkplekError, match="The roles have 1 problem"):
        run("--root", root)
    assert not any((root / name).exists() for name in NAMES)


def test_help_has_examples_and_exit_codes():
    result = CliRunner(env={"COLUMNS": "200"}).invoke(front.app, ["roles", "docs", "--help"])
    assert result.exit_code == 0
    assert result.stdout.count("werkplek roles docs ") >= 2
    assert "Exit code 0" in result.stdout
    assert "3 done, and something was found: docs --check" in CliRunner(env={"COLUMNS": "200"}).invoke(
        front.app, ["roles", "--help"]
    ).stdout.replace("\n", " ")


def test_the_suite_checks_readmes():
    (check,) = (check for check in checks([]) if check.name == "roles docs")
    assert check.command[1:] == ("roles", "docs", "--check")


def test_the_readmes_of_this_repository_are_current():
    wanted = role_readmes(ROOT, read_policy)
    there = {path.relative_to(ROOT).as_posix(): path.read_text() for path in ROOT.glob("roles/*/README.md")}
    assert there == wanted, "Run `werkplek roles docs`, look at what changed, and commit it."
