"""Forms of objects: nested ones, and what each release of NetBox has. The columns are those of real NetBoxes."""

from dataclasses import replace

import pytest

from werkplek.lab.estate import embedded, generate

DEVICES = "/api/dcim/devices/"


@pytest.fixture(scope="module")
def stacked():
    """An estate with stacks and out-of-band addresses."""
    return generate(1000, 7)


def first(double, path, **parameters):
    return double.get(f"/api/{path}/", limit=1, **parameters).json()["results"][0]


def test_a_stack_and_its_members_show_each_other(start, stacked):
    with start(stacked) as double:
        member = first(double, "dcim/devices", virtual_chassis_id=1, vc_position=2)
        chassis = first(double, "dcim/virtual-chassis", id=1)
        nested = member["virtual_chassis"]
        assert (member["vc_position"], member["primary_ip4"], nested["member_count"]) == (2, None, 2)
        assert list(nested) == ["id", "url", "display", "name", "master", "description", "member_count"]
        assert list(nested["master"]) == ["id", "url", "display_url", "display", "name"]
        assert chassis["master"] == nested["master"] == chassis["members"][0]
        assert [row["id"] for row in chassis["members"]][1] == member["id"]


def test_an_address_shows_its_interface_and_a_host_its_addresses(start, stacked):
    with start(stacked) as double:
        switch = first(double, "dcim/devices", has_oob_ip="true")
        assert list(switch["oob_ip"]) == ["id", "url", "display", "family", "address", "description"]
        address = double.get(switch["oob_ip"]["url"]).json()
        port = address["assigned_object"]
        assert (address["assigned_object_type"], port["device"]["id"]) == ("dcim.interface", switch["id"])
        assert list(port) == ["id", "url", "display", "device", "name", "description", "cable", "_occupied"]
        assert double.get(port["url"]).json()["count_ipaddresses"] == 2
        machine = first(double, "virtualization/virtual-machines")
        address = double.get(machine["primary_ip"]["url"]).json()
        assert address["assigned_object_type"] == "virtualization.vminterface"
        assert list(address["assigned_object"]) == ["id", "url", "display", "virtual_machine", "name", "description"]


def test_a_port_shows_its_vlans_in_order_of_number(start, stacked):
    with start(stacked) as double:
        port = first(double, "dcim/interfaces", mode="tagged", device_role_id=8)
        assert port["mode"] == {"value": "tagged", "label": "Tagged"}
        assert [vlan["vid"] for vlan in port["tagged_vlans"]] == [120]
        uplink = first(double, "dcim/interfaces", name="TenGigabitEthernet1/1/1", mode="tagged")
        vids = [vlan["vid"] for vlan in uplink["tagged_vlans"]]
        assert [vid % 100 for vid in vids] == [10, 20, 30, 40, 50, 60, 90]
        assert vids == sorted(vids)
        assert list(port["untagged_vlan"]) == ["id", "url", "display", "vid", "name", "description"]


def test_a_contact_assignment_shows_its_object_and_null_for_one_that_is_not_kept(double):
    rows = double.get("/api/tenancy/contact-assignments/").json()["results"]
    shown = {(row["object_type"], row["object_id"]): row for row in rows}
    site = shown["dcim.site", 19]
    assert site["object"]["slug"] == "drs-datacenter" and "display_url" not in site
    assert site["display"] == "Leverancier werkplekken (Primary) -> Drechtsteden Datacenter"
    double.store.tables["tenancy.contactassignment"][site["id"]]["object_type"] = "dcim.rack"
    assert first(double, "tenancy/contact-assignments", id=site["id"])["object"] is None


def test_custom_fields_are_those_that_are_defined_in_order_of_name(double):
    assert list(first(double, "dcim/devices")["custom_fields"]) == ["image_version", "owner_department", "update_ring"]
    del double.store.tables["extras.customfield"][2]
    double.store.put("extras.customfield", {"id": 3, "name": "a", "type": "text", "choice_set": None})
    assert first(double, "dcim/devices", id=1)["custom_fields"] == {"a": None, "update_ring": "canary"}


def test_choices_as_objects(start):
    with start(embedded(), choice_objects=True) as double:
        fields = first(double, "dcim/devices", id=1)["custom_fields"]
        ring = {"value": "canary", "label": "Canary"}
        assert fields == {"image_version": None, "owner_department": "ICT", "update_ring": ring}
        assert first(double, "dcim/devices", id=43)["custom_fields"]["update_ring"] is None
    for version, shown in (("4.6.8", str), ("4.7.0-beta1", dict)):
        with start(generate(10, 1, version=version)) as double:
            assert isinstance(first(double, "dcim/devices")["custom_fields"]["update_ring"], shown)


def test_config_contexts_show_only_where_asked_for(double):
    ntp = {"ntp": ["ntp1.drechtsteden.example", "ntp2.drechtsteden.example"]}
    assert first(double, "dcim/devices", id=1)["config_context"] == ntp
    assert "config_context" not in first(double, "dcim/devices", fields="id,config_context", exclude="config_context")
    assert "syslog" in first(double, "dcim/devices", id=39, fields="config_context")["config_context"]


def test_relations_that_a_snapshot_does_not_keep_are_null(start):
    whole = generate(60, 2)
    devices = tuple(replace(row, device_type=None, config_context=None) for row in whole.objects.devices)
    # A filter may leave out the master of a stack.
    chassis = (replace(generate(1000, 7).objects.virtual_chassis[0], master=999),)
    part = replace(whole.objects, devices=devices, device_types=(), virtual_chassis=chassis)
    with start(replace(whole, objects=part)) as double:
        row = first(double, "dcim/devices")
        assert (row["device_type"], row["config_context"]) == (None, {})
        assert first(double, "dcim/virtual-chassis")["master"] is None


def test_lists_have_the_order_of_netbox(start, stacked):
    with start(stacked) as double:

        def column(path, name, **parameters):
            return [row[name] for row in double.get(f"/api/{path}/", limit=1000, **parameters).json()["results"]]

        ports = double.get("/api/dcim/interfaces/", device_role_id=8, limit=30).json()["results"]
        assert [port["name"] for port in ports[:26]] == [f"Ethernet{place}" for place in range(1, 27)]
        assert ports[0]["device"]["name"] < ports[26]["device"]["name"]
        addresses = column("ipam/ip-addresses", "address")
        assert addresses[:3] == ["10.20.0.2/16", "10.20.0.3/16", "10.20.0.4/16"] and addresses[-1].startswith("10.26.")
        assert column("ipam/vlans", "vid")[:10] == [110, 120, 130, 140, 150, 160, 190, 198, 199, 210]
        double.store.update("ipam.vlan", 63, {"site": 1})
        assert column("ipam/vlans", "vid")[:2] == [799, 110], "those of no site are last"
        assert column("dcim/locations", "_depth")[:4] == [0, 1, 0, 1]
        assert column("tenancy/contact-assignments", "id") == [5, 2, 1, 4, 3]
        moments = column("dcim/devices", "last_updated", ordering="-last_updated", fields="last_updated")
        assert moments == sorted(moments, reverse=True)


@pytest.mark.parametrize(
    ("version", "role", "platform", "device", "address"),
    [
        ("4.2.9", set(), set(), set(), set()),
        ("4.3.7", {"parent", "comments", "_depth"}, set(), set(), set()),
        ("4.4.10", {"parent", "comments", "_depth"}, {"parent", "comments", "_depth"}, set(), set()),
        ("4.5.0", {"parent", "comments", "_depth"}, {"parent", "comments", "_depth"}, {"owner"}, set()),
        (
            *("4.6.4", {"parent", "comments", "_depth"}, {"parent", "comments", "_depth"}, {"owner"}),
            {"dns_name", "nat_inside", "nat_outside"},
        ),
    ],
)
def test_columns_come_with_their_release(start, version, role, platform, device, address):
    with start(generate(40, 1, version=version)) as double:
        young = {"parent", "comments", "_depth"}
        assert young & first(double, "dcim/device-roles").keys() == role
        assert young & first(double, "dcim/platforms").keys() == platform
        row = first(double, "dcim/devices", has_primary_ip="true")
        assert {"owner"} & row.keys() == device
        assert {"dns_name", "nat_inside", "nat_outside"} & row["primary_ip4"].keys() == address
        assert ("_depth" in row["role"], "_depth" in row["platform"]) == (bool(role), bool(platform))
        assert double.get("/api/status/").headers["API-Version"] == version[:3]


def test_nested_counts_come_with_their_release(start):
    for version, counted in (("4.2.9", False), ("4.3.7", False), ("4.4.10", True)):
        with start(generate(40, 1, version=version)) as double:
            row = first(double, "dcim/devices")
            assert ("device_count" in row["role"], "device_count" in row["platform"]) == (counted, counted)
            assert "device_count" not in row["device_type"]


def test_owners_come_with_4_5(start):
    with start(generate(40, 1)) as double:
        response = double.get("/api/users/owners/")
        assert (response.status_code, response.json()) == (404, {"detail": "Not found."})
    with start(generate(40, 1, version="4.5.10")) as double:
        owner = first(double, "users/owners")
        assert list(owner) == [
            *("id", "url", "display_url", "display", "name", "group", "description", "user_groups", "users"),
        ]
        host = first(double, "dcim/devices", owner="Servicecentrum")
        assert host["owner"]["name"] == "Servicecentrum"
        assert list(host["owner"]) == ["id", "url", "display", "name", "description"]


def test_moments_are_written_as_django_does(double):
    assert double.get(f"{DEVICES}1/").json()["last_updated"] == "2025-11-07T04:52:44Z"
    changed = double.http.patch(f"{DEVICES}1/", json={"serial": "X"}).json()
    assert len(changed["last_updated"]) == len("2025-11-07T04:52:44.123456Z")
