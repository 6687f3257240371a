"""Configuration sessions: taken whole or not at all, and back by themselves unless confirmed."""

from __future__ import annotations

import pytest
from eos_bench import Bench, switch

VLAN = ("vlan 410", "name pap-werkplek", "exit")


def test_a_session_changes_nothing_until_it_is_committed() -> None:
    bench = Bench(switch())
    before = bench.running()
    bench.type("configure session werkplek-1", *VLAN)
    assert bench.running() == before
    bench.type("commit")
    assert [line for line in bench.running() if line not in before] == ["vlan 410", "   name pap-werkplek"]


def test_an_aborted_session_leaves_nothing() -> None:
    bench = Bench(switch())
    before = bench.running()
    bench.type("configure session werkplek-1", *VLAN, "abort")
    assert bench.running() == before
    assert bench.prompt == "pap-sw-01#"
    assert bench.type("configure session werkplek-1 commit") == "% Cannot find session werkplek-1"


def test_the_prompt_says_session_and_section() -> None:
    bench = Bench(switch())
    prompts = []
    for line in ("configure session werkplek-0a1b", "vlan 410,412", "interface Ethernet1-3", "exit", "exit"):
        bench.type(line)
        prompts.append(bench.prompt)
    assert prompts == [
        "pap-sw-01(config-s-werkplek-0)#",
        "pap-sw-01(config-s-werkplek-0-vlan-410-412)#",
        "pap-sw-01(config-s-werkplek-0-if-Et1-3)#",
        "pap-sw-01(config-s-werkplek-0)#",
        "pap-sw-01#",
    ]


def test_diffs_are_the_lines_that_differ_below_what_opens_their_section() -> None:
    bench = Bench(switch())
    bench.type("configure session w", *VLAN, "no vlan 490", "interface Ethernet4", "description Op")
    bench.type(
        "switchport trunk allowed vlan 410", "banner login", "Hallo", "EOF", "management ssh", "vrf X", "shutdown"
    )
    assert bench.type("show session-config diffs").splitlines() == [
        "--- system:/running-config",
        "+++ session:/w-session-config",
        "-vlan 490",
        "-   name pap-beheer",
        "+vlan 410",
        "+   name pap-werkplek",
        "interface Ethernet4",
        "+   description Op",
        "+   switchport trunk allowed vlan 410",
        "+banner login",
        "+Hallo",
        "+EOF",
        "+management ssh",
        "+   vrf X",
        "+      shutdown",
    ]


def test_no_difference_is_no_text() -> None:
    bench = Bench(switch())
    bench.type("configure session w", "vlan 490", "name pap-beheer")
    assert bench.type("show session-config diffs") == ""


def test_a_commit_with_a_timer_goes_back_when_nobody_confirms() -> None:
    device = switch()
    bench = Bench(device)
    before = bench.running()
    bench.type("configure session w", *VLAN, "commit timer 00:05:00")
    device.clock.advance(299)
    assert "vlan 410" in bench.running()
    said = bench.type("show configuration sessions detail")
    assert "Session with pending commit timer: w\nTime left until commit timer expiry: in 0:00:01\n" in said
    device.clock.advance(1)
    assert bench.running() == before
    assert "pending commit timer" not in bench.type("show configuration sessions detail")


def test_it_goes_back_also_when_the_terminal_is_gone() -> None:
    device = switch()
    first = Bench(device)
    before = first.running()
    first.type("configure session w", *VLAN, "commit timer 00:05:00")
    first.session.end()
    device.clock.advance(300)
    assert Bench(device).running() == before


@pytest.mark.parametrize(("word", "there"), [("commit", True), ("abort", False)])
def test_another_terminal_confirms_or_calls_off(word: str, there: bool) -> None:
    device = switch()
    first, second = Bench(device), Bench(device)
    first.type("configure session w", *VLAN, "commit timer 00:05:00")
    assert second.type(f"configure session w {word}") == ""
    device.clock.advance(600)
    assert ("vlan 410" in second.running()) is there


def test_a_session_is_left_and_entered_again() -> None:
    device = switch()
    first, second = Bench(device), Bench(device)
    first.type("configure session w", *VLAN, "end")
    second.type("configure session w")
    assert second.type("show session-config diffs").splitlines()[2:] == ["+vlan 410", "+   name pap-werkplek"]


def test_the_sixth_open_session_is_refused() -> None:
    bench = Bench(switch())
    for number in range(5):
        bench.type(f"configure session s{number}", "end")
    assert bench.type("configure session s5") == (
        "Maximum number of pending sessions has been reached. Please commit or abort previous sessions and try again."
    )


def test_nobody_commits_while_another_session_waits_for_its_confirmation() -> None:
    bench = Bench(switch())
    bench.type("configure session one", *VLAN, "commit timer 00:05:00", "configure session two", "vlan 420", "exit")
    assert bench.type("commit") == "% Cannot commit session two: session one has a pending commit timer"


def test_a_locked_configuration_opens_no_session() -> None:
    device = switch()
    device.faults.locked_by = "jansen"
    bench = Bench(device)
    for command in ("configure", "configure session w", "configure replace startup-config"):
        assert bench.type(command) == "% Configuration is locked by user jansen on vty2"
    assert bench.prompt == "pap-sw-01#"


def test_a_cut_in_the_middle_of_a_session_leaves_it_pending_and_the_switch_as_it_was() -> None:
    device = switch()
    before = Bench(device).running()
    device.faults.drop_after = 2
    bench = Bench(device)
    bench.type("configure session w", "vlan 410", "name pap-werkplek")
    assert bench.closed
    again = Bench(device)
    assert again.running() == before
    assert "  w    pending   beheer   vty2" in again.type("show configuration sessions detail")


def test_rollback_clean_config_leaves_what_every_switch_shows() -> None:
    bench = Bench(switch(ports=1, text="hostname x\naaa authorization exec default local\nvlan 20\n"))
    bench.type("enable", "configure session w", "rollback clean-config")
    assert bench.type("show session-config").split("\n!\n") == [
        "no aaa root",
        "service routing protocols model multi-agent",
        "spanning-tree mode mstp",
        "interface Ethernet1",
        "interface Management1",
        "no ip routing",
        "end",
    ]


def test_watchers_are_told_of_a_commit_and_of_going_back() -> None:
    device = switch()
    told: list[bool] = []
    device.on_change(lambda changed: told.append("vlan 410" in changed.running))
    bench = Bench(device)
    bench.type("configure session w", *VLAN)
    assert told == []
    bench.type("commit timer 00:05:00")
    device.clock.advance(300)
    assert told == [True, False]


def test_a_restart_forgets_sessions_and_runs_what_was_saved() -> None:
    device = switch()
    Bench(device).type("configure session w", *VLAN, "commit timer 00:05:00", "configure", "hostname elders", "end")
    device.dialect.restart(device)
    bench = Bench(device)
    assert bench.prompt == "pap-sw-01#"
    assert "vlan 410" not in bench.running()
    assert " w " not in bench.type("show configuration sessions detail")
    device.clock.advance(600)
    assert bench.prompt == "pap-sw-01#"
