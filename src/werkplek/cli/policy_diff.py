"""`werkplek policy diff`: what a change of policy changes, for whom, before it is merged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from werkplek.cli.inventory_tables import new_table, show
from werkplek.cli.policy_subject import CHECKOUT, SOURCE, Json, Root, Source, read_inventory
from werkplek.cli.policy_text import Span, print_json, put, state, working
from werkplek.errors import Exit, Problem, WerkplekError
from werkplek.policy.difference import (
    ADDED,
    CHANGED,
    REMOVED,
    Change,
    GroupDifference,
    WaiverChange,
    difference,
    waiver_difference,
)
from werkplek.policy.history import commit_of, sources_at, trouble
from werkplek.policy.hosts import facts_by_host
from werkplek.policy.loader import Repository, build_repository, load_repository, today_utc
from werkplek.policy.model import CLASSES
from werkplek.policy.sources import FOLDERS

KINDS = (ADDED, REMOVED, CHANGED)


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A folder with policies/, or a commit, tag or branch.")],
    new: Annotated[
        str | None, typer.Argument(metavar="NEW", help="As OLD.", show_default="this checkout as it is")
    ] = None,
    source: Source = SOURCE,
    hosts: Annotated[bool, typer.Option(help="Count hosts; --no-hosts reads no registry.")] = True,
    root: Root = CHECKOUT,
    as_json: Json = False,
) -> None:
    """Show what is different between two policies: settings per municipality and class, and how many hosts feel it.

    Counted are hosts that a run may touch: neither in quarantine nor out of their lifecycle. Changes that no host feels
    yet are shown too, with 0 hosts. Settings are compared as waivers stand today; waivers that are different are shown
    whatever their days. Titles, notes, reasons and controls make no difference to a host.

    Exit code 0: no difference. 3: a difference. 1: a policy has problems, or the registry cannot be read.

    Examples:

      werkplek policy diff main

      werkplek policy diff v1.2 v1.3 --json | jq '.groups[] | [.municipality, .workplace_class, .hosts]'

      werkplek policy diff ../werkplek-before . --no-hosts
    """
    before, after = _policy(old, root), _policy(str(root) if new is None else new, root)
    facts = facts_by_host(read_inventory(source)) if hosts else {}
    with working("Comparing"):
        groups, waivers = difference(before, after, facts, today_utc()), waiver_difference(before, after)
    if as_json:
        data = {"old": old, "new": new, "waivers": [asdict(one) for one in waivers]}
        print_json({"schema": 1, **data, "groups": [_data(one, hosts) for one in groups]})
    else:
        _show(groups, waivers, hosts)
    raise typer.Exit(Exit.FOUND if groups or waivers else Exit.OK)


def _policy(name: str, root: Path) -> Repository:
    """The policy in a folder or a commit. Raises WerkplekError, which says of which of both."""
    try:
        with working(f"Reading the policy of {name}"):
            if commit := _commit(name, root):
                return build_repository(sources_at(root, commit, FOLDERS))
            return load_repository(Path(name))
    except WerkplekError as error:
        raise WerkplekError(f"{name}: {error.summary}", error.problems, error.code) from None


def _commit(name: str, root: Path) -> str:
    """The commit that is meant, empty where a folder is. Raises WerkplekError where it is neither, or could be both."""
    folder = name != "" and (Path(name) / FOLDERS[0]).is_dir()
    commit = commit_of(root, name)
    if folder and commit:
        remedy = f"Write ./{name} for the folder, {commit[:12]} for the commit."
        raise WerkplekError("It could be two policies.", [Problem(f"'{name}'", "a folder and a commit", "one", remedy)])
    if not folder and not commit:
        reason = trouble(root)
        remedy = f"Git says of {root}: {reason}." if reason else ""
        expected = f"a folder with {FOLDERS[0]}/, or a commit, tag or branch"
        raise WerkplekError("No such policy.", [Problem(f"'{name}'", "neither", expected, remedy)])
    return commit


def _data(one: GroupDifference, counted: bool) -> dict[str, object]:
    changes = [{**asdict(change), "hosts": one.changes[change] if counted else None} for change in sorted(one.changes)]
    hosts = one.hosts if counted else None
    return {
        "municipality": one.municipality,
        "workplace_class": one.workplace_class,
        "hosts": hosts,
        "changes": changes,
    }


def _show(groups: Sequence[GroupDifference], waivers: Sequence[WaiverChange], counted: bool) -> None:
    if not groups and not waivers:
        put("No difference.")
    if groups:
        table = new_table(
            Text("Settings that are different"), "municipality", "class", numbers=(*KINDS, *(["hosts"] * counted))
        )
        for one in groups:
            counts = (str(one.count(kind)) for kind in KINDS)
            table.add_row(one.municipality, one.workplace_class, *counts, *([str(one.hosts)] * counted))
        show(table)
        _show_changes(groups, counted)
    if waivers:
        put(("Waivers that are different", "bold"))
    for waiver in waivers:
        put(state(waiver.kind), f"  {waiver.waiver}  ", (waiver.source, "dim"), indent=2, hang=2)
        _show_values(waiver.before, waiver.after)


def _show_changes(groups: Sequence[GroupDifference], counted: bool) -> None:
    """Each change once, with the groups that have it."""
    having: dict[Change, list[GroupDifference]] = {}
    for one in groups:
        for change in one.changes:
            having.setdefault(change, []).append(one)
    put(("Changes", "bold"))
    for change, places in sorted(having.items(), key=lambda entry: entry[0]):
        put(state(change.kind), f"  {change.setting}  ", (change.source, "dim"), indent=2, hang=2)
        put(change.what, indent=4, hang=2)
        _show_values(change.before, change.after)
        put(("; ".join(_where(change, places, counted)), "dim"), indent=4, hang=2)


def _show_values(before: str, after: str) -> None:
    arrow: list[Span] = [" -> "] if before and after else []
    put((before, "red"), *arrow, (after, "green"), indent=4, hang=2)


def _where(change: Change, groups: Sequence[GroupDifference], counted: bool) -> Iterator[str]:
    """The municipalities per class, with their hosts."""
    for workplace_class in CLASSES:
        named = [one for one in groups if one.workplace_class == workplace_class]
        numbers = (f" ({one.changes[change]})" if counted else "" for one in named)
        if named:
            places = (one.municipality + number for one, number in zip(named, numbers, strict=True))
            yield f"{workplace_class}: {', '.join(places)}"
