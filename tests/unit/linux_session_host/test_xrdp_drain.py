"""Draining: one PAM rule and one file; nothing else of the host changes."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies
from linux_session_host.drain import BEFORE, DRAIN_FILE, GATE, PAM_FILE, RULE, SCRIPT, accept, drain, draining
from linux_session_host.drain import gate_problem as problem
from linux_session_host.host import HostError
from xrdp_host import PAM, XrdpHost

DRAINED = PAM.replace(BEFORE, f"{RULE}\n{BEFORE}")


def pam(host):
    return host.path(PAM_FILE).read_bytes()


def mode(host, name):
    return host.path(name).stat().st_mode & 0o777


def test_a_drain_is_a_rule_a_script_and_a_file(host):
    assert not draining(host)
    drain(host)
    assert draining(host)
    assert RULE == "account required pam_exec.so quiet /usr/local/libexec/werkplek-session-gate"
    assert pam(host).decode() == DRAINED
    assert host.text(GATE) == SCRIPT
    assert host.text(DRAIN_FILE) == ""
    assert [mode(host, name) for name in (GATE, DRAIN_FILE, PAM_FILE)] == [0o755, 0o644, 0o644]
    assert host.commands == []


def test_the_drain_file_names_who_may_come_in(host):
    drain(host, ("svc-health", "beheer"))
    assert host.text(DRAIN_FILE) == "svc-health\nbeheer\n"
    drain(host)
    assert host.text(DRAIN_FILE) == ""


def test_people_come_in_again_when_the_file_is_gone_and_the_rule_stays(host):
    drain(host)
    accept(host)
    assert not draining(host)
    assert pam(host).decode() == DRAINED
    accept(host)
    assert not host.path(DRAIN_FILE).exists()


def test_a_second_drain_writes_no_rule(host):
    drain(host)
    before = host.files()
    drain(host)
    accept(host)
    drain(host)
    assert host.files() == before


@pytest.mark.parametrize("name", [PAM_FILE, GATE])
def test_a_gate_that_stands_is_not_written_again(host, name):
    drain(host)
    inode = host.path(name).stat().st_ino
    drain(host)
    assert host.path(name).stat().st_ino == inode


@pytest.mark.parametrize(
    "old",
    [
        f"account required pam_exec.so {GATE}\n",
        f"account required pam_exec.so quiet {GATE} --old\naccount [default=ignore] pam_exec.so {GATE}\n",
    ],
)
def test_an_old_rule_of_ours_is_replaced(host, old):
    host.put(PAM_FILE, old + PAM + old)
    drain(host)
    assert pam(host).decode() == DRAINED


def test_lines_that_are_not_ours_keep_their_bytes(host):
    odd = b"# na\xefef \x0c \xe2\x80\xa8 \r\n\t# no more\r\n\n"
    host.put(PAM_FILE, odd + PAM.encode() + odd + b"# no newline at the end")
    drain(host)
    assert pam(host) == odd + DRAINED.encode() + odd + b"# no newline at the end"


OTHER = strategies.binary(max_size=40).filter(
    lambda line: b"\n" not in line and GATE.encode() not in line and line != BEFORE.encode()
)
OLD = strategies.just(f"account required pam_exec.so {GATE}".encode())
LINES = strategies.lists(strategies.one_of(OTHER, OLD))


@settings(deadline=None, max_examples=40)
@given(LINES, LINES)
def test_any_file_with_one_place_for_the_rule_gets_it_there_once(above, below):
    with tempfile.TemporaryDirectory() as folder:
        host = XrdpHost(Path(folder))
        host.put(PAM_FILE, b"\n".join([*above, BEFORE.encode(), *below]))
        drain(host)
        once = pam(host)
        ours = GATE.encode()
        kept_above, kept_below = ([line for line in part if ours not in line] for part in (above, below))
        assert once.split(b"\n") == [*kept_above, RULE.encode(), BEFORE.encode(), *kept_below]
        host.path(GATE).unlink()
        drain(host)
        assert pam(host) == once


NO_PLACE = f"{PAM_FILE} has no single line '@include common-account', before which the drain rule goes"


@pytest.mark.parametrize(
    "text",
    [
        "",
        PAM.replace(BEFORE, ""),
        PAM + BEFORE + "\n",
        PAM.replace(BEFORE, f"# {BEFORE}"),
        PAM.replace(BEFORE, BEFORE + " # Debian"),
    ],
)
def test_a_file_without_one_place_for_the_rule_is_an_error_and_nothing_is_written(host, text):
    host.put(PAM_FILE, text)
    before = host.files()
    with pytest.raises(HostError) as caught:
        drain(host)
    assert str(caught.value) == NO_PLACE
    assert host.files() == before


def test_a_host_without_xrdp_cannot_be_drained(host):
    host.path(PAM_FILE).unlink()
    before = host.files()
    with pytest.raises(HostError) as caught:
        drain(host)
    assert str(caught.value) == problem(host) == f"{PAM_FILE} is not there: is xrdp installed?"
    assert host.files() == before


def test_a_drain_file_whose_gate_is_gone_holds_nobody_back(host):
    drain(host)
    assert problem(host) is None
    host.path(GATE).chmod(0o644)
    assert (draining(host), problem(host)) == (False, f"{GATE} is not as Werkplek makes it")
    host.put(GATE, SCRIPT + "exit 0\n")
    host.path(GATE).chmod(0o755)
    assert (draining(host), problem(host)) == (False, f"{GATE} is not as Werkplek makes it")
    host.path(GATE).unlink()
    assert (draining(host), problem(host)) == (False, f"{GATE} is not as Werkplek makes it")
    host.put(PAM_FILE, PAM)
    assert (draining(host), problem(host)) == (False, f"{PAM_FILE} has no line '{RULE}'")
    host.put(PAM_FILE, PAM + f"# {RULE}\n")
    assert not draining(host)
    drain(host)
    assert draining(host)


def test_a_gate_that_does_not_stand_after_all_is_an_error(host, monkeypatch):
    monkeypatch.setattr("linux_session_host.drain.build_gate", lambda host: None)
    with pytest.raises(HostError) as caught:
        drain(host)
    assert str(caught.value) == f"the host cannot be drained: {PAM_FILE} has no line '{RULE}'"


def test_no_half_written_file_is_left(host):
    drain(host)
    assert sorted(path.name for path in host.root.rglob(".*")) == []
