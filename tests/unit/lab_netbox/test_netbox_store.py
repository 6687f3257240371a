"""Writes straight to the store: what NetBox touches, logs and leaves alone. Each was seen on a real NetBox 4.4."""

from datetime import UTC, datetime

import pytest

from werkplek.lab.estate import embedded, generate
from werkplek.lab.netbox_deletes import ProtectedError
from werkplek.lab.netbox_store import Store
from werkplek.registry.tables import TABLES

DEVICE, MACHINE, INTERFACE = "dcim.device", "virtualization.virtualmachine", "dcim.interface"
ADDRESS, LOG = "ipam.ipaddress", "core.objectchange"


@pytest.fixture
def store():
    return Store(embedded())


@pytest.fixture
def stacked():
    return Store(generate(1000, 7))


def entries(store):
    return [(row["action"], row["changed_object_type"], row["changed_object_id"]) for row in store.tables[LOG].values()]


def moments(store, object_type):
    return {number: row.get("last_updated") for number, row in store.tables[object_type].items()}


def moved(store, object_type, before):
    """Ids of the rows that were saved since, or are new."""
    return {number for number, moment in moments(store, object_type).items() if before.get(number) != moment}


@pytest.mark.parametrize("object_type", TABLES)
def test_every_table_can_be_written(stacked, object_type):
    if object_type == "users.owner":  # none in this release
        stacked.create(object_type, {"name": "x"})
    number = max(stacked.tables[object_type])
    values = {name: value for name, value in stacked.tables[object_type][number].items() if name != "id"}
    values |= {"master": None} if object_type == "dcim.virtualchassis" else {}
    made = stacked.create(object_type, values)
    assert made["id"] == number + 1
    changed = stacked.update(object_type, made["id"], {"description": "new"})
    assert changed["last_updated"] > made["last_updated"] == made["created"]
    stacked.delete(object_type, made["id"])
    assert made["id"] not in stacked.tables[object_type]
    assert [entry for entry in entries(stacked) if entry[1:] == (object_type, made["id"])] == [
        (action, object_type, made["id"]) for action in ("create", "update", "delete")
    ]
    assert stacked.create(object_type, values)["id"] == number + 2, "ids are not given again"


def test_a_save_moves_the_moment_and_is_logged_where_something_changed(store):
    before = moments(store, DEVICE)
    store.update(DEVICE, 1, {"serial": "new"})
    store.update(DEVICE, 2, {"serial": store.tables[DEVICE][2]["serial"]})
    assert (moved(store, DEVICE, before), entries(store)) == ({1, 2}, [("update", DEVICE, 1)])


def test_nbshell_moves_the_moment_and_logs_nothing(store):
    before = moments(store, DEVICE)
    made = store.create("extras.tag", {"name": "x", "slug": "x"}, logged=False)
    store.update(DEVICE, 1, {"serial": "new"}, logged=False)
    store.delete("extras.tag", made["id"], logged=False)
    assert (moved(store, DEVICE, before), entries(store)) == ({1}, [])


def test_a_queryset_moves_and_logs_nothing(store):
    before = moments(store, DEVICE)
    store.update(DEVICE, 1, {"serial": "new"}, touch=False)
    assert store.tables[DEVICE][1]["serial"] == "new"
    assert (moved(store, DEVICE, before), entries(store)) == (set(), [])


def test_what_one_write_changes_has_one_request_id(store):
    store.delete(DEVICE, 1)
    store.delete(DEVICE, 2)
    ids = [row["request_id"] for row in store.tables[LOG].values()]
    assert len(set(ids)) == 2 and ids == sorted(ids, key=ids.index)


def test_a_deleted_device_takes_its_ports_addresses_and_contacts_along(store):
    port = store.tables[ADDRESS][1]["assigned_object_id"]
    assignment = next(row for row in store.tables["tenancy.contactassignment"].values() if row["object_id"] == 1)
    store.delete(DEVICE, 1)
    assert entries(store) == [
        ("delete", "tenancy.contactassignment", assignment["id"]),
        ("delete", ADDRESS, 1),
        ("update", DEVICE, 1),
        ("delete", INTERFACE, port),
        ("delete", DEVICE, 1),
    ]
    log = list(store.tables[LOG].values())
    assert (log[2]["prechange_data"]["primary_ip4"], log[2]["postchange_data"]["primary_ip4"]) == (1, None)
    assert log[1]["object_repr"] == "127.0.11.1/8" and log[-1]["object_repr"] == "ALB-LT-0001 (DS000001)"
    assert 1 not in store.tables[ADDRESS] and port not in store.tables[INTERFACE]


def test_a_deleted_machine_takes_its_interface_along(stacked):
    number = min(stacked.tables[MACHINE])
    stacked.delete(MACHINE, number)
    assert [entry[:2] for entry in entries(stacked)] == [
        ("delete", ADDRESS),
        ("update", MACHINE),
        ("delete", "virtualization.vminterface"),
        ("delete", MACHINE),
    ]


@pytest.mark.parametrize(("logged", "log"), [(True, [("delete", ADDRESS, 1), ("update", DEVICE, 1)]), (False, [])])
def test_a_deleted_address_is_no_longer_the_primary_one(store, logged, log):
    before = moments(store, DEVICE)
    store.delete(ADDRESS, 1, logged=logged)
    assert store.tables[DEVICE][1]["primary_ip4"] is None
    assert (moved(store, DEVICE, before), entries(store)) == ({1}, log)


def test_a_deleted_port_takes_its_address_along(store):
    port = store.tables[ADDRESS][2]["assigned_object_id"]
    store.delete(INTERFACE, port)
    assert [entry[:2] for entry in entries(store)] == [
        *(("delete", ADDRESS), ("update", DEVICE), ("delete", INTERFACE)),
    ]


def test_a_deleted_tag_goes_from_hosts_logged_and_without_moving_them(store):
    before = moments(store, DEVICE)
    bearers = {number for number, row in store.tables[DEVICE].items() if 3 in row["tags"]}
    store.delete("extras.tag", 3)
    assert entries(store) == [("delete", "extras.tag", 3), *(("update", DEVICE, number) for number in bearers)]
    assert not moved(store, DEVICE, before) and len(bearers) == 2
    assert not any(3 in row["tags"] for row in store.tables[DEVICE].values())
    store.delete("extras.tag", 2, logged=False)
    assert len(entries(store)) == 3 and not moved(store, DEVICE, before)
    assert store.tables[DEVICE][33]["tags"] == []


@pytest.mark.parametrize(
    ("version", "logged", "touched"),
    [("4.4.10", True, True), ("4.4.10", False, False), ("4.2.9", True, True), ("4.2.8", True, False)],
)
def test_a_deleted_platform_leaves_its_hosts_without_one(version, logged, touched):
    store = Store(generate(100, 3, version=version))
    before = moments(store, DEVICE)
    hosts = {number for number, row in store.tables[DEVICE].items() if row["platform"] == 5}
    store.delete("dcim.platform", 5, logged=logged)
    assert hosts and all(store.tables[DEVICE][number]["platform"] is None for number in hosts)
    assert moved(store, DEVICE, before) == (hosts if touched else set())
    expected = [("delete", "dcim.platform", 5)] if logged else []
    expected += [("update", DEVICE, number) for number in sorted(hosts)] if touched else []
    assert entries(store) == expected


def test_what_is_below_in_a_tree_goes_along(store):
    store.delete("dcim.platform", 4)
    assert [entry for entry in entries(store) if entry[:2] != ("update", DEVICE)] == [
        ("delete", "dcim.platform", number) for number in (4, 5, 9)
    ]


def test_a_deleted_region_leaves_sites_without_one_but_for_clusters_in_it(store):
    region = store.create("dcim.region", {"name": "x", "slug": "x", "parent": None})["id"]
    site = store.create("dcim.site", {"name": "x", "slug": "x", "region": region, "tenant": None, "time_zone": None})
    store.delete("dcim.region", region)
    assert store.tables["dcim.site"][site["id"]]["region"] is None
    assert entries(store)[-2:] == [("delete", "dcim.region", region), ("update", "dcim.site", site["id"])]


def test_a_deleted_tenant_group_leaves_its_tenants(store):
    store.delete("tenancy.tenantgroup", 1)
    assert {row["group"] for row in store.tables["tenancy.tenant"].values()} == {None}
    assert len(entries(store)) == 8


def test_a_deleted_vlan_leaves_ports_that_had_it_untagged_or_tagged(store):
    ports = store.tables[INTERFACE]
    before = moments(store, INTERFACE)
    untagged = {number for number, port in ports.items() if port["untagged_vlan"] == 28}
    tagged = {number for number, port in ports.items() if 28 in port["tagged_vlans"]}
    store.delete("ipam.vlan", 28)
    # A tagged one is taken out of a list, which is no save of the port.
    assert untagged and tagged and moved(store, INTERFACE, before) == untagged
    assert {entry[2] for entry in entries(store)[1:]} == untagged | tagged


def test_a_stack_that_is_deleted_leaves_its_members(stacked):
    members = [number for number, row in stacked.tables[DEVICE].items() if row["virtual_chassis"] == 1]
    stacked.delete("dcim.virtualchassis", 1)
    updates = [("update", DEVICE, number) for number in members]
    assert entries(stacked) == [*updates, ("delete", "dcim.virtualchassis", 1), *updates]
    log = list(stacked.tables[LOG].values())
    assert (log[0]["prechange_data"], log[0]["postchange_data"]["vc_position"]) == (None, None)
    assert {stacked.tables[DEVICE][number]["virtual_chassis"] for number in members} == {None}


def test_a_new_stack_takes_its_master_in(store):
    made = store.create("dcim.virtualchassis", {"name": "stack", "master": 39})
    row = store.tables[DEVICE][39]
    assert (row["virtual_chassis"], row["vc_position"]) == (made["id"], 1)
    assert entries(store) == [("create", "dcim.virtualchassis", made["id"]), ("update", DEVICE, 39)]


@pytest.mark.parametrize(
    ("object_type", "number", "protectors"),
    [
        ("dcim.site", 1, {DEVICE}),
        ("dcim.location", 19, {DEVICE}),
        ("dcim.location", 38, {DEVICE}),
        ("dcim.devicerole", 1, {DEVICE}),
        ("dcim.devicetype", 1, {DEVICE}),
        ("tenancy.tenant", 7, {DEVICE, "dcim.site", "ipam.vlan", "virtualization.cluster"}),
        ("tenancy.contact", 1, {"tenancy.contactassignment"}),
        ("tenancy.contactrole", 1, {"tenancy.contactassignment"}),
        ("extras.customfieldchoiceset", 1, {"extras.customfield"}),
    ],
)
def test_what_others_need_stays(store, object_type, number, protectors):
    with pytest.raises(ProtectedError) as caught:
        store.delete(object_type, number)
    assert {kind for kind, _row in caught.value.rows} == protectors
    assert number in store.tables[object_type] and entries(store) == []


def test_the_master_of_a_stack_and_a_cluster_with_machines_stay(stacked):
    master = stacked.tables["dcim.virtualchassis"][1]["master"]
    for object_type, number in ((DEVICE, master), ("virtualization.cluster", 1)):
        with pytest.raises(ProtectedError):
            stacked.delete(object_type, number)


def test_a_cluster_leaves_its_devices(store):
    store.delete("virtualization.cluster", 1)
    assert {row["cluster"] for row in store.tables[DEVICE].values()} == {None, 2}
    assert [entry[0] for entry in entries(store)] == ["delete", "update", "update"]


def test_custom_fields_change_hosts_without_touching_them(stacked):
    before = moments(stacked, DEVICE) | moments(stacked, MACHINE)
    fields = stacked.tables[DEVICE][1]["custom_fields"]
    made = stacked.create("extras.customfield", {"name": "a", "type": "text", "choice_set": None})
    assert stacked.tables[DEVICE][1]["custom_fields"] == {**fields, "a": None}
    stacked.update("extras.customfield", 1, {"name": "ring"})
    assert stacked.tables[MACHINE][1]["custom_fields"].keys() == {"a", "image_version", "owner_department", "ring"}
    assert stacked.tables[DEVICE][1]["custom_fields"]["ring"] == fields["update_ring"]
    stacked.delete("extras.customfield", made["id"])
    stacked.delete("extras.customfield", 2, logged=False)
    assert stacked.tables[DEVICE][1]["custom_fields"] == {"image_version": None, "ring": fields["update_ring"]}
    assert moments(stacked, DEVICE) | moments(stacked, MACHINE) == before
    assert {entry[1] for entry in entries(stacked)} == {"extras.customfield"}


def test_a_location_that_moves_takes_its_devices_along_without_a_save(store):
    before = moments(store, DEVICE)
    store.update("dcim.location", 38, {"site": 1})
    assert store.tables["dcim.location"][19]["site"] == 1
    moved_devices = {number for number, row in store.tables[DEVICE].items() if row["location"] == 19}
    assert {store.tables[DEVICE][number]["site"] for number in moved_devices} == {1}
    assert moments(store, DEVICE) == before and entries(store) == [("update", "dcim.location", 38)]


def test_a_cluster_that_is_saved_takes_its_machines_to_its_site_without_a_save(stacked):
    before = moments(stacked, MACHINE)
    stacked.update("virtualization.cluster", 1, {"name": "x"})
    assert {row["site"] for row in stacked.tables[MACHINE].values() if row["cluster"] == 1} == {19}
    assert moments(stacked, MACHINE) == before and len(entries(stacked)) == 1


def test_a_new_type_of_device_brings_its_maker(store):
    store.create("dcim.devicetype", {"model": "X1", "slug": "x1", "manufacturer": "Lenovo"})
    assert [row["name"] for row in store.tables["dcim.manufacturer"].values()][-1] == "Lenovo"


def test_the_change_log_can_be_pruned(store):
    for text in "abc":
        store.update(DEVICE, 1, {"serial": text})
    store.prune_changes(before_id=3)
    assert list(store.tables[LOG]) == [3]
    store.update(DEVICE, 1, {"serial": "d"})
    assert list(store.tables[LOG]) == [3, 4]


def test_time_goes_on_from_the_snapshot_when_the_machines_clock_is_behind():
    store = Store(embedded(), clock=lambda: datetime(2020, 1, 1, tzinfo=UTC))
    stamps = [store.update(DEVICE, 1, {"serial": text}, logged=False)["last_updated"] for text in ("a", "b")]
    assert stamps == ["2026-11-23T12:00:00.000001Z", "2026-11-23T12:00:00.000002Z"]


def test_a_clock_that_is_set_back_is_followed(store):
    first = store.update(DEVICE, 1, {"serial": "a"})["last_updated"]
    store.clock.set_by(-3600)
    second = store.update(DEVICE, 2, {"serial": "b"})["last_updated"]
    store.clock.set_by(7200)
    third = store.update(DEVICE, 3, {"serial": "c"})["last_updated"]
    assert second < first < third
    times = [row["time"] for row in store.tables[LOG].values()]
    assert times[1] < times[0] < times[2]
    assert store.tables[LOG][2]["time"] > second
