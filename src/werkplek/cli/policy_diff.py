"""`werkplek policy diff` and `golden`: what a change of policy changes, for whom, before it is merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from werkplek.cli.inventory_tables import new_table, plain, say, show
from werkplek.cli.policy_subject import CHECKOUT, SOURCE, Json, Root, Source, print_json, read_inventory, read_policy
from werkplek.errors import Exit, WerkplekError
from werkplek.files import write_atomic
from werkplek.policy.difference import ADDED, CHANGED, REMOVED, Change, GroupDifference, difference
from werkplek.policy.golden import FOLDER, golden_files
from werkplek.policy.history import sources_at
from werkplek.policy.hosts import facts_by_host
from werkplek.policy.loader import Repository, build_repository, load_repository, today_utc
from werkplek.policy.sources import FOLDERS

STYLES = {ADDED: "green", REMOVED: "red", CHANGED: "yellow"}


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A folder with policies/, or a commit, tag or branch.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="As OLD.", show_default="this checkout as it is")] = "",
    source: Source = SOURCE,
    hosts: Annotated[bool, typer.Option(help="Count hosts; --no-hosts reads no registry.")] = True,
    root: Root = CHECKOUT,
    as_json: Json = False,
) -> None:
    """Show what is different between two policies: settings per municipality and class, and how many hosts feel it.

    Changes that no host feels yet are shown too, with 0 hosts. Waivers count as they stand today.

    Exit code 0: no difference. 3: a difference. 1: a policy has problems, or the registry cannot be read.

    Examples:

      werkplek policy diff main

      werkplek policy diff v1.2 v1.3 --json | jq '.groups[] | [.municipality, .workplace_class, .hosts]'

      werkplek policy diff ../werkplek-before . --no-hosts
    """
    before, after = _policy(old, root), _policy(new or str(root), root)
    facts = facts_by_host(read_inventory(source)) if hosts else {}
    found = difference(before, after, facts, today_utc())
    if as_json:
        print_json({"schema": 1, "old": old, "new": new or str(root), "groups": [_data(one, hosts) for one in found]})
    else:
        _show(found, hosts)
    raise typer.Exit(Exit.FOUND if found else Exit.OK)


def _policy(name: str, root: Path) -> Repository:
    """The policy in a folder or a commit. The WerkplekError of one with problems says which of both it is."""
    try:
        folder = Path(name)
        return load_repository(folder) if folder.is_dir() else build_repository(sources_at(root, name, FOLDERS))
    except WerkplekError as error:
        raise WerkplekError(f"{name}: {error.summary}", error.problems, error.code) from None


def _data(one: GroupDifference, counted: bool) -> dict[str, object]:
    changes = [
        {**asdict(change), **({"hosts": one.changes[change]} if counted else {})} for change in sorted(one.changes)
    ]
    group = {"municipality": one.municipality, "workplace_class": one.workplace_class}
    return {**group, **({"hosts": one.hosts} if counted else {}), "changes": changes}


def _show(found: Sequence[GroupDifference], counted: bool) -> None:
    if not found:
        say("No difference.")
        return
    numbers = (ADDED, REMOVED, CHANGED, *(["hosts"] if counted else []))
    table = new_table(Text("Settings that are different"), "municipality", "class", numbers=numbers)
    for one in found:
        counts = (str(one.count(kind)) for kind in (ADDED, REMOVED, CHANGED))
        table.add_row(one.municipality, one.workplace_class, *counts, *([str(one.hosts)] if counted else []))
    show(table)
    _show_changes(found, counted)


def _show_changes(found: Sequence[GroupDifference], counted: bool) -> None:
    """One row per change, with the groups that have it."""
    groups: dict[Change, list[str]] = {}
    for one in found:
        for change, hosts in one.changes.items():
            number = f" ({hosts})" if counted else ""
            groups.setdefault(change, []).append(f"{one.municipality}/{one.workplace_class}{number}")
    table = new_table(Text("Changes"), "setting", "change", "where", prose="value")
    for change in sorted(groups):
        value = Text(plain(change.what) + "\n", style="dim")
        value.append(plain(change.before), style="red" if change.before else "")
        value.append(" -> " if change.before and change.after else "", style="dim")
        value.append(plain(change.after), style="green")
        place = f"{change.setting}\n{change.source}"
        table.add_row(place, Text(change.kind, style=STYLES[change.kind]), "\n".join(groups[change]), value)
    show(table)


def golden(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit code 3 when a file is stale.")] = False,
    root: Root = CHECKOUT,
    as_json: Json = False,
) -> None:
    """Write the golden files: the resolved policy of each municipality and class, one line per setting.

    They stand in tests/golden/policy, so that a pull request shows what its policy changes do to each municipality.
    `./werkplek test` fails when they are stale.

    Exit code 0: written, or up to date. 3: with --check, some are stale. 1: the policy has problems.

    Examples:

      werkplek policy golden

      werkplek policy golden --check --json | jq -r '.stale[]'
    """
    wanted = golden_files(read_policy(root))
    there = {path.relative_to(root).as_posix() for path in (root / FOLDER).rglob("*.jsonl")}
    stale = sorted(name for name in {*wanted, *there} if name not in wanted or not _same(root / name, wanted[name]))
    if not check:
        _write(root, wanted, stale)
    if as_json:
        print_json({"schema": 1, "files": sorted(wanted), "stale": stale, "written": not check})
    else:
        verb = "stale" if check else "written" if stale else ""
        for name in stale:
            say(f"{verb}: {name}" if name in wanted else f"{'not wanted' if check else 'deleted'}: {name}")
        say(f"{len(wanted)} golden files, {len(stale)} {verb or 'to write'}.")
        if check and stale:
            say("Run `werkplek policy golden`, look at what changed, and commit it.")
    raise typer.Exit(Exit.FOUND if check and stale else Exit.OK)


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def _write(root: Path, wanted: dict[str, str], stale: Sequence[str]) -> None:
    for name in stale:
        path = root / name
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(path, wanted[name], mode=0o644)
        else:
            path.unlink()
