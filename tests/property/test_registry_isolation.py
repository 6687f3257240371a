"""One municipality's rows never show in another's hosts and groups, and the order of rows never shows at all."""

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "registry"))

from registry_estate import config as make_config
from registry_estate import device, rows, snapshot

from werkplek.registry.inventory import compile_inventory

CHANGED, OTHERS = 1, (2, 3)
SLUGS = {2: "hendrik-ido-ambacht", 3: "drechtsteden"}


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return make_config(tmp_path_factory.mktemp("registry"))


def columns(tenant):
    """Columns of a device: good ones, and ones that break the data contract."""
    return st.fixed_dictionaries(
        {
            "tenant": st.just(tenant),
            "status": st.sampled_from(["active", "planned", "offline", ""]),
            "site": st.sampled_from([1, 2, None]),
            "role": st.sampled_from([2, 3, 4, 5, 8]),
            "platform": st.sampled_from([2, 3, 5, 7, 8, None]),
            "cluster": st.sampled_from([1, None]),
            "primary_ip4": st.sampled_from(["10.0.0.1/8", None, "nonsense"]),
            "custom_fields": st.fixed_dictionaries({"update_ring": st.sampled_from(["canary", "broad", None, "a b"])}),
            "serial": st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
        }
    )


def devices(tenant, most=6):
    """Devices of one tenant with names and ids of its own."""

    def numbered(found):
        return [device(tenant * 100 + n, f"HOST-{tenant}-{n}" if n % 5 else None, **row) for n, row in enumerate(found)]

    return st.lists(columns(tenant), max_size=most).map(numbered)


def compiled(config, *lists):
    objects = rows() | {"dcim.device": [row for found in lists for row in found], "virtualization.virtualmachine": []}
    return compile_inventory(snapshot(objects), config)


def share(inventory, tenant):
    """What one municipality has in an inventory, as bytes: its hosts, its group, and its part of every other group."""
    hosts = [host for host in inventory.hosts if host.vars.get("municipality") == SLUGS[tenant]]
    names = {host.name for host in hosts}
    parts = {group.name: [name for name in group.hosts if name in names] for group in inventory.groups}
    own = f"municipality_{SLUGS[tenant].replace('-', '_')}"
    return json.dumps(
        {
            "hosts": [[host.name, host.groups, host.vars] for host in hosts],
            "group": [[group.children, group.hosts] for group in inventory.groups if group.name == own],
            "parts": {name: part for name, part in parts.items() if part},
        }
    ).encode()


@given(before=devices(CHANGED), after=devices(CHANGED), two=devices(2), three=devices(3))
def test_a_change_in_one_municipality_changes_no_byte_of_another(config, before, after, two, three):
    first, second = compiled(config, before, two, three), compiled(config, after, two, three)
    for tenant in OTHERS:
        assert share(first, tenant) == share(second, tenant)


@given(one=devices(1), two=devices(2), data=st.data())
def test_the_order_of_rows_does_not_matter(config, one, two, data):
    objects = rows() | {"dcim.device": one + two}
    shuffled = {name: data.draw(st.permutations(table)) for name, table in objects.items()}
    assert compile_inventory(snapshot(shuffled), config) == compile_inventory(snapshot(objects), config)


@given(found=devices(2, most=12))
def test_every_managed_object_is_one_host_either_grouped_or_quarantined(config, found):
    inventory = compiled(config, found)
    managed = sorted(row["id"] for row in found if row["role"] != 8)
    assert sorted(host.vars["registry"]["id"] for host in inventory.hosts) == managed
    for host in inventory.hosts:
        quarantined = host.groups == ("quarantine",)
        assert quarantined == ("quarantine_reasons" in host.vars)
        assert quarantined != ("ansible_host" in host.vars)
        assert quarantined != (host.vars["workplace_class"] in host.groups)
