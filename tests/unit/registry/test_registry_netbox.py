import json
from pathlib import Path

import pytest
from registry_estate import SOURCE, TAKEN_AT, api_row, config, rows

from werkplek.errors import WerkplekError
from werkplek.registry.inventory import compile_inventory
from werkplek.registry.model import TABLES
from werkplek.registry.netbox import assemble, query, relational

RECORDINGS = Path(__file__).parents[2] / "data" / "netbox"
SMALL = {
    "tenancy.tenantgroup": "tenant_groups",
    "tenancy.tenant": "tenants",
    "dcim.region": "regions",
    "dcim.site": "sites",
    "dcim.devicerole": "device_roles",
    "dcim.platform": "platforms",
    "extras.tag": "tags",
    "virtualization.cluster": "clusters",
}


def recorded(name):
    return json.loads((RECORDINGS / f"{name}.json").read_text())["body"]["results"]


def recorded_tables():
    """All tables as NetBox 4.4.10 sent them; locations and device types come out of the devices that name them."""
    devices = recorded("devices_slim")
    locations = {row["location"]["id"]: row["location"] | {"site": row["site"]} for row in devices}
    types = {row["device_type"]["id"]: row["device_type"] for row in devices}
    return {name: recorded(file) for name, file in SMALL.items()} | {
        "dcim.location": list(locations.values()),
        "dcim.devicetype": list(types.values()),
        "dcim.device": devices,
        "virtualization.virtualmachine": recorded("virtual_machines"),
    }


def test_a_recorded_device_becomes_a_row_of_ids_and_plain_values():
    assert relational(TABLES["dcim.device"], recorded("devices_slim")[0]) == {
        "id": 492,
        "name": "ALB-DSW-00491",
        "status": "active",
        "serial": "837919DE0491",
        "asset_tag": "DS000491",
        "site": 1,
        "location": 1,
        "tenant": 1,
        "role": 4,
        "platform": 4,
        "device_type": 7,
        "cluster": None,
        "virtual_chassis": None,
        "tags": [7, 2],
        "primary_ip4": "10.20.96.10/19",
        "primary_ip6": None,
        "custom_fields": {"owner_department": "Ruimte", "update_ring": "broad"},
        "last_updated": "2026-11-23T19:54:53.395660+01:00",
    }


def test_recorded_answers_make_a_whole_inventory(tmp_path):
    snapshot = assemble(recorded_tables(), SOURCE, "4.4.10", TAKEN_AT)
    slugs = [tenant.slug for tenant in snapshot.objects.tenants]
    families = {"windows-11": "windows", "cisco-ios": "network_os", "arista-eos": "network_os"}
    inventory = compile_inventory(snapshot, config(tmp_path, slugs, families=families))
    members = {group.name: len(group.hosts) for group in inventory.groups if group.hosts}
    assert members == {
        "municipality_alblasserdam": 6,
        "network": 6,
        "platform_arista_eos": 3,
        "platform_cisco_ios": 3,
        "quarantine": 2,
        "ring_broad": 4,
        "ring_late": 2,
        "site_alb_stadhuis": 3,
        "site_alb_werf": 3,
        "status_active": 6,
    }
    reasons = {host.name: host.vars["quarantine_reasons"] for host in inventory.hosts if "quarantine" in host.groups}
    assert reasons == {"ALB-DSW-01091": ["no primary address"], "ALB-SW-01131": ["no primary address"]}
    assert inventory.unmanaged == 4


def test_recorded_requests_and_ours_ask_for_the_same_kind_of_fields():
    asked = json.loads((RECORDINGS / "devices_slim.json").read_text())["request"]["path"]
    fields = set(asked.split("fields=")[1].split(","))
    assert set(query(TABLES["dcim.device"]).parameters["fields"].split(",")) <= fields


@pytest.mark.parametrize("ring", ["pilot", {"value": "pilot", "label": "Pilot"}])
def test_a_select_field_may_be_text_or_value_and_label(ring):
    row = recorded("devices_slim")[0] | {"custom_fields": {"update_ring": ring, "many": [ring], "none": None}}
    assert relational(TABLES["dcim.device"], row)["custom_fields"] == {
        "update_ring": "pilot",
        "many": ["pilot"],
        "none": None,
    }


def test_an_object_field_becomes_its_id():
    row = {"custom_fields": {"owner": {"id": 9, "url": "https://netbox.example/api/x/9/", "display": "x"}}}
    assert relational(TABLES["dcim.device"], row)["custom_fields"] == {"owner": 9}


def test_a_cluster_has_a_site_only_when_that_is_its_scope():
    table = TABLES["virtualization.cluster"]
    assert relational(table, {"id": 1, "scope_type": "dcim.site", "scope_id": 4})["site"] == 4
    assert relational(table, {"id": 1, "scope_type": "dcim.region", "scope_id": 4})["site"] is None


def test_roles_and_platforms_of_older_releases_have_no_parent():
    assert relational(TABLES["dcim.platform"], {"id": 1, "name": "Windows", "slug": "windows"})["parent"] is None


def nested(objects):
    return {name: [api_row(name, row, objects) for row in table] for name, table in objects.items()}


def refusal(answers):
    with pytest.raises(WerkplekError) as caught:
        assemble(answers, SOURCE, "4.4.10", TAKEN_AT)
    return str(caught.value).splitlines()


def test_a_column_that_netbox_did_not_send():
    answers = nested(rows())
    del answers["dcim.device"][1]["tenant"]
    lines = refusal(answers)
    assert lines[0] == "The registry's answers do not fit together; no host was taken from them"
    assert lines[1].startswith(
        f"  {SOURCE}api/dcim/devices/2/: found no column 'tenant'; expected the columns id, name"
    )


def test_a_row_that_refers_to_what_the_token_may_not_see():
    objects = rows()
    answers = nested(objects)
    answers["dcim.site"] = answers["dcim.site"][:1]
    assert refusal(answers)[1] == (
        f"  {SOURCE}api/virtualization/clusters/1/: found site = 2, which is no dcim.site here; expected the id of a "
        "dcim.site. Run again; if it stays, check that the token may view these objects."
    )
