"""What the engine windows_modules asks of a module, what a module answers, and a setting's row made of it."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

ABSENT = "<absent>"
UNKNOWN = "<unknown>"
HIDDEN = "<secret>"
OTHER = "<another value>"
LONGEST_TEXT = 500
# Windows Installer, ERROR_SUCCESS_REBOOT_INITIATED and ERROR_SUCCESS_REBOOT_REQUIRED.
RESTART_CODES = (1641, 3010)

type Answer = Mapping[str, Any]
type Row = dict[str, str]
type Steps[T] = Generator[ModuleCall, Answer, T]
"""Yields calls and is sent their answers, so that what is asked next can follow from them; does nothing itself."""


class ModuleCall(NamedTuple):
    """One run of a module on the host; with `check` it may not change anything. Its diff is always asked for."""

    module: str
    arguments: Mapping[str, Any]
    check: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of the request. `body` has the fields of its kind as they are in the wire form."""

    id: str
    kind: str
    body: Mapping[str, Any]
    waived: bool
    secret: bool

    @property
    def absent(self) -> bool:
        """Whether the object should not be there."""
        return self.body.get("state") == "absent"


class Result(NamedTuple):
    """A module's answer. `failure` is empty unless it failed, or answered what cannot be understood."""

    changed: bool
    failure: str = ""
    restart: bool = False
    diff: str = ""


def read(answer: Answer) -> Result:
    """A module's answer; one without a plain yes or no to `changed` counts as a failure."""
    restart = answer.get("reboot_required") is True or answer.get("rc") in RESTART_CODES
    if answer.get("failed"):
        return Result(False, _failure(answer), restart)
    changed = answer.get("changed")
    if not isinstance(changed, bool) or answer.get("skipped"):
        said = one_line(answer.get("msg")) or "nothing"
        return Result(False, f"the module's answer cannot be understood; it says: {said}")
    diff = answer.get("diff")
    prepared = diff.get("prepared") if isinstance(diff, Mapping) else None
    return Result(changed, restart=restart, diff=prepared if isinstance(prepared, str) else "")


def _failure(answer: Answer) -> str:
    """The module's words, and the last line of the program it ran, where the reason mostly stands."""
    printed = [line for name in ("stderr", "stdout") for line in str(answer.get(name) or "").splitlines()]
    last = next((line.strip() for line in reversed(printed) if line.strip()), "")
    said = one_line(answer.get("msg")) or "the module failed without a word"
    return f"{said}: {last[:LONGEST_TEXT]}" if last and last not in said else said


def one_line(value: object) -> str:
    """A text on one line, shortened."""
    text = " ".join(str(value).split()) if value is not None else ""
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 3]}..."


def row(setting: Setting, status: str, before: str, after: str, message: str = "") -> Row:
    """A result row. Of a secret setting it never shows what is wanted or what is there."""
    if setting.secret:
        before = _masked(before, HIDDEN if status == "compliant" else OTHER)
        after = _masked(after, OTHER if status == "waived" else HIDDEN)
    found = {"id": setting.id, "status": status, "before": before, "after": after}
    return {**found, "message": message} if message else found


def _masked(text: str, mask: str) -> str:
    return text if text in {ABSENT, UNKNOWN} else mask


def told(setting: Setting, said: str, before: str = "") -> str:
    """A message with a module's words in it, which may quote values; of a secret setting without them."""
    words = "its text is not shown, the setting is secret" if setting.secret and said else said
    return ": ".join(filter(None, (before, words)))


def differs(setting: Setting, before: str, after: str) -> Row:
    """The row of a setting that is not as wanted and was not touched: it is only observed, or the run is a check."""
    return row(setting, "waived", before, before) if setting.waived else row(setting, "noncompliant", before, after)


def unread(setting: Setting, after: str, failure: str) -> Row:
    """The row of a setting of which the state could not be read."""
    message = told(setting, failure, "cannot read")
    if setting.waived:
        return row(setting, "waived", UNKNOWN, UNKNOWN, message)
    return row(setting, "failed", UNKNOWN, after, message)


def unread_after(setting: Setting, before: str, after: str, failure: str) -> Row:
    """The row of a setting that was set and could not be read back."""
    return row(setting, "failed", before, after, told(setting, failure, "was set, and cannot be read back"))
