"""The same role and playbook over pretend Windows session hosts, as for Debian in test_session_hosts_roll.py."""

from __future__ import annotations

import pytest
from rolls import order

FIRST, SECOND = ("DRS-VH-0002", "DRS-VH-0004")  # pilot, broad
PLAYBOOK = "playbooks/vdi_hosts.yml"
ALL = ("--limit", "cluster_VDI_Dordrecht")
AT_ONCE = ("-e", "vdi_host_wait_minutes=0")
JANSEN = "DORDRECHT\\jjansen"


@pytest.fixture(scope="module")
def in_order(estate):
    """The tests below depend on their order in this file."""
    return estate


def one_line(played):
    return " ".join(played.text.split())


def test_the_wrong_image_is_refused(in_order, play, workplaces):
    workplaces.edit(FIRST, [{"kind": "image", "version": "2026.9.9"}])
    played = play(PLAYBOOK, *ALL, *AT_ONCE)
    assert played.rc == 2, played.text
    assert "found image 2026.9.9 on the host; expected image 2026.11.1." in one_line(played)
    assert played.summary.total.counts.total == 0
    assert order(played) == []


def test_one_after_the_other_until_somebody_is_there(in_order, play, workplaces):
    workplaces.edit(FIRST, [{"kind": "image", "version": "2026.11.1"}])
    workplaces.edit(SECOND, [{"kind": "session", "user": JANSEN, "state": "disconnected"}])
    played = play(PLAYBOOK, *ALL, *AT_ONCE)
    assert played.rc == 2, played.text
    assert order(played) == [FIRST]
    assert f"People are still there after 0 minutes: {JANSEN} (disconnected)." in one_line(played)
    assert f"{SECOND} stays drained and its cluster is not touched further." in one_line(played)
    refused = [line for line in played.summary.hosts if line.host == SECOND]
    assert refused[0].message == f"People are still there after 0 minutes: {JANSEN} (disconnected)."
    counts = played.summary.total.counts
    assert (counts.failed, counts.changed > 400) == (0, True)


def test_the_next_run_goes_on_and_restarts_what_waits_for_it(in_order, play, workplaces):
    workplaces.edit(SECOND, [{"kind": "session", "user": JANSEN, "state": "gone"}])
    workplaces.edit(SECOND, [{"kind": "pending_restart", "because": "servicing"}])
    played = play(PLAYBOOK, *ALL, *AT_ONCE)
    assert played.rc == 0, played.text
    assert order(played) == [SECOND]
    assert f"changed: [{SECOND}]" in played.text.split("TASK [vdi_host : Restart the Windows host]")[1][:300]


def test_the_run_after_that_drains_nobody_and_changes_nothing(in_order, play, workplaces):
    played = play(PLAYBOOK, *ALL)
    assert played.rc == 0, played.text
    assert order(played) == []
    counts = played.summary.total.counts
    assert (counts.changed, counts.noncompliant, counts.failed) == (0, 0, 0)
    assert played.summary.total.hosts == 2
