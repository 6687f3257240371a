"""`werkplek policy lint`: exit codes, tables, JSON."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from policy_samples import KIND_KEYS
from typer.testing import CliRunner

from werkplek.cli.policy import app


@pytest.fixture
def root(tmp_path: Path, sources: Callable[..., dict[str, bytes]]) -> Path:
    for name, content in sources().items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_a_sound_repository_is_counted(root: Path):
    done = CliRunner().invoke(app, ["lint", str(root)])
    assert done.exit_code == 0
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.output.splitlines() if "│" in line]
    assert rows == [["papendrecht", "1", "1", "0"], ["zwijndrecht", "1", "1", "0"]]


def test_problems_are_all_printed_and_fail(root: Path):
    (root / "policies/baseline/screen.yml").write_text("- id: x\n- id: Y[b]\n  service: {}\n")
    done = CliRunner().invoke(app, ["lint", str(root)])
    assert done.exit_code == 1
    name = "  policies/baseline/screen.yml"
    assert done.output.splitlines() == [
        "The policy repository has 6 problems.",
        f"{name}:1:3: found a setting without a kind; expected one of: {KIND_KEYS}",
        f"{name}:1:3: found no 'title'; expected the key 'title'",
        f"{name}:2:3: found no 'title'; expected the key 'title'",
        f"{name}:2:7: found 'Y[b]'; expected small letters, digits and '_', a letter first",
        f"{name}:3:12: found no 'name'; expected the key 'name'",
        f"{name}:3:12: found no 'start'; expected the key 'start'",
    ]


def test_json_holds_counts_and_problems(root: Path, tmp_path: Path):
    empty = tmp_path / "empty"
    (empty / "policies").mkdir(parents=True)
    done = CliRunner().invoke(app, ["lint", "--json", str(root), str(empty)])
    assert done.exit_code == 1
    data = json.loads(done.output)
    assert (data["schema"], data["ok"]) == (1, False)
    sound, broken = data["repositories"]
    assert sound["counts"]["papendrecht"] == {"workstation": 1, "vdi_host": 1, "network": 0}
    assert sound["problems"] == []
    assert broken["problems"] == [
        {
            "where": "municipalities/",
            "found": "no such folder",
            "expected": f"a folder 'municipalities' in {empty}",
            "remedy": "",
        }
    ]


def test_help_shows_examples():
    done = CliRunner().invoke(app, ["lint", "--help"])
    assert done.exit_code == 0
    assert "werkplek policy lint --json" in done.output
