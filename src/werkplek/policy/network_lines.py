"""The kind switch_lines of the engine network_policy: hardening as the platform's own lines, per dialect a form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, PlainValidator, model_validator

from werkplek.policy.fields import (
    AS_TUPLE,
    Line,
    Ref,
    SecretRef,
    Strict,
    check_secret,
    nearest,
    not_empty,
    one_of,
    shown,
    unique,
    wrong,
)
from werkplek.policy.kind import TEXT_OR_NUMBER, Kind, NetworkKind, Target, Wire
from werkplek.policy.model import HOLE
from werkplek.policy.network_fields import At, own_ref
from werkplek.policy.network_words import (
    KEPT_LINES,
    KEPT_PORT_LINES,
    begins,
    check_line,
    check_section,
    check_text,
    cuts_off,
    kept_below,
    kept_by,
    opposite,
)

type Profile = Literal["workplace", "vdi_client", "printer", "phone", "access_point", "uplink", "unused"]
WORDS = ("user_vlans", "management_vlan", "management_interface", "native_vlan", "parking_vlan")
DIALECTS = ("ios", "eos")


@dataclass(frozen=True, slots=True)
class SwitchWord:
    """`{switch: word}`: what only the switch's own document knows."""

    word: str

    def __str__(self) -> str:
        return f"{{switch: {self.word}}}"


type Part = str | int | Ref | SecretRef | SwitchWord
type Place = tuple[str, ...]
"""A dialect with a section, or with `ports` and a profile."""


def _part(value: object, at: At) -> Part:
    if isinstance(value, str):
        return check_text(value, at)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, dict) or len(value) != 1:
        wrong("text, {from: ...}, {secret: name} or {switch: word}", found=shown(value), at=at)
    if "secret" in value:
        return check_secret(value)
    if "switch" not in value:
        return own_ref(value, at)
    if value["switch"] not in WORDS:
        wrong(one_of(WORDS), found=shown(value["switch"]), remedy=nearest(value["switch"], WORDS), at=(*at, "switch"))
    return SwitchWord(str(value["switch"]))


def _line(value: object, index: int) -> str | tuple[Part, ...]:
    if isinstance(value, str):
        check_line(check_text(value, (index,)), (index,))
        return value
    if not isinstance(value, list):
        wrong("a text, or a list of its parts", found=shown(value), at=(index,))
    parts = tuple(_part(part, (index, number)) for number, part in enumerate(value))
    if not parts or not isinstance(parts[0], str):
        wrong("a text as its first part", found="an empty list" if not parts else shown(str(parts[0])), at=(index,))
    check_line(_joined(parts, HOLE), (index,))
    return parts


def _lines(value: object) -> tuple[str | tuple[Part, ...], ...]:
    if not isinstance(value, list):
        wrong("a list of lines")
    lines = tuple(_line(line, index) for index, line in enumerate(value))
    for index, line in enumerate(lines):
        if line in lines[:index]:
            wrong("each line once", found=f"{shown(_joined(line))} again", at=(index,))
    return lines or wrong("at least one line", found="an empty list")


def _joined(line: str | tuple[Part, ...], hidden: str = "") -> str:
    """A line as one text; `hidden`, where it is given, stands for each secret."""
    if isinstance(line, str):
        return line
    return " ".join(hidden if hidden and isinstance(part, SecretRef) else str(part) for part in line)


def _only_true(value: object) -> bool:
    return True if value is True else wrong("true, or no such key")


Prefixes = Annotated[
    tuple[Annotated[str, AfterValidator(check_text)], ...], AS_TUPLE, not_empty("beginning of a line"), unique("prefix")
]


class Form(Strict):
    """A setting in one dialect: lines of a section, of ports with some profiles, or of the top level.

    `by_default`: the platform does so by itself and does not show the lines; only what contradicts them is seen.
    `replaces`, `owns` and `absent` are beginnings of other lines there: ours overwrite them, they are taken away, none
    may stand. `inherent` is why the platform is so by itself.
    """

    inherent: Line | None = None
    section: Annotated[str, AfterValidator(check_section)] | None = None
    ports: Annotated[tuple[Profile, ...], AS_TUPLE, not_empty("profile"), unique("profile")] | None = None
    lines: Annotated[tuple[str | tuple[Part, ...], ...] | None, PlainValidator(_lines)] = None
    by_default: Annotated[bool | None, PlainValidator(_only_true)] = None
    replaces: Prefixes | None = None
    owns: Prefixes | None = None
    absent: Prefixes | None = None

    @model_validator(mode="after")
    def _shape(self) -> Form:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if self.inherent is not None:
            if len(given) > 1:
                wrong("inherent alone", found=f"'{given[1]}' beside inherent")
            return self
        if self.section is not None and self.ports is not None:
            wrong("section or ports", found="section beside ports")
        if self.lines is None and self.absent is None:
            wrong("lines or absent", found="a form without lines")
        for name in ("by_default", "replaces", "owns"):
            if name in given and self.lines is None:
                wrong("lines beside it", found=f"'{name}' without lines")
        self._left_to_others()
        return self

    def _left_to_others(self) -> None:
        """Refuses what another kind decides, and what would end the access of the run itself."""
        kept = KEPT_PORT_LINES if self.ports else {} if self.section else KEPT_LINES
        for index, text in enumerate(self.texts):
            if cuts_off(self.section or "", text):
                wrong("a line that leaves a way in", found=f"'{text}', which ends the run's own", at=("lines", index))
            if kind := kept_by(text, kept):
                wrong(f"another line: the kind {kind} decides this one", found=shown(text), at=("lines", index))
        for name, prefixes in (("replaces", self.replaces), ("owns", self.owns), ("absent", self.absent)):
            for index, prefix in enumerate(prefixes or ()):
                if kind := kept_below(prefix, kept):
                    expected = f"another beginning: the kind {kind} decides such lines"
                    wrong(expected, found=shown(prefix), at=(name, index))

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The lines, with what is filled in later as it is written."""
        return tuple(map(_joined, self.lines or ()))

    @cached_property
    def prefixes(self) -> tuple[str, ...]:
        """Beginnings of the lines that it decides besides its own."""
        return (*(self.replaces or ()), *(self.owns or ()), *(self.absent or ()))

    @cached_property
    def against(self) -> tuple[str, ...]:
        """Beginnings of lines that it cannot stand beside: `prefixes`, and what its own lines say is not there."""
        return (*self.prefixes, *(opposite(text) for text in self.texts if self.by_default or text.startswith("no ")))

    def places(self) -> tuple[Place, ...]:
        """Where its lines stand."""
        if self.ports:
            return tuple(("ports", profile) for profile in self.ports)
        return (("section", self.section or ""),)

    def wire(self) -> Wire:
        """What is given of it."""
        fields = {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}
        if self.lines is not None:
            fields["lines"] = tuple(line if isinstance(line, str) else _sent(line) for line in self.lines)
        return fields


def _sent(line: tuple[Part, ...]) -> tuple[object, ...]:
    """Parts of a line: a number as text, a switch's word as it is written."""
    return tuple(
        {"switch": part.word} if isinstance(part, SwitchWord) else str(part) if isinstance(part, int) else part
        for part in line
    )


class SwitchLines(NetworkKind):
    """Hardening as lines that stand in the running configuration word for word, in a form for each dialect."""

    ios: Form | None = None
    eos: Form | None = None

    @model_validator(mode="after")
    def _some(self) -> SwitchLines:
        if self.ios is None and self.eos is None:
            wrong("ios, eos or both", found="no form")
        return self

    def wire(self) -> Wire:
        """The forms that are given."""
        return {dialect: form.wire() for dialect, form in self._forms()}

    def wanted_inside(self, field: str) -> str | None:
        """See `Kind.wanted_inside`."""
        return TEXT_OR_NUMBER

    def target(self) -> Target:
        """A switch's lines: what two settings decide there, `clashes` tells."""
        return ("switch_lines",)

    def clashes(self, other: Kind) -> bool:
        """The same line or its opposite, or a beginning that covers the other's line, its section or its beginning."""
        assert isinstance(other, SwitchLines)
        theirs = dict(other._forms())
        return any(_meet(form, theirs[dialect]) for dialect, form in self._forms() if dialect in theirs)

    def _forms(self) -> Iterator[tuple[str, Form]]:
        return ((dialect, form) for dialect in DIALECTS if (form := getattr(self, dialect)) is not None)


def _meet(one: Form, other: Form) -> bool:
    if one.inherent or other.inherent:
        return False
    if not {*one.places()} & {*other.places()}:
        return _goes(one, other) or _goes(other, one)
    return (
        bool({*one.texts} & {*other.texts})
        or any(begins(text, prefix) for prefix in one.against for text in (*other.texts, *other.prefixes))
        or any(begins(text, prefix) for prefix in other.against for text in (*one.texts, *one.prefixes))
    )


def _goes(one: Form, other: Form) -> bool:
    """Whether one decides lines of the top level, and the other stands below such a line."""
    if one.section or one.ports or not other.section:
        return False
    return any(begins(other.section, prefix) for prefix in one.against)


LINE_KINDS: Mapping[str, type[NetworkKind]] = {"switch_lines": SwitchLines}
PROFILES: tuple[str, ...] = get_args(Profile.__value__)
