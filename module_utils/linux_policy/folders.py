# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding a path without being led astray: no symbolic link is followed that anyone but root could have placed.

A path is walked folder by folder with openat(2), so that what was checked is what is used. Links such as /lib or
/var/run, which stand in a folder that only root writes, are followed inside the root folder given.
"""

from __future__ import annotations

import errno
import os
import posixpath
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from .model import HostError

_MOST_LINKS = 40  # as Linux: path_resolution(7)
_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


@contextmanager
def folder_of(root: str, path: str) -> Iterator[tuple[int, str]]:
    """An open descriptor of the folder that `path` is in, and its name there.

    Raises FileNotFoundError or NotADirectoryError where the folder is not there, HostError on a link that is not
    followed. The last part of the path is not looked at.
    """
    folder, name = posixpath.split(path)
    descriptor = open_folder(root, folder)
    try:
        yield descriptor, name
    finally:
        os.close(descriptor)


def open_folder(root: str, folder: str) -> int:
    """A descriptor of the folder, for the caller to close. Raises as folder_of()."""
    links = 0
    while True:
        descriptor, link = _walk(root, folder)
        if link is None:
            return descriptor
        links += 1
        if links > _MOST_LINKS:
            raise HostError(f"{folder}: more than {_MOST_LINKS} symbolic links")
        folder = link


def _walk(root: str, folder: str) -> tuple[int, str | None]:
    """The folder's descriptor; or, at the first link, none (-1) and the path to go on with, which has no `..`."""
    here = os.open(root, _OPEN)
    parts = [part for part in folder.split("/") if part]
    for place, part in enumerate(parts):
        try:
            below = os.open(part, _OPEN, dir_fd=here)
        except OSError as error:
            if error.errno not in (errno.ENOTDIR, errno.ELOOP):
                os.close(here)
                error.filename = "/" + "/".join(parts[: place + 1])
                raise
            so_far = "/" + "/".join(parts[:place])
            try:
                target = _trusted_link(here, part, posixpath.join(so_far, part))
            finally:
                os.close(here)
            return -1, posixpath.normpath(posixpath.join(so_far, target, *parts[place + 1 :]))
        os.close(here)
        here = below
    return here, None


def _trusted_link(folder: int, name: str, path: str) -> str:
    """Where a link leads that only root can have placed. Raises NotADirectoryError where it is no link."""
    entry = os.stat(name, dir_fd=folder, follow_symlinks=False)
    if not stat.S_ISLNK(entry.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, "Not a directory", path)
    if not only_root_writes(folder):
        raise HostError(f"{path} is a symbolic link in a folder that others than root can write; it is not followed")
    return os.readlink(name, dir_fd=folder)


def only_root_writes(folder: int) -> bool:
    """Whether nobody but root (in a test: but the account that runs it) can place something in this folder."""
    status = os.fstat(folder)
    return status.st_uid in (0, os.geteuid()) and not status.st_mode & _OTHERS_WRITE
