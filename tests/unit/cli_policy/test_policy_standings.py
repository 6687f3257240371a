"""Waivers on a day: their borders, the hosts that they reach, and what municipalities allow."""

import pytest
from policy_command_samples import TODAY, WAIVERS, facts, repository

from werkplek.errors import WerkplekError
from werkplek.policy.exceptions import budgets, expiring, reaches, standings
from werkplek.policy.resolver import waivers_of

ENTRY = """\
- id: {id}
  settings: [lockout]
  scope: {{municipality: {where}}}
  reason: A reason
  author: J. de Vries
  approver: M. Bakker
  approved: {start}
  until: {end}
"""


def waiver(name, start, end, where="papendrecht"):
    return ENTRY.format(id=name, start=start, end=end, where=where)


BORDERS = "".join(
    (
        waiver("ended", "2026-01-01", "2026-06-14"),
        waiver("last_day", "2026-01-01", "2026-06-15"),
        waiver("one_more", "2026-01-01", "2026-06-16"),
        waiver("in_30", "2026-01-01", "2026-07-15", "[papendrecht, zwijndrecht]"),
        waiver("in_31", "2026-01-01", "2026-07-16", "zwijndrecht"),
        waiver("begins_today", "2026-06-15", "2026-12-31", "zwijndrecht"),
        waiver("begins_tomorrow", "2026-06-16", "2026-12-31", "zwijndrecht"),
        waiver("short_and_not_begun", "2026-06-16", "2026-06-20", "zwijndrecht"),
    )
)


@pytest.fixture
def every():
    return standings(repository({"policies/waivers.yml": BORDERS}), TODAY)


def test_borders(every):
    assert [(one.entry.id, one.state, one.days_left) for one in every] == [
        ("ended", "ended", -1),
        ("last_day", "in force", 0),
        ("one_more", "in force", 1),
        ("short_and_not_begun", "not begun", 5),
        ("in_30", "in force", 30),
        ("in_31", "in force", 31),
        ("begins_today", "in force", 199),
        ("begins_tomorrow", "not begun", 199),
    ]
    assert {one.hosts for one in every} == {None}


@pytest.mark.parametrize(
    ("days", "last"), [(0, "last_day"), (1, "one_more"), (29, "short_and_not_begun"), (30, "in_30"), (31, "in_31")]
)
def test_what_ends_within_some_days_or_has_ended(every, days, last):
    ids = [one.entry.id for one in every]
    assert [one.entry.id for one in expiring(every, days)] == ids[: ids.index(last) + 1]


def test_a_municipality_counts_what_has_not_ended(every):
    counts = [(one.municipality, one.open, one.allowed) for one in budgets(repository(), every)]
    assert counts == [("papendrecht", 3, 3), ("zwijndrecht", 5, None)]


def test_a_municipality_without_waivers_and_budget_is_not_counted():
    sample = repository({"policies/waivers.yml": None})
    assert [(one.municipality, one.open, one.allowed) for one in budgets(sample, ())] == [("papendrecht", 0, 3)]


def test_one_more_than_is_allowed_stops_the_policy_until_one_has_ended():
    crowd = {"policies/waivers.yml": BORDERS + waiver("fourth", "2026-01-01", "2026-09-01")}
    with pytest.raises(WerkplekError, match="found 4 waivers that have not ended: last_day, one_more, in_30, fourth"):
        repository(crowd)
    assert len(repository(crowd, today="2026-06-16").waivers) == 9


HOSTS = {
    "PAP-LT-1": facts(),
    "PAP-LT-2": facts(ring="canary"),
    "PAP-LT-3": facts(site="werf"),
    "PAP-VDI-1": facts(workplace_class="vdi_host", platform_lineage=("windows-server-2022", "windows"), ring="canary"),
    "ZWD-LT-1": facts(municipality="zwijndrecht"),
}


def test_hosts_in_scope():
    found = {one.entry.id: one.hosts for one in standings(repository(), TODAY, dict(reversed(HOSTS.items())))}
    assert found == {
        "past": ("PAP-LT-1", "PAP-LT-2", "PAP-VDI-1", "ZWD-LT-1"),
        "one_desk": ("PAP-LT-3",),
        "street_test": ("PAP-LT-2",),
        "summer": ("ZWD-LT-1",),
    }


SCOPES = [
    "scope: {municipality: papendrecht}",
    "scope: {municipality: papendrecht, class: vdi_host}",
    "scope: {municipality: papendrecht, platform: windows}",
    "scope: {municipality: papendrecht, platform: [windows-10, windows-11]}",
    "scope: {municipality: papendrecht, ring: [canary, pilot]}",
    "scope: {municipality: papendrecht, site: werf}",
    "scope: {municipality: papendrecht, host: [PAP-LT-2, PAP-LT-9]}",
    "scope: {municipality: papendrecht, site: stadhuis, ring: canary, host: PAP-LT-3}",
]


@pytest.mark.parametrize("scope", SCOPES)
def test_a_scope_reaches_the_hosts_that_the_resolver_waives(scope):
    text = waiver("one", "2026-01-01", "2026-12-31").replace("scope: {municipality: papendrecht}", scope)
    sample = repository({"policies/waivers.yml": text})
    entry = sample.waivers[0].head
    for name, host in HOSTS.items():
        part = sample.parts[host.workplace_class, host.municipality]
        assert reaches(entry.scope, host.combination, name) is bool(waivers_of(part, host.combination, TODAY, name))


def test_a_waiver_of_named_hosts_is_not_that_of_a_combination():
    (named,) = (waiver.head for waiver in repository().waivers if waiver.head.id == "one_desk")
    assert not reaches(named.scope, facts(site="werf").combination, "")


def test_the_sample_has_each_state():
    assert WAIVERS.count("- id:") == 4
    states = {one.entry.id: one.state for one in standings(repository(), TODAY)}
    assert states == {"past": "ended", "one_desk": "in force", "street_test": "in force", "summer": "not begun"}
