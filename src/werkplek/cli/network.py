"""`werkplek network`: what a switch should be, and whether a configuration is so."""

from __future__ import annotations

import typer

from werkplek.cli.network_diff import diff_switch
from werkplek.cli.network_ports import show_ports
from werkplek.cli.network_render import render_switch

app = typer.Typer(no_args_is_help=True, help="Look at what switches should be, and at how one differs.")
app.command("ports")(show_ports)
app.command("render")(render_switch)
app.command("diff")(diff_switch)
