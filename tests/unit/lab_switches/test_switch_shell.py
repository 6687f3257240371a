"""The line discipline: echo, editing, pages, questions, pipes, modes."""

from __future__ import annotations

import pytest
from ios_bench import Bench, switch


@pytest.fixture
def bench() -> Bench:
    return Bench(switch())


def test_a_session_begins_with_a_prompt_and_echoes_what_is_typed(bench: Bench) -> None:
    bench.session.begin()
    assert "".join(bench.said) == "pap-sw-01#"
    assert bench.press("show priv\r") == "show priv\r\nCurrent privilege level is 15\r\npap-sw-01#"


def test_a_line_can_be_edited(bench: Bench) -> None:
    assert bench.press("xx\x15shou\x08w priv\r").endswith("Current privilege level is 15\r\npap-sw-01#")


@pytest.mark.parametrize("ends", ["\r", "\n", "\r\n"])
def test_every_way_to_end_a_line_ends_one(bench: Bench, ends: str) -> None:
    assert bench.press(f"show privilege{ends}").count("pap-sw-01#") == 1


def test_lines_that_come_at_once_are_done_in_order(bench: Bench) -> None:
    bench.press("configure terminal\rinterface Gi1/0/1\rdescription balie\rend\r")
    assert bench.shown("interface GigabitEthernet1/0/1") == ["description balie"]


def test_comments_and_empty_lines_say_nothing(bench: Bench) -> None:
    assert bench.type("! a remark") == ""
    assert bench.type("") == ""


def test_long_answers_wait_page_by_page(bench: Bench) -> None:
    bench.type("terminal length 10")
    first = bench.press("show running-config\r")
    assert first.endswith(" --More-- ")
    assert len(first.splitlines()) == 11
    assert len(bench.press("\r").splitlines()) == 2
    assert bench.press("q").endswith("pap-sw-01#")
    bench.type("terminal length 0")
    assert "--More--" not in bench.press("show running-config\r")


def test_a_space_shows_the_next_page_and_the_last_one_ends_with_the_prompt(bench: Bench) -> None:
    bench.type("terminal length 40")
    bench.press("show running-config\r")
    while (shown := bench.press(" ")).endswith(" --More-- "):
        assert len(shown.splitlines()) == 40
    assert shown.endswith("end\r\n\r\npap-sw-01#")


@pytest.mark.parametrize(
    ("pipe", "expected"),
    [
        ("include ^vlan|^ name", "vlan 490\n name pap-beheer"),
        ("inc hostname", "hostname pap-sw-01"),
        ("section ^vlan", "vlan 490\n name pap-beheer"),
        ("section trunk", " switchport mode trunk"),
        ("begin ^line vty 5", "line vty 5 15\n login local\n transport input ssh\n!\nend"),
        ("count ^interface Gig", "Number of lines which match regexp = 4"),
    ],
)
def test_a_pipe_narrows_an_answer(bench: Bench, pipe: str, expected: str) -> None:
    assert bench.type(f"show running-config | {pipe}") == expected


def test_exclude_leaves_lines_out(bench: Bench) -> None:
    assert "interface" not in bench.type("show running-config | exclude interface")


def test_a_wrong_expression_is_refused(bench: Bench) -> None:
    assert bench.type("show running-config | include (").startswith("% Failed to compile regular expression.")


def test_a_question_mark_tells_what_can_follow_and_leaves_the_line(bench: Bench) -> None:
    shown = bench.press("show archive ?")
    assert shown == "show archive ?\r\n  <cr>\r\n  config\r\n\r\npap-sw-01#show archive "
    assert "Archive feature not enabled" in bench.press("\r")


def test_modes_have_their_prompts_and_ways_out(bench: Bench) -> None:
    bench.type("configure terminal", "interface Vlan490")
    assert bench.prompt == "pap-sw-01(config-if)#"
    bench.type("exit")
    assert bench.prompt == "pap-sw-01(config)#"
    bench.type("archive", "log config")
    assert bench.prompt == "pap-sw-01(config-archive-log-cfg)#"
    bench.type("vlan 20")  # a line of the top leads there from anywhere
    assert bench.prompt == "pap-sw-01(config-vlan)#"
    bench.press("\x1a")
    assert bench.prompt == "pap-sw-01#"


def test_control_z_takes_the_line_with_it_and_an_interrupt_drops_it(bench: Bench) -> None:
    bench.type("configure terminal")
    bench.press("ip domain name een.nl\x1a")
    assert bench.prompt == "pap-sw-01#"
    bench.type("configure terminal")
    bench.press("ip domain name twee.nl\x03")
    assert bench.prompt == "pap-sw-01#"
    assert [line for line in bench.shown() if "domain" in line] == ["ip domain name een.nl"]


def test_a_range_of_interfaces_is_configured_at_once(bench: Bench) -> None:
    bench.configure("interface range Gi1/0/1 - 2 , Te1/1/1", "description samen")
    assert bench.prompt == "pap-sw-01(config-if-range)#"
    for name in ("GigabitEthernet1/0/1", "GigabitEthernet1/0/2", "TenGigabitEthernet1/1/1"):
        assert "description samen" in bench.shown(f"interface {name}")
    assert "^" in bench.configure("interface range Gi1/0/3 - 9")


def test_do_looks_from_within_configuration(bench: Bench) -> None:
    assert bench.configure("do show privilege") == "Current privilege level is 15"
    assert bench.prompt == "pap-sw-01(config)#"


def test_a_refused_line_leaves_the_mode_as_it_was(bench: Bench) -> None:
    bench.configure("interface Gi1/0/1", "interface Gi1/0/44")
    assert bench.prompt == "pap-sw-01(config-if)#"


def test_leaving_ends_the_session(bench: Bench) -> None:
    bench.type("configure terminal", "end")
    assert not bench.closed
    bench.press("exit\r")
    assert bench.closed
    assert not bench.device.sessions


def test_everything_typed_is_kept_with_what_became_of_it(bench: Bench) -> None:
    bench.configure("foo", "hostname x")
    kept = [(line.mode, line.line, line.accepted) for line in bench.device.log[-2:]]
    assert kept == [("config", "foo", False), ("config", "hostname x", True)]


def test_a_section_that_somebody_took_away_is_missed() -> None:
    device = switch()
    one, other = Bench(device), Bench(device)
    one.configure("interface Vlan7")
    other.configure("no interface Vlan7")
    assert one.type("description weg") == "% interface Vlan7 is no longer there"
