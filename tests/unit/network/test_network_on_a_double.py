"""A switch of IOS that was used for years, as the lab emulates it: one run mends it, and the second finds nothing."""

import json
from datetime import UTC, datetime

import pytest
from direct_switches import DirectTerminal, embedded, switches

from werkplek.files import ROOT
from werkplek.network import review
from werkplek.network.engine import Options, enforce
from werkplek.network.health import Patience
from werkplek.network.ios import IosSession

NAME = "PAP-SW-0001"
USED = """\
ntp server 10.4.1.20 key 9
ntp server 10.4.1.21
ntp authentication-key 9 md5 oud-geheim
ntp trusted-key 9
snmp-server group OUD v3 auth
snmp-server user pap-monitor OUD v3 auth md5 oud-geheim priv aes 128 oud-geheim
snmp-server community oud-geheim RO
snmp-server host 10.9.9.9 version 2c oud-geheim
logging trap debugging
tacacs-server host 10.9.9.9 key oud-geheim
tacacs-server key oud-geheim
radius-server host 10.9.9.8 key oud-geheim
vlan 410
name oud
state suspend
exit
vlan 20
exit
ip name-server 9.9.9.9 8.8.8.8
interface GigabitEthernet1/0/1
speed 100
switchport mode trunk
exit
banner login #oud#
""".splitlines()
ARCHIVE = ("archive", "path flash:archive", "exit")
SNMP_USER = "snmp-server user "
GONE = ("oud", "10.9.9", "9.9.9.9", "debugging", "suspend", "vlan 20", "key 9", "trusted-key 9")


@pytest.fixture(scope="module")
def subject(tmp_path_factory):
    """The switch as it should be."""
    return review.subject(embedded(), NAME, ROOT, tmp_path_factory.mktemp("state"))


def used(lines):
    """The switch after somebody typed these lines."""
    made = switches()[NAME]
    terminal = DirectTerminal(made)
    for line in ("configure terminal", *lines, "end", "write memory"):
        terminal.send(line)
    return made


@pytest.fixture
def device():
    return used(USED)


def run(subject, device, tmp_path, check=False):
    patience = Patience(10.0, device.clock.advance, device.clock.now)
    options = Options(check, True, 5, patience, tmp_path, lambda: datetime(2026, 11, 24, tzinfo=UTC))
    answer = enforce(subject.document, subject.platform, IosSession(DirectTerminal(device)), options)
    assert "oud-geheim" not in json.dumps(answer)
    return {row["id"]: row for row in json.loads(answer["settings"])}


def test_one_run_mends_all_that_is_ours_and_the_second_finds_nothing(subject, device, tmp_path):
    rows = run(subject, device, tmp_path)
    assert {row["status"] for row in rows.values()} == {"changed", "compliant"}
    text = device.dialect.running_text(device)
    assert [word for word in GONE if word in text] == []
    assert "interface GigabitEthernet1/0/1\n switchport access vlan 410" in text
    assert " speed 100\n" in text
    assert device.startup == text
    assert device.pending == {}
    again = run(subject, device, tmp_path)
    assert {row["status"] for row in again.values()} == {"compliant"}
    assert device.dialect.running_text(device) == text


def test_a_check_leaves_the_switch_as_it_is(subject, device, tmp_path):
    before = device.dialect.running_text(device), device.startup
    rows = run(subject, device, tmp_path, check=True)
    assert {row["status"] for row in rows.values()} == {"noncompliant", "compliant"}
    assert (device.dialect.running_text(device), device.startup) == before
    assert {entry.mode for entry in device.log if entry.session > 1} == {"exec"}


@pytest.mark.parametrize("more", [(), ARCHIVE], ids=["by restart", "by revert timer"])
@pytest.mark.parametrize(
    "fault",
    [
        {"vlans_full": True},
        {"startup_full": True},
        {"locked_by": "jan"},
        {"drop_after": 3},
        {"drop_after": 40},
        {"prompt_after": 3},
        {"prompt_after": 40},
    ],
    ids=str,
)
def test_what_goes_wrong_leaves_the_switch_as_it_was(subject, tmp_path, fault, more):
    device = used([*(line for line in USED if not line.startswith(SNMP_USER)), *more])
    before = device.dialect.running_text(device), device.startup
    for name, value in fault.items():
        setattr(device.faults, name, value)
    rows = run(subject, device, tmp_path)
    messages = {row["message"] for row in rows.values() if row["status"] == "failed"}
    assert {row["status"] for row in rows.values()} == {"failed", "compliant"}
    assert len(messages) == 1
    assert messages.pop().endswith("; it runs what it ran before")
    assert (device.dialect.running_text(device), device.startup) == before
    assert device.pending == {}


def test_an_snmp_user_that_was_overwritten_cannot_be_put_back_and_that_is_told(subject, device, tmp_path):
    before = device.dialect.running_text(device), device.startup
    device.faults.startup_full = True
    messages = {row["message"] for row in run(subject, device, tmp_path).values() if row["status"] == "failed"}
    assert messages == {
        "write memory did not end with [OK]: Building configuration... startup-config file open failed (Not enough"
        " space); it does not run what it ran before: see its backup"
    }
    assert (device.dialect.running_text(device), device.startup) == before
