"""The ritual of a role: check, nothing changed, apply, second run changes nothing, drift, repaired."""

from __future__ import annotations

import json

import pytest

SITE = "playbooks/site.yml"
DRIFT = "playbooks/drift.yml"
HOSTS = ("PAP-LT-0001", "DRD-CP-0001", "SLD-LT-0001")
LIMIT = ",".join(HOSTS)

EDITS = {
    "PAP-LT-0001": (
        "screen_lock_timeout",
        {
            "kind": "registry",
            "path": r"HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System",
            "name": "InactivityTimeoutSecs",
            "type": "dword",
            "data": 0,
        },
    ),
    "DRD-CP-0001": ("lockout_threshold", {"kind": "account_policy", "name": "LockoutBadCount", "data": 50}),
}


@pytest.fixture(scope="module")
def factory_fresh(estate):
    """Nothing has run on the lab's hosts yet; the tests below depend on their order in this file."""
    return estate


def states(workplaces):
    return {host: json.dumps(workplaces.dump(host), sort_keys=True) for host in HOSTS}


def findings(played, status):
    return {(host, line.setting) for line in played.summary.settings if line.status == status for host in line.hosts}


def test_check_mode_tells_what_it_would_do_and_touches_nothing(factory_fresh, play, workplaces):
    before = states(workplaces)
    played = play(SITE, "--limit", LIMIT, "--check", "--diff")
    assert played.rc == 0, played.text
    assert states(workplaces) == before
    total = played.summary.total
    assert (total.hosts, total.counts.changed, total.counts.failed) == (3, 0, 0)
    assert total.counts.noncompliant > 300
    assert "+lockout_threshold: 5" in played.text


def test_apply_changes_what_check_mode_announced_and_the_second_run_nothing(factory_fresh, play, workplaces):
    announced = play(SITE, "--limit", LIMIT, "--check")
    applied = play(SITE, "--limit", LIMIT)
    assert applied.rc == 0, applied.text
    assert findings(applied, "changed") == findings(announced, "noncompliant")
    after = states(workplaces)
    second = play(SITE, "--limit", LIMIT)
    assert second.rc == 0, second.text
    counts = second.summary.total.counts
    assert (counts.changed, counts.failed, counts.compliant) == (0, 0, counts.total)
    assert states(workplaces) == after


def test_drift_is_found_exactly_changes_nothing_and_tells_by_exit_code(factory_fresh, play, workplaces):
    assert play(SITE, "--limit", LIMIT).rc == 0
    assert play(DRIFT, "--limit", LIMIT).rc == 0
    for host, (_, edit) in EDITS.items():
        workplaces.edit(host, [edit])
    broken = states(workplaces)
    drift = play(DRIFT, "--limit", LIMIT)
    assert drift.rc == 2, drift.text
    assert states(workplaces) == broken
    assert findings(drift, "noncompliant") == {(host, setting) for host, (setting, _) in EDITS.items()}
    assert drift.summary.total.failed_hosts == 0
    assert "1 setting is not as the policy says:" in drift.text
    repair = play(SITE, "--limit", LIMIT)
    assert findings(repair, "changed") == {(host, setting) for host, (setting, _) in EDITS.items()}
    assert play(DRIFT, "--limit", LIMIT).rc == 0


def test_each_municipality_gets_its_own_and_only_its_own(factory_fresh, play, workplaces):
    assert play(SITE, "--limit", LIMIT).rc == 0
    whole = states(workplaces)
    assert "intranet.papendrecht.nl" in whole["PAP-LT-0001"]
    assert "intranet.dordrecht.nl" in whole["DRD-CP-0001"]
    assert "intranet.dordrecht.nl" not in whole["PAP-LT-0001"] + whole["SLD-LT-0001"]
    assert "intranet.papendrecht.nl" not in whole["DRD-CP-0001"] + whole["SLD-LT-0001"]


def test_every_user_of_the_machine_gets_the_user_settings(factory_fresh, play, workplaces):
    assert play(SITE, "--limit", "PAP-LT-0001").rc == 0
    hives = [path for path in workplaces.dump("PAP-LT-0001")["registry"] if path.lower().endswith(r"policies\system")]
    users = {path.split("\\")[1] for path in hives if path.upper().startswith("HKU")}
    assert len(users) >= 3, users
