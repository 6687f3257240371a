"""In which order switches are changed, and which never at the same time."""

import pytest
from network_samples import wired

from werkplek.network.order import order
from werkplek.network.topology import topology


def batches(pairs, rings=None, chosen=None, **options):
    found = topology(wired(*pairs))
    names = chosen if chosen is not None else list(found.links)
    return order(names, rings or {}, found, **options).batches


def test_access_goes_before_distribution_and_what_is_furthest_out_first():
    assert batches([("P2", "P1"), ("P1", "D1"), ("P3", "D1")]) == (("P2",), ("P1", "P3"), ("D1",))


def test_canary_goes_before_pilot_before_broad_before_what_has_no_ring():
    rings = {"P1": "broad", "P2": "canary", "P3": "pilot", "P5": "canary"}
    pairs = [(name, "D1") for name in ("P1", "P2", "P3", "P4", "P5")]
    assert batches(pairs, rings) == (("P2", "P5"), ("P3",), ("P1",), ("P4",), ("D1",))


def test_access_of_ring_broad_goes_before_a_canary_that_it_hangs_from():
    assert batches([("P1", "D1")], {"P1": "broad", "D1": "canary"}) == (("P1",), ("D1",))


def test_two_with_a_cable_between_them_are_never_in_one_batch():
    assert batches([("P1", "D1"), ("P2", "D1"), ("P1", "P2")]) == (("P1",), ("P2",), ("D1",))
    assert batches([("D1", "D2")]) == (("D1",), ("D2",))


def test_both_ways_of_a_third_are_never_in_one_batch():
    assert batches([("P1", "D1"), ("P1", "D2")]) == (("P1",), ("D1",), ("D2",))
    assert batches([("P3", "P1"), ("P3", "P2"), ("P1", "D1"), ("P2", "D1")]) == (("P3",), ("P1",), ("P2",), ("D1",))


def test_not_more_at_once_than_said():
    pairs = [(f"P{number}", "D1") for number in range(1, 6)]
    assert batches(pairs, at_once=2) == (("P1", "P2"), ("P3", "P4"), ("P5",), ("D1",))
    assert [len(batch) for batch in batches([(f"P{number:02}", "D1") for number in range(45)])] == [20, 20, 5, 1]


def test_a_batch_is_as_large_as_it_may_be():
    assert batches([("P1", "D1"), ("P2", "D1"), ("S1", "D2"), ("S2", "D2")]) == (("P1", "P2", "S1", "S2"), ("D1", "D2"))


def test_only_the_chosen_are_in_it_and_each_waits_for_those_behind_it_among_them():
    found = topology(wired(("P2", "P1"), ("P1", "D1"), ("P3", "D1")))
    made = order(["D1", "P2"], {}, found)
    assert made.batches == (("P2",), ("D1",))
    assert made.after == {"D1": ("P2",), "P2": ()}
    assert order(list(found.links), {}, found).after == {"D1": ("P1", "P2", "P3"), "P1": ("P2",), "P2": (), "P3": ()}


def test_of_nobody_there_is_no_batch():
    assert batches([("P1", "D1")], chosen=[]) == ()


@pytest.mark.parametrize(
    ("pairs", "depth"),
    [
        ([("P1", "D1"), ("P2", "P1")], {"D1": 0, "P1": 1, "P2": 2}),
        ([("P1", "D1"), ("P1", "D2"), ("D1", "D2")], {"D1": 0, "D2": 0, "P1": 1}),
        ([("P1", "P2"), ("P2", "P3")], {"P1": 1, "P2": 0, "P3": 1}),
        ([("P1", "D1"), ("S1", "S2"), ("S2", "S3")], {"D1": 0, "P1": 1, "S1": 1, "S2": 0, "S3": 1}),
    ],
)
def test_distance_is_counted_from_the_distribution_switches_in_each_part_of_the_network(pairs, depth):
    assert topology(wired(*pairs)).depth == depth


def test_behind_a_switch_is_what_is_reached_through_it_and_itself():
    found = topology(wired(("P2", "P1"), ("P1", "D1"), ("P3", "D1"), ("P3", "D2")))
    assert found.behind == {
        "D1": {"D1", "P1", "P2", "P3"},
        "D2": {"D2", "P3"},
        "P1": {"P1", "P2"},
        "P2": {"P2"},
        "P3": {"P3"},
    }
    assert found.links["P3"] == {"D1", "D2"}
