"""`werkplek policy waivers`: the exceptions, and when they end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from werkplek.cli.policy_subject import CHECKOUT, Json, Root, read_inventory, read_policy
from werkplek.cli.policy_text import STATE_STYLES, print_json, put
from werkplek.errors import Exit
from werkplek.policy.exceptions import ENDED, NOT_BEGUN, Budget, WaiverStanding, budgets, expiring, standings
from werkplek.policy.hosts import facts_by_host
from werkplek.policy.loader import today_utc
from werkplek.policy.model import CLASSES


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
    deleted. --expiring 30d shows those whose last day is at most 30 days away, begun or not, and those that have ended.

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
    limits = budgets(repository, every)
    if as_json:
        data = [waiver_data(one) for one in found]
        print_json({"schema": 1, "waivers": data, "budgets": [asdict(budget) for budget in limits]})
    else:
        for one in found:
            _show(one)
        if not found:
            put("No waivers." if within is None else f"No waivers that end within {within} days or have ended.")
        _show_budgets(limits)
    raise typer.Exit(Exit.FOUND if within is not None and found else Exit.OK)


def waiver_data(one: WaiverStanding) -> dict[str, object]:
    """A waiver as JSON values: its entry as in the file, and how it stands."""
    entry = one.entry.model_dump(mode="json", by_alias=True)
    hosts = None if one.hosts is None else list(one.hosts)
    return {**entry, "source": one.source, "state": one.state, "days_left": one.days_left, "hosts": hosts}


def standing_text(one: WaiverStanding) -> str:
    """How a waiver stands, with its last day and the days until it or since."""
    entry, days = one.entry, abs(one.days_left)
    unit = "day" if days == 1 else "days"
    if one.state == ENDED:
        return f"{ENDED} on {entry.until} ({days} {unit} ago)"
    begins = f", from {entry.approved}" if one.state == NOT_BEGUN else ""
    return f"{one.state}{begins} until {entry.until} ({f'{days} {unit} left' if days else 'its last day'})"


def _show(one: WaiverStanding) -> None:
    entry = one.entry
    standing = (standing_text(one), STATE_STYLES[one.state])
    put((entry.id, "bold"), "  ", standing, "  ", (one.source, "dim"), hang=2)
    for label, text in (
        ("settings", ", ".join(entry.settings)),
        ("where", "; ".join(_scope(one))),
        ("why", entry.reason),
        ("asked by", f"{entry.author}; approved by {entry.approver} on {entry.approved}"),
        ("not applicable", entry.not_applicable_because),
    ):
        if text:
            put((f"{label}: ", "dim"), text, indent=2, hang=2)


def _scope(one: WaiverStanding) -> Iterator[str]:
    """The municipalities, and what narrows it down; all classes are no limit."""
    scope = one.entry.scope.model_dump(by_alias=True)
    yield ", ".join(scope.pop("municipality"))
    if set(scope["class"]) == set(CLASSES):
        del scope["class"]
    for name, values in scope.items():
        if values:
            yield f"{name} {', '.join(values)}"
    if one.hosts is not None:
        yield f"{len(one.hosts)} host{'' if len(one.hosts) == 1 else 's'} of the inventory"


def _show_budgets(limits: Sequence[Budget]) -> None:
    for budget in limits:
        allowed = "" if budget.allowed is None else f", {budget.allowed} allowed"
        put(f"{budget.municipality}: {budget.open} open{allowed}")
