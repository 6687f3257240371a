"""`werkplek inventory`: the registry as a file, what to mend in it, and what is different between two moments."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from werkplek.cli import inventory_json, inventory_tables
from werkplek.errors import Exit, Problem, WerkplekError
from werkplek.files import ROOT
from werkplek.registry.config import RegistryConfig, registry_config
from werkplek.registry.difference import comparable, difference
from werkplek.registry.hosts import Inventory
from werkplek.registry.inventory import compile_inventory
from werkplek.registry.mending import findings
from werkplek.registry.named import LAST, NOW, current, named
from werkplek.registry.snapshot import dump
from werkplek.registry.sources import read_source
from werkplek.registry.tables import Snapshot

app = typer.Typer(
    name="inventory",
    no_args_is_help=True,
    help="The registry: keep it as a file, see what to mend in it, see what changed.",
    epilog="Exit codes: 0 done, 1 failed (the registry cannot be read, or gives no inventory), 2 wrong usage,"
    " 3 read, and something was found: check has something to mend, diff has a difference.",
)

Source = Annotated[
    Path,
    typer.Option(
        "--source",
        help="Inventory source, of plugin netbox_registry or registry_snapshot.",
        show_default="the checkout's registry.yml",
        exists=True,
        dir_okay=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")]
REGISTRY = ROOT / "registry.yml"


@app.command()
def snapshot(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.", dir_okay=False)],
    source: Source = REGISTRY,
    as_json: Json = False,
) -> None:
    """Write the registry as it is now to a file: the same bytes for the same registry, with a checksum.

    The file is to compare with later, and an inventory without NetBox (plugin registry_snapshot).

    It holds what the source's filters and extras let through. Only its owner can read it.

    Examples:

      werkplek inventory snapshot monday.json

      werkplek inventory snapshot monday.json --json | jq -r .sha256
    """
    if not file.absolute().parent.is_dir():
        raise typer.BadParameter(f"no folder {file.absolute().parent}", param_hint="FILE")
    options = read_source(source, os.environ)
    with reading():
        found = current(options)
    try:
        dump(found, file)
    except OSError as error:
        problem = Problem(str(file), str(error.strerror), "a file that can be written")
        raise WerkplekError("The snapshot could not be written", [problem]) from None
    if as_json:
        print_json(inventory_json.snapshot(file, found))
    else:
        inventory_tables.show_snapshot(file, found)


@app.command()
def check(source: Source = REGISTRY, as_json: Json = False) -> None:
    """Check the registry against the data contract, and show what to mend, with the address of each object.

    A host that breaks the contract is in quarantine: it is left alone until it is mended.

    Exit code 0: nothing to mend. 3: something to mend. 1: the registry as a whole gives no inventory.

    Examples:

      werkplek inventory check

      werkplek inventory check --json | jq -r '.to_mend[] | [.municipality, .host, .url] | @tsv'
    """
    options = read_source(source, os.environ)
    config = registry_config(options.options, options.file)
    with reading():
        inventory = compile_inventory(current(options), config)
    found = findings(inventory)
    if as_json:
        print_json(inventory_json.findings(inventory, found))
    else:
        inventory_tables.show_findings(inventory, found)
    raise typer.Exit(Exit.OK if found.sound else Exit.FOUND)


@app.command()
def diff(
    a: Annotated[str, typer.Argument(metavar="A", help=f"{NOW}, {LAST}, or a snapshot file.")],
    b: Annotated[str, typer.Argument(metavar="B", help=f"{NOW}, {LAST}, or a snapshot file.")],
    source: Source = REGISTRY,
    as_json: Json = False,
) -> None:
    """Show per municipality how hosts in B are different from those in A.

    A and B are `live` (the registry now), `last` (as Ansible read it last), or a snapshot file.
    Both are read with the options of the source. A file called live or last is ./live or ./last.

    A host is an object in NetBox, whatever its name. It was added, removed, renamed,
    moved (to another municipality), quarantined, released (from quarantine),
    or changed (in its variables or groups). A host is left out when nothing is different but
    registry.last_updated and registry.url, which say nothing of it.

    Exit code 0: no difference. 3: a difference. 1: A or B cannot be read, or gives no inventory.

    Examples:

      werkplek inventory diff last live

      werkplek inventory diff monday.json live --json | jq '.hosts[] | select(.kinds[] == "moved")'
    """
    for name, hint in ((a, "A"), (b, "B")):
        if name not in (NOW, LAST) and not Path(name).is_file():
            raise typer.BadParameter(f"{name!r} is neither {NOW} nor {LAST}, nor a file", param_hint=hint)
    options = read_source(source, os.environ)
    config = registry_config(options.options, options.file)
    with reading():
        one, two = named(options, a), named(options, b)
        before, after, remarks = comparable(one.snapshot, two.snapshot)
        found = difference(compiled(one.name, before, config), compiled(two.name, after, config))
    if as_json:
        print_json(inventory_json.difference(one, two, remarks, found))
    else:
        inventory_tables.show_difference(one, two, remarks, found)
    raise typer.Exit(Exit.OK if found.equal else Exit.FOUND)


def compiled(name: str, snapshot: Snapshot, config: RegistryConfig) -> Inventory:
    """The inventory of one of two snapshots. Its WerkplekError says of which."""
    try:
        return compile_inventory(snapshot, config)
    except WerkplekError as error:
        raise WerkplekError(f"{name}: {error.summary}", error.problems, error.code) from None


@contextmanager
def reading() -> Iterator[None]:
    """Shows on a terminal that something goes on; says nothing on a pipe."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status("Reading the registry …"):
        yield


def print_json(data: object) -> None:
    """JSON in ASCII: the registry's texts may hold what a terminal would obey."""
    typer.echo(json.dumps(data, indent=2))
