# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration in folders such as sysctl.d: files in the order of their names, of which some hide others."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from .system import System


def in_order(system: System, folders: Iterable[str], suffix: str = ".conf") -> list[str]:
    """The paths of the files in force, in the order in which they are read.

    Folders are given most important first: a file hides one of the same name in a later folder.
    """
    found: dict[str, str] = {}
    for folder in folders:
        for name in system.names(folder):
            if name.endswith(suffix) and not name.startswith("."):
                found.setdefault(name, posixpath.join(folder, name))
    return [found[name] for name in sorted(found)]


def texts(system: System, paths: Iterable[str]) -> list[tuple[str, str]]:
    """Each path with its file's text; those that lead to no file, such as a link to /dev/null, are left out."""
    found = []
    for path in paths:
        entry = system.entry(system.target(path))
        text = system.source(path) if entry and entry.shape == "file" else None
        found += [(path, text)] if text is not None else []
    return found


def earlier_and_later(paths: Iterable[str], path: str) -> tuple[list[str], list[str]]:
    """The files that are read before the one at `path`, and those read after it."""
    name = posixpath.basename(path)
    others = [other for other in paths if posixpath.basename(other) != name]
    return (
        [other for other in others if posixpath.basename(other) < name],
        [other for other in others if posixpath.basename(other) > name],
    )
