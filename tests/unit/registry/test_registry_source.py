import pytest
from registry_estate import OPTIONS, named, rows
from registry_estate import config as make_config
from registry_refusals import option_refusal

from werkplek.registry.query import Query
from werkplek.registry.source import SourceConfig, port_roles, source_config
from werkplek.registry.tables import TABLES

LIVE = {"include": [], "filters": {}, "reconcile": 24, "shrink_limit": 20, "use_last_good": False}
EXTRAS = "expected one of config_context, contacts, device_type, owner, ports"
DEVICE_FILTERS = (
    "expected one of site, region, location, tenant, tenant_group, role, platform, name, serial, asset_tag, status, "
    "tag or cf_<custom field>, each also with __n for `not`"
)
MACHINE_FILTERS = (
    "expected one of site, region, tenant, tenant_group, role, platform, name, serial, status, tag or "
    "cf_<custom field>, each also with __n for `not`"
)
TEXTS = "expected a text, or a list of texts"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "registry.yml"


def refusal(file, **options):
    return option_refusal(source_config, LIVE | options, file)


def filters_refusal(file, **filters):
    return refusal(file, filters=filters)


def test_a_source_that_asks_for_nothing_special(file):
    assert source_config(LIVE, file) == SourceConfig(frozenset(), {}, 24, 20, False)
    assert source_config(LIVE | {"include": None, "filters": None}, file).query == Query(frozenset(), {})


def test_all_that_a_source_can_ask_for(file):
    filters = {
        "devices": {"role": "kiosk", "status__n": ["offline", "planned"], "cf_floor": 3, "location": ["balie"]},
        "virtual_machines": {"tag": ("vdi",)},
    }
    options = {"include": ["ports", "owner"], "reconcile": 0, "shrink_limit": 100, "use_last_good": True}
    source = source_config(LIVE | options | {"filters": filters}, file)
    assert source.filters == {
        "dcim.device": {
            "role": ("kiosk",),
            "status__n": ("offline", "planned"),
            "cf_floor": ("3",),
            "location": ("balie",),
        },
        "virtualization.virtualmachine": {"tag": ("vdi",)},
    }
    assert (source.include, source.reconcile, source.shrink_limit) == ({"ports", "owner"}, 0, 100)
    assert source.use_last_good is True
    assert source.query == Query(source.include, source.filters)


@pytest.mark.parametrize(
    ("option", "value", "problem"),
    [
        ("include", ["port"], f"include: found unknown word 'port'; {EXTRAS}"),
        ("include", "ports", "include: found 'ports'; expected slugs: letters, digits, hyphens and underscores"),
        ("include", [1], "include: found [1]; expected slugs: letters, digits, hyphens and underscores"),
        ("reconcile", -1, "reconcile: found -1; expected a whole number from 0 to 8760"),
        ("reconcile", 8761, "reconcile: found 8761; expected a whole number from 0 to 8760"),
        ("reconcile", None, "reconcile: found None; expected a whole number from 0 to 8760"),
        ("shrink_limit", 101, "shrink_limit: found 101; expected a whole number from 0 to 100"),
        ("shrink_limit", -1, "shrink_limit: found -1; expected a whole number from 0 to 100"),
        ("shrink_limit", False, "shrink_limit: found False; expected a whole number from 0 to 100"),
        ("filters", ["x"], "filters: found ['x']; expected filters under devices, virtual_machines"),
        ("filters", {"device": {}}, "filters: found unknown word 'device'; expected one of devices, virtual_machines"),
        ("filters", {"devices": ["x"]}, "filters.devices: found ['x']; expected values by filter"),
        ("filters", {"devices": None}, "filters.devices: found None; expected values by filter"),
    ],
)
def test_source_options_that_cannot_be(file, option, value, problem):
    assert refusal(file, **{option: value}) == [problem]


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("sites", " Did you mean 'site'?"),
        ("stats", " Did you mean 'status'?"),
        ("tenantgroup", " Did you mean 'tenant_group'?"),
        ("tenent__n", " Did you mean 'tenant'?"),
        ("site__ic", " Did you mean 'site'?"),
        ("q", ""),
        ("cf_", ""),
        ("__n", ""),
    ],
)
def test_an_unknown_filter_is_named_with_the_known_ones(file, name, near):
    problem = f"filters.devices.{name}: found unknown filter {name!r}; {DEVICE_FILTERS}"
    assert filters_refusal(file, devices={name: "x"}) == [problem + ("." + near if near else "")]


def test_a_virtual_machine_has_no_location_and_no_asset_tag(file):
    assert filters_refusal(file, virtual_machines={"location": "x", "asset_tag": "x"}) == [
        f"filters.virtual_machines.location: found unknown filter 'location'; {MACHINE_FILTERS}",
        f"filters.virtual_machines.asset_tag: found unknown filter 'asset_tag'; {MACHINE_FILTERS}",
    ]


@pytest.mark.parametrize(
    ("value", "found"),
    [(None, "None"), ([], "[]"), ("", "''"), (["a", ""], "['a', '']"), (True, "True"), ({"a": "b"}, "{'a': 'b'}")],
)
def test_values_of_a_filter_are_texts(file, value, found):
    assert filters_refusal(file, devices={"site": value}) == [f"filters.devices.site: found {found}; {TEXTS}"]


def test_every_problem_of_a_source_is_told_at_once(file):
    filters = {"devices": {"sit": None}, "machines": {}}
    lines = refusal(file, include=["a", "ports", "b"], filters=filters, reconcile="x", shrink_limit="x")
    assert [line.partition(";")[0] for line in lines] == [
        "include: found unknown word 'a'",
        "include: found unknown word 'b'",
        "filters.devices.sit: found unknown filter 'sit'",
        "filters.devices.sit: found None",
        "filters: found unknown word 'machines'",
        "reconcile: found 'x'",
        "shrink_limit: found 'x'",
    ]


def test_the_roles_of_switches_are_those_of_class_network_and_those_below(tmp_path):
    roles = rows()["dcim.devicerole"]
    roles += [named(9, "core-switch", parent=6), named(10, "kiosk", parent=9), named(11, "printer", parent=10)]
    classes = OPTIONS["classes"] | {"workstation": ["workplace", "kiosk"]}
    assert port_roles(make_config(tmp_path, classes=classes), roles) == (5, 6, 9)


def test_no_role_of_switches(tmp_path):
    config = make_config(tmp_path, classes={"workstation": ["workplace"]})
    assert port_roles(config, rows()["dcim.devicerole"]) == ()


def test_roles_whose_parents_go_round_or_are_not_there(tmp_path):
    roles = [named(1, "a", parent=2), named(2, "b", parent=1), named(3, "access-switch", parent=99)]
    assert port_roles(make_config(tmp_path), roles) == (3,)


def test_filters_go_with_the_hosts_they_are_for():
    query = Query(filters={"dcim.device": {"site": ("a", "b")}}, port_roles=(5, 6))
    assert query.fixed(TABLES["dcim.device"]) == {"site": ("a", "b")}
    assert query.fixed(TABLES["virtualization.virtualmachine"]) == {}
    assert query.fixed(TABLES["dcim.interface"]) == {"device_role_id": ["5", "6"]}
    assert query.fixed(TABLES["ipam.ipaddress"]) == {"assigned_to_interface": "true"}


def test_what_was_not_included_is_neither_asked_for_nor_rendered():
    device = TABLES["dcim.device"]
    plain, full = Query(), Query(frozenset({"config_context", "owner", "device_type"}))
    assert plain.columns(device)["exclude"] == "config_context"
    asked, all_asked = (query.columns(device)["fields"].split(",") for query in (plain, full))
    assert set(all_asked) - set(asked) == {"config_context", "owner", "device_type"}
    assert "exclude" not in full.columns(device)
    assert plain.columns(TABLES["dcim.site"]) == {"fields": "id,name,slug,region,tenant,time_zone,last_updated"}
