"""The plan of a run: which switches it needs, what it keeps for each worker, and what a worker reads of it."""

import json
import os
import stat

import pytest
from network_samples import PLANS, cable, distribution, network, port, switch

from werkplek.errors import WerkplekError
from werkplek.network import planning
from werkplek.network.document import Peer, Setting
from werkplek.network.planning import file_of, keep, network_of, read, with_settings
from werkplek.policy.plans import Plan, PlannedVlan

POLICY_PLANS = {
    slug: Plan(slug, tuple(PlannedVlan(vlan.vid, vlan.name, vlan.use, vlan.source) for vlan in vlans), (), "10.4.0.1")
    for slug, vlans in PLANS.items()
}


def variables(record, **more):
    """Host variables, as the inventory gives them."""
    ports = [
        {
            "id": number,
            "url": one.url,
            "name": one.name,
            "type": one.type,
            "enabled": one.enabled,
            "mode": one.mode,
            "untagged_vlan": one.untagged._asdict() if one.untagged else None,
            "tagged_vlans": [vlan._asdict() for vlan in one.tagged],
            "description": one.description,
            "peer": {"device": one.peer.device, "device_id": 1, "port": one.peer.port} if one.peer else None,
        }
        for number, one in enumerate(record.ports)
    ]
    registry = {"url": record.url, "role": record.role, "platform": record.platform, "ring": record.ring}
    return {"municipality": record.municipality, "registry": registry, "switch_ports": ports} | more


ACCESS = switch("P1", port("1", 410, [420]), port("2", 460, [440]), cable("up", "D1", "down"))
TOP = distribution("D1", cable("down", "P1", "up"))


def test_documents_come_out_of_host_variables():
    known = {one.name: variables(one) for one in (ACCESS, TOP)}
    made, records = network_of(known, known.__getitem__, POLICY_PLANS)
    assert made.documents == network(ACCESS, TOP).documents
    assert records == {"P1": ACCESS, "D1": TOP}


def test_a_stack_has_as_many_members_as_the_registry_lists():
    known = variables(ACCESS)
    known["registry"]["stack"] = [{"name": "P1-1"}, {"name": "P1-2"}, {"name": "P1-3"}]
    assert planning.switch_record("P1", known).members == 3


def test_a_switch_of_nobody_that_others_hang_from_stops_the_run():
    known = {"P1": variables(ACCESS), "D1": variables(TOP, municipality=None)}
    with pytest.raises(WerkplekError) as stopped:
        network_of(known, known.__getitem__, POLICY_PLANS)
    assert str(stopped.value) == (
        "What a trunk must carry is not known; no switch was touched.\n"
        "  switch P1, port up (https://netbox.example/dcim/interfaces/up/): found a cable to D1"
        " (https://netbox.example/dcim/devices/D1/), whose the registry does not say it is; expected a switch with a"
        " tenant: what its trunk must carry follows from it. Complete its record in NetBox."
    )


def test_a_switch_of_nobody_that_is_connected_to_none_is_left_out():
    known = {"P1": variables(switch("P1", port("1", 410))), "X1": variables(TOP) | {"municipality": None}}
    made, records = network_of(known, known.__getitem__, POLICY_PLANS)
    assert set(made.documents) == set(records) == {"P1"}


def test_without_the_ports_of_switches_in_the_inventory_nothing_is_worked_out():
    known = variables(ACCESS)
    del known["switch_ports"]
    with pytest.raises(WerkplekError) as stopped:
        network_of(["P1"], lambda _name: known, POLICY_PLANS)
    assert str(stopped.value) == (
        "The inventory does not know the switches' ports.\n"
        "  switch P1 (https://netbox.example/dcim/devices/P1/): found no variable switch_ports; expected include:"
        " [ports] in the inventory source. Add it to registry.yml, and refresh the inventory."
    )


def test_a_worker_reads_its_own_switch_as_it_was_worked_out(tmp_path):
    made = network(ACCESS, TOP)
    folder = keep(made, tmp_path)
    for name, document in made.documents.items():
        assert read(folder, name)[0] == document
    assert made.documents["P1"].ports[2].peer == Peer("D1", "down")


def test_the_folder_is_named_after_what_is_in_it(tmp_path):
    first, again = keep(network(ACCESS, TOP), tmp_path), keep(network(TOP, ACCESS), tmp_path)
    other = keep(network(switch("P1", port("1", 430), ACCESS.ports[2]), TOP), tmp_path)
    assert first == again != other
    assert first.parent == other.parent == tmp_path / "network"
    assert len(first.name) == 64


def test_a_switch_s_digest_changes_with_its_own_document_alone(tmp_path):
    third = switch("P2", port("1", 410), cable("up", "D1", "down2"))
    top = distribution("D1", *TOP.ports, cable("down2", "P2", "up"))
    changed = switch("P2", port("1", 430), third.ports[1])
    before, after = (keep(network(ACCESS, top, one), tmp_path) for one in (third, changed))
    digests = {name: (read(before, name)[1], read(after, name)[1]) for name in ("P1", "P2", "D1")}
    assert [one == other for one, other in digests.values()] == [True, False, False]


def test_files_are_the_owner_s_alone_and_a_name_from_the_registry_leads_nowhere(tmp_path):
    folder = keep(network(ACCESS, TOP), tmp_path)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert file_of(folder, "../../etc/passwd").parent == folder


def test_a_plan_of_a_week_ago_goes_and_a_younger_one_stays(tmp_path):
    old, young = (keep(network(switch("P1", port("1", vid))), tmp_path) for vid in (410, 430))
    seconds = old.stat().st_mtime - planning.KEPT_SECONDS - 60
    os.utime(old, (seconds, seconds))
    seconds += 600
    os.utime(young, (seconds, seconds))
    newest = keep(network(switch("P1", port("1", 450))), tmp_path)
    assert sorted(tmp_path.joinpath("network").iterdir()) == sorted([young, newest])


def test_a_plan_that_was_written_half_is_written_again(tmp_path):
    made = network(ACCESS, TOP)
    folder = keep(made, tmp_path)
    (folder / "whole").unlink()
    file_of(folder, "P1").write_text("{")
    keep(made, tmp_path)
    assert read(folder, "P1")[0] == made.documents["P1"]


def test_settings_come_from_the_engine_s_request():
    document = network(ACCESS, TOP).documents["P1"]
    request = {
        "schema": 1,
        "settings": [
            {"id": "dns", "kind": "switch_dns", "servers": ["10.4.1.10"], "domain": "papendrecht.nl"},
            {"id": "snmp", "kind": "switch_snmp", "user": "u", "secret": True, "observe": "waived"},
        ],
    }
    assert with_settings(document, json.dumps(request)).settings == (
        Setting("dns", "switch_dns", {"servers": ["10.4.1.10"], "domain": "papendrecht.nl"}, False, False),
        Setting("snmp", "switch_snmp", {"user": "u"}, True, True),
    )
    with pytest.raises(ValueError, match="schema 2 instead of 1"):
        with_settings(document, json.dumps(request | {"schema": 2}))
