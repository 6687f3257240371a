"""Whatever a switch runs and whatever it should run: the commands make it so, and then there are none.

The switch is a small model: a tree of lines, with `no`, single lines that overwrite each other, and lines that are on
by default; see network_switch.py.
"""

import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from werkplek.network.compare import compare, entered
from werkplek.network.lines import Claim, Line, Rendering, parse

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "network"))

from network_switch import Tree

SINGLE = ("single", "value one", "value two")
ON = ("on one", "on two")
WORDS = ("single", "many", "value one", "value two", "many more")
PLACES = ((), ("archive",), ("vlan 7",), ("archive", "log config"))


class Words:
    """`no` of a single line, and of `many more`, goes without its value."""

    order = ("many", "vlan")

    def canonical(self, _section, text):
        return text

    def negate(self, _section, text):
        if text.startswith("no "):
            return text.removeprefix("no ")
        return f"no {next((one for one in (*SINGLE, 'many more') if text.startswith(f'{one} ')), text)}"


numbered = st.builds("{} {}".format, st.sampled_from(WORDS), st.integers(1, 3))
switched = st.builds("{}{}".format, st.sampled_from(["", "no "]), st.sampled_from(ON))
places = st.sampled_from(PLACES)


@st.composite
def configurations(draw):
    """A tree, grown by typing."""
    made = Tree(single=SINGLE, default=ON)
    for place, line in draw(st.lists(st.tuples(places, numbered | switched), max_size=25)):
        made.at = ()
        for header in place:
            made.type(header)
        made.type(line)
    made.at = ()
    return made


def identity(line):
    """What a line is the value of: there is one of each in a section."""
    return next((one for one in (*SINGLE, "many more") if line.startswith(f"{one} ")), line.removeprefix("no "))


@st.composite
def renderings(draw):
    """Lines of some settings, one of each kind of single line in a section, and claims on what else is there."""
    rows = draw(
        st.lists(st.tuples(places, numbered | switched), max_size=12, unique_by=lambda row: (row[0], identity(row[1])))
    )
    names = st.sampled_from(["s", "t", "u"])
    lines = [Line(place, text, draw(names), by_default=text in ON) for place, text in rows]
    lines += [
        Line(place[:depth], place[depth], "s")
        for place in {line.section for line in lines}
        for depth in range(len(place))
    ]
    owned = draw(st.lists(st.tuples(places, st.sampled_from(["", *SINGLE, "many", *ON, "no on one", "no on two"]))))
    claims = [Claim(place, prefix, "owns", draw(names)) for place, prefix in owned]
    single = [(line.section, word) for line in lines for word in SINGLE if line.text.startswith(word)]
    claims += [Claim(place, word, "replaces", "s") for place, word in single]
    return Rendering(tuple(dict.fromkeys(lines)), tuple(claims))


def differences(found):
    return {name: one for name, one in found.differences.items() if one}


@given(configurations(), renderings())
def test_the_commands_make_it_so_and_then_there_are_none(running, wanted):
    before = compare(wanted, parse(running.text()), Words())
    assert bool(differences(before)) == bool(before.commands)
    for line in entered(before.commands):
        running.type(line)
    assert running.at == ()
    after = compare(wanted, parse(running.text()), Words())
    assert differences(after) == {}
    assert after.commands == ()


@given(configurations(), renderings())
def test_what_nobody_asks_for_or_claims_stays(running, wanted):
    def nobodys(tree):
        asked = {(line.section, line.text) for line in wanted.lines}
        single = {(line.section, identity(line.text)) for line in wanted.lines}
        return [
            (place, text)
            for place, text in tree.rows
            if (place, text) not in asked
            and (place, identity(text)) not in single
            and not any(
                claim.covers(place[:depth], [*place, text][depth])
                for claim in wanted.claims
                for depth in range(len(place) + 1)
            )
        ]

    before = nobodys(running)
    for line in entered(compare(wanted, parse(running.text()), Words()).commands):
        running.type(line)
    assert nobodys(running) == before


@given(configurations(), renderings(), st.sets(st.sampled_from(["s", "t", "u"])))
def test_waived_settings_are_told_and_get_no_command(running, wanted, waived):
    config = parse(running.text())
    whole, part = compare(wanted, config, Words()), compare(wanted, config, Words(), waived)
    assert part.differences == whole.differences
    assert not {command.setting for command in part.commands} & waived


@given(configurations(), renderings())
def test_lines_are_entered_before_others_go_unless_they_would_go_with_them(running, wanted):
    found = compare(wanted, parse(running.text()), Words())
    commands, missing = found.commands, {line[:2] for one in found.differences.values() for line in one.missing}
    last = max((place for place, one in enumerate(commands) if one[:2] in missing), default=0)
    for section, text, _setting in commands[:last]:
        if (section, text) not in missing and text.startswith("no "):
            gone = text.removeprefix("no ")
            assert any(
                place == section and (kept.startswith(gone) or gone.startswith(kept))
                for place, kept, *_ in wanted.lines
            )
