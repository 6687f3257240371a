# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a setting is, what was read of it, and what came of writing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

ABSENT = "<absent>"
UNKNOWN = "<unknown>"
SECRET = "<secret>"  # noqa: S105  # a placeholder, shown in place of one
ANOTHER = "<another value>"

Status = Literal["compliant", "changed", "noncompliant", "failed", "waived", "unsupported"]


class HostError(Exception):
    """The host refused, or holds what cannot be worked with. The text is for a person, without the setting's id."""


class Item(Protocol):
    """What a setting of one kind wants."""

    @property
    def decides(self) -> tuple[str, ...]:
        """What no other setting may decide too, as a person would say it."""


@dataclass(frozen=True)
class Setting:
    """One setting of the request."""

    id: str
    kind: str
    item: Item
    waived: bool = False
    secret: bool = False
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lack:
    """What this host lacks for a setting. A lack that is not final is tried to overcome when it is time to write.

    `supplied_by` are the kinds whose settings, which are written before, may bring what is lacking.
    """

    text: str
    status: Literal["failed", "unsupported"]
    final: bool = True
    supplied_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A setting on the host: texts of what is there and what should be, and whether they agree.

    `change` is the old and the new content of a file, for the diff. `note` is told in any case, `doing` only when the
    setting is written. `reboot` says why the host must start again before the setting holds.
    """

    now: str
    wanted: str
    ok: bool
    lack: Lack | None = None
    note: str = ""
    doing: str = ""
    change: tuple[bytes, bytes] | None = None
    reboot: str = ""


def unreadable(problem: Exception) -> Reading:
    """A setting whose state could not be read."""
    return Reading(UNKNOWN, UNKNOWN, ok=False, lack=Lack(describe(problem), "failed"))


def describe(problem: Exception) -> str:
    """An error as one line; one that nobody foresaw with its type."""
    if isinstance(problem, HostError):
        return str(problem)
    if isinstance(problem, OSError) and problem.strerror:
        return f"{problem.filename}: {problem.strerror}" if problem.filename else problem.strerror
    return f"{type(problem).__name__}: {problem}"


@dataclass
class Written:
    """What came of writing: by the setting's id, why it failed and what to tell."""

    failed: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


Readings = Mapping[str, Reading]


@dataclass(frozen=True)
class Row:
    """What is answered of a setting."""

    id: str
    status: Status
    before: str
    after: str
    message: str = ""
    change: tuple[bytes, bytes] | None = None

    @property
    def moved(self) -> bool:
        """Whether this run changed it, or one without check mode would."""
        return self.status in ("changed", "noncompliant")


@dataclass(frozen=True)
class Ran:
    """A handler that ran, or in check mode would; `undone` where its failure took the settings' change back."""

    name: str
    because: tuple[str, ...]
    failed: str = ""
    undone: bool = False


@dataclass(frozen=True)
class Answer:
    """All that a call answers, secrets still in it."""

    rows: tuple[Row, ...]
    handlers: tuple[Ran, ...] = ()
    reboot_because: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
