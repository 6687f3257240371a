"""The compiled policy: one private file per state of the sources, of which a worker reads only its host's part.

The file is found by a digest over the contents of every source file and of this package's own code: no time stamps
are trusted, so a checkout, a copy or a clock can never make an old file look new. Layout, in lines of UTF-8:

    <SHA-256 of the next line> LF
    {"digest": ..., "parts": {"class/slug": [offset, length, SHA-256], ..., "plan/slug": ...}} LF
    <part> <part> ...                                offsets count from the end of the second line

A file that is not a regular file of this user with mode 0600 or stricter, or whose checksums fail, is not used and is
written anew. The checksums find damage; what keeps others out is owner and mode.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from werkplek.errors import Problem, WerkplekError
from werkplek.policy.model import (
    CLASSES,
    Candidate,
    Combination,
    HostFacts,
    HostPolicy,
    Part,
    Reach,
    SettingSource,
    Waiver,
)
from werkplek.policy.plans import Plan, packed, unpacked
from werkplek.policy.resolver import ResolvedPolicy, resolve
from werkplek.policy.sources import digest_code, digest_sources, read_sources

if TYPE_CHECKING:
    from werkplek.policy.loader import Repository

KEPT_FILES = 4
CODE = digest_code()  # of the code that runs; once, before Ansible forks its workers
_PREFIX = "policy-"
_PLAN = "plan/"


class Damaged(Exception):
    """The compiled file is absent, not ours, or not whole."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a part stands in the file."""

    offset: int
    length: int
    checksum: str


@dataclass(frozen=True, slots=True)
class PolicyStore:
    """Policies of hosts, as the sources were when the store was opened. Safe to use after a fork.

    `today` is the ISO date (UTC) on which waivers count.
    """

    root: Path
    path: Path
    entries: dict[str, Entry]
    today: str
    _parts: dict[str, Part] = field(default_factory=dict, repr=False)
    _resolved: dict[tuple[Combination, str], ResolvedPolicy] = field(default_factory=dict, repr=False)

    def resolve(self, facts: HostFacts) -> HostPolicy:
        """The policy of one host, resolved once per combination (and once more for a host that a waiver names).

        Raises WerkplekError for an unknown class or municipality, a registry value that is missing, or sources that
        no longer pass their checks.
        """
        return self.combine(facts.combination, str(facts.registry.get("name") or "")).for_host(facts.registry)

    def combine(self, combination: Combination, host: str = "") -> ResolvedPolicy:
        """The resolved policy that all hosts of a combination share, or that of one host which a waiver names."""
        part = self._part(combination)
        key = combination, host if any(host in waiver.hosts for waiver in part.waivers) else ""
        found = self._resolved.get(key)
        if found is None:
            with _collector_paused():
                found = self._resolved[key] = resolve(part, combination, self.today, key[1])
        return found

    def plans(self) -> Mapping[str, Plan]:
        """The VLAN plans by municipality. Raises WerkplekError as `resolve` does."""
        names = sorted(name for name in self.entries if name.startswith(_PLAN))
        return {name.removeprefix(_PLAN): unpacked(self._read(name)) for name in names}

    def _part(self, combination: Combination) -> Part:
        name = f"{combination.workplace_class}/{combination.municipality}"
        if name not in self._parts:
            if name not in self.entries:
                raise WerkplekError("The host has no policy.", [_unknown(combination, self.entries)])
            with _collector_paused():
                self._parts[name] = _unpacked_part(self._read(name))
        return self._parts[name]

    def _read(self, name: str) -> bytes:
        try:
            return _read_part(self.path, self.entries[name])
        except Damaged:
            sources, digest = _read_inputs(self.root)
            if self.path != _path(self.path.parent, digest):
                raise WerkplekError("The policy files changed during the run. Start it again.") from None
            self.path.unlink(missing_ok=True)
            return _read_part(self.path, _compile(sources, self.path, digest, self.today)[name])


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No garbage collection meanwhile: a part is thousands of objects without a cycle.

    In a forked worker a full collection would walk, and so copy, all that it inherited (10 ms measured, for 1 ms work).
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def open_store(root: Path, cache: Path, today: str = "") -> PolicyStore:
    """The compiled policy of the repository at `root`, kept in folder `cache`; compiled first when needed.

    `today` is an ISO date, by default today's in UTC.

    Raises WerkplekError with every problem when the repository does not pass its checks.
    """
    sources, digest = _read_inputs(root)
    path = _path(cache, digest)
    today = today or datetime.now(UTC).date().isoformat()
    try:
        entries = _read_entries(path, digest)
    except Damaged:
        entries = _compile(sources, path, digest, today)
    return PolicyStore(root, path, entries, today)


def _read_inputs(root: Path) -> tuple[dict[str, bytes], str]:
    """The sources, and the digest of all that decides what is compiled from them."""
    sources = read_sources(root)
    return sources, hashlib.sha256(f"{CODE}{digest_sources(sources)}".encode()).hexdigest()


def _path(cache: Path, digest: str) -> Path:
    return cache / f"{_PREFIX}{digest}"


def compile_repository(root: Path, cache: Path) -> Path:
    """Compile the repository at `root` into folder `cache` unless that is done; returns the file."""
    return open_store(root, cache).path


def _compile(sources: dict[str, bytes], path: Path, digest: str, today: str) -> dict[str, Entry]:
    from filelock import FileLock  # noqa: PLC0415 - with the checks below these take longer to import than a warm

    #                                                start takes, and a warm start needs none of them
    from werkplek.files import write_atomic  # noqa: PLC0415
    from werkplek.policy.loader import build_repository  # noqa: PLC0415

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with FileLock(path.parent / "policy.lock", mode=0o600):
        try:
            return _read_entries(path, digest)  # another process was first
        except Damaged:
            write_atomic(path, _packed(build_repository(sources, today), digest))
            _drop_old(path)
    try:
        return _read_entries(path, digest)
    except Damaged as reason:
        raise WerkplekError(f"The compiled policy {path} cannot be kept privately: {reason}.") from None


def _drop_old(path: Path) -> None:
    files = sorted(path.parent.glob(f"{_PREFIX}*"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in [file for file in files if file != path][KEPT_FILES - 1 :]:
        file.unlink(missing_ok=True)


def _packed(repository: Repository, digest: str) -> bytes:
    texts = {f"{group}/{slug}": _packed_part(part) for (group, slug), part in repository.parts.items()}
    texts |= {f"{_PLAN}{slug}": packed(plan) for slug, plan in repository.plans.items()}
    entries, offset = {}, 0
    for name, text in texts.items():
        entries[name] = [offset, len(text), hashlib.sha256(text).hexdigest()]
        offset += len(text)
    header = _dumped({"digest": digest, "parts": entries})
    return b"\n".join([hashlib.sha256(header).hexdigest().encode(), header, b"".join(texts.values())])


def _packed_part(part: Part) -> bytes:
    """A line of JSON columns, then each candidate's text on its own line: inside JSON it would be twice as slow."""
    sources = list(zip(*(candidate.source for candidate in part.candidates), strict=True))
    names, reaches = ([getattr(one, field) for one in part.candidates] for field in ("names", "reach"))
    waived = {number: one.waived for number, one in enumerate(part.candidates) if one.waived}
    index = _dumped([part.reaches, part.exclusive, part.waivers, sources, reaches, names, waived])
    return b"\n".join([index, *(candidate.text.encode() for candidate in part.candidates)])


def _dumped(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _read_entries(path: Path, digest: str) -> dict[str, Entry]:
    """The file's header with offsets made absolute."""
    with _opened(path) as stream:
        checksum, header = stream.readline(66), stream.readline()
        start = stream.tell()
    if not header.endswith(b"\n") or hashlib.sha256(header[:-1]).hexdigest().encode() != checksum.rstrip(b"\n"):
        raise Damaged("its header is damaged")
    content = json.loads(header)
    if content["digest"] != digest:
        raise Damaged("it belongs to other sources")
    return {name: Entry(start + offset, length, sha) for name, (offset, length, sha) in content["parts"].items()}


def _read_part(path: Path, entry: Entry) -> bytes:
    with _opened(path) as stream:
        stream.seek(entry.offset)
        content = stream.read(entry.length)
    if hashlib.sha256(content).hexdigest() != entry.checksum:
        raise Damaged("a part is damaged")
    return content


def _unpacked_part(content: bytes) -> Part:
    index, *texts = content.split(b"\n")
    reaches, exclusive, waivers, columns, reach, names, waived = json.loads(index)
    sources = map(SettingSource, *columns) if columns else ()
    instances = (None if ids is None else tuple(ids) for ids in names)
    candidates = list(map(Candidate, sources, reach, instances, map(bytes.decode, texts)))
    for number, text in waived.items():
        candidates[int(number)] = candidates[int(number)]._replace(waived=text)
    return Part(
        tuple(Reach(*map(_tuple, one)) for one in reaches),
        tuple(candidates),
        tuple(map(tuple, exclusive)),
        tuple(Waiver(*map(_tuple, one)) for one in waivers),
    )


def _tuple(value: object) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _opened(path: Path) -> BinaryIO:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise Damaged(f"it cannot be opened ({error.strerror})") from None
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid() or about.st_mode & 0o077:
        os.close(handle)
        raise Damaged("it is not a private file of this user")
    return os.fdopen(handle, "rb")


def _unknown(combination: Combination, entries: dict[str, Entry]) -> Problem:
    slugs = sorted({name.partition("/")[2] for name in entries if not name.startswith(_PLAN)})
    if combination.workplace_class not in CLASSES:
        return Problem("host", f"workplace class '{combination.workplace_class}'", "one of: " + ", ".join(CLASSES))
    remedy = f"Write municipalities/{combination.municipality}.yml."
    return Problem("host", f"municipality '{combination.municipality}'", "one of: " + ", ".join(slugs), remedy)
