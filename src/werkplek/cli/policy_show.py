"""`werkplek policy show`: what a host should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from werkplek.cli.policy_subject import (
    CHECKOUT,
    SOURCE,
    Json,
    Root,
    Source,
    Subject,
    read_policy,
    read_subject,
    subject_data,
    subject_text,
)
from werkplek.cli.policy_text import print_json, put, state
from werkplek.errors import Exit
from werkplek.policy.listing import Row, listing
from werkplek.policy.provenance import ENFORCED, IGNORED, WAIVED

LONGEST_ID = 40  # a longer one pushes its own value aside, not everyone's
MARGIN = 8  # line numbers, and blanks around them


def show_policy(
    subject: Subject,
    match: Annotated[
        str,
        typer.Option("--match", metavar="TEXT", help="Only settings with TEXT in id, title, object, value or file."),
    ] = "",
    source: Source = SOURCE,
    root: Root = CHECKOUT,
    as_json: Json = False,
) -> None:
    """Show everything that a host, or every host of a combination, should be.

    A combination is MUNICIPALITY/CLASS, and where it matters /PLATFORM (default windows-11; for vdi_host
    windows-server-2022), /RING (default broad), /SITE. Secrets are shown by name only.

    Exit code 0: shown. 1: the policy, the registry or the host cannot be read.

    Examples:

      werkplek policy show DRD-LT-0001 --match bitlocker

      werkplek policy show papendrecht/workstation/windows-11/canary

      werkplek policy show papendrecht/workstation --json | jq -r '.settings[] | [.id, .value] | @tsv'
    """
    repository = read_policy(root)
    asked = read_subject(subject, source)
    found = listing(repository, asked)
    rows = [row for row in found.rows if match.casefold() in _searched(row)]
    if as_json:
        settings = [asdict(row) for row in rows]
        print_json({"schema": 1, "for": subject_data(asked), "digest": found.digest or None, "settings": settings})
    else:
        _show(rows)
        shown = f"{len(rows)} of {len(found.rows)}" if len(rows) != len(found.rows) else str(len(rows))
        counts = Counter(row.state for row in rows)
        states = "".join(f", {counts[word]} {word}" for word in (WAIVED, IGNORED) if counts[word])
        digest = f"; digest {found.digest[:12]}" if found.digest else ""
        put(f"{subject_text(asked)}: {shown} settings{states}{digest}")
    raise typer.Exit(Exit.OK)


def _searched(row: Row) -> str:
    return f"{row.id} {row.title} {row.what} {row.value} {row.source}".casefold()


def _show(rows: Sequence[Row]) -> None:
    """Under each file its settings by line: value and object beside the id where there is room, else below it."""
    width = Console().width - MARGIN
    longest = min(max((len(row.id) for row in rows), default=0), LONGEST_ID)
    files: dict[str, list[Row]] = {}
    for row in rows:
        files.setdefault(row.source.rpartition(":")[0], []).append(row)
    for file, group in files.items():
        put((file, "bold"))
        for row in sorted(group, key=lambda row: int(row.source.rpartition(":")[2])):
            words = f"{row.what} = {row.value}" if row.what else row.title
            line = f"{row.source.rpartition(':')[2]:>5}  "
            name = f"{row.id:<{longest}}"
            if len(name) + len(words) + 2 <= width:
                put((line, "dim"), f"{name}  {words}")
            else:
                put((line, "dim"), row.id)
                put(words, indent=MARGIN + 1)
            if row.state != ENFORCED or row.remark:
                put(state(row.state), f": {row.remark}", indent=MARGIN + 1)
        put()
