"""The guard's judgement: which hosts a run may touch, and the exact words of every refusal."""

import pytest
from hypothesis import given, strategies

from werkplek.rollout.guard import Scope, judge, listed, said

GROUPS = {
    "workstation": ["pap-1", "pap-2", "pap-3", "drd-1", "broken", "retired", "kiosk"],
    "windows": ["pap-1", "pap-2", "pap-3", "drd-1", "broken", "retired"],
    "network": ["switch"],
    "quarantine": ["broken"],
    "out_of_lifecycle": ["retired"],
    "municipality_papendrecht": ["pap-1", "pap-2", "pap-3", "retired", "kiosk", "switch"],
    "municipality_dordrecht": ["drd-1"],
}
EVERYONE = ["pap-1", "pap-2", "pap-3", "drd-1", "broken", "retired", "kiosk", "switch"]


def scope(limit="all", pattern=None, targets=("workstation:&windows",), ceiling=200):
    return Scope(limit=limit, pattern=pattern, targets=targets, ceiling=ceiling)


def words(verdict):
    return [str(problem) for problem in verdict.problems]


def test_a_scope_takes_managed_hosts_and_leaves_out_unsafe_ones():
    verdict = judge(scope(), EVERYONE, GROUPS)
    assert verdict.hosts == ("drd-1", "pap-1", "pap-2", "pap-3")
    assert verdict.left_out == {"broken": "quarantine", "retired": "out_of_lifecycle"}
    assert verdict.problems == ()


@pytest.mark.parametrize(
    ("limit", "found"),
    [(None, "no --limit and no werkplek_scope"), ("", "a blank --limit ''"), (" , ", "a blank --limit ' , '")],
)
def test_a_blank_scope_is_refused(limit, found):
    verdict = judge(scope(limit=limit), EVERYONE, GROUPS)
    assert verdict.hosts == ()
    assert words(verdict) == [
        f"scope: found {found}; expected a scope that names the hosts that are meant. Add for example --limit"
        " 'municipality_papendrecht:&workstation', or -e werkplek_scope=workstation to mean all of them."
    ]


def test_an_explicit_scope_stands_in_for_a_limit():
    assert judge(scope(limit=None, pattern="workstation"), EVERYONE, GROUPS).problems == ()


def test_a_quarantined_host_asked_for_by_name_is_refused():
    verdict = judge(scope(limit="broken,pap-1"), ["broken", "pap-1"], GROUPS)
    assert words(verdict) == [
        "host broken: found it in group quarantine: its registry record breaks the data contract; expected a host that"
        " is in use and complete in the registry. Mend its record (ansible-inventory --host shows the reasons and the"
        " URL), or leave it out of the scope."
    ]


def test_a_host_out_of_its_lifecycle_asked_for_by_name_is_refused():
    verdict = judge(scope(limit="pap-1:&retired"), ["retired", "pap-1"], GROUPS)
    assert [problem.where for problem in verdict.problems] == ["host retired"]


def test_a_scope_without_managed_hosts_is_refused():
    verdict = judge(scope(limit="switch"), ["switch"], GROUPS)
    assert words(verdict) == [
        "--limit 'switch': found no host of workstation:&windows; expected at least one host that this playbook"
        " manages. ansible-inventory --graph shows the groups."
    ]


def test_a_scope_of_left_out_hosts_only_says_so():
    verdict = judge(scope(limit="quarantine"), ["broken"], GROUPS)
    assert "found no host of workstation:&windows, and 1 left out (broken)" in words(verdict)[0]


def test_the_ceiling_is_raised_by_name_only():
    refused = judge(scope(ceiling=3), EVERYONE, GROUPS)
    assert words(refused) == [
        "--limit 'all': found 4 hosts; expected at most 3 (the ceiling). Narrow the scope, or raise the ceiling by"
        " name: -e werkplek_ceiling=4."
    ]
    assert judge(scope(ceiling=4), EVERYONE, GROUPS).problems == ()


def test_a_host_in_two_municipalities_is_refused():
    groups = {**GROUPS, "municipality_sliedrecht": ["pap-1"]}
    assert words(judge(scope(limit="pap-1"), ["pap-1"], groups)) == [
        "host pap-1: found it in municipality_papendrecht and municipality_sliedrecht; expected exactly one"
        " municipality. Give it one tenant in the registry, and one inventory source."
    ]


def test_a_host_in_no_municipality_is_refused():
    groups = {**GROUPS, "municipality_dordrecht": []}
    assert words(judge(scope(limit="drd-1"), ["drd-1"], groups))[0].startswith(
        "host drd-1: found it in no municipality"
    )


def test_the_scope_is_said_in_one_line():
    assert said(judge(scope(), EVERYONE, GROUPS)) == (
        "4 hosts in scope; left out: broken (quarantine), retired (out_of_lifecycle)"
    )


def test_long_lists_are_cut_and_counted():
    assert listed([f"h{n}" for n in range(12)]) == "h0, h1, h2, h3, h4, h5, h6, h7, h8, h9 and 2 more"


@given(
    selected=strategies.sets(strategies.sampled_from(EVERYONE)),
    quarantined=strategies.sets(strategies.sampled_from(EVERYONE)),
    retired=strategies.sets(strategies.sampled_from(EVERYONE)),
    ceiling=strategies.integers(0, 10),
)
def test_a_run_never_touches_more_than_was_meant(selected, quarantined, retired, ceiling):
    groups = {**GROUPS, "quarantine": sorted(quarantined), "out_of_lifecycle": sorted(retired)}
    verdict = judge(scope(limit="x", ceiling=ceiling), sorted(selected), groups)
    touched = set(verdict.hosts)
    assert touched <= selected
    assert touched <= set(GROUPS["workstation"]) & set(GROUPS["windows"])
    assert not touched & (quarantined | retired)
    assert verdict.problems or 0 < len(touched) <= ceiling
