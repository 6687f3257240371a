"""`werkplek inventory check`: what to mend, with its address; exit codes; JSON."""

import json

import pytest
from inventory_samples import DEVICES, SOURCE_FILE, device, ring, snapshot

from werkplek.errors import WerkplekError
from werkplek.registry.snapshot import dump

BROKEN = (
    *DEVICES,
    device(6, "PAP-LT-6", custom_fields=ring(""), primary_ip4=None),
    device(7, "bad \x1b[31m[red]", tenant=2),
    device(8, "ALIEN-1", tenant=3),
    device(9, "ORPHAN-1", tenant=None, platform=None),
)


@pytest.fixture
def broken(here):
    dump(snapshot(*BROKEN), here / "registry.json")


def test_nothing_to_mend(run):
    code, output = run("check", columns=80)
    assert code == 0
    assert output.splitlines() == [
        "hosts",
        "",
        " municipality usable out of lifecycle quarantined",
        " ───",
        " papendrecht       2                1           0",
        " zwijndrecht       1                0           0",
        "",
        "Not managed, for their role has no workplace class: 1 more.",
        "Nothing to mend.",
    ]


@pytest.mark.usefixtures("broken")
def test_what_to_mend(run):
    code, output = run("check", columns=80)
    assert code == 3
    assert output.splitlines() == [
        "papendrecht",
        "",
        " host      to mend",
        " ───",
        " PAP-LT-6  · no update ring in custom field 'update_ring'",
        "           · no primary address",
        "             https://netbox.example/dcim/devices/6/",
        "",
        "zwijndrecht",
        "",
        " host              to mend",
        " ───",
        r" unnamed-device-7  · name 'bad \x1b[31m[red]' is no host name; expected",
        "                     letters, digits, dots, hyphens and underscores, not",
        "                     beginning with a dot or hyphen",
        "                     https://netbox.example/dcim/devices/7/",
        "",
        "no municipality",
        "",
        " host      to mend",
        " ───",
        " ALIEN-1   · tenant 'rotterdam' is not in tenant group 'drechtsteden'",
        "             https://netbox.example/dcim/devices/8/",
        "",
        " ORPHAN-1  · no tenant",
        "           · no platform",
        "             https://netbox.example/dcim/devices/9/",
        "",
        "hosts",
        "",
        " municipality    usable out of lifecycle quarantined",
        " ───",
        " papendrecht          2                1           1",
        " zwijndrecht          1                0           1",
        " no municipality      0                0           2",
        "",
        "Not managed, for their role has no workplace class: 1 more.",
    ]


@pytest.mark.usefixtures("broken")
def test_an_address_is_never_broken(run):
    _code, output = run("check", columns=30)
    assert "             https://netbox.example/dcim/devices/6/" in output.splitlines()


@pytest.mark.usefixtures("broken")
def test_json(run):
    code, output = run("check", "--json")
    found = json.loads(output)
    assert code == 3
    assert (found["schema"], found["ok"], found["source"]) == (1, False, "https://netbox.example/")
    assert found["to_mend"][0] == {
        "municipality": "papendrecht",
        "host": "PAP-LT-6",
        "url": "https://netbox.example/dcim/devices/6/",
        "reasons": ["no update ring in custom field 'update_ring'", "no primary address"],
    }
    assert [(host["municipality"], host["host"]) for host in found["to_mend"][1:]] == [
        ("zwijndrecht", "unnamed-device-7"),
        (None, "ALIEN-1"),
        (None, "ORPHAN-1"),
    ]
    assert found["warnings"] == []
    assert found["municipalities"][0] == {
        "municipality": "papendrecht",
        "usable": 2,
        "out_of_lifecycle": 1,
        "quarantined": 1,
    }
    assert found["unmanaged"] == 1


def test_a_warning_is_something_to_mend(run, here):
    (here / "registry.yml").write_text(SOURCE_FILE.replace("[laptop]", "[laptop, lap-top]"))
    code, output = run("check", columns=200)
    assert code == 3
    assert output.splitlines()[:6] == [
        "the registry as a whole",
        "",
        " to mend",
        " ───",
        f" {here}/registry.yml: classes: the registry has no role 'lap-top'",
        "",
    ]
    assert "Nothing to mend" not in output
    assert json.loads(run("check", "--json")[1])["warnings"] == [
        f"{here}/registry.yml: classes: the registry has no role 'lap-top'"
    ]


def test_a_registry_that_gives_no_inventory(run, here):
    dump(snapshot(device(1, "A"), device(2, "a", tenant=2)), here / "registry.json")
    with pytest.raises(WerkplekError) as caught:
        run("check")
    assert caught.value.code == 1
    assert str(caught.value).splitlines() == [
        "The registry https://netbox.example/ gives no inventory",
        "  https://netbox.example/dcim/devices/2/: found host in two municipalities: 'a' is also "
        "https://netbox.example/dcim/devices/1/ (papendrecht and zwijndrecht); expected one object per host name. "
        "Rename one of the two, or give its role no class.",
    ]


def test_an_expression_that_only_ansible_knows(run, here):
    (here / "registry.yml").write_text(SOURCE_FILE + "compose: {x: registry.name | upper}\n")
    with pytest.raises(WerkplekError, match="an expression that only Ansible can evaluate"):
        run("check")


def test_a_source_that_is_not_there(run):
    code, output = run("check", source="absent.yml")
    assert code == 2
    assert "Invalid value for '--source'" in output
