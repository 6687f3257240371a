"""What the policies of Linux claim to take from a source equals what that source says."""

import re

from content_facts import Written
from content_linux import about, facts_of_linux, told

# id of a fact -> why it is no setting
LEFT_OUT = {
    "service_autofs_off": "the package is removed",
    "service_cron_on": "nothing of ours needs cron: a host without it is right",
}
# id of a fact -> the setting that holds it with others
JOINED = {
    "audit_at_boot": "kernel_arguments",
    "audit_backlog": "kernel_arguments",
    "apparmor_at_boot": "kernel_arguments",
}
# id -> why it does not say what the fact says
DEVIATIONS = {
    "audit_at_boot": "one line with the others",
    "audit_backlog": "one line with the others",
    "apparmor_at_boot": "one line with the others",
    "auditd_space_left_action": "there is no mail server; CIS accepts other actions",
    "faillock_deny": "five, as on Windows; CIS accepts at most five",
    "pwhistory_remember": "a whole file, the profile of pam-auth-update",
    "shell_timeout": "a whole file, so that the value is exported and read only",
    "sshd_login_grace_time": "the same time in the form that sshd shows it",
    "su_wheel": "the module's name is a part of the key, so that other lines of auth stay",
}
SOURCED = re.compile(r"CIS-|DEVSEC")
# id -> the fact whose control it serves too
FACT_OF = {
    "at_deny_gone": "mode_at_allow",
    "cron_deny_gone": "mode_cron_allow",
    "module_uas_off": "module_usb_storage_off",
    "package_dovecot_pop3d_absent": "package_dovecot_imapd_absent",
    "package_inetutils_telnet_absent": "package_telnet_absent",
    "session_usb_storage_off": "module_usb_storage_off",
    "su_group": "su_wheel",
}


def by_id(written: list[Written]) -> dict[str, Written]:
    """Settings of Linux by id; of two layers the first."""
    linux = [setting for setting in written if "/linux/" in setting.file]
    return {setting.id: setting for setting in reversed(linux)}


def test_every_fact_of_linux_is_a_setting_or_left_out_for_a_reason(written: list[Written]):
    known = by_id(written)
    missing = {name for name in facts_of_linux() if JOINED.get(name, name) not in known}
    assert missing == LEFT_OUT.keys()
    assert len(facts_of_linux()) - len(missing) == 210


def test_values_are_those_of_the_facts_of_linux(written: list[Written]):
    known = by_id(written)
    different = {
        name: (told(row), about(known[JOINED.get(name, name)]))
        for name, row in facts_of_linux().items()
        if name not in LEFT_OUT and told(row) != about(known[JOINED.get(name, name)])
    }
    assert different.keys() == DEVIATIONS.keys(), different


def test_all_arguments_of_the_kernel_are_in_the_one_line(written: list[Written]):
    value = by_id(written)["kernel_arguments"].body["value"]
    assert value == f'"{" ".join(facts_of_linux()[name]["value"] for name in JOINED)}"'


def test_controls_are_those_of_the_facts_of_linux(written: list[Written]):
    facts = facts_of_linux()
    for setting in (setting for setting in written if "/linux/" in setting.file):
        held = [name for name in facts if setting.id == JOINED.get(name, name)] or [FACT_OF.get(setting.id, "")]
        known = {control for name in held if name in facts for control in facts[name]["controls"].split(";")}
        assert [control for control in setting.controls if SOURCED.match(control) and control not in known] == [], (
            setting
        )


def test_what_the_facts_say_in_words_is_what_other_forms_hold(written: list[Written]):
    known = by_id(written)
    assert "pam_pwhistory.so remember=24 " in known["pwhistory_remember"].body["content"]
    assert known["shell_timeout"].body["content"] == "readonly TMOUT=900\nexport TMOUT\n"
    su = known["su_wheel"].body
    assert f"{su['key']}{su['separator']}{su['value']}" == "auth required pam_wheel.so use_uid group=nosugroup"
