"""A source's own variables and groups: `compose`, `groups` and `keyed_groups`."""

from functools import partial

import pytest
from ansible.parsing.dataloader import DataLoader
from registry_estate import SOURCE, config, device, rows, snapshot, with_devices
from registry_refusals import refusal_of

from werkplek.registry import door
from werkplek.registry.expressions import Undefined
from werkplek.registry.inventory import compile_inventory

DIFFER = "expected names that differ after sanitising. Rename one of the two in the registry."
evaluate = partial(door.evaluate, DataLoader())


def inventory(folder, objects, by=None, **options):
    return compile_inventory(snapshot(objects), config(folder, **options), by)


def only_host(folder, by=None, fields=None, options=(), **columns):
    custom = {"update_ring": "broad"} | (fields or {})
    objects = with_devices(device(12, "PAP-LT-012", custom_fields=custom, **columns))
    (host,) = inventory(folder, objects, by, **dict(options)).hosts
    return host


def own_groups(folder, keyed=None, fields=None, **options):
    """The groups that a host gets besides the registry's."""
    options |= {"keyed_groups": [keyed]} if keyed else {}
    plain, more = only_host(folder, fields=fields), only_host(folder, fields=fields, options=options)
    assert more.groups[: len(plain.groups)] == plain.groups
    return list(more.groups[len(plain.groups) :])


def refusal(folder, objects, by=None, **options):
    summary, problems = refusal_of(inventory, folder, objects, by, **options)
    assert summary == f"The registry {SOURCE} gives no inventory"
    return [problem.removeprefix(f"{folder}/registry.yml: ") for problem in problems]


def test_compose_adds_variables(tmp_path):
    options = {"compose": {"ansible_user": "municipality", "floor": "registry.custom_fields.floor", "gone": "missing"}}
    plain, host = (only_host(tmp_path, fields={"floor": 2}, options=given) for given in ({}, options))
    assert host.vars == {**plain.vars, "ansible_user": "papendrecht", "floor": 2}
    assert host.groups == plain.groups


def test_compose_may_say_how_to_connect_and_knows_the_hosts_name(tmp_path):
    options = {"compose": {"ansible_host": "inventory_hostname", "was": "ansible_host"}}
    host = only_host(tmp_path, options=options)
    assert (host.vars["ansible_host"], host.vars["was"]) == ("PAP-LT-012", "10.0.0.13")


def test_composed_variables_are_known_to_groups_and_not_to_each_other(tmp_path):
    options = {
        "compose": {"kiosk": "registry.role == 'laptop'", "later": "kiosk | default('no')"},
        "groups": {"kiosks": "kiosk", "others": "not kiosk"},
        "keyed_groups": [{"key": "later", "prefix": "later"}],
    }
    host = only_host(tmp_path, options=options)
    assert (host.vars["kiosk"], host.vars["later"]) == (True, "no")
    assert host.groups[-2:] == ("kiosks", "later_no")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("true", ["x"]),
        ("false", []),
        ("'balie' in registry.tags", ["x"]),
        ("'kiosk' in registry.tags", []),
        ("registry.missing", []),
        ("registry.missing is defined", []),
        ("registry.missing is not defined", ["x"]),
        ("registry.site == 'pap-stadhuis' and workplace_class == 'workstation'", ["x"]),
    ],
)
def test_groups_by_condition(tmp_path, condition, expected):
    assert own_groups(tmp_path, groups={"x": condition}) == expected


@pytest.mark.parametrize(
    ("keyed", "value", "expected"),
    [
        ({}, "ict", ["ict"]),
        ({}, "Sociaal Domein", ["Sociaal_Domein"]),
        ({}, "caf\u00e9-1", ["caf__1"]),
        ({"prefix": "d"}, "ict", ["d_ict"]),
        ({"prefix": "d", "separator": "__"}, "ict", ["d__ict"]),
        ({"prefix": "d", "separator": ""}, "ict", ["dict"]),
        ({"prefix": "d", "separator": "-"}, "ict", ["d_ict"]),
        ({"separator": "-"}, "ict", ["ict"]),
        ({"prefix": ""}, "ict", ["ict"]),
        ({"prefix": None, "separator": None}, "ict", ["ict"]),
        ({"prefix": "d"}, 3, ["d_3"]),
        ({"prefix": "d"}, 0, ["d_0"]),
        ({"prefix": "d"}, True, ["d_True"]),
        ({"prefix": "d"}, "", []),
        ({"prefix": "d"}, None, []),
        ({"prefix": "d", "default_value": "none"}, "", ["d_none"]),
        ({"prefix": "d", "default_value": "none"}, None, ["d_none"]),
        ({"prefix": "d", "default_value": "none"}, "ict", ["d_ict"]),
        ({"prefix": "d", "default_value": ""}, "", []),
        ({}, ["a", "b"], ["a", "b"]),
        ({"prefix": "d"}, ["a", "b", 3], ["d_a", "d_b", "d_3"]),
        ({"prefix": "d"}, ["a", "a", "b", "a"], ["d_a", "d_b"]),
        ({"prefix": "d"}, ["", "a", None], ["d_a"]),
        ({"prefix": "d"}, [], []),
        ({"prefix": "d", "default_value": "none"}, [], ["d_none"]),
        ({"prefix": "d", "default_value": "none"}, ["", None], ["d_none"]),
        ({"prefix": "d", "default_value": "none"}, ["a", ""], ["d_a"]),
        ({}, {"floor": 2, "wing": "b"}, ["floor_2", "wing_b"]),
        ({"prefix": "d", "separator": "__"}, {"floor": 2}, ["d__floor__2"]),
        ({"prefix": "d"}, {}, []),
        ({"prefix": "d"}, {"floor": ""}, ["d_floor_"]),
        ({"prefix": "d"}, {"floor": None}, ["d_floor_"]),
        ({"prefix": "d", "trailing_separator": True}, {"floor": ""}, ["d_floor_"]),
        ({"prefix": "d", "trailing_separator": False}, {"floor": "", "wing": "b"}, ["d_floor", "d_wing_b"]),
        ({"prefix": "d", "default_value": "none"}, {"floor": "", "wing": "b"}, ["d_floor_none", "d_wing_b"]),
        ({"prefix": "d", "default_value": "none", "trailing_separator": False}, {"floor": ""}, ["d_floor_none"]),
        ({"trailing_separator": False}, {"": "", "wing": 0}, ["wing_0"]),
    ],
)
def test_groups_by_value(tmp_path, keyed, value, expected):
    keyed = {"key": "registry.custom_fields.x"} | keyed
    assert own_groups(tmp_path, keyed, fields={"x": value}) == expected


def test_a_key_that_a_host_does_not_have_gives_no_group_and_no_default(tmp_path):
    keyed = {"key": "registry.custom_fields.x", "prefix": "d", "default_value": "none"}
    assert own_groups(tmp_path, keyed) == []


def test_groups_have_their_hosts_and_lie_below_their_parent(tmp_path):
    keyed = [
        {"key": "registry.custom_fields.owner_department", "prefix": "dept", "parent_group": "by department"},
        {"key": "registry.role", "prefix": "kind", "parent_group": "by department"},
    ]
    found = inventory(tmp_path, rows(), keyed_groups=keyed, groups={"planned": "registry.status == 'planned'"})
    groups = {group.name: (group.children, group.hosts) for group in found.groups}
    assert groups["by_department"] == (
        ("dept_Burgerzaken", "dept_ICT", "kind_access_switch", "kind_counter_pc", "kind_laptop", "kind_vdi_host"),
        (),
    )
    assert groups["dept_ICT"] == ((), ("PAP-LT-001",))
    assert groups["kind_laptop"] == ((), ("HIA-LT-001", "PAP-LT-001"))
    assert groups["planned"] == ((), ("HIA-LT-001",))


def test_a_group_without_a_host_is_not_there(tmp_path):
    found = inventory(tmp_path, rows(), groups={"nobody": "false"}, keyed_groups=[{"key": "x", "parent_group": "y"}])
    assert not {"nobody", "y"} & {group.name for group in found.groups}


OWN = {
    "compose": {"mine": "1", "ansible_host": "'10.9.9.9'"},
    "groups": {"everyone": "true"},
    "keyed_groups": [{"key": "registry.serial", "prefix": "serial"}],
}


def test_quarantined_hosts_get_none(tmp_path):
    objects = with_devices(device(1, "A"), device(2, "B", tenant=None), device(3, "a b"))
    found = inventory(tmp_path, objects, **OWN)
    assert found.hosts[0].groups[-2:] == ("everyone", "serial_SN1")
    for host in found.hosts[1:]:
        assert host.groups == ("quarantine",)
        assert not {"mine", "ansible_host"} & set(host.vars)
    groups = {group.name: group.hosts for group in found.groups}
    assert groups["everyone"] == ("A",)
    assert "serial_SN2" not in groups


def test_what_fails_for_quarantined_hosts_alone_fails_for_none(tmp_path):
    objects = with_devices(device(1, "A", site=None, location=None, tenant=None))
    options = {"strict": True, "compose": {"a": "municipality"}, "groups": {"x": "'pap' in registry.site"}}
    assert inventory(tmp_path, objects, **options).hosts[0].groups == ("quarantine",)


@pytest.mark.parametrize(
    ("options", "place", "text", "missing"),
    [
        ({"compose": {"a": "registry.missing.further"}}, "compose.a", "registry.missing.further", "missing"),
        ({"groups": {"a": "not missing"}}, "groups.a", "not missing", "missing"),
        ({"keyed_groups": [{"key": "registry['missing']"}]}, "keyed_groups[0].key", "registry['missing']", "missing"),
    ],
)
def test_with_strict_a_name_that_a_host_does_not_have_is_an_error(tmp_path, options, place, text, missing):
    objects = with_devices(device(1, "A"), device(2, "B"), device(3, "C", tenant=None))
    assert inventory(tmp_path, objects, **options).hosts == inventory(tmp_path, objects).hosts
    assert refusal(tmp_path, objects, strict=True, **options) == [
        f"{place}: found {text!r} without {missing} for host {host}; expected a name that each host has"
        for host in ("A", "B")
    ]


def test_what_cannot_be_evaluated_is_an_error_also_without_strict(tmp_path):
    objects = with_devices(device(1, "A"), device(2, "B", site=None, location=None))
    (problem,) = refusal(tmp_path, objects, groups={"x": "'pap' in registry.site"})
    assert problem.startswith(
        "groups.x: found \"'pap' in registry.site\" for host B: argument of type 'NoneType' is not"
    )
    assert problem.endswith("; expected a value")


def test_a_host_stops_at_its_first_problem(tmp_path):
    options = {"compose": {"a": "1 in 1", "b": "2 in 2"}, "groups": {"c": "3 in 3"}}
    assert len(refusal(tmp_path, with_devices(device(1, "A")), **options)) == 1


FIXED = ["all", "ungrouped", "quarantine", "out_of_lifecycle", "workstation", "vdi_host", "network", "windows", "linux"]


@pytest.mark.parametrize("name", [*FIXED, "network_os"])
def test_fixed_groups_are_not_for_the_source(tmp_path, name):
    objects = with_devices(device(1, "A", serial=name))
    made = f"found group {name!r} already made by Werkplek's own group; {DIFFER}"
    assert refusal(tmp_path, objects, groups={name: "true"}) == [f"groups.{name}: {made}"]
    keyed = {"key": "registry.serial"}
    assert refusal(tmp_path, objects, keyed_groups=[keyed]) == [f"keyed_groups[0] with {name!r}: {made}"]
    keyed |= {"prefix": "x", "parent_group": name}
    assert refusal(tmp_path, objects, keyed_groups=[keyed]) == [f"parent_group {name!r}: {made}"]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("municipality_hendrik_ido_ambacht", "tenancy/tenants/2"),
        ("tenant_group_drechtsteden", "tenancy/tenant-groups/1"),
        ("role_workplace", "dcim/device-roles/1"),
        ("site_pap_stadhuis", "dcim/sites/1"),
        ("region_zuid_holland", "dcim/regions/1"),
        ("location_pap_stadhuis_balie", "dcim/locations/1"),
        ("platform_windows_11", "dcim/platforms/2"),
    ],
)
def test_groups_of_the_registry_are_not_for_the_source(tmp_path, name, path):
    """Neither as a group nor as a parent: a limit to a municipality would hit hosts of another one."""
    objects = with_devices(device(1, "A"))
    made = f"found group {name!r} already made by {SOURCE}{path}/; {DIFFER}"
    assert refusal(tmp_path, objects, groups={name: "true"}) == [f"groups.{name}: {made}"]
    keyed = {"key": "registry.serial", "prefix": "x", "parent_group": name}
    assert refusal(tmp_path, objects, keyed_groups=[keyed]) == [f"parent_group {name!r}: {made}"]


def test_a_group_of_the_registry_that_comes_later_is_noticed_too(tmp_path):
    objects = with_devices(device(1, "A"), device(2, "B", site=2, location=None))
    assert refusal(tmp_path, objects, groups={"site_hia_raadhuis": "registry.name == 'A'"}) == [
        f"{SOURCE}dcim/sites/2/: found group 'site_hia_raadhuis' already made by {tmp_path}/registry.yml: "
        f"groups.site_hia_raadhuis; {DIFFER}"
    ]


def test_values_that_collide_after_sanitising(tmp_path):
    objects = with_devices(device(1, "A", serial="a-b"), device(2, "B", serial="a_b"), device(3, "C", serial="a-b"))
    where = f"{tmp_path}/registry.yml: "
    assert refusal(tmp_path, objects, keyed_groups=[{"key": "registry.serial", "prefix": "s"}]) == [
        f"keyed_groups[0] with 'a_b': found group 's_a_b' already made by {where}keyed_groups[0] with 'a-b'; {DIFFER}"
    ]
    options = {"groups": {"s_a_b": "true"}, "keyed_groups": [{"key": "'a_b'", "prefix": "s"}]}
    assert refusal(tmp_path, with_devices(device(1, "A")), **options) == [
        f"keyed_groups[0] with 'a_b': found group 's_a_b' already made by {where}groups.s_a_b; {DIFFER}"
    ]


@pytest.mark.parametrize(
    ("keyed", "problems"),
    [
        ([("'a'", "a")], ["parent_group 'a': found group 'a' already made by {}keyed_groups[0] with 'a'"]),
        (
            [("'a'", "b"), ("'b'", "a")],
            [
                "keyed_groups[1] with 'b': found group 'b' already made by {}parent_group 'b'",
                "parent_group 'a': found group 'a' already made by {}keyed_groups[0] with 'a'",
            ],
        ),
        (
            [("'a'", "a b"), ("'c'", "a-b")],
            ["parent_group 'a-b': found group 'a_b' already made by {}parent_group 'a b'"],
        ),
    ],
)
def test_no_group_is_both_a_parent_and_a_group_with_hosts(tmp_path, keyed, problems):
    """So none lies below itself, in however many steps."""
    groups = [{"key": key, "parent_group": parent} for key, parent in keyed]
    where = f"{tmp_path}/registry.yml: "
    told = refusal(tmp_path, with_devices(device(1, "PAP-LT-001")), keyed_groups=groups)
    assert {f"{problem.format(where)}; {DIFFER}" for problem in problems} <= set(told)


def test_what_is_not_compiled_is_evaluated_by_ansible(tmp_path):
    options = {
        "compose": {"name": "registry.name | lower", "count": "registry.tags | length", "gone": "missing | lower"},
        "groups": {"pap": "registry.name is match('PAP')"},
        "keyed_groups": [{"key": "registry.tags | map('upper') | list", "prefix": "tag"}],
    }
    host = only_host(tmp_path, evaluate, options=options)
    assert (host.vars["name"], host.vars["count"]) == ("pap-lt-012", 1)
    assert "gone" not in host.vars
    assert host.groups[-2:] == ("pap", "tag_BALIE")


def test_text_of_the_registry_is_never_a_template(tmp_path):
    evil = "{{ 1 + 1 }}"
    options = {"compose": {"a": "registry.serial", "b": "registry.serial ~ ''", "c": "[registry.serial]"}}
    host = only_host(tmp_path, evaluate, options=options, serial=evil)
    assert (host.vars["a"], host.vars["b"], host.vars["c"]) == (evil, evil, [evil])


def test_what_ansible_refuses_is_told_by_place_and_host(tmp_path):
    objects = with_devices(device(1, "A"))
    (problem,) = refusal(tmp_path, objects, evaluate, compose={"x": "registry.name | nosuchfilter"})
    assert problem.startswith("compose.x: found 'registry.name | nosuchfilter' for host A: ")
    assert "nosuchfilter" in problem.removeprefix("compose.x: found 'registry.name | nosuchfilter' for host A: ")
    assert problem.endswith("; expected a value")
    assert refusal(tmp_path, objects, evaluate, compose={"x": "missing | lower"}, strict=True) == [
        "compose.x: found 'missing | lower' without 'missing' is undefined for host A; "
        "expected a name that each host has"
    ]


def test_without_ansible_such_an_expression_is_refused(tmp_path):
    assert refusal(tmp_path, with_devices(device(1, "A")), compose={"x": "registry.name | lower"}) == [
        "compose.x: found 'registry.name | lower' for host A: an expression that only Ansible can evaluate; "
        "expected a value"
    ]


def test_ansible_is_asked_with_the_hosts_variables_alone(tmp_path):
    asked = []

    def evaluate(text, known):
        asked.append((text, known["inventory_hostname"], known["registry"]["id"], known.get("made")))
        raise Undefined("x")

    options = {"compose": {"made": "1", "x": "a | b"}, "groups": {"y": "c | d"}}
    only_host(tmp_path, evaluate, options=options)
    assert asked == [("a | b", "PAP-LT-012", 12, None), ("c | d", "PAP-LT-012", 12, 1)]
