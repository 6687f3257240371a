"""The ritual for software, features and tasks: check, nothing changed, apply, nothing left, drift, repaired.

The modules are the lab's simulations; Ansible, the plugin and the policies are real.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

SITE = "playbooks/site.yml"
DRIFT = "playbooks/drift.yml"
HOST = "PAP-LT-0001"

FIRST_TIME = {
    "package_7zip",
    "package_pdf_reader",
    "package_password_safe",
    "package_utorrent_gone",
    "product_silverlight_gone",
    "feature_powershell_2_off",
    "feature_internet_printing_off",
    "task_malware_definitions",
    "task_clock",
    "task_xbox_save_gone",
}
PREFIXES = ("package_", "product_", "feature_", "task_")
EDITS = {
    "package_7zip": {"kind": "package", "name": "7zip", "state": "absent"},
    "package_utorrent_gone": {"kind": "package", "name": "uTorrent", "version": "3.6.0"},
    "product_quicktime_gone": {
        "kind": "product",
        "code": "{FF59BD75-466A-4D5A-AD23-AAD87C5FD44C}",
        "name": "QuickTime 7",
    },
    "feature_tftp_client_off": {"kind": "feature", "name": "TFTP", "state": "present"},
    "task_clock": {"kind": "scheduled_task", "name": "Clock", "path": "\\Werkplek", "task": {"enabled": False}},
}
SMB_ON = {"kind": "feature", "name": "SMB1Protocol", "state": "present"}


@pytest.fixture(scope="module")
def factory_fresh(estate):
    """Nothing has run on the lab's hosts yet; the tests below depend on their order in this file."""
    return estate


def of_software(played, status):
    return {
        line.setting for line in played.summary.settings if line.status == status and line.setting.startswith(PREFIXES)
    }


def line_of(played, setting):
    (line,) = [line for line in played.summary.settings if line.setting == setting]
    return line


def test_check_mode_tells_what_it_would_do_and_touches_nothing(factory_fresh, play, workplaces):
    before = workplaces.dump(HOST)
    played = play(SITE, "--limit", HOST, "--check", "--diff")
    assert played.rc == 0, played.text
    assert workplaces.dump(HOST) == before
    assert of_software(played, "noncompliant") == FIRST_TIME
    assert "+package_utorrent_gone: <absent>" in played.text
    assert "-task_clock: <absent>" in played.text


def test_apply_changes_what_was_announced_and_the_second_run_nothing(factory_fresh, play, workplaces):
    applied = play(SITE, "--limit", HOST)
    assert applied.rc == 0, applied.text
    assert of_software(applied, "changed") == FIRST_TIME
    after = workplaces.dump(HOST)
    assert after["software"]["products"] == {}
    assert {"7zip", "adobereader", "keepassxc"} <= after["software"]["packages"].keys()
    second = play(SITE, "--limit", HOST)
    counts = second.summary.total.counts
    assert (second.rc, counts.changed, counts.failed, counts.compliant) == (0, 0, 0, counts.total), second.text
    assert workplaces.dump(HOST) == after


def test_a_host_that_is_as_wanted_costs_few_calls(factory_fresh, play, workplaces):
    before = workplaces.stats()["modules"]
    assert play(DRIFT, "--limit", HOST).rc == 0
    after = workplaces.stats()["modules"]
    assert {name: after[name] - before.get(name, 0) for name in after if after[name] > before.get(name, 0)} == {
        "ansible.legacy.windows_policy": 1,
        "chocolatey.chocolatey.win_chocolatey_facts": 1,
        "ansible.windows.win_optional_feature": 2,
        "ansible.windows.win_package": 2,
        "community.windows.win_scheduled_task": 3,
    }


def test_drift_is_found_exactly_and_repaired(factory_fresh, play, workplaces):
    workplaces.edit(HOST, list(EDITS.values()))
    broken = workplaces.dump(HOST)
    drift = play(DRIFT, "--limit", HOST)
    assert drift.rc == 2, drift.text
    assert workplaces.dump(HOST) == broken
    assert of_software(drift, "noncompliant") == set(EDITS)
    assert "found Enabled=False, wanted Enabled=True" in drift.text
    repair = play(SITE, "--limit", HOST)
    assert repair.rc == 0, repair.text
    assert of_software(repair, "changed") == set(EDITS)
    assert play(DRIFT, "--limit", HOST).rc == 0


def test_a_feature_that_waits_for_a_restart_says_so_until_it_has_had_one(factory_fresh, play, workplaces):
    workplaces.edit(HOST, [SMB_ON])
    for _ in range(2):
        played = play(SITE, "--limit", HOST)
        assert played.rc == 0, played.text
        assert of_software(played, "changed") == {"feature_smb1_off"}
        assert line_of(played, "feature_smb1_off").message == "a restart is needed"
    assert play(DRIFT, "--limit", HOST).rc == 2
    workplaces.edit(HOST, [{"kind": "restart"}])
    assert play(DRIFT, "--limit", HOST).rc == 0


def test_one_package_that_fails_hides_no_other(factory_fresh, play, workplaces, checkout):
    policy = checkout / "policies/workstation/windows/software.yml"
    wanted = policy.read_text().replace("{name: keepassxc}", "{name: nowhere-to-be-had}")
    policy.write_text(wanted.replace("{name: 7zip}", "{name: notepadplusplus}"))
    played = play(SITE, "--limit", HOST, root=checkout)
    assert played.rc == 2, played.text
    assert of_software(played, "failed") == {"package_password_safe"}
    assert of_software(played, "changed") == {"package_7zip"}
    assert "notepadplusplus" in workplaces.dump(HOST)["software"]["packages"]
    assert line_of(played, "package_password_safe").message == (
        "Error installing package(s) 'nowhere-to-be-had': nowhere-to-be-had not installed."
        " The package was not found with the source(s) listed."
    )


def test_a_feature_that_this_windows_lacks_is_no_failure(factory_fresh, play, workplaces, checkout):
    policy = checkout / "policies/workstation/windows/features.yml"
    policy.write_text(policy.read_text().replace("{name: SimpleTCP,", "{name: NoLongerThere,"))
    played = play(SITE, "--limit", HOST, "--check", root=checkout)
    assert played.rc == 0, played.text
    assert of_software(played, "unsupported") == {"feature_simple_tcp_services_off"}
    assert of_software(played, "failed") == set()


def test_a_waived_package_is_observed_and_left(factory_fresh, play, workplaces, checkout):
    workplaces.edit(HOST, [EDITS["package_utorrent_gone"]])
    today = datetime.now(UTC).date()
    (checkout / "policies/waivers.yml").write_text(
        "- id: torrents\n"
        "  settings: [package_utorrent_gone]\n"
        f"  scope: {{municipality: papendrecht, host: {HOST}}}\n"
        "  reason: Large public data sets come this way\n"
        "  not_applicable_because: One workplace, outside the network of the municipality\n"
        "  author: a.jansen\n"
        "  approver: b.devries\n"
        f"  approved: '{today}'\n"
        f"  until: '{today + timedelta(days=30)}'\n"
    )
    played = play(SITE, "--limit", HOST, root=checkout)
    assert played.rc == 0, played.text
    assert of_software(played, "waived") == {"package_utorrent_gone"}
    assert "uTorrent" in workplaces.dump(HOST)["software"]["packages"]
