"""What the policies claim to take from a source equals what that source says."""

import re

import pytest
from content_facts import FACTS, Fact, Target, Written, claims, of_class, read_fact_ids, read_facts

from werkplek.policy.choices import Choices

SOURCED = re.compile(r"CIS-|MS-|HK-TLS")

# class -> id -> why its value is not the one of the facts, although it claims their controls
BY_CHOICE = {
    "laps_backup_entra": "a choice: the facts have Active Directory; CIS accepts both",
    "screen_lock_timeout": "a choice of at most what the facts have, which is its default",
}
BY_RING = {
    "update_feature_defer_canary": "the first ring tries yearly updates before the others get them (BIO2 8.31.02)",
    "update_feature_defer_pilot": "the second ring tries them next",
    "update_quality_defer_pilot": "the rings wait for each other, and stay within a week (BIO2 8.08.01)",
    "update_quality_defer_broad": "the rings wait for each other, and stay within a week (BIO2 8.08.01)",
}
DEVIATIONS = {
    "workstation": {**BY_CHOICE, **BY_RING},
    "vdi_host": {
        **BY_CHOICE,
        **BY_RING,
        "rdp_webauthn_redirection_off": "a choice: the facts let security keys in",
        "rds_disconnected_limit_short": "a choice: the facts have the working day; this is what CIS asks",
        "rds_idle_limit_short": "a choice: the facts have the working day; this is what CIS asks",
        "rds_printer_redirection_off": "a choice: the facts let printers in",
        "remote_registry_exact_paths": "the same paths as on workstations, where other letters are capitals",
    },
}
# id -> controls that the facts do not list there, each with the reason
ADDED_CONTROLS = {
    # the facts repeat the number of the setting before it; remote_credential_guard_allowed has 18.9.4.2
    "credssp_oracle_forced": {"CIS-W11:18.9.4.1"},
    # the facts have values only, and here the control asks for none
    "gpo_background_refresh_on": {"CIS-W11:18.9.19.7"},
    # the facts name these in a note: what CIS asks and the working day replaces
    "rds_disconnected_limit_short": {"CIS-WS2022:18.10.57.3.10.2"},
    "rds_idle_limit_short": {"CIS-WS2022:18.10.57.3.10.1"},
}
# id -> controls of the facts that it does not claim
LEFT_OUT_CONTROLS = {"credssp_oracle_forced": {"CIS-W11:18.9.3.1"}}  # of process_command_line_logged, see above
# Settings of all hosts that the facts of one class lack
SHARED_BY_CHOICE = {
    "edge_extensions_allowed": "the list to edge_extensions_blocked, which both have",
    "smb_client_encryption": "the facts of servers only have it; workstations had the choice before",
}


def facts_of(workplace_class: str) -> dict[Target, Fact]:
    return read_facts(*FACTS[workplace_class])


def test_settings_with_a_source_have_a_target_of_that_source(written: list[Written]):
    facts = set[Target]().union(*map(facts_of, FACTS))
    unknown = [
        f"{setting.file}: {setting.id}: {target}"
        for setting in written
        if "/windows/" in setting.file
        if any(SOURCED.match(control) for control in setting.controls)
        for target, _ in claims(setting)
        if target not in facts
    ]
    assert unknown == []


@pytest.mark.parametrize("workplace_class", FACTS)
def test_values_are_those_of_the_facts(written: list[Written], workplace_class: str):
    """But for the laxer answer to a choice, which claims no control."""
    facts = facts_of(workplace_class)
    different = {
        setting.id: (facts[target].value, value)
        for setting in of_class(written, workplace_class)
        for target, value in claims(setting)
        if target in facts and facts[target].value != value and not (setting.choice and not setting.controls)
    }
    assert different.keys() == DEVIATIONS[workplace_class].keys(), different


def test_what_all_hosts_have_is_in_the_facts_of_both(written: list[Written]):
    """And what is about the same thing in the same way on both is not said twice."""
    shared = [setting for setting in written if setting.file.startswith("baseline/windows/")]
    assert len(shared) > 480
    facts = [facts_of(workplace_class) for workplace_class in FACTS]
    own = [
        setting.id
        for setting in shared
        for target, _ in claims(setting)
        if not all(target in known for known in facts) and setting.id not in SHARED_BY_CHOICE
    ]
    assert own == []


def test_what_two_classes_have_alike_stands_once_for_all_hosts(written: list[Written]):
    meanings = [
        {
            (target, value, str(setting.head.get("on")))
            for setting in written
            if setting.file.startswith(f"{workplace_class}/windows/")
            for target, value in claims(setting)
        }
        for workplace_class in FACTS
    ]
    assert set.intersection(*meanings) == set()


def test_controls_are_those_of_the_facts(written: list[Written]):
    added: dict[str, set[str]] = {}
    for setting in (setting for setting in written if "/windows/" in setting.file):
        targets = [target for target, _ in claims(setting)]
        known = {
            control
            for facts in map(facts_of, FACTS)
            for target in targets
            if target in facts
            for control in facts[target].controls
        }
        if extra := {control for control in setting.controls if SOURCED.match(control)} - known:
            added[setting.id] = extra
    assert added == ADDED_CONTROLS


@pytest.mark.parametrize("workplace_class", FACTS)
def test_what_claims_a_value_claims_the_controls_that_ask_for_it(written: list[Written], workplace_class: str):
    """All of them: a control of either source is evidenced wherever the value is."""
    facts = facts_of(workplace_class)
    lacking = {
        setting.id: {control for control in facts[target].controls - {*setting.controls} if SOURCED.match(control)}
        for setting in of_class(written, workplace_class)
        if setting.controls
        for target, value in claims(setting)
        if target in facts and facts[target].value == value
    }
    assert {name: lack for name, lack in lacking.items() if lack - LEFT_OUT_CONTROLS.get(name, set())} == {}


def test_a_chosen_screen_lock_is_at_most_what_the_facts_have(written: list[Written]):
    (target,) = [target for setting in written if setting.id == "screen_lock_timeout" for target, _ in claims(setting)]
    field = Choices.model_fields["screen_lock_seconds"]
    assert {facts_of(name)[target].value for name in FACTS} == {("dword", field.default)}
    assert [item.le for item in field.metadata if hasattr(item, "le")] == [field.default]


@pytest.mark.parametrize("workplace_class", FACTS)
def test_every_fact_is_a_setting(written: list[Written], workplace_class: str):
    """For every municipality, or for those that choose it."""
    used = {target for setting in of_class(written, workplace_class) for target, _ in claims(setting)}
    assert [name for target, name in read_fact_ids(*FACTS[workplace_class]).items() if target not in used] == []
