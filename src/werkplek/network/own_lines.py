"""Settings of kind switch_lines: the platform's own lines, with the words that only a switch's document knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkplek.errors import Problem, WerkplekError
from werkplek.network.document import Setting, SwitchDocument
from werkplek.network.lines import Claim, Line, Rendering, Section

KIND = "switch_lines"
SECTIONS = " > "
"""Between the names of sections within each other, in a policy file."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What differs between platforms here: the form's name, the values of `{switch: word}`, a port's section."""

    form: str
    words: Callable[[SwitchDocument], Mapping[str, Any]]
    port_section: Callable[[str], Section]


def own_lines(document: SwitchDocument, dialect: Dialect) -> Rendering:
    """Lines, claims and reasons of the document's settings of this kind.

    Raises WerkplekError where a line needs a word that this switch has not, such as a VLAN that its plan lacks.
    """
    lines: list[Line] = []
    claims: list[Claim] = []
    unsupported: dict[str, str] = {}
    inherent: dict[str, str] = {}
    words = dialect.words(document)
    for setting in document.settings:
        if setting.kind != KIND:
            continue
        form = setting.body.get(dialect.form)
        if form is None:
            unsupported[setting.id] = f"there is no form of it for platform {document.platform}"
        elif "inherent" in form:
            inherent[setting.id] = form["inherent"]
        else:
            for section in _sections(document, dialect, form):
                lines += _lines(document, setting, section, form, words)
                claims += _claims(setting, section, form)
    return Rendering(tuple(lines), tuple(claims), unsupported, inherent)


def _sections(document: SwitchDocument, dialect: Dialect, form: Mapping[str, Any]) -> Iterator[Section]:
    if profiles := form.get("ports"):
        yield from (dialect.port_section(port.name) for port in document.ports if port.profile in profiles)
    else:
        yield tuple(form["section"].split(SECTIONS)) if form.get("section") else ()


def _lines(
    document: SwitchDocument, setting: Setting, section: Section, form: Mapping[str, Any], words: Mapping[str, Any]
) -> Iterator[Line]:
    for line in form.get("lines", ()):
        text = line if isinstance(line, str) else _joined(document, setting, line, words)
        if text:
            yield Line(section, text, setting.id, bool(form.get("by_default")))


def _joined(document: SwitchDocument, setting: Setting, parts: Sequence[Any], words: Mapping[str, Any]) -> str:
    """The line; empty where it is about VLANs of people's devices and the switch has none."""
    texts: list[str] = []
    for part in parts:
        value = words.get(part["switch"]) if isinstance(part, Mapping) else part
        if value == "":
            return ""
        if value is None:
            raise WerkplekError("A setting needs what the switch has not.", [_lacking(document, setting, part)])
        texts.append(str(value))
    return " ".join(texts)


def _lacking(document: SwitchDocument, setting: Setting, part: Mapping[str, str]) -> Problem:
    return Problem(
        f"switch {document.name} ({document.url})",
        f"no {part['switch']}, which setting {setting.id} needs",
        f"a VLAN with that use in the plan of {document.municipality}, and in use on this switch",
        f"Complete section switching in municipalities/{document.municipality}.yml, or waive the setting.",
    )


def _claims(setting: Setting, section: Section, form: Mapping[str, Any]) -> Iterator[Claim]:
    for prefix in form.get("replaces", ()):
        yield Claim(section, prefix, "replaces", setting.id)
    for prefix in (*form.get("owns", ()), *form.get("absent", ())):
        yield Claim(section, prefix, "owns", setting.id)
