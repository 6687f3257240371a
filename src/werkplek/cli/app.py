"""The `werkplek` command: mounts its parts and turns Werkplek's errors into one clear message."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from werkplek import __version__
from werkplek.cli import demo, inventory, lab, network, policy, report, roles, test
from werkplek.cli.inventory_tables import plain
from werkplek.errors import Exit, WerkplekError

app = typer.Typer(
    name="werkplek",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Keeps the workplaces of several municipalities as they should be, from one Ansible repository.",
    epilog="Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done, and something was found (each command says what),"
    " 69 something this needs is missing, 130 interrupted. Each command has --help with examples.",
)
app.command("demo")(demo.demo)
app.command("test")(test.test)
app.add_typer(inventory.app, name="inventory")
app.add_typer(policy.app, name="policy")
app.add_typer(network.app, name="network")
app.add_typer(lab.app, name="lab")
app.add_typer(roles.app, name="roles")
app.command("report")(report.report)


def show_version(wanted: bool) -> None:
    """Print the version and stop, where asked."""
    if wanted:
        typer.echo(f"werkplek {__version__}")
        raise typer.Exit


@app.callback()
def main_options(
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Options that come before any command."""


def main() -> None:
    """Entry point. A WerkplekError becomes its text on standard error and its exit code; Ctrl-C exits with 130."""
    try:
        app()
    except WerkplekError as error:
        lines = map(plain, f"werkplek: {error}".split("\n"))  # it may quote texts that a terminal would obey
        typer.echo("\n".join(lines), err=True)
        sys.exit(error.code)
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
