"""What the policies claim to take from a source equals what that source says."""

import re

import pytest
from content_facts import Fact, Target, Written, claims, read_fact_ids, read_facts

from werkplek.policy.choices import Choices

SOURCED = re.compile(r"CIS-|MS-|HK-TLS")

# id -> why its value is not the one of the facts, although it claims their controls
DEVIATIONS = {
    "laps_backup_entra": "a choice: the facts have Active Directory; CIS accepts both",
    "screen_lock_timeout": "a choice of at most what the facts have, which is its default",
    "update_feature_defer_canary": "the first ring tries yearly updates before the others get them (BIO2 8.31.02)",
    "update_feature_defer_pilot": "the second ring tries them next",
    "update_quality_defer_pilot": "the rings wait for each other, and stay within a week (BIO2 8.08.01)",
    "update_quality_defer_broad": "the rings wait for each other, and stay within a week (BIO2 8.08.01)",
}
# id -> controls that the facts do not list there, each with the reason
ADDED_CONTROLS = {
    # the facts repeat the number of the setting before it; remote_credential_guard_allowed has 18.9.4.2
    "credssp_oracle_forced": {"CIS-W11:18.9.4.1"},
    # the facts have values only, and here the control asks for none
    "gpo_background_refresh_on": {"CIS-W11:18.9.19.7"},
}


def workplace_facts() -> dict[Target, Fact]:
    return read_facts("windows_apps", "windows_11")


def test_settings_with_a_source_have_a_target_of_that_source(written: list[Written]):
    facts = workplace_facts()
    unknown = [
        f"{setting.file}: {setting.id}: {target}"
        for setting in written
        if any(SOURCED.match(control) for control in setting.controls)
        for target, _ in claims(setting)
        if target not in facts
    ]
    assert unknown == []


def test_values_are_those_of_the_facts(written: list[Written]):
    """But for the laxer answer to a choice, which claims no control."""
    facts = workplace_facts()
    different = {
        setting.id: (facts[target].value, value)
        for setting in written
        for target, value in claims(setting)
        if target in facts and facts[target].value != value and not (setting.choice and not setting.controls)
    }
    assert different.keys() == DEVIATIONS.keys(), different


def test_baseline_settings_hold_on_servers_too(written: list[Written]):
    """What a session host shares with a workstation has the same value in the server's facts."""
    facts = read_facts("windows_apps", "windows_server_rds")
    baseline = [setting for setting in written if setting.file.startswith("baseline/")]
    assert len(baseline) > 80
    different = [
        setting.id
        for setting in baseline
        for target, value in claims(setting)
        if target not in facts or facts[target].value != value
    ]
    assert different == []


def test_controls_are_those_of_the_facts(written: list[Written]):
    workplace, server = workplace_facts(), read_facts("windows_server_rds")
    added: dict[str, set[str]] = {}
    for setting in written:
        targets = [target for target, _ in claims(setting)]
        known = {
            control
            for facts in (workplace, server)
            for target in targets
            if target in facts
            for control in facts[target].controls
        }
        if extra := {control for control in setting.controls if SOURCED.match(control)} - known:
            added[setting.id] = extra
    assert added == ADDED_CONTROLS


def test_a_chosen_screen_lock_is_at_most_what_the_facts_have(written: list[Written]):
    (target,) = [target for setting in written if setting.id == "screen_lock_timeout" for target, _ in claims(setting)]
    field = Choices.model_fields["screen_lock_seconds"]
    assert workplace_facts()[target].value == ("dword", field.default)
    assert [item.le for item in field.metadata if hasattr(item, "le")] == [field.default]


@pytest.mark.parametrize("facts", ["windows_11", "windows_apps"])
def test_every_fact_of_the_baseline_is_a_setting(written: list[Written], facts: str):
    """For every municipality, or for those that choose it."""
    used = {target for setting in written for target, _ in claims(setting)}
    assert [name for target, name in read_fact_ids(facts).items() if target not in used] == []
