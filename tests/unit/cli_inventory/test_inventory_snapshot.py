"""`werkplek inventory snapshot`: the file, the table, JSON, and what is refused."""

import json
import stat

import pytest
from inventory_samples import DEVICES, SAVED, SOURCE, snapshot

from werkplek.errors import WerkplekError
from werkplek.registry.snapshot import content, digest, load

SHA = digest(content(snapshot(*DEVICES)))


def test_a_file_of_equal_bytes_for_its_owner(run, here):
    file = here / "out.json"
    code, output = run("snapshot", "out.json", columns=80)
    assert code == 0
    assert output.splitlines() == [
        "Snapshot out.json",
        "",
        " what           value",
        " ───",
        " registry       https://netbox.example/",
        " NetBox         4.4.10",
        " newest change  2026-11-23T12:00:00.000000Z",
        " extras         none",
        "",
        " tenant groups  1",
        " tenants        3",
        " sites          1",
        " device roles   3",
        " platforms      2",
        " custom fields  1",
        " ip addresses   5",
        " devices        5",
        "",
        f"sha256 {SHA}",
    ]
    assert load(file) == snapshot(*DEVICES)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first = file.read_bytes()
    assert first == (here / "registry.json").read_bytes()
    assert run("snapshot", "out.json")[0] == 0
    assert file.read_bytes() == first


def test_json(run):
    code, output = run("snapshot", "out.json", "--json")
    found = json.loads(output)
    rows = found.pop("rows")
    assert code == 0
    assert found == {
        "schema": 1,
        "file": "out.json",
        "source": SOURCE,
        "as_of": SAVED,
        "netbox_version": "4.4.10",
        "include": [],
        "filters": {},
        "sha256": SHA,
    }
    assert (rows["dcim.device"], rows["dcim.interface"]) == (5, 0)


def test_no_folder_to_write_in(run, here):
    code, output = run("snapshot", "nowhere/out.json")
    assert code == 2
    assert "Invalid value for FILE: no folder" in output


def test_a_file_that_cannot_be_written_leaves_what_was_there(run, here, monkeypatch):
    def full(_snapshot, _path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("werkplek.cli.inventory.dump", full)
    with pytest.raises(WerkplekError) as caught:
        run("snapshot", "out.json")
    assert str(caught.value).splitlines() == [
        "The snapshot could not be written",
        "  out.json: found No space left on device; expected a file that can be written",
    ]


def test_a_registry_that_cannot_be_read_writes_nothing(run, here):
    (here / "registry.json").write_text("{")
    with pytest.raises(WerkplekError, match="cannot be used"):
        run("snapshot", "out.json")
    assert not (here / "out.json").exists()
