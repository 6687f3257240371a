"""What a line of configuration does to the tree, where its command does not say otherwise."""

from __future__ import annotations

from werkplek.lab.switches.dialect import Answer, Edit, Line, Rule
from werkplek.lab.switches.grammar import DEFAULT, NO, Match
from werkplek.lab.switches.tree import Entry


def apply(edit: Edit, match: Match[Rule]) -> Answer:
    """Put a line into its section, or take it away; what the switch says of it."""
    rule = match.rule
    assert isinstance(rule, Line)
    if rule.run is not None:
        return rule.run(edit, match)
    if match.negated:
        negate(edit, match, rule)
    else:
        put(edit, match, rule)
    return ""


def put(edit: Edit, match: Match[Rule], rule: Line) -> None:
    """The line stands in its slot, unless it is what holds by default and is not shown."""
    text = rule.write(edit, match) if rule.write is not None else match.text
    by_default = match.value == rule.default or (rule.on and not match.value)
    if rule.enters:
        edit.section.setdefault(match.slot, Entry(text, {}))
    elif by_default and not rule.shown:
        edit.section.pop(match.slot, None)
    else:
        edit.section[match.slot] = Entry(text)


def negate(edit: Edit, match: Match[Rule], rule: Line) -> None:
    """Nothing stands in the slot, or the `no` form where that is what is shown."""
    off = match.prefix == NO or (match.prefix == DEFAULT and not rule.on)
    if off and (rule.shown or rule.on):
        edit.section[match.slot] = Entry(f"no {match.slot}")
    elif rule.shown:
        edit.section[match.slot] = Entry(match.slot)
    else:
        edit.section.pop(match.slot, None)
