"""NetBox's answers become snapshot rows; recordings of NetBox 4.4.10 say what they look like."""

import json
from pathlib import Path

import pytest
from registry_estate import api_row, connected, whole
from registry_extras import INCLUDE, extra_rows, far_end

from werkplek.registry.answers import addresses, asked_fields, relational, utc
from werkplek.registry.tables import TABLES, columns

RECORDINGS = Path(__file__).parents[2] / "data" / "netbox"


def recorded(name):
    """The rows of a recording; long ones end in a remark."""
    rows = json.loads((RECORDINGS / f"{name}.json").read_text())["body"]["results"]
    return [row for row in rows if isinstance(row, dict) and "id" in row]


def converted(object_type, row, include=()):
    return relational(TABLES[object_type], row, include)


def first(name):
    return recorded(name)[0]


def test_a_recorded_device():
    assert converted("dcim.device", first("devices_slim")) == {
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
        "vc_position": None,
        "tags": [2, 7],
        "primary_ip4": 477,
        "primary_ip6": None,
        "owner": None,
        "custom_fields": {"owner_department": "Ruimte", "update_ring": "broad"},
        "config_context": None,
        "last_updated": "2026-11-23T18:54:53.395660Z",
    }


def test_recorded_devices_bring_their_addresses():
    found = [list(addresses(row)) for row in recorded("devices_slim")[:2]]
    assert found == [[{"id": 477, "address": "10.20.96.10/19", "dns_name": None}], []]


def test_a_recorded_machine():
    assert converted("virtualization.virtualmachine", first("virtual_machines")) == {
        "id": 10,
        "name": "ALB-VM-00457",
        "status": "active",
        "serial": "",
        "site": 2,
        "cluster": 1,
        "tenant": 1,
        "role": 6,
        "platform": 1,
        "tags": [1],
        "primary_ip4": 4804,
        "primary_ip6": None,
        "owner": None,
        "custom_fields": {"owner_department": "Burgerzaken", "update_ring": "pilot"},
        "config_context": None,
        "last_updated": "2026-11-23T18:55:08.416002Z",
    }


def test_a_recorded_interface():
    row = first("interfaces_of_switch")
    assert converted("dcim.interface", row) == {
        "id": 233,
        "device": 112,
        "name": "GigabitEthernet1/0/1",
        "type": "1000base-t",
        "enabled": True,
        "mode": "access",
        "untagged_vlan": 5,
        "tagged_vlans": [],
        "description": "",
        "peer": None,
        "last_updated": utc(row["last_updated"]),
    }


FAR = far_end(7, "Gi1/0/2", 3, "HIA-SW-1")


def peer_of(**told):
    return converted("dcim.interface", first("interfaces_of_switch") | told)["peer"]


def test_a_port_knows_the_far_end_of_its_cable():
    assert peer_of(**connected(FAR)) == FAR
    assert peer_of(**connected(FAR | {"device_name": None})) == FAR | {"device_name": None}


@pytest.mark.parametrize(
    "told",
    [
        connected(),
        connected(FAR, FAR | {"id": 8}),
        connected(FAR, kind="dcim.frontport"),
        connected(FAR, kind="circuits.circuittermination"),
        connected(FAR, reachable=False),
        {"connected_endpoints": None, "connected_endpoints_type": None, "connected_endpoints_reachable": False},
    ],
    ids=["no cable", "several ends", "a patch panel", "a circuit", "a planned cable", "a path that stops halfway"],
)
def test_a_cable_that_does_not_lead_to_one_interface_leads_nowhere(told):
    assert peer_of(**told) is None


@pytest.mark.parametrize("ends", ["Gi1/0/2", [{"id": 7, "name": "Gi1/0/2"}], [7], {"id": 7}])
def test_a_malformed_far_end_is_left_to_the_row_check(ends):
    found = peer_of(**connected(FAR) | {"connected_endpoints": ends})
    assert found == (ends[0] if isinstance(ends, list) else ends)


@pytest.mark.parametrize("column", connected())
def test_a_far_end_of_which_a_part_did_not_come_stays_absent(column):
    row = first("interfaces_of_switch")
    del row[column]
    assert "peer" not in converted("dcim.interface", row)


def test_tagged_vlans_are_ids_in_order():
    vlans = [{"id": number, "vid": 10, "name": "x"} for number in (9, 2, 5)]
    row = first("interfaces_slim") | {"tagged_vlans": vlans, "mode": None, "untagged_vlan": None}
    found = converted("dcim.interface", row)
    assert (found["tagged_vlans"], found["mode"], found["untagged_vlan"]) == ([2, 5, 9], None, None)


SMALL = {
    ("ipam.vlan", "vlans"): {"id": 9, "vid": 10, "name": "data-alb-bibliotheek", "site": 3, "tenant": 1},
    ("extras.customfield", "custom_fields"): {
        "id": 2, "name": "owner_department", "type": "text", "choice_set": None,
    },
    ("extras.customfieldchoiceset", "choice_sets"): {
        "id": 1, "name": "update_rings", "base_choices": None, "extra_choices": ["pilot", "broad", "late", "hold"],
    },
    ("virtualization.cluster", "clusters"): {"id": 1, "name": "vdi-alb", "tenant": 1, "site": None},
    ("extras.configcontext", "config_contexts"): {"id": 1, "name": "global"},
    ("extras.tag", "tags"): {"id": 6, "name": "balie", "slug": "balie"},
    ("tenancy.tenant", "tenants"): {"id": 1, "name": "Alblasserdam", "slug": "alblasserdam", "group": 1},
    ("dcim.site", "sites"): {
        "id": 3, "name": "Alblasserdam Bibliotheek", "slug": "alb-bibliotheek", "region": 2, "tenant": 1,
        "time_zone": "Europe/Amsterdam",
    },
    ("dcim.devicerole", "device_roles"): {"id": 3, "name": "Access Switch", "slug": "access-switch", "parent": None},
    ("dcim.platform", "platforms"): {"id": 5, "name": "arista-eos", "slug": "arista-eos", "parent": None},
}  # fmt: skip


@pytest.mark.parametrize(("table", "name"), SMALL)
def test_recorded_rows_of_small_tables(table, name):
    row = first(name)
    assert converted(table, row) == SMALL[table, name] | {"last_updated": utc(row["last_updated"])}
    assert utc(row["last_updated"]).startswith("2026-11-23T18:54:")


def test_recorded_addresses():
    assert converted("ipam.ipaddress", first("ip_addresses")) == {
        "id": 113,
        "address": "10.20.0.3/19",
        "dns_name": "alb-ws-00114.drechtsteden.lan",
    }


@pytest.mark.parametrize("name", ["custom_fields", "choice_sets"])
def test_a_select_field_refers_to_its_choices(name):
    (field,) = (row for row in recorded("custom_fields") if row["name"] == "update_ring")
    found = converted("extras.customfield", field)
    assert (found["type"], found["choice_set"]) == ("select", first("choice_sets")["id"])


@pytest.mark.parametrize("choices", [None, "x", [[], "x", None, ["a", "A"]]])
def test_what_are_no_pairs_of_choices_is_left_to_the_row_check(choices):
    found = converted("extras.customfieldchoiceset", {"extra_choices": choices})["extra_choices"]
    assert found == ([[], "x", None, "a"] if isinstance(choices, list) else choices)


def test_a_built_in_list_is_named():
    row = first("choice_sets") | {"base_choices": {"value": "IATA", "label": "IATA (Airport codes)"}}
    assert converted("extras.customfieldchoiceset", row)["base_choices"] == "IATA"


@pytest.mark.parametrize("ring", ["pilot", {"value": "pilot", "label": "Pilot"}])
def test_a_choice_may_be_text_or_value_and_label(ring):
    fields = {"update_ring": ring, "many": [ring, ring], "none": None, "number": 3, "yes": True}
    row = first("devices_slim") | {"custom_fields": fields, "status": ring}
    found = converted("dcim.device", row)
    assert found["custom_fields"] == {
        "update_ring": "pilot",
        "many": ["pilot", "pilot"],
        "none": None,
        "number": 3,
        "yes": True,
    }
    assert found["status"] == "pilot"


@pytest.mark.parametrize("value", [{"value": "a"}, {"value": "a", "label": "A", "more": 1}, {"a": {"b": [1, None]}}])
def test_other_objects_in_custom_fields_are_kept(value):
    assert converted("dcim.device", {"custom_fields": {"json": value}})["custom_fields"] == {"json": value}


def test_objects_that_custom_fields_refer_to_become_their_ids():
    thing = {"id": 9, "url": "https://netbox.example/api/x/9/", "display": "x"}
    row = {"custom_fields": {"owner": thing, "owners": [thing, thing | {"id": 3}]}}
    assert converted("dcim.device", row)["custom_fields"] == {"owner": 9, "owners": [9, 3]}


def test_a_cluster_has_a_site_only_when_that_is_its_scope():
    row = first("clusters")
    assert converted("virtualization.cluster", row | {"scope_type": "dcim.site", "scope_id": 4})["site"] == 4
    assert converted("virtualization.cluster", row | {"scope_type": "dcim.region", "scope_id": 4})["site"] is None
    del row["scope_type"]
    assert "site" not in converted("virtualization.cluster", row)


def test_roles_and_platforms_of_older_releases_have_no_parent():
    row = {"id": 1, "name": "Windows", "slug": "windows", "last_updated": None}
    assert converted("dcim.platform", row) == converted("dcim.devicerole", row) == row | {"parent": None}
    assert "parent" not in converted("dcim.region", row)


def test_a_column_that_did_not_come_stays_absent():
    row = first("devices_slim")
    del row["tenant"], row["tags"]
    assert not {"tenant", "tags"} & set(converted("dcim.device", row))


def test_columns_of_extras_are_none_unless_they_were_asked_for():
    row = {"id": 1}
    assert converted("dcim.device", row) == {"id": 1, "config_context": None, "device_type": None, "owner": None}
    assert converted("dcim.device", row, ("owner", "config_context")) == {"id": 1, "device_type": None}


@pytest.mark.parametrize("object_type", TABLES)
def test_rows_come_back_as_they_were_sent(object_type):
    objects = whole(extra_rows())
    assert objects[object_type]
    for row in objects[object_type]:
        assert converted(object_type, api_row(object_type, row, objects), INCLUDE) == row


@pytest.mark.parametrize("object_type", TABLES)
def test_what_is_asked_for_is_what_the_rows_need(object_type):
    table = TABLES[object_type]
    extra = {"config_context", "device_type", "owner"} if object_type == "dcim.device" else set()
    extra = {"config_context", "owner"} if object_type == "virtualization.virtualmachine" else extra
    made = {
        ("virtualization.cluster", "site"): {"scope_type", "scope_id"},
        ("dcim.interface", "peer"): set(connected()),
    }
    named = {name for column in columns(table) for name in made.get((object_type, column), {column})}
    assert set(asked_fields(table, INCLUDE)) == named
    assert set(asked_fields(table, ())) == named - extra


def test_recorded_requests_and_ours_ask_for_the_same_kind_of_fields():
    asked = json.loads((RECORDINGS / "devices_slim.json").read_text())["request"]["path"]
    fields = set(asked.split("fields=")[1].split(","))
    assert set(asked_fields(TABLES["dcim.device"], ())) - {"oob_ip"} <= fields


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23T19:54:53.395660+01:00", "2026-11-23T18:54:53.395660Z"),
        ("2026-11-23T18:54:53.395660Z", "2026-11-23T18:54:53.395660Z"),
        ("2026-11-23T18:54:53Z", "2026-11-23T18:54:53.000000Z"),
        ("2026-12-31T23:30:00.5-01:00", "2027-01-01T00:30:00.500000Z"),
        (None, None),
        ("yesterday", "yesterday"),
        ("", ""),
        (7, 7),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_moments_are_utc_to_the_microsecond(moment, expected):
    assert utc(moment) == expected


@pytest.mark.parametrize("value", [7, "x", {"id": 1}, [{"no": "id"}], [{"id": "1"}], None])
def test_what_is_no_list_of_objects_is_left_to_the_row_check(value):
    found = converted("dcim.device", {"tags": value})["tags"]
    assert found == {str([{"no": "id"}]): [None], str([{"id": "1"}]): ["1"]}.get(str(value), value)
    assert list(addresses({"primary_ip4": value, "oob_ip": value})) == []
