# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing files that have a checker of their own only when it accepts the new content."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from . import sshd_files, sshd_server
from .access import lockout
from .atomic import KEEP, Attributes
from .commands import Done
from .host import Host
from .model import HostError
from .system import Scratch, System, encode

SUDOERS = re.compile(r"/etc/sudoers(\.d/[^/]+)?")
UNITS = "/etc/systemd/system/"
UNIT_FILE = re.compile(r"/etc/systemd/system/([^/]+\.(?:service|socket|timer|path|target|mount|slice|automount|swap))")
UNIT_DROP_IN = re.compile(r"/etc/systemd/system/([^/]+\.[a-z]+)\.d/([^/]+\.conf)")
_SYSTEM_UNITS = ("/etc/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system")
_MODES = {SUDOERS: 0o440, sshd_files.CONFIGURATION: 0o600}


def default_attributes(path: str, *, exists: bool) -> Attributes:
    """What is there keeps its owner and mode; a new file gets the strictest that its readers take."""
    modes = [mode for pattern, mode in _MODES.items() if pattern.fullmatch(path)]
    return KEEP if exists or not modes else Attributes(mode=modes[0])


def replace_checked(host: Host, path: str, content: bytes, attributes: Attributes = KEEP) -> None:
    """Write the file if its checker accepts the content. Raises HostError with what the checker says, or OSError."""
    check(host, path, content)
    host.system.replace(path, content, attributes)


def check(host: Host, path: str, content: bytes) -> None:
    """Raise HostError where this content would break what reads the file at `path`, or end this run's access."""
    system = host.system
    if SUDOERS.fullmatch(path):
        with system.scratch() as scratch:
            scratch.add({"sudoers": content})
            _accepted(system.look("visudo", "-cf", f"{scratch.path}/sudoers"), "visudo", scratch)
    elif sshd_files.CONFIGURATION.fullmatch(path):
        reason = lockout(host, sshd_server.effective(system), sshd_server.candidate(system, path, content))
        if reason:
            raise HostError(reason)
    elif path == "/etc/fstab":
        _check_fstab(system, content)
    elif match := UNIT_FILE.fullmatch(path):
        check_units(system, {match[1]: content})
    elif match := UNIT_DROP_IN.fullmatch(path):
        _check_drop_in(system, match[1], match[2], content)


def check_units(system: System, units: Mapping[str, bytes]) -> None:
    """Raise HostError where systemd finds a fault in one of these units, which may name each other."""
    with system.scratch() as scratch:
        scratch.add(units)
        _verify(system, scratch, [name for name in units if "/" not in name])


def _check_drop_in(system: System, unit: str, name: str, content: bytes) -> None:
    """With the unit that it is for. Where that is not on this host, the drop-in has no effect and nothing to break.

    A masked unit (a link to /dev/null, systemd.unit(5)) is looked for below the mask, which may go in this very run.
    """
    for folder in _SYSTEM_UNITS:
        if system.link(f"{folder}/{unit}") == "/dev/null":
            continue
        text = system.source(f"{folder}/{unit}")
        if text is not None:
            check_units(system, {unit: encode(text), f"{unit}.d/{name}": content})
            return


def _verify(system: System, scratch: Scratch, units: Sequence[str]) -> None:
    places = [f"{scratch.path}/{unit}" for unit in units]
    done = system.look("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *places)
    _accepted(done, "systemd-analyze", scratch)


def _check_fstab(system: System, content: bytes) -> None:
    """Faults that the table has already do not count against a change."""
    with system.scratch() as scratch:
        scratch.add({"old": system.read("/etc/fstab") or b"", "new": content})
        new = system.look("findmnt", "--verify", "--tab-file", f"{scratch.path}/new")
        old = system.look("findmnt", "--verify", "--tab-file", f"{scratch.path}/old")
    faults = _fstab_faults(new) - _fstab_faults(old)
    if new.code and (faults or not old.code):
        raise HostError(f"findmnt refuses it: {'; '.join(sorted(faults)) or new.said}")


def _fstab_faults(done: Done) -> set[str]:
    """Lines such as `   [E] unreachable on boot required source: /dev/sdz1`."""
    return {line.strip() for line in (done.out + done.err).splitlines() if line.strip().startswith("[E]")}


def _accepted(done: Done, checker: str, scratch: Scratch) -> None:
    if done.code:
        raise HostError(f"{checker} refuses it: {done.said.replace(f'{scratch.path}/', '')}")
