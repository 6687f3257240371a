"""`werkplek policy lint` also tells which waivers have ended, and which end within 30 days."""

import json

import pytest
from policy_command_samples import TODAY, WAIVERS, write_files
from typer.testing import CliRunner

from werkplek.cli.policy import app


@pytest.fixture
def lint(root):
    """Runs `werkplek policy lint` on the sample: exit code, and the lines below the table, or JSON."""

    def run(*words):
        result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["lint", *words, str(root)])
        assert result.stderr == ""
        if words:
            assert result.stdout.isascii()
            return result.exit_code, json.loads(result.stdout)
        _, bottom, below = result.stdout.partition("┘\n")
        return result.exit_code, (below if bottom else result.stdout).splitlines()

    return run


def test_what_has_ended_and_what_ends_soon_is_told_and_no_problem(lint):
    assert lint() == (
        0,
        [
            "policies/waivers.yml:18: waiver past: ended on 2026-06-14 (1 day ago).",
            "policies/waivers.yml:10: waiver one_desk: in force until 2026-06-15 (its last day).",
            "policies/waivers.yml:1: waiver street_test: in force until 2026-07-15 (30 days left).",
        ],
    )


def test_json(lint, root):
    assert lint("--json") == (
        0,
        {
            "schema": 1,
            "ok": True,
            "repositories": [
                {
                    "root": str(root),
                    "counts": {
                        "papendrecht": {"workstation": 12, "vdi_host": 4, "network": 0},
                        "zwijndrecht": {"workstation": 10, "vdi_host": 5, "network": 0},
                    },
                    "problems": [],
                    "waivers": {
                        "ended": [
                            {
                                "id": "past",
                                "until": "2026-06-14",
                                "days_left": -1,
                                "source": "policies/waivers.yml:18",
                            }
                        ],
                        "ending": [
                            {
                                "id": "one_desk",
                                "until": "2026-06-15",
                                "days_left": 0,
                                "source": "policies/waivers.yml:10",
                            },
                            {
                                "id": "street_test",
                                "until": "2026-07-15",
                                "days_left": 30,
                                "source": "policies/waivers.yml:1",
                            },
                        ],
                    },
                }
            ],
        },
    )


def test_a_day_earlier_one_of_them_is_not_near_its_end(lint, today):
    today("2026-06-14")
    found = lint("--json")[1]["repositories"][0]["waivers"]
    assert ([one["id"] for one in found["ended"]], [one["id"] for one in found["ending"]]) == ([], ["past", "one_desk"])


def test_without_such_waivers_nothing_is_said(lint, root):
    write_files(root, {"policies/waivers.yml": WAIVERS[WAIVERS.index("- id: summer") :]})
    assert lint() == (0, [])
    assert lint("--json")[1]["repositories"][0]["waivers"] == {"ended": [], "ending": []}


def test_with_problems_they_are_not_known(lint, root):
    (root / "policies/baseline/screen.yml").write_text('- id: "\\u009b2J"\n')
    code, found = lint("--json")
    assert (code, found["ok"], found["repositories"][0]["waivers"]) == (1, False, None)
    code, lines = lint()
    assert code == 1
    assert any(r"found '\x9b2J'" in line for line in lines)
    assert not any("waiver" in line or "\x9b" in line for line in lines)


def test_the_day_of_the_sample():
    assert TODAY == "2026-06-15"
