"""What is asked of NetBox, and what is made of it: pages, ranges, filters, versions, switch ports, the change log."""

import pytest
from registry_live import ALL, TOKEN, live, running

from werkplek.errors import WerkplekError
from werkplek.lab.estate import generate
from werkplek.registry.assemble import assemble
from werkplek.registry.live import last_snapshot, live_snapshot, read_inventory
from werkplek.registry.snapshot import to_bytes

DEVICE = "dcim.device"


@pytest.fixture
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("WERKPLEK_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.mark.parametrize("version", ["4.2.9", "4.3.7", "4.4.10", "4.5.9", "4.6.8"])
@pytest.mark.parametrize("choices", [False, True])
def test_a_reading_is_what_the_registry_holds_whatever_its_version(version, choices):
    estate = generate(120, 5, version=version)
    with running(estate, choice_objects=choices) as netbox:
        assert assemble(netbox.full(estate.include), estate.source, version) == estate


@pytest.mark.parametrize("size", [7, 50, 1000])
def test_pages_of_any_size_give_the_same(netbox, size):
    assert netbox.bytes(netbox.full(page_size=size)) == netbox.bytes(netbox.full())


def test_ids_with_wide_gaps_give_the_same():
    estate = generate(60, 5, version="4.6.8")
    with running(estate) as netbox:
        netbox.store._next_id[DEVICE] = 900_000
        row = {name: value for name, value in netbox.store.tables[DEVICE][1].items() if name != "id"}
        free = {"primary_ip4": None, "oob_ip": None, "virtual_chassis": None}
        for number in range(25):
            netbox.store.create(DEVICE, row | free | {"name": f"FAR-{number}", "asset_tag": None})
        whole = netbox.full()
        assert len(whole.tables[DEVICE]) == len(netbox.store.tables[DEVICE])
        assert netbox.bytes(netbox.full(page_size=10)) == netbox.bytes(whole)


def test_tags_are_asked_for_apart_where_that_costs_less():
    with running(generate(4000, 5)) as netbox:
        netbox.full(())
        apart = [path for path in netbox.requests if "tag=" in path]
        lists = [path for path in netbox.requests if path.startswith("/api/dcim/devices/") and "status" in path]
        assert len(apart) >= 3
        assert [",tags," in path.replace("%2C", ",") for path in lists].count(True) == 1, "the first page has them"


def test_every_request_for_hosts_leaves_config_contexts_out_unless_they_are_asked_for(netbox):
    netbox.full(("ports",))
    hosts = ("/api/dcim/devices/", "/api/virtualization/virtual-machines/")
    asked = [path for path in netbox.requests if path.startswith(hosts)]
    assert asked
    assert all("exclude=config_context" in path for path in asked)
    netbox.requests.clear()
    netbox.full(("config_context",))
    asked = [path for path in netbox.requests if path.startswith(hosts)]
    assert any("config_context" in path and "exclude" not in path for path in asked)


def test_ports_are_one_stream_for_all_switches_and_of_cables_only_where_they_lead(netbox):
    netbox.full(("ports",))
    ports = [path for path in netbox.requests if path.startswith("/api/dcim/interfaces/")]
    assert len(ports) == 2, "the rows, and their mark"
    assert all("device_role_id=8" in path and "cable" not in path and "link_peers" not in path for path in ports)


def test_without_switches_no_port_is_asked_for():
    with running(generate(40, 5)) as netbox:
        for role in (8, 9):
            netbox.store.update("dcim.devicerole", role, {"slug": f"other-{role}"})
        state = netbox.full(("ports",))
        assert state.tables["dcim.interface"] == {}
        assert not [path for path in netbox.requests if path.startswith("/api/dcim/interfaces/")]


def hosts(result):
    return [host.name for host in result.inventory.hosts]


def test_filters_are_sent_and_checked_on_arrival(netbox, state):
    only = live(netbox, filters={"devices": {"tenant": "dordrecht"}, "virtual_machines": {"tenant": ["dordrecht"]}})
    found = read_inventory(only)
    assert {host.vars["municipality"] for host in found.inventory.hosts} == {"dordrecht"}
    assert any("tenant=dordrecht" in path for path in netbox.requests)
    netbox.store.update(DEVICE, found.inventory.hosts[0].vars["registry"]["id"], {"tenant": 1})
    after = read_inventory(
        live(
            netbox,
            filters={
                name: dict(group)
                for name, group in {
                    "devices": {"tenant": "dordrecht"},
                    "virtual_machines": {"tenant": ["dordrecht"]},
                }.items()
            },
        )
    )
    assert found.inventory.hosts[0].name not in hosts(after)


def test_a_host_moves_into_a_filter_when_its_site_moves_into_the_region(netbox, state):
    netbox.store.create("dcim.region", {"name": "Elders", "slug": "elders", "parent": None})
    wish = {"devices": {"region": "elders"}, "virtual_machines": {"region": "elders"}}
    assert hosts(read_inventory(live(netbox, filters=wish, include=[]))) == []
    region = max(netbox.store.tables["dcim.region"])
    site = netbox.store.tables[DEVICE][1]["site"]
    netbox.store.update("dcim.site", site, {"region": region})
    found = read_inventory(live(netbox, filters=wish, include=[]))
    assert netbox.store.tables[DEVICE][1]["name"] in hosts(found)


def refusal(source):
    with pytest.raises(WerkplekError) as caught:
        read_inventory(source)
    return str(caught.value)


def test_an_unknown_value_is_netboxs_own_error(netbox, state):
    text = refusal(live(netbox, filters={"devices": {"tenant": "atlantis"}}))
    assert "HTTP 400 (tenant: ['Select a valid choice. atlantis is not one of the available choices.'])" in text
    assert f"{netbox.url}api/dcim/devices/?tenant=atlantis" in text


def test_an_unknown_choice_of_a_custom_field_is_an_error(netbox, state):
    text = refusal(live(netbox, filters={"devices": {"cf_update_ring": "canry"}}))
    url = f"{netbox.url}extras/custom-field-choice-sets/1/"
    assert f"{url}: found cf_update_ring = 'canry' for devices; expected one of canary, pilot, broad" in text


def test_a_filter_that_netbox_does_not_know_is_found_by_what_arrives(netbox, state, monkeypatch):
    """An older release, or a proxy that drops parameters: NetBox then answers with everything."""
    from werkplek.lab import netbox_lists  # noqa: PLC0415

    monkeypatch.setattr(netbox_lists, "tests", lambda *_arguments: [])
    text = refusal(live(netbox, filters={"devices": {"status": "planned"}}, include=[]))
    assert "a host outside the filter 'status'; expected only hosts with status = planned" in text
    assert f"  {netbox.url}dcim/devices/" in text


def test_owners_need_a_newer_netbox(state):
    with running(generate(40, 5)) as netbox:
        text = refusal(live(netbox, include=["owner"]))
    assert text.endswith(
        "api/status/: found NetBox '4.4.10'; expected NetBox 4.5 or newer, for owners. "
        "Upgrade NetBox, or take `owner` out of `include`."
    )


def test_an_old_netbox(state, netbox):
    netbox.store.version = "4.1.11"
    text = refusal(live(netbox))
    assert text.endswith("found NetBox '4.1.11'; expected NetBox 4.2 or newer. Upgrade NetBox.")


def test_a_token_that_may_not_see_what_hosts_refer_to(netbox, state, monkeypatch):
    """Object permissions hide rows without an error: a reference that leads nowhere tells."""
    site = netbox.store.tables[DEVICE][1]["site"]
    hidden = netbox.store.tables["dcim.site"].pop(site)
    try:
        text = refusal(live(netbox))
    finally:
        netbox.store.tables["dcim.site"][site] = hidden
    assert "The registry's answers do not fit together" in text or "HTTP 500" in text


def test_the_same_registry_gives_the_same_snapshot_byte_for_byte(netbox, state):
    first, second = live_snapshot(live(netbox)), live_snapshot(live(netbox, fresh=True))
    assert to_bytes(first) == to_bytes(second)
    assert last_snapshot(live(netbox)) is None, "a snapshot keeps nothing"
    read_inventory(live(netbox))
    kept, _when = last_snapshot(live(netbox))
    assert to_bytes(kept) == to_bytes(first)


def test_both_kinds_of_token(state):
    assert ALL
    from registry_live import Double  # noqa: PLC0415

    from werkplek.lab.netbox import make_app  # noqa: PLC0415
    from werkplek.lab.netbox_server import serve_in_thread  # noqa: PLC0415

    for token in (TOKEN, "nbt_abcdefghijkl.0123456789abcdef"):
        app = make_app(generate(40, 5, version="4.6.8"), token=token)
        with serve_in_thread(app) as url:
            assert hosts(read_inventory(live(Double(app, url), token=token)))
