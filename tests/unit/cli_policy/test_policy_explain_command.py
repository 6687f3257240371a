# ruff: noqa: E501 - output is quoted whole
"""`werkplek policy explain`: what is printed, JSON, git's part in it, and exit codes."""

import json

import pytest
from policy_command_samples import DESK, PAPENDRECHT_LAYER, a_setting, swapped, write_files

from werkplek.errors import WerkplekError

URL = "https://netbox.example/dcim/devices"


@pytest.fixture
def history(commit, root):
    """Two commits: all of it, and a new value in one of eight lines."""
    first = commit("Begin\n\nWith everything.", name="Anna Smit", at="2026-01-10T09:00:00+01:00")
    write_files(root, swapped("policies/municipality/papendrecht.yml", ("data: 300", "data: 240")))
    return first, commit("Lock sooner", name="Søren Ångström", at="2026-02-20T12:00:00+01:00")


def test_who_says_what(history, run):
    first, second = (name[:10] for name in history)
    code, output = run("explain", "PAP-LT-2", "screen_lock", columns=80)
    assert code == 0
    assert output.splitlines() == [
        "screen_lock  Lock the screen sooner",
        "PAP-LT-2: papendrecht, workstation, windows-11 < windows, ring canary, site",
        "stadhuis",
        "State: waived",
        r"  HKLM:\SOFTWARE\Screen\Timeout = dword: 240",
        "Waiver street_test: in force until 2026-07-15 (30 days left);",
        "  policies/waivers.yml:1",
        "  A test at the desk (asked by J. de Vries, approved by M. Bakker on 2026-06-01)",
        "  Not applicable: These desks are never left alone",
        "",
        "Who says what",
        "  loser  baseline  policies/baseline/screen.yml:1",
        "    sets",
        "    dword: 600",
        f"    {first} 2026-01-10 Anna Smit: Begin",
        "  not here  vdi_host  policies/vdi_host/sessions.yml:5",
        "    overrides: A session is locked by the workplace",
        "    for class vdi_host",
        f"    {first} 2026-01-10 Anna Smit: Begin",
        "  winner  municipality/papendrecht  policies/municipality/papendrecht.yml:1",
        "    overrides: People come in from the street",
        "    dword: 240",
        f"    {second} 2026-02-20 Søren Ångström: Lock sooner",
        "",
        "Decided by",
        f"  {URL}/2/",
        "    municipality = papendrecht; class = workstation; platform = windows-11 <",
        "      windows; ring = canary; site = stadhuis",
        "",
        "Controls and documents",
        "  BIO2:8.01.02  Hardenen (government measure)",
        "  Documented at https://docs.example/lock",
    ]


def test_json_is_all_of_it(history, run):
    code, output = run("explain", "PAP-LT-2", "screen_lock", "--json")
    assert code == 0
    assert output.isascii()
    first, second = history
    value = {"id": "screen_lock", "what": "HKLM:\\SOFTWARE\\Screen\\Timeout"}
    begin = {"state": "committed", "commit": first, "author": "Anna Smit", "day": "2026-01-10", "summary": "Begin"}
    no = {"reason": "", "why_not": ""}
    assert json.loads(output) == {
        "schema": 1,
        "for": {
            "host": "PAP-LT-2",
            "municipality": "papendrecht",
            "workplace_class": "workstation",
            "platform_lineage": ["windows-11", "windows"],
            "ring": "canary",
            "site": "stadhuis",
        },
        "id": "screen_lock",
        "title": "Lock the screen sooner",
        "note": "",
        "state": "waived",
        "values": [{**value, "value": "dword: 240"}],
        "statements": [
            {
                **no,
                "file": "policies/baseline/screen.yml",
                "lines": [1, 5],
                "layer": "baseline",
                "says": "sets",
                "role": "loser",
                "values": [{**value, "value": "dword: 600"}],
                "source": "policies/baseline/screen.yml:1",
                "change": begin,
            },
            {
                "file": "policies/vdi_host/sessions.yml",
                "lines": [5, 9],
                "layer": "vdi_host",
                "says": "overrides",
                "reason": "A session is locked by the workplace",
                "role": "not here",
                "why_not": "for class vdi_host",
                "values": [],
                "source": "policies/vdi_host/sessions.yml:5",
                "change": begin,
            },
            {
                **no,
                "file": "policies/municipality/papendrecht.yml",
                "lines": [1, 8],
                "layer": "municipality/papendrecht",
                "says": "overrides",
                "reason": "People come in from the street",
                "role": "winner",
                "values": [{**value, "value": "dword: 240"}],
                "source": "policies/municipality/papendrecht.yml:1",
                "change": {
                    "state": "committed",
                    "commit": second,
                    "author": "S\u00f8ren \u00c5ngstr\u00f6m",
                    "day": "2026-02-20",
                    "summary": "Lock sooner",
                },
            },
        ],
        "waivers": [
            {
                "id": "street_test",
                "settings": ["screen_lock"],
                "scope": {
                    "municipality": ["papendrecht"],
                    "class": ["workstation"],
                    "platform": [],
                    "ring": ["canary"],
                    "site": [],
                    "host": [],
                },
                "reason": "A test at the desk",
                "author": "J. de Vries",
                "approver": "M. Bakker",
                "approved": "2026-06-01",
                "until": "2026-07-15",
                "not_applicable_because": "These desks are never left alone",
                "source": "policies/waivers.yml:1",
                "state": "in force",
                "days_left": 30,
                "hosts": None,
            }
        ],
        "controls": [{"control": "BIO2:8.01.02", "label": "Hardenen", "government": True}],
        "documents": [{"title": "", "url": "https://docs.example/lock"}],
        "used": [
            {"reference": name, "value": value, "source": f"{URL}/2/", "about": ""}
            for name, value in (
                ("municipality", "papendrecht"),
                ("class", "workstation"),
                ("platform", "windows-11 < windows"),
                ("ring", "canary"),
                ("site", "stadhuis"),
            )
        ],
    }


def test_a_setting_that_is_not_for_this_host_is_found(run):
    code, output = run("explain", "zwijndrecht/workstation", "laps_entra", columns=120)
    assert code == 3
    assert output.splitlines() == [
        "laps_entra  Keep passwords in Entra ID",
        "zwijndrecht, workstation, windows-11 < windows, ring broad, site none",
        "State: not for this host",
        "",
        "Who says what",
        "  not here  workstation  policies/workstation/desk.yml:22",
        "    sets",
        "    for choice laps = entra_id; here it is active_directory",
        "    not known to git",
        "",
        "Decided by",
        "  as asked",
        "    municipality = zwijndrecht; class = workstation; platform = windows-11 < windows; ring = broad; site = none",
        "  municipalities/zwijndrecht.yml leaves it out: the default",
        "    choice laps = active_directory (Where passwords of local administrators are kept)",
        "",
        "Controls and documents",
        "  Documented at https://docs.example/laps",
    ]
    code, output = run("explain", "zwijndrecht/workstation", "laps_entra", "--json")
    assert (code, json.loads(output)["state"]) == (3, "not for this host")


@pytest.mark.parametrize(
    ("subject", "setting", "code"),
    [
        ("PAP-LT-1", "screen_lock", 0),
        ("PAP-LT-1", "advice", 0),  # ignored
        ("PAP-LT-1", "old_value", 0),  # absent
        ("PAP-LT-2", "screen_lock", 0),  # waived
        ("PAP-LT-1", "early", 3),
        ("PAP-LT-1", "sessions", 3),
        ("ZWD-LT-1", "printer", 3),
        ("ZWD-LT-1", "printer[hal-02]", 3),
        ("PAP-LT-1", "printer[hal-02]", 0),
    ],
)
def test_exit_codes(run, subject, setting, code):
    assert run("explain", subject, setting)[0] == code
    assert run("explain", subject, setting, "--json")[0] == code


def test_notes_of_several_lines_and_waivers_of_each_state(run, root):
    write_files(
        root,
        swapped(
            "policies/baseline/screen.yml", ("  note: Seconds\n", "  note: |\n    Seconds.\n    [bold]Not minutes.\n")
        ),
    )
    _, output = run("explain", "zwijndrecht/workstation", "screen_lock")
    assert output.splitlines()[4:7] == ["Note: Seconds.", "Note: [bold]Not minutes.", ""]
    lines = run("explain", "PAP-LT-3", "lockout", columns=200)[1].splitlines()
    assert lines[4] == "Waiver one_desk: in force until 2026-06-15 (its last day); policies/waivers.yml:10"
    assert run("explain", "PAP-LT-1", "lockout", columns=200)[1].splitlines()[4] == (
        "Waiver past: ended on 2026-06-14 (1 day ago); policies/waivers.yml:18"
    )
    assert run("explain", "ZWD-LT-1", "advice", columns=200)[1].splitlines()[4] == (
        "Waiver summer: not begun, from 2026-07-01 until 2026-08-31 (77 days left); policies/waivers.yml:26"
    )


def last_lines(output):
    """What is said of each entry's last change."""
    lines = output.splitlines()
    start, end = lines.index("Who says what"), lines.index("Decided by")
    heads = [number for number in range(start + 1, end) if not lines[number].startswith("    ")]
    return [lines[number - 1].strip() for number in heads[1:]]


@pytest.mark.usefixtures("history")
def test_what_git_does_not_know_yet(run, root):
    extra = a_setting("extra", 2, "  overrides: Here\n")
    (root / "policies/municipality/papendrecht.yml").write_text(PAPENDRECHT_LAYER + extra)
    (root / "policies/workstation/new.yml").write_text(a_setting("extra", 1))
    _, output = run("explain", "PAP-LT-1", "extra")
    assert last_lines(output) == ["not known to git", "not committed yet"]
    changes = [one["change"] for one in json.loads(run("explain", "PAP-LT-1", "extra", "--json")[1])["statements"]]
    assert changes == [
        None,
        {"state": "not committed yet", "commit": "", "author": "", "day": "", "summary": ""},
    ]


def test_authors_and_messages_are_no_orders_to_a_terminal(commit, run):
    commit("\x1b[2J[red]Begin", name="Eve \x1b]0;x\x07[bold]")
    _, output = run("explain", "PAP-LT-1", "lockout", columns=200)
    assert "\x1b" not in output
    assert last_lines(output)[0].endswith(r"2026-03-01 Eve \x1b]0;x\x07[bold]: \x1b[2J[red]Begin")
    assert run("explain", "PAP-LT-1", "lockout", "--json")[1].isascii()


def test_titles_are_no_orders_to_a_terminal(run, root):
    write_files(
        root, {"policies/workstation/desk.yml": DESK.replace("title: Open the intranet", 'title: "\\u009b2J[red]Open"')}
    )
    output = run("explain", "PAP-LT-1", "homepage")[1]
    assert output.splitlines()[0] == r"homepage  \x9b2J[red]Open"


@pytest.mark.parametrize("columns", [40, 80, 120, 200])
def test_addresses_and_paths_are_never_broken(run, columns):
    output = run("explain", "PAP-LT-1", "printer[hal-02]", columns=columns)[1]
    assert r"HKCU:\Printers\,,print.papendrecht.nl,PAP-HAL\Server" in output
    assert "municipalities/papendrecht.yml:14:5" in output
    assert "https://docs.example/printers" in output


def test_an_unknown_setting_and_host(run):
    with pytest.raises(WerkplekError, match="found no setting 'screen'"):
        run("explain", "PAP-LT-1", "screen")
    with pytest.raises(WerkplekError, match="No such host"):
        run("explain", "PAP-LT-99", "lockout")


def test_wrong_usage(run):
    assert run("explain", "PAP-LT-1")[0] == 2
