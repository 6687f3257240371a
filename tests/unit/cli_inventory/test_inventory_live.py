"""The same commands on a live registry: the NetBox double."""

import json
import os
import re

import pytest
from inventory_samples import DEVICES, SOURCE_FILE, snapshot

from werkplek.errors import WerkplekError
from werkplek.lab.netbox import STORE, make_app
from werkplek.lab.netbox_server import serve_in_thread
from werkplek.registry.live import live_source, read_inventory
from werkplek.registry.snapshot import load
from werkplek.registry.sources import read_source

TOKEN = "0123456789abcdef"


@pytest.fixture
def netbox(here, monkeypatch):
    """The double's store; the source in this folder reads it."""
    (here / "registry.yml").write_text(
        SOURCE_FILE.replace("registry_snapshot", "netbox_registry").replace("snapshot: registry.json\n", "")
    )
    app = make_app(snapshot(*DEVICES), token=TOKEN)
    with serve_in_thread(app) as url:
        monkeypatch.setenv("NETBOX_API", url)
        monkeypatch.setenv("NETBOX_TOKEN", TOKEN)
        yield app[STORE]


def read_by_ansible(here):
    """What an Ansible run does: it keeps the reading."""
    source = read_source(here / "registry.yml", os.environ)
    read_inventory(live_source(source.options, source.file))


def test_a_snapshot_of_what_is_live(run, here, netbox):
    assert run("snapshot", "one.json")[0] == 0
    assert run("snapshot", "two.json")[0] == 0
    assert (here / "one.json").read_bytes() == (here / "two.json").read_bytes()
    assert [row.name for row in load(here / "one.json").objects.devices] == [row.name for row in DEVICES]
    code, output = run("diff", "one.json", "live", "--json")
    assert (code, json.loads(output)["equal"]) == (0, True)


def test_check(run, netbox):
    code, output = run("check", "--json")
    found = json.loads(output)
    assert (code, found["ok"], found["unmanaged"]) == (0, True, 1)
    netbox.update("dcim.device", 4, {"tenant": None})
    code, output = run("check", "--json")
    url = found["source"]
    assert code == 3
    assert json.loads(output)["to_mend"] == [
        {"municipality": None, "host": "ZWD-LT-1", "url": f"{url}dcim/devices/4/", "reasons": ["no tenant"]}
    ]


def test_what_changed_since_the_last_run(run, here, netbox):
    read_by_ansible(here)
    assert run("diff", "last", "live")[0] == 0
    netbox.update("dcim.device", 2, {"custom_fields": {"update_ring": "pilot"}})
    code, output = run("diff", "last", "live")
    assert code == 3
    assert re.match(r"From last \(read at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\) to live:\n", output)
    assert ' PAP-LT-2  changed     · registry.custom_fields.update_ring: "canary" → "pilot"' in output.splitlines()
    assert run("diff", "last", "live")[0] == 3, "looking keeps nothing"
    read_by_ansible(here)
    assert run("diff", "last", "live")[0] == 0


@pytest.mark.usefixtures("netbox")
def test_no_last_reading(run, here):
    with pytest.raises(WerkplekError) as caught:
        run("diff", "last", "live")
    cache = live_source(read_source(here / "registry.yml", os.environ).options, here / "registry.yml").cache_path()
    assert str(caught.value).splitlines() == [
        "There is no last reading of the registry",
        f"  {cache}: found none; expected a reading with the same address, token, filters and version of Werkplek."
        " `ansible-inventory --list` keeps one for the next time; `werkplek inventory snapshot FILE` keeps one for"
        " good.",
    ]


@pytest.mark.usefixtures("netbox")
def test_an_error_shows_no_token(run, monkeypatch):
    monkeypatch.setenv("NETBOX_TOKEN", "not-the-right-one")
    with pytest.raises(WerkplekError) as caught:
        run("check")
    assert "HTTP 403" in str(caught.value)
    assert "not-the-right-one" not in str(caught.value)


@pytest.mark.usefixtures("netbox")
def test_two_files_need_neither_token_nor_connection(run, monkeypatch):
    run("snapshot", "one.json")
    monkeypatch.delenv("NETBOX_API")
    monkeypatch.delenv("NETBOX_TOKEN")
    assert run("diff", "one.json", "one.json")[0] == 0
