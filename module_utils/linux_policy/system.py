# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one door to the host: its files, below a root folder, and its commands."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from . import atomic
from .commands import PATH, TIME_LIMIT, Done, Run, greeting_of, run_command
from .folders import folder_of, only_root_writes, open_folder
from .model import HostError

_MOST_BYTES = 64 * 1024 * 1024
_PIECE = 64 * 1024
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_UNIT_PATHS = ("/etc/systemd/system/", "/run/systemd/system/", "/usr/local/lib/systemd/system/", "/etc/fstab")

Shape = Literal["file", "directory", "link", "other"]


@dataclass(frozen=True)
class Entry:
    """What stands at a path: its shape, owner, mode (permission bits) and time of last change in nanoseconds."""

    shape: Shape
    uid: int
    gid: int
    mode: int
    changed: int


@dataclass(frozen=True)
class Scratch:
    """A folder for files that only a checker reads."""

    path: str

    def add(self, files: Mapping[str, bytes]) -> None:
        """Write files, by their relative paths."""
        for name, content in files.items():
            place = os.path.join(self.path, name)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "wb") as file:
                file.write(content)


class System:
    """A host. Paths are absolute, as the host itself sees them; `root` is where its files are."""

    def __init__(
        self,
        root: str = "/",
        run: Run = run_command,
        greeting: Callable[[str, int], str] = greeting_of,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._root = root
        self._run = run
        self.greeting = greeting
        self.sleep = sleep
        self.touched = False
        self.units_changed = False

    def entry(self, path: str) -> Entry | None:
        """What stands at a path, a link being a link. None where nothing does."""
        try:
            with folder_of(self._root, path) as (folder, name):
                status = os.stat(name or ".", dir_fd=folder, follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return None
        shapes: dict[int, Shape] = {stat.S_IFREG: "file", stat.S_IFDIR: "directory", stat.S_IFLNK: "link"}
        shape = shapes.get(stat.S_IFMT(status.st_mode), "other")
        return Entry(shape, status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode), status.st_mtime_ns)

    def read(self, path: str) -> bytes | None:
        """A file's content, None where there is no file. Raises HostError on a link, OSError where it is unreadable."""
        try:
            with folder_of(self._root, path) as (folder, name):
                return _content(os.open(name, _READ, dir_fd=folder), path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise HostError(f"{path} is a symbolic link (to {self.link(path)}); it is not followed") from None
            error.filename = path
            raise

    def text(self, path: str) -> str | None:
        """As read(), with bytes that are no UTF-8 kept as surrogates (PEP 383)."""
        content = self.read(path)
        return None if content is None else decode(content)

    def source(self, path: str) -> str | None:
        """As text(), following links that root placed: for files that are only read."""
        return self.text(self.target(path))

    def target(self, path: str) -> str:
        """The path that a link leads to in the end, the path itself where it is none."""
        for _ in range(40):
            link = self.link(path)
            if link is None:
                return path
            path = os.path.normpath(os.path.join(os.path.dirname(path), link))
        raise HostError(f"{path}: symbolic links without an end")

    def link(self, path: str) -> str | None:
        """Where the link at this path leads, None where there is no link."""
        try:
            with folder_of(self._root, path) as (folder, name):
                return os.readlink(name, dir_fd=folder)
        except OSError as error:
            if error.errno in (errno.EINVAL, errno.ENOENT, errno.ENOTDIR):
                return None
            raise

    def names(self, folder: str) -> list[str]:
        """What is in a folder, sorted; nothing where there is no such folder."""
        try:
            descriptor = open_folder(self._root, folder)
        except (FileNotFoundError, NotADirectoryError):
            return []
        try:
            return sorted(os.listdir(descriptor))
        finally:
            os.close(descriptor)

    def writable(self, path: str) -> bool:
        """Whether the file can be written: not on a read-only file system, such as a container's /proc/sys."""
        try:
            with folder_of(self._root, path) as (folder, name):
                return os.access(name, os.W_OK, dir_fd=folder)
        except (FileNotFoundError, NotADirectoryError):
            return False

    def program(self, name: str) -> bool:
        """Whether the host has this program."""
        return any(self.entry(f"{folder}/{name}") for folder in PATH.split(":"))

    def replace(self, path: str, content: bytes, attributes: atomic.Attributes = atomic.KEEP) -> None:
        """Write a file in one step, with the folders that it needs. See atomic.replace()."""
        self._note(path)
        self.make_folders(os.path.dirname(path))
        with folder_of(self._root, path) as (folder, name):
            atomic.replace(folder, name, content, attributes)

    def write_live(self, path: str, text: str) -> None:
        """Write to a file of the kernel (/proc, /sys), in place."""
        self.touched = True
        with folder_of(self._root, path) as (folder, name):
            descriptor = os.open(name, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_TRUNC, dir_fd=folder)
            try:
                os.write(descriptor, text.encode())
            finally:
                os.close(descriptor)

    def replace_link(self, path: str, target: str) -> None:
        """Have the path be a symbolic link, in one step."""
        self._note(path)
        with folder_of(self._root, path) as (folder, name):
            atomic.replace_link(folder, name, target)

    def make_folders(self, path: str) -> None:
        """Create the folder and those above it where they are not there, root's, with mode 0755."""
        parts = path.strip("/").split("/")
        for place in range(1, len(parts) + 1):
            folder = "/" + "/".join(parts[:place])
            if self.entry(folder) is None:
                self._note(folder)
                with folder_of(self._root, folder) as (above, name):
                    os.mkdir(name, 0o755, dir_fd=above)
                    os.chmod(name, 0o755, dir_fd=above)  # noqa: S103  # whatever the umask
                    os.fsync(above)

    def dress(self, path: str, attributes: atomic.Attributes) -> None:
        """Set owner and mode of a file or folder."""
        self._note(path)
        with folder_of(self._root, path) as (folder, name):
            descriptor = os.open(name, _READ, dir_fd=folder)
            try:
                status = os.fstat(descriptor)
                if stat.S_ISREG(status.st_mode) and status.st_nlink > 1 and not only_root_writes(folder):
                    raise HostError(f"{path} has more than one name, and others than root can write in its folder")
                mode = stat.S_IMODE(status.st_mode)
                os.fchown(descriptor, _or_as_is(attributes.uid), _or_as_is(attributes.gid))
                os.fchmod(descriptor, mode if attributes.mode is None else attributes.mode)
            finally:
                os.close(descriptor)

    def remove(self, path: str) -> None:
        """Take away a file, a link or an empty folder."""
        self._note(path)
        with folder_of(self._root, path) as (folder, name):
            if stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
                os.rmdir(name, dir_fd=folder)
            else:
                os.unlink(name, dir_fd=folder)
            os.fsync(folder)

    def look(self, *command: str, text: str = "", seconds: float = TIME_LIMIT) -> Done:
        """Run a command that changes nothing."""
        return self._run(command, text, {}, seconds)

    def act(self, *command: str, seconds: float = TIME_LIMIT, **variables: str) -> Done:
        """Run a command that changes the host."""
        self.touched = True
        return self._run(command, "", variables, seconds)

    @contextmanager
    def scratch(self) -> Iterator[Scratch]:
        """A folder of root's, in memory, for as long as the context lasts."""
        with tempfile.TemporaryDirectory(prefix="werkplek-", dir=os.path.join(self._root, "run")) as folder:
            yield Scratch(folder)

    def _note(self, path: str) -> None:
        self.touched = True
        self.units_changed = self.units_changed or path.startswith(_UNIT_PATHS)


def _or_as_is(number: int | None) -> int:
    """For chown(2), where -1 leaves an owner as it is."""
    return -1 if number is None else number


def decode(content: bytes) -> str:
    """Bytes as text that encode() turns into the same bytes."""
    return content.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The inverse of decode()."""
    return text.encode("utf-8", "surrogateescape")


def _content(descriptor: int, path: str) -> bytes:
    """Read a regular file to its end, and close it."""
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise HostError(f"{path} is not a regular file")
        return _to_the_end(descriptor, path)
    finally:
        os.close(descriptor)


def _to_the_end(descriptor: int, path: str) -> bytes:
    """In small pieces: for a large one, files of /proc/sys find no memory."""
    pieces, size = [], 0
    while piece := os.read(descriptor, _PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > _MOST_BYTES:
            raise HostError(f"{path} is larger than {_MOST_BYTES // 1024 // 1024} MB")
    return b"".join(pieces)
