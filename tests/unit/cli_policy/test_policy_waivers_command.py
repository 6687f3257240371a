"""`werkplek policy waivers`: what is printed, JSON, borders and exit codes."""

import json

import pytest
from policy_command_samples import WAIVERS, swapped, write_files

from werkplek.errors import WerkplekError

PAST = [
    "past  ended on 2026-06-14 (1 day ago)  policies/waivers.yml:18",
    "  settings: lockout",
    "  where: papendrecht, zwijndrecht; site stadhuis",
    "  why: Until the new servers came",
    "  asked by: J. de Vries; approved by M. Bakker on 2026-01-01",
]
ONE_DESK = [
    "one_desk  in force until 2026-06-15 (its last day)  policies/waivers.yml:10",
    "  settings: lockout, homepage",
    "  where: papendrecht; host PAP-LT-3",
    "  why: A kiosk",
    "  asked by: J. de Vries; approved by M. Bakker on 2026-05-01",
]
STREET = [
    "street_test  in force until 2026-07-15 (30 days left)  policies/waivers.yml:1",
    "  settings: screen_lock",
    "  where: papendrecht; class workstation; ring canary",
    "  why: A test at the desk",
    "  asked by: J. de Vries; approved by M. Bakker on 2026-06-01",
    "  not applicable: These desks are never left alone",
]
SUMMER = [
    "summer  not begun, from 2026-07-01 until 2026-08-31 (77 days left)",
    "  policies/waivers.yml:26",
    "  settings: advice",
    "  where: zwijndrecht",
    "  why: Holidays",
    "  asked by: A. Jansen; approved by M. Bakker on 2026-07-01",
]
BUDGETS = ["papendrecht: 2 open, 3 allowed", "zwijndrecht: 1 open"]


def test_all_of_them_at_80_columns(run):
    code, output = run("waivers", columns=80)
    assert code == 0
    assert output.splitlines() == [*PAST, *ONE_DESK, *STREET, *SUMMER, *BUDGETS]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("0d", [*PAST, *ONE_DESK]),
        ("29d", [*PAST, *ONE_DESK]),
        ("30d", [*PAST, *ONE_DESK, *STREET]),
        ("76d", [*PAST, *ONE_DESK, *STREET]),
        ("77d", [*PAST, *ONE_DESK, *STREET, *SUMMER]),
    ],
)
def test_those_that_end_soon_or_have_ended(run, words, found):
    assert run("waivers", "--expiring", words, columns=80) == (3, "\n".join([*found, *BUDGETS]))


def test_a_day_later_another_has_ended(run, today):
    today("2026-06-16")
    code, output = run("waivers", "--expiring", "0d", columns=80)
    assert (code, [line for line in output.splitlines() if "ended" in line]) == (
        3,
        [
            "past  ended on 2026-06-14 (2 days ago)  policies/waivers.yml:18",
            "one_desk  ended on 2026-06-15 (1 day ago)  policies/waivers.yml:10",
        ],
    )
    assert output.splitlines()[-2:] == ["papendrecht: 1 open, 3 allowed", "zwijndrecht: 1 open"]


def test_none_that_end_soon(run, root):
    write_files(
        root, {"policies/waivers.yml": "- id: street_test" + WAIVERS.split("- id: ")[1].removeprefix("street_test")}
    )
    assert run("waivers", "--expiring", "7d") == (
        0,
        "No waivers that end within 7 days or have ended.\npapendrecht: 1 open, 3 allowed",
    )


def test_none_at_all(run, root):
    (root / "policies/waivers.yml").unlink()
    assert run("waivers") == (0, "No waivers.\npapendrecht: 0 open, 3 allowed")
    assert json.loads(run("waivers", "--json")[1]) == {
        "schema": 1,
        "waivers": [],
        "budgets": [{"municipality": "papendrecht", "open": 0, "allowed": 3}],
    }


@pytest.mark.parametrize("days", ["30", "d", "-1d", "1w", "99999d", ""])
def test_what_is_no_number_of_days(run, days):
    code, output = run("waivers", f"--expiring={days}", columns=200)
    assert code == 2
    assert f"{days!r} is not a number of days like 30d" in output


def test_hosts_of_an_inventory(run, root):
    _, output = run("waivers", "--source", root / "registry.yml", columns=120)
    assert [line.strip() for line in output.splitlines() if "where" in line] == [
        "where: papendrecht, zwijndrecht; site stadhuis; 4 hosts of the inventory",
        "where: papendrecht; host PAP-LT-3; 1 host of the inventory",
        "where: papendrecht; class workstation; ring canary; 1 host of the inventory",
        "where: zwijndrecht; 2 hosts of the inventory",
    ]


ENTRY = {
    "id": "summer",
    "settings": ["advice"],
    "scope": {
        "municipality": ["zwijndrecht"],
        "class": ["workstation", "vdi_host", "network"],
        "platform": [],
        "ring": [],
        "site": [],
        "host": [],
    },
    "reason": "Holidays",
    "author": "A. Jansen",
    "approver": "M. Bakker",
    "approved": "2026-07-01",
    "until": "2026-08-31",
    "not_applicable_because": "",
    "source": "policies/waivers.yml:26",
    "state": "not begun",
    "days_left": 77,
}


def test_json(run, root):
    code, output = run("waivers", "--json")
    found = json.loads(output)
    assert code == 0
    assert output.isascii()
    assert found.keys() == {"schema", "waivers", "budgets"}
    assert [(one["id"], one["state"], one["days_left"]) for one in found["waivers"]] == [
        ("past", "ended", -1),
        ("one_desk", "in force", 0),
        ("street_test", "in force", 30),
        ("summer", "not begun", 77),
    ]
    assert found["waivers"][3] == {**ENTRY, "hosts": None}
    assert found["budgets"] == [
        {"municipality": "papendrecht", "open": 2, "allowed": 3},
        {"municipality": "zwijndrecht", "open": 1, "allowed": None},
    ]
    counted = json.loads(run("waivers", "--json", "--source", root / "registry.yml")[1])
    assert counted["waivers"][3] == {**ENTRY, "hosts": ["ZWD-LT-1", "ZWD-VDI-1"]}


def test_json_of_those_that_end_soon_counts_all_in_the_budgets(run):
    code, output = run("waivers", "--expiring", "0d", "--json")
    found = json.loads(output)
    assert code == 3
    assert [one["id"] for one in found["waivers"]] == ["past", "one_desk"]
    assert [one["open"] for one in found["budgets"]] == [2, 1]


def test_what_a_terminal_would_obey_is_an_escape(run, root):
    write_files(root, swapped("policies/waivers.yml", ("reason: A kiosk", 'reason: "\\u009b2J[red]A kiosk"')))
    output = run("waivers")[1]
    assert r"  why: \x9b2J[red]A kiosk" in output.splitlines()
    assert "\x9b" not in output
    assert run("waivers", "--json")[1].isascii()


def test_more_than_are_allowed_is_a_problem(run, root):
    write_files(root, swapped("municipalities/papendrecht.yml", ("waiver_budget: 3", "waiver_budget: 1")))
    with pytest.raises(
        WerkplekError, match="found 2 waivers that have not ended: street_test, one_desk; expected at most 1"
    ):
        run("waivers")
