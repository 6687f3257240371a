import pytest
from registry_estate import config as make_config
from registry_estate import device, machine, rows, snapshot, with_devices

from werkplek.registry.inventory import compile_inventory

ALLOWED = "expected letters, digits, dots, hyphens and underscores, not beginning with a dot or hyphen"


def only_host(config, **columns):
    row = device(12, columns.pop("name", "PAP-LT-012"), **columns)
    (host,) = compile_inventory(snapshot(with_devices(row)), config).hosts
    return host


def assert_quarantined(host, *reasons):
    assert host.groups == ("quarantine",)
    assert host.vars["quarantine_reasons"] == list(reasons)
    assert "ansible_host" not in host.vars


@pytest.mark.parametrize(
    ("columns", "reasons"),
    [
        ({"tenant": None}, ["no tenant"]),
        ({"tenant": 4}, ["tenant 'rotterdam' is not in tenant group 'drechtsteden'"]),
        ({"custom_fields": {}}, ["no update ring in custom field 'update_ring'"]),
        ({"custom_fields": {"update_ring": None}}, ["no update ring in custom field 'update_ring'"]),
        ({"custom_fields": {"update_ring": ""}}, ["no update ring in custom field 'update_ring'"]),
        (
            {"custom_fields": {"update_ring": "a b"}},
            ["update ring 'a b' in custom field 'update_ring' is not one word"],
        ),
        (
            {"custom_fields": {"update_ring": "broad\n"}},
            ["update ring 'broad\\n' in custom field 'update_ring' is not one word"],
        ),
        (
            {"custom_fields": {"update_ring": "br\u03bfad"}},
            ["update ring 'br\\u03bfad' in custom field 'update_ring' is not one word"],
        ),
        ({"custom_fields": {"update_ring": 3}}, ["update ring 3 in custom field 'update_ring' is not one word"]),
        (
            {"custom_fields": {"update_ring": ["broad"]}},
            ["update ring ['broad'] in custom field 'update_ring' is not one word"],
        ),
        ({"platform": None}, ["no platform"]),
        ({"platform": 8}, ["platform 'amiga-os' has no OS family: map it or a parent of it under `families`"]),
        ({"platform": 7}, ["platform 'cisco-ios' (network_os) does not fit class workstation"]),
        ({"role": 4, "platform": 7}, ["platform 'cisco-ios' (network_os) does not fit class vdi_host"]),
        ({"role": 5}, ["platform 'windows-11' (windows) does not fit class network"]),
        ({"primary_ip4": None}, ["no primary address"]),
        ({"primary_ip4": "10.0.0.256/24"}, ["primary address '10.0.0.256/24' is no IP address"]),
        ({"primary_ip4": "\u0661.0.0.1/24"}, ["primary address '\\u0661.0.0.1/24' is no IP address"]),
        ({"status": ""}, ["status '' is not one word"]),
        ({"status": "in-use\r"}, ["status 'in-use\\r' is not one word"]),
        (
            {"name": None, "tenant": None, "custom_fields": {}, "platform": None, "primary_ip4": None, "status": ""},
            [
                "no name",
                "no tenant",
                "no update ring in custom field 'update_ring'",
                "no platform",
                "no primary address",
                "status '' is not one word",
            ],
        ),
    ],
)
def test_violators_are_quarantined_with_every_reason(config, columns, reasons):
    assert_quarantined(only_host(config, **columns), *reasons)


def test_a_violator_keeps_its_name_and_what_the_registry_says(config):
    host = only_host(config, tenant=None)
    assert host.name == "PAP-LT-012"
    assert host.vars["registry"]["url"] == "https://netbox.example/dcim/devices/12/"
    assert "municipality" not in host.vars


@pytest.mark.parametrize("name", [None, ""])
def test_the_nameless_are_quarantined(config, name):
    host = only_host(config, name=name)
    assert host.name == "unnamed-device-12"
    assert_quarantined(host, "no name")


def test_a_nameless_vm(config):
    objects = with_devices() | {"virtualization.virtualmachine": [machine(7, None, role=2)]}
    (host,) = compile_inventory(snapshot(objects), config).hosts
    assert host.name == "unnamed-vm-7"


@pytest.mark.parametrize(
    "name",
    [
        "a:b", "a!b", "!a", ":!a", "a&b", "&a", ":&a", "a,b", ",", "-a", "--list", "-e@x", "a b", " a", "a ", "a\n",
        "\na", "a\r", "a\tb", "a\x00b", "\x1b[2J", "a\x7f", "{{ lookup('pipe', 'true') }}", "{% raw %}", "a*", "a?",
        "[ab]", "a[1:3]", "user@a", "a/b", "a\\b", "..", ".a", "~a", "a=b", "a#b", "a'b", 'a"b', "a$b", "a|b", "a;b",
        "a%b", "caf\u00e9", "a\u2028b", "a\u200bb", "\ufeffa", "a\u202eb", "x" * 254,
        # Letters that look like those of PAP-LT-001: Cyrillic, Greek, full width, and a hyphen of its own.
        "\u0420AP-LT-001", "PA\u03a1-LT-001", "\uff30AP-LT-001", "PAP\u2010LT-001", "PAP-LT-00\u0661", "PAP-LT-\u2170",
        "\u212a", "a\u0301",
    ],
)  # fmt: skip
def test_names_that_could_be_misread_are_refused(config, name):
    host = only_host(config, name=name)
    assert host.name == "unnamed-device-12"
    assert_quarantined(host, f"name {name!a} is no host name; {ALLOWED}")
    assert host.vars["registry"]["name"] == name


def test_a_refused_name_is_told_in_ascii(config):
    objects = with_devices(device(12, "\u0420AP-LT-001\x1b[2J"))
    assert compile_inventory(snapshot(objects), config).warnings == (
        r"https://netbox.example/dcim/devices/12/: name '\u0420AP-LT-001\x1b[2J' is no host name; "
        f"{ALLOWED}; it is in quarantine as unnamed-device-12",
    )


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "127.0.0.1"])
def test_names_of_the_controller_are_refused(config, name):
    assert_quarantined(only_host(config, name=name), f"name {name!r} means the controller itself")


@pytest.mark.parametrize(
    "name",
    [
        "all", "ungrouped", "quarantine", "out_of_lifecycle", "windows", "Linux", "network_os", "workstation",
        "VDI_host", "network", "municipality_papendrecht", "tenant_group_x", "role_x", "ring_x", "region_x", "Site_1",
        "location_a_b", "platform_x", "STATUS_active", "cluster_x",
    ],
)  # fmt: skip
def test_names_of_groups_are_refused(config, name):
    assert_quarantined(only_host(config, name=name), f"name {name!r} is a name for groups")


@pytest.mark.parametrize("name", ["a", "PAP-LT-001", "pap_lt.papendrecht.nl", "0x", "x" * 253, "_a", "site-1", "ring"])
def test_ordinary_names_are_kept(config, name):
    host = only_host(config, name=name)
    assert host.name == name
    assert "quarantine_reasons" not in host.vars


@pytest.mark.parametrize(
    ("ip4", "ip6", "address"),
    [
        ("127.0.1.1/8", "2001:db8::1/64", "127.0.1.1"),
        (None, "2001:DB8:0::1/64", "2001:db8::1"),
        ("10.0.0.9", None, "10.0.0.9"),
        ("10.0.0.256/24", "2001:db8::1/64", "2001:db8::1"),
    ],
)
def test_the_address(config, ip4, ip6, address):
    assert only_host(config, primary_ip4=ip4, primary_ip6=ip6).vars["ansible_host"] == address


ALL_WAYS = {"primary_ip4": ("10.0.0.9/24", "four.example"), "primary_ip6": ("2001:db8::9/64", "six.example")}


@pytest.mark.parametrize(
    ("ways", "columns", "found"),
    [
        (["primary_ip6", "primary_ip4"], ALL_WAYS, "2001:db8::9"),
        (["dns_name"], ALL_WAYS, "four.example"),
        (["dns_name"], ALL_WAYS | {"primary_ip4": "10.0.0.9/24"}, "six.example"),
        (["dns_name"], ALL_WAYS | {"primary_ip4": None}, "six.example"),
        (["name"], ALL_WAYS, "PAP-LT-012"),
        (["name"], {"primary_ip4": None}, "PAP-LT-012"),
        (["dns_name", "primary_ip4"], {"primary_ip4": "10.0.0.9/24"}, "10.0.0.9"),
        (["dns_name", "primary_ip4"], {"primary_ip4": ("10.0.0.9/24", "no name!")}, "10.0.0.9"),
        (["dns_name", "name"], {"primary_ip4": ("10.0.0.9/24", "-oProxyCommand=x")}, "PAP-LT-012"),
        (["dns_name", "name"], {"primary_ip4": ("10.0.0.9/24", "p\u0430p.example")}, "PAP-LT-012"),
        (["dns_name", "name"], {"primary_ip4": ("10.0.0.9/24", "pap.example\n")}, "PAP-LT-012"),
    ],
)
def test_where_a_host_is_reached(tmp_path, ways, columns, found):
    assert only_host(make_config(tmp_path, connect_by=ways), **columns).vars["ansible_host"] == found


@pytest.mark.parametrize(
    ("ways", "columns", "reasons"),
    [
        (["dns_name"], {}, ["nothing to connect by: none of dns_name"]),
        (["dns_name"], {"primary_ip4": ("10.0.0.9/24", "a b")}, ["nothing to connect by: none of dns_name"]),
        (["dns_name"], {"oob_ip": ("10.0.0.9/24", "oob.example")}, ["nothing to connect by: none of dns_name"]),
        (["primary_ip6"], {}, ["nothing to connect by: none of primary_ip6"]),
        (
            ["primary_ip6", "dns_name"],
            {"primary_ip4": None},
            ["nothing to connect by: none of primary_ip6, dns_name"],
        ),
        (
            ["dns_name", "primary_ip4"],
            {"primary_ip4": "10.0.0.x/24"},
            ["primary address '10.0.0.x/24' is no IP address"],
        ),
        (["name"], {"name": "a b"}, [f"name 'a b' is no host name; {ALLOWED}", "nothing to connect by: none of name"]),
        (["name"], {"name": None}, ["no name", "nothing to connect by: none of name"]),
    ],
)
def test_what_cannot_be_reached_is_quarantined(tmp_path, ways, columns, reasons):
    assert_quarantined(only_host(make_config(tmp_path, connect_by=ways), **columns), *reasons)


def chassis(number, master, name="STACK-1"):
    return {"id": number, "name": name, "master": master, "last_updated": "2026-11-20T08:00:00.000000Z"}


def switch(number, name, **more):
    return device(number, name, **{"role": 5, "platform": 7, "virtual_chassis": 1} | more)


@pytest.mark.parametrize(
    ("master", "reason"),
    [
        (None, "virtual chassis 'STACK\\n1' has no master"),
        (3, "virtual chassis 'STACK\\n1' has no managed master among its members"),
    ],
)
def test_a_stack_without_a_managed_master_shows_its_members_in_quarantine(config, master, reason):
    members = [switch(1, "SW-1"), switch(2, "SW-2"), switch(3, "SW-3", role=8)]
    objects = with_devices(*members) | {"dcim.virtualchassis": [chassis(1, master, "STACK\n1")]}
    hosts = compile_inventory(snapshot(objects), config).hosts
    assert [host.name for host in hosts] == ["SW-1", "SW-2"]
    for host in hosts:
        assert_quarantined(host, reason)


def test_the_master_of_a_stack_keeps_the_contract_for_all(config):
    members = [switch(1, None, tenant=None, primary_ip4=None), switch(2, "SW-2")]
    objects = with_devices(*members) | {"dcim.virtualchassis": [chassis(1, 2)]}
    (host,) = compile_inventory(snapshot(objects), config).hosts
    assert host.name == "SW-2"
    assert "quarantine_reasons" not in host.vars


def test_a_stack_of_two_municipalities_is_quarantined(config):
    """As one host, the other municipality's switch would get its master's policy."""
    members = [switch(1, "SW-1"), switch(2, "SW-2", tenant=2)]
    objects = with_devices(*members) | {"dcim.virtualchassis": [chassis(1, 1)]}
    (host,) = compile_inventory(snapshot(objects), config).hosts
    assert_quarantined(host, "virtual chassis 'STACK-1' has members of several tenants")


def test_a_stack_whose_master_is_in_another_one_shows_its_members(config):
    members = [switch(1, "SW-1"), switch(2, "SW-2", virtual_chassis=None)]
    objects = with_devices(*members) | {"dcim.virtualchassis": [chassis(1, 2)]}
    hosts = {host.name: host for host in compile_inventory(snapshot(objects), config).hosts}
    assert sorted(hosts) == ["SW-1", "SW-2"]
    assert_quarantined(hosts["SW-1"], "virtual chassis 'STACK-1' has no managed master among its members")


def test_other_statuses_are_hosts_like_any_but_say_so(config):
    host = only_host(config, status="decommissioning")
    assert {"status_decommissioning", "role_laptop", "out_of_lifecycle"} <= set(host.groups)
    assert "out_of_lifecycle" not in only_host(config).groups


def test_objects_of_other_roles_are_not_managed(config):
    objects = rows()
    objects["dcim.device"].append(device(7, "PAP-X", role=None))
    inventory = compile_inventory(snapshot(objects), config)
    assert inventory.unmanaged == 3
    assert not {"PAP-SRV-1", "PAP-VD-001", "PAP-X"} & {host.name for host in inventory.hosts}
