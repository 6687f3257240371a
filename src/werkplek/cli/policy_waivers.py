"""`werkplek policy waivers`: the exceptions, and when they end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from werkplek.cli.inventory_tables import new_table, plain, say, show
from werkplek.cli.policy_subject import CHECKOUT, Json, Root, print_json, read_inventory, read_policy
from werkplek.errors import Exit
from werkplek.policy.exceptions import ENDED, IN_FORCE, Budget, WaiverStanding, budgets, expiring, standings
from werkplek.policy.hosts import facts_by_host
from werkplek.policy.loader import today_utc

STYLES = {IN_FORCE: "green", ENDED: "red"}


def _days(text: str) -> int:
    found = re.fullmatch(r"(\d{1,4})d", text)
    if not found:
        raise typer.BadParameter(f"{text!r} is not a number of days like 30d")
    return int(found[1])


def waivers(
    within: Annotated[
        int | None,
        typer.Option(
            "--expiring", metavar="DAYS", parser=_days, help="Only those that end within DAYS (30d) or have ended."
        ),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option("--source", help="Also count the hosts of this inventory source.", exists=True, dir_okay=False),
    ] = None,
    root: Root = CHECKOUT,
    as_json: Json = False,
) -> None:
    """Show the waivers: settings, scope, who asked, who approved, and when each ends (its last day, in UTC).

    A waiver that has ended has no effect: its settings are enforced again. It stays in this list until its entry is
    deleted.

    Exit code 0: shown. 3: with --expiring, there are some. 1: the policy has problems.

    Examples:

      werkplek policy waivers

      werkplek policy waivers --expiring 30d

      werkplek policy waivers --source registry.yml --json | jq '.waivers[] | [.id, (.hosts | length)]'
    """
    repository = read_policy(root)
    facts = None if source is None else facts_by_host(read_inventory(source))
    every = standings(repository, today_utc(), facts)
    found = every if within is None else expiring(every, within)
    if as_json:
        limits = [asdict(budget) for budget in budgets(repository, every)]
        print_json({"schema": 1, "waivers": [_data(one) for one in found], "budgets": limits})
    else:
        _show(found, budgets(repository, every))
    raise typer.Exit(Exit.FOUND if within is not None and found else Exit.OK)


def _data(one: WaiverStanding) -> dict[str, object]:
    entry = one.entry.model_dump(mode="json", by_alias=True)
    hosts = None if one.hosts is None else list(one.hosts)
    return {**entry, "source": one.source, "state": one.state, "days_left": one.days_left, "hosts": hosts}


def _show(found: Sequence[WaiverStanding], limits: Sequence[Budget]) -> None:
    if not found:
        say("No waivers.")
        return
    with_hosts = found[0].hosts is not None
    table = new_table(
        Text("Waivers"),
        "waiver",
        "state",
        "until",
        "settings",
        "scope",
        "asked by",
        "approved by",
        *(["hosts"] if with_hosts else []),
        prose="reason",
    )
    for one in found:
        entry = one.entry
        reason = Text(plain(entry.reason))
        if entry.not_applicable_because:
            reason.append(f"\nNot applicable: {plain(entry.not_applicable_because)}")
        table.add_row(
            f"{entry.id}\n{one.source}",
            Text(one.state, style=STYLES.get(one.state, "")),
            f"{entry.until}\n{_left(one)}",
            "\n".join(entry.settings),
            _scope(one),
            plain(entry.author),
            plain(entry.approver),
            *([str(len(one.hosts))] if one.hosts is not None else []),
            reason,
        )
    show(table)
    for budget in limits:
        allowed = "" if budget.allowed is None else f" of {budget.allowed} allowed"
        say(f"{budget.municipality}: {budget.open} open{allowed}")


def _left(one: WaiverStanding) -> str:
    days = abs(one.days_left)
    unit = "day" if days == 1 else "days"
    return f"{days} {unit} ago" if one.state == ENDED else f"{days} {unit} left"


def _scope(one: WaiverStanding) -> str:
    scope = one.entry.scope.model_dump(by_alias=True)
    lines = [", ".join(scope.pop("municipality"))]
    if len(one.entry.scope.workplace_class) == len(type(one.entry.scope).model_fields["workplace_class"].default):
        del scope["class"]
    lines += [f"{name} {', '.join(values)}" for name, values in scope.items() if values]
    return plain_lines(lines)


def plain_lines(lines: Sequence[str]) -> str:
    """Texts under each other, without what a terminal would obey."""
    return "\n".join(map(plain, lines))
