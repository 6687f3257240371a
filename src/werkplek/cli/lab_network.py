"""`werkplek lab network`: doubles of switches over SSH, up and down."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from werkplek.errors import Exit
from werkplek.files import state_dir
from werkplek.lab.switches import manage
from werkplek.lab.switches.status import ACCOUNT, NetworkFiles, NetworkLab

SHOWN = 10

app = typer.Typer(
    name="network",
    no_args_is_help=True,
    help="Doubles of switches on this machine's loopback, over real SSH: they keep what they are configured as.",
    epilog="They are emulators of the command lines of Cisco IOS and Arista EOS, made for this project: they take the"
    " commands that the network policies need, and refuse all others as those systems do.",
)

State = Annotated[
    Path | None, typer.Option("--state", help="Folder of the lab.", show_default="network-lab in the state folder")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def folder(state: Path | None) -> Path:
    """The lab's folder: the one given, else the usual one."""
    return state or state_dir() / "network-lab"


@app.command()
def up(
    state: State = None,
    switches: Annotated[int, typer.Option(help="How many, of all municipalities.", min=2, max=2000)] = 8,
    old: Annotated[bool, typer.Option("--old", help="Switches that grew for years, to see drift.")] = False,
    operator: Annotated[
        str, typer.Option(help="The address that switches see sessions come from; without it they ask no access list.")
    ] = "",
    fabric: Annotated[
        bool, typer.Option(help="A network of real frames behind them, in network namespaces; needs root.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Start the switches, or show those that run already. They run until `werkplek lab network down`.

    Examples:

      werkplek lab network up

      werkplek lab network up --switches 200 --state many

      werkplek lab network up --old --operator 10.7.249.10

      werkplek lab network up --fabric
    """
    show(manage.up(folder(state), switches, old=old, operator=operator, fabric=fabric), as_json)


@app.command()
def down(state: State = None, as_json: Json = False) -> None:
    """End the switches; what they were configured as is gone. Ending no lab is no error.

    Example:

      werkplek lab network down
    """
    ended = manage.down(folder(state))
    if as_json:
        typer.echo(json.dumps({"stopped": ended}))
    else:
        typer.echo("the switches have ended" if ended else f"no switches ran in {folder(state)}")


@app.command()
def inventory(state: State = None, as_json: Json = False) -> None:
    """Print the inventory source of the switches that run, for `ansible-playbook -i`. Exit code 1 when none do.

    Examples:

      ansible-inventory -i "$(werkplek lab network inventory)" --graph

      werkplek lab network inventory --json | jq .ports
    """
    lab = manage.get(folder(state))
    if lab is None:
        typer.echo(
            json.dumps({"running": False}) if as_json else f"no switches run in {folder(state)}", err=not as_json
        )
        raise typer.Exit(Exit.FAILED)
    typer.echo(json.dumps({"running": True, **lab.to_json()}, indent=2) if as_json else str(lab.registry))


def example(lab: NetworkLab) -> str:
    """A command that uses the lab."""
    limit = next(iter(lab.ports))
    return shlex.join(
        ["ansible-playbook", "-i", str(lab.registry), "playbooks/network.yml", "--limit", limit, "--check", "--diff"]
    )


def show(lab: NetworkLab, as_json: bool) -> None:
    """Print a lab: as JSON, or as a table with the commands that use it."""
    if as_json:
        typer.echo(json.dumps({"running": True, **lab.to_json(), "example": example(lab)}, indent=2))
        return
    table = Table("switch", "system", "port on 127.0.0.1", title=f"The switches in {lab.state}")
    for name, port in list(lab.ports.items())[:SHOWN]:
        table.add_row(name, lab.systems[name], str(port))
    if len(lab.ports) > SHOWN:
        table.add_row("…", f"{len(lab.ports) - SHOWN} more: `werkplek lab network inventory --json`", "")
    for system, count in Counter(lab.systems[name] for name in lab.systems if name not in lab.ports).items():
        table.add_row(f"{count} more", system, "no double")
    Console(soft_wrap=True).print(table)
    files = NetworkFiles(lab.state)
    port = next(iter(lab.ports.values()))
    typer.echo(f"Inventory: {lab.registry}\nPassword of {ACCOUNT}: in {files.password}")
    typer.echo(f"Look at one:\n  ssh -F {files.ssh_config} -p {port} {ACCOUNT}@127.0.0.1")
    typer.echo(f"Use it, from the checkout:\n  {example(lab)}")
