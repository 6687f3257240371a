"""Two objects never share a group, and no host is called as one."""

import pytest
from registry_estate import SOURCE, config, device, named, rows, snapshot, with_devices
from registry_refusals import refusal_of

from werkplek.registry.inventory import compile_inventory

DIFFER = "expected names that differ after sanitising. Rename one of the two in the registry."


def refusal(objects, config):
    summary, problems = refusal_of(compile_inventory, snapshot(objects), config)
    assert summary == f"The registry {SOURCE} gives no inventory"
    return problems


# Table, its path, a row whose group collides with that of row 1, and a device that is in it.
SHARED = [
    ("dcim.site", "dcim/sites", {"slug": "pap_stadhuis"}, {"site": 99, "location": None}, "site_pap_stadhuis"),
    ("dcim.site", "dcim/sites", {"slug": "pap.stadhuis"}, {"site": 99, "location": None}, "site_pap_stadhuis"),
    ("dcim.location", "dcim/locations", {"slug": "b_lie"}, {"location": 99}, "location_pap_stadhuis_b_lie"),
    ("dcim.devicerole", "dcim/device-roles", {"slug": "work_place"}, {"role": 99}, "role_work_place"),
    ("dcim.platform", "dcim/platforms", {"slug": "win_dows"}, {"platform": 99}, "platform_win_dows"),
    (
        "virtualization.cluster",
        "virtualization/clusters",
        {"name": "VDI-Noord.1"},
        {"cluster": 99},
        "cluster_VDI_Noord_1",
    ),
]


@pytest.mark.parametrize(("table", "path", "twin", "where", "group"), SHARED)
def test_groups_that_collide_after_sanitising_name_both_objects(tmp_path, table, path, twin, where, group):
    first = {"site": 1, "location": 1, "role": 1, "platform": 1, "cluster": 1}
    objects = with_devices(device(1, "A", **first), device(2, "B", **first | where))
    known = objects[table][0]
    if "slug" in known and known["slug"] != "pap-stadhuis":
        known["slug"] = twin["slug"].replace("_", "-")
    objects[table].append(known | {"id": 99} | twin)
    classes, families = {"workstation": ["work-place", "work_place", "workplace"]}, {"windows": "windows"}
    families |= {"win-dows": "windows", "win_dows": "windows"}
    assert refusal(objects, config(tmp_path, classes=classes, families=families)) == [
        f"{SOURCE}{path}/99/: found group {group!r} already made by {SOURCE}{path}/1/; {DIFFER}"
    ]


def test_regions_that_collide(config):
    objects = rows()
    objects["dcim.region"].append(named(3, "zuid_holland", parent=None))
    objects["dcim.site"][1]["region"] = 3
    assert refusal(objects, config) == [
        f"{SOURCE}dcim/regions/3/: found group 'region_zuid_holland' already made by {SOURCE}dcim/regions/1/; {DIFFER}"
    ]


def test_municipalities_and_tenant_groups_that_collide(tmp_path):
    objects = rows()
    objects["tenancy.tenantgroup"] += [named(8, "a-b", parent=1), named(9, "a_b", parent=1)]
    objects["tenancy.tenant"] += [named(8, "hendrik_ido-ambacht", group=8), named(9, "sliedrecht", group=9)]
    slugs = ("papendrecht", "hendrik-ido-ambacht", "hendrik_ido-ambacht", "sliedrecht", "drechtsteden")
    assert refusal(objects, config(tmp_path, slugs)) == [
        f"{SOURCE}tenancy/tenants/8/: found group 'municipality_hendrik_ido_ambacht' already made by "
        f"{SOURCE}tenancy/tenants/2/; {DIFFER}",
        f"{SOURCE}tenancy/tenant-groups/9/: found group 'tenant_group_a_b' already made by "
        f"{SOURCE}tenancy/tenant-groups/8/; {DIFFER}",
    ]


def test_words_that_collide(config):
    fields = {"update_ring": "a-b"}
    objects = with_devices(
        device(1, "A", status="a-b", custom_fields=fields), device(2, "B", status="a_b", custom_fields=fields),
        device(3, "C", custom_fields={"update_ring": "a_b"}),
    )  # fmt: skip
    assert refusal(objects, config) == [
        f"status 'a_b': found group 'status_a_b' already made by status 'a-b'; {DIFFER}",
        f"ring 'a_b': found group 'ring_a_b' already made by ring 'a-b'; {DIFFER}",
    ]


def test_rooms_whose_names_run_into_those_of_another_site(config):
    objects = with_devices(device(1, "A", site=8, location=8), device(2, "B", site=9, location=9))
    site = objects["dcim.site"][0]
    objects["dcim.site"] += [site | {"id": 8, "slug": "a"}, site | {"id": 9, "slug": "a-b"}]
    objects["dcim.location"] += [named(8, "b-c", site=8, parent=None), named(9, "c", site=9, parent=None)]
    assert refusal(objects, config) == [
        f"{SOURCE}dcim/locations/9/: found group 'location_a_b_c' already made by {SOURCE}dcim/locations/8/; {DIFFER}"
    ]


def test_a_collision_is_told_once_however_many_hosts_have_it(config):
    objects = with_devices(
        *(device(number, f"A-{number}", status="a-b", role=2 + number % 2) for number in range(1, 9)),
        *(device(number, f"B-{number}", status="a_b", role=2 + number % 2) for number in range(9, 17)),
    )
    assert len(refusal(objects, config)) == 1


def test_objects_that_nothing_is_in_do_not_collide(config):
    objects = rows()
    objects["dcim.site"].append(objects["dcim.site"][0] | {"id": 3, "slug": "pap_stadhuis"})
    assert compile_inventory(snapshot(objects), config) == compile_inventory(snapshot(rows()), config)


@pytest.mark.parametrize(
    ("options", "name", "group"),
    [
        ({"groups": {"Kiosks": "true"}}, "KIOSKS", "Kiosks"),
        ({"keyed_groups": [{"key": "registry.asset_tag"}]}, "a1", "A1"),
        (
            {"keyed_groups": [{"key": "registry.asset_tag", "prefix": "x", "parent_group": "Assets"}]},
            "assets",
            "Assets",
        ),
    ],
)
def test_a_host_that_is_called_as_a_group_of_the_source(tmp_path, options, name, group):
    objects = with_devices(device(1, "PAP-LT-001"), device(2, name))
    assert refusal(objects, config(tmp_path, **options)) == [
        f"{SOURCE}dcim/devices/2/: found a host with the name of group {group!r}; expected a name of its own. "
        "Rename it."
    ]
