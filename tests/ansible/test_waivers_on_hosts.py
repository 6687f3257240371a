"""A waiver leaves a setting as it is on the hosts it names, until it ends; and group policy's values are not fought."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

SITE, DRIFT = "playbooks/site.yml", "playbooks/drift.yml"
WAIVED, OTHER = "PAP-LT-0001", "PAP-CP-0001"
LOCK = {
    "kind": "registry",
    "path": r"HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System",
    "name": "InactivityTimeoutSecs",
    "type": "dword",
}
ENTRY = """---
- id: pap_counter
  settings: [screen_lock_timeout]
  scope: {{municipality: papendrecht, host: {host}}}
  reason: The counter's screen shows a queue
  author: A. de Vries
  approver: B. Bakker
  approved: {start}
  until: {end}
  not_applicable_because: Nobody signs in at this screen
"""


def waive(checkout: Path, *, days_left: int) -> str:
    """Write a waiver that began a month ago; returns its last day."""
    today = datetime.now(UTC).date()
    end = (today + timedelta(days=days_left)).isoformat()
    text = ENTRY.format(host=WAIVED, start=(today - timedelta(days=30)).isoformat(), end=end)
    (checkout / "policies/waivers.yml").write_text(text)
    return end


def lock_lines(played) -> list[tuple[str, tuple[str, ...], str]]:
    return [
        (line.status, line.hosts, line.message)
        for line in played.summary.settings
        if line.setting == "screen_lock_timeout"
    ]


def test_a_waived_setting_is_read_told_and_left_and_enforced_again_after_the_end(play, checkout, workplaces):
    hosts = f"{WAIVED},{OTHER}"
    for host in (WAIVED, OTHER):
        workplaces.reset(host)
        workplaces.edit(host, [{**LOCK, "data": 7200}])
    end = waive(checkout, days_left=7)
    applied = play(SITE, "--limit", hosts, root=checkout)
    assert applied.rc == 0, applied.text
    said = f"waiver pap_counter until {end}, approved by B. Bakker: The counter's screen shows a queue"
    assert lock_lines(applied) == [("changed", (OTHER,), ""), ("waived", (WAIVED,), said)]
    drift = play(DRIFT, "--limit", hosts, root=checkout)
    assert drift.rc == 0, "a waived setting is no drift"
    ended = waive(checkout, days_left=-1)
    found = play(DRIFT, "--limit", hosts, root=checkout)
    assert found.rc == 2
    assert lock_lines(found) == [("noncompliant", (WAIVED,), f"its waiver pap_counter ended on {ended}")]
    mended = play(SITE, "--limit", hosts, root=checkout)
    assert mended.rc == 0, mended.text
    assert play(DRIFT, "--limit", hosts, root=checkout).rc == 0


def test_what_group_policy_sets_is_told_and_left(play, workplaces):
    workplaces.reset(WAIVED)
    assert play(SITE, "--limit", WAIVED).rc == 0
    workplaces.edit(WAIVED, [{**LOCK, "kind": "group_policy", "data": 1200}])
    found = play(SITE, "--limit", WAIVED)
    assert found.rc == 0, "what somebody else owns fails no host"
    [(status, hosts, message)] = lock_lines(found)
    assert (status, hosts) == ("owned_elsewhere", (WAIVED,))
    assert message == r"group policy sets dword:0x000004b0 (C:\ProgramData\ntuser.pol)"
    assert found.summary.total.counts.changed == 0


def test_what_comes_back_twice_is_left_until_somebody_reclaims_it(play, workplaces):
    workplaces.reset(WAIVED)
    assert play(SITE, "--limit", WAIVED).rc == 0
    statuses = []
    for _ in range(3):
        workplaces.edit(WAIVED, [{**LOCK, "data": 0}])
        statuses += [status for status, _, _ in lock_lines(play(SITE, "--limit", WAIVED))]
    assert statuses == [
        "changed",
        "owned_elsewhere",
        "owned_elsewhere",
    ]
    reclaimed = play(SITE, "--limit", WAIVED, "-e", "workstation_reclaim=true")
    assert [status for status, _, _ in lock_lines(reclaimed)] == ["changed"]
