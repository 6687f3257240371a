"""`werkplek roles`: what each role does, told from the role itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from werkplek.cli import generated
from werkplek.cli.policy_subject import CHECKOUT, Json, read_policy
from werkplek.cli.policy_text import print_json, put
from werkplek.documentation.roles import role_readmes
from werkplek.errors import Exit

app = typer.Typer(
    help="The roles: what each of them does.",
    no_args_is_help=True,
    epilog="Exit codes: 0 done, 1 failed (a role or the policy has problems), 2 wrong usage, 3 done, and something was"
    " found: docs --check a README that is not what would be generated.",
)
Root = Annotated[
    Path,
    typer.Option(
        "--root",
        help="Folder that holds roles/, playbooks/, policies/ and municipalities/.",
        show_default="this checkout",
        file_okay=False,
    ),
]


@app.callback()
def roles() -> None:
    """Keep `docs` a command of a group; Typer would make the only command the group itself."""


@app.command()
def docs(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 3 when a README is not what would be generated.")
    ] = False,
    root: Root = CHECKOUT,
    as_json: Json = False,
) -> None:
    """Write the README of each role: what it does, where, with which inputs, and what its policy holds.

    From the role's meta/argument_specs.yml, which must agree with its defaults/main.yml, from meta/main.yml, the
    playbooks that use it, and, where it enforces policy, from the policies. `./werkplek test` fails when one is stale.

    Exit code 0: written, or up to date. 3: with --check, some are not. 1: a role or the policy has problems.

    Examples:

      werkplek roles docs

      werkplek roles docs --check --json | jq -r '.stale[]'
    """
    wanted = role_readmes(root, read_policy)
    found = _compared(root, wanted)
    if not check:
        generated.write(root, wanted, found, "READMEs")
    if as_json:
        print_json({"schema": 1, "files": sorted(wanted), **found, "written": not check})
    else:
        _show(found, len(wanted), check)
    raise typer.Exit(Exit.FOUND if check and any(found.values()) else Exit.OK)


def _compared(root: Path, wanted: Mapping[str, str]) -> generated.Found:
    """No README is surplus: a folder without a role has none that is known here."""
    found = generated.compared(root, wanted, [name for name in wanted if (root / name).is_file()])
    return {what: names for what, names in found.items() if what != "surplus"}


def _show(found: generated.Found, number: int, check: bool) -> None:
    different = generated.show(found, check)
    readmes = f"{number} README{'s' * (number != 1)} of roles"
    put(f"{readmes}, {different} of them {'not what would be generated' if check else 'written'}.")
    if check and different:
        put("Run `werkplek roles docs`, look at what changed, and commit it.")
