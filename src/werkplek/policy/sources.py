"""The files that policy is made of, read once: checked, digested and compiled are the same bytes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from werkplek.errors import Problem, WerkplekError

FOLDERS = ("policies", "municipalities")
CHUNK = 65536


def read_sources(root: Path) -> dict[str, bytes]:
    """Contents of every file below policies/ and municipalities/ by its name relative to `root`, sorted.

    Hidden files are left out (editors leave them). Raises WerkplekError for a missing folder, an unreadable file or a
    link to a folder.
    """
    problems: list[Problem] = []
    names: list[str] = []
    for folder in FOLDERS:
        if (root / folder).is_dir():
            names += sorted(_files(str(root), folder, problems))
        else:
            problems.append(Problem(f"{folder}/", "no such folder", f"a folder '{folder}' in {root}"))
    sources = read_files(str(root), names, problems)
    if problems:
        raise WerkplekError("The policy files cannot be read.", problems)
    return sources


def read_files(folder: str, names: Iterable[str], problems: list[Problem]) -> dict[str, bytes]:
    """Contents by name. Plain strings and system calls: each host pays, and pathlib takes three times as long."""
    contents: dict[str, bytes] = {}
    for name in names:
        try:
            contents[name] = read_file(f"{folder}/{name}")
        except OSError as error:
            problems.append(Problem(name, f"a file that cannot be read ({error.strerror})", "a readable file"))
    return contents


def read_file(path: str) -> bytes:
    """A whole file. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    chunks = []
    try:
        while chunk := os.read(handle, CHUNK):
            chunks.append(chunk)
    finally:
        os.close(handle)
    return b"".join(chunks)


def digest_code() -> str:
    """SHA-256 (hex) over the code of this package."""
    folder = str(Path(__file__).parent)
    names = sorted(name for name in os.listdir(folder) if name.endswith(".py"))  # noqa: PTH208 - as in read_files
    problems: list[Problem] = []
    digest = digest_sources(read_files(folder, names, problems))
    if problems:
        raise WerkplekError("The package's own code cannot be read.", problems)
    return digest


def _files(root: str, folder: str, problems: list[Problem]) -> Iterator[str]:
    with os.scandir(f"{root}/{folder}") as entries:
        for entry in entries:
            name = f"{folder}/{entry.name}"
            if entry.name.startswith("."):
                continue
            if entry.is_file():
                yield name
            elif entry.is_dir(follow_symlinks=False):
                yield from _files(root, name, problems)
            else:
                problems.append(Problem(name, "a link to a folder, or no file at all", "a folder or a file"))


def digest_sources(sources: Mapping[str, bytes]) -> str:
    """SHA-256 (hex) over names and contents; lengths between them, so that nothing can slide from one to the other."""
    digest = hashlib.sha256()
    for name, content in sources.items():
        digest.update(f"{len(name.encode())}:{name}:{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()
