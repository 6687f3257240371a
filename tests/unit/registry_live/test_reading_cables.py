"""Where the cables of switches lead, as what changed since the last reading shows it."""

import pytest
from registry_live import running

from werkplek.lab.estate import generate
from werkplek.lab.netbox_types import CABLE, TERMINATION

DEVICE, INTERFACE = "dcim.device", "dcim.interface"


@pytest.fixture
def netbox(netbox):
    """With an entry in its change log: without one, everything is read."""
    netbox.store.update("tenancy.tenantgroup", 1, {"name": "Waard"})
    return netbox


def cabled(store):
    """Ids of the ports at both ends of a cable between switches."""
    ends = store.index.ends
    return ends[1, "A"][0], ends[1, "B"][0]


def foreign(store):
    """Id of an interface of a device whose ports are not read."""
    return next(
        row["id"]
        for row in store.tables[INTERFACE].values()
        if store.tables[DEVICE][row["device"]]["role"] not in (8, 9)
    )


def free(store):
    """Id of a port of a switch without a cable."""
    return next(
        row["id"]
        for row in store.tables[INTERFACE].values()
        if store.tables[DEVICE][row["device"]]["role"] == 8 and row["cable"] is None
    )


def plug(store, one, two, **more):
    store.create(CABLE, {"status": "connected", "label": "", "a_terminations": [one], "b_terminations": [two], **more})


def peer(state, port):
    return state.tables[INTERFACE][port]["peer"]


@pytest.fixture
def plugged(netbox):
    """A switch's port with a cable to a workplace: (the double, the port, the workplace's interface)."""
    port, far = free(netbox.store), foreign(netbox.store)
    plug(netbox.store, port, far)
    return netbox, port, far


def test_a_far_end_of_a_device_without_read_ports_is_known_by_name(plugged):
    netbox, port, far = plugged
    state = netbox.full(("ports",))
    row = netbox.store.tables[INTERFACE][far]
    name = netbox.store.tables[DEVICE][row["device"]]["name"]
    assert peer(state, port) == {"id": far, "name": "Ethernet", "device": row["device"], "device_name": name}
    assert far not in state.tables[INTERFACE]


def test_a_cable_that_is_taken_away_saves_no_port_and_shows(netbox):
    state = netbox.full()
    ends = cabled(netbox.store)
    moments = [netbox.store.tables[INTERFACE][end]["last_updated"] for end in ends]
    assert [peer(state, end)["id"] for end in ends] == [*reversed(ends)]
    netbox.store.delete(CABLE, 1)
    assert [netbox.store.tables[INTERFACE][end]["last_updated"] for end in ends] == moments
    after = netbox.update(state, whole=False)
    assert [peer(after, end) for end in ends] == [None, None]
    assert netbox.bytes(after) == netbox.bytes(netbox.full())


def test_a_new_cable_shows(netbox):
    state = netbox.full()
    port, far = free(netbox.store), foreign(netbox.store)
    plug(netbox.store, port, far)
    after = netbox.update(state, whole=False)
    assert peer(state, port) is None
    assert peer(after, port)["id"] == far
    assert netbox.bytes(after) == netbox.bytes(netbox.full())


@pytest.mark.parametrize("status", ["planned", "decommissioning"])
def test_a_cable_that_is_not_in_place_leads_nowhere(netbox, status):
    state = netbox.full()
    netbox.store.update(CABLE, 1, {"status": status})
    after = netbox.update(state, whole=False)
    assert [peer(after, end) for end in cabled(netbox.store)] == [None, None]
    netbox.store.update(CABLE, 1, {"status": "connected"})
    assert netbox.bytes(netbox.update(after, whole=False)) == netbox.bytes(state)


@pytest.mark.parametrize("kind", ["dcim.frontport", "dcim.rearport", "circuits.circuittermination"])
def test_a_path_that_another_part_of_it_changes_shows(netbox, kind):
    state = netbox.full()
    one, _two = cabled(netbox.store)
    other = free(netbox.store)
    # A patch panel now leads to another port: no cable and no port was saved.
    netbox.store.tables[TERMINATION][2]["termination_id"] = other
    netbox.store.log("update", kind, {"id": 1, "name": "1"}, {"id": 1, "name": "one"})
    netbox.store.put(TERMINATION, netbox.store.tables[TERMINATION][2])
    after = netbox.update(state, whole=False)
    assert peer(after, one)["id"] == other
    assert netbox.bytes(after) == netbox.bytes(netbox.full())


def test_a_port_that_is_deleted_is_no_far_end_any_more(netbox):
    state = netbox.full()
    one, two = cabled(netbox.store)
    netbox.store.delete(INTERFACE, two)
    after = netbox.update(state, whole=False)
    assert peer(after, one) is None
    assert netbox.bytes(after) == netbox.bytes(netbox.full())


def rename(store, kind, number, name, logged):
    store.update(kind, number, {"name": name}, logged=logged)


@pytest.mark.parametrize("logged", [True, False])
def test_a_device_that_is_renamed_is_so_at_the_far_ends_too(plugged, logged):
    netbox, port, far = plugged
    state = netbox.full()
    device = netbox.store.tables[INTERFACE][far]["device"]
    netbox.requests.clear()
    rename(netbox.store, DEVICE, device, "ELDERS", logged)
    after = netbox.update(state)
    assert peer(after, port)["device_name"] == "ELDERS"
    asked = [path for path in netbox.requests if path.startswith("/api/dcim/interfaces/") and "ordering" not in path]
    assert len(asked) == 1
    assert f"id={port}&" in asked[0], "only the ports that lead there are read again"
    assert netbox.bytes(after) == netbox.bytes(netbox.full())


def test_a_device_that_a_filter_leaves_out_is_renamed(plugged):
    netbox, port, far = plugged
    filters = {DEVICE: {"role": ("access-switch", "distribution-switch")}}
    state = netbox.full(filters=filters)
    device = netbox.store.tables[INTERFACE][far]["device"]
    assert device not in state.tables[DEVICE]
    rename(netbox.store, DEVICE, device, "ELDERS", logged=True)
    after = netbox.update(state)
    assert peer(after, port)["device_name"] == "ELDERS"
    assert netbox.bytes(after) == netbox.bytes(netbox.full(filters=filters))


def test_a_far_port_that_is_renamed_is_so_here_too(plugged):
    netbox, port, far = plugged
    state = netbox.full()
    rename(netbox.store, INTERFACE, far, "eno1", logged=True)
    rename(netbox.store, INTERFACE, cabled(netbox.store)[1], "Uplink1", logged=True)
    after = netbox.update(state, whole=False)
    assert peer(after, port)["name"] == "eno1"
    assert peer(after, cabled(netbox.store)[0])["name"] == "Uplink1"
    assert netbox.bytes(after) == netbox.bytes(netbox.full())


def test_cables_are_nothing_to_a_source_without_ports(netbox):
    state = netbox.full(())
    netbox.store.delete(CABLE, 1)
    netbox.requests.clear()
    assert netbox.update(state, whole=False) is state
    assert len(netbox.requests) == 3, "the marks of devices and machines, and the log"


def test_the_cables_of_a_whole_estate_are_read_in_one_stream():
    estate = generate(2000, 4, version="4.6.8")
    with running(estate) as netbox:
        state = netbox.full()
        assert sum(row["peer"] is not None for row in state.tables[INTERFACE].values()) > 200
        known = {port.id: port.peer.id for port in estate.objects.interfaces if port.peer}
        assert {number: row["peer"]["id"] for number, row in state.tables[INTERFACE].items() if row["peer"]} == known


def test_a_role_of_switches_that_goes_away_takes_its_ports_along(netbox):
    """NetBox refuses to filter by a role that it does not have."""
    store = netbox.store
    core = next(row["id"] for row in store.tables[DEVICE].values() if row["role"] == 9)
    store.update(DEVICE, core, {"role": 2})
    state = netbox.full()
    assert state.query.port_roles == (8, 9)
    store.delete("dcim.devicerole", 9)
    after = netbox.update(state)
    assert after.query.port_roles == (8,)
    assert netbox.bytes(after) == netbox.bytes(netbox.full())
