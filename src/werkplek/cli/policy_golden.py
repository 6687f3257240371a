"""`werkplek policy golden`: the resolved policy as files, so that a pull request shows what it does to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from werkplek.cli.policy_subject import CHECKOUT, Json, Root, read_policy
from werkplek.cli.policy_text import print_json, put, working
from werkplek.errors import Exit, Problem, WerkplekError
from werkplek.files import write_atomic
from werkplek.policy.golden import FOLDER, golden_files

type Found = Mapping[str, Sequence[str]]  # file names by what is wrong with them


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
    found = _compared(root, wanted)
    if not check:
        _write(root, wanted, found)
    if as_json:
        print_json({"schema": 1, "files": sorted(wanted), **found, "written": not check})
    else:
        _show(found, len(wanted), check)
    raise typer.Exit(Exit.FOUND if check and any(found.values()) else Exit.OK)


def _compared(root: Path, wanted: Mapping[str, str]) -> Found:
    there = {path.relative_to(root).as_posix() for path in (root / FOLDER).rglob("*.jsonl")}
    return {
        "stale": sorted(name for name in wanted if name in there and not _same(root / name, wanted[name])),
        "missing": sorted(name for name in wanted if name not in there),
        "surplus": sorted(name for name in there if name not in wanted),
    }


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def _write(root: Path, wanted: Mapping[str, str], found: Found) -> None:
    try:
        for name in (*found["stale"], *found["missing"]):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            write_atomic(root / name, wanted[name], mode=0o644)
        for name in found["surplus"]:
            (root / name).unlink()
    except OSError as error:
        problem = Problem(str(error.filename), str(error.strerror), "a file that can be written")
        raise WerkplekError("The golden files could not be written.", [problem]) from None


def _show(found: Found, number: int, check: bool) -> None:
    done = {"stale": "rewritten", "missing": "written", "surplus": "deleted"}
    for what, names in found.items():
        for name in names:
            put(f"{what}{'' if check else f', {done[what]}'}: {name}")
    different = sum(map(len, found.values()))
    put(f"{number} golden files, {different} of them {'not as they should be' if check else 'written or deleted'}.")
    if check and different:
        put("Run `werkplek policy golden`, look at what changed, and commit it.")
