import pytest
from registry_estate import UPDATED, device, machine, rows, snapshot, with_devices
from registry_extras import INCLUDE, extra_rows, stack

from werkplek.registry.inventory import compile_inventory


def variables(objects, config, include=()):
    hosts = compile_inventory(snapshot(objects, include=include), config).hosts
    return {host.name: host.vars for host in hosts}


def test_host_variables(config):
    hosts = variables(rows(), config)
    assert hosts["PAP-LT-001"] == {
        "ansible_host": "10.0.0.2",
        "municipality": "papendrecht",
        "workplace_class": "workstation",
        "platform_lineage": ["windows-11", "windows"],
        "registry": {
            "id": 1,
            "type": "dcim.device",
            "url": "https://netbox.example/dcim/devices/1/",
            "name": "PAP-LT-001",
            "serial": "SN1",
            "asset_tag": "A1",
            "status": "active",
            "ring": "canary",
            "tenant": "papendrecht",
            "tenant_group": "drechtsteden",
            "site": "pap-stadhuis",
            "region": "eiland",
            "location": "balie",
            "role": "laptop",
            "platform": "windows-11",
            "cluster": None,
            "tags": ["balie"],
            "custom_fields": {"update_ring": "canary", "owner_department": "ICT"},
            "primary_ip4": "10.0.0.2",
            "primary_ip6": None,
            "oob_ip": None,
            "dns_name": None,
            "last_updated": UPDATED,
        },
    }
    assert hosts["HIA-LT-001"]["municipality"] == "hendrik-ido-ambacht"
    assert hosts["PAP-SW-1"]["platform_lineage"] == ["cisco-ios", "network-os", "network_os"]
    assert hosts["VDI-01"]["registry"]["cluster"] == "VDI Noord 1"


def test_addresses_and_names_of_them(config):
    addresses = {
        "primary_ip4": ("10.0.0.9/24", ""),
        "primary_ip6": ("2001:db8::9/64", "pap.example"),
        "oob_ip": ("10.9.0.9/24", "oob.example"),
    }
    record = variables(with_devices(device(1, "A", **addresses)), config)["A"]["registry"]
    assert {name: record[name] for name in ("primary_ip4", "primary_ip6", "oob_ip", "dns_name")} == {
        "primary_ip4": "10.0.0.9",
        "primary_ip6": "2001:db8::9",
        "oob_ip": "10.9.0.9",
        "dns_name": "pap.example",
    }


def test_what_a_quarantined_host_lacks_is_none(config):
    columns = dict.fromkeys(["name", "tenant", "site", "location", "platform", "primary_ip4", "asset_tag"])
    (found,) = variables(with_devices(device(1, **columns, custom_fields={}, tags=[])), config).values()
    assert set(found) == {"registry", "workplace_class", "quarantine_reasons"}
    empty = {name for name, value in found["registry"].items() if value is None}
    assert empty == {
        "name", "asset_tag", "ring", "tenant", "tenant_group", "site", "region", "location", "platform", "cluster",
        "primary_ip4", "primary_ip6", "oob_ip", "dns_name",
    }  # fmt: skip
    assert (found["registry"]["tags"], found["registry"]["custom_fields"]) == ([], {})


def test_a_tenant_outside_the_group_is_told_and_gives_no_municipality(config):
    found = variables(with_devices(device(1, "A", tenant=4)), config)["A"]
    assert (found["registry"]["tenant"], found["registry"]["tenant_group"]) == ("rotterdam", None)
    assert "municipality" not in found


def test_a_room_alone_is_no_place(config):
    record = variables(with_devices(device(1, "A", site=None, location=1)), config)["A"]["registry"]
    assert (record["site"], record["location"], record["region"]) == (None, None, None)


def test_a_vm_of_a_managed_role_is_a_host(config):
    objects = with_devices() | {"virtualization.virtualmachine": [machine(1, "PAP-VD-001", role=4)]}
    (host,) = compile_inventory(snapshot(objects), config).hosts
    record = host.vars["registry"]
    assert record["url"] == "https://netbox.example/virtualization/virtual-machines/1/"
    assert (record["type"], record["cluster"]) == ("virtualization.virtualmachine", "VDI Noord 1")
    assert (record["asset_tag"], record["location"], record["oob_ip"]) == (None, None, None)
    assert "cluster_VDI_Noord_1" in host.groups


def test_nothing_extra_unless_included(config):
    for found in variables(extra_rows(), config).values():
        assert "switch_ports" not in found
        assert not {"device_type", "manufacturer", "owner", "config_context", "contacts"} & set(found["registry"])


@pytest.mark.parametrize(
    ("word", "columns"),
    [
        ("device_type", {"device_type": "latitude-5450", "manufacturer": "Dell"}),
        ("owner", {"owner": "Werkplekbeheer"}),
        ("config_context", {"config_context": {"ntp": ["10.0.0.1"]}}),
        (
            "contacts",
            {
                "contacts": [
                    {"name": "Netwerk", "email": "", "phone": "+31 78 000 00 00", "role": None, "priority": None},
                    {
                        "name": "Balie",
                        "email": "balie@papendrecht.example",
                        "phone": "",
                        "role": "beheer",
                        "priority": "primary",
                    },
                ]
            },
        ),
    ],
)
def test_each_extra_adds_its_columns_alone(config, word, columns):
    plain, more = (variables(extra_rows(), config, include) for include in ((), (word,)))
    assert more["PAP-LT-001"]["registry"] == plain["PAP-LT-001"]["registry"] | columns
    assert set(more["VDI-01"]["registry"]) == set(plain["VDI-01"]["registry"]) | set(columns)


def test_extras_that_a_host_does_not_have(config):
    record = variables(extra_rows(), config, INCLUDE)["VDI-01"]["registry"]
    assert (record["device_type"], record["manufacturer"], record["owner"]) == (None, None, None)
    assert (record["config_context"], record["contacts"]) == (None, [])


def test_a_vm_has_its_own_contacts_and_no_type(config):
    objects = extra_rows()
    objects["virtualization.virtualmachine"][0]["role"] = 4
    record = variables(objects, config, INCLUDE)["PAP-VD-001"]["registry"]
    assert [contact["name"] for contact in record["contacts"]] == ["Netwerk"]
    assert record["device_type"] is None


def test_ports_of_a_stack_come_member_by_member(config):
    hosts = variables(extra_rows(), config, ["ports"])
    assert [(found["name"], found["enabled"]) for found in hosts["PAP-SW-1"]["switch_ports"]] == [
        ("Gi1/0/2", True),
        ("Gi1/0/1", False),
        ("Gi2/0/1", True),
        ("Gi3/0/1", True),
    ]
    url = "https://netbox.example/dcim/interfaces/2/"
    data, voice = ({"vid": 10, "name": "data", "tenant": "papendrecht"}, {"vid": 20, "name": "voice", "tenant": None})
    assert hosts["PAP-SW-1"]["switch_ports"][0] == {
        "id": 2,
        "url": url,
        "name": "Gi1/0/2",
        "type": "1000base-t",
        "enabled": True,
        "mode": "tagged",
        "untagged_vlan": data,
        "tagged_vlans": [data, voice],
        "description": "uplink",
        "peer": None,
    }
    assert hosts["PAP-SW-1"]["switch_ports"][1]["untagged_vlan"] == voice
    assert [found["name"] for found in hosts["HIA-SW-1"]["switch_ports"]] == ["Gi1/0/1"]


def peers(objects, config):
    hosts = variables(objects, config, ["ports"])
    return {
        (name, found["name"]): found["peer"]
        for name, told in hosts.items()
        for found in told.get("switch_ports", ())
        if found["peer"]
    }


def test_a_far_end_on_any_member_of_a_stack_is_on_the_host_that_stands_for_it(config):
    assert peers(extra_rows(), config) == {
        ("PAP-SW-1", "Gi2/0/1"): {"device": "HIA-SW-1", "device_id": 9, "port": "Gi1/0/1"},
        ("PAP-SW-1", "Gi3/0/1"): {"device": "PAP-RT-1", "device_id": 70, "port": "ge-0/0/1"},
        ("HIA-SW-1", "Gi1/0/1"): {"device": "PAP-SW-1", "device_id": 8, "port": "Gi2/0/1"},
    }


def test_a_far_end_is_called_as_its_host_is_in_the_inventory(config):
    objects = extra_rows()
    objects["dcim.device"][-1]["name"] = None
    objects["dcim.interface"][0]["peer"]["device_name"] = None
    objects["dcim.interface"][3]["peer"]["device_name"] = None
    found = peers(objects, config)
    assert found["PAP-SW-1", "Gi2/0/1"]["device"] == "unnamed-device-9"
    assert found["PAP-SW-1", "Gi3/0/1"]["device"] is None
    assert ("unnamed-device-9", "Gi1/0/1") in found


def test_only_switches_have_ports(config):
    hosts = variables(extra_rows(), config, ["ports"])
    assert sorted(name for name, found in hosts.items() if "switch_ports" in found) == ["HIA-SW-1", "PAP-SW-1"]


def test_a_switch_that_is_a_vm_has_no_ports_of_a_device_with_its_number(config):
    objects = extra_rows()
    objects["virtualization.virtualmachine"] = [machine(5, "VSWITCH", role=5, platform=7)]
    assert variables(objects, config, ["ports"])["VSWITCH"]["switch_ports"] == []


def test_a_stack_is_its_master_with_all_members(config):
    hosts = variables(extra_rows(), config)
    assert not {"PAP-SW-2", "PAP-SW-3"} & set(hosts)
    assert hosts["PAP-SW-1"]["registry"]["stack"] == [
        {"position": 1, "id": 5, "name": "PAP-SW-1", "serial": "SN5"},
        {"position": 2, "id": 8, "name": "PAP-SW-3", "serial": ""},
        {"position": 3, "id": 7, "name": "PAP-SW-2", "serial": "SN7"},
    ]
    assert "stack" not in hosts["HIA-SW-1"]["registry"]
    assert not any("quarantine_reasons" in found for found in hosts.values())


def test_members_without_a_position_come_first_by_id(config):
    objects = extra_rows()
    for row in objects["dcim.device"]:
        row["vc_position"] = None if row["id"] in (7, 8) else row["vc_position"]
    members = variables(objects, config)["PAP-SW-1"]["registry"]["stack"]
    assert [member["id"] for member in members] == [7, 8, 5]


def test_two_stacks_keep_apart(config):
    objects = extra_rows()
    objects["dcim.virtualchassis"].append(stack(2, "HIA-STACK", 9))
    for row in objects["dcim.device"]:
        row["virtual_chassis"] = 2 if row["id"] in (7, 9) else row["virtual_chassis"]
    hosts = variables(objects, config, ["ports"])
    assert [member["id"] for member in hosts["HIA-SW-1"]["registry"]["stack"]] == [9, 7]
    assert [found["name"] for found in hosts["HIA-SW-1"]["switch_ports"]] == ["Gi1/0/1", "Gi3/0/1"]
    assert [found["name"] for found in hosts["PAP-SW-1"]["switch_ports"]] == ["Gi1/0/2", "Gi1/0/1", "Gi2/0/1"]
