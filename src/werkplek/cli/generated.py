"""Files that a command generates: compared with what is there, written in one step each, and told about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from werkplek.cli.policy_text import put
from werkplek.errors import Problem, WerkplekError
from werkplek.files import write_atomic

DONE = {"stale": "rewritten", "missing": "written", "surplus": "deleted"}

type Found = Mapping[str, Sequence[str]]  # file names by what is wrong with them


def compared(root: Path, wanted: Mapping[str, str], there: Collection[str]) -> Found:
    """What differs between `wanted` (file name below `root` -> text) and the files `there`: stale, missing, surplus."""
    return {
        "stale": sorted(name for name in wanted if name in there and not _same(root / name, wanted[name])),
        "missing": sorted(name for name in wanted if name not in there),
        "surplus": sorted(name for name in there if name not in wanted),
    }


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def write(root: Path, wanted: Mapping[str, str], found: Found, what: str) -> None:
    """Mend what was found. Raises WerkplekError, which calls the files `what`, where one cannot be written."""
    try:
        for name in (*found["stale"], *found["missing"]):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            write_atomic(root / name, wanted[name], mode=0o644)
        for name in found.get("surplus", ()):
            (root / name).unlink()
    except OSError as error:
        problem = Problem(str(error.filename), str(error.strerror), "a file that can be written")
        raise WerkplekError(f"The {what} could not be written.", [problem]) from None


def show(found: Found, check: bool) -> int:
    """Print a line for each file that differs, and what was done to it unless only `check`ed; how many there are."""
    for what, names in found.items():
        for name in names:
            put(f"{what}{'' if check else f', {DONE[what]}'}: {name}")
    return sum(map(len, found.values()))
