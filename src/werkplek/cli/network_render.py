"""`werkplek network render`: a switch's intended configuration, without a switch."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from werkplek.cli.network_subject import Switch, read_switch
from werkplek.cli.policy_subject import SOURCE, Json, Source
from werkplek.cli.policy_text import print_json, put
from werkplek.errors import Exit
from werkplek.network.lines import Line
from werkplek.network.review import Subject, as_shown

LONGEST_SETTING = 28  # a longer one goes over the edge


def render_switch(
    switch: Switch,
    match: Annotated[
        str, typer.Option("--match", metavar="TEXT", help="Only lines with TEXT in section, line or setting.")
    ] = "",
    plain: Annotated[bool, typer.Option("--plain", help="The lines alone, as the switch would show them.")] = False,
    source: Source = SOURCE,
    as_json: Json = False,
) -> None:
    """Show the configuration that a switch should have, each line with the setting that asks for it.

    Secrets are shown as <secret>. `werkplek policy explain SWITCH SETTING` tells where a setting comes from.

    Exit code 0: shown. 1: the registry, the policy or the switch cannot be worked out.

    Examples:

      werkplek network render PAP-SW-0001 --match 'GigabitEthernet1/0/1'

      werkplek network render PAP-SW-0001 --plain > review.cfg
    """
    found = read_switch(switch, source)
    lines = [line for line in found.rendering.lines if match.casefold() in _searched(line)]
    if as_json:
        print_json(_data(found, lines))
    else:
        for depth, text, setting in as_shown(lines, found.platform.name):
            _show(" " * depth + text, "" if plain else setting)
    raise typer.Exit(Exit.OK)


def _searched(line: Line) -> str:
    return " ".join([*line.section, line.text, line.setting]).casefold()


def _show(text: str, setting: str) -> None:
    """The setting stands in a column of its own where there is room for it, else below."""
    first, *more = text.split("\n")
    column = max(40, Console().width - LONGEST_SETTING - 2)
    if not setting:
        put(first)
    elif len(first) <= column:
        put(f"{first:<{column}}  ", (setting, "dim"))
    else:
        put(first)
        put((setting, "dim"), indent=column + 2)
    for line in more:
        put(line)


def _data(switch: Subject, lines: list[Line]) -> dict[str, object]:
    rendering, document = switch.rendering, switch.document
    return {
        "schema": 1,
        "switch": document.name,
        "url": document.url,
        "platform": document.platform,
        "lines": [
            {
                "section": list(line.section),
                "line": line.text,
                "setting": line.setting,
                "source": switch.sources[line.setting].source,
            }
            for line in lines
        ],
        "unsupported": dict(rendering.unsupported),
        "inherent": dict(rendering.inherent),
    }
