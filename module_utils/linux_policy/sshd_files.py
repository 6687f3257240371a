# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that make up the configuration of the OpenSSH server: sshd_config(5)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .system import System, decode, encode

MAIN = "/etc/ssh/sshd_config"
DROP_INS = "/etc/ssh/sshd_config.d"
CONFIGURATION = re.compile(rf"{re.escape(MAIN)}|{re.escape(DROP_INS)}/[^/]+\.conf")
_FOLDER = re.compile(r'(^|[\s"])(?:/etc/ssh/)?sshd_config\.d/')
_INCLUDE = re.compile(r"(?im)^([ \t]*Include[ \t]*[= \t][ \t]*)(.*)$")


def tree(system: System, path: str, content: bytes, folder: str) -> Mapping[str, bytes]:
    """All files as they would be with this content at `path`, moved to another folder.

    They are given by their path in that folder; what includes the drop-ins includes those of that folder.
    """
    files = {MAIN: system.source(MAIN) or ""}
    for name in system.names(DROP_INS):
        if name.endswith(".conf"):
            files[f"{DROP_INS}/{name}"] = system.source(f"{DROP_INS}/{name}") or ""
    files[path] = decode(content)
    return {name.removeprefix("/etc/ssh/"): encode(_moved(text, folder)) for name, text in files.items()}


def _moved(text: str, folder: str) -> str:
    """With every Include of the drop-ins, by their full path or from /etc/ssh, as one of the other folder's."""

    def moved(include: re.Match[str]) -> str:
        return include[1] + _FOLDER.sub(rf"\g<1>{folder}/sshd_config.d/", include[2])

    return _INCLUDE.sub(moved, text)
