# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths in a request."""

from __future__ import annotations

import posixpath

from .fields import Fields

_NOT_HERE = ("/proc/", "/sys/", "/dev/")


def parse_path(fields: Fields) -> str:
    """The field `path`: an absolute path in its shortest form, of something that stays: not in /proc, /sys or /dev."""
    expected = "an absolute path without '..', double or last slash, outside /proc, /sys and /dev"
    path = fields.text("path", r"/[^\x00-\x1f]+", expected)
    if path and (not _is_shortest(path) or f"{path}/".startswith(_NOT_HERE)):
        fields.wrong("path", expected)
    return path


def parse_mount_path(fields: Fields) -> str:
    """The field `path`: an absolute path in its shortest form."""
    expected = "an absolute path without '..', double or last slash"
    path = fields.text("path", r"/[^\x00-\x1f]*", expected)
    if path and not _is_shortest(path):
        fields.wrong("path", expected)
    return path


def _is_shortest(path: str) -> bool:
    return posixpath.normpath(path) == path and not path.startswith("//")
