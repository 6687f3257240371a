import json
from dataclasses import replace

import pytest
from registry_estate import SLUGS, device, rows, snapshot, with_devices
from registry_estate import config as make_config
from registry_extras import INCLUDE, extra_rows

from werkplek.registry import packed
from werkplek.registry.inventory import compile_inventory
from werkplek.registry.packed import code_digest, inventory_key, pack, unpack

LATER = "2026-11-24T06:30:00Z"
OWN = {
    "compose": {"ansible_user": "municipality", "places": "['a', 1, true, none, 1.5]"},
    "groups": {"kiosks": "registry.role == 'counter-pc'"},
    "keyed_groups": [{"key": "registry.tags", "prefix": "tag", "parent_group": "tags"}],
}


def inventories(folder):
    quarantined = with_devices(device(1, "A", tenant=None), device(2, "a b"), device(3, "B", status="offline"))
    return {
        "empty": compile_inventory(snapshot(with_devices()), make_config(folder)),
        "small": compile_inventory(snapshot(rows()), make_config(folder)),
        "extras": compile_inventory(snapshot(extra_rows(), include=INCLUDE), make_config(folder)),
        "quarantine": compile_inventory(snapshot(quarantined), make_config(folder)),
        "own groups": compile_inventory(snapshot(rows()), make_config(folder, **OWN)),
        "warnings": compile_inventory(
            snapshot(quarantined), make_config(folder, classes={"workstation": ["workplace", "x"]})
        ),
    }


@pytest.mark.parametrize("name", ["empty", "small", "extras", "quarantine", "own groups", "warnings"])
def test_an_inventory_comes_back_whole_as_of_another_moment(tmp_path, name):
    before = inventories(tmp_path)[name]
    after = unpack(pack(before), LATER)
    assert after == replace(before, fetched_at=LATER)
    assert [group.hosts for group in after.groups] == [group.hosts for group in before.groups]
    assert unpack(memoryview(pack(before)), LATER) == after


def test_text_of_any_script_comes_back(config):
    text = 'caf\u00e9 \u0420 \U0001f9ed {{ x }} \x00\x1b \u2028 \\ "'
    before = compile_inventory(snapshot(with_devices(device(1, "A", serial=text), device(2, text))), config)
    assert unpack(pack(before), before.fetched_at) == before


def test_groups_of_a_host_are_written_once_per_combination(config):
    few = compile_inventory(snapshot(with_devices(*(device(n, f"A-{n}") for n in range(1, 30)))), config)
    content = json.loads(pack(few))
    assert len(content["combinations"]) == 1
    assert {combination for _name, combination, _vars in content["hosts"]} == {0}


def test_the_code_digest_follows_the_code(tmp_path, monkeypatch):
    (tmp_path / "a.py").write_text("x = 1\n")
    monkeypatch.setattr(packed, "__file__", str(tmp_path / "packed.py"))
    before = code_digest()
    assert before == code_digest()
    (tmp_path / "notes.txt").touch()
    assert before == code_digest()
    (tmp_path / "a.py").write_text("x = 2\n")
    assert before != code_digest()


@pytest.mark.parametrize(
    "change",
    [
        {"tenant_group": "others"},
        {"classes": {"workstation": ["workplace"]}},
        {"families": {"windows": "windows"}},
        {"ring_field": "owner_department"},
        {"lifecycle": ["active", "planned"]},
        {"connect_by": ["primary_ip6", "primary_ip4"]},
        {"strict": True},
        {"compose": {"a": "registry.id"}},
        {"compose": {"a": "registry.name"}},
        {"groups": {"a": "registry.id"}},
        {"keyed_groups": [{"key": "registry.id"}]},
        {"keyed_groups": [{"key": "registry.id", "prefix": "x"}]},
        {"keyed_groups": [{"key": "registry.id", "separator": ""}]},
        {"keyed_groups": [{"key": "registry.id", "default_value": "x"}]},
        {"keyed_groups": [{"key": "registry.id", "parent_group": "x"}]},
        {"keyed_groups": [{"key": "registry.id", "trailing_separator": False}]},
    ],
)
def test_every_option_of_hosts_changes_the_key(tmp_path, change):
    others = [{}, {"compose": {"a": "municipality"}}, {"keyed_groups": [{"key": "registry.serial"}]}]
    known = {inventory_key(make_config(tmp_path, **options)) for options in others}
    key = inventory_key(make_config(tmp_path, **change))
    assert len(known) == len(others)
    assert key not in known
    assert len(key) == 64
    assert key == inventory_key(make_config(tmp_path, **change))


def test_the_municipalities_and_the_file_change_the_key(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = inventory_key(make_config(tmp_path / "a"))
    assert first != inventory_key(make_config(tmp_path / "b"))
    assert first != inventory_key(make_config(tmp_path / "a", slugs=(*SLUGS, "sliedrecht")))


@pytest.mark.parametrize(
    "options",
    [
        {"compose": {"a": "registry.id", "b": "registry.name | lower"}},
        {"groups": {"a": "registry.name is match('PAP')"}},
        {"keyed_groups": [{"key": "lookup('env', 'HOME')"}]},
    ],
)
def test_what_ansible_evaluates_is_never_kept(tmp_path, options):
    assert inventory_key(make_config(tmp_path, **options)) == ""
