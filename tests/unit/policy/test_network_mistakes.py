"""Settings of switches: every mistake with its exact text."""

from collections.abc import Callable, Mapping

import pytest
from network_mistakes import CLASHES, MISTAKES, SIDE_BY_SIDE

from werkplek.policy.loader import build_repository

FILE = "policies/network/a.yml"


@pytest.mark.parametrize("name", MISTAKES)
def test_one_mistake_in_a_setting_of_switches(name: str, problems_of: Callable[[Mapping[str, str]], list[str]]):
    kind, problem = MISTAKES[name]
    assert problems_of({FILE: f"- id: one\n  title: One\n  {kind}\n"}) == [f"{FILE}:3:{problem}"]


def two(one: str, other: str) -> dict[str, str]:
    return {FILE: f"- id: one\n  title: One\n  {one}\n- id: two\n  title: Two\n  {other}\n"}


@pytest.mark.parametrize(("one", "other"), [*CLASHES, *((other, one) for one, other in CLASHES)])
def test_two_settings_of_switches_may_not_decide_the_same(
    one: str, other: str, problems_of: Callable[[Mapping[str, str]], list[str]]
):
    found = f"'two', which is about the same object as 'one' ({FILE}:1)"
    expected = "one setting for each object on a host. Give them one id and 'overrides', or scopes that cannot meet."
    assert problems_of(two(one, other)) == [f"{FILE}:4:3: found {found}; expected {expected}"]


@pytest.mark.parametrize(("one", "other"), SIDE_BY_SIDE)
def test_two_settings_of_switches_that_decide_different_things(
    one: str, other: str, sources: Callable[..., dict[str, bytes]]
):
    repository = build_repository(sources(two(one, other)))
    assert [setting.id for setting in repository.taking["network", "papendrecht"]] == ["one", "two"]


@pytest.mark.parametrize("file", ["policies/workstation/a.yml", "policies/vdi_host/a.yml"])
def test_a_setting_of_switches_is_not_for_other_classes(
    file: str, problems_of: Callable[[Mapping[str, str]], list[str]]
):
    problem = "found kind switch_vlans, which is for network_os; expected a kind for windows or linux"
    assert problems_of({file: "- id: one\n  title: One\n  switch_vlans: {}\n"}) == [f"{file}:3:17: {problem}"]


def test_a_setting_of_switches_in_the_baseline_is_for_switches_alone(sources: Callable[..., dict[str, bytes]]):
    repository = build_repository(sources({"policies/baseline/b.yml": "- id: one\n  title: One\n  switch_vlans: {}\n"}))
    taking = {
        group: [one.id for one in settings]
        for (group, slug), settings in repository.taking.items()
        if slug == "papendrecht"
    }
    assert taking == {"workstation": ["screen_lock"], "vdi_host": ["screen_lock"], "network": ["one"]}


def test_a_setting_of_hosts_is_not_for_switches(problems_of: Callable[[Mapping[str, str]], list[str]]):
    text = "- id: one\n  title: One\n  deb_package: {name: cron}\n"
    expected = "found kind deb_package, which is for linux; expected a kind for network_os"
    assert problems_of({FILE: text}) == [f"{FILE}:3:16: {expected}"]


def test_what_a_municipality_has_is_checked_in_its_place_in_a_line(
    problems_of: Callable[[Mapping[str, str]], list[str]],
):
    text = "- id: one\n  title: One\n  switch_lines: {ios: {lines: [[ip host, {from: municipality.print_queues}]]}}\n"
    found = r"'balie-01 ipp://print.papendrecht.nl/printers/papendrecht-...' (from municipalities/papendrecht.yml)"
    expected = "printable ASCII without '|', single spaces between the words"
    assert problems_of({FILE: text})[0] == f"{FILE}:3:42: found {found}; expected {expected}"
