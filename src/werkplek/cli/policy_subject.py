"""For whom a policy is asked: `HOST|COMBINATION` on the command line, and the inventory that knows the host."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from werkplek.cli.inventory import REGISTRY, reading
from werkplek.cli.policy_text import working
from werkplek.files import ROOT
from werkplek.policy.hosts import FORM, facts_of, parse_combination
from werkplek.policy.loader import Repository, load_repository, today_utc
from werkplek.policy.provenance import Asked
from werkplek.registry.config import registry_config
from werkplek.registry.hosts import Inventory
from werkplek.registry.inventory import compile_inventory
from werkplek.registry.named import current
from werkplek.registry.sources import read_source

Subject = Annotated[
    str, typer.Argument(metavar="HOST|COMBINATION", help=escape(f"A host of the inventory, or {FORM}."))
]
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
Root = Annotated[
    Path,
    typer.Option(
        "--root", help="Folder that holds policies/ and municipalities/.", show_default="this checkout", file_okay=False
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")]
SOURCE, CHECKOUT = REGISTRY, ROOT


def read_inventory(source: Path) -> Inventory:
    """The inventory of a source. Raises WerkplekError where the registry cannot be read, or gives none."""
    options = read_source(source, os.environ)
    with reading():
        return compile_inventory(current(options), registry_config(options.options, options.file))


def read_subject(text: str, source: Path) -> Asked:
    """The host or combination that `text` names; only a host needs the inventory. Raises WerkplekError."""
    if "/" in text:
        return Asked(parse_combination(text), today_utc())
    facts = facts_of(read_inventory(source), text)
    return Asked(facts.combination, today_utc(), text, facts.registry)


def read_policy(root: Path) -> Repository:
    """The checked repository. Raises WerkplekError with all its problems."""
    with working("Reading the policy"):
        return load_repository(root)


def subject_data(asked: Asked) -> dict[str, object]:
    """For whom, as JSON values."""
    combination = asked.combination
    return {
        "host": asked.host or None,
        "municipality": combination.municipality,
        "workplace_class": combination.workplace_class,
        "platform_lineage": list(combination.platform_lineage),
        "ring": combination.ring,
        "site": combination.site,
    }


def subject_text(asked: Asked) -> str:
    """For whom, in a line."""
    combination = asked.combination
    facts = (
        combination.municipality,
        combination.workplace_class,
        " < ".join(combination.platform_lineage),
        f"ring {combination.ring or 'none'}",
        f"site {combination.site or 'none'}",
    )
    return f"{asked.host + ': ' if asked.host else ''}{', '.join(facts)}"
