"""The action session_cluster: the order of a run, and leave for one host, from what session_host answered."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from session_actions import action, plugin

ONE, TWO, THREE, OTHER = "DRS-VL-0001", "DRS-VL-0002", "DRS-VL-0003", "DRS-VW-0001"
WELL = {"draining": False, "healthy": True, "health": []}


def ran(arguments: dict[str, Any], **variables: Any) -> dict[str, Any]:
    made = action(plugin("session_cluster"), arguments)
    return dict(made.run(None, variables))


def refused(arguments: dict[str, Any], **variables: Any) -> str:
    with pytest.raises(AnsibleActionFail) as caught:
        ran(arguments, **variables)
    return str(caught.value)


def known(ring: str, cluster: str | None = "VDI Linux", **answer: Any) -> dict[str, Any]:
    return {"registry": {"ring": ring, "cluster": cluster}, "found": {**WELL, **answer}}


HOSTVARS = {
    ONE: known("broad"),
    TWO: known("canary"),
    THREE: known("pilot", draining=True),
    OTHER: known("broad", "VDI Windows"),
}


def order(at_once=1, hosts=(ONE, TWO, THREE, OTHER), **more):
    return ran({"answers_in": "found", "at_once": at_once}, hostvars={**HOSTVARS, **more}, ansible_play_hosts=hosts)


def test_hosts_that_are_out_come_first_then_rings_and_clusters_side_by_side():
    assert order() == {"changed": False, "hosts": [THREE, OTHER, TWO, ONE], "batches": [2, 1, 1]}


def test_so_many_of_a_cluster_at_once():
    assert order(2) == {"changed": False, "hosts": [THREE, TWO, OTHER, ONE], "batches": [3, 1]}


def test_hosts_that_left_the_play_have_no_place():
    assert order(hosts=(ONE, TWO)) == {"changed": False, "hosts": [TWO, ONE], "batches": [1, 1]}
    assert order(hosts=()) == {"changed": False, "hosts": [], "batches": []}


def test_hosts_without_a_cluster_go_together():
    alone = {ONE: known("broad", None), TWO: known("broad", None)}
    assert order(hosts=(ONE, TWO), **alone)["batches"] == [2]


@pytest.mark.parametrize(
    "answer", [{"healthy": False}, {"draining": True}, {"unreachable": True}, {"failed": True}], ids=str
)
def test_a_host_that_serves_nobody_is_out(answer):
    out = known("broad", **answer)
    assert order(hosts=(ONE, TWO), **{ONE: out})["hosts"] == [ONE, TWO]


def leaving(*members: dict[str, Any], **arguments: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    answers = [{"item": name, **WELL, **more} for name, more in zip((ONE, TWO, THREE), members, strict=False)]
    return {"members": answers, **arguments}, {"inventory_hostname": ONE, "registry": {"cluster": "VDI Linux"}}


def may_leave(*members: dict[str, Any], **arguments: Any) -> dict[str, Any]:
    asked, variables = leaving(*members, **arguments)
    return ran(asked, **variables)


def why_not(*members: dict[str, Any], **arguments: Any) -> str:
    asked, variables = leaving(*members, **arguments)
    return refused(asked, **variables)


@pytest.mark.parametrize("own", [{}, {"draining": True}, {"unreachable": True}])
def test_one_may_leave_while_the_others_serve(own):
    assert may_leave(own, {}, {}) == {"changed": False}


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"draining": True}, "drained"),
        ({"unreachable": True}, "unreachable"),
        ({"failed": True, "msg": "loginctl failed"}, "unknown: loginctl failed"),
        (
            {"healthy": False, "health": [{"check": "xrdp runs", "ok": False, "found": "dead"}]},
            "unwell: xrdp runs (found dead)",
        ),
    ],
)
def test_nobody_leaves_while_another_is_out(other, said):
    assert why_not({}, other, {}) == (
        f"This host stays in service.\n  cluster VDI Linux: found out of service already: {TWO} ({said}); expected at"
        " most 1 of 3 session hosts out together. Mend it, and run the playbook again: it goes on with that host first."
    )


def test_two_may_be_out_where_that_is_allowed():
    assert may_leave({}, {"draining": True}, {}, at_once=2) == {"changed": False}


def test_the_only_host_stays_unless_the_outage_is_accepted():
    assert why_not({}).startswith(
        f"This host stays in service.\n  cluster VDI Linux: found {ONE} as its only session host; expected another"
    )
    assert may_leave({}, outage_allowed=True) == {"changed": False}


@pytest.mark.parametrize("number", [0, -1])
@pytest.mark.parametrize("asked", [{"answers_in": "found"}, {"members": []}], ids=str)
def test_no_fewer_than_one_at_once(asked, number):
    assert refused({**asked, "at_once": number}) == f"at_once: found {number}; expected 1 or more"


def test_one_of_both_questions_is_asked():
    assert refused({}) == "one of the following is required: members, answers_in"
