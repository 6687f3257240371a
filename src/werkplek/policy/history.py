"""What git knows: who wrote the lines of a setting, and the policy of an earlier commit."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from werkplek.errors import Problem, WerkplekError

COMMITTED, UNCOMMITTED, OLDER = "committed", "not committed yet", "older than this shallow clone"
FILES = ("100644", "100755")  # modes of git-ls-tree; others are links and submodules

# Set within a git hook, where they name that repository instead of the one that `-C` does.
OF_A_HOOK = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"}


@dataclass(frozen=True, slots=True)
class Change:
    """The newest of the changes that some lines come from. Only one that is committed and known has the other fields.

    `commit` is its whole name, `day` its author's ISO date in UTC, `summary` the first line of its message.
    """

    state: str
    commit: str = ""
    author: str = ""
    day: str = ""
    summary: str = ""


def last_change(root: Path, file: str, first: int, last: int) -> Change | None:
    """Where lines `first` to `last` of `file` come from; None where git does not know the file, or there is no git.

    A line that was taken away leaves no trace among those that stayed (git-blame).
    """
    blame = ("blame", "--line-porcelain", "--encoding=UTF-8", "-L", f"{first},{last}", "--", file)
    answer = _git(root, *blame)
    if answer.failed:
        return None
    return _change(root, max(_lines(answer.output.decode(errors="replace")), key=_newest))


def _lines(text: str) -> Iterator[Mapping[str, str]]:
    """Every line's headers, its commit as `commit` (git-blame, "The porcelain format")."""
    fields: dict[str, str] = {}
    for line in text.split("\n"):
        if line.startswith("\t"):
            yield fields
            fields = {}
        elif fields:
            name, _, value = line.partition(" ")
            fields[name] = value
        elif line:
            fields["commit"] = line.partition(" ")[0]


def _newest(fields: Mapping[str, str]) -> tuple[bool, int, int]:
    """Lines that are not committed first, then by when their commit came to be: a rebase keeps its author's time."""
    return not _named(fields), int(fields["committer-time"]), int(fields["author-time"])


def _named(fields: Mapping[str, str]) -> bool:
    return fields["commit"].strip("0") != ""


def _change(root: Path, fields: Mapping[str, str]) -> Change:
    if not _named(fields):
        return Change(UNCOMMITTED)
    if "boundary" in fields and fields["commit"] in _oldest(root):
        return Change(OLDER)
    day = datetime.fromtimestamp(int(fields["author-time"]), UTC).date().isoformat()
    return Change(COMMITTED, fields["commit"], fields["author"], day, fields["summary"])


def _oldest(root: Path) -> list[str]:
    """The commits where a shallow clone ends, to which git ascribes all that is older (gitrepository-layout)."""
    answer = _git(root, "rev-parse", "--git-path", "shallow")
    file = root / os.fsdecode(answer.output).removesuffix("\n")
    return file.read_text().split() if file.is_file() else []


def commit_of(root: Path, name: str) -> str:
    """The whole name of the commit that `name` stands for in the repository around `root`; empty for none."""
    answer = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return answer.output.decode().strip()


def trouble(root: Path) -> str:
    """Why git can show nothing of `root`; empty where it can."""
    return _git(root, "rev-parse", "--git-dir").failed


def sources_at(root: Path, commit: str, folders: Sequence[str]) -> dict[str, bytes]:
    """Contents of the files below `folders` of `root` in a commit (its whole name), as `read_sources` gives them.

    Raises WerkplekError for a missing folder, and for what a commit has no contents of: a link, or a submodule.
    """
    listed = os.fsdecode(_git(root, "ls-tree", "-r", "-z", commit, "--", *folders).output)
    names: dict[str, str] = {}
    problems = []
    for line in filter(None, listed.split("\0")):
        about, _, name = line.partition("\t")
        mode, _, blob = about.split(" ")  # git-ls-tree, "Output format"
        if any(part.startswith(".") for part in name.split("/")):
            continue
        names[name] = blob
        if mode not in FILES:
            problems.append(Problem(name, "a link or a submodule", "a file"))
    missing = (folder for folder in folders if not any(name.startswith(f"{folder}/") for name in names))
    problems += [Problem(f"{name}/", "no such folder", f"a folder '{name}' in the commit") for name in missing]
    if problems:
        raise WerkplekError("The policy files cannot be read.", problems)
    return dict(zip(names, _blobs(root, names), strict=True))


def _blobs(root: Path, names: Mapping[str, str]) -> Iterator[bytes]:
    """Contents of blobs, by file (git-cat-file, "Batch output"). Raises WerkplekError where one is missing."""
    wanted = "".join(f"{blob}\n" for blob in names.values())
    answer, place = _git(root, "cat-file", "--batch", stdin=wanted.encode()), 0
    for name in names:
        end = answer.output.find(b"\n", place)
        _, *about = answer.output[place:end].split(b" ")
        if len(about) != 2:  # type and size
            raise WerkplekError(
                "The policy files cannot be read.",
                [Problem(name, answer.failed or "a file that this clone lacks", "a whole clone")],
            )
        place = end + 1 + int(about[1])
        yield answer.output[end + 1 : place]
        place += 1


class _Answer(NamedTuple):
    """What git wrote, and why it failed: the last line of its complaint, empty when all is well."""

    output: bytes
    failed: str


def _git(root: Path, *arguments: str, stdin: bytes = b"") -> _Answer:
    inherited = {name: value for name, value in os.environ.items() if name not in OF_A_HOOK}
    environment = {**inherited, "LC_ALL": "C"}  # its complaints are shown among English words
    command = ["git", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, env=environment, check=False)
    except FileNotFoundError:
        return _Answer(b"", "no git on this machine")
    complaint = done.stderr.decode(errors="replace").strip().split("\n")[-1].removeprefix("fatal: ")
    return _Answer(done.stdout, (complaint or f"exit code {done.returncode}") if done.returncode else "")
