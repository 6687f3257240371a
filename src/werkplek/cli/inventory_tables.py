"""What `werkplek inventory` shows to people. Text of the registry is never markup, and never obeyed by a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.measure import Measurement
from rich.style import Style
from rich.table import Table
from rich.text import Text

from werkplek.registry.difference import MISSING, Change, Difference, HostDifference, Kind, MunicipalityDifference
from werkplek.registry.hosts import Inventory
from werkplek.registry.mending import Broken, Findings, Municipality
from werkplek.registry.named import Named
from werkplek.registry.snapshot import content, digest
from werkplek.registry.tables import TABLES, Snapshot

NO_MUNICIPALITY = "no municipality"
LONGEST_VALUE = 60
NARROWEST = 40  # of a column of prose
SIGN = "·"
STYLES = {Kind.ADDED: "green", Kind.REMOVED: "red", Kind.QUARANTINED: "yellow", Kind.RELEASED: "green"}


def plain(text: str) -> str:
    """A text with what is not printable, such as a control character, as its escape."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def value_text(value: object) -> str:
    """A value as JSON, cut when it is long."""
    text = plain(json.dumps(value, ensure_ascii=False, sort_keys=True))
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def municipality_text(municipality: Municipality) -> Text:
    """A municipality's slug, or words for none."""
    return Text(plain(municipality)) if municipality else Text(NO_MUNICIPALITY, style="italic")


def show(table: Table) -> None:
    """Print a table. One that needs more room than there is gets it, so that no name, number or address is broken."""
    console = Console(highlight=False)
    roomy = console.options.update(max_width=10_000)
    for column in table.columns:
        if column.no_wrap:
            cells = (column.header, *column.cells)
            column.min_width = max(Measurement.get(console, roomy, cell).maximum for cell in cells)
    needed = Measurement.get(console, roomy, table).minimum
    Console(highlight=False, width=max(console.width, needed)).print(table)


def say(text: str | Text) -> None:
    """Print a line, which the terminal wraps."""
    Console(highlight=False).print(Text(text) if isinstance(text, str) else text, soft_wrap=True)


def new_table(title: Text, *columns: str, prose: str = "", numbers: Sequence[str] = ()) -> Table:
    """A table with a title at its left; `prose` is a last column whose text may be wrapped."""
    padding = (0, 0) if numbers else (0, 1, 0, 0)
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=padding)
    for column in columns:
        table.add_column(column, no_wrap=True)
    for column in numbers:
        table.add_column(column, no_wrap=True, justify="right")
    if prose:
        table.add_column(prose, min_width=NARROWEST)
    return table


def lines(items: Iterable[tuple[str, Text]]) -> Table:
    """Lines with a sign before each, so that it shows where one that was wrapped ends."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    for sign, text in items:
        grid.add_row(sign, text)
    return grid


def show_snapshot(file: Path, found: Snapshot) -> None:
    """A snapshot that was written: whence, of when, and how much."""
    table = new_table(Text(f"Snapshot {plain(str(file))}"), "what", "value")
    table.add_row("registry", Text(plain(found.source)))
    table.add_row("NetBox", Text(plain(found.netbox_version)))
    table.add_row("newest change", Text(plain(found.as_of)))
    table.add_row("extras", ", ".join(found.include) or "none", end_section=True)
    for kind in TABLES.values():
        number = len(getattr(found.objects, kind.attribute))
        if number:
            table.add_row(kind.attribute.replace("_", " "), str(number))
    show(table)
    say(f"sha256 {digest(content(found))}")


def show_findings(inventory: Inventory, found: Findings) -> None:
    """What is to be mended per municipality, and the number of hosts."""
    for municipality, hosts in groupby(found.broken, key=lambda host: host.municipality):
        table = new_table(municipality_text(municipality), "host", prose="to mend")
        for host in hosts:
            table.add_row(Text(plain(host.host)), _mend(host), end_section=True)
        show(table)
    if found.warnings:
        table = new_table(Text("the registry as a whole"), prose="to mend")
        for warning in found.warnings:
            table.add_row(Text(plain(warning)))
        show(table)
    show(_counts(found))
    if inventory.unmanaged:
        say(f"Not managed, for their role has no workplace class: {inventory.unmanaged} more.")
    if found.sound:
        say("Nothing to mend.")


def _mend(host: Broken) -> Table:
    return lines([*(_reasons(host.reasons)), ("", _link(host.url))])


def _reasons(reasons: Sequence[str]) -> list[tuple[str, Text]]:
    return [(SIGN, Text(plain(reason))) for reason in reasons]


def _link(url: str, text: str = "") -> Text:
    """A text that leads to an address, on terminals that can."""
    return Text(plain(text or url), style=Style(link=plain(url)))


def _counts(found: Findings) -> Table:
    table = new_table(Text("hosts"), "municipality", numbers=("usable", "out of lifecycle", "quarantined"))
    for part in found.counts:
        numbers = (part.usable, part.out_of_lifecycle, part.quarantined)
        table.add_row(municipality_text(part.municipality), *map(str, numbers))
    return table


def show_difference(one: Named, two: Named, remarks: Sequence[str], found: Difference) -> None:
    """What is different: the hosts of each municipality, then its numbers."""
    for remark in remarks:
        say(plain(remark))
    if found.equal:
        say(plain(f"No difference from {one.label} to {two.label}."))
        return
    say(plain(f"From {one.label} to {two.label}:"))
    for part in found.municipalities:
        if part.hosts:
            show(_municipality(part))
    show(_summary(found))


def _municipality(part: MunicipalityDifference) -> Table:
    table = new_table(municipality_text(part.municipality), "host", "difference", prose="details")
    for host in part.hosts:
        name = _link(host.url, host.last.name)
        for kind, details in _details(host, part.municipality):
            table.add_row(name, Text(kind.value, style=STYLES.get(kind, "")), lines(details))
            name = Text()
    return table


def _details(host: HostDifference, municipality: Municipality) -> Iterator[tuple[Kind, list[tuple[str, Text]]]]:
    """What befell a host, as far as it is told under this municipality: where it has gone, nothing else is."""
    before, after = host.before, host.after
    if before is None or after is None:
        yield host.kinds[0], [(SIGN, Text(f"{host.type} {host.id}")), *_reasons(host.last.reasons)]
        return
    for kind in host.kinds:
        if kind is Kind.MOVED and before.municipality == municipality:
            yield kind, [(SIGN, Text("to ") + municipality_text(after.municipality))]
            return
        told = {
            Kind.MOVED: [(SIGN, Text("from ") + municipality_text(before.municipality))],
            Kind.RENAMED: [(SIGN, Text(f"from {plain(before.name)}"))],
            Kind.QUARANTINED: _reasons(after.reasons),
            Kind.RELEASED: _reasons(before.reasons),
            Kind.CHANGED: [*map(_change, host.changes), *_groups(host)],
        }
        yield kind, told[kind]


def _change(change: Change) -> tuple[str, Text]:
    variable = plain(change.variable)
    if change.before is MISSING:
        return "+", Text(f"{variable}: {value_text(change.after)}")
    if change.after is MISSING:
        return "-", Text(f"{variable}: {value_text(change.before)}")
    return SIGN, Text(f"{variable}: {value_text(change.before)} → {value_text(change.after)}")


def _groups(host: HostDifference) -> list[tuple[str, Text]]:
    left = [("-", Text(f"group {name}")) for name in host.left]
    return left + [("+", Text(f"group {name}")) for name in host.joined]


def _summary(found: Difference) -> Table:
    numbers = ("hosts", "added", "removed", "moved", "renamed", "quarantine", "changed")
    table = new_table(Text("hosts"), "municipality", numbers=numbers)
    for part in found.municipalities:
        kinds = (Kind.ADDED, Kind.REMOVED, Kind.MOVED, Kind.RENAMED)
        table.add_row(
            municipality_text(part.municipality),
            f"{_number(part.before)} → {_number(part.after)}",
            *(str(part.count(kind)) for kind in kinds),
            f"+{part.count(Kind.QUARANTINED)} -{part.count(Kind.RELEASED)}",
            str(part.count(Kind.CHANGED)),
        )
    return table


def _number(hosts: int | None) -> str:
    return "none" if hosts is None else str(hosts)
