import pytest
from registry_estate import AS_OF, SOURCE, config, device, machine, named, rows, snapshot, with_devices
from registry_refusals import refusal_of

from werkplek.registry.inventory import compile_inventory


def compiled(objects, config):
    return compile_inventory(snapshot(objects), config)


def refusal(objects, config):
    summary, problems = refusal_of(compiled, objects, config)
    assert summary == f"The registry {SOURCE} gives no inventory"
    return problems


def children(inventory):
    return {group.name: group.children for group in inventory.groups if group.children}


def test_groups_and_what_is_in_them(config):
    groups = {group.name: group.children + group.hosts for group in compiled(rows(), config).groups}
    assert groups == {
        "workstation": ("role_workplace",),
        "role_workplace": ("role_counter_pc", "role_laptop"),
        "role_laptop": ("HIA-LT-001", "PAP-LT-001"),
        "role_counter_pc": ("PAP-BALIE-001",),
        "vdi_host": ("role_vdi_host",),
        "role_vdi_host": ("VDI-01",),
        "network": ("role_access_switch",),
        "role_access_switch": ("PAP-SW-1",),
        "tenant_group_drechtsteden": (
            "municipality_drechtsteden",
            "municipality_hendrik_ido_ambacht",
            "municipality_papendrecht",
        ),
        "municipality_papendrecht": ("PAP-BALIE-001", "PAP-LT-001", "PAP-SW-1"),
        "municipality_hendrik_ido_ambacht": ("HIA-LT-001",),
        "municipality_drechtsteden": ("VDI-01",),
        "ring_canary": ("PAP-LT-001",),
        "ring_broad": ("HIA-LT-001", "PAP-BALIE-001", "PAP-SW-1", "VDI-01"),
        "region_zuid_holland": ("region_eiland",),
        "region_eiland": ("site_hia_raadhuis", "site_pap_stadhuis"),
        "site_pap_stadhuis": ("location_pap_stadhuis_balie",),
        "location_pap_stadhuis_balie": ("PAP-BALIE-001", "PAP-LT-001", "PAP-SW-1"),
        "site_hia_raadhuis": ("HIA-LT-001", "VDI-01"),
        "status_active": ("PAP-BALIE-001", "PAP-LT-001", "PAP-SW-1", "VDI-01"),
        "status_planned": ("HIA-LT-001",),
        "cluster_VDI_Noord_1": ("VDI-01",),
        "windows": ("platform_windows",),
        "platform_windows": ("platform_windows_11", "platform_windows_server_2022"),
        "platform_windows_11": ("HIA-LT-001", "PAP-LT-001"),
        "platform_windows_server_2022": ("VDI-01",),
        "linux": ("platform_linux",),
        "platform_linux": ("platform_debian_13",),
        "platform_debian_13": ("PAP-BALIE-001",),
        "network_os": ("platform_network_os",),
        "platform_network_os": ("platform_cisco_ios",),
        "platform_cisco_ios": ("PAP-SW-1",),
        "quarantine": (),
        "out_of_lifecycle": ("HIA-LT-001",),
    }


def test_hosts_and_groups_tell_the_same_and_are_sorted(config):
    inventory = compiled(rows(), config)
    told = {group.name: list(group.hosts) for group in inventory.groups if group.hosts}
    found = {}
    for host in inventory.hosts:
        for name in host.groups:
            found.setdefault(name, []).append(host.name)
    assert found == told
    for names in ([host.name for host in inventory.hosts], [group.name for group in inventory.groups]):
        assert names == sorted(names)
    assert (inventory.source, inventory.fetched_at) == (SOURCE, AS_OF)


def test_an_empty_registry_has_its_municipalities_and_fixed_groups(config):
    inventory = compiled(with_devices(), config)
    assert [group.name for group in inventory.groups] == [
        "linux",
        "municipality_drechtsteden",
        "municipality_hendrik_ido_ambacht",
        "municipality_papendrecht",
        "network",
        "network_os",
        "out_of_lifecycle",
        "quarantine",
        "tenant_group_drechtsteden",
        "vdi_host",
        "windows",
        "workstation",
    ]
    assert inventory.hosts == ()


def test_every_tree_of_the_registry_is_a_tree_of_groups(config):
    objects = with_devices(device(1, "A", role=9, platform=9, location=3, tenant=1))
    objects["tenancy.tenantgroup"] += [named(3, "eiland", parent=1), named(4, "kern", parent=3)]
    objects["tenancy.tenant"][0]["group"] = 4
    objects["dcim.region"] += [named(3, "noord", parent=2)]
    objects["dcim.site"][0]["region"] = 3
    objects["dcim.location"] += [named(2, "eerste", site=1, parent=None), named(3, "kamer-1", site=1, parent=2)]
    objects["dcim.devicerole"] += [named(9, "kiosk", parent=3)]
    objects["dcim.platform"] += [named(9, "windows-11-iot", parent=2)]
    assert children(compiled(objects, config)) == {
        "tenant_group_drechtsteden": (
            "municipality_drechtsteden",
            "municipality_hendrik_ido_ambacht",
            "tenant_group_eiland",
        ),
        "tenant_group_eiland": ("tenant_group_kern",),
        "tenant_group_kern": ("municipality_papendrecht",),
        "region_zuid_holland": ("region_eiland",),
        "region_eiland": ("region_noord",),
        "region_noord": ("site_pap_stadhuis",),
        "site_pap_stadhuis": ("location_pap_stadhuis_eerste",),
        "location_pap_stadhuis_eerste": ("location_pap_stadhuis_kamer_1",),
        "workstation": ("role_workplace",),
        "role_workplace": ("role_counter_pc",),
        "role_counter_pc": ("role_kiosk",),
        "windows": ("platform_windows",),
        "platform_windows": ("platform_windows_11",),
        "platform_windows_11": ("platform_windows_11_iot",),
    }


def test_the_tree_of_tenant_groups_ends_at_the_configured_one(config):
    objects = rows()
    objects["tenancy.tenantgroup"].append(named(3, "nederland", parent=None))
    objects["tenancy.tenantgroup"][0]["parent"] = 3
    inventory = compiled(objects, config)
    assert "tenant_group_nederland" not in {group.name for group in inventory.groups}
    assert inventory.hosts == compiled(rows(), config).hosts


def test_locations_of_one_name_in_two_sites_are_two_groups(config):
    objects = with_devices(device(1, "A"), device(2, "B", site=2, location=2))
    objects["dcim.location"].append(named(2, "balie", site=2, parent=None))
    hosts = {group.name: group.hosts for group in compiled(objects, config).groups}
    assert hosts["location_pap_stadhuis_balie"] == ("A",)
    assert hosts["location_hia_raadhuis_balie"] == ("B",)


def test_the_nearest_listed_role_decides_the_class(tmp_path):
    classes = {"workstation": ["workplace"], "vdi_host": ["counter-pc"]}
    inventory = compiled(rows(), config(tmp_path, classes=classes))
    assert {host.name: host.vars["workplace_class"] for host in inventory.hosts} == {
        "PAP-LT-001": "workstation",
        "PAP-BALIE-001": "vdi_host",
        "HIA-LT-001": "workstation",
    }
    assert children(inventory)["vdi_host"] == ("role_counter_pc",)
    assert children(inventory)["role_workplace"] == ("role_laptop",)


def test_the_nearest_listed_platform_decides_the_family(tmp_path):
    objects = with_devices(device(1, "WSL-1", platform=9), device(2, "PAP-1", platform=2))
    objects["dcim.platform"] += [named(9, "wsl", parent=1), named(10, "microsoft", parent=None)]
    objects["dcim.platform"][0]["parent"] = 10
    inventory = compiled(objects, config(tmp_path, families={"windows": "windows", "wsl": "linux"}))
    groups = children(inventory)
    assert (groups["linux"], groups["windows"]) == (("platform_wsl",), ("platform_windows",))
    assert groups["platform_windows"] == ("platform_windows_11",)
    lineages = [host.vars["platform_lineage"] for host in inventory.hosts]
    assert lineages == [["windows-11", "windows", "microsoft"], ["wsl", "microsoft", "linux"]]


DUPLICATE = "https://netbox.example/dcim/devices/2/: found "
RENAME = "expected one object per host name. Rename one of the two, or give its role no class."


def test_host_in_two_municipalities(config):
    objects = with_devices(device(1, "LT-1"), device(2, "lt-1", tenant=2))
    assert refusal(objects, config) == [
        f"{DUPLICATE}host in two municipalities: 'lt-1' is also "
        f"https://netbox.example/dcim/devices/1/ (papendrecht and hendrik-ido-ambacht); {RENAME}"
    ]


@pytest.mark.parametrize("tenant", [1, None])
def test_host_name_used_twice(config, tenant):
    objects = with_devices(device(1, "LT-1"), device(2, "LT-1", tenant=tenant))
    assert refusal(objects, config) == [
        f"{DUPLICATE}host name used twice: 'LT-1' is also https://netbox.example/dcim/devices/1/; {RENAME}"
    ]


def test_a_device_and_a_vm_of_one_name(config):
    objects = with_devices(device(1, "LT-1")) | {"virtualization.virtualmachine": [machine(1, "LT-1", role=2)]}
    assert refusal(objects, config) == [
        "https://netbox.example/virtualization/virtual-machines/1/: found host name used twice: 'LT-1' is also "
        f"https://netbox.example/dcim/devices/1/; {RENAME}"
    ]


def test_a_device_with_the_name_that_a_nameless_one_gets(config):
    objects = with_devices(device(1, None), device(2, "Unnamed-Device-1"))
    assert refusal(objects, config) == [
        f"{DUPLICATE}host name used twice: 'Unnamed-Device-1' is also https://netbox.example/dcim/devices/1/; {RENAME}"
    ]


def test_a_name_may_be_used_again_outside_the_managed_roles(config):
    assert len(compiled(with_devices(device(1, "LT-1"), device(2, "LT-1", role=8)), config).hosts) == 1


def test_a_tenant_without_its_document(tmp_path):
    file = tmp_path / "municipalities" / "hendrik-ido-ambacht.yml"
    assert refusal(rows(), config(tmp_path, slugs=("papendrecht", "drechtsteden"))) == [
        "https://netbox.example/tenancy/tenants/2/: found tenant 'hendrik-ido-ambacht' without a document; "
        f"expected {file}. Write {file}, or take the tenant out of group 'drechtsteden'."
    ]


@pytest.mark.parametrize(("groups", "known"), [(None, "drechtsteden, others"), ([], "none")])
def test_a_tenant_group_that_does_not_exist(tmp_path, groups, known):
    objects = rows()
    if groups is not None:
        objects["tenancy.tenantgroup"] = groups
        for tenant in objects["tenancy.tenant"]:
            tenant["group"] = None
    assert refusal(objects, config(tmp_path, tenant_group="drechtstede")) == [
        f"{tmp_path}/registry.yml: tenant_group: found no tenant in group 'drechtstede'; expected a tenant group with "
        f"tenants; the registry has the groups {known}"
    ]


@pytest.mark.parametrize(("fields", "known"), [(None, "owner_department, update_ring"), ([], "none")])
def test_a_ring_field_that_does_not_exist(tmp_path, fields, known):
    objects = rows()
    if fields is not None:
        objects["extras.customfield"] = fields
    assert refusal(objects, config(tmp_path, ring_field="ring")) == [
        f"{tmp_path}/registry.yml: ring_field: found no custom field 'ring'; expected a custom field; the registry has "
        f"{known}"
    ]


def test_all_problems_come_in_one_go(tmp_path):
    objects = with_devices(device(1, "A"), device(2, "A"), device(3, "B"), device(4, "B", tenant=2))
    problems = refusal(objects, config(tmp_path, slugs=("papendrecht",), ring_field="ring"))
    assert [problem.partition(": found ")[2].partition(";")[0] for problem in problems] == [
        "tenant 'hendrik-ido-ambacht' without a document",
        "tenant 'drechtsteden' without a document",
        "no custom field 'ring'",
        "host name used twice: 'A' is also https://netbox.example/dcim/devices/1/",
        "host in two municipalities: 'B' is also https://netbox.example/dcim/devices/3/ "
        "(papendrecht and hendrik-ido-ambacht)",
    ]


def test_a_role_the_registry_lacks_is_a_warning(tmp_path):
    inventory = compiled(rows(), config(tmp_path, classes={"workstation": ["workplace", "tablet"]}))
    assert inventory.warnings == (f"{tmp_path}/registry.yml: classes: the registry has no role 'tablet'",)


def test_usable_hosts_are_counted_per_municipality(config):
    objects = with_devices(device(1, "A"), device(2, "B"), device(3, "C", primary_ip4=None), device(4, "D", tenant=4))
    assert compiled(objects, config).usable == {"papendrecht": 2, "hendrik-ido-ambacht": 0, "drechtsteden": 0}
