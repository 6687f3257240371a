"""Lines that should be there against those that are: what is missing, what is too much, the commands that mend it."""

from collections.abc import Sequence

import pytest

from werkplek.network.compare import Command, Difference, compare, entered
from werkplek.network.lines import Claim, Config, Line, Rendering, parse

PORT = ("interface Gi1",)


class Words:
    """A platform that shows lines as they were entered, but for a number in front; `no NAME X` needs no value."""

    order: Sequence[str] = ("first", "vlan")

    def canonical(self, _section, text):
        return text.lower()

    def negate(self, _section, text):
        if text.startswith("no "):
            return text.removeprefix("no ")
        return f"no {' '.join(text.split()[:2])}" if text.startswith("server ") else f"no {text}"


def compared(running, lines=(), claims=(), leave=()):
    wanted = Rendering(tuple(Line(*one) for one in lines), tuple(Claim(*one) for one in claims))
    return compare(wanted, parse(running), Words(), leave)


def texts(found):
    return [": ".join([*one.section, one.text]) for one in found.commands]


def test_what_is_there_complies():
    found = compared("a one\ninterface Gi1\n b two\n", [((), "a one", "s"), (PORT, "b two", "s")])
    assert found.differences == {"s": Difference()}
    assert not found.differences["s"]
    assert found.commands == ()


def test_what_is_missing_is_told_and_entered():
    line = Line(PORT, "b two", "s")
    found = compared("a one\n", [((), "a one", "s"), line])
    assert found.differences == {"s": Difference(missing=(line,))}
    assert found.commands == (Command(PORT, "b two", "s"),)


def test_a_line_in_another_section_is_not_it():
    assert texts(compared("b two\ninterface Gi2\n b two\n", [(PORT, "b two", "s")])) == ["interface Gi1: b two"]


def test_lines_are_the_same_that_mean_the_same():
    assert compared("a one\n", [((), "A One", "s")]).commands == ()


def test_a_line_is_entered_as_it_was_written_not_as_it_is_compared():
    assert texts(compared("", [((), "A One", "s")])) == ["A One"]


def test_a_line_that_nobody_claims_is_left_alone():
    found = compared("a one\nb two\nac three\n", claims=[((), "a", "owns", "s"), (PORT, "", "owns", "s")])
    assert found.differences == {"s": Difference(extra=(((), "a one"),))}
    assert texts(found) == ["no a one"]


def test_an_owned_line_goes_and_its_own_form_of_no_is_used():
    found = compared("server 1 key 2\nno b\n", claims=[((), "server", "owns", "s"), ((), "no b", "owns", "t")])
    assert texts(found) == ["no server 1", "b"]
    assert [one.setting for one in found.commands] == ["s", "t"]


def test_a_replaced_line_is_told_and_not_taken_away():
    found = compared(
        "interface Gi1\n vlan 20\n",
        [(PORT, "vlan 30", "s")],
        [(PORT, "", "owns", "s"), (PORT, "vlan", "replaces", "s")],
    )
    assert found.differences == {"s": Difference((Line(PORT, "vlan 30", "s"),), ((PORT, "vlan 20"),))}
    assert texts(found) == ["interface Gi1: vlan 30"]


def test_a_kept_line_is_nobody_s():
    claims = [(PORT, "", "owns", "s"), (PORT, "speed", "keeps", "s")]
    found = compared("interface Gi1\n speed 100\n shutdown\n", claims=claims)
    assert found.differences == {"s": Difference(extra=((PORT, "shutdown"),))}


def test_of_several_claims_the_longest_prefix_decides_whose_the_line_is():
    claims = [(PORT, "", "owns", "ports"), (PORT, "storm control", "owns", "storm"), (PORT, "storm", "owns", "other")]
    found = compared("interface Gi1\n storm control level 5\n storm drain\n", claims=claims)
    assert {name: one.extra for name, one in found.differences.items()} == {
        "ports": (),
        "storm": ((PORT, "storm control level 5"),),
        "other": ((PORT, "storm drain"),),
    }


def test_what_a_setting_asks_for_is_never_too_much_for_another():
    claims = [((), "a", "owns", "t"), (PORT, "", "owns", "t")]
    found = compared("a one\ninterface Gi1\n b two\n", [((), "a one", "s"), (PORT, "b two", "s")], claims)
    assert not any(found.differences.values())


def test_a_section_with_wanted_lines_is_never_too_much():
    found = compared("vlan 10\n name old\n", [(("vlan 10",), "name new", "s")], [((), "vlan", "owns", "s")])
    assert texts(found) == ["vlan 10: name new"]


def test_a_section_goes_with_all_that_is_in_it():
    claims = [((), "vlan", "owns", "s"), (("vlan 20",), "", "owns", "s")]
    assert texts(compared("vlan 20\n name old\n", claims=claims)) == ["no vlan 20"]


@pytest.mark.parametrize("running", ["", "other\n", "no ab\n"])
def test_a_default_holds_as_long_as_its_opposite_is_not_shown(running):
    assert not compared(running, [((), "a", "s", True), ((), "no b", "s", True)]).differences["s"]


@pytest.mark.parametrize(
    ("running", "missing"),
    [("no a\n", ["a"]), ("b\n", ["no b"]), ("b at all\n", ["no b"]), ("no a\nb\n", ["a", "no b"])],
)
def test_a_default_is_entered_where_its_opposite_is_shown(running, missing):
    assert texts(compared(running, [((), "a", "s", True), ((), "no b", "s", True)])) == missing


def test_a_default_is_entered_where_another_value_stands_in_its_place():
    claims = [((), "level", "replaces", "s")]
    found = compared("level high\n", [((), "level low", "s", True)], claims)
    assert texts(found) == ["level low"]
    assert found.differences["s"].extra == (((), "level high"),)
    assert texts(compared("", [((), "level low", "s", True)], claims)) == []


def test_a_default_whose_opposite_is_claimed_is_entered_once():
    found = compared("no a\n", [((), "a", "s", True)], [((), "no a", "owns", "s")])
    assert texts(found) == ["a"]


def test_a_default_that_is_shown_all_the_same_complies_and_is_not_too_much():
    assert not compared("a\n", [((), "a", "s", True)], [((), "a", "owns", "t")]).differences["s"]
    assert not compared("a\n", [((), "a", "s", True)], [((), "a", "owns", "t")]).differences["t"]


def test_lines_are_entered_before_others_are_taken_away():
    found = compared(
        "ip one\nvlan 9\ninterface Gi1\n vlan 9\n",
        [((), "ip two", "s"), (PORT, "vlan 8", "s"), ((), "vlan 8", "s")],
        [((), "ip", "owns", "s"), ((), "vlan", "owns", "s"), (PORT, "vlan", "owns", "s")],
    )
    assert texts(found) == [
        "vlan 8",
        "ip two",
        "interface Gi1: vlan 8",
        "no ip one",
        "no vlan 9",
        "interface Gi1: no vlan 9",
    ]


def test_what_the_platform_wants_first_comes_first_with_its_sections():
    lines = [((), "z", "s"), (("vlan 8",), "name x", "s"), ((), "first of all", "s"), ((), "vlan 8", "s")]
    assert texts(compared("", lines)) == ["first of all", "vlan 8: name x", "vlan 8", "z"]


def test_commands_of_one_section_stay_together():
    lines = [(PORT, "a", "s"), (("interface Gi2",), "a", "s"), (PORT, "b", "t"), (("interface Gi2",), "b", "t")]
    assert texts(compared("", lines)) == [
        "interface Gi1: a",
        "interface Gi1: b",
        "interface Gi2: a",
        "interface Gi2: b",
    ]


def test_a_line_whose_removal_takes_a_wanted_one_with_it_goes_just_before():
    found = compared("server 1\n", [((), "a", "s"), ((), "server 1 key 2", "s")], [((), "server", "owns", "s")])
    assert texts(found) == ["no server 1", "server 1 key 2", "a"]


def test_a_wanted_line_that_such_a_removal_takes_is_entered_again():
    found = compared("server 1\nserver 1 key 2\n", [((), "server 1 key 2", "s")], [((), "server", "owns", "s")])
    assert texts(found) == ["no server 1", "server 1 key 2"]
    assert found.differences["s"] == Difference(extra=(((), "server 1"),))


def test_a_longer_form_of_a_wanted_line_goes_before_it():
    found = compared("a one two\n", [((), "a one", "s")], [((), "a", "owns", "s")])
    assert texts(found) == ["no a one two", "a one"]


def test_taking_a_no_away_is_no_removal_of_what_begins_like_it():
    found = compared("interface Gi1\n no b\n", [(PORT, "b mode", "s")], [(PORT, "", "owns", "s")])
    assert texts(found) == ["interface Gi1: b mode", "interface Gi1: b"]


def test_what_is_first_stays_first_where_something_goes_before_it():
    claims = [((), "first", "owns", "s")]
    assert texts(compared("first a\n", [((), "z", "s"), ((), "first a b", "s")], claims)) == [
        "no first a",
        "first a b",
        "z",
    ]


def test_a_waived_setting_is_told_and_never_touched():
    found = compared(
        "a one\nserver 1\n",
        [((), "b", "w"), ((), "c", "s")],
        [((), "a", "owns", "w"), ((), "server", "owns", "s")],
        leave=["w"],
    )
    assert found.differences["w"] == Difference((Line((), "b", "w"),), (((), "a one"),))
    assert texts(found) == ["c", "no server 1"]


def test_a_waived_setting_s_missing_line_is_not_entered_beside_a_removal():
    found = compared("server 1\n", [((), "server 1 key 2", "w")], [((), "server", "owns", "s")], leave=["w"])
    assert texts(found) == ["no server 1"]


def test_every_setting_with_lines_or_claims_has_a_difference():
    assert set(compared("", [((), "a", "s")], [((), "b", "owns", "t")]).differences) == {"s", "t"}


def test_comparing_an_empty_configuration_asks_for_everything():
    wanted = Rendering((Line((), "a", "s"), Line(PORT, "b", "s")), ())
    assert [one[:2] for one in compare(wanted, Config(()), Words()).commands] == [((), "a"), (PORT, "b")]


def typed(*rows):
    return entered([Command(tuple(row[:-1]), row[-1], "s") for row in rows])


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ([("a",), ("b",)], ["a", "b"]),
        ([("interface Gi1", "a"), ("interface Gi1", "b")], ["interface Gi1", "a", "b", "exit"]),
        (
            [("interface Gi1", "a"), ("interface Gi2", "a"), ("b",)],
            ["interface Gi1", "a", "exit", "interface Gi2", "a", "exit", "b"],
        ),
        (
            [("archive", "log config", "a"), ("archive", "b"), ("c",)],
            ["archive", "log config", "a", "exit", "b", "exit", "c"],
        ),
        (
            [("archive", "b"), ("archive", "log config", "a"), ("archive", "write", "c")],
            ["archive", "b", "log config", "a", "exit", "write", "c", "exit", "exit"],
        ),
        ([("vlan 410",), ("vlan 410", "name x"), ("a",)], ["vlan 410", "name x", "exit", "a"]),
        ([("vlan 410",), ("vlan 420",), ("a",)], ["vlan 410", "exit", "vlan 420", "exit", "a"]),
        ([("no vlan 410",), ("a",)], ["no vlan 410", "a"]),
        ([("strange place",), ("strange place", "b"), ("c",)], ["strange place", "b", "exit", "c"]),
        ([("vlan dot1q tag native",), ("a",)], ["vlan dot1q tag native", "a"]),
        ([("ip access-list log-update threshold 5",), ("a",)], ["ip access-list log-update threshold 5", "a"]),
        ([("archive", "log config"), ("archive", "b")], ["archive", "log config", "exit", "b", "exit"]),
        ([], []),
    ],
)
def test_sections_are_entered_and_left(rows, lines):
    assert typed(*rows) == lines


@pytest.mark.parametrize(
    "opener",
    [
        "interface GigabitEthernet1/0/1",
        "line vty 0 15",
        "line con 0",
        "ip access-list standard WERKPLEK-BEHEER",
        "ip access-list WERKPLEK-BEHEER",
        "tacacs server WPL-1",
        "radius server WPL-1",
        "aaa group server tacacs+ WPL",
        "aaa common-criteria policy WPL",
        "archive",
        "control-plane",
        "management ssh",
        "management api http-commands",
        "vrf instance BEHEER",
    ],
)
def test_a_line_that_opens_a_section_is_left_though_nothing_is_entered_in_it(opener):
    assert typed((opener,), ("a",)) == [opener, "exit", "a"]


def test_another_word_may_leave_a_section():
    assert entered([Command(("management ssh",), "a", "s")], leave="!") == ["management ssh", "a", "!"]
