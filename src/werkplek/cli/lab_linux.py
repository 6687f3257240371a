"""`werkplek lab linux`: real Debian hosts over SSH, up and down."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from werkplek.errors import Exit
from werkplek.files import state_dir
from werkplek.lab.linux import control, directory, estate
from werkplek.lab.linux.model import BACKENDS, LinuxLab

app = typer.Typer(
    name="linux",
    no_args_is_help=True,
    help="Real Debian systems with systemd on this machine: kiosks and a cluster of VDI hosts, over SSH.",
    epilog="With root and systemd-nspawn a host takes half a second; podman and docker serve as well.",
)

State = Annotated[
    Path | None, typer.Option("--state", help="Folder of the lab.", show_default="linux-lab in the state folder")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def folder(state: Path | None) -> Path:
    """The lab's folder: the one given, else the usual one."""
    return state or state_dir() / "linux-lab"


def known_backend(value: str) -> str:
    """Refuse a backend that does not exist."""
    if value not in ("auto", *BACKENDS):
        raise typer.BadParameter(f"{value!r} is none of auto, {', '.join(BACKENDS)}")
    return value


@app.command()
def up(
    state: State = None,
    kiosks: Annotated[int, typer.Option(help="Debian 13 in Dordrecht and 12 in Papendrecht in turn.", min=0)] = 2,
    vdi: Annotated[int, typer.Option(help="Hosts of one VDI cluster, Debian 13 with xrdp.", min=0)] = 3,
    backend: Annotated[str, typer.Option(help=f"One of auto, {', '.join(BACKENDS)}.", callback=known_backend)] = "auto",
    with_directory: Annotated[
        bool, typer.Option("--directory", help=f"With a controller of the domain {directory.DOMAIN}; nspawn only.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Start the hosts, or show those that run already. They run until `werkplek lab linux down`.

    The first time, each kind of host needs an image: about half a minute. Exit code 69 when this machine lacks
    something; the message says what.

    Examples:

      werkplek lab linux up

      werkplek lab linux up --kiosks 50 --vdi 0 --state many

      werkplek lab linux up --kiosks 2 --vdi 0 --directory
    """
    if kiosks + vdi == 0 or kiosks + vdi > control.MOST:
        raise typer.BadParameter(f"{kiosks + vdi} hosts; a lab has 1 to {control.MOST}", param_hint="--kiosks, --vdi")
    if with_directory and backend not in ("auto", directory.BACKEND):
        raise typer.BadParameter(f"a directory needs --backend {directory.BACKEND}", param_hint="--directory")
    hosts = estate.hosts(kiosks, vdi)
    if with_directory:
        hosts, backend = (*hosts, directory.HOST), directory.BACKEND
    show(control.up(folder(state), hosts, backend), as_json)


@app.command()
def down(state: State = None, as_json: Json = False) -> None:
    """End the hosts; their disks are gone. Ending no lab is no error.

    Example:

      werkplek lab linux down
    """
    ended = control.down(folder(state))
    if as_json:
        typer.echo(json.dumps({"stopped": ended}))
    else:
        typer.echo("the Linux lab has ended" if ended else f"no Linux lab ran in {folder(state)}")


@app.command()
def inventory(state: State = None, as_json: Json = False) -> None:
    """Print the inventory source of the lab that runs, for `ansible-playbook -i`. Exit code 1 when none does.

    Examples:

      ansible-inventory -i "$(werkplek lab linux inventory)" --graph

      werkplek lab linux inventory --json | jq .hosts
    """
    lab = control.get(folder(state))
    if lab is None:
        typer.echo(
            json.dumps({"running": False}) if as_json else f"no Linux lab runs in {folder(state)}", err=not as_json
        )
        raise typer.Exit(Exit.FAILED)
    typer.echo(json.dumps({"running": True, **lab.to_json()}, indent=2) if as_json else str(lab.registry))


def example(lab: LinuxLab) -> str:
    """A command that uses the lab."""
    limit = lab.hosts[0].name
    return shlex.join(
        ["ansible-playbook", "-i", str(lab.registry), "playbooks/site.yml", "--limit", limit, "--check", "--diff"]
    )


def show(lab: LinuxLab, as_json: bool) -> None:
    """Print a lab: as JSON, or as a table with the command that uses it."""
    if as_json:
        typer.echo(json.dumps({"running": True, **lab.to_json(), "example": example(lab)}, indent=2))
        return
    table = Table(
        "host", "address", "what", "municipality", "ring", title=f"The Linux lab in {lab.state} ({lab.backend})"
    )
    for host in lab.hosts:
        what = f"{host.workplace_class}, {host.platform}" + (f", cluster {host.cluster}" if host.cluster else "")
        table.add_row(host.name, host.address, what, host.municipality, host.ring)
    Console(soft_wrap=True).print(table)
    typer.echo(f"Inventory: {lab.registry}\nUse it, from the checkout:\n  {example(lab)}")
