"""`werkplek policy golden`: the resolved policy as files, so that a pull request shows what it does to whom."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from werkplek.cli import generated
from werkplek.cli.policy_subject import CHECKOUT, Json, Root, read_policy
from werkplek.cli.policy_text import print_json, put, working
from werkplek.errors import Exit
from werkplek.policy.golden import FOLDER, golden_files


def golden(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 3 when a file is not as it should be.")
    ] = False,
    root: Root = CHECKOUT,
    as_json: Json = False,
) -> None:
    """Write the golden files: the resolved policy of each municipality and class, one line per setting.

    They stand in tests/golden/policy, so that a pull request shows what its policy changes do to each municipality.
    `./werkplek test` fails when one is stale, missing or surplus (of a municipality or class without settings).

    Exit code 0: written, or up to date. 3: with --check, some are not. 1: the policy has problems.

    Examples:

      werkplek policy golden

      werkplek policy golden --check --json | jq -r '.stale[]'
    """
    repository = read_policy(root)
    with working("Resolving"):
        wanted = golden_files(repository)
    found = generated.compared(root, wanted, _there(root))
    if not check:
        generated.write(root, wanted, found, "golden files")
    if as_json:
        print_json({"schema": 1, "files": sorted(wanted), **found, "written": not check})
    else:
        _show(found, len(wanted), check)
    raise typer.Exit(Exit.FOUND if check and any(found.values()) else Exit.OK)


def _there(root: Path) -> set[str]:
    """The golden files that stand in a repository."""
    return {path.relative_to(root).as_posix() for path in (root / FOLDER).rglob("*.jsonl")}


def _show(found: generated.Found, number: int, check: bool) -> None:
    different = generated.show(found, check)
    put(f"{number} golden files, {different} of them {'not as they should be' if check else 'written or deleted'}.")
    if check and different:
        put("Run `werkplek policy golden`, look at what changed, and commit it.")
