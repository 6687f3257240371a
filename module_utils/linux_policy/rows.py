# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what was read, and came of writing, to one row for each setting."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from .model import Lack, Ran, Reading, Row, Setting, Status, Written


def announced_row(setting: Setting, reading: Reading, due: Collection[str]) -> Row:
    """A row of check mode. `due` are the kinds of which a setting would be written."""
    if reading.ok or setting.waived:
        return _as_it_is(setting, reading)
    lack = reading.lack
    if lack and not set(lack.supplied_by) & set(due):
        return Row(setting.id, lack.status, reading.now, reading.now, _joined(reading.note, lack.text))
    later = f"{lack.text}, which settings that come first may change" if lack else ""
    message = _joined(reading.note, reading.doing, later)
    return Row(setting.id, "noncompliant", reading.now, reading.wanted, message, reading.change)


def enforced_row(setting: Setting, before: Reading, after: Reading, written: Written) -> Row:
    """A row of a run that writes: what was read back decides, whatever writing said."""
    if setting.waived:
        return _as_it_is(setting, before)
    note = _joined(after.note, written.notes.get(setting.id, ""))
    if after.ok:
        status: Status = "compliant" if before.ok else "changed"
        doing = "" if before.ok else before.doing
        return Row(setting.id, status, before.now, after.now, _joined(note, doing), before.change)
    failed = written.failed.get(setting.id, "")
    if after.lack:
        text = failed if after.lack.status == "failed" and failed else after.lack.text
        return Row(setting.id, after.lack.status, before.now, after.now, _joined(note, text))
    return Row(setting.id, "failed", before.now, after.now, _joined(note, failed or _unexplained(before, after)))


def after_handlers(row: Row, ran: Sequence[Ran], moved: Status) -> Row:
    """A setting whose handler failed is failed; a compliant one that was owed a handler has moved."""
    mine = [handler for handler in ran if row.id in handler.because]
    failed = [f"{handler.name}: {handler.failed}" for handler in mine if handler.failed]
    if failed:
        after = row.before if any(handler.undone for handler in mine) else row.after
        return replace(row, status="failed", after=after, message=_joined(row.message, *failed))
    if mine and row.status == "compliant":
        due = f"{', '.join(handler.name for handler in mine)} was still due from an earlier run"
        return replace(row, status=moved, message=_joined(row.message, due))
    return row


def _as_it_is(setting: Setting, reading: Reading) -> Row:
    """Compliant, or waived and not written."""
    status: Status = "compliant" if reading.ok else "waived"
    lack = reading.lack.text if isinstance(reading.lack, Lack) else ""
    return Row(setting.id, status, reading.now, reading.now, _joined(reading.note, lack))


def _unexplained(before: Reading, after: Reading) -> str:
    """Nothing failed, and yet it is not as wanted."""
    if before.ok:
        return "this was as wanted, and is not after the other settings were written"
    return f"it was written, and is still {after.now}; expected {after.wanted}"


def _joined(*texts: str) -> str:
    return "; ".join(filter(None, texts))
