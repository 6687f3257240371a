# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module's result, in which no secret is."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from .config_lines import ConfigLine
from .files import File
from .model import ABSENT, ANOTHER, SECRET, UNKNOWN, Answer, Row, Setting
from .system import decode

_MOST_LINES = 40
_SHORTEST = 4  # a shorter text is in every message, and no secret


def result(settings: Sequence[Setting], answer: Answer, *, diff: bool) -> dict[str, Any]:
    """What the module returns: see RETURN of the module linux_policy."""
    veil = _Veil(settings)
    rows = [veil.row(row) for row in answer.rows]
    found: dict[str, Any] = {
        "changed": any(row.moved for row in rows),
        "settings": json.dumps([_shown(row) for row in rows], ensure_ascii=True, separators=(",", ":")),
        "handlers": [
            {"name": ran.name, "because": list(ran.because), "failed": veil.text(ran.failed) or None}
            for ran in answer.handlers
        ],
        "reboot_required": bool(answer.reboot_because),
        "reboot_because": list(answer.reboot_because),
        "warnings": [veil.text(warning) for warning in answer.warnings],
    }
    return {**found, "diff": _diff(settings, rows)} if diff else found


def _shown(row: Row) -> dict[str, str]:
    shown = {"id": row.id, "status": row.status, "before": _clean(row.before), "after": _clean(row.after)}
    return {**shown, "message": _clean(row.message)} if row.message else shown


def _clean(text: str) -> str:
    """Bytes that are no UTF-8 as question marks: JSON has no surrogates alone."""
    return text.encode("utf-8", "replace").decode()


def _diff(settings: Sequence[Setting], rows: Sequence[Row]) -> dict[str, str]:
    """One line for each setting that moved, and of files what differs."""
    moved = [row for row in rows if row.moved]
    diff = {
        "before": "".join(f"{row.id}: {_clean(row.before)}\n" for row in moved),
        "after": "".join(f"{row.id}: {_clean(row.after)}\n" for row in moved),
    }
    paths = {setting.id: setting.item.path for setting in settings if isinstance(setting.item, File)}
    prepared = "".join(_unified(paths[row.id], *row.change) for row in moved if row.change)
    return {**diff, "prepared": prepared} if prepared else diff


def _unified(path: str, before: bytes, after: bytes) -> str:
    """A unified diff, cut at 40 lines."""
    old, new = (decode(content).splitlines() for content in (before, after))
    lines = list(difflib.unified_diff(old, new, f"before: {path}", f"after: {path}", lineterm=""))
    more = len(lines) - _MOST_LINES
    lines = [*lines[:_MOST_LINES], *([f"... {more} more lines"] if more > 0 else [])]
    return "".join(f"{_clean(line)}\n" for line in lines)


class _Veil:
    """Hides secrets: wholly in the rows of settings that are secret, by their text in all others."""

    def __init__(self, settings: Sequence[Setting]) -> None:
        secret = [setting for setting in settings if setting.secret]
        self._ids = {setting.id for setting in secret}
        texts = {text for setting in secret for text in _secrets(setting) if len(text) >= _SHORTEST}
        self._texts = sorted(texts, key=len, reverse=True)

    def text(self, text: str) -> str:
        for secret in self._texts:
            text = text.replace(secret, SECRET)
        return text

    def row(self, row: Row) -> Row:
        if row.id not in self._ids:
            change = None if row.change and self._in(row.change) else row.change
            before, after, message = (self.text(text) for text in (row.before, row.after, row.message))
            return replace(row, before=before, after=after, message=message, change=change)
        wanted = row.status in ("compliant", "changed", "noncompliant")
        before = SECRET if row.status == "compliant" else _hidden(row.before)
        after = SECRET if wanted else _hidden(row.after)
        if row.after == ABSENT and wanted:
            after = ABSENT
        message = "what the host says of it is not shown, since it can hold the secret" if row.message else ""
        return replace(row, before=before, after=after, message=message, change=None)

    def _in(self, change: tuple[bytes, bytes]) -> bool:
        return any(secret in decode(content) for content in change for secret in self._texts)


def _hidden(text: str) -> str:
    return text if text in (ABSENT, UNKNOWN) else ANOTHER


def _secrets(setting: Setting) -> Sequence[str]:
    """The texts that must not be shown: a value, or the lines of a content."""
    item = setting.item
    if isinstance(item, ConfigLine):
        return [item.line.value or item.line.key]
    if isinstance(item, File) and item.content is not None:
        return [line.strip() for line in decode(item.content).splitlines() if line.strip()]
    return []
