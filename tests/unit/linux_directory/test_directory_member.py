"""A machine becomes a member, stays one, and is left alone where it must be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible.module_utils.linux_directory.engine import ensure
from ansible.module_utils.linux_directory.module import result
from ansible.module_utils.linux_policy.model import HostError
from ansible.module_utils.linux_policy.system import Done
from member_to_be import PASSWORD, WANTED, Account, Host, keytab

NO_PASSWORD = replace(WANTED, password="")
FILES = ["/etc/krb5.conf", "/etc/sssd/sssd.conf", "/usr/share/pam-configs/werkplek-home", "/etc/nsswitch.conf"]
FIRST = ["membership", *FILES, "PAM profile sss", "PAM profile werkplek-home", "sssd.service"]


@pytest.fixture
def host(tmp_path) -> Host:
    return Host(tmp_path)


@pytest.fixture
def member(host) -> Host:
    """A machine that is a member already."""
    ensure(WANTED, host.machine, check=False)
    host.commands.clear()
    return host


def changes(host: Host, wanted=NO_PASSWORD, check: bool = False) -> list[str]:
    return [change.what for change in ensure(wanted, host.machine, check).changes]


def tree(host: Host) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in host.root.rglob("*") if path.is_file()}


def test_a_machine_joins_with_all_that_belongs_to_it(host):
    assert changes(host, WANTED) == FIRST

    assert host.running
    assert host.has("etc/krb5.keytab")
    [join] = [words for words in host.said("adcli") if "join" in words.split()]
    assert "--domain-ou=OU=Kiosks,DC=ad,DC=example,DC=nl" in join
    assert "--domain-controller=dc1.ad.example.nl" in join


def test_a_member_is_left_alone_and_needs_no_password(member):
    before = tree(member)
    assert changes(member) == []
    assert tree(member) == before
    assert [words[0] for words, _ in member.commands] == ["adcli", "kinit", "systemctl"]


def test_check_mode_tells_and_touches_nothing(host):
    before = tree(host)
    assert changes(host, NO_PASSWORD, check=True) == FIRST
    assert (tree(host), host.running, host.accounts) == (before, False, {})


def test_the_password_is_told_to_adcli_alone_and_never_as_a_word_of_a_command(host):
    ensure(WANTED, host.machine, check=False)
    assert [words[:2] for words, text in host.commands if text] == [["adcli", "show-computer"], ["adcli", "join"]]
    assert not any(PASSWORD in word for words, _ in host.commands for word in words)
    assert not any(PASSWORD.encode() in content for content in tree(host).values())


def test_keys_of_other_services_stay(member):
    member.put("etc/krb5.keytab", keytab("nfs/kiosk-1.ad.example.nl"))
    assert changes(member, WANTED) == ["membership", "sssd.service"]
    assert b"nfs" in (member.root / "etc/krb5.keytab").read_bytes()


def lose_keytab(host: Host) -> None:
    (host.root / "etc/krb5.keytab").unlink()


def reset_account(host: Host) -> None:
    host.accounts["KIOSK-1"].number += 1


def delete_account(host: Host) -> None:
    host.accounts.clear()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lose_keytab, "there is no /etc/krb5.keytab"),
        (reset_account, "the directory has another password for this computer than its keytab"),
        (delete_account, "the directory has no account for this computer"),
    ],
)
def test_a_membership_that_was_lost_is_made_again(member, spoil, reason):
    spoil(member)

    [told, service] = ensure(NO_PASSWORD, member.machine, check=True).changes
    assert (told.before, service.what) == (f"not a member: {reason}\n", "sssd.service")

    assert changes(member, WANTED) == ["membership", "sssd.service"]
    assert changes(member) == []


def test_what_needs_no_join_is_mended_without_a_password(member):
    member.put("etc/sssd/sssd.conf", "[sssd]\n")
    member.put("etc/nsswitch.conf", "passwd: files\ngroup: files sss\n")
    member.put("etc/pam.d/common-auth", "# auth pam_sss.so\n")
    (member.root / "etc/krb5.keytab").chmod(0o644)

    assert changes(member) == [
        "/etc/sssd/sssd.conf",
        "/etc/nsswitch.conf",
        "/etc/krb5.keytab",
        "PAM profile sss",
        "sssd.service",
    ]
    assert changes(member) == []
    assert member.text("etc/nsswitch.conf") == "passwd: files sss\ngroup: files sss\n"


def stop(host: Host) -> None:
    host.running = False


def disable(host: Host) -> None:
    host.enabled = False


def start_before_its_files(host: Host) -> None:
    host.since = 1


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (stop, "it does not run"),
        (disable, "it is not enabled"),
        (start_before_its_files, "/etc/sssd/sssd.conf is newer than it"),
    ],
)
def test_sssd_runs_with_the_files_that_are_there(member, spoil, reason):
    spoil(member)
    [change] = ensure(NO_PASSWORD, member.machine, check=True).changes
    assert (change.what, change.before) == ("sssd.service", f"{reason}\n")
    assert changes(member) == ["sssd.service"]
    assert changes(member) == []


def refusal(host: Host, wanted=WANTED) -> str:
    """Why the engine refuses, which must leave every file as it is."""
    before = tree(host)
    with pytest.raises(HostError) as raised:
        ensure(wanted, host.machine, check=False)
    assert tree(host) == before
    return str(raised.value)


def test_a_join_without_password_is_refused(host):
    assert refusal(host, NO_PASSWORD) == "this machine must join ad.example.nl, and this run has no join_password"


def test_a_machine_of_another_domain_is_refused(host):
    host.put("etc/krb5.keytab", keytab("KIOSK-1$", realm="OTHER.EXAMPLE"))
    assert refusal(host) == (
        "this machine is joined to OTHER.EXAMPLE: /etc/krb5.keytab holds a key of KIOSK-1$@OTHER.EXAMPLE;"
        " leave it first"
    )


def test_a_machine_that_is_set_up_for_another_domain_is_refused(host):
    host.put("etc/sssd/sssd.conf", "[sssd]\ndomains = x\n[domain/x]\nid_provider = ipa\nipa_domain = Ipa.Example\n")
    assert refusal(host) == (
        "this machine is set up for the domain Ipa.Example, see /etc/sssd/sssd.conf; leave that first"
    )


def test_a_member_by_winbind_is_refused(host):
    (host.root / "etc/samba").mkdir()
    host.put("etc/samba/smb.conf", "[global]\n  security = ADS\n  realm = AD.EXAMPLE.NL\n")
    assert (
        refusal(host) == "this machine is winbind's member of AD.EXAMPLE.NL, see /etc/samba/smb.conf; leave that first"
    )


def test_a_file_that_is_no_keytab_is_not_written_over(host):
    host.put("etc/krb5.keytab", "not a keytab")
    assert refusal(host) == (
        "/etc/krb5.keytab is no keytab (it does not begin as a keytab of version 0x0502 does);"
        " take it away if nothing needs it"
    )


@pytest.mark.parametrize("name", ["kiosk_1", "a-name-of-more-than-fifteen", ""])
def test_a_host_name_that_no_account_can_have_is_refused(host, name):
    host.put("proc/sys/kernel/hostname", f"{name}\n")
    assert refusal(host) == (
        f"the host name is {name!r}; a computer account needs one of 1 to 15 letters, digits and hyphens"
    )


def test_an_account_that_was_disabled_is_not_enabled_by_joining(host):
    host.accounts["KIOSK-1"] = Account(control=69632 | 2)
    assert refusal(host).startswith("the directory has disabled the account of this computer; that is a person's")
    host.put("etc/krb5.keytab", keytab("KIOSK-1$", "host/kiosk-1.ad.example.nl"))
    assert refusal(host).startswith("the directory has disabled the account of this computer; that is a person's")
    assert not any("join" in words for words, _ in host.commands)


def test_check_mode_with_a_password_foresees_that_a_join_would_be_refused(host):
    host.accounts["KIOSK-1"] = Account(control=69632 | 2)
    assert changes(host, NO_PASSWORD, check=True) == FIRST
    with pytest.raises(HostError, match="disabled the account of this computer"):
        changes(host, WANTED, check=True)


def test_an_account_of_another_machine_is_not_taken(host):
    host.accounts["KIOSK-1"] = Account(owner="KIOSK-1.other.example.nl")
    assert refusal(host) == "the account KIOSK-1 of the directory is another machine's, kiosk-1.other.example.nl"


@pytest.mark.parametrize("owner", ["- not set -", "KIOSK-1.ad.example.nl"])
def test_an_account_that_waits_for_this_machine_is_taken(host, owner):
    host.accounts["KIOSK-1"] = Account(owner=owner)
    assert changes(host, WANTED) == FIRST


def test_a_directory_that_does_not_answer_is_no_reason_to_join(member):
    member.controller = False
    assert refusal(member) == (
        "no controller of ad.example.nl answers; look at this machine's DNS (SRV records of _ldap._tcp.ad.example.nl)"
        " and at ports 53, 88 and 389 (adcli: couldn't discover domain: ad.example.nl)"
    )


def test_a_clock_that_is_wrong_is_no_reason_to_join(member):
    member.broken["kinit -k"] = Done(1, "", "kinit: Clock skew too great while getting initial credentials\n")
    assert refusal(member) == (
        "the clock of this machine and that of the domain differ by more than five minutes"
        " (kinit: Clock skew too great while getting initial credentials)"
    )


def test_an_answer_that_nobody_knows_is_told_as_it_is(member):
    member.broken["kinit -k"] = Done(1, "", "kinit: Something new\n")
    assert refusal(member) == "kinit: Something new"


def test_a_password_that_is_refused_is_found_out_before_anything_changes(host):
    assert refusal(host, replace(WANTED, password="old")) == (
        "the directory does not take the password of svc-join"
        " (adcli: Couldn't authenticate as: svc-join@AD.EXAMPLE.NL: Preauthentication failed)"
    )


def test_the_machine_is_as_it_was_when_sssd_does_not_serve_after_a_join(host):
    host.knows_people = False
    assert refusal(host) == (
        "SSSD runs, and does not know the account svc-join after 20 seconds; this machine is as it was, and its account"
        " KIOSK-1 in the directory waits for the next join"
    )
    assert not host.running
    host.knows_people = True
    assert changes(host, WANTED) == FIRST


def test_a_member_has_its_former_file_back_when_sssd_does_not_start_with_the_new_one(member):
    member.put("etc/sssd/sssd.conf", "[sssd]\n# by hand\n")
    member.broken["systemctl enable"] = Done(1, "", "Failed to enable unit\n")
    assert refusal(member, NO_PASSWORD) == "`systemctl enable sssd.service` failed: Failed to enable unit"
    assert member.running


def test_what_pam_keeps_for_itself_is_told(host):
    host.broken["pam-auth-update --enable"] = Done(0, "", "")
    with pytest.raises(HostError) as raised:
        ensure(WANTED, host.machine, check=False)
    assert str(raised.value) == (
        "pam-auth-update did not put sss, werkplek-home in force: exit code 0 without a word; if /etc/pam.d/common-*"
        " hold changes made by hand, run `pam-auth-update --force` once"
    )


def test_without_programs_check_mode_says_that_the_directory_was_not_asked(member):
    (member.root / "usr/sbin/adcli").unlink()
    answer = ensure(NO_PASSWORD, member.machine, check=True)
    assert answer.changes == []
    assert answer.warnings == ["adcli and kinit are not both installed yet: the directory was not asked"]
    assert refusal(member) == "adcli and kinit are not both installed"


def test_a_snippet_that_may_undo_the_configuration_is_warned_of(member):
    (member.root / "etc/sssd/conf.d").mkdir()
    member.put("etc/sssd/conf.d/90-own.conf", "[sssd]\n")
    member.put("etc/sssd/conf.d/README", "")
    assert ensure(NO_PASSWORD, member.machine, check=False).warnings == [
        "/etc/sssd/conf.d/90-own.conf is read after sssd.conf and may undo what it says"
    ]


def test_the_answer_has_a_part_for_each_change_and_hides_what_a_file_kept_secret(member):
    member.put("etc/sssd/sssd.conf", "ldap_default_authtok = Geheim\n")
    answer = ensure(NO_PASSWORD, member.machine, check=True)
    found = result(answer, diff=True)
    assert (found["changed"], found["computer"]) == (True, "KIOSK-1")
    assert found["changes"] == ["/etc/sssd/sssd.conf", "sssd.service"]
    assert found["diff"][0]["before"] == "ldap_default_authtok = <hidden>\n"
    assert "diff" not in result(answer, diff=False)
