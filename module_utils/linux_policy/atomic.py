# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replacing a file in one step: readers see the old file or the new one, whole, also after a power cut."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass

# What belongs to the content and not to the file: signatures, and the rights of a program to act as root.
_NOT_KEPT = ("security.capability", "security.ima", "security.evm")
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True)
class Attributes:
    """Owner and mode of a file to be. What is None stays as it was; of a new file it is root's, with mode 0644."""

    uid: int | None = None
    gid: int | None = None
    mode: int | None = None


KEEP = Attributes()


def replace(folder: int, name: str, content: bytes, attributes: Attributes = KEEP) -> None:
    """Put `content` in place of the file `name`, or create it. Raises OSError, and then the old file stands.

    The new file gets owner, mode and extended attributes (access lists, the label of SELinux) of the old one. Its
    temporary name begins with a point, which sudo, cron, apt and all that read only `*.conf` leave alone.
    """
    old = _status(folder, name)
    _clear_leftovers(folder, name)
    temporary = f".{name}.{secrets.token_hex(4)}.werkplek"
    descriptor = os.open(temporary, _NEW, 0o600, dir_fd=folder)
    try:
        try:
            _fill(descriptor, content)
            _dress(descriptor, folder, name, old, attributes)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)
        raise
    os.fsync(folder)


def replace_link(folder: int, name: str, target: str) -> None:
    """Have `name` be a symbolic link to `target`, in one step."""
    temporary = f".{name}.{secrets.token_hex(4)}.werkplek"
    os.symlink(target, temporary, dir_fd=folder)
    try:
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        os.unlink(temporary, dir_fd=folder)
        raise
    os.fsync(folder)


def _status(folder: int, name: str) -> os.stat_result | None:
    try:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", name)
    return status


def _fill(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _dress(descriptor: int, folder: int, name: str, old: os.stat_result | None, wanted: Attributes) -> None:
    """Owner first: chown takes setuid bits away; the mode last: an access list changes it."""
    uid, gid, mode = (old.st_uid, old.st_gid, stat.S_IMODE(old.st_mode)) if old else (os.geteuid(), os.getegid(), 0o644)
    os.fchown(descriptor, uid if wanted.uid is None else wanted.uid, gid if wanted.gid is None else wanted.gid)
    if old:
        _copy_extended(descriptor, folder, name)
    os.fchmod(descriptor, mode if wanted.mode is None else wanted.mode)


def _copy_extended(descriptor: int, folder: int, name: str) -> None:
    source = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    try:
        for attribute in os.listxattr(source):
            if attribute not in _NOT_KEPT:
                os.setxattr(descriptor, attribute, os.getxattr(source, attribute))
    except OSError as error:
        if error.errno != errno.ENOTSUP:  # a file system without extended attributes
            raise
    finally:
        os.close(source)


def _clear_leftovers(folder: int, name: str) -> None:
    """Take away what a run that was killed while it replaced this file left behind."""
    leftover = re.compile(rf"\.{re.escape(name)}\.[0-9a-f]{{8}}\.werkplek")
    for entry in os.listdir(folder):
        if leftover.fullmatch(entry):
            os.unlink(entry, dir_fd=folder)
