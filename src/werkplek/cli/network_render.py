"""`werkplek network render`: a switch's intended configuration, without a switch."""

from __future__ import annotations

from typing import Annotated

import typer

from werkplek.cli.network_subject import Switch, read_switch
from werkplek.cli.policy_subject import SOURCE, Json, Source
from werkplek.cli.policy_text import print_json, put
from werkplek.errors import Exit
from werkplek.network.lines import Line
from werkplek.network.review import Subject, in_sections

COLUMN = 64  # where the settings stand


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
    groups = [
        (section, [line for line in lines if match.casefold() in _searched(line)])
        for section, lines in in_sections(found.rendering)
    ]
    if as_json:
        print_json(_data(found, [line for _section, lines in groups for line in lines]))
        raise typer.Exit(Exit.OK)
    for section, lines in groups:
        for depth, name in enumerate(section if lines else ()):
            put(" " * depth + name)
        for line in lines:
            _show(line, "" if plain else line.setting)
    raise typer.Exit(Exit.OK)


def _searched(line: Line) -> str:
    return " ".join([*line.section, line.text, line.setting]).casefold()


def _show(line: Line, setting: str) -> None:
    first, *more = (" " * len(line.section) + line.text).split("\n")
    put(f"{first:<{COLUMN}}  ", (setting, "dim")) if setting else put(first)
    for text in more:
        put(text)


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
