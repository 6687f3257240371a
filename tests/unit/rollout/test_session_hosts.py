"""Session hosts: the wrong image, who may leave a cluster, and the order of a run."""

import pytest
from hypothesis import given, strategies

from werkplek.rollout.session_hosts import (
    Candidate,
    Leave,
    Member,
    batches,
    cluster_members,
    image_problem,
    leave_problem,
    member,
)

URL = "https://netbox.example/dcim/devices/7/"


def record(version):
    return {"url": URL, "name": "DRS-VL-0001", "custom_fields": {"image_version": version}}


def well(**more):
    return {"draining": False, "healthy": True, "health": [], **more}


def test_the_image_that_the_registry_asks_for():
    assert image_problem(record("2026.11.1"), "image_version", "2026.11.1") is None


@pytest.mark.parametrize(
    ("found", "said"), [("2026.10.2", "image 2026.10.2 on the host"), (None, "image without a version on the host")]
)
def test_another_image_is_refused_with_the_objects_address(found, said):
    assert str(image_problem(record("2026.11.1"), "image_version", found)) == (
        f"{URL}: found {said}; expected image 2026.11.1. Deploy that image, or correct the registry. Nothing was"
        " changed on this host."
    )


@pytest.mark.parametrize("registry", [record(None), record(""), {"url": URL}, {"url": URL, "custom_fields": None}])
def test_a_host_whose_image_nobody_chose_is_refused(registry):
    assert str(image_problem(registry, "image_version", "2026.11.1")) == (
        f"{URL}: found none; expected the image version that this host should run, in custom field 'image_version'."
        " Fill it in: policy is never enforced onto an image that nobody chose."
    )


@pytest.mark.parametrize(
    ("answer", "out"),
    [
        (well(), ""),
        (well(draining=True), "drained"),
        ({"unreachable": True, "msg": "no route"}, "unreachable"),
        ({"failed": True, "msg": "loginctl failed\nmore"}, "unknown: loginctl failed"),
        ({}, "unknown: it gave no answer"),
        (
            well(
                healthy=False,
                health=[{"check": "a", "ok": True, "found": "x"}, {"check": "b", "ok": False, "found": "y"}],
            ),
            "unwell: b (found y)",
        ),
    ],
)
def test_who_is_out(answer, out):
    assert member("host", answer) == Member("host", out)


def leave(at_once=1, outage_allowed=False, cluster="VDI Linux"):
    return Leave("one", cluster, at_once, outage_allowed)


SERVING = [Member("one", ""), Member("two", ""), Member("three", "")]


def test_one_of_three_may_leave():
    assert leave_problem(leave(), SERVING) is None


def test_nobody_leaves_while_another_is_out():
    members = [Member("one", ""), Member("two", "drained"), Member("three", "")]
    assert str(leave_problem(leave(), members)) == (
        "cluster VDI Linux: found out of service already: two (drained); expected at most 1 of 3 session hosts out"
        " together. Mend it, and run the playbook again: it goes on with that host first."
    )
    assert leave_problem(leave(at_once=2), members) is None


def test_the_host_that_is_out_goes_on_itself():
    assert leave_problem(leave(), [Member("one", "drained"), Member("two", ""), Member("three", "")]) is None


def test_one_always_stays_whatever_is_asked():
    members = [Member("one", ""), Member("two", "unreachable"), Member("three", "drained")]
    assert str(leave_problem(leave(at_once=9), members)) == (
        "cluster VDI Linux: found out of service already: two (unreachable), three (drained); expected at most 2 of 3"
        " session hosts out together. Mend it, and run the playbook again: it goes on with that host first."
    )


@pytest.mark.parametrize(
    ("cluster", "found"),
    [
        ("VDI Linux", "cluster VDI Linux: found one as its only session host"),
        (None, "host one: found no cluster that others serve"),
    ],
)
def test_a_host_alone_leaves_only_by_name(cluster, found):
    assert str(leave_problem(leave(cluster=cluster), [Member("one", "")])) == (
        f"{found}; expected another session host that serves its people meanwhile. Add a host to the cluster, or accept"
        " the outage by name: -e vdi_host_outage_allowed=true."
    )
    assert leave_problem(leave(cluster=cluster, outage_allowed=True), [Member("one", "")]) is None


def test_members_are_the_clusters_session_hosts_in_use():
    groups = {
        "cluster_VDI_Linux": ["c", "a", "guest", "old", "bad"],
        "vdi_host": ["a", "b", "c", "old", "bad"],
        "out_of_lifecycle": ["old"],
        "quarantine": ["bad"],
    }
    assert cluster_members("a", "VDI Linux", groups) == ["a", "c"]
    assert cluster_members("b", None, groups) == ["b"]


def candidate(host, cluster="x", ring="broad", out=False):
    return Candidate(host, cluster, ring, out)


def test_order_within_a_cluster_and_side_by_side_over_clusters():
    found = batches(
        [
            candidate("a1"),
            candidate("a2", ring="canary"),
            candidate("a3", ring="pilot"),
            candidate("a4", out=True),
            candidate("a5", ring="other"),
            candidate("b1", cluster="y"),
            candidate("alone", cluster=None),
        ],
        1,
    )
    assert found == [["a4", "alone", "b1"], ["a2"], ["a3"], ["a1"], ["a5"]]


CANDIDATES = strategies.lists(
    strategies.builds(
        Candidate,
        strategies.text("abc", min_size=1, max_size=4),
        strategies.sampled_from(["x", "y", None]),
        strategies.sampled_from(["canary", "pilot", "broad", "odd"]),
        strategies.booleans(),
    ),
    unique_by=lambda one: one.host,
)


@given(CANDIDATES, strategies.integers(1, 3))
def test_each_host_once_and_never_too_many_of_a_cluster(candidates, at_once):
    found = batches(candidates, at_once)
    assert sorted(host for row in found for host in row) == sorted(one.host for one in candidates)
    cluster_of = {one.host: one.cluster or f"host {one.host}" for one in candidates}
    for row in found:
        clusters = [cluster_of[host] for host in row]
        assert max(map(clusters.count, clusters)) <= at_once


@given(
    strategies.lists(strategies.sampled_from(["", "drained", "unreachable"]), min_size=1, max_size=5),
    strategies.integers(1, 9),
)
def test_who_gets_leave_never_empties_the_cluster(states, at_once):
    others = [Member(f"other{number}", out) for number, out in enumerate(states)]
    if leave_problem(leave(at_once=at_once), [Member("one", ""), *others]) is None:
        serving = [one for one in others if not one.out]
        assert serving
        assert len(others) + 1 - len(serving) <= at_once
