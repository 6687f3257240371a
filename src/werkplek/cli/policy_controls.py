"""`werkplek policy controls`: which controls are evidenced by which settings, and which by none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from werkplek.cli.inventory_tables import new_table, plain, say, show
from werkplek.cli.policy_subject import CHECKOUT, Json, Root, print_json, read_policy
from werkplek.errors import Exit, Problem, WerkplekError
from werkplek.policy.coverage import Control, Coverage, coverage
from werkplek.policy.fields import nearest


def controls(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CONTROL]...", help="A source (BIO2) or a control (BIO2:8.01.02); all without it."),
    ] = None,
    missing: Annotated[bool, typer.Option("--missing", help="Only controls that no setting evidences.")] = False,
    root: Root = CHECKOUT,
    as_json: Json = False,
) -> None:
    """Show how many settings evidence each control, and which controls no setting evidences.

    Without a CONTROL: a line per source. With one: the controls with their settings. What no setting evidences may be
    evidenced by something else, such as the inventory or a change record; for BIO2, policies/controls/bio2.csv says by
    what. Of sources whose numbers are not listed in policies/controls/numbers.csv only used numbers are shown.

    Exit code 0: shown. 1: the policy has problems, or there is no such control.

    Examples:

      werkplek policy controls

      werkplek policy controls BIO2 --missing

      werkplek policy controls CIS-W11:18.10.92.4.2 --json | jq '.sources[].controls[].settings'
    """
    every = coverage(read_policy(root))
    found = [chosen for name in names for chosen in _named(every, name)] if names else list(every)
    if missing:
        found = [_only(one, [control for control in one.controls if not control.settings]) for one in found]
    if as_json:
        print_json({"schema": 1, "sources": [_data(one) for one in found]})
    elif names or missing:
        for one in found:
            _show(one)
    else:
        _summary(found)
    raise typer.Exit(Exit.OK)


def _named(every: Sequence[Coverage], name: str) -> list[Coverage]:
    prefix, colon, _ = name.partition(":")
    chosen = [one for one in every if one.prefix == prefix]
    if colon:
        chosen = [_only(one, [control for control in one.controls if control.control == name]) for one in chosen]
    if not any(one.controls for one in chosen):
        known = [one.prefix for one in every] if not colon else [c.control for one in every for c in one.controls]
        expected = "a source or a control that is known or used"
        raise WerkplekError("No such control.", [Problem(f"'{name}'", "nothing", expected, nearest(name, known))])
    return chosen


def _only(one: Coverage, controls: Sequence[Control]) -> Coverage:
    return Coverage(one.prefix, one.title, one.listed, tuple(controls))


def _data(one: Coverage) -> dict[str, object]:
    return {**asdict(one), "evidenced": one.evidenced}


def _summary(found: Sequence[Coverage]) -> None:
    numbers = ("controls", "evidenced", "not evidenced")
    table = new_table(Text("Controls"), "source", numbers=numbers, prose="document")
    for one in found:
        without = str(len(one.controls) - one.evidenced) if one.listed else "not listed"
        table.add_row(one.prefix, str(len(one.controls)), str(one.evidenced), without, plain(one.title))
    show(table)
    say("`werkplek policy controls SOURCE` shows each control with its settings.")


def _show(one: Coverage) -> None:
    if not one.controls:
        say(f"{one.prefix}: every listed control is evidenced by a setting.")
        return
    table = new_table(Text(f"{one.prefix} {one.title}".strip()), "control", prose="settings")
    for control in one.controls:
        label = Text(control.control)
        if control.label:
            label.append(f"\n{plain(control.label)}", style="dim")
        if control.government:
            label.append("\ngovernment measure", style="dim")
        names = ", ".join(control.settings) or Text("none", style="yellow")
        table.add_row(label, names)
    show(table)
