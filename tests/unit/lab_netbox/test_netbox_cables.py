"""Cables in the double: their forms, what they do to interfaces, and what NetBox refuses, after NetBox's source."""

from dataclasses import replace

import pytest

from werkplek.lab.estate import embedded, generate
from werkplek.lab.netbox_store import Store
from werkplek.lab.netbox_types import CABLE, TERMINATION
from werkplek.registry.tables import DEVICE, INTERFACE

CABLES, PORTS, LOG = "/api/dcim/cables/", "/api/dcim/interfaces/", "core.objectchange"
END = {"object_type": "dcim.interface"}


def port_of(double, device, name):
    return double.get(PORTS, device=device, name=name).json()["results"][0]


def entries(store):
    return [(row["action"], row["changed_object_type"], row["changed_object_id"]) for row in store.tables[LOG].values()]


def plugged(store, one, two):
    return store.create(CABLE, {"status": "connected", "label": "", "a_terminations": [one], "b_terminations": [two]})


def test_a_port_shows_its_cable_and_both_kinds_of_far_end(double):
    port = port_of(double, "PAP-SW-0001", "TenGigabitEthernet1/1/1")
    assert list(port["cable"]) == ["id", "url", "display", "label", "description"]
    assert (port["cable"]["display"], port["cable_end"], port["_occupied"]) == (f"#{port['cable']['id']}", "A", True)
    assert port["type"] == {"value": "10gbase-x-sfpp", "label": "SFP+ (10GE)"}
    (far,) = port["connected_endpoints"]
    assert list(far) == ["id", "url", "display", "device", "name", "description", "cable", "_occupied"]
    assert (far["device"]["name"], far["name"]) == ("DRS-DSW-0001", "TenGigabitEthernet1/0/3")
    assert port["link_peers"] == port["connected_endpoints"]
    assert port["link_peers_type"] == port["connected_endpoints_type"] == "dcim.interface"
    assert port["connected_endpoints_reachable"] is True
    other = double.get(far["url"]).json()
    assert (other["cable_end"], other["connected_endpoints"][0]["id"]) == ("B", port["id"])


def test_a_port_without_a_cable_shows_nulls(double):
    port = port_of(double, "PAP-SW-0001", "GigabitEthernet1/0/1")
    shown = {name: port[name] for name in ("cable", "cable_end", "connected_endpoints", "connected_endpoints_type")}
    assert set(shown.values()) == {None}
    assert (port["link_peers"], port["link_peers_type"], port["_occupied"]) == ([], None, False)
    assert port["connected_endpoints_reachable"] is None


@pytest.mark.parametrize(
    ("version", "more"), [("4.4.10", []), ("4.5.9", ["profile", "owner"]), ("4.6.8", ["profile", "bundle", "owner"])]
)
def test_a_cable_has_the_columns_of_its_release(start, version, more):
    columns = [
        *("id", "url", "display_url", "display", "type", "a_terminations", "b_terminations", "status", "profile"),
        *("tenant", "bundle", "label", "color", "length", "length_unit", "description", "owner", "comments", "tags"),
        *("custom_fields", "created", "last_updated"),
    ]
    with start(generate(60, 1, version=version)) as double:
        (cable,) = double.get(CABLES, limit=1).json()["results"]
        later = {"profile", "bundle", "owner"} - set(more)
        assert list(cable) == [name for name in columns if name not in later]
        assert cable["status"] == {"value": "connected", "label": "Connected"}
        (end,) = cable["a_terminations"]
        assert (end["object_type"], end["object"]["id"]) == ("dcim.interface", end["object_id"])
        (row,) = double.get("/api/dcim/cable-terminations/", limit=1).json()["results"]
        assert (row["cable"], row["cable_end"], row["termination_id"]) == (cable["id"], "A", end["object_id"])
        assert row["termination"] == end["object"]


def test_a_cable_is_plugged_and_taken_away(double):
    one, two = port_of(double, "PAP-SW-0001", "GigabitEthernet1/0/1"), port_of(double, "PAP-LT-0001", "Ethernet")
    ends = {"a_terminations": [END | {"object_id": one["id"]}], "b_terminations": [END | {"object_id": two["id"]}]}
    made = double.http.post(CABLES, json=ends | {"label": "K12"})
    assert made.status_code == 201, made.text
    cable = made.json()
    assert (cable["display"], cable["b_terminations"][0]["object"]["device"]["name"]) == ("K12", "PAP-LT-0001")
    assert double.get(one["url"]).json()["connected_endpoints"][0]["id"] == two["id"]
    planned = double.http.patch(cable["url"], json={"status": "planned"}).json()
    assert planned["status"]["value"] == "planned"
    assert double.get(one["url"]).json()["connected_endpoints_reachable"] is False
    assert double.http.delete(cable["url"]).status_code == 204
    assert double.get(two["url"]).json() | {"last_updated": two["last_updated"]} == two


def test_what_a_new_cable_saves_and_logs():
    store = Store(embedded())
    one, two = (min(row["id"] for row in store.tables[INTERFACE].values() if row["device"] == at) for at in (40, 1))
    before = {number: store.tables[INTERFACE][number].get("last_updated") for number in (one, two)}
    cable = plugged(store, one, two)["id"]
    first, second = sorted(store.tables[TERMINATION])[-2:]
    assert entries(store) == [
        ("create", CABLE, cable),
        ("create", TERMINATION, first),
        ("update", INTERFACE, one),
        ("create", TERMINATION, second),
        ("update", INTERFACE, two),
    ]
    assert all(store.tables[INTERFACE][number]["last_updated"] != moment for number, moment in before.items())
    assert store.tables[LOG][3]["object_repr"] == "GigabitEthernet1/0/1"
    assert store.tables[LOG][4]["object_repr"] == f"Cable #{cable} to Ethernet"


def test_a_cable_that_goes_saves_no_interface():
    store = Store(embedded())
    ends = [number for side in "AB" for number in store.index.ends[1, side]]
    before = {number: store.tables[INTERFACE][number]["last_updated"] for number in ends}
    store.delete(CABLE, 1)
    assert entries(store) == [("delete", TERMINATION, 1), ("delete", TERMINATION, 2), ("delete", CABLE, 1)]
    assert {number: store.tables[INTERFACE][number]["last_updated"] for number in ends} == before
    assert {store.tables[INTERFACE][number]["cable"] for number in ends} == {None}


def test_an_interface_or_device_that_goes_leaves_a_cable_with_one_end():
    for kind in (INTERFACE, DEVICE):
        store = Store(embedded())
        gone, left = store.index.ends[1, "A"][0], store.index.ends[1, "B"][0]
        store.delete(kind, gone if kind == INTERFACE else store.tables[INTERFACE][gone]["device"])
        assert ("delete", TERMINATION, 1) in entries(store)
        assert 1 in store.tables[CABLE] and (1, "A") not in store.index.ends
        assert store.tables[INTERFACE][left]["cable"] == 1


@pytest.mark.parametrize(
    ("ends", "error"),
    [
        (([], [41]), "Must define A and B terminations when creating a new cable."),
        (([41], [41]), "A and B terminations cannot connect to the same object."),
        (([25], [41]), "Duplicate termination found for dcim.interface 25: cable {cable}"),
        (([41], ["virtual"]), "Cables cannot be terminated to Virtual interfaces"),
    ],
)
def test_cables_that_netbox_refuses(double, ends, error):
    body = {"device": 40, "name": "Vlan490", "type": "virtual"}
    virtual = double.http.post(PORTS, json=body).json()["id"]
    cable = double.store.tables[INTERFACE][25]["cable"]
    sides = [[END | {"object_id": virtual if at == "virtual" else at} for at in side] for side in ends]
    response = double.http.post(CABLES, json=dict(zip(("a_terminations", "b_terminations"), sides, strict=True)))
    assert (response.status_code, response.json()) == (400, {"__all__": [error.format(cable=cable)]})


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "answer"),
    [
        (
            "POST",
            CABLES,
            {"a_terminations": "x"},
            400,
            {"a_terminations": ['Expected a list of items but got type "str".']},
        ),
        (
            *("POST", CABLES, {"a_terminations": [{"object_type": "dcim.frontport", "object_id": 1}]}, 501),
            {"detail": "The lab's NetBox plugs new cables, into interfaces only."},
        ),
        (
            *("PATCH", f"{CABLES}1/", {"a_terminations": []}, 501),
            {"detail": "The lab's NetBox plugs new cables, into interfaces only."},
        ),
        (
            *("POST", CABLES, {"a_terminations": [END | {"object_id": 99999}]}, 500),
            {"error": "Interface matching query does not exist.", "exception": "DoesNotExist"},
        ),
        ("PATCH", f"{CABLES}1/", {"status": "lost"}, 400, {"status": ["lost is not a valid choice."]}),
        (
            "PATCH",
            f"{CABLES}1/",
            {"color": "ff0000"},
            501,
            {"detail": "The lab's NetBox does not write color of dcim.cable."},
        ),
        (
            *("PATCH", "/api/dcim/cable-terminations/1/", {"cable_end": "B"}, 501),
            {"detail": "The lab's NetBox does not write dcim.cabletermination."},
        ),
    ],
)
def test_what_is_no_cable_or_only_netboxs(double, method, path, body, status, answer):
    response = double.http.request(method, path, json=body)
    assert (response.status_code, response.json()) == (status, answer)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 5),
        ("status=connected", 5),
        ("status=planned", 0),
        ("id__gte=4", 2),
        ("label__empty=true", 5),
        ("label=x", 0),
    ],
)
def test_cables_are_filtered(double, query, expected):
    assert double.get(f"{CABLES}?{query}").json()["count"] == expected
    assert double.get(f"{CABLES}?interface_id=1").status_code == 501


def test_a_far_end_that_a_snapshot_keeps_by_name_alone_gets_an_interface(start):
    whole = embedded()
    ports = tuple(port for port in whole.objects.interfaces if port.device != 40)
    with start(replace(whole, objects=replace(whole.objects, interfaces=ports))) as double:
        (port,) = double.get(PORTS, device="PAP-SW-0001").json()["results"]
        (far,) = port["connected_endpoints"]
        assert (port["name"], far["device"]["name"]) == ("TenGigabitEthernet1/1/1", "DRS-DSW-0001")
