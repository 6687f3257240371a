# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which keys a keytab holds (MIT Kerberos, "The keytab file format", version 0x0502). Keys themselves are not read."""

from __future__ import annotations

import struct
from typing import NamedTuple

_VERSION = b"\x05\x02"


class KeytabError(Exception):
    """The bytes are no keytab. The text says what is wrong, without content."""


class Principal(NamedTuple):
    """Whose key it is: `host/kiosk.ad.example.nl` and `AD.EXAMPLE.NL`."""

    name: str
    realm: str

    def __str__(self) -> str:
        return f"{self.name}@{self.realm}"


def principals(content: bytes) -> frozenset[Principal]:
    """Whose keys the keytab holds. Raises KeytabError."""
    if content[:2] != _VERSION:
        raise KeytabError("it does not begin as a keytab of version 0x0502 does")
    found, place = set(), 2
    while place + 4 <= len(content):
        (size,) = struct.unpack_from(">i", content, place)
        place += 4
        if size == 0:
            break
        if place + abs(size) > len(content):
            raise KeytabError("its last entry is cut off")
        if size > 0:  # a negative size is a hole that an entry left
            found.add(_principal(content[place : place + size]))
        place += abs(size)
    return frozenset(found)


def _principal(entry: bytes) -> Principal:
    try:
        (count,) = struct.unpack_from(">H", entry)
        realm, place = _text(entry, 2)
        parts = []
        for _ in range(count):
            part, place = _text(entry, place)
            parts.append(part)
    except struct.error as error:
        raise KeytabError("an entry of it is cut off") from error
    return Principal("/".join(parts), realm)


def _text(entry: bytes, place: int) -> tuple[str, int]:
    (length,) = struct.unpack_from(">H", entry, place)
    end = place + 2 + length
    if end > len(entry):
        raise KeytabError("an entry of it is cut off")
    return entry[place + 2 : end].decode("utf-8", "replace"), end
