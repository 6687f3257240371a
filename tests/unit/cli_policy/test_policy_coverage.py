"""Controls and the settings that evidence them, as far as those settings are enforced somewhere."""

import pytest
from policy_command_samples import PAPENDRECHT_LAYER, a_setting, repository

from werkplek.policy.coverage import coverage

CLAIM = "  controls: [CIS-W11:2.3.10.2, NIST:AC-2, NIST:AC-2(1), NIST:AC-10, OWN]\n"


def settings_by_control(changed=None):
    return {control.control: control.settings for one in coverage(repository(changed)) for control in one.controls}


def test_sources_with_their_controls():
    bio2, cis = coverage(repository())
    assert (bio2.prefix, bio2.title, bio2.listed, bio2.evidenced) == ("BIO2", "Baseline Overheid 1.3", True, 2)
    assert [(one.control, one.label, one.government, one.settings) for one in bio2.controls] == [
        ("BIO2:5.17.03", "Wachtwoorden", False, ("lockout",)),
        ("BIO2:8.01.02", "Hardenen", True, ("screen_lock",)),
        ("BIO2:8.15.01", "Loggen", False, ()),
    ]
    assert (cis.prefix, cis.title, cis.listed, cis.evidenced) == ("CIS-W11", "CIS Windows 11 4.0.0", True, 3)
    assert [(one.control, one.settings) for one in cis.controls] == [
        ("CIS-W11:2.3.7.3", ("screen_lock",)),
        ("CIS-W11:2.3.7.4", ("old_value",)),
        ("CIS-W11:2.3.10.1", ("advice",)),
        ("CIS-W11:2.3.10.2", ()),
    ]


def test_a_source_without_a_list_shows_what_is_used():
    changed = {"policies/baseline/more.yml": a_setting("more", 1, CLAIM) + a_setting("again", 1, CLAIM)}
    *_, nist, own = coverage(repository(changed))
    assert (nist.prefix, nist.title, nist.listed, nist.evidenced) == ("NIST", "", False, 3)
    assert [one.control for one in nist.controls] == ["NIST:AC-2", "NIST:AC-2(1)", "NIST:AC-10"]
    assert nist.controls[0].settings == ("again", "more")
    assert (own.prefix, [one.control for one in own.controls]) == ("OWN", ["OWN"])


EVERYWHERE = {
    "ignored": "  ignore: Not here\n",
    "replaced": (
        "  title: T\n  overrides: Other\n  docs: https://d.example/\n"
        "  account_policy: {name: ClearTextPassword, data: 1}\n"
    ),
}


@pytest.mark.parametrize("said", EVERYWHERE)
def test_what_a_later_layer_replaces_or_ignores_everywhere_is_no_evidence(said):
    later = f"- id: more\n{EVERYWHERE[said]}"
    changed = {
        "policies/baseline/more.yml": a_setting("more", 1, CLAIM),
        "policies/municipality/papendrecht.yml": PAPENDRECHT_LAYER + later,
    }
    assert settings_by_control(changed)["NIST:AC-2"] == ("more",)  # in zwijndrecht
    changed["policies/municipality/zwijndrecht.yml"] = later
    found = settings_by_control(changed)
    assert (found["CIS-W11:2.3.10.2"], "NIST:AC-2" in found) == ((), False)


def test_what_is_replaced_ring_by_ring_is_no_evidence():
    town = "- id: more\n  ignore: Here\n  on: {ring: [canary, pilot]}\n"
    changed = {
        "policies/baseline/more.yml": a_setting("more", 1, CLAIM),
        "policies/municipality/papendrecht.yml": PAPENDRECHT_LAYER + town,
        "policies/municipality/zwijndrecht.yml": "- id: more\n  ignore: Here\n",
    }
    assert settings_by_control(changed)["CIS-W11:2.3.10.2"] == ("more",)
    changed["policies/municipality/papendrecht.yml"] = PAPENDRECHT_LAYER + town.replace("pilot]", "pilot, broad]")
    assert settings_by_control(changed)["CIS-W11:2.3.10.2"] == ()


def test_a_choice_that_nobody_makes_is_no_evidence():
    changed = {"policies/workstation/more.yml": a_setting("more", 1, CLAIM + "  on: {choice: {laps: off}}\n")}
    assert settings_by_control(changed)["CIS-W11:2.3.10.2"] == ()


def test_waivers_end_and_do_not_count():
    assert settings_by_control()["BIO2:5.17.03"] == settings_by_control({"policies/waivers.yml": None})["BIO2:5.17.03"]
