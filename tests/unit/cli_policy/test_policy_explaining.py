# ruff: noqa: E501 - settings and problems are quoted whole
"""One setting for one host: who won, who lost and why, what is not for it and why, and what decided."""

import pytest
from policy_command_samples import (
    DESK,
    PAPENDRECHT,
    PAPENDRECHT_LAYER,
    SCREEN,
    TODAY,
    VDI,
    ZWIJNDRECHT,
    a_setting,
    facts,
    repository,
    swapped,
)

from werkplek.errors import WerkplekError
from werkplek.policy.provenance import Asked, explain

LAYER = "policies/municipality/papendrecht.yml"


def asked(host="", record=None, today=TODAY, **more):
    return Asked(facts(**more).combination, today, host, record or {})


def explained(name, *, changed=None, **more):
    return explain(repository(changed), asked(**more), name)


def told(found):
    """Each statement in short: role, source, what it says, why not."""
    return [(one.role, one.source, one.says, one.why_not) for one in found.statements]


def test_a_later_layer_wins_and_says_why():
    found = explained("screen_lock")
    assert (found.id, found.title, found.note, found.state) == ("screen_lock", "Lock the screen sooner", "", "enforced")
    assert [tuple(value) for value in found.values] == [("screen_lock", r"HKLM:\SOFTWARE\Screen\Timeout", "dword: 300")]
    assert told(found) == [
        ("loser", "policies/baseline/screen.yml:1", "sets", ""),
        ("not here", "policies/vdi_host/sessions.yml:5", "overrides", "for class vdi_host"),
        ("winner", "policies/municipality/papendrecht.yml:1", "overrides", ""),
    ]
    loser, _, winner = found.statements
    assert (loser.layer, loser.lines, loser.reason, loser.values[0].value) == ("baseline", (1, 5), "", "dword: 600")
    assert (winner.layer, winner.reason) == ("municipality/papendrecht", "People come in from the street")
    assert winner.lines == (1, 8)


def test_elsewhere_another_wins():
    found = explained("screen_lock", municipality="zwijndrecht", workplace_class="vdi_host")
    assert found.title == "Lock the screen of a session"
    assert told(found) == [
        ("loser", "policies/baseline/screen.yml:1", "sets", ""),
        ("winner", "policies/vdi_host/sessions.yml:5", "overrides", ""),
        ("not here", "policies/municipality/papendrecht.yml:1", "overrides", "for municipality papendrecht"),
    ]


def test_of_three_layers_two_lose():
    found = explained("screen_lock", workplace_class="vdi_host")
    assert [one.role for one in found.statements] == ["loser", "loser", "winner"]


def test_lists_that_were_joined_are_no_losers():
    found = explained("extensions")
    assert [value.value for value in found.values] == ["list: base_one, own_three"]
    assert told(found) == [
        ("joined", "policies/workstation/desk.yml:5", "sets", ""),
        ("winner", "policies/municipality/papendrecht.yml:9", "merges", ""),
    ]
    assert [one.values[0].value for one in found.statements] == [
        "list: base_one, base_two",
        "list: base_one, own_three",
    ]
    assert found.statements[1].reason == "The map desk needs one more"


def test_joined_lists_bring_the_values_that_they_refer_to():
    changed = {
        **swapped("policies/workstation/desk.yml", ("[base_one, base_two]", "[{from: municipality.name}, base_two]")),
    }
    found = explained("extensions", changed=changed)
    assert ("municipality.name", "Papendrecht", "municipalities/papendrecht.yml:3:7") in [
        (used.reference, used.value, used.source) for used in found.used
    ]


def test_what_is_absent_or_ignored_says_so():
    absent, ignored = explained("old_value"), explained("advice")
    assert (absent.state, [value.value for value in absent.values]) == ("enforced", ["absent"])
    assert told(absent)[1] == ("winner", "policies/municipality/papendrecht.yml:15", "absent", "")
    assert absent.statements[1].reason == "The image holds it no more"
    assert (ignored.state, ignored.values, ignored.title) == ("ignored", (), "Give no advice")
    assert told(ignored) == [
        ("loser", "policies/baseline/screen.yml:15", "sets", ""),
        ("winner", "policies/municipality/papendrecht.yml:17", "ignore", ""),
    ]


RING = swapped("policies/municipality/papendrecht.yml", ("  docs: https://docs.example/lock\n", "  docs: https://docs.example/lock\n  on: {ring: canary}\n"))  # fmt: skip


def test_a_later_layer_for_another_ring_loses_nothing():
    found = explained("screen_lock", changed=RING)
    assert told(found)[0][0] == "winner"
    assert told(found)[2] == (
        "not here",
        "policies/municipality/papendrecht.yml:1",
        "overrides",
        "for ring canary; here it is broad",
    )


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("  on: {platform: windows-10}\n", "for platform windows-10; here it is windows-11 < windows"),
        ("  on: {ring: [canary, pilot]}\n", "for ring canary, pilot; here it is broad"),
        ("  on: {site: werf}\n", "for site werf; here it is stadhuis"),
        ("  on: {site: werf, ring: pilot}\n", "for ring pilot; here it is broad; for site werf; here it is stadhuis"),
        (
            "  on: {choice: {laps: [off, active_directory]}}\n",
            "for choice laps = off, active_directory; here it is entra_id",
        ),
        ("  on: {choice: {onedrive: false}}\n", "for choice onedrive = false; here it is true"),
        (
            "  on: {choice: {onedrive: false, laps: off}}\n",
            "for choice onedrive = false; here it is true; for choice laps = off; here it is entra_id",
        ),
    ],
)
def test_a_setting_that_is_not_for_a_host_says_why(more, why):
    found = explained("extra", changed={"policies/workstation/extra.yml": a_setting("extra", 1, more)})
    assert (found.state, found.values, found.title) == ("not for this host", (), "A value")
    assert told(found) == [("not here", "policies/workstation/extra.yml:1", "sets", why)]


def test_a_host_without_a_site():
    found = explained("town_hall", site="")
    assert told(found)[0][3] == "for site stadhuis; here it is none"


def test_each_entry_says_why_on_its_own():
    changed = {
        "policies/workstation/extra.yml": a_setting("extra", 1, "  on: {ring: pilot}\n"),
        "policies/municipality/papendrecht.yml": PAPENDRECHT_LAYER
        + a_setting("extra", 2, "  overrides: Here\n  on: {ring: pilot, site: werf}\n"),
        "policies/municipality/zwijndrecht.yml": a_setting("extra", 3, "  overrides: There\n"),
    }
    found = explained("extra", changed=changed)
    assert found.state == "not for this host"
    assert [why for *_, why in told(found)] == [
        "for ring pilot; here it is broad",
        "for ring pilot; here it is broad; for site werf; here it is stadhuis",
        "for municipality zwijndrecht",
    ]


def test_a_municipality_without_an_earlier_layer():
    changed = {
        "policies/workstation/extra.yml": a_setting("extra", 1, "  on: {choice: {laps: off}}\n"),
        "policies/municipality/papendrecht.yml": PAPENDRECHT_LAYER + a_setting("extra", 2, "  overrides: Here\n"),
    }
    found = explained("extra", changed=changed)
    assert told(found)[1] == (
        "not here",
        "policies/municipality/papendrecht.yml:19",
        "overrides",
        "no earlier layer sets it here",
    )


def test_another_system():
    found = explained("screen_lock", workplace_class="network", platform_lineage=("ios", "network_os"))
    assert [why for *_, why in told(found)] == [
        "for windows, which network is not",
        "for class vdi_host",
        "for windows, which network is not",
    ]
    linux = explained("lockout", platform_lineage=("debian-13", "linux"))
    assert told(linux)[0][3] == "for platform windows; here it is debian-13 < linux"


def test_two_settings_on_one_line_are_told_apart():
    one = "{id: %s, title: T, docs: 'https://d.example/', account_policy: {name: %s, data: 1}}"
    line = f"[{one % ('a', 'PasswordComplexity')}, {one % ('b', 'ClearTextPassword')}]\n"
    layer = "[{id: a, ignore: Not here}]\n"
    sample = repository({"policies/baseline/line.yml": line, "policies/municipality/zwijndrecht.yml": layer})
    town = Asked(facts(municipality="zwijndrecht").combination, TODAY)
    assert (explain(sample, town, "a").state, explain(sample, town, "b").state) == ("ignored", "enforced")
    assert [one.role for one in explain(sample, town, "b").statements] == ["winner"]


def test_one_item_of_a_list():
    found = explained("printer[hal-02]")
    assert [tuple(value) for value in found.values] == [
        (
            "printer[hal-02]",
            r"HKCU:\Printers\,,print.papendrecht.nl,PAP-HAL\Server",
            r"string: \\print.papendrecht.nl",
        )
    ]
    assert [value.id for value in explained("printer").values] == ["printer[balie-01]", "printer[hal-02]"]


def test_an_item_that_only_another_municipality_has():
    town = ZWIJNDRECHT + "printers: [{name: zaal, server: p.zwijndrecht.nl, queue: Z}]\n"
    found = explained("printer[zaal]", changed={"municipalities/zwijndrecht.yml": town})
    assert found.state == "not for this host"
    assert told(found)[0][3] == "for each of municipality.printers, which has no 'zaal' here"


def test_a_list_that_is_empty_here():
    found = explained("printer", municipality="zwijndrecht")
    assert found.state == "not for this host"
    assert told(found) == [
        (
            "winner",
            "policies/workstation/desk.yml:9",
            "sets",
            "for each of municipality.printers, which has nothing here",
        )
    ]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("screen_lok", "policies/: found no setting 'screen_lok'; expected the id of a setting. Did you mean 'screen_lock'?"),
        (
            "printer[hal-03]",
            "policies/workstation/desk.yml:9: found no setting 'printer[hal-03]'; expected 'printer', or one of it for an"
            " item of its list. Did you mean 'printer[hal-02]'?",
        ),
        ("lockout[x]", "policies/baseline/screen.yml:6: found no setting 'lockout[x]'; expected 'lockout'"),
        ("printer[", "policies/workstation/desk.yml:9: found no setting 'printer['; expected 'printer', or one of it for an"
         " item of its list. Did you mean 'printer[hal-02]'?"),
    ],
)  # fmt: skip
def test_an_unknown_setting(name, line):
    with pytest.raises(WerkplekError) as caught:
        explained(name)
    assert str(caught.value) == f"No such setting.\n  {line}"


def test_an_unknown_municipality():
    with pytest.raises(WerkplekError) as caught:
        explained("lockout", municipality="papendregt")
    assert str(caught.value) == (
        "No such policy.\n  'papendregt': found nothing of that name; expected one of: papendrecht, zwijndrecht."
        " Did you mean 'papendrecht'?"
    )


def standing(found):
    return [(one.entry.id, one.state, one.source) for one in found.waivers]


def test_a_waiver_in_force():
    found = explained("screen_lock", ring="canary")
    assert (found.state, standing(found)) == ("waived", [("street_test", "in force", "policies/waivers.yml:1")])
    assert [value.value for value in found.values] == ["dword: 300"]
    assert explained("screen_lock", ring="canary", today="2026-07-15").state == "waived"


def test_a_waiver_that_has_ended_or_not_begun_leaves_it_enforced():
    ended = explained("screen_lock", ring="canary", today="2026-07-16")
    assert (ended.state, standing(ended)) == ("enforced", [("street_test", "ended", "policies/waivers.yml:1")])
    before = explained("advice", municipality="zwijndrecht")
    assert (before.state, standing(before)) == ("enforced", [("summer", "not begun", "policies/waivers.yml:26")])


def test_a_waiver_for_named_hosts():
    found = explained("lockout", host="PAP-LT-3")
    assert (found.state, standing(found)) == (
        "waived",
        [("one_desk", "in force", "policies/waivers.yml:10"), ("past", "ended", "policies/waivers.yml:18")],
    )
    assert explained("lockout", host="PAP-LT-1").state == "enforced"
    assert standing(explained("lockout")) == [("past", "ended", "policies/waivers.yml:18")]


def test_a_waiver_waives_nothing_of_what_is_not_here():
    waiver = (
        "- id: one\n  settings: [town_hall, early]\n  scope: {municipality: papendrecht}\n  reason: R\n"
        "  author: A\n  approver: B\n  approved: 2026-06-01\n  until: 2026-07-01\n"
    )
    changed = {"policies/waivers.yml": waiver}
    assert explained("early", changed=changed).state == "not for this host"
    assert explained("town_hall", changed=changed).state == "waived"


def test_controls_and_documents():
    found = explained("screen_lock", municipality="zwijndrecht")
    assert [tuple(control) for control in found.controls] == [
        ("BIO2:8.01.02", "Hardenen", True),
        ("CIS-W11:2.3.7.3", "", False),
    ]
    assert [tuple(page) for page in found.documents] == [("CIS Windows 11 4.0.0", "https://cis.example/")]
    assert [tuple(page) for page in explained("lockout").documents] == [("", "https://docs.example/lockout")]


FACTS = [
    ("municipality", "papendrecht", "URL"),
    ("class", "workstation", "URL"),
    ("platform", "windows-11 < windows", "URL"),
    ("ring", "broad", "URL"),
    ("site", "stadhuis", "URL"),
]


def used(found):
    return [(one.reference, one.value, one.source) for one in found.used]


def test_the_registry_facts_that_decided():
    found = explained("lockout", host="PAP-LT-1", record={"url": "URL"})
    assert used(found) == FACTS
    assert {one.source for one in explained("lockout").used} == {"as asked"}
    assert {one.source for one in explained("lockout", record={"id": 1}).used} == {"the registry"}


def test_values_of_the_municipality_and_where_they_stand():
    assert used(explained("homepage"))[5:] == [
        ("municipality.desktop.homepage", "https://intranet.papendrecht.nl/", "municipalities/papendrecht.yml:7:13")
    ]
    assert used(explained("printer[hal-02]"))[5:] == [
        ("item.connection_key", ",,print.papendrecht.nl,PAP-HAL", "municipalities/papendrecht.yml:14:5"),
        ("item.unc_server", r"\\print.papendrecht.nl", "municipalities/papendrecht.yml:14:5"),
    ]
    assert used(explained("printer"))[5] == (
        "item.connection_key",
        "each item's own",
        "municipalities/papendrecht.yml:13:3",
    )


def test_a_list_and_a_derived_value():
    data = a_setting("tabs", "{from: municipality.desktop.start_pages}", kind="multistring") + a_setting(
        "search", "{from: municipality.network.dns_search_text}", kind="string"
    )
    changed = {"policies/workstation/extra.yml": data}
    assert used(explained("tabs", changed=changed))[5:] == [
        (
            "municipality.desktop.start_pages",
            "https://intranet.papendrecht.nl/, https://www.papendrecht.nl/",
            "municipalities/papendrecht.yml:8:16",
        )
    ]
    assert used(explained("search", changed=changed))[5:] == [
        (
            "municipality.network.dns_search_text",
            "papendrecht.nl,drechtsteden.nl",
            "municipalities/papendrecht.yml:11:10",
        )
    ]


def test_the_registry_value_of_one_host():
    found = explained("asset_tag", host="PAP-LT-1", record={"url": "URL", "asset_tag": "TAG-1"})
    assert [value.value for value in found.values] == ["string: TAG-1"]
    assert used(found)[5:] == [("registry.asset_tag", "TAG-1", "URL")]
    assert used(explained("asset_tag"))[5:] == [("registry.asset_tag", "each host's own", "the registry")]
    assert used(explained("asset_tag", host="x", record={"url": "URL"}))[5:] == [("registry.asset_tag", "none", "URL")]


def test_a_secret_is_its_name_and_day():
    found = explained("wifi", host="PAP-LT-1", record={"url": "URL", "wifi_key": "hunter2"})
    assert [value.value for value in found.values] == ["string: {secret: wifi_key} of 2026-05-01"]
    assert used(found)[5:] == [
        ("{secret: wifi_key}", "last changed 2026-05-01", "municipalities/papendrecht.yml:16:21")
    ]
    assert "hunter2" not in repr(found)


ABOUT = "Where passwords of local administrators are kept"


def test_choices_are_told_whether_they_hold_or_not():
    here, there = explained("laps_entra"), explained("laps_entra", municipality="zwijndrecht")
    choice = here.used[5]
    assert (choice.reference, choice.value, choice.source, choice.about) == (
        "choice laps",
        "entra_id",
        "municipalities/papendrecht.yml:15:17",
        ABOUT,
    )
    choice = there.used[5]
    assert (choice.reference, choice.value, choice.source, choice.about) == (
        "choice laps",
        "active_directory",
        "municipalities/zwijndrecht.yml leaves it out: the default",
        ABOUT,
    )


def test_a_choice_of_a_number_is_a_value():
    changed = {"policies/workstation/extra.yml": a_setting("pin", "{from: municipality.choices.bitlocker_pin_length}")}
    assert used(explained("pin", changed=changed))[5:] == [
        (
            "municipality.choices.bitlocker_pin_length",
            "6",
            "municipalities/papendrecht.yml leaves it out: the default",
        )
    ]


def test_the_sample_is_what_these_tests_take_it_for():
    assert (SCREEN.count("- id:"), DESK.count("- id:"), VDI.count("- id:"), PAPENDRECHT.count("name:")) == (4, 8, 2, 3)
