"""`werkplek policy controls`: which controls are evidenced by which settings, and which by none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Annotated

import typer
from rich.text import Text

from werkplek.cli.inventory_tables import new_table, plain, show
from werkplek.cli.policy_subject import CHECKOUT, Json, Root, read_policy
from werkplek.cli.policy_text import print_json, put
from werkplek.errors import Exit, Problem, WerkplekError
from werkplek.policy.coverage import Control, Coverage, coverage
from werkplek.policy.fields import nearest

TITLE_WIDTH = 24  # of the column with titles, at least


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

    Without a CONTROL: a line per source. With one: the controls with their settings. A setting counts where it is
    enforced in some municipality; waivers do not count, for they end. What no setting evidences may be evidenced by
    something else, such as the inventory or a change record; for BIO2, policies/controls/bio2.csv says by what.
    Of sources whose numbers are not listed in policies/controls/numbers.csv only used numbers are shown.

    Exit code 0: shown. 1: the policy has problems, or there is no such control.

    Examples:

      werkplek policy controls

      werkplek policy controls BIO2 --missing

      werkplek policy controls CIS-W11:18.10.92.4.2 --json | jq '.sources[].controls[].settings'
    """
    every = coverage(read_policy(root))
    found = _named(every, names) if names else list(every)
    if missing:
        found = [replace(one, controls=tuple(c for c in one.controls if not c.settings)) for one in found if one.listed]
    if as_json:
        print_json({"schema": 1, "sources": [{**asdict(one), "evidenced": one.evidenced} for one in found]})
    elif names or missing:
        for one in found:
            _show(one)
        if not found:
            put("The numbers of that source are not listed: what is missing is not known.")
    else:
        _summary(found)
    raise typer.Exit(Exit.OK)


def _named(every: Sequence[Coverage], names: Sequence[str]) -> list[Coverage]:
    """The sources and controls of these names, each source once."""
    prefixes = [one.prefix for one in every]
    known = [*prefixes, *(control.control for one in every for control in one.controls)]
    unknown = [
        Problem(
            f"'{name}'", "nothing of that name", "a source or a control that is known or used", nearest(name, known)
        )
        for name in names
        if name not in known
    ]
    if unknown:
        raise WerkplekError("No such control.", unknown)
    wanted = {name.partition(":")[0] for name in names}
    return [
        one if one.prefix in names else replace(one, controls=tuple(c for c in one.controls if c.control in names))
        for one in every
        if one.prefix in wanted
    ]


def _summary(found: Sequence[Coverage]) -> None:
    table = new_table(Text("Controls"), "source", numbers=("controls", "evidenced", "not evidenced"))
    if any(one.title for one in found):
        table.add_column("document", min_width=TITLE_WIDTH)
    for one in found:
        without = str(len(one.controls) - one.evidenced) if one.listed else "not listed"
        title = [plain(one.title)] if len(table.columns) > 4 else []
        table.add_row(one.prefix, str(len(one.controls)), str(one.evidenced), without, *title)
    show(table)
    put("`werkplek policy controls SOURCE` shows each control with its settings.")


def _show(one: Coverage) -> None:
    put((f"{one.prefix}  {one.title}".strip(), "bold"))
    if not one.controls:
        put("Every listed control is evidenced by a setting.", indent=2)
    for control in one.controls:
        _show_control(control)


def _show_control(control: Control) -> None:
    measure = " (government measure)" if control.government else ""
    number = len(control.settings)
    count = f"{number} setting{'' if number == 1 else 's'}" if number else "no setting"
    label = f"{control.control}  {control.label}".rstrip()
    put(f"{label}{measure}: ", (count, "" if number else "yellow"), indent=2, hang=2)
    if number:
        put((", ".join(control.settings), "dim"), indent=6)
