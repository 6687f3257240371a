"""Handing hosts to Ansible is what its own methods would do, also where several sources have the same groups."""

import pytest
from ansible.inventory.data import InventoryData
from registry_estate import config, device, machine, rows, snapshot, with_devices
from registry_extras import INCLUDE, extra_rows

from werkplek.registry.door import fill
from werkplek.registry.inventory import compile_inventory


def by_ansibles_own_methods(inventory, compiled):
    for group in compiled.groups:
        inventory.add_group(group.name)
    for group in compiled.groups:
        for child in group.children:
            inventory.add_child(group.name, child)
    for host in compiled.hosts:
        inventory.add_host(host.name)
        for group in host.groups:
            inventory.add_child(group, host.name)
        record = {**host.vars["registry"], "fetched_at": compiled.fetched_at}
        for name, value in {**host.vars, "registry": record}.items():
            inventory.set_variable(host.name, name, value)


def told(inventory):
    """Everything that Ansible later asks an inventory for."""
    inventory.reconcile_inventory()
    hosts = {name: (host.vars, sorted(group.name for group in host.groups)) for name, host in inventory.hosts.items()}
    groups = {
        name: (
            sorted(host.name for host in group.hosts),
            sorted(host.name for host in group.get_hosts()),
            sorted(group.host_names),
            sorted(child.name for child in group.child_groups),
            sorted(parent.name for parent in group.parent_groups),
            group.depth,
        )
        for name, group in inventory.groups.items()
    }
    assert all(inventory.hosts[host.name] is host for group in inventory.groups.values() for host in group.hosts)
    return hosts, groups, inventory.get_groups_dict()


def small(folder, **options):
    return compile_inventory(snapshot(rows()), config(folder, **options))


def large(folder, **options):
    return compile_inventory(snapshot(extra_rows(), include=INCLUDE), config(folder, **options))


def others(folder, **options):
    objects = with_devices(device(1, "PAP-LT-001", serial="other"), device(50, "PAP-LT-050", site=2, location=None))
    objects["virtualization.virtualmachine"] = [machine(1, "PAP-VD-001", role=4), machine(2, None, role=4)]
    return compile_inventory(snapshot(objects), config(folder, **options))


def static(inventory):
    """A source of another plugin."""
    for group in ("windows", "mine"):
        inventory.add_group(group)
    inventory.add_child("mine", "windows")
    inventory.add_host("MINE-1", "windows")
    inventory.add_host("PAP-LT-001", "mine")
    inventory.set_variable("PAP-LT-001", "kept", 1)
    inventory.set_variable("PAP-LT-001", "registry", {"gone": 1})


@pytest.mark.parametrize("sources", [(small,), (large,), (small, others), (others, small), (large, small, others)])
@pytest.mark.parametrize("before", [False, True])
def test_it_is_what_ansibles_own_methods_would_do(tmp_path, sources, before):
    ours, theirs = InventoryData(), InventoryData()
    for inventory, add in ((ours, fill), (theirs, by_ansibles_own_methods)):
        if before:
            inventory.current_source = str(tmp_path / "hosts.yml")
            static(inventory)
        for number, source in enumerate(sources):
            inventory.current_source = str(tmp_path / f"{number}.registry.yml")
            add(inventory, source(tmp_path))
    assert told(ours) == told(theirs)


def test_a_second_source_takes_no_host_out_of_a_group(tmp_path):
    inventory = InventoryData()
    for source in (small, others):
        inventory.current_source = str(tmp_path / f"{source.__name__}.registry.yml")
        fill(inventory, source(tmp_path))
    names = [host.name for host in inventory.groups["municipality_papendrecht"].get_hosts()]
    assert names == ["PAP-BALIE-001", "PAP-LT-001", "PAP-SW-1", "PAP-LT-050", "PAP-VD-001"]
    assert inventory.hosts["PAP-LT-001"].vars["registry"]["serial"] == "other"


def test_hosts_that_come_afterwards_are_in_a_group_once(tmp_path):
    inventory = InventoryData()
    fill(inventory, small(tmp_path))
    for _turn in range(2):
        inventory.add_host("PAP-LT-001", "windows")
        inventory.add_host("LATER", "platform_windows_11")
    assert [host.name for host in inventory.groups["windows"].hosts] == ["PAP-LT-001"]
    assert [host.name for host in inventory.groups["platform_windows_11"].hosts] == [
        "HIA-LT-001",
        "PAP-LT-001",
        "LATER",
    ]
