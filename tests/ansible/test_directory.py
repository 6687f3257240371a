"""The role directory_member against a real domain controller: Samba AD in the lab, two Debians that become members.

Takes one and a half to three minutes, by how busy the machine is, once the images are built.
WERKPLEK_TEST_LONG=1 runs it.
"""

from __future__ import annotations

import base64
import json
import os
import re
import stat
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import Played, runner
from debian_hosts import ssh
from process_lists import command_lines

from werkplek.lab.linux import control, directory, estate
from werkplek.lab.linux.model import LinuxFiles, LinuxLab
from werkplek.lab.linux.nspawn import Nspawn

TRIXIE, BOOKWORM, CONTROLLER = "DRD-KS-0001", "PAP-KS-0001", directory.HOST.name
MEMBERS = (TRIXIE, BOOKWORM)
REALM = directory.DOMAIN.upper()
# What a membership is made of, by its sums.
TRACES = """cd /etc; sha256sum krb5.keytab krb5.conf sssd/sssd.conf 2>&1; grep pam_mkhomedir pam.d/common-session
systemctl is-active sssd.service; true"""
PLAYBOOK = """\
- name: Members
  hosts: linux
  gather_facts: false
  roles: [directory_member]
"""
VARIABLES = {
    "directory_member_domain": directory.DOMAIN,
    "directory_member_join_account": directory.JOINER,
    "directory_member_computer_ou": directory.WORKPLACES,
    "directory_member_permitted_groups": [directory.PEOPLE],
}
# A keytab with one entry, of a machine in another domain (MIT Kerberos, "The keytab file format").
ELSEWHERE = b"\5\2\0\0\0\x2d\0\1\0\x0aEXAMPLE.NL\0\x0cDRD-KS-0001$\0\0\0\1\0\0\0\0\2\0\x12\0\4abcd"


def reason_to_skip() -> str:
    if os.environ.get("WERKPLEK_TEST_LONG", "0") == "0":
        return "takes minutes on real hosts: WERKPLEK_TEST_LONG=1 runs it"
    return "; ".join(Nspawn().lacks())


pytestmark = pytest.mark.skipif(bool(reason_to_skip()), reason=reason_to_skip() or "never")


@pytest.fixture(scope="module")
def raised(tmp_path_factory) -> Iterator[SimpleNamespace]:
    """Two members to be and their controller, and every command line that was seen while they came up."""
    state = tmp_path_factory.mktemp("directory")
    with command_lines(every=0.1) as seen:
        lab = control.up(state, (*estate.hosts(2, 0), directory.HOST), directory.BACKEND)
    yield SimpleNamespace(lab=lab, seen=seen)
    control.down(state)


@pytest.fixture(scope="module")
def lab(raised) -> LinuxLab:
    return raised.lab


@pytest.fixture(scope="module")
def accounts(lab) -> dict[str, str]:
    """Passwords by account."""
    return json.loads(directory.accounts_file(lab.state).read_bytes())


@pytest.fixture(scope="module")
def leaks() -> list[str]:
    """Where a password was seen, over all runs of this file."""
    return []


@pytest.fixture(scope="module")
def join(lab, accounts, leaks, tmp_path_factory):
    """Plays the role: `join(*arguments, password=..., **variables)`, as loud as can be, and looks for passwords."""
    folder = tmp_path_factory.mktemp("play")
    (playbook := folder / "members.yml").write_text(PLAYBOOK)
    play = runner(lab.registry, folder)

    def run(*arguments: str, password: str = "", **variables: object) -> Played:
        values = folder / "values.json"
        values.write_text(json.dumps({**VARIABLES, "directory_member_join_password": password, **variables}))
        with command_lines(every=0.1) if password else nullcontext(set()) as seen:
            played = play(
                str(playbook), "-e", f"@{values}", "-vvv", "--diff", *arguments, ANSIBLE_CALLBACK_RESULT_FORMAT="json"
            )
        values.unlink()
        places = {"what was printed": played.text.encode(), "a process list": b"\n".join(seen)}
        places |= {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        secrets = [secret.encode() for secret in accounts.values()]
        leaks.extend(place for place, text in places.items() if any(secret in text for secret in secrets))
        return played

    return run


def everywhere(lab: LinuxLab, script: str) -> dict[str, str]:
    with ThreadPoolExecutor() as pool:
        return dict(zip(MEMBERS, pool.map(lambda host: ssh(lab, host, script), MEMBERS), strict=True))


def changed(played: Played) -> dict[str, int]:
    """Changes by host."""
    recap = re.findall(r"^(\S+) +: ok=\d+ +changed=(\d+) +unreachable=0 +failed=0", played.text, re.MULTILINE)
    return {host: int(number) for host, number in recap}


def answer(played: Played, host: str) -> dict[str, Any]:
    """What the module answered for a host."""
    found = re.findall(rf"^(?:changed|ok|fatal): \[{host}\](?:: FAILED!)? => (?=\{{)", played.text, re.MULTILINE)
    start = played.text.rindex(found[-1]) + len(found[-1])
    return json.JSONDecoder().raw_decode(played.text[start:])[0]


def on_controller(lab: LinuxLab, *command: str) -> None:
    ssh(lab, CONTROLLER, f"samba-tool {' '.join(command)} 2>&1")


@pytest.fixture(scope="module")
def person(lab, accounts, tmp_path_factory):
    """Signs somebody in over SSH with a password, to run a command: `person(name, host, command, password=...)`."""
    folder = tmp_path_factory.mktemp("askpass")
    ask, secret = folder / "ask", folder / "secret"
    ask.write_text('#!/bin/sh\nexec cat "$SECRET_FILE"\n')
    ask.chmod(0o700)

    def run(name: str, host: str, command: str, password: str = "") -> SimpleNamespace:
        secret.write_text(password or accounts[name])
        address = next(one.address for one in lab.hosts if one.name == host)
        options = ["PreferredAuthentications=password", "PubkeyAuthentication=no", "NumberOfPasswordPrompts=1"]
        options.append(f"UserKnownHostsFile={LinuxFiles(lab.state).known_hosts}")
        words = [
            "ssh",
            "-F",
            "none",
            *(word for option in options for word in ("-o", option)),
            f"{name}@{address}",
            command,
        ]
        environment = {"PATH": os.environ["PATH"], "SECRET_FILE": str(secret), "SSH_ASKPASS": str(ask)}
        environment["SSH_ASKPASS_REQUIRE"] = "force"
        done = subprocess.run(
            words, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        return SimpleNamespace(rc=done.returncode, out=done.stdout, err=done.stderr)

    return run


@pytest.fixture(scope="module")
def before(lab) -> dict[str, str]:
    """What stood on the members to be, before anything. Their package lists are there, as on a machine in use."""
    everywhere(lab, "apt-get -qq update")
    return everywhere(lab, TRACES)


@pytest.fixture(scope="module")
def foreseen(lab, join, before) -> tuple[Played, dict[str, str]]:
    """Check mode on machines that never were members, and what then stands on them."""
    return join("--check"), everywhere(lab, TRACES)


@pytest.fixture(scope="module")
def failed(lab, join, foreseen) -> tuple[Played, dict[str, str]]:
    """A run that installs the packages and has the wrong password to join with, and what then stands there."""
    return join(password="Aa1-not-this-one"), everywhere(lab, TRACES)


@pytest.fixture(scope="module")
def joined(join, failed, accounts) -> Played:
    """The run that joins both."""
    return join(password=accounts[directory.JOINER])


def test_the_controllers_own_passwords_are_in_a_file_that_only_its_owner_reads(lab):
    assert stat.S_IMODE(directory.accounts_file(lab.state).stat().st_mode) == 0o600


def test_the_controller_is_no_managed_host(lab):
    assert sorted(estate_host.name for estate_host in estate.snapshot(lab.hosts).objects.devices) == sorted(MEMBERS)


def test_check_mode_shows_a_first_join_and_touches_nothing(foreseen, before):
    played, stands = foreseen
    assert changed(played) == {TRIXIE: 2, BOOKWORM: 2}, played.text
    assert f"-not a member: there is no /etc/krb5.keytab\n+{TRIXIE}$@{REALM} is a member of" in played.text
    assert f"+ad_hostname = {TRIXIE.lower()}.{directory.DOMAIN}" in played.text
    assert stands == before


def test_a_join_that_fails_says_why_and_leaves_the_machine_as_it_was(failed, before):
    played, stands = failed
    for host in MEMBERS:
        assert answer(played, host)["msg"] == (
            "the directory does not take the password of svc-join"
            " (adcli: couldn't connect to ad.drechtsteden.nl domain:"
            f" Couldn't authenticate as: svc-join@{REALM}: Preauthentication failed)"
        )
    assert stands == before


def test_a_run_joins_and_the_next_changes_nothing_and_needs_no_password(lab, joined, join):
    assert changed(joined) == {TRIXIE: 1, BOOKWORM: 1}, joined.text
    again = join()
    assert changed(again) == {TRIXIE: 0, BOOKWORM: 0}, again.text
    assert everywhere(lab, "systemctl --failed --no-legend") == {TRIXIE: "", BOOKWORM: ""}


@pytest.mark.parametrize("host", MEMBERS)
def test_a_member_of_a_permitted_group_signs_in_with_a_password(lab, joined, person, host):
    assert directory.PEOPLE in ssh(lab, host, f"id -Gn {directory.PERSON}").split()
    assert ssh(lab, host, f"getent passwd {directory.PERSON}").endswith(f":/home/{directory.PERSON}:/bin/bash")

    done = person(directory.PERSON, host, "id -un; stat -c %a ~; klist | grep -c krbtgt")

    assert done.out.split() == [directory.PERSON, "700", "1"], done.err


def test_a_wrong_password_is_refused(joined, person):
    done = person(directory.PERSON, TRIXIE, "id", password="Aa1-not-this-one")
    assert (done.rc, done.out) == (255, "")
    assert "Permission denied (publickey,password)" in done.err


def test_who_is_in_no_permitted_group_is_known_and_does_not_get_in(lab, joined, person):
    assert ssh(lab, TRIXIE, f"getent passwd {directory.STRANGER}")
    done = person(directory.STRANGER, TRIXIE, "id")
    assert (done.rc, done.out) == (255, "")


def test_a_ticket_opens_another_member_and_the_directory(lab, joined, accounts):
    ssh(lab, TRIXIE, "echo 'GSSAPIAuthentication yes' > /etc/ssh/sshd_config.d/10-tickets.conf; systemctl reload ssh")
    name = f"{TRIXIE.lower()}.{directory.DOMAIN}"
    key = LinuxFiles(lab.state).host_key.with_suffix(".pub").read_text()
    sign_in = f"""
        export KRB5CCNAME=FILE:/run/ticket
        echo '{accounts[directory.PERSON]}' | kinit {directory.PERSON} > /dev/null
        echo '{name} {key}' > /run/known
        ssh -n -o UserKnownHostsFile=/run/known -o GSSAPIAuthentication=yes \\
            -o PreferredAuthentications=gssapi-with-mic {directory.PERSON}@{name} 'id -un; klist 2>&1 | grep -c krbtgt'
        kdestroy"""

    assert ssh(lab, BOOKWORM, sign_in, check=False).split() == [directory.PERSON, "0"]  # in, and nothing was delegated

    search = f"""
        export KRB5CCNAME=FILE:/run/ticket
        echo '{accounts[directory.HEALTH]}' | kinit {directory.HEALTH} > /dev/null
        ldapsearch -LLL -Q -Y GSSAPI -H ldap://{CONTROLLER}.{directory.DOMAIN} -b '{directory.WORKPLACES}' \\
            '(objectClass=computer)' cn | grep ^cn:
        kdestroy"""
    assert sorted(ssh(lab, CONTROLLER, search).splitlines()) == [f"cn: {TRIXIE}", f"cn: {BOOKWORM}"]


def test_drift_is_found_and_mended(lab, joined, join, accounts, person):
    ssh(lab, TRIXIE, "rm /etc/krb5.keytab; sed -i 's/ sss//' /etc/nsswitch.conf; chmod 0644 /etc/sssd/sssd.conf")
    ssh(
        lab,
        BOOKWORM,
        "sed -i 's/^access_provider.*/access_provider = permit/' /etc/sssd/sssd.conf; systemctl stop sssd",
    )
    on_controller(lab, "user", "setpassword", f"'{BOOKWORM}$'", "--random-password")
    mended = {
        TRIXIE: ["membership", "/etc/nsswitch.conf", "/etc/sssd/sssd.conf", "sssd.service"],
        BOOKWORM: ["membership", "/etc/sssd/sssd.conf", "sssd.service"],
    }

    found = join("--check")
    assert {host: answer(found, host)["changes"] for host in MEMBERS} == mended, found.text
    assert "-not a member: the directory has another password for this computer than its keytab" in found.text

    done = join(password=accounts[directory.JOINER])
    assert {host: answer(done, host)["changes"] for host in MEMBERS} == mended, done.text
    assert person(directory.PERSON, BOOKWORM, "id -un").out.split() == [directory.PERSON]
    assert person(directory.STRANGER, BOOKWORM, "id -un").rc == 255


def test_what_joining_must_not_undo_is_refused_and_left_as_it_is(lab, joined, join, accounts):
    ssh(
        lab,
        TRIXIE,
        "mv /etc/krb5.keytab /root; base64 -d > /etc/krb5.keytab <<E\n" + base64.b64encode(ELSEWHERE).decode() + "\nE",
    )
    ssh(lab, BOOKWORM, "mv /etc/krb5.keytab /root")
    on_controller(lab, "user", "disable", f"'{BOOKWORM}$'")
    stood = everywhere(lab, TRACES)

    refused = join(password=accounts[directory.JOINER])

    assert answer(refused, TRIXIE)["msg"] == (
        "this machine is joined to EXAMPLE.NL: /etc/krb5.keytab holds a key of DRD-KS-0001$@EXAMPLE.NL; leave it first"
    )
    assert answer(refused, BOOKWORM)["msg"] == (
        "the directory has disabled the account of this computer; that is a person's decision,"
        " and joining would undo it"
    )
    assert everywhere(lab, TRACES) == stood


def test_no_password_was_seen_anywhere(lab, raised, joined, accounts, leaks):
    """Last: over all runs above."""
    assert leaks == []
    assert not [line for line in raised.seen if any(secret.encode() in line for secret in accounts.values())]
    words = "\n".join(accounts.values())
    for host in (*MEMBERS, CONTROLLER):
        script = f"cat > /run/words <<'E'\n{words}\nE\njournalctl -q | grep -c -F -f /run/words; rm /run/words"
        assert ssh(lab, host, script, check=False) == "0"
