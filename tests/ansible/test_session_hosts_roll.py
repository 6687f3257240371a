"""Session hosts change one at a time, with live sessions on real Debian hosts; a cut run goes on where it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from debian_hosts import needs_long, signed_in, signs_in, ssh
from rolls import order

ONE, TWO, THREE = NAMES = ("DRS-VL-0001", "DRS-VL-0002", "DRS-VL-0003")
PLAYBOOK = "playbooks/vdi_hosts.yml"
ALL = ("--limit", "vdi_host")
AT_ONCE = ("-e", "vdi_host_wait_minutes=0")
PASSWORD = "Zomer-in-Papendrecht-26"
POLICY = """\
- id: greeting
  title: Greet people
  docs: https://manpages.debian.org/issue.net
  file: {path: /etc/issue.net, content: "WORDS\\n", owner: root, group: root, mode: '0644'}
- id: session_limit
  title: Allow so many sessions
  docs: https://manpages.debian.org/sesman.ini
  config_line:
    path: /etc/xrdp/sesman.ini
    section: Sessions
    key: MaxSessions
    value: '40'
    after: [restart xrdp-sesman.service]
"""


@pytest.fixture(scope="module")
def hosts(request):
    """A cluster of three; jdevries may work on each of them."""
    needs_long()
    lab = request.getfixturevalue("debian")(0, 3)
    for name in NAMES:
        ssh(lab, name, f"useradd -m -s /bin/bash jdevries; echo 'jdevries:{PASSWORD}' | chpasswd")
    return lab


@pytest.fixture
def policy(checkout: Path):
    """A checkout whose session hosts have two settings; gives the function that changes the first."""
    for file in (checkout / "policies").rglob("*.yml"):
        file.unlink()
    folder = checkout / "policies" / "vdi_host"
    folder.mkdir(parents=True, exist_ok=True)

    def write(words: str) -> Path:
        (folder / "two.yml").write_text(POLICY.replace("WORDS", words))
        return checkout

    return write


def greeting(lab, host):
    return ssh(lab, host, "cat /etc/issue.net")


def drained(lab):
    return [name for name in NAMES if ssh(lab, name, "ls /var/lib/werkplek/draining 2>/dev/null; true")]


def test_a_check_tells_what_it_would_do_and_touches_no_session(hosts, policy, debian_play):
    played = debian_play(PLAYBOOK, *ALL, "--check", root=policy("one"))
    assert played.rc == 0, played.text
    assert played.summary.total.counts.noncompliant == 6
    assert drained(hosts) == []
    assert [greeting(hosts, name) for name in NAMES] != ["one"] * 3


def test_one_after_the_other_and_the_second_run_drains_nobody(hosts, policy, debian_play):
    root = policy("one")
    played = debian_play(PLAYBOOK, *ALL, *AT_ONCE, root=root)
    assert played.rc == 0, played.text
    assert order(played) == [ONE, TWO, THREE]  # canary, pilot, broad
    assert played.summary.total.counts.changed == 6
    assert [greeting(hosts, name) for name in NAMES] == ["one"] * 3
    assert "werkplek-check" not in ssh(hosts, ONE, "cat /etc/passwd")
    again = debian_play(PLAYBOOK, *ALL, root=root)
    assert again.rc == 0, again.text
    assert order(again) == []
    assert "Let nobody new in" not in again.text
    assert again.runs[0].total.counts.compliant == 6


def test_a_live_session_is_never_cut_and_stops_its_cluster(hosts, policy, debian_play):
    root = policy("two")
    assert signs_in(hosts, TWO, "jdevries", PASSWORD)
    played = debian_play(PLAYBOOK, *ALL, *AT_ONCE, root=root)
    assert played.rc == 2, played.text
    assert "People are still there after 0 minutes: jdevries (disconnected)." in played.text
    assert f"{TWO} stays drained and its cluster is not touched further." in played.text
    assert order(played) == [ONE]
    assert [greeting(hosts, name) for name in NAMES] == ["two", "one", "one"]
    assert drained(hosts) == [TWO]
    assert signed_in(hosts, TWO) == ["jdevries"]
    assert signs_in(hosts, TWO, "jdevries", PASSWORD), "who has a session comes back to it"
    ssh(hosts, TWO, f"useradd -m -s /bin/bash later; echo 'later:{PASSWORD}' | chpasswd")
    assert not signs_in(hosts, TWO, "later", PASSWORD), "nobody new gets in"
    assert signed_in(hosts, TWO) == ["jdevries"]


def test_no_other_host_leaves_while_one_is_drained(hosts, policy, debian_play):
    assert drained(hosts) == [TWO]
    played = debian_play(PLAYBOOK, "--limit", THREE, *AT_ONCE, root=policy("two"))
    assert played.rc == 2, played.text
    assert (
        f"cluster VDI Linux: found out of service already: {TWO} (drained); expected at most 1 of 3 session hosts out"
        " together." in played.text.replace("\n", " ").replace("        ", "")
    )
    assert greeting(hosts, THREE) == "one"
    assert drained(hosts) == [TWO]


def test_the_next_run_goes_on_with_the_drained_host(hosts, policy, debian_play):
    assert drained(hosts) == [TWO]
    ssh(hosts, TWO, "loginctl terminate-user jdevries; sleep 2")
    played = debian_play(PLAYBOOK, *ALL, *AT_ONCE, root=policy("two"))
    assert played.rc == 0, played.text
    assert order(played) == [TWO, THREE]
    assert [greeting(hosts, name) for name in NAMES] == ["two"] * 3
    assert drained(hosts) == []
    assert signs_in(hosts, TWO, "later", PASSWORD)


def test_people_are_signed_out_only_where_the_operator_says_so_and_a_due_restart_is_done_then(
    hosts, policy, debian_play
):
    assert signed_in(hosts, TWO) == ["later"]
    ssh(hosts, TWO, "touch /run/reboot-required; echo linux-image > /run/reboot-required.pkgs; touch /run/before")
    played = debian_play(PLAYBOOK, "--limit", TWO, *AT_ONCE, "-e", "vdi_host_log_off=true", root=policy("two"))
    assert played.rc == 0, played.text
    assert signed_in(hosts, TWO) == []
    assert ssh(hosts, TWO, "ls /run/before 2>/dev/null; true") == "", "it has started again"
    assert order(played) == [TWO]
    assert drained(hosts) == []


def test_a_host_that_serves_nobody_after_the_change_stays_drained(hosts, policy, debian_play):
    root = policy("three")
    ssh(hosts, ONE, "chmod 0 /usr/lib/xorg/Xorg")
    try:
        played = debian_play(PLAYBOOK, *ALL, *AT_ONCE, "-e", "vdi_host_health_seconds=0", root=root)
    finally:
        ssh(hosts, ONE, "chmod 0755 /usr/lib/xorg/Xorg")
    assert played.rc == 2, played.text
    assert "This host does not serve people: werkplek-check signs in (found" in played.text
    assert drained(hosts) == [ONE]
    assert [greeting(hosts, name) for name in NAMES] == ["three", "two", "two"]
    assert "werkplek-check" not in ssh(hosts, ONE, "cat /etc/passwd")
    assert "werkplek-check signs in" in played.summary.hosts[0].message
    assert debian_play(PLAYBOOK, "--limit", ONE, *AT_ONCE, root=root).rc == 0
    assert drained(hosts) == []


def test_the_wrong_image_is_refused_and_left_alone(hosts, policy, debian_play):
    root = policy("four")
    ssh(hosts, THREE, "sed -i 's/^IMAGE_VERSION=.*/IMAGE_VERSION=2026.9.9/' /etc/os-release")
    played = debian_play(PLAYBOOK, "--limit", THREE, root=root)
    assert played.rc == 2, played.text
    said = " ".join(played.text.split())
    assert "found image 2026.9.9 on the host; expected image 2026.11.1." in said
    assert "https://netbox.example/dcim/devices/3/" in said
    assert greeting(hosts, THREE) == "two"
    assert drained(hosts) == []
    refused = played.summary.hosts[0]
    assert (refused.host, refused.outcome, refused.municipality) == (THREE, "failed", "drechtsteden")
    assert refused.message.startswith("This host runs the wrong image.")
