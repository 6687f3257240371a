"""What the policies claim to take from a source equals what that source says."""

import re

from content_facts import Fact, Target, Written, claims, read_fact_ids, read_facts

SOURCED = re.compile(r"CIS-|MS-|HK-TLS")

# id -> why its value is not the one of the facts
DEVIATIONS = {
    "update_feature_defer_canary": "the first ring tries yearly updates before the others get them (BIO2 8.31.02)",
    "update_feature_defer_pilot": "the second ring tries them next",
    "update_quality_defer_pilot": "the rings wait for each other, and stay within a week (BIO2 8.08.01)",
    "update_quality_defer_broad": "the rings wait for each other, and stay within a week (BIO2 8.08.01)",
}
# id -> controls that the facts do not list there, each with the reason
ADDED_CONTROLS = {
    # the facts repeat the number of the setting before it; remote_credential_guard_allowed has 18.9.4.2
    "credssp_oracle_forced": {"CIS-W11:18.9.4.1"},
}
# Facts that are no policy: "What is left out, and why" in docs/content.md. laps_backup_directory is a municipality's.
LEFT_OUT = re.compile(
    r"bitlocker_os_(enhanced_pin|startup_authentication|tpm_.*)"
    r"|bitlocker_(fixed|removable)_(?!software_encryption).*"
    r"|device_(id_block_.*|lockout_threshold)"
    r"|onedrive_off|app_installer_off|standby_sleep_.*"
    r"|rdp_(incoming_off|disconnected_limit|webauthn_redirection_off|uia_redirection_off)"
    r"|uac_(admin_protection|enhanced_admin_prompt)"
    r"|right_batch_logon|private_key_prompt"
)


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
    facts = workplace_facts()
    different = {
        setting.id: (facts[target].value, value)
        for setting in written
        for target, value in claims(setting)
        if target in facts and facts[target].value != value
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


def test_only_what_the_documentation_lists_is_left_out(written: list[Written]):
    used = {target for setting in written for target, _ in claims(setting)}
    unused = {name for target, name in read_fact_ids("windows_11").items() if target not in used}
    assert [name for name in sorted(unused) if not LEFT_OUT.fullmatch(name)] == []
    assert [
        name for name in read_fact_ids("windows_11").values() if LEFT_OUT.fullmatch(name) and name not in unused
    ] == []
