"""What a filter means is what it means to NetBox, so that a row that arrives can be checked."""

import pytest
from registry_estate import SOURCE, UPDATED, device, machine, named, rows, whole
from registry_refusals import refusal_of

from werkplek.registry.filters import check_arrival, fitting
from werkplek.registry.query import Query
from werkplek.registry.state import by_id
from werkplek.registry.tables import TABLES

DEVICE, MACHINE = "dcim.device", "virtualization.virtualmachine"
NOT_KEPT = "NetBox did not keep to the filters; no host was taken from it"
UNKNOWN = "NetBox does not know this filter, or the registry changed: take it out, or run again."


def field(number, name, kind, choice_set=None):
    return {"id": number, "name": name, "type": kind, "choice_set": choice_set, "last_updated": UPDATED}


def choices(number, *extra, base=None):
    return {"id": number, "name": "x", "base_choices": base, "extra_choices": list(extra), "last_updated": UPDATED}


def tables_of(devices=(), machines=()):
    objects = rows() | {DEVICE: list(devices), MACHINE: list(machines)}
    objects["tenancy.tenantgroup"].append(named(3, "eiland", parent=1))
    objects["tenancy.tenant"][1]["group"] = 3
    objects["dcim.location"].append(named(2, "hoek", site=1, parent=1))
    objects["dcim.devicerole"].append(named(9, "kiosk", parent=3))
    objects["extras.tag"] += [named(2, "kiosk"), named(3, "oud")]
    kinds = ["longtext", "url", "integer", "boolean", "multiselect", "object", "date", "select"]
    objects["extras.customfield"] += [field(10 + at, f"a_{kind}", kind) for at, kind in enumerate(kinds)]
    objects["extras.customfield"][-1]["choice_set"] = 2
    objects["extras.customfieldchoiceset"].append(choices(2, "x", base="IATA"))
    return {name: by_id(found) for name, found in whole(objects).items()}


def kept(object_type, filters, row):
    """Whether a host that arrived without the filters is within them."""
    hosts = {"devices": [row]} if object_type == DEVICE else {"machines": [row]}
    tables = tables_of(**hosts)
    query = Query(filters={object_type: {name: tuple(values) for name, values in filters.items()}})
    found = fitting(TABLES[object_type], query, tables[object_type], {row["id"]}, tables)
    if found:
        check_arrival(query, tables, SOURCE)
    else:
        assert refusal_of(check_arrival, query, tables, SOURCE)[0] == NOT_KEPT
    return bool(found)


LAPTOP = {"name": "A", "serial": "SN-a", "asset_tag": "A1", "role": 2, "tags": [1, 2]}

# Filter, values, columns of a device: those that are within the filter, and those that are not.
MEANINGS = [
    ("site", ["pap-stadhuis"], {"site": 1}, {"site": 2}),
    ("site", ["pap-stadhuis", "hia-raadhuis"], {"site": 2}, {"site": None}),
    ("region", ["eiland"], {"site": 1}, {"site": None}),
    ("region", ["zuid-holland"], {"site": 2}, {"site": None}),
    ("location", ["balie"], {"location": 1}, {"location": None}),
    ("location", ["balie"], {"location": 2}, {"location": None}),
    ("location", ["hoek"], {"location": 2}, {"location": 1}),
    ("tenant", ["papendrecht"], {"tenant": 1}, {"tenant": 2}),
    ("tenant", ["papendrecht"], {"tenant": 1}, {"tenant": None}),
    ("tenant_group", ["drechtsteden"], {"tenant": 1}, {"tenant": 4}),
    ("tenant_group", ["drechtsteden"], {"tenant": 2}, {"tenant": None}),
    ("tenant_group", ["eiland"], {"tenant": 2}, {"tenant": 1}),
    ("role", ["workplace"], {"role": 1}, {"role": 4}),
    ("role", ["workplace"], {"role": 9}, {"role": None}),
    ("role", ["laptop", "kiosk"], {"role": 9}, {"role": 3}),
    ("platform", ["windows"], {"platform": 2}, {"platform": 5}),
    ("platform", ["windows-11"], {"platform": 2}, {"platform": 1}),
    ("name", ["PAP-LT-1"], {"name": "PAP-LT-1"}, {"name": "PAP-LT-11"}),
    ("name", ["pap-lt-1"], {"name": "PAP-LT-1"}, {"name": None}),
    ("name", ["A", "b"], {"name": "B"}, {"name": "C"}),
    ("serial", ["sn-A"], {"serial": "SN-a"}, {"serial": ""}),
    ("asset_tag", ["A1"], {"asset_tag": "A1"}, {"asset_tag": "a1"}),
    ("asset_tag", ["A1"], {"asset_tag": "A1"}, {"asset_tag": None}),
    ("status", ["active", "planned"], {"status": "planned"}, {"status": "offline"}),
    ("tag", ["balie"], {"tags": [1, 2]}, {"tags": [2]}),
    ("tag", ["balie", "kiosk"], {"tags": [2, 1, 3]}, {"tags": [1, 3]}),
    ("tag", ["balie", "balie"], {"tags": [1]}, {"tags": []}),
]
# What `not` means of it, where that is more than the opposite.
NEGATED = [
    ("name__n", ["PAP-LT-1"], {"name": "pap-lt-1"}, {"name": "PAP-LT-1"}),
    ("serial__n", ["SN-a"], {"serial": "sn-A"}, {"serial": "SN-a"}),
    ("tag__n", ["balie", "kiosk"], {"tags": [3]}, {"tags": [1, 2]}),
    ("tag__n", ["balie", "kiosk"], {"tags": []}, {"tags": [1]}),
]
# Custom fields by their type.
CUSTOM = [
    ("cf_owner_department", ["domein"], "Sociaal Domein", "ICT"),
    ("cf_owner_department", ["ict", "domein"], "ICT", None),
    ("cf_a_longtext", ["VLOER"], "een vloer", ""),
    ("cf_a_url", ["intern"], "https://intern.example", "https://x"),
    ("cf_update_ring", ["broad"], "broad", "canary"),
    ("cf_update_ring", ["broad", "canary"], "canary", None),
    ("cf_update_ring", ["broad"], "broad", "broader"),
    ("cf_a_select", ["AMS"], "AMS", "ams"),
    ("cf_a_integer", ["3"], 3, 33),
    ("cf_a_integer", ["0"], 0, None),
    ("cf_a_boolean", ["true"], True, False),
    ("cf_a_boolean", ["False"], False, None),
    ("cf_a_multiselect", ["x"], ["y", "x"], ["xy"]),
    ("cf_a_multiselect", ["x", "y"], ["y"], []),
    ("cf_a_object", ["7"], 7, 77),
    ("cf_a_date", ["2026-11-23"], "2026-11-23", "2026-11-24"),
]


@pytest.mark.parametrize(("name", "values", "inside", "outside"), [*MEANINGS, *NEGATED])
def test_each_filter_of_devices(name, values, inside, outside):
    assert kept(DEVICE, {name: values}, device(7, **LAPTOP | inside))
    assert not kept(DEVICE, {name: values}, device(7, **LAPTOP | outside))


@pytest.mark.parametrize(("name", "values", "inside", "outside"), MEANINGS)
def test_each_filter_negated(name, values, inside, outside):
    if name in ("name", "serial"):
        inside = {name: values[0]}
    if values == ["balie", "kiosk"]:
        outside = {"tags": [3]}
    assert not kept(DEVICE, {f"{name}__n": values}, device(7, **LAPTOP | inside))
    assert kept(DEVICE, {f"{name}__n": values}, device(7, **LAPTOP | outside))


@pytest.mark.parametrize(("name", "values", "inside", "outside"), CUSTOM)
def test_each_type_of_custom_field(name, values, inside, outside):
    base = name.removeprefix("cf_")
    assert kept(DEVICE, {name: values}, device(7, "A", custom_fields={base: inside}))
    for fields in ({base: outside}, {}):
        assert not kept(DEVICE, {name: values}, device(7, "A", custom_fields=fields))


LOOSE = {"cf_owner_department": (2, "text"), "cf_a_longtext": (10, "longtext"), "cf_a_url": (11, "url")}


@pytest.mark.parametrize(("name", "values", "inside", "outside"), [row for row in CUSTOM if row[0] not in LOOSE])
def test_each_type_of_custom_field_negated(name, values, inside, outside):
    base = name.removeprefix("cf_")
    assert not kept(DEVICE, {f"{name}__n": values}, device(7, "A", custom_fields={base: inside}))
    for fields in ({base: outside}, {}):
        assert kept(DEVICE, {f"{name}__n": values}, device(7, "A", custom_fields=fields))


@pytest.mark.parametrize("name", LOOSE)
def test_a_filter_that_matches_a_part_of_a_text_has_no_negation(name):
    number, kind = LOOSE[name]
    query = Query(filters={MACHINE: {f"{name}__n": ("x",)}})
    assert refusal_of(check_arrival, query, tables_of(), SOURCE) == (
        NOT_KEPT,
        [
            f"{SOURCE}extras/custom-fields/{number}/: found filter '{name}__n' for virtual_machines; expected a filter "
            f"without __n: NetBox has none for a field of type {kind}"
        ],
    )


MACHINE_MEANINGS = [
    ("site", ["hia-raadhuis"], {"site": 2}, {"site": 1}),
    ("region", ["eiland"], {"site": 2}, {"site": None}),
    ("tenant_group", ["drechtsteden"], {"tenant": 2}, {"tenant": 4}),
    ("role", ["workplace"], {"role": 9}, {"role": 7}),
    ("platform", ["windows"], {"platform": 3}, {"platform": 5}),
    ("name", ["pap-vd-1"], {"name": "PAP-VD-1"}, {"name": "PAP-VD-2"}),
    ("serial", ["SN1"], {"serial": "SN1"}, {"serial": "sn1"}),
    ("status", ["active"], {"status": "active"}, {"status": "offline"}),
    ("tag", ["balie"], {"tags": [1]}, {"tags": [2]}),
    ("cf_update_ring", ["broad"], {"custom_fields": {"update_ring": "broad"}}, {"custom_fields": {}}),
]


@pytest.mark.parametrize(("name", "values", "inside", "outside"), MACHINE_MEANINGS)
def test_each_filter_of_virtual_machines(name, values, inside, outside):
    assert kept(MACHINE, {name: values}, machine(7, **{"name": "A"} | inside))
    assert not kept(MACHINE, {name: values}, machine(7, **{"name": "A"} | outside))


def test_several_filters_must_all_fit():
    filters = {"role": ["workplace"], "status__n": ["offline"], "tag": ["balie"]}
    assert kept(DEVICE, filters, device(7, "A", tags=[1]))
    for outside in ({"role": 4}, {"status": "offline"}, {"tags": []}):
        assert not kept(DEVICE, filters, device(7, "A", **{"tags": [1]} | outside))


def test_filters_are_for_the_hosts_they_are_for():
    query = Query(filters={DEVICE: {"role": ("kiosk",)}})
    tables = tables_of(machines=[machine(1, "A")])
    check_arrival(query, tables, SOURCE)
    assert fitting(TABLES[MACHINE], query, tables[MACHINE], {1}, tables) == tables[MACHINE]


def test_only_what_arrived_is_looked_at_again():
    """What was there before came by way of the filters."""
    query = Query(filters={DEVICE: {"role": ("kiosk",)}})
    tables = tables_of([device(1, "A"), device(2, "B"), device(3, "C", role=9)])
    assert sorted(fitting(TABLES[DEVICE], query, tables[DEVICE], {2, 3}, tables)) == [1, 3]


def test_a_host_outside_a_filter_is_named_with_its_url():
    filters = {DEVICE: {"role": ("kiosk",), "status__n": ("planned", "offline")}, MACHINE: {"tag": ("oud",)}}
    devices = [device(4, "A", role=9), device(5, "B"), device(6, "C"), device(7, "D", role=9, status="offline")]
    tables = tables_of(devices, [machine(3, "E")])
    assert refusal_of(check_arrival, Query(filters=filters), tables, SOURCE) == (
        NOT_KEPT,
        [
            f"{SOURCE}dcim/devices/5/: found a host outside the filter 'role'; expected only hosts with role = kiosk. "
            f"{UNKNOWN}",
            f"{SOURCE}dcim/devices/7/: found a host outside the filter 'status__n'; expected only hosts with "
            f"status__n = planned, offline. {UNKNOWN}",
            f"{SOURCE}virtualization/virtual-machines/3/: found a host outside the filter 'tag'; expected only hosts "
            f"with tag = oud. {UNKNOWN}",
        ],
    )


def test_a_custom_field_that_does_not_exist():
    query = Query(filters={DEVICE: {"cf_ring": ("broad",), "cf_rng__n": ("x",)}})
    tables = tables_of()
    known = (
        "a_boolean, a_date, a_integer, a_longtext, a_multiselect, a_object, a_select, a_url, owner_department, "
        "update_ring"
    )
    assert refusal_of(check_arrival, query, tables, SOURCE) == (
        NOT_KEPT,
        [
            f"{SOURCE}extras/custom-fields/: found no custom field for filter {name!r}; expected one of {known}"
            for name in ("cf_ring", "cf_rng__n")
        ],
    )


def test_a_value_that_is_no_choice_of_its_field():
    filters = {DEVICE: {"cf_update_ring": ("broad", "brod")}, MACHINE: {"cf_update_ring__n": ("Canary",)}}
    assert refusal_of(check_arrival, Query(filters=filters), tables_of(), SOURCE) == (
        NOT_KEPT,
        [
            f"{SOURCE}extras/custom-field-choice-sets/1/: found cf_update_ring = 'brod' for devices; expected one of "
            "canary, broad",
            f"{SOURCE}extras/custom-field-choice-sets/1/: found cf_update_ring__n = 'Canary' for virtual_machines; "
            "expected one of canary, broad",
        ],
    )


def test_choices_that_are_not_all_known_are_not_checked():
    query = Query(filters={DEVICE: {"cf_a_select": ("anything",), "cf_a_integer": ("7",)}})
    check_arrival(query, tables_of(), SOURCE)


def test_an_empty_answer_is_within_every_filter():
    names = ["site", "region", "location", "tenant", "tenant_group", "role", "platform", "name", "tag", "status"]
    check_arrival(Query(filters={DEVICE: dict.fromkeys(names, ("none",))}), tables_of(), SOURCE)
