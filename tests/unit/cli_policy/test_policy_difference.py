"""What is different between two policies, and how many hosts feel it."""

from collections import Counter
from dataclasses import replace

import pytest
from policy_command_samples import (
    DESK,
    PAPENDRECHT_LAYER,
    SCREEN,
    TODAY,
    WAIVERS,
    ZWIJNDRECHT,
    a_setting,
    facts,
    repository,
    swapped,
)

from werkplek.policy.difference import Change, WaiverChange, difference, waiver_difference

EXTRA = "policies/workstation/extra.yml"
HOSTS = {
    **{f"PAP-LT-{number}": facts() for number in range(1, 5)},
    "PAP-LT-5": facts(ring="canary"),
    "PAP-LT-6": facts(ring="canary", site="werf"),
    "PAP-LT-7": facts(ring="pilot", site="werf"),
    "PAP-DEB-1": facts(platform_lineage=("debian-13", "linux")),
    "PAP-VDI-1": facts(workplace_class="vdi_host", platform_lineage=("windows-server-2022", "windows")),
    "ZWD-LT-1": facts(municipality="zwijndrecht"),
    "ZWD-LT-2": facts(municipality="zwijndrecht", ring="canary"),
    "ROT-LT-1": facts(municipality="rotterdam"),
}


def compared(old=None, new=None, hosts=HOSTS, today=TODAY):
    return difference(repository(old), repository(new), hosts, today)


def counted(old=None, new=None, **more):
    """Hosts per municipality and class."""
    return {(one.municipality, one.workplace_class): one.hosts for one in compared(old, new, **more)}


def changes(old=None, new=None, **more):
    """Hosts per change, in short; of all classes of a municipality together."""
    found = Counter()
    for one in compared(old, new, **more):
        for change, hosts in one.changes.items():
            found[one.municipality, change.setting, change.kind, change.before, change.after] += hosts
    return found


def test_the_same_policy_is_no_difference():
    assert compared() == ()


def test_a_value_of_one_class():
    (found,) = compared(
        new=swapped("policies/vdi_host/sessions.yml", ("data: 60}", "data: 30}")), hosts={"a": HOSTS["PAP-VDI-1"]}
    )[:1]
    assert (found.municipality, found.workplace_class, found.hosts) == ("papendrecht", "vdi_host", 1)
    assert found.changes == {
        Change(
            setting="sessions",
            kind="changed",
            what=r"HKLM:\SOFTWARE\Sessions\Minutes",
            before="dword: 60",
            after="dword: 30",
            source="policies/vdi_host/sessions.yml:1",
        ): 1
    }
    assert [found.count(kind) for kind in ("added", "removed", "changed")] == [0, 0, 1]


def test_hosts_are_those_that_have_another_value():
    new = {"policies/baseline/screen.yml": SCREEN.replace("data: 5}", "data: 6}")}
    assert counted(new=new) == {
        ("papendrecht", "vdi_host"): 1,
        ("papendrecht", "workstation"): 7,  # not the one with Linux
        ("zwijndrecht", "vdi_host"): 0,
        ("zwijndrecht", "workstation"): 2,
    }
    only_elsewhere = {"policies/baseline/screen.yml": SCREEN.replace("data: 600}", "data: 601}")}
    assert counted(new=only_elsewhere) == {("zwijndrecht", "workstation"): 2}  # others override it


@pytest.mark.parametrize(
    ("scope", "hosts"),
    [
        ("{ring: canary}", 2),
        ("{ring: [canary, pilot]}", 3),
        ("{ring: pilot, site: werf}", 1),
        ("{site: werf}", 2),
        ("{platform: windows-11}", 7),
        ("{platform: windows-10}", 0),
        ("{site: nowhere}", 0),
        ("{choice: {laps: entra_id}}", 7),
    ],
)
def test_rings_sites_platforms_and_choices_are_counted(scope, hosts):
    found = changes(new={EXTRA: a_setting("extra", 1, f"  on: {scope}\n")})
    assert found["papendrecht", "extra", "added", "", "dword: 1"] == hosts


def test_a_host_counts_once_however_many_settings_change():
    extra = a_setting("one", 1) + a_setting("two", 1, "  on: {ring: canary}\n")
    (found, _) = compared(new={EXTRA: extra})
    assert (found.hosts, {change.setting: hosts for change, hosts in found.changes.items()}) == (
        7,
        {"one": 7, "two": 2},
    )


def test_changes_that_nobody_feels_are_told_with_no_hosts():
    found = changes(new={EXTRA: a_setting("extra", 1, "  on: {site: nieuw}\n")}, hosts={})
    assert found == {
        ("papendrecht", "extra", "added", "", "dword: 1"): 0,
        ("zwijndrecht", "extra", "added", "", "dword: 1"): 0,
    }


def test_a_setting_with_another_name_is_removed_and_added():
    found = compared(
        old={EXTRA: a_setting("old_name", 1)},
        new={EXTRA: a_setting("new_name", 1).replace("name: new_name", "name: old_name")},
    )
    assert [(change.setting, change.kind, hosts) for change, hosts in found[0].changes.items()] == [
        ("old_name", "removed", 7),
        ("new_name", "added", 7),
    ]
    assert found[0].hosts == 7


def test_a_removed_setting_stands_in_the_old_policy():
    (change,) = compared(old={EXTRA: "# one\n# two\n" + a_setting("extra", 1)})[0].changes
    assert (change.kind, change.before, change.after, change.source) == (
        "removed",
        "dword: 1",
        "",
        "policies/workstation/extra.yml:3",
    )


def test_titles_notes_reasons_and_lines_are_no_difference():
    new = {
        "policies/baseline/screen.yml": "# One more line\n"
        + SCREEN.replace("title: Lock the screen", "title: Lock it"),
        "policies/municipality/papendrecht.yml": PAPENDRECHT_LAYER.replace("The map desk needs one more", "Because"),
        "policies/workstation/desk.yml": DESK.replace("title: Open the intranet", "title: Open it\n  note: New"),
    }
    assert compared(new=new) == ()


def test_another_file_is_no_difference():
    first, rest = SCREEN.split("- id: lockout")
    new = {"policies/baseline/screen.yml": first, "policies/baseline/z.yml": "- id: lockout" + rest}
    assert compared(new=new) == ()


def test_what_is_ignored_is_removed_and_what_is_absent_is_changed():
    town = PAPENDRECHT_LAYER + "- id: lockout\n  ignore: Elsewhere\n- id: homepage\n  absent: Not wanted\n"
    old = {"policies/waivers.yml": None}
    assert changes(old, {**old, "policies/municipality/papendrecht.yml": town}) == {
        ("papendrecht", "lockout", "removed", "5", ""): 8,
        ("papendrecht", "homepage", "changed", "string: https://intranet.papendrecht.nl/", "absent"): 7,
    }


def test_a_municipalitys_values():
    new = swapped("municipalities/zwijndrecht.yml", ("homepage: https://intranet.", "homepage: https://nieuw."))
    assert changes(new=new) == {
        (
            "zwijndrecht",
            "homepage",
            "changed",
            "string: https://intranet.zwijndrecht.nl/",
            "string: https://nieuw.zwijndrecht.nl/",
        ): 2
    }


def test_a_choice_brings_its_settings():
    new = {"municipalities/zwijndrecht.yml": ZWIJNDRECHT + "choices: {laps: entra_id}\n"}
    assert changes(new=new) == {("zwijndrecht", "laps_entra", "added", "", "dword: 1"): 2}


def test_a_secrets_day():
    new = swapped("municipalities/papendrecht.yml", ("2026-05-01", "2026-06-10"))
    assert changes(new=new) == {
        (
            "papendrecht",
            "wifi",
            "changed",
            "string: {secret: wifi_key} of 2026-05-01",
            "string: {secret: wifi_key} of 2026-06-10",
        ): 7
    }


def without_zwijndrecht():
    waivers = WAIVERS.split("- id: summer")[0].replace("[papendrecht, zwijndrecht]", "papendrecht")
    return {"municipalities/zwijndrecht.yml": None, "policies/waivers.yml": waivers}


def test_a_municipality_that_is_new_or_gone():
    gone = compared(new=without_zwijndrecht())
    assert [(one.municipality, one.workplace_class, one.hosts) for one in gone] == [
        ("zwijndrecht", "vdi_host", 0),
        ("zwijndrecht", "workstation", 2),
    ]
    assert {change.kind for one in gone for change in one.changes} == {"removed"}
    new = compared(old=without_zwijndrecht())
    assert [(one.municipality, one.hosts) for one in new] == [("zwijndrecht", 0), ("zwijndrecht", 2)]
    assert {change.kind for one in new for change in one.changes} == {"added"}


def test_a_class_that_gets_its_first_settings_and_loses_them():
    without = {"policies/vdi_host/sessions.yml": None}
    key = "zwijndrecht", "sessions", "added", "", "dword: 60"
    host = {"ZWD-VDI-1": replace(HOSTS["PAP-VDI-1"], municipality="zwijndrecht")}
    assert changes(without, hosts=host)[key] == 1
    assert changes(new=without, hosts=host)["zwijndrecht", "sessions", "removed", "dword: 60", ""] == 1
    assert compared(new={"policies/network/empty.yml": "[]\n"}) == ()


def test_forms_that_read_the_same_are_told_apart():
    old = {EXTRA: a_setting("extra", '["a, b"]', kind="multistring")}
    new = {EXTRA: a_setting("extra", "[a, b]", kind="multistring")}
    (change,) = compared(old, new)[0].changes
    assert (change.kind, change.what, change.before, change.after) == (
        "changed",
        r"HKLM:\SOFTWARE\A\extra",
        '{"data": ["a, b"]}',
        '{"data": ["a", "b"]}',
    )


def test_another_object_of_the_same_setting():
    old = {EXTRA: a_setting("extra", 1)}
    new = {EXTRA: a_setting("extra", 2).replace("name: extra", "name: Other")}
    (change,) = compared(old, new)[0].changes
    assert change.what == r"HKLM:\SOFTWARE\A\extra -> HKLM:\SOFTWARE\A\Other"
    assert (change.before, change.after) == ("dword: 1", "dword: 2")


WAIVER = """\
- id: one
  settings: [lockout, homepage]
  scope: {{municipality: papendrecht{scope}}}
  reason: R
  author: A
  approver: B
  approved: 2026-06-15
  until: 2026-06-20
"""
NO_WAIVERS = {"policies/waivers.yml": None}


def waived(scope=""):
    return {"policies/waivers.yml": WAIVER.format(scope=scope)}


@pytest.mark.parametrize(
    ("scope", "desks", "sessions"),
    [
        ("", 7, 1),
        (", class: workstation", 7, None),
        (", ring: canary", 2, 0),
        (", site: werf", 2, 0),
        (", site: nieuw", 0, 0),
        (", platform: windows-11", 7, 0),
        (", host: [PAP-LT-1, PAP-LT-6]", 2, 0),
        (", host: [PAP-LT-1, PAP-LT-6], ring: canary", 1, 0),
        (", host: elsewhere", 0, 0),
    ],
)
def test_a_waiver_that_begins_is_felt_in_its_scope(scope, desks, sessions):
    found = counted(old=NO_WAIVERS, new=waived(scope))
    assert found.get(("papendrecht", "workstation")) == desks
    assert found.get(("papendrecht", "vdi_host")) == sessions
    assert counted(old=NO_WAIVERS, new=waived(scope), hosts={}).keys() == found.keys()


def test_waivers_count_as_they_stand_on_the_day():
    assert (
        changes(old=NO_WAIVERS, new=waived(", ring: canary"))["papendrecht", "lockout", "changed", "5", "5 (waived)"]
        == 2
    )
    assert compared(old=NO_WAIVERS, new=waived(), today="2026-06-14") == ()
    assert compared(old=NO_WAIVERS, new=waived(), today="2026-06-20") != ()
    assert compared(old=NO_WAIVERS, new=waived(), today="2026-06-21") == ()


def test_a_waiver_of_named_hosts_leaves_others_out_of_other_changes():
    new = {**waived(", host: PAP-LT-1"), EXTRA: a_setting("extra", 1)}
    found = changes(old=NO_WAIVERS, new=new)
    assert found["papendrecht", "lockout", "changed", "5", "5 (waived)"] == 1
    assert found["papendrecht", "extra", "added", "", "dword: 1"] == 7


def test_differences_are_sorted_and_the_same_each_time():
    new = {"policies/baseline/screen.yml": SCREEN.replace("data: 5}", "data: 6}")}
    found = compared(new=new)
    assert [(one.municipality, one.workplace_class) for one in found] == sorted(
        (one.municipality, one.workplace_class) for one in found
    )
    assert compared(new=new, hosts=dict(reversed(HOSTS.items()))) == found


def test_waivers_that_are_different_whatever_the_day():
    other = WAIVERS.replace("until: 2026-08-31", "until: 2026-09-30").replace("- id: past", "- id: passed")
    found = waiver_difference(repository(), repository({"policies/waivers.yml": other}))
    everywhere = "municipality papendrecht, zwijndrecht; site stadhuis"
    summer = "advice for municipality zwijndrecht; from 2026-07-01"
    assert found == (
        WaiverChange(
            "passed",
            "added",
            "",
            f"lockout for {everywhere}; from 2026-01-01 until 2026-06-14",
            "policies/waivers.yml:18",
        ),
        WaiverChange(
            "past",
            "removed",
            f"lockout for {everywhere}; from 2026-01-01 until 2026-06-14",
            "",
            "policies/waivers.yml:18",
        ),
        WaiverChange(
            "summer", "changed", f"{summer} until 2026-08-31", f"{summer} until 2026-09-30", "policies/waivers.yml:26"
        ),
    )


def test_reasons_and_people_of_a_waiver_are_no_difference():
    other = WAIVERS.replace("Holidays", "Summer").replace("A. Jansen", "B. Visser")
    assert waiver_difference(repository(), repository({"policies/waivers.yml": other})) == ()
