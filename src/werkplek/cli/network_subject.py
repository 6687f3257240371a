"""Which switch, on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from werkplek.cli.policy_subject import read_inventory
from werkplek.files import ROOT, state_dir
from werkplek.network.review import Subject, subject

Switch = Annotated[str, typer.Argument(metavar="SWITCH", help="A switch of the inventory.")]


def read_switch(name: str, source: Path) -> Subject:
    """The switch and all that it should be. Raises WerkplekError."""
    return subject(read_inventory(source), name, ROOT, state_dir())
