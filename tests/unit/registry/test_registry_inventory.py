import pytest
from registry_estate import SOURCE, TAKEN_AT, config, device, rows, snapshot, with_devices

from werkplek.errors import WerkplekError
from werkplek.registry.inventory import compile_inventory, usable_hosts


def compiled(objects, config):
    return compile_inventory(snapshot(objects), config)


def refusal(objects, config):
    with pytest.raises(WerkplekError) as caught:
        compiled(objects, config)
    lines = str(caught.value).splitlines()
    assert lines[0] == f"The registry {SOURCE} gives no inventory"
    return [line.strip() for line in lines[1:]]


def test_groups_and_what_is_in_them(config):
    groups = {group.name: group.children + group.hosts for group in compiled(rows(), config).groups}
    assert groups == {
        "workstation": ("HIA-LT-001", "PAP-BALIE-001", "PAP-LT-001"),
        "vdi_host": ("VDI-01",),
        "network": ("PAP-SW-1",),
        "municipality_papendrecht": ("PAP-BALIE-001", "PAP-LT-001", "PAP-SW-1"),
        "municipality_hendrik_ido_ambacht": ("HIA-LT-001",),
        "municipality_drechtsteden": ("VDI-01",),
        "ring_canary": ("PAP-LT-001",),
        "ring_broad": ("HIA-LT-001", "PAP-BALIE-001", "PAP-SW-1", "VDI-01"),
        "site_pap_stadhuis": ("PAP-BALIE-001", "PAP-LT-001", "PAP-SW-1"),
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


def test_host_variables(config):
    hosts = {host.name: host.vars for host in compiled(rows(), config).hosts}
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
            "site": "pap-stadhuis",
            "platform": "windows-11",
            "last_updated": "2026-11-20T08:00:00Z",
            "fetched_at": TAKEN_AT,
        },
    }
    assert hosts["HIA-LT-001"]["municipality"] == "hendrik-ido-ambacht"
    assert hosts["PAP-SW-1"]["platform_lineage"] == ["cisco-ios", "network-os", "network_os"]


def test_a_vm_of_a_managed_role_is_a_host(config):
    objects = rows()
    objects["virtualization.virtualmachine"][0]["role"] = 4
    hosts = {host.name: host for host in compiled(objects, config).hosts}
    assert hosts["PAP-VD-001"].vars["registry"]["url"] == "https://netbox.example/virtualization/virtual-machines/1/"
    assert hosts["PAP-VD-001"].vars["registry"]["asset_tag"] is None
    assert "cluster_VDI_Noord_1" in hosts["PAP-VD-001"].groups


def test_tenants_of_groups_below_the_tenant_group_count(config):
    objects = rows()
    objects["tenancy.tenantgroup"].append({"id": 3, "name": "Below", "slug": "below", "parent": 1})
    objects["tenancy.tenant"][0]["group"] = 3
    assert "municipality_papendrecht" in {group.name for group in compiled(objects, config).groups}


def test_the_nearest_listed_role_decides_the_class(tmp_path):
    classes = {"workstation": ["workplace"], "vdi_host": ["counter-pc"]}
    hosts = {host.name: host.groups[0] for host in compiled(rows(), config(tmp_path, classes=classes)).hosts}
    assert hosts == {"PAP-LT-001": "workstation", "PAP-BALIE-001": "vdi_host", "HIA-LT-001": "workstation"}


def test_the_nearest_listed_platform_decides_the_family(tmp_path):
    objects = with_devices(device(1, "WSL-1", platform=9), device(2, "PAP-1", platform=2))
    objects["dcim.platform"].append({"id": 9, "name": "WSL", "slug": "wsl", "parent": 1})
    objects["dcim.platform"].append({"id": 10, "name": "Microsoft", "slug": "microsoft", "parent": None})
    objects["dcim.platform"][0]["parent"] = 10
    inventory = compiled(objects, config(tmp_path, families={"windows": "windows", "wsl": "linux"}))
    groups = {group.name: group.children for group in inventory.groups}
    assert groups["linux"] == ("platform_wsl",)
    assert groups["windows"] == ("platform_windows",)
    assert groups["platform_windows"] == ("platform_windows_11",)
    lineages = [host.vars["platform_lineage"] for host in inventory.hosts]
    assert lineages == [["windows-11", "windows", "microsoft"], ["wsl", "microsoft", "linux"]]


def test_host_in_two_municipalities(config):
    objects = with_devices(device(1, "LT-1"), device(2, "lt-1", tenant=2))
    assert refusal(objects, config) == [
        "https://netbox.example/dcim/devices/2/: found host in two municipalities: 'lt-1' is also "
        "https://netbox.example/dcim/devices/1/ (papendrecht and hendrik-ido-ambacht); expected one object per host "
        "name. Rename one of the two, or give its role no class."
    ]


@pytest.mark.parametrize("tenant", [1, None])
def test_host_name_used_twice(config, tenant):
    objects = with_devices(device(1, "LT-1"), device(2, "LT-1", tenant=tenant))
    assert refusal(objects, config) == [
        "https://netbox.example/dcim/devices/2/: found host name used twice: 'LT-1' is also "
        "https://netbox.example/dcim/devices/1/; expected one object per host name. "
        "Rename one of the two, or give its role no class."
    ]


def test_a_name_may_be_used_again_outside_the_managed_roles(config):
    assert len(compiled(with_devices(device(1, "LT-1"), device(2, "LT-1", role=8)), config).hosts) == 1


def test_a_tenant_without_its_document(tmp_path):
    (line,) = refusal(rows(), config(tmp_path, slugs=("papendrecht", "drechtsteden")))
    file = tmp_path / "municipalities" / "hendrik-ido-ambacht.yml"
    assert line == (
        "https://netbox.example/tenancy/tenants/2/: found tenant 'hendrik-ido-ambacht' without a document; "
        f"expected {file}. Write {file}, or take the tenant out of group 'drechtsteden'."
    )


def test_a_tenant_group_that_does_not_exist(tmp_path):
    assert refusal(rows(), config(tmp_path, tenant_group="drechtstede")) == [
        f"{tmp_path}/registry.yml: tenant_group: found no tenant in group 'drechtstede'; expected a tenant group with "
        "tenants; the registry has the groups drechtsteden, others"
    ]


def test_groups_that_collide_after_sanitising(config):
    objects = with_devices(
        device(1, "A", site=1), device(2, "B", site=3), device(3, "C", status="a-b"), device(4, "D", status="a_b")
    )
    objects["dcim.site"].append(objects["dcim.site"][0] | {"id": 3, "slug": "pap_stadhuis"})
    assert refusal(objects, config) == [
        "https://netbox.example/dcim/sites/3/: found group 'site_pap_stadhuis' already made by "
        "https://netbox.example/dcim/sites/1/; expected names that differ after sanitising. "
        "Rename one of the two in the registry.",
        "status 'a_b': found group 'status_a_b' already made by status 'a-b'; expected names that differ after "
        "sanitising. Rename one of the two in the registry.",
    ]


def test_municipalities_that_collide_after_sanitising(tmp_path):
    objects = rows()
    objects["tenancy.tenant"].append(objects["tenancy.tenant"][1] | {"id": 9, "slug": "hendrik_ido-ambacht"})
    slugs = ("papendrecht", "hendrik-ido-ambacht", "hendrik_ido-ambacht", "drechtsteden")
    (line,) = refusal(objects, config(tmp_path, slugs))
    assert line.startswith(
        "https://netbox.example/tenancy/tenants/9/: found group 'municipality_hendrik_ido_ambacht' already made by "
        "https://netbox.example/tenancy/tenants/2/"
    )


def test_all_problems_come_in_one_go(tmp_path):
    objects = with_devices(device(1, "A"), device(2, "A"), device(3, "B"), device(4, "B", tenant=2))
    assert len(refusal(objects, config(tmp_path, slugs=("papendrecht",)))) == 4


def test_a_role_the_registry_lacks_is_a_warning(tmp_path):
    inventory = compiled(rows(), config(tmp_path, classes={"workstation": ["workplace", "tablet"]}))
    assert inventory.warnings == (f"{tmp_path}/registry.yml: classes: the registry has no role 'tablet'",)


def test_usable_hosts_are_counted_per_municipality(config):
    objects = with_devices(device(1, "A"), device(2, "B"), device(3, "C", primary_ip4=None), device(4, "D", tenant=4))
    assert usable_hosts(snapshot(objects), config) == {"papendrecht": 2, "hendrik-ido-ambacht": 0, "drechtsteden": 0}
