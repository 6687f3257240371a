"""`werkplek inventory diff`: tables, JSON, exit codes, and what A and B can be."""

import json
from dataclasses import replace

import pytest
from inventory_samples import DEVICES, SAVED, SOURCE_FILE, device, ring, snapshot

from werkplek.errors import WerkplekError
from werkplek.registry import model
from werkplek.registry.snapshot import dump

LONG = "\x1b[2J[red]" + "x" * 70
AFTER = (
    device(1, "PAP-LT-1", tenant=2),
    device(2, "PAP-LT-20", custom_fields=ring("pilot") | {"note": LONG}),
    device(3, "PAP-LT-3", custom_fields={}, status="planned"),
    device(4, "ZWD-LT-1", tenant=2, last_updated="2027-01-01T00:00:00.000000Z"),
    device(10, "PAP-LT-10", platform=None),
)


@pytest.fixture(autouse=True)
def files(here):
    dump(snapshot(*DEVICES), here / "a.json")
    dump(replace(snapshot(*AFTER), as_of="2027-01-01T00:00:00.000000Z"), here / "b.json")


def test_equal(run):
    code, output = run("diff", "a.json", "a.json")
    label = "a.json (as of 2026-11-23T12:00:00.000000Z)"
    assert (code, output) == (0, f"No difference from {label} to {label}.")


def test_a_host_that_was_only_saved_again_is_no_difference(run, here):
    later = [replace(row, last_updated="2027-01-01T00:00:00.000000Z") for row in DEVICES]
    dump(snapshot(*later), here / "later.json")
    code, output = run("diff", "a.json", "later.json", "--json")
    assert (code, json.loads(output)["equal"]) == (0, True)


def test_tables(run):
    code, output = run("diff", "a.json", "b.json", columns=80)
    assert code == 3
    assert output.splitlines() == [
        "From a.json (as of 2026-11-23T12:00:00.000000Z) to b.json (as of 2027-01-01T00:00:00.000000Z):",
        "papendrecht",
        "",
        " host       difference   details",
        " ───",
        " PAP-LT-1   moved        · to zwijndrecht",
        " PAP-LT-10  added        · dcim.device 10",
        "                         · no platform",
        " PAP-LT-20  renamed      · from PAP-LT-2",
        "            changed      + registry.custom_fields.note:",
        '                           "\\u001b[2J[red]xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…',
        '                         · registry.custom_fields.update_ring: "canary" → "pilot"',
        '                         · registry.ring: "canary" → "pilot"',
        "                         - group ring_canary",
        "                         + group ring_pilot",
        " PAP-LT-3   quarantined  · no update ring in custom field 'update_ring'",
        '            changed      - registry.custom_fields.update_ring: "broad"',
        '                         · registry.ring: "broad" → null',
        "",
        "zwijndrecht",
        "",
        " host      difference  details",
        " ───",
        " PAP-LT-1  moved       · from papendrecht",
        "",
        "hosts",
        "",
        " municipality hosts added removed moved renamed quarantine changed",
        " ───",
        " papendrecht  3 → 3     1       0     1       1      +1 -0       2",
        " zwijndrecht  1 → 2     0       0     1       0      +0 -0       0",
    ]


def test_the_other_way_round(run):
    _code, output = run("diff", "b.json", "a.json", columns=80)
    lines = output.splitlines()
    assert " PAP-LT-10  removed     · dcim.device 10" in lines
    assert " PAP-LT-3   released    · no update ring in custom field 'update_ring'" in lines
    assert " papendrecht  3 → 3     0       1     1       1      +0 -1       2" in lines


def test_a_municipality_that_is_new(run, here):
    found = snapshot(*DEVICES)
    tenants = tuple(replace(row, group=1) if row.slug == "rotterdam" else row for row in found.objects.tenants)
    dump(replace(found, objects=replace(found.objects, tenants=tenants)), here / "new.json")
    (here / "municipalities" / "rotterdam.yml").touch()
    code, output = run("diff", "a.json", "new.json", columns=80)
    assert code == 3
    assert " rotterdam    none → 0     0       0     0       0      +0 -0       0" in output.splitlines()


def test_json(run):
    code, output = run("diff", "a.json", "b.json", "--json")
    found = json.loads(output)
    assert code == 3
    assert output.isascii()
    assert (found["schema"], found["equal"], found["remarks"]) == (1, False, [])
    assert found["a"] == {"name": "a.json", "source": "https://netbox.example/", "as_of": SAVED}
    assert found["municipalities"][0] == {
        "municipality": "papendrecht",
        "before": 3,
        "after": 3,
        "added": 1,
        "removed": 0,
        "moved": 1,
        "renamed": 1,
        "quarantined": 1,
        "released": 0,
        "changed": 2,
    }
    assert [(host["after"]["name"], host["kinds"]) for host in found["hosts"]] == [
        ("PAP-LT-1", ["moved"]),
        ("PAP-LT-10", ["added"]),
        ("PAP-LT-20", ["renamed", "changed"]),
        ("PAP-LT-3", ["quarantined", "changed"]),
    ]
    assert found["hosts"][1] == {
        "type": "dcim.device",
        "id": 10,
        "url": "https://netbox.example/dcim/devices/10/",
        "kinds": ["added"],
        "before": None,
        "after": {"name": "PAP-LT-10", "municipality": "papendrecht", "quarantine_reasons": ["no platform"]},
        "changes": [],
        "groups": {"left": [], "joined": []},
    }
    renamed = found["hosts"][2]
    assert renamed["changes"] == [
        {"variable": "registry.custom_fields.note", "after": LONG},
        {"variable": "registry.custom_fields.update_ring", "before": "canary", "after": "pilot"},
        {"variable": "registry.ring", "before": "canary", "after": "pilot"},
    ]
    assert renamed["groups"] == {"left": ["ring_canary"], "joined": ["ring_pilot"]}


def test_the_same_difference_is_the_same_text(run):
    assert run("diff", "a.json", "b.json") == run("diff", "a.json", "b.json")
    assert run("diff", "a.json", "b.json", "--json") == run("diff", "a.json", "b.json", "--json")


def switch(enabled):
    port = model.Interface(1, 20, "Gi1/0/1", "1000base-t", enabled, None, None, (), "", None, SAVED)
    return {"interfaces": (port,), "include": ("ports",)}


def test_ports(run, here):
    row = device(20, "PAP-SW-1", role=2, platform=2)
    dump(snapshot(row, **switch(True)), here / "one.json")
    dump(snapshot(row, **switch(False)), here / "two.json")
    _code, output = run("diff", "one.json", "two.json")
    assert ' PAP-SW-1  changed     · switch_ports["Gi1/0/1"].enabled: true → false' in output.splitlines()


def test_what_only_one_holds_is_left_out_with_a_remark(run, here):
    row = device(20, "PAP-SW-1", role=2, platform=2)
    dump(snapshot(row, **switch(True)), here / "one.json")
    dump(snapshot(row, source="https://other.example/", filters={"devices": {"role": ["switch"]}}), here / "two.json")
    code, output = run("diff", "one.json", "two.json")
    assert code == 0
    assert output.splitlines() == [
        "Only one of both holds ports: left out of the comparison.",
        "Both were read with different filters: a host may be added or removed by those alone.",
        "Both are of different registries, https://netbox.example/ and https://other.example/: ids may differ.",
        f"No difference from one.json (as of {SAVED}) to two.json (as of {SAVED}).",
    ]


def test_live_of_an_offline_source_is_its_file(run):
    code, output = run("diff", "a.json", "live", "--json")
    assert (code, json.loads(output)["b"]["name"]) == (0, "live")


def test_an_offline_source_has_no_last_reading(run, here):
    with pytest.raises(WerkplekError) as caught:
        run("diff", "last", "live")
    assert str(caught.value).splitlines() == [
        "There is no last reading of the registry",
        f"  {here}/registry.yml: plugin: found registry_snapshot; expected netbox_registry."
        " Name the snapshot file itself.",
    ]


def test_a_word_that_is_no_file(run):
    code, output = run("diff", "a.json", "yesterday", columns=200)
    assert code == 2
    assert "Invalid value for B: 'yesterday' is neither live nor last, nor a file" in output


def test_an_error_says_which_of_both(run, here):
    dump(snapshot(device(1, "A"), device(2, "A")), here / "twice.json")
    with pytest.raises(WerkplekError) as caught:
        run("diff", "a.json", "twice.json")
    assert str(caught.value).splitlines()[0] == "twice.json: The registry https://netbox.example/ gives no inventory"


def test_both_are_read_with_the_sources_options(run, here):
    (here / "registry.yml").write_text(SOURCE_FILE + "lifecycle: [active, planned]\n")
    _code, output = run("diff", "a.json", "b.json", "--json")
    assert json.loads(output)["municipalities"][0]["quarantined"] == 1
