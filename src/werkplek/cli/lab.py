"""`werkplek lab`: the embedded estate up and down, and breaking it on purpose."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from werkplek.cli import lab_linux, lab_network
from werkplek.errors import Exit, Problem, WerkplekError
from werkplek.files import state_dir
from werkplek.lab import control
from werkplek.lab.client import LabClient
from werkplek.lab.status import LabStatus
from werkplek.lab.windows_faults import KINDS, Fault

SHOWN_HOSTS = 10

app = typer.Typer(
    name="lab",
    no_args_is_help=True,
    help="The embedded estate: a NetBox double and pretend Windows hosts on this machine's loopback.",
    epilog="The hosts run the real C# of windows_policy under Mono. PowerShell does not run: the few modules that a"
    " policy uses besides are simulated, and all others fail.",
)

app.add_typer(lab_linux.app)
app.add_typer(lab_network.app)

State = Annotated[
    Path | None, typer.Option("--state", help="Folder of the lab.", show_default="lab in the state folder")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def folder(state: Path | None) -> Path:
    """The lab's folder: the one given, else the usual one."""
    return state or state_dir() / "lab"


@app.command()
def up(
    state: State = None,
    estate: Annotated[
        Path, typer.Option(help="Registry snapshot to serve.", show_default="the repository's lab/estate.json")
    ] = control.ESTATE,
    port: Annotated[int | None, typer.Option(help="Port of the Windows hosts.", min=1, max=65535)] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="First put the hosts back to their factory state.")] = False,
    as_json: Json = False,
) -> None:
    """Start the lab, or show the one that runs already. It runs until `werkplek lab down`.

    Examples:

      werkplek lab up

      werkplek lab up --state second --estate estate.json --fresh
    """
    show(control.up(folder(state), estate=estate, hosts_port=port, fresh=fresh), as_json)


@app.command()
def status(state: State = None, as_json: Json = False) -> None:
    """Show the lab that runs. Exit code 1 when none does.

    Examples:

      werkplek lab status

      werkplek lab status --json | jq .hosts
    """
    lab = control.get(folder(state))
    if lab is None and as_json:
        typer.echo(json.dumps({"running": False}))
    elif lab is None:
        typer.echo(f"no lab runs in {folder(state)}")
    else:
        show(lab, as_json)
    if lab is None:
        raise typer.Exit(Exit.FAILED)


@app.command()
def down(state: State = None, as_json: Json = False) -> None:
    """Stop the lab and whatever it left behind. Its hosts keep their state. Stopping no lab is no error.

    Example:

      werkplek lab down
    """
    ended = control.down(folder(state))
    if as_json:
        typer.echo(json.dumps({"stopped": ended}))
    else:
        typer.echo("the lab has stopped" if ended else f"no lab ran in {folder(state)}")


@app.command()
def edit(
    host: Annotated[str, typer.Argument(help="Name or address of a Windows host.")],
    edits: Annotated[Path, typer.Argument(help="JSON list of edits.", exists=True, dir_okay=False)],
    state: State = None,
) -> None:
    """Change a host behind Ansible's back, to see drift found and mended.

    Edits have the fields of a policy's kinds, for example:
    [{"kind": "service", "name": "RemoteRegistry", "start": "automatic", "status": "running"}]

    Example:

      werkplek lab edit PAP-WS-001 edits.json
    """
    items = read_edits(edits)
    with LabClient(folder(state)) as client:
        client.edit(host, items)
    typer.echo(f"{host}: {len(items)} edit{'' if len(items) == 1 else 's'} made")


def read_edits(file: Path) -> list[dict[str, Any]]:
    """The edits in a file.

    Raises:
        WerkplekError: it is no JSON list.
    """
    try:
        items = json.loads(file.read_bytes())
    except ValueError as error:
        raise WerkplekError("The edits cannot be read:", [Problem(str(file), str(error), "JSON")]) from error
    if not isinstance(items, list):
        raise WerkplekError("The edits cannot be read:", [Problem(str(file), type(items).__name__, "a list of edits")])
    return items


@app.command()
def fault(
    host: Annotated[str, typer.Argument(help="Name or address of a Windows host.")],
    kind: Annotated[str, typer.Argument(help="; ".join(f"{name}: {text}" for name, text in KINDS.items()))],
    times: Annotated[int | None, typer.Option(help="How often it strikes; without it, until healed.")] = None,
    seconds: Annotated[float | None, typer.Option(help="For slow.")] = None,
    state: State = None,
) -> None:
    """Give a host a fault.

    Examples:

      werkplek lab fault PAP-WS-001 down

      werkplek lab fault PAP-WS-001 slow --seconds 5 --times 1
    """
    wanted = Fault(kind, times, seconds)
    with LabClient(folder(state)) as client:
        client.set_fault(host, wanted)
    typer.echo(f"{host}: {kind} set")


@app.command()
def heal(
    host: Annotated[str | None, typer.Argument(help="A Windows host; without it, all hosts and the registry.")] = None,
    state: State = None,
) -> None:
    """Take faults away.

    Examples:

      werkplek lab heal

      werkplek lab heal PAP-WS-001
    """
    with LabClient(folder(state)) as client:
        client.clear_faults(host)
    typer.echo(f"{host or 'all hosts'}: healed")


def example(lab: LabStatus) -> str:
    """A command that uses the lab."""
    limit = next(iter(lab.hosts), "windows")
    return shlex.join(
        ["ansible-playbook", "-i", str(lab.registry), "playbooks/site.yml", "--limit", limit, "--check", "--diff"]
    )


def show(lab: LabStatus, as_json: bool) -> None:
    """Print a lab: as JSON, or as a table with the command that uses it."""
    if as_json:
        typer.echo(json.dumps({"running": True, **lab.to_json(), "example": example(lab)}, indent=2))
        return
    console = Console(soft_wrap=True)
    table = Table("lab", f"process {lab.pid}", title=f"The lab in {lab.state}")
    table.add_row("estate", str(lab.estate))
    table.add_row("registry (NetBox double)", lab.netbox_url)
    table.add_row("its token", str(lab.token_file))
    table.add_row("Windows hosts", f"{len(lab.hosts)} on port {lab.winrm_port}" if lab.hosts else "none")
    for name, address in list(lab.hosts.items())[:SHOWN_HOSTS]:
        table.add_row(f"  {name}", address)
    if len(lab.hosts) > SHOWN_HOSTS:
        table.add_row("  …", f"{len(lab.hosts) - SHOWN_HOSTS} more: `werkplek lab status --json`")
    table.add_row("inventory", str(lab.registry))
    table.add_row("log", str(lab.log))
    console.print(table)
    typer.echo(f"Use it, from the checkout:\n  {example(lab)}")
