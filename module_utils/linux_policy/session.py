# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How this run came in: the account that must be able to sign in over SSH again for the next one."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from .names import Names
from .system import System

# The title of a session's process, of OpenSSH before and since 9.8: `sshd: user@notty`, `sshd-session: user [priv]`
_TITLE = re.compile(r"sshd(?:-session)?: ([^@\s\[]+)(?:@\S*| \[priv\])")
_NO_LOGIN = 4294967295  # the kernel's loginuid of what no login started


@dataclass(frozen=True)
class Session:
    """The account that signed in over SSH; none where the run did not come in that way."""

    account: str | None

    @classmethod
    def of(cls, system: System, names: Names, process: int | None = None) -> Session:
        """Looks among the processes above this one, and at the login that the kernel remembers (pam_loginuid(8)).

        A module that Ansible runs in the background has left its SSH session's processes, but keeps its login.
        """
        process = process or os.getpid()
        return cls(_above(system, process) or _login(system, names, process))


def _above(system: System, process: int) -> str | None:
    while process > 1:
        title = (system.text(f"/proc/{process}/cmdline") or "").replace("\x00", " ").strip()
        found = _TITLE.match(title)
        if found and found[1] not in ("unknown", "[accepted]"):
            return found[1]
        process = _parent(system, process)
    return None


def _parent(system: System, process: int) -> int:
    found = re.search(r"^PPid:\s*(\d+)$", system.text(f"/proc/{process}/status") or "", re.MULTILINE)
    return int(found[1]) if found else 0


def _login(system: System, names: Names, process: int) -> str | None:
    text = (system.text(f"/proc/{process}/loginuid") or "").strip()
    uid = int(text) if text.isdigit() else _NO_LOGIN
    if uid == _NO_LOGIN:
        return None
    return next((one.name for one in names.accounts.values() if one.uid == uid), f"{uid}")
