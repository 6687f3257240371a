"""What is kept of one source between runs: a private file that is used whole or not at all.

Three parts: a line with the checksum of the second line; the second line, a JSON header that says whose reading this is
and how long the other parts are; then those parts: the registry's rows, and the inventory that was made of them.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from werkplek.errors import Problem, WerkplekError
from werkplek.files import state_dir, write_atomic
from werkplek.registry.changes import Change, Log, Mark

FORMAT = 1
DAMAGED = "it is damaged"
LONGEST_HEADER = 1 << 20

type Key = Mapping[str, object]
"""What a reading is of: address, filters, extras, token's fingerprint, schema. JSON values."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The header of a cache file. Moments are UTC in ISO 8601."""

    key: Key
    netbox_version: str
    full_read_at: str
    looked_at: str
    checked_at: str
    marks: Mapping[str, Mark]
    log: Log
    port_roles: tuple[int, ...]
    inventory_key: str


@dataclass(frozen=True, slots=True)
class Cached:
    """A cache file that is ours and whole; `checked` is when it was last found to be up to date."""

    path: Path
    entry: Entry
    checked: datetime
    rows: memoryview
    inventory: memoryview


def cache_dir() -> Path:
    """Folder of caches and baselines. Raises WerkplekError when it cannot be made."""
    try:
        folder = state_dir() / "registry"
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise unwritable(error) from None
    return folder


def unwritable(error: OSError) -> WerkplekError:
    """For a state folder that cannot be used."""
    remedy = "Set WERKPLEK_STATE to a folder of your own."
    problem = Problem(str(error.filename), str(error.strerror), "a state folder that can be written", remedy)
    return WerkplekError("The registry's last good reading cannot be kept", [problem])


def stem(question: Key) -> str:
    """Name of a source's files: the same question has the same name, whoever asks it."""
    text = json.dumps(question, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def load(path: Path, key: Key) -> tuple[Cached | None, str]:
    """The cache of exactly this source, or None and why it is not used ("" when there is none)."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None, ""
    except OSError as error:
        return None, str(error.strerror)
    info = os.fstat(handle)
    if not stat.S_ISREG(info.st_mode) or info.st_uid != os.geteuid() or info.st_mode & 0o077:
        os.close(handle)
        return None, "it is not a private file of this user"
    with os.fdopen(handle, "rb") as stream:
        content = memoryview(stream.read())
    return _parse(path, content, key, datetime.fromtimestamp(info.st_mtime, UTC))


def _parse(path: Path, content: memoryview, key: Key, touched: datetime) -> tuple[Cached | None, str]:
    line = bytes(content[65 : 65 + LONGEST_HEADER]).split(b"\n", 1)[0]
    if bytes(content[:65]) != hashlib.sha256(line).hexdigest().encode() + b"\n":
        return None, DAMAGED
    header = json.loads(line)
    if header["format"] != FORMAT or header["key"] != json.loads(json.dumps(key)):
        return None, "it is of another source, token or version"
    parts = parts_of(content)
    if len(content) != 66 + len(line) + sum(map(len, parts.values())) or any(
        hashlib.sha256(parts[name]).hexdigest() != checksum for name, (_length, checksum) in header["parts"].items()
    ):
        return None, DAMAGED
    entry = _entry(header)
    checked = max(touched, datetime.fromisoformat(entry.checked_at))
    return Cached(path, entry, checked, parts["rows"], parts["inventory"]), ""


def parts_of(content: bytes | memoryview) -> dict[str, memoryview]:
    """The parts of a file behind a header that is whole."""
    view = memoryview(content)
    line = bytes(view[65 : 65 + LONGEST_HEADER]).split(b"\n", 1)[0]
    start, parts = 65 + len(line) + 1, {}
    for name, (length, _checksum) in json.loads(line)["parts"].items():
        parts[name] = view[start : start + length]
        start += length
    return parts


def touch(cached: Cached, now: datetime) -> None:
    """Note that the cache was found to be up to date."""
    with suppress(OSError):  # its age is then overstated, which is the safe side
        os.utime(cached.path, (now.timestamp(), now.timestamp()))


def save(path: Path, entry: Entry, parts: Mapping[str, bytes]) -> None:
    """Replace the file in one step. Raises WerkplekError."""
    header = {
        "format": FORMAT,
        "key": entry.key,
        "netbox_version": entry.netbox_version,
        "full_read_at": entry.full_read_at,
        "looked_at": entry.looked_at,
        "checked_at": entry.checked_at,
        "marks": {name: [mark.count, mark.newest] for name, mark in entry.marks.items()},
        "newest": entry.log.newest and _change(entry.log.newest),
        "seen": sorted(entry.log.seen),
        "port_roles": entry.port_roles,
        "inventory_key": entry.inventory_key,
        "parts": {name: [len(part), hashlib.sha256(part).hexdigest()] for name, part in parts.items()},
    }
    line = json.dumps(header, sort_keys=True).encode()
    content = b"\n".join(
        [hashlib.sha256(line).hexdigest().encode(), line, b"".join(parts[name] for name in sorted(parts))]
    )
    try:
        write_atomic(path, content, mode=0o600)
    except OSError as error:
        raise unwritable(error) from None


def _change(change: Change) -> list[object]:
    return [change.id, change.time, change.object_type, change.object_id]


def _entry(header: Mapping[str, Any]) -> Entry:
    newest = header["newest"]
    return Entry(
        key=header["key"],
        netbox_version=header["netbox_version"],
        full_read_at=header["full_read_at"],
        looked_at=header["looked_at"],
        checked_at=header["checked_at"],
        marks={name: Mark(*mark) for name, mark in header["marks"].items()},
        log=Log(Change(*newest) if newest else None, frozenset(header["seen"])),
        port_roles=tuple(header["port_roles"]),
        inventory_key=header["inventory_key"],
    )
