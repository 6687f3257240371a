"""Who wrote a line, and when: git's answer for the lines of a setting."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from werkplek.errors import Problem, WerkplekError

UNCOMMITTED = "0" * 40


@dataclass(frozen=True, slots=True)
class Change:
    """The last change to some lines. `commit` is empty where they are not committed yet."""

    commit: str
    author: str
    day: str
    summary: str


def last_change(root: Path, file: str, first: int, last: int) -> Change | None:
    """The newest change among lines `first` to `last` of `file`; None where git cannot tell (no repository, no git)."""
    lines = _git(root, "blame", "--line-porcelain", "-L", f"{first},{last}", "--", file)
    return None if lines is None else max(_changes(lines.decode(errors="replace")), default=(0, None), key=_when)[1]


def _when(entry: tuple[int, Change | None]) -> int:
    return entry[0]


def _changes(text: str) -> Iterator[tuple[int, Change]]:
    """Every line's change with its time, from `git blame --line-porcelain` (git-blame, "The porcelain format")."""
    fields: dict[str, str] = {}
    for line in text.splitlines():
        if line.startswith("\t"):
            seconds = int(fields["author-time"])
            day = datetime.fromtimestamp(seconds, UTC).date().isoformat()
            commit = "" if fields["commit"] == UNCOMMITTED else fields["commit"]
            yield seconds, Change(commit, fields["author"], day, fields["summary"] if commit else "not committed yet")
            fields = {}
        elif fields:
            name, _, value = line.partition(" ")
            fields[name] = value
        else:
            fields["commit"] = line.split(" ")[0]


def sources_at(root: Path, commit: str, folders: Sequence[str]) -> dict[str, bytes]:
    """The files below `folders` in a commit, by name, without hidden ones. Raises WerkplekError for no such commit."""
    listed = _git(root, "ls-tree", "-r", "-z", f"{commit}^{{commit}}", "--", *folders)
    if listed is None:
        expected = "a commit, tag or branch of this repository, or a folder"
        raise WerkplekError("No such policy.", [Problem(f"'{commit}'", "nothing of that name", expected)])
    names: dict[str, str] = {}
    for entry in filter(None, listed.decode().split("\0")):
        about, _, name = entry.partition("\t")
        if not any(part.startswith(".") for part in name.split("/")):
            names[name] = about.split(" ")[2]
    return dict(sorted(zip(names, _blobs(root, list(names.values())), strict=True)))


def _blobs(root: Path, ids: Sequence[str]) -> list[bytes]:
    """Contents of blobs in one call (git-cat-file, "BATCH OUTPUT")."""
    answer = _git(root, "cat-file", "--batch", stdin="".join(f"{one}\n" for one in ids).encode())
    assert answer is not None  # the ids are git's own
    contents, place = [], 0
    for _ in ids:
        end = answer.index(b"\n", place)
        size = int(answer[place:end].split(b" ")[2])
        contents.append(answer[end + 1 : end + 1 + size])
        place = end + 1 + size + 1
    return contents


def _git(root: Path, *arguments: str, stdin: bytes = b"") -> bytes | None:
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], input=stdin, capture_output=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None


def changes_of(root: Path, places: Mapping[str, tuple[str, int, int]]) -> dict[str, Change | None]:
    """`last_change` of several places (file, first line, last line) by key."""
    return {key: last_change(root, *place) for key, place in places.items()}
