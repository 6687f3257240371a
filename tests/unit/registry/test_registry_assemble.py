"""What was read fits together, or gives no host."""

import pytest
from registry_estate import SOURCE, api_row, config, rows, whole
from registry_extras import INCLUDE, extra_rows
from registry_refusals import refusal_of
from test_registry_answers import recorded

from werkplek.registry.answers import addresses, asked_fields, relational
from werkplek.registry.assemble import assemble, supported
from werkplek.registry.changes import Log
from werkplek.registry.inventory import compile_inventory
from werkplek.registry.query import Query
from werkplek.registry.state import State, by_id
from werkplek.registry.tables import TABLES, columns, wanted

AGAIN = "Run again; if it stays, check that the token may view these objects."
RECORDED = {
    "tenancy.tenantgroup": "tenant_groups",
    "tenancy.tenant": "tenants",
    "dcim.region": "regions",
    "dcim.site": "sites",
    "dcim.devicerole": "device_roles",
    "dcim.platform": "platforms",
    "extras.tag": "tags",
    "extras.customfield": "custom_fields",
    "extras.customfieldchoiceset": "choice_sets",
    "virtualization.cluster": "clusters",
    "virtualization.virtualmachine": "virtual_machines",
}


def state_of(answers, include=(), filters=None):
    """What a reader makes of the API's rows, of which NetBox sends the fields that were asked for."""
    query, tables = Query(frozenset(include), filters or {}), {}
    for table in wanted(query.include):
        asked = asked_fields(table, query.include)
        sent = [{name: row[name] for name in asked if name in row} for row in answers.get(table.object_type, ())]
        tables[table.object_type] = by_id(relational(table, row, query.include) for row in sent)
    return State(query, tables, {}, Log(None, frozenset()))


def recorded_state():
    """All tables as NetBox 4.4.10 sent them; locations come out of the devices, addresses and their names too."""
    devices = [row | {"oob_ip": None} for row in recorded("devices_slim")]
    locations = {row["location"]["id"]: row["location"] | {"site": row["site"], "parent": None} for row in devices}
    answers = {name: recorded(file) for name, file in RECORDED.items()} | {
        "dcim.location": [row | {"last_updated": None} for row in locations.values()],
        "dcim.device": devices,
    }
    hosts = devices + answers["virtualization.virtualmachine"]
    answers["ipam.ipaddress"] = [address | {"dns_name": ""} for row in hosts for address in addresses(row)]
    return state_of(answers)


def estate_state(objects, include=(), filters=None):
    tables = whole(objects)
    answers = {name: [api_row(name, row, tables) for row in found] for name, found in tables.items()}
    return state_of(answers, include, filters)


def refusal(state):
    summary, problems = refusal_of(assemble, state, SOURCE, "4.4.10")
    assert summary == "The registry's answers do not fit together; no host was taken from them"
    return problems


def test_recorded_answers_make_a_whole_inventory(tmp_path):
    snapshot = assemble(recorded_state(), SOURCE, "4.4.10")
    slugs = [tenant.slug for tenant in snapshot.objects.tenants]
    families = {"windows-11": "windows", "cisco-ios": "network_os", "arista-eos": "network_os"}
    inventory = compile_inventory(snapshot, config(tmp_path, slugs, families=families))
    assert {group.name: len(group.hosts) for group in inventory.groups if group.hosts} == {
        "location_alb_stadhuis_alb_stadhuis_mer": 3,
        "location_alb_werf_alb_werf_mer": 3,
        "municipality_alblasserdam": 6,
        "platform_arista_eos": 3,
        "platform_cisco_ios": 3,
        "quarantine": 2,
        "ring_broad": 4,
        "ring_late": 2,
        "role_access_switch": 3,
        "role_distribution_switch": 3,
        "status_active": 6,
    }
    reasons = {host.name: host.vars["quarantine_reasons"] for host in inventory.hosts if "quarantine" in host.groups}
    assert reasons == {"ALB-DSW-01091": ["no primary address"], "ALB-SW-01131": ["no primary address"]}
    assert inventory.unmanaged == 4
    assert snapshot.as_of == "2026-11-23T18:55:08.416510Z"


def test_a_snapshot_says_what_it_is_of():
    filters = {"dcim.device": {"role": ("laptop",)}, "virtualization.virtualmachine": {"tag__n": ("x", "y")}}
    snapshot = assemble(estate_state(extra_rows(), INCLUDE, filters), SOURCE, "4.5.1")
    assert (snapshot.source, snapshot.netbox_version) == (SOURCE, "4.5.1")
    assert snapshot.include == ("config_context", "contacts", "device_type", "owner", "ports")
    assert snapshot.filters == {"devices": {"role": ("laptop",)}, "virtual_machines": {"tag__n": ("x", "y")}}


def test_as_of_is_the_newest_change_of_any_table():
    objects = rows()
    objects["dcim.region"][0]["last_updated"] = "2026-11-30T08:00:00.000001Z"
    objects["dcim.device"][0]["last_updated"] = None
    assert assemble(estate_state(objects), SOURCE, "4.4.10").as_of == "2026-11-30T08:00:00.000001Z"
    assert assemble(state_of({}), SOURCE, "4.4.10").as_of == "1970-01-01T00:00:00.000000Z"


def test_tables_that_were_not_included_are_empty():
    objects = assemble(estate_state(rows()), SOURCE, "4.4.10").objects
    assert (objects.interfaces, objects.vlans, objects.contacts, objects.owners, objects.device_types) == ((),) * 5


@pytest.mark.parametrize("object_type", ["dcim.device", "dcim.site", "extras.customfield", "virtualization.cluster"])
def test_a_column_that_netbox_did_not_send(object_type):
    state = estate_state(rows())
    row = next(iter(state.tables[object_type].values()))
    column = [name for name in row if name != "id"][-1]
    del row[column]
    table = TABLES[object_type]
    assert refusal(state)[0] == (
        f"{SOURCE}api/{table.path}/{row['id']}/: found no column {column!r}; expected the columns "
        f"{', '.join(columns(table))}. {AGAIN}"
    )


def test_a_value_of_another_type():
    state = estate_state(rows())
    state.tables["dcim.device"][1]["status"] = {"value": "active"}
    assert refusal(state) == [
        f"{SOURCE}api/dcim/devices/1/: found status = {{'value': 'active'}}; expected a value of the right type in "
        f"column 'status'. {AGAIN}"
    ]


def test_rows_that_refer_to_what_the_token_may_not_see():
    state = estate_state(rows())
    del state.tables["dcim.site"][2]
    lost = f"found site = 2, which is no dcim.site here; expected the id of a dcim.site. {AGAIN}"
    assert refusal(state) == [
        f"{SOURCE}api/virtualization/clusters/1/: {lost}",
        f"{SOURCE}api/dcim/devices/3/: {lost}",
        f"{SOURCE}api/dcim/devices/4/: {lost}",
    ]


def test_an_address_that_is_not_there():
    state = estate_state(rows())
    state.tables["ipam.ipaddress"].clear()
    problems = refusal(state)
    assert len(problems) == 7
    assert problems[0] == (
        f"{SOURCE}api/dcim/devices/1/: found primary_ip4 = 11, which is no ipam.ipaddress here; expected the id of a "
        f"ipam.ipaddress. {AGAIN}"
    )


def test_a_flood_of_problems_is_cut():
    state = estate_state(rows())
    state.tables["tenancy.tenant"].clear()
    state.tables["extras.tag"].clear()
    state.tables["dcim.devicerole"].clear()
    state.tables["dcim.platform"].clear()
    assert len(refusal(state)) == 20


def test_ports_of_switches_that_a_filter_leaves_out_are_left_out():
    state = estate_state(extra_rows(), ["ports"], {"dcim.device": {"site": ("pap-stadhuis",)}})
    del state.tables["dcim.device"][9]
    snapshot = assemble(state, SOURCE, "4.4.10")
    assert [port.id for port in snapshot.objects.interfaces] == [1, 2, 3, 4]
    assert len(state.tables["dcim.interface"]) == 5


@pytest.mark.parametrize("filters", [{}, {"dcim.device": {}}, {"virtualization.virtualmachine": {"role": ("x",)}}])
def test_ports_of_switches_that_nothing_leaves_out_are_an_error(filters):
    state = estate_state(extra_rows(), ["ports"], filters)
    del state.tables["dcim.device"][9]
    assert refusal(state) == [
        f"{SOURCE}api/dcim/interfaces/5/: found device = 9, which is no dcim.device here; expected the id of a "
        f"dcim.device. {AGAIN}"
    ]


@pytest.mark.parametrize("version", ["4.2.0", "4.2", "4.4.10", "4.10.1", "5.0.0-beta1", "4.3-Docker-3.2.0", "10.0"])
def test_releases_that_can_be_read(version):
    assert supported(version, SOURCE, frozenset()) == version


COULD_NOT = "The registry could not be read; no host was taken from it"


@pytest.mark.parametrize("version", ["4.1.11", "3.7.8", "4.1", "", "v4.4.10", "four", "4"])
def test_releases_that_cannot_be_read(version):
    assert refusal_of(supported, version, SOURCE, frozenset()) == (
        COULD_NOT,
        [f"{SOURCE}api/status/: found NetBox {version!r}; expected NetBox 4.2 or newer. Upgrade NetBox."],
    )


def test_owners_came_with_netbox_4_5():
    assert supported("4.5.0", SOURCE, frozenset(["owner"])) == "4.5.0"
    assert refusal_of(supported, "4.4.10", SOURCE, frozenset(["ports", "owner"])) == (
        COULD_NOT,
        [
            f"{SOURCE}api/status/: found NetBox '4.4.10'; expected NetBox 4.5 or newer, for owners. "
            "Upgrade NetBox, or take `owner` out of `include`."
        ],
    )
