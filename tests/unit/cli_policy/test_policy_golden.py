"""Golden files: they follow the policy and nothing else, and `--check` finds what is not as it should be."""

import json
import random

import pytest
from policy_command_samples import (
    DESK,
    PAPENDRECHT_LAYER,
    SCREEN,
    VDI,
    WAIVERS,
    a_setting,
    repository,
    swapped,
    with_files,
    write_files,
    write_registry,
)

from werkplek.errors import WerkplekError
from werkplek.policy.golden import golden_files
from werkplek.policy.loader import build_repository

FOLDER = "tests/golden/policy"
NAMES = [
    f"{FOLDER}/papendrecht/vdi_host.jsonl",
    f"{FOLDER}/papendrecht/workstation.jsonl",
    f"{FOLDER}/zwijndrecht/vdi_host.jsonl",
    f"{FOLDER}/zwijndrecht/workstation.jsonl",
]
DESKS = f"{FOLDER}/papendrecht/workstation.jsonl"


def golden(changed=None, **more):
    return golden_files(repository(changed, **more))


def lines(name=DESKS, changed=None):
    return {line["id"]: line for line in map(json.loads, golden(changed)[name].splitlines())}


def test_a_file_for_each_municipality_and_class_with_settings():
    assert sorted(golden()) == NAMES
    texts = golden()
    assert all(text.isascii() and text.endswith("\n") for text in texts.values())
    ids = list(lines())
    assert ids == sorted(ids)
    assert ids == [
        "advice", "asset_tag", "early", "extensions", "homepage", "laps_entra", "lockout", "old_value",
        "printer[balie-01]", "printer[hal-02]", "screen_lock", "town_hall", "wifi",
    ]  # fmt: skip


def test_lines():
    found = lines()
    assert found["screen_lock"] == {
        "id": "screen_lock",
        "setting": {
            "data": 300,
            "kind": "registry",
            "name": "Timeout",
            "path": r"HKLM:\SOFTWARE\Screen",
            "state": "present",
            "type": "dword",
        },
        "file": "policies/municipality/papendrecht.yml",
        "waivers": ["street_test until 2026-07-15"],
    }
    assert found["advice"] == {"id": "advice", "ignored": True, "file": "policies/municipality/papendrecht.yml"}
    assert found["old_value"]["setting"]["state"] == "absent"
    assert found["lockout"]["waivers"] == ["one_desk until 2026-06-15", "past until 2026-06-14"]
    assert found["early"]["where"] == {"ring": ["canary", "pilot"]}
    assert found["town_hall"]["where"] == {"platform": ["windows-11"], "site": ["stadhuis"]}
    assert "where" not in found["homepage"]
    assert found["asset_tag"]["setting"]["data"] == "{from: registry.asset_tag}"
    assert found["wifi"]["setting"]["data"] == "{secret: wifi_key} of 2026-05-01"


def test_one_line_per_value_of_a_setting():
    changed = swapped(
        "policies/municipality/papendrecht.yml",
        ("  overrides: >-\n", "  on: {ring: canary, site: stadhuis}\n  overrides: >-\n"),
    )
    texts = [line for line in golden(changed)[DESKS].splitlines() if '"id": "screen_lock"' in line]
    one, other = map(json.loads, texts)
    assert (one["setting"]["data"], one["where"]) == (300, {"ring": ["canary"], "site": ["stadhuis"]})
    assert other["setting"]["data"] == 600
    assert other["where"] == [
        f"{platform}/{ring}/{site}"
        for platform in ("windows-11", "windows")
        for ring in ("broad", "canary", "pilot")
        for site in ("any other", "stadhuis")
        if (ring, site) != ("canary", "stadhuis")
    ]


def test_an_ignored_setting_for_each_of_a_list_is_told():
    changed = {"policies/municipality/zwijndrecht.yml": "- id: printer\n  ignore: By hand\n"}
    assert lines(NAMES[3], changed)["printer"]["ignored"] is True
    assert "printer" not in lines(NAMES[3])


def test_files_do_not_depend_on_the_day():
    assert golden(today="2026-06-15") == golden(today="2027-06-15")


def test_files_do_not_depend_on_the_order_of_files_and_entries():
    parts = SCREEN.split("- id: ")[1:]
    waivers = WAIVERS.split("- id: ")[1:]
    texts = {
        "policies/waivers.yml": "".join(f"- id: {part}" for part in reversed(waivers)),
        "policies/baseline/screen.yml": "".join(f"- id: {part}" for part in reversed(parts)),
    }
    assert golden(texts) == golden()
    files = {name: text.encode() for name, text in with_files().items()}
    names = list(files)
    random.Random(7).shuffle(names)
    assert golden_files(build_repository({name: files[name] for name in names}, "2026-06-15")) == golden()


def test_files_do_not_depend_on_lines_titles_and_reasons():
    changed = {
        "policies/workstation/desk.yml": "# A remark\n\n" + DESK.replace("title: Open", "title: Always open"),
        **swapped(
            "policies/municipality/papendrecht.yml",
            ("The map desk needs one more", "So it is"),
            ("The image holds it no more", "So it is"),
        ),
        **swapped("policies/waivers.yml", ("A kiosk", "A kiosk in the hall")),
    }
    assert golden(changed) == golden()


VALUES = [
    ("homepage: https://intranet.zwijndrecht.nl/", "homepage: https://nieuw.zwijndrecht.nl/"),
    ("secrets: {wifi_key: 2026-04-01}", "secrets: {wifi_key: 2026-06-01}"),
    ("secrets:", "printers: [{name: zaal, server: p.zwijndrecht.nl, queue: Z}]\nsecrets:"),
    ("secrets:", "choices: {laps: entra_id}\nsecrets:"),
    ("schema: 1", "schema: 1\nwaiver_budget: 9"),
]


@pytest.mark.parametrize(("old", "new"), VALUES)
def test_a_municipalitys_value_changes_its_own_files_only(old, new):
    before, after = golden(), golden(swapped("municipalities/zwijndrecht.yml", (old, new)))
    different = [name for name in NAMES if before[name] != after[name]]
    assert different == ([] if "budget" in new else [f"{FOLDER}/zwijndrecht/workstation.jsonl"])


def test_a_municipalitys_layer_changes_its_own_files_only():
    before = golden()
    after = golden({"policies/municipality/papendrecht.yml": PAPENDRECHT_LAYER.replace("data: 300", "data: 301")})
    assert [name for name in NAMES if before[name] != after[name]] == NAMES[:2]


def test_a_class_changes_its_own_files_only():
    before, after = golden(), golden({"policies/vdi_host/sessions.yml": VDI.replace("data: 60", "data: 61")})
    assert [name for name in NAMES if before[name] != after[name]] == [NAMES[0], NAMES[2]]


def test_a_waiver_changes_the_files_of_its_scope_only():
    before, after = golden(), golden(swapped("policies/waivers.yml", ("2026-08-31", "2026-09-30")))
    assert [name for name in NAMES if before[name] != after[name]] == NAMES[2:]


def test_a_number_of_the_hosts_own_is_its_reference():
    changed = {"policies/workstation/extra.yml": a_setting("number", "{from: registry.id}")}
    assert lines(changed=changed)["number"]["setting"]["data"] == "{from: registry.id}"


@pytest.fixture
def written(run, root):
    """The sample with its golden files."""
    assert run("golden") == (
        0,
        "\n".join([*(f"missing, written: {name}" for name in NAMES), "4 golden files, 4 of them written or deleted."]),
    )
    return root


def snapshot(root):
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in root.rglob("*") if path.is_file()}


def test_written_files_are_up_to_date(written, run):
    before = snapshot(written)
    assert run("golden") == (0, "4 golden files, 0 of them written or deleted.")
    assert run("golden", "--check") == (0, "4 golden files, 0 of them not as they should be.")
    assert snapshot(written) == before
    assert (written / DESKS).read_text() == golden()[DESKS]
    assert (written / DESKS).stat().st_mode & 0o777 == 0o644


@pytest.fixture
def disturbed(written):
    """One golden file of each that is stale, missing and surplus, and a file that is none."""
    (written / NAMES[0]).write_text("x")
    (written / NAMES[1]).unlink()
    (written / FOLDER / "rotterdam").mkdir()
    (written / FOLDER / "rotterdam/network.jsonl").touch()
    (written / FOLDER / "README.md").write_text("About these files")
    return written


def test_a_check_finds_what_is_stale_missing_and_surplus_and_writes_nothing(disturbed, run):
    before = snapshot(disturbed)
    code, output = run("golden", "--check")
    assert code == 3
    assert output.splitlines() == [
        f"stale: {NAMES[0]}",
        f"missing: {NAMES[1]}",
        f"surplus: {FOLDER}/rotterdam/network.jsonl",
        "4 golden files, 3 of them not as they should be.",
        "Run `werkplek policy golden`, look at what changed, and commit it.",
    ]
    assert snapshot(disturbed) == before


def test_json(disturbed, run):
    found = {"stale": [NAMES[0]], "missing": [NAMES[1]], "surplus": [f"{FOLDER}/rotterdam/network.jsonl"]}
    code, output = run("golden", "--check", "--json")
    assert (code, json.loads(output)) == (3, {"schema": 1, "files": NAMES, **found, "written": False})
    code, output = run("golden", "--json")
    assert (code, json.loads(output)) == (0, {"schema": 1, "files": NAMES, **found, "written": True})
    nothing = {"stale": [], "missing": [], "surplus": []}
    assert json.loads(run("golden", "--check", "--json")[1]) == {
        "schema": 1,
        "files": NAMES,
        **nothing,
        "written": False,
    }


def test_writing_mends_all_of_it_and_leaves_other_files(disturbed, run):
    code, output = run("golden")
    assert (code, output.splitlines()[:3]) == (
        0,
        [
            f"stale, rewritten: {NAMES[0]}",
            f"missing, written: {NAMES[1]}",
            f"surplus, deleted: {FOLDER}/rotterdam/network.jsonl",
        ],
    )
    assert run("golden", "--check")[0] == 0
    assert (disturbed / FOLDER / "README.md").read_text() == "About these files"


def test_another_registry_and_day_leave_them_as_they_are(written, run, today):
    write_registry(written)
    (written / "registry.json").unlink()
    today("2027-01-01")
    assert run("golden", "--check")[0] == 0


def test_a_change_of_policy_makes_them_stale(written, run):
    write_files(written, swapped("municipalities/zwijndrecht.yml", VALUES[0]))
    code, output = run("golden", "--check")
    assert (code, output.splitlines()[:1]) == (3, [f"stale: {NAMES[3]}"])
    assert len(output.splitlines()) == 3


def test_policy_with_problems_writes_nothing(root, run):
    (root / "policies/baseline/screen.yml").write_text("- id: x\n")
    with pytest.raises(WerkplekError, match="The policy repository has"):
        run("golden")
    assert not (root / "tests").exists()


def test_files_that_cannot_be_written(root, run):
    (root / "tests").write_text("in the way")
    with pytest.raises(WerkplekError) as caught:
        run("golden")
    assert str(caught.value).splitlines() == [
        "The golden files could not be written.",
        f"  {root}/tests/golden/policy/papendrecht: found Not a directory; expected a file that can be written",
    ]
