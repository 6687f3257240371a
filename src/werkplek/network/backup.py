"""Running configurations as they were before a run, kept with their date and without their secrets."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from werkplek.files import write_atomic

# Lines that move without anybody changing anything.
_MOVING = re.compile(r"(?m)^(!.*|Building configuration.*|Current configuration.*|ntp clock-period.*)\n?")


def folder(state: Path, host: str) -> Path:
    """Where a switch's backups are."""
    return state / "backups" / "network" / host


def keep(state: Path, host: str, masked: str, now: datetime) -> Path:
    """Keep a configuration; the newest backup where that says the same. Files are the owner's alone (0600)."""
    newest = latest(state, host)
    if newest and _settled(newest.read_text()) == _settled(masked):
        return newest
    place = folder(state, host)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = place / f"{now.astimezone(UTC):%Y-%m-%dT%H%M%SZ}.cfg"
    write_atomic(file, masked, mode=0o600)
    return file


def latest(state: Path, host: str) -> Path | None:
    """The newest backup of a switch."""
    return max(folder(state, host).glob("*.cfg"), default=None)


def _settled(text: str) -> str:
    return _MOVING.sub("", text.replace("\r", ""))
