"""One municipality's rows never show in another's hosts and groups, and the order of rows never shows at all."""

import json
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "registry"))

from registry_estate import config as make_config
from registry_estate import snapshot
from registry_extras import INCLUDE
from registry_municipalities import NOT_MANAGED, SLUGS, estate, municipality

from werkplek.registry.inventory import compile_inventory
from werkplek.registry.packed import pack

CHANGED, OTHERS = 1, (2, 3)
untimed = settings(deadline=None)
OWN = {
    "compose": {"department": "registry.custom_fields.owner_department", "there": "registry.site is defined"},
    "groups": {"tagged": "'balie' in registry.tags", "planned": "registry.status == 'planned'"},
    "keyed_groups": [
        {"key": "registry.custom_fields.floor", "prefix": "floor", "parent_group": "floors", "default_value": "none"},
        {"key": "municipality", "prefix": "of"},
    ],
}


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return make_config(tmp_path_factory.mktemp("registry"), **OWN)


def compiled(config, *municipalities):
    return compile_inventory(snapshot(estate(*municipalities), include=INCLUDE), config)


def lines(inventory):
    """Each group with all that it lies below."""
    above = {}
    for group in inventory.groups:
        for child in group.children:
            above.setdefault(child, []).append(group.name)

    def line(name):
        return [name, *(further for parent in sorted(above.get(name, ())) for further in line(parent))]

    return {group.name: line(group.name) for group in inventory.groups}


def share(inventory, tenant):
    """What one municipality has in an inventory, as bytes: its hosts, and its part of every group, with its line."""
    mine = [host for host in inventory.hosts if host.vars["registry"]["tenant"] == SLUGS[tenant]]
    names = {host.name for host in mine}
    above = lines(inventory)
    parts = {group.name: [name for name in group.hosts if name in names] for group in inventory.groups}
    own = f"municipality_{SLUGS[tenant].replace('-', '_')}"
    return json.dumps(
        {
            "hosts": [[host.name, host.groups, host.vars] for host in mine],
            "group": [[group.children, group.hosts, above[own]] for group in inventory.groups if group.name == own],
            "parts": {name: [part, above[name]] for name, part in parts.items() if part},
            "usable": inventory.usable[SLUGS[tenant]],
        }
    ).encode()


@untimed
@given(before=municipality(CHANGED), after=municipality(CHANGED), two=municipality(2), three=municipality(3))
def test_a_change_in_one_municipality_changes_no_byte_of_another(config, before, after, two, three):
    first, second = compiled(config, before, two, three), compiled(config, after, two, three)
    for tenant in OTHERS:
        assert share(first, tenant) == share(second, tenant)


@untimed
@given(one=municipality(1), two=municipality(2, most=2))
def test_a_municipality_has_what_it_has_alone(config, one, two):
    assert share(compiled(config, one, two), 1) == share(compiled(config, one), 1)


def rows_of(found):
    return [(kind, row) for kind in ("dcim.device", "virtualization.virtualmachine") for row in found[kind]]


def identities(inventory):
    return [(host.vars["registry"]["type"], host.vars["registry"]["id"]) for host in inventory.hosts]


@untimed
@given(one=municipality(1), data=st.data())
def test_what_is_changed_is_seen(config, one, data):
    """So that equal bytes above mean something."""
    before = compiled(config, one)
    shown = identities(before)
    told = [row for kind, row in rows_of(one) if (kind, row["id"]) in shown]
    assume(told)
    row = data.draw(st.sampled_from(told))
    row["serial"] += "x"
    assert share(compiled(config, one), 1) != share(before, 1)


@untimed
@given(one=municipality(1), two=municipality(2), data=st.data())
def test_the_order_of_rows_does_not_matter(config, one, two, data):
    objects = estate(one, two)
    shuffled = {name: data.draw(st.permutations(table)) for name, table in objects.items()}
    first, second = (compile_inventory(snapshot(made, include=INCLUDE), config) for made in (objects, shuffled))
    assert first == second
    assert pack(first) == pack(second)


@untimed
@given(found=municipality(2, most=12))
def test_every_managed_object_is_one_host_either_grouped_or_quarantined(config, found):
    inventory = compiled(config, found)
    managed = {(kind, row["id"]) for kind, row in rows_of(found) if row["role"] not in NOT_MANAGED}
    told = identities(inventory)
    stacks = {host.vars["registry"]["id"]: host.vars["registry"].get("stack", ()) for host in inventory.hosts}
    members = {("dcim.device", member["id"]) for found in stacks.values() for member in found}
    assert len(told) == len(set(told))
    assert set(told) | (members & managed) == managed
    assert members & set(told) == {("dcim.device", number) for number, found in stacks.items() if found}
    for host in inventory.hosts:
        quarantined = host.groups == ("quarantine",)
        assert quarantined == ("quarantine_reasons" in host.vars)
        assert quarantined != ("ansible_host" in host.vars)
        assert len(host.groups) == len(set(host.groups))
        assert quarantined == (not any(name.startswith("municipality_") for name in host.groups))
