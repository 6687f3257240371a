"""The guard in real runs: what it refuses, it refuses before a host is touched."""

from __future__ import annotations

import pytest

SITE = "playbooks/site.yml"


@pytest.fixture
def untouched(workplaces):
    """Fails the test when any module reached any host."""
    before = workplaces.stats()["modules"]
    yield
    assert workplaces.stats()["modules"] == before


def refused(played, *sentences):
    assert played.rc == 2, played.text
    assert "The guard stops this run; no host was touched." in played.text
    for sentence in sentences:
        assert sentence in played.text, played.text
    assert "Traceback" not in played.text
    assert played.runs == ()


def test_no_limit(play, untouched):
    refused(play(SITE), "scope: found no --limit and no werkplek_scope; expected a scope that names the hosts")


def test_a_limit_that_came_out_empty(play, untouched):
    refused(play(SITE, "--limit", ""), "scope: found a blank --limit ''; expected a scope that names the hosts")


def test_over_the_ceiling(play, untouched):
    played = play(SITE, "--limit", "windows", "-e", "werkplek_ceiling=5")
    refused(played, "found 36 hosts; expected at most 5 (the ceiling)", "-e werkplek_ceiling=36")


def test_a_quarantined_host_by_name(play, untouched):
    refused(play(SITE, "--limit", "PAP-LT-0001,PAP-LT-0005"), "host PAP-LT-0005: found it in group quarantine")


def test_a_host_out_of_its_lifecycle_by_name(play, untouched):
    refused(play(SITE, "--limit", "DRD-DT-0003"), "host DRD-DT-0003: found it in group out_of_lifecycle")


def test_hosts_that_the_playbook_does_not_manage(play, untouched):
    refused(play("playbooks/workstations.yml", "--limit", "network"), "found no host of workstation")


def test_an_extra_variable_cannot_give_a_host_another_municipality(play, untouched):
    played = play(SITE, "--limit", "PAP-LT-0001", "-e", "municipality=dordrecht")
    assert played.rc == 2
    assert "found variable municipality that asks for group municipality_dordrecht" in played.text


def test_a_host_that_the_registry_does_not_know(play, untouched):
    played = play(SITE, "-i", "stray,", "--limit", "stray")
    refused(played, "found no host of workstation or vdi_host")


def test_a_group_leaves_unsafe_hosts_out_and_says_so(play):
    played = play(SITE, "--limit", "workstation:&municipality_sliedrecht", "--check", "-v")
    assert played.rc == 0, played.text
    assert "4 hosts in scope; left out: SLD-LT-0004 (out_of_lifecycle)" in played.text
    assert played.summary.total.hosts == 4


def test_an_explicit_scope_needs_no_limit(play):
    played = play(SITE, "-e", "werkplek_scope=PAP-LT-0001", "--check")
    assert played.rc == 0, played.text
    assert played.summary.total.hosts == 1


def test_a_policy_of_an_unknown_kind_stops_the_run_with_its_line(play, checkout, untouched):
    bad = checkout / "policies" / "workstation" / "windows" / "zz_bad.yml"
    bad.write_text("---\n- id: bad\n  title: Bad\n  controls: [BIO2:8.09.01]\n  regystry: {path: x}\n")
    played = play(SITE, "--limit", "PAP-LT-0001", root=checkout)
    assert played.rc == 2
    assert "policies/workstation/windows/zz_bad.yml:5:3" in played.text
    assert "Traceback" not in played.text


def test_a_broken_municipality_document_stops_every_run(play, checkout, untouched):
    document = checkout / "municipalities" / "dordrecht.yml"
    document.write_text(document.read_text() + "colour: blue\n")
    played = play(SITE, "--limit", "PAP-LT-0001", root=checkout)
    assert played.rc == 2
    assert "municipalities/dordrecht.yml:" in played.text
    assert "colour" in played.text


@pytest.mark.parametrize("plugin", ["action_plugins/enforce_policy.py", "action_plugins/run_guard.py"])
def test_a_missing_package_is_one_sentence(play, checkout, untouched, plugin):
    (checkout / "src" / "werkplek" / "errors.py").write_text("raise ImportError('gone')\n")
    played = play(SITE, "--limit", "PAP-LT-0001", root=checkout)
    assert played.rc != 0
    assert "Werkplek's package is not importable (gone): run ./werkplek once and activate .venv" in played.text
