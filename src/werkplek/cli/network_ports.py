"""`werkplek network ports`: the profile and VLANs of each port of a switch."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.table import Table

from werkplek.cli.inventory_tables import plain
from werkplek.cli.network_subject import Switch, read_switch
from werkplek.cli.policy_subject import SOURCE, Json, Source
from werkplek.cli.policy_text import print_json, put
from werkplek.errors import Exit
from werkplek.network.document import Port, SwitchDocument
from werkplek.network.lines import compressed

STYLES = {"uplink": "bold", "unused": "dim"}


def show_ports(switch: Switch, source: Source = SOURCE, as_json: Json = False) -> None:
    """Show what each port of a switch is for, and the VLANs that it carries and why.

    Exit code 0: shown. 1: the registry contradicts a VLAN plan, or cannot be read.

    Examples:

      werkplek network ports PAP-SW-0001

      werkplek network ports PAP-SW-0001 --json | jq -r '.ports[] | select(.profile == "uplink") | .allowed'
    """
    document = read_switch(switch, source).document
    if as_json:
        print_json(_data(document))
        raise typer.Exit(Exit.OK)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Port", "Profile", "Untagged", "Tagged", "Leads to"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "Port")
    for port in document.ports:
        table.add_row(*map(plain, _cells(document, port)), style=STYLES.get(port.profile))
    Console().print(table)
    names = ", ".join(f"{vlan.vid} {vlan.name}" for vlan in document.vlans)
    put(f"{document.name} ({document.platform}): {len(document.ports)} ports; VLANs {names}")
    raise typer.Exit(Exit.OK)


def _cells(document: SwitchDocument, port: Port) -> list[str]:
    tagged = [vid for vid in port.allowed if vid != port.untagged] or ([port.voice] if port.voice else [])
    untagged = f"{port.untagged} {_use(document, port.untagged)}" if port.untagged else "-"
    peer = f"{port.peer.device} {port.peer.port}" if port.peer else port.description
    return [port.name, port.profile, untagged, compressed(tagged) or "-", peer]


def _use(document: SwitchDocument, vid: int) -> str:
    return next((vlan.use for vlan in document.vlans if vlan.vid == vid), "")


def _data(document: SwitchDocument) -> dict[str, object]:
    return {
        "schema": 1,
        "switch": document.name,
        "url": document.url,
        "vlans": [vlan._asdict() for vlan in document.vlans],
        "ports": [{**port._asdict(), "peer": port.peer._asdict() if port.peer else None} for port in document.ports],
    }
