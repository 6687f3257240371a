"""What is different between two inventories, on inventories made by hand."""

from dataclasses import replace

import pytest

from werkplek.registry.difference import MISSING, Change, Kind, Seen, difference
from werkplek.registry.hosts import Group, Host, Inventory

GROUPS = {"windows": ["platform_11"], "zuid": ["site_a"], "noord": ["site_b"]}


def host(number, name, municipality="papendrecht", groups=("site_a",), record=None, kind="dcim.device", **variables):
    place = {} if municipality is None else {"municipality": municipality}
    address = f"https://netbox.example/{kind}/{number}/"
    fixed = {"id": number, "type": kind, "url": address, "name": name, "tenant": municipality, "last_updated": "1"}
    return Host(name, tuple(groups), {"registry": fixed | (record or {}), **place, **variables})


def quarantined(number, name, *reasons, **more):
    return host(number, name, groups=("quarantine",), quarantine_reasons=list(reasons), **more)


def inventory(*hosts, usable=("papendrecht", "zwijndrecht"), children=None):
    known = children or GROUPS
    names = {name for found in hosts for name in found.groups} | {
        *known,
        *(n for below in known.values() for n in below),
    }
    groups = tuple(Group(name, tuple(known.get(name, ())), ()) for name in sorted(names))
    return Inventory("https://netbox.example/", "now", groups, hosts, 0, dict.fromkeys(usable, 0), ())


def compared(before, after):
    """Kinds, changes, groups left and joined of the only host that differs."""
    (found,) = difference(inventory(before), inventory(after)).hosts
    return list(found.kinds), list(found.changes), list(found.left), list(found.joined)


def test_equal_inventories():
    found = difference(inventory(host(1, "A")), inventory(host(1, "A")))
    assert found.equal
    assert found.hosts == ()
    assert [(part.municipality, part.before, part.after) for part in found.municipalities] == [
        ("papendrecht", 1, 1),
        ("zwijndrecht", 0, 0),
    ]


def test_when_it_was_saved_and_where_the_registry_lives_are_no_difference():
    after = host(1, "A", record={"last_updated": "2", "url": "https://elsewhere.example/1/"})
    assert difference(inventory(host(1, "A")), inventory(after)).equal


def switch(name="A", **more):
    port = {"id": 5, "name": "Gi1/0/1", "url": "https://netbox.example/dcim/interfaces/5/", "peer": None} | more
    return host(1, name, switch_ports=[port])


def test_where_a_ports_page_lives_is_no_difference():
    after = switch(url="https://elsewhere.example/dcim/interfaces/5/")
    assert difference(inventory(switch()), inventory(after)).equal


def test_where_a_ports_cable_leads_is_one():
    peer = {"device": "B", "device_id": 2, "port": "Gi1/0/2"}
    _kinds, (change,), *_groups = compared(switch(), switch(peer=peer))
    assert (change.variable, change.before, change.after) == ('switch_ports["Gi1/0/1"].peer', None, peer)
    _kinds, (change,), *_groups = compared(switch(peer=peer), switch(peer=peer | {"device": "C"}))
    assert (change.variable, change.before, change.after) == ('switch_ports["Gi1/0/1"].peer.device', "B", "C")


def test_added_and_removed():
    found = difference(
        inventory(host(2, "B")), inventory(host(1, "A"), host(2, "B", kind="virtualization.virtualmachine"))
    )
    assert [(each.type, each.id, each.before, each.after, *each.kinds) for each in found.hosts] == [
        ("dcim.device", 1, None, Seen("A", "papendrecht", ()), Kind.ADDED),
        ("dcim.device", 2, Seen("B", "papendrecht", ()), None, Kind.REMOVED),
        ("virtualization.virtualmachine", 2, None, Seen("B", "papendrecht", ()), Kind.ADDED),
    ]
    papendrecht = found.municipalities[0]
    assert [papendrecht.count(kind) for kind in Kind] == [2, 1, 0, 0, 0, 0, 0]
    assert not found.equal


def test_a_move_is_under_both_municipalities_and_says_what_follows_from_it_once():
    before = host(1, "A", groups=("municipality_papendrecht", "site_a"))
    after = host(1, "A", "zwijndrecht", groups=("municipality_zwijndrecht", "site_a"))
    assert compared(before, after) == ([Kind.MOVED], [], [], [])
    found = difference(inventory(before), inventory(after))
    assert [(part.before, part.after, part.count(Kind.MOVED)) for part in found.municipalities] == [
        (1, 0, 1),
        (0, 1, 1),
    ]


def test_what_else_befell_a_host_that_moved_counts_where_it_is_now():
    found = difference(inventory(host(1, "A", x=1)), inventory(host(1, "B", "zwijndrecht", x=2)))
    assert [
        [part.count(kind) for kind in (Kind.MOVED, Kind.RENAMED, Kind.CHANGED)] for part in found.municipalities
    ] == [
        [1, 0, 0],
        [1, 1, 1],
    ]


def test_out_of_every_municipality_the_tenant_is_told():
    after = quarantined(1, "A", "no tenant", municipality=None)
    kinds, changes, left, joined = compared(host(1, "A"), after)
    assert (kinds, left, joined) == ([Kind.MOVED, Kind.QUARANTINED, Kind.CHANGED], [], [])
    assert changes == [Change("registry.tenant", "papendrecht", None)]
    parts = difference(inventory(host(1, "A")), inventory(after)).municipalities
    assert [(part.municipality, part.before, part.after) for part in parts] == [
        ("papendrecht", 1, 0),
        ("zwijndrecht", 0, 0),
        (None, 0, 1),
    ]


def test_a_new_name_is_told_once():
    assert compared(host(1, "A"), host(1, "B")) == ([Kind.RENAMED], [], [], [])


def test_another_name_in_the_registry_alone_is_a_change():
    before, after = (quarantined(1, "unnamed-device-1", "r", record={"name": name}) for name in ("a b", "a c"))
    assert compared(before, after) == ([Kind.CHANGED], [Change("registry.name", "a b", "a c")], [], [])


def test_into_and_out_of_quarantine_tells_what_it_has_in_both():
    sound = host(1, "A", record={"ring": "broad"}, ansible_host="10.0.0.1", added_by_compose=1)
    broken = quarantined(1, "A", "no update ring", record={"ring": None})
    change = Change("registry.ring", "broad", None)
    assert compared(sound, broken) == ([Kind.QUARANTINED, Kind.CHANGED], [change], [], [])
    change = Change("registry.ring", None, "broad")
    assert compared(broken, sound) == ([Kind.RELEASED, Kind.CHANGED], [change], [], [])


def test_other_reasons_in_quarantine_are_a_change():
    change = Change("quarantine_reasons", ["one"], ["one", "two"])
    assert compared(quarantined(1, "A", "one"), quarantined(1, "A", "one", "two")) == ([Kind.CHANGED], [change], [], [])


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, [Change("x.b", 2, 3)]),
        ({"a": None}, {}, [Change("x.a", None, MISSING)]),
        ({}, {"ntp.servers": []}, [Change('x["ntp.servers"]', MISSING, [])]),
        ({'"\x1b': 1}, {'"\x1b': 2}, [Change('x["\\"\\u001b"]', 1, 2)]),
        ({"a": {}}, {"a": None}, [Change("x.a", {}, None)]),
        (["a"], ["a", "b"], [Change("x", ["a"], ["a", "b"])]),
        ([{"name": "p1", "vid": 1}], [{"name": "p1", "vid": 2}], [Change('x["p1"].vid', 1, 2)]),
        ([], [{"name": "p1"}], [Change('x["p1"]', MISSING, {"name": "p1"})]),
        ([{"name": "p"}] * 2, [{"name": "p"}], [Change("x", [{"name": "p"}] * 2, [{"name": "p"}])]),
        ([{"vid": 1}], [{"vid": 2}], [Change("x", [{"vid": 1}], [{"vid": 2}])]),
    ],
)
def test_changes_of_a_variable(before, after, changes):
    assert compared(host(1, "A", x=before), host(1, "A", x=after)) == ([Kind.CHANGED], changes, [], [])


def test_groups_above_a_hosts_own_count():
    before, after = host(1, "A"), host(1, "A", groups=("site_b", "platform_11"))
    left, joined = ["site_a", "zuid"], ["noord", "platform_11", "site_b", "windows"]
    assert compared(before, after) == ([Kind.CHANGED], [], left, joined)


def test_a_group_that_moves_changes_the_hosts_below_it():
    moved = {"noord": ["site_a", "site_b"], "zuid": [], "windows": ["platform_11"]}
    (found,) = difference(inventory(host(1, "A")), inventory(host(1, "A"), children=moved)).hosts
    assert (found.left, found.joined) == (("zuid",), ("noord",))


def test_a_circle_of_groups_ends():
    circle = inventory(host(1, "A"), children={"site_a": ["zuid"], "zuid": ["site_a"]})
    assert difference(circle, circle).equal


def test_a_municipality_that_came_or_went_without_hosts_is_a_difference():
    with_it, without = inventory(), inventory(usable=("papendrecht",))
    assert not difference(with_it, without).equal
    parts = difference(without, with_it).municipalities
    assert [(part.municipality, part.before, part.after, part.equal) for part in parts] == [
        ("papendrecht", 0, 0, True),
        ("zwijndrecht", None, 0, False),
    ]


def test_hosts_are_sorted_whatever_their_order():
    hosts = [host(1, "B"), host(2, "A"), host(3, "C")]
    found = difference(inventory(), inventory(*hosts))
    assert [each.last.name for each in found.hosts] == ["A", "B", "C"]
    assert difference(inventory(), replace(inventory(*hosts), hosts=tuple(hosts[::-1]))) == found
