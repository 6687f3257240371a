"""`werkplek policy show`: rows that fit their terminal, JSON, and what stops it."""

import json

import pytest
from policy_command_samples import a_setting, device, swapped, write_files, write_registry

from werkplek.errors import WerkplekError

DESK_80 = r"""
policies/municipality/papendrecht.yml
    1  screen_lock        HKLM:\SOFTWARE\Screen\Timeout = dword: 300
         waived: waiver street_test until 2026-07-15, approved by M. Bakker: A
         test at the desk
    9  extensions         HKLM:\SOFTWARE\Edge\Allow = list: base_one, own_three
   15  old_value          HKLM:\SOFTWARE\Old\Value = absent
   17  advice             Give no advice
         ignored: Another service gives it

policies/baseline/screen.yml
    6  lockout            LockoutBadCount = 5
         enforced: its waiver past ended on 2026-06-14

policies/workstation/desk.yml
    1  homepage
         HKLM:\SOFTWARE\Edge\HomepageLocation = string:
         https://intranet.papendrecht.nl/
    9  printer[balie-01]
         HKCU:\Printers\,,print.papendrecht.nl,PAP-BALIE\Server = string:
         \\print.papendrecht.nl
    9  printer[hal-02]
         HKCU:\Printers\,,print.papendrecht.nl,PAP-HAL\Server = string:
         \\print.papendrecht.nl
   14  asset_tag          HKLM:\SOFTWARE\Example\AssetTag = string: TAG-2
   18  wifi
         HKLM:\SOFTWARE\Example\Wifi = string: {secret: wifi_key} of 2026-05-01
   22  laps_entra         HKLM:\SOFTWARE\Laps\Directory = dword: 1
   27  early              HKLM:\SOFTWARE\Example\Early = dword: 1
   32  town_hall          HKLM:\SOFTWARE\Example\Hall = dword: 1

"""


def test_a_host_at_80_columns(run):
    code, output = run("show", "PAP-LT-2", columns=80)
    assert code == 0
    *lines, one, other = output.splitlines()
    assert lines == DESK_80.splitlines()[1:]
    assert one == "PAP-LT-2: papendrecht, workstation, windows-11 < windows, ring canary, site"
    assert other.startswith("stadhuis: 13 settings, 1 waived, 1 ignored; digest ")


def test_a_wide_terminal_has_each_setting_on_a_line(run):
    _, output = run("show", "PAP-LT-2", columns=200)
    assert len(output.splitlines()) == 3 + 13 + 3 + 3 + 1  # files, settings, what is said of them, blanks, the sum
    printer = r"HKCU:\Printers\,,print.papendrecht.nl,PAP-HAL\Server = string: \\print.papendrecht.nl"
    assert f"    9  printer[hal-02]    {printer}" in output.splitlines()


@pytest.mark.parametrize("columns", [30, 80, 120, 200])
def test_no_path_or_id_is_ever_broken(run, columns, root):
    path = r"HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Kerberos\Parameters"
    name = "a_setting_with_a_name_that_is_longer_than_others_are"
    write_files(root, {"policies/workstation/x.yml": a_setting(name, 1).replace(r"HKLM:\SOFTWARE\A", path)})
    _, output = run("show", "PAP-LT-2", "--match", name, columns=columns)
    assert f"{path}\\{name}" in output
    assert output.split().count(name) == 1


def test_a_combination(run):
    code, output = run("show", "zwijndrecht/vdi_host", columns=200)
    assert code == 0
    summary = output.splitlines()[-1]
    start = "zwijndrecht, vdi_host, windows-server-2022 < windows, ring broad, site none: 5 settings; digest "
    assert summary.startswith(start)
    assert len(summary) == len(start) + 12


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("PRINTER", ["printer[balie-01]", "printer[hal-02]"]),
        ("open the intranet", ["homepage"]),
        ("software\\old", ["old_value"]),
        ("own_three", ["extensions"]),
        ("baseline/", ["lockout"]),
        ("nothing like it", []),
    ],
)
def test_match_looks_in_all_that_is_shown(run, text, ids):
    code, output = run("show", "PAP-LT-1", "--match", text, "--json")
    assert (code, [setting["id"] for setting in json.loads(output)["settings"]]) == (0, ids)
    assert f": {len(ids)} of 12 settings" in " ".join(run("show", "PAP-LT-1", "--match", text)[1].split())


def test_json(run):
    code, output = run("show", "PAP-LT-2", "--match", "screen", "--json")
    assert code == 0
    assert output.isascii()
    found = json.loads(output)
    assert len(found.pop("digest")) == 64
    assert found == {
        "schema": 1,
        "for": {
            "host": "PAP-LT-2",
            "municipality": "papendrecht",
            "workplace_class": "workstation",
            "platform_lineage": ["windows-11", "windows"],
            "ring": "canary",
            "site": "stadhuis",
        },
        "settings": [
            {
                "id": "screen_lock",
                "title": "Lock the screen sooner",
                "what": "HKLM:\\SOFTWARE\\Screen\\Timeout",
                "value": "dword: 300",
                "state": "waived",
                "source": "policies/municipality/papendrecht.yml:1",
                "layer": "municipality/papendrecht",
                "remark": "waiver street_test until 2026-07-15, approved by M. Bakker: A test at the desk",
            },
            {
                "id": "lockout",
                "title": "Lock an account after five wrong passwords",
                "what": "LockoutBadCount",
                "value": "5",
                "state": "enforced",
                "source": "policies/baseline/screen.yml:6",
                "layer": "baseline",
                "remark": "its waiver past ended on 2026-06-14",
            },
        ],
    }


def test_json_of_a_combination_has_the_same_keys(run):
    found = json.loads(run("show", "papendrecht/workstation", "--json")[1])
    assert found["for"] == {
        "host": None,
        "municipality": "papendrecht",
        "workplace_class": "workstation",
        "platform_lineage": ["windows-11", "windows"],
        "ring": "broad",
        "site": "",
    }
    assert found["digest"] is None  # each host has an asset tag of its own


def test_a_combination_reads_no_registry(run, root):
    (root / "registry.json").unlink()
    assert run("show", "papendrecht/workstation")[0] == 0
    with pytest.raises(WerkplekError):
        run("show", "PAP-LT-1")


def test_what_a_terminal_would_obey_is_an_escape(run, root):
    write_files(
        root,
        swapped(
            "policies/municipality/papendrecht.yml",
            ("ignore: Another", 'ignore: "\\u009b31m[red]'),
            ("service gives it", 'service gives it"'),
        ),
    )
    write_registry(root, device(1, "PAP-LT-1", asset_tag="\x9b2J[bold]TAG\u202e"))
    for words in (["show", "PAP-LT-1"], ["explain", "PAP-LT-1", "asset_tag"], ["explain", "PAP-LT-1", "advice"]):
        output = run(*words, columns=200)[1]
        assert not set(output) & {"\x9b", "\x1b", "\u202e"}
    assert r"string: \x9b2J[bold]TAG\u202e" in run("show", "PAP-LT-1", columns=200)[1]
    assert r"ignored: \x9b31m[red]" in run("show", "PAP-LT-1", columns=200)[1]
    assert run("show", "PAP-LT-1", "--json")[1].isascii()


def test_policy_with_problems_is_not_shown(run, root):
    (root / "policies/baseline/screen.yml").write_text("- id: x\n")
    with pytest.raises(WerkplekError, match="The policy repository has"):
        run("show", "papendrecht/workstation")


def test_a_source_that_is_not_there(run):
    code, output = run("show", "PAP-LT-1", "--source", "absent.yml")
    assert code == 2
    assert "Invalid value for '--source'" in output
