import pytest
from registry_estate import device, machine, rows, snapshot, with_devices

from werkplek.registry.inventory import compile_inventory

ALLOWED = "expected letters, digits, dots, hyphens and underscores, not beginning with a dot or hyphen"


def only_host(config, **columns):
    row = device(12, columns.pop("name", "PAP-LT-012"), **columns)
    (host,) = compile_inventory(snapshot(with_devices(row)), config).hosts
    return host


@pytest.mark.parametrize(
    ("columns", "reasons"),
    [
        ({"tenant": None}, ["no tenant"]),
        ({"tenant": 4}, ["tenant 'rotterdam' is not in tenant group 'drechtsteden'"]),
        ({"custom_fields": {}}, ["no update ring in custom field 'update_ring'"]),
        ({"custom_fields": {"update_ring": ""}}, ["no update ring in custom field 'update_ring'"]),
        (
            {"custom_fields": {"update_ring": "a b"}},
            ["update ring 'a b' in custom field 'update_ring' is not one word"],
        ),
        ({"custom_fields": {"update_ring": 3}}, ["update ring 3 in custom field 'update_ring' is not one word"]),
        ({"platform": None}, ["no platform"]),
        ({"platform": 8}, ["platform 'amiga-os' has no OS family: map it or a parent of it under `families`"]),
        ({"platform": 7}, ["platform 'cisco-ios' (network_os) does not fit class workstation"]),
        ({"role": 4, "platform": 7}, ["platform 'cisco-ios' (network_os) does not fit class vdi_host"]),
        ({"role": 5}, ["platform 'windows-11' (windows) does not fit class network"]),
        ({"primary_ip4": None}, ["no primary address"]),
        ({"primary_ip4": "10.0.0.256/24"}, ["primary address '10.0.0.256/24' is no IP address"]),
        ({"status": ""}, ["status '' is not one word"]),
        (
            {"tenant": None, "platform": None, "primary_ip4": None},
            ["no tenant", "no platform", "no primary address"],
        ),
    ],
)
def test_violators_are_quarantined_with_every_reason(config, columns, reasons):
    host = only_host(config, **columns)
    assert host.name == "PAP-LT-012"
    assert host.groups == ("quarantine",)
    assert host.vars["quarantine_reasons"] == reasons
    assert "ansible_host" not in host.vars


@pytest.mark.parametrize("name", [None, ""])
def test_the_nameless_are_quarantined(config, name):
    host = only_host(config, name=name)
    assert (host.name, host.groups) == ("unnamed-device-12", ("quarantine",))
    assert host.vars["quarantine_reasons"] == ["no name"]


def test_a_nameless_vm(config):
    objects = with_devices() | {"virtualization.virtualmachine": [machine(7, None, role=2)]}
    (host,) = compile_inventory(snapshot(objects), config).hosts
    assert host.name == "unnamed-vm-7"


@pytest.mark.parametrize(
    "name",
    [
        "a:b", "a!b", "!a", "a&b", "&a", "a,b", "-a", "--list", "a b", " a", "a\n", "a\tb", "a\x00b", "a\x1b[2J",
        "{{ lookup('pipe', 'true') }}", "a*", "a?", "[ab]", "a[1:3]", "user@a", "a/b", "a\\b", "..", ".a", "~a", "a=b",
        "a#b", "a'b", 'a"b', "a$b", "caf\u00e9", "a\u2028b", "x" * 254,
    ],
)  # fmt: skip
def test_names_that_ansible_could_misread_are_refused(config, name):
    host = only_host(config, name=name)
    assert (host.name, host.groups) == ("unnamed-device-12", ("quarantine",))
    assert host.vars["quarantine_reasons"] == [f"name {name!a} is no host name; {ALLOWED}"]
    assert host.vars["registry"]["name"] == name


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "127.0.0.1"])
def test_names_of_the_controller_are_refused(config, name):
    assert only_host(config, name=name).vars["quarantine_reasons"] == [f"name {name!r} means the controller itself"]


@pytest.mark.parametrize(
    "name", ["all", "ungrouped", "quarantine", "windows", "workstation", "municipality_papendrecht", "ring_x", "Site_1"]
)
def test_names_of_groups_are_refused(config, name):
    assert only_host(config, name=name).vars["quarantine_reasons"] == [f"name {name!r} is a name for groups"]


@pytest.mark.parametrize("name", ["a", "PAP-LT-001", "pap_lt.papendrecht.nl", "0x", "x" * 253])
def test_ordinary_names_are_kept(config, name):
    assert only_host(config, name=name).name == name


@pytest.mark.parametrize(
    ("ip4", "ip6", "address"),
    [
        ("127.0.1.1/8", "2001:db8::1/64", "127.0.1.1"),
        (None, "2001:db8::1/64", "2001:db8::1"),
        ("10.0.0.9", None, "10.0.0.9"),
    ],
)
def test_the_address(config, ip4, ip6, address):
    assert only_host(config, primary_ip4=ip4, primary_ip6=ip6).vars["ansible_host"] == address


def test_other_statuses_are_hosts_like_any_but_say_so(config):
    host = only_host(config, status="decommissioning")
    assert "status_decommissioning" in host.groups
    assert "workstation" in host.groups
    assert "out_of_lifecycle" in host.groups
    assert "out_of_lifecycle" not in only_host(config).groups


def test_objects_of_other_roles_are_not_managed(config):
    objects = rows()
    inventory = compile_inventory(snapshot(objects), config)
    assert inventory.unmanaged == 2
    assert not {"PAP-SRV-1", "PAP-VD-001"} & {host.name for host in inventory.hosts}
