"""What is read after edits is what a full reading gives, byte for byte, whatever the edits were."""

import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "registry_live"))

from registry_live import running

from werkplek.lab.estate import generate
from werkplek.lab.netbox_deletes import ProtectedError
from werkplek.lab.netbox_store import Store

ESTATE = generate(50, 3, version="4.6.8")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
DEVICE, MACHINE = "dcim.device", "virtualization.virtualmachine"
INTERFACE, CABLE = "dcim.interface", "dcim.cable"
# Type -> column -> the type that it refers to, or values to choose from.
EDITS = {
    DEVICE: {
        "name": ["A", "B", "C"],
        "status": ["active", "planned", "offline"],
        "tenant": "tenancy.tenant",
        "site": "dcim.site",
        "role": "dcim.devicerole",
        "platform": "dcim.platform",
        "primary_ip4": "ipam.ipaddress",
        "oob_ip": "ipam.ipaddress",
        "tags": [[], [1], [2, 3]],
    },
    MACHINE: {"name": ["V"], "tenant": "tenancy.tenant", "cluster": "virtualization.cluster"},
    "ipam.ipaddress": {"address": ["10.9.9.9/16", "fd00::9/64"], "dns_name": ["", "x.example"]},
    CABLE: {"status": ["planned", "connected"], "label": ["x"]},
    INTERFACE: {
        "name": ["P", "Q"],
        "description": ["d", "e"],
        "enabled": [True, False],
        "untagged_vlan": "ipam.vlan",
        "tagged_vlans": [[], [1, 2]],
    },
    "tenancy.tenant": {"name": ["T"], "slug": ["t"], "group": "tenancy.tenantgroup"},
    "dcim.site": {"name": ["S"], "slug": ["s"], "region": "dcim.region"},
    "dcim.region": {"name": ["R"]},
    "dcim.location": {"name": ["L"], "site": "dcim.site"},
    "dcim.devicerole": {"name": ["Role"], "slug": ["r", "access-switch"]},
    "dcim.platform": {"name": ["P"], "parent": "dcim.platform"},
    "ipam.vlan": {"vid": [99, 100], "name": ["vlan"]},
    "virtualization.cluster": {"name": ["K"], "site": "dcim.site"},
    "dcim.virtualchassis": {"name": ["VC"]},
    "extras.tag": {"name": ["tag"], "slug": ["tag"]},
    "extras.customfield": {"name": ["field"]},
    "users.owner": {"name": ["owner"]},
    "tenancy.contact": {"name": ["contact"], "email": ["a@example.nl"]},
    "tenancy.contactrole": {"name": ["cr"]},
}


def circular(store, kind, number, column, value):
    """NetBox refuses a row that would be its own ancestor."""
    return column == "parent" and value is not None and number in store.lineage(kind, value)


def edit(store, kind, number, choice, logged):
    column, found = list(EDITS[kind].items())[choice % len(EDITS[kind])]
    if isinstance(found, str):
        ids = sorted(store.tables[found])
        value = ids[choice % len(ids)] if ids else None
    else:
        value = found[choice % len(found)]
    if not circular(store, kind, number, column, value):
        store.update(kind, number, {column: value}, logged=logged)


def plug(store, pick, choice, logged):
    """A new cable between two interfaces that have none, of switches or of other devices."""
    ports = sorted(number for number, row in store.tables[INTERFACE].items() if row["cable"] is None)
    ends = {ports[pick % len(ports)], ports[choice * 7 % len(ports)]} if ports else ()
    if len(ends) > 1:
        one, two = sorted(ends)
        cable = {"status": "connected", "label": "", "a_terminations": [one], "b_terminations": [two]}
        store.create(CABLE, cable, logged=logged)


def act(store, action, kind, pick, choice, logged):
    """One edit of the double's store; what NetBox would refuse is left alone."""
    rows = store.tables[kind]
    if not rows:
        return
    number = sorted(rows)[pick % len(rows)]
    if action == "edit":
        edit(store, kind, number, choice, logged)
    elif action == "plug" and kind == CABLE:
        plug(store, pick, choice, logged)
    elif action == "copy" and kind in (DEVICE, MACHINE, INTERFACE, "extras.tag", "tenancy.tenant", "ipam.vlan"):
        row = {name: value for name, value in rows[number].items() if name not in ("id", "created", "last_updated")}
        own = dict.fromkeys(("virtual_chassis", "primary_ip4", "primary_ip6", "oob_ip", "cable", "cable_end"))
        store.create(kind, row | {name: value for name, value in own.items() if name in row}, logged=logged)
    elif action == "delete" and len(rows) > 1:
        with suppress(ProtectedError):
            store.delete(kind, number, logged=logged)


ACTION = st.tuples(
    st.sampled_from(["edit", "edit", "edit", "copy", "plug", "delete"]),
    st.sampled_from(sorted(EDITS)),
    st.integers(0, 10_000),
    st.integers(0, 50),
)


@pytest.fixture(scope="module")
def netbox():
    with running(ESTATE) as found:
        yield found


def renew(netbox):
    """The estate as it was, with one entry in its change log. The same server answers for all examples."""
    fresh = Store(ESTATE, lambda: NOW)
    netbox.store.__dict__.update(fresh.__dict__)
    netbox.store.update("tenancy.tenantgroup", 1, {"name": "Waard"})
    return netbox.full()


@SLOW
@given(steps=st.lists(st.lists(ACTION, min_size=1, max_size=6), min_size=1, max_size=4))
def test_changes_give_what_a_full_reading_gives(netbox, steps):
    state = renew(netbox)
    for actions in steps:
        for action in actions:
            act(netbox.store, *action, logged=True)
        state = netbox.update(state)
        assert netbox.bytes(state) == netbox.bytes(netbox.full())


@SLOW
@given(steps=st.lists(st.lists(ACTION, min_size=1, max_size=6), min_size=1, max_size=3))
def test_a_quick_look_misses_nothing_that_hosts_show(netbox, steps):
    """Saving a site without a change moves its `last_updated` and is not logged: only a look at all marks sees that."""
    state = renew(netbox)
    for actions in steps:
        for action in actions:
            act(netbox.store, *action, logged=True)
        state = netbox.update(state, whole=False)
        known, present = ({name: undated(rows) for name, rows in s.tables.items()} for s in (state, netbox.full()))
        assert known == present


def undated(rows):
    """A table without the moments of its rows."""
    return {key: {name: value for name, value in row.items() if name != "last_updated"} for key, row in rows.items()}


@SLOW
@given(
    actions=st.lists(ACTION.filter(lambda action: action[1] not in ("dcim.location", "extras.tag", CABLE)), max_size=6),
    skew=st.sampled_from([0, 3600, -3600, 86400]),
)
def test_edits_past_the_change_log_show_too(netbox, actions, skew):
    """What a management command does: rows are saved, nothing is logged; and the server's clock may jump."""
    state = renew(netbox)
    netbox.store.clock.set_by(skew)
    for action in actions:
        act(netbox.store, *action, logged=False)
    state = netbox.update(state)
    assert netbox.bytes(state) == netbox.bytes(netbox.full())


@SLOW
@given(before=st.lists(ACTION, max_size=5), during=st.lists(ACTION, min_size=1, max_size=5), at=st.integers(0, 60))
def test_edits_during_a_reading_are_neither_lost_nor_doubled(netbox, before, during, at):
    """The registry is edited while it is read, at any request; pages are small, so most tables take several."""
    renew(netbox)
    for action in before:
        act(netbox.store, *action, logged=True)
    waiting = list(during)
    count = [0]

    def hook(_path, store):
        count[0] += 1
        if count[0] >= at and waiting:
            act(store, *waiting.pop(), logged=True)

    netbox.hook = hook
    try:
        state = netbox.full(page_size=7)
    finally:
        netbox.hook = None
    for action in waiting:  # the reading was over before these
        act(netbox.store, *action, logged=True)
    assert netbox.bytes(netbox.update(state)) == netbox.bytes(netbox.full())


@SLOW
@given(actions=st.lists(ACTION, min_size=1, max_size=4))
def test_a_change_log_shorter_than_the_gap_is_noticed(netbox, actions):
    state = renew(netbox)
    netbox.store.update("tenancy.tenantgroup", 1, {"name": "Drechtsteden"})
    for action in actions:
        act(netbox.store, *action, logged=True)
    netbox.store.prune_changes(before_id=netbox.store.next_id("core.objectchange"))
    assert netbox.update(state) is None


def test_a_day_of_clock_skew_between_here_and_netbox_does_not_matter(netbox):
    state = renew(netbox)
    netbox.store.clock.set_by(-timedelta(days=1).total_seconds())
    act(netbox.store, "edit", DEVICE, 5, 0, logged=True)
    state = netbox.update(state)
    assert netbox.bytes(state) == netbox.bytes(netbox.full())
