"""Platform Open vSwitch: the VLAN columns of a bridge's ports (ovs-vswitchd.conf.db(5), table Port).

It has no table of VLANs, no sign-in and no services of its own: whatever else a policy asks for is the affair of the
host that it runs on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from werkplek.errors import Problem, WerkplekError
from werkplek.network.document import Port, SwitchDocument
from werkplek.network.lines import Claim, Config, Line, Rendering, Section, compressed, expanded, parse
from werkplek.network.ovsdb import elements, set_of

COLUMNS = ("vlan_mode", "tag", "trunks", "protected")
KIND = "switch_ports"
type Columns = Mapping[str, Any]
"""The COLUMNS of a Port row, as OVSDB's wire has them."""


class OpenVSwitch:
    """See `Platform`."""

    name = "openvswitch"
    order: Sequence[str] = ()

    def render(self, document: SwitchDocument) -> Rendering:
        """See `Platform.render`. Raises WerkplekError for a port that cannot be kept from carrying every VLAN."""
        lines: list[Line] = []
        claims: list[Claim] = []
        unsupported: dict[str, str] = {}
        for setting in document.settings:
            if setting.kind != KIND:
                unsupported[setting.id] = _why_not(setting.kind, document.platform)
                continue
            for port in document.ports:
                section = (section_of(port.name),)
                wanted = dict(_wanted(document, port))
                lines += [Line(section, f"{column} {value}", setting.id) for column, value in wanted.items()]
                claims += [
                    Claim(section, column, "replaces" if column in wanted else "owns", setting.id) for column in COLUMNS
                ]
        return Rendering(tuple(lines), tuple(claims), unsupported)

    def parse(self, text: str) -> Config:
        """See `Platform.parse`; the text is what `running_text` makes of the database."""
        return parse(text)

    def canonical(self, section: Section, text: str) -> str:
        """See `Platform.canonical`: there is one way to write a line."""
        return text

    def negate(self, section: Section, text: str) -> str:
        """See `Platform.negate`: a column is emptied."""
        return f"no {text.partition(' ')[0]}"

    def mask(self, text: str) -> str:
        """See `Platform.mask`: there are no secrets in these columns."""
        return text


def section_of(port: str) -> str:
    """The line that a port's columns stand below."""
    return f"port {port}"


def _why_not(kind: str, platform: str) -> str:
    if kind == "switch_vlans":
        return "Open vSwitch has no table of VLANs: a VLAN is there where a port is in it"
    return f"there is no form of it for platform {platform}"


def _wanted(document: SwitchDocument, port: Port) -> Iterator[tuple[str, str]]:
    """(column, value) of a port. Frames of a VLAN that a trunk does not list are dropped, untagged ones too.

    An unused port cannot be shut in this database. It is in the parking VLAN, which no trunk carries, and protected:
    frames do not pass from one such port to another.
    """
    tagged = {*port.allowed, *([port.voice] if port.voice else [])}
    if port.trunk and port.untagged not in tagged:
        mode, tag, trunks = "trunk", None, tagged
    elif port.untagged and tagged:
        mode, tag, trunks = "native-untagged", port.untagged, tagged | {port.untagged}
    else:
        mode, tag, trunks = "access", port.untagged, tagged
    if tag is None and not trunks:
        raise WerkplekError("A port would carry every VLAN.", [_open(document, port)])
    yield "vlan_mode", mode
    if tag:
        yield "tag", str(tag)
    if trunks:
        yield "trunks", compressed(sorted(trunks))
    if port.profile == "unused":
        yield "protected", "true"


def _open(document: SwitchDocument, port: Port) -> Problem:
    return Problem(
        f"switch {document.name}, port {port.name} ({port.source})",
        "no VLAN at all, which Open vSwitch takes for all VLANs",
        "a parking VLAN for unused ports, and a management VLAN for uplinks",
        f"Complete section switching in municipalities/{document.municipality}.yml.",
    )


def running_text(ports: Mapping[str, Columns]) -> str:
    """The columns of ports as lines, with the mode that an empty `vlan_mode` stands for."""
    parts: list[str] = []
    for name in sorted(ports):
        parts.append(section_of(name))
        parts += [f" {column} {value}" for column, value in _shown(ports[name])]
    return "\n".join(parts) + "\n"


def _shown(row: Columns) -> Iterator[tuple[str, str]]:
    mode, tag, trunks = (elements(row[column]) for column in ("vlan_mode", "tag", "trunks"))
    yield "vlan_mode", str(mode[0]) if mode else "access" if tag else "trunk"
    if tag:
        yield "tag", str(tag[0])
    if trunks:
        yield "trunks", compressed(_with_native(mode, tag, trunks))
    if row["protected"]:
        yield "protected", "true"


def _with_native(mode: Sequence[str], tag: Sequence[int], trunks: Sequence[int]) -> list[int]:
    """The native VLAN passes a trunk also where it is not in the list."""
    return sorted({*trunks, *(tag if mode and mode[0].startswith("native") else ())})


def changed(row: Columns, texts: Sequence[str]) -> dict[str, Any]:
    """The columns of a row after lines were entered: `tag 410`, `no trunks`."""
    columns = {column: row[column] for column in COLUMNS}
    for text in texts:
        word, _, rest = text.partition(" ")
        column, value = (rest, "") if word == "no" else (word, rest)
        columns[column] = _value(column, value)
    return columns


def _value(column: str, value: str) -> Any:
    if column == "protected":
        return value == "true"
    if column == "vlan_mode":
        return value or set_of([])
    vids = list(expanded(value)) if value else []
    return vids[0] if len(vids) == 1 else set_of(vids)
