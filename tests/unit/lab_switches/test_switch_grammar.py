"""Tables of commands: typed arguments, abbreviations, and which word is wrong."""

from __future__ import annotations

import pytest

from werkplek.lab.switches.grammar import Grammar, Mismatch
from werkplek.lab.switches.ios_names import read_interface, read_vlans

READERS = {"INTERFACE": read_interface, "VLANS": read_vlans}


def grammar(*patterns: str) -> Grammar[str]:
    """A table in which each command is its pattern."""
    table: Grammar[str] = Grammar(READERS)
    for pattern in patterns:
        table.add(pattern, pattern)
        table.add_negations(pattern, pattern)
    return table


ACCESS, MODE = "switchport access vlan = <1-4094>", "switchport mode = {access|trunk|dynamic auto}"
CIPHERS = "ip ssh ciphers = {aes256-ctr|aes128-ctr}+"
NTP = "ntp server A.B.C.D = [key <1-65535>] [prefer]"
PORTS = grammar(ACCESS, MODE, CIPHERS, NTP, "description = LINE", "interface INTERFACE", "shutdown")


@pytest.mark.parametrize(
    ("typed", "full"),
    [
        ("sw acc vl 0410", "switchport access vlan 410"),
        ("SWITCHPORT Mode dyn auto", "switchport mode dynamic auto"),
        ("ip ssh ciphers aes128-ctr aes256-ctr", "ip ssh ciphers aes128-ctr aes256-ctr"),
        ("ntp server 10.1.1.1 key 5 pref", "ntp server 10.1.1.1 key 5 prefer"),
        ("desc  two   words ", "description two   words"),
        ("int gi 1/0/1", "interface GigabitEthernet1/0/1"),
        ("interface te1/1/1", "interface TenGigabitEthernet1/1/1"),
    ],
)
def test_a_line_is_read_in_full_spelling(typed: str, full: str) -> None:
    assert PORTS.match(typed).text == full


@pytest.mark.parametrize(
    ("typed", "reason", "column"),
    [
        ("switchport access vlan 4095", "invalid", 23),
        ("switchport acces vlan abc", "invalid", 22),
        ("switchport foo vlan 1", "invalid", 11),
        ("switchport access", "incomplete", 17),
        ("ip ssh ciphers", "incomplete", 14),
        ("ip ssh ciphers aes192-ctr", "invalid", 15),
        ("s", "ambiguous", 0),
        ("ntp server 10.1.1.300", "invalid", 11),
        ("interface Ethernet1", "invalid", 10),
        ("shutdown now", "invalid", 9),
        ("", "incomplete", 0),
    ],
)
def test_a_line_that_is_no_command_is_refused_at_its_first_wrong_word(typed: str, reason: str, column: int) -> None:
    with pytest.raises(Mismatch) as caught:
        PORTS.match(typed)
    assert (caught.value.reason, caught.value.column) == (reason, column)


def test_a_slot_is_what_stands_before_the_value() -> None:
    found = PORTS.match("ntp server 10.1.1.1 prefer")
    assert (found.slot, found.value, found.negated) == ("ntp server 10.1.1.1", "prefer", False)


@pytest.mark.parametrize("typed", ["no sw acc vlan", "no switchport access vlan 7", "default switchport access vlan"])
def test_what_takes_a_line_away_may_leave_the_value_out(typed: str) -> None:
    found = PORTS.match(typed)
    assert (found.rule, found.slot, found.negated) == (ACCESS, "switchport access vlan", True)


def test_what_takes_a_line_away_needs_the_slot() -> None:
    with pytest.raises(Mismatch, match="incomplete"):
        PORTS.match("no switchport access")


def test_a_keyword_in_full_is_never_ambiguous() -> None:
    assert grammar("log", "logging on").match("log").rule == "log"


def test_the_first_of_two_commands_that_end_alike_counts() -> None:
    table: Grammar[int] = Grammar(READERS)
    table.add("show {a|b}", 1)
    table.add("show b", 2)
    assert table.match("show b").rule == 1


def test_what_can_follow_is_told() -> None:
    assert PORTS.following("switchport mode ") == ["access", "dynamic", "trunk"]
    assert PORTS.following("ntp server 10.1.1.1 ") == ["<cr>", "key", "prefer"]
    assert PORTS.following("switchport access vlan ") == ["<1-4094>"]
    assert PORTS.following("sh") == ["shutdown"]
    with pytest.raises(Mismatch):
        PORTS.following("foo ")


@pytest.mark.parametrize("pattern", ["{access|trunk", "[prefer", "access}"])
def test_a_pattern_with_a_brace_too_many_or_too_few_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="has no partner"):
        grammar(pattern)


def test_a_repeated_choice_must_have_its_place_to_itself() -> None:
    with pytest.raises(ValueError, match="in the table already"):
        grammar("order dot1x mab", "order {dot1x|mab}+")
