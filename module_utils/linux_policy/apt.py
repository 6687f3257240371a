# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""apt-get, simulated before it does anything: what would remove a package that nobody asked to remove is not done."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence

from .commands import Done
from .system import System

_OPTIONS = (
    "-y",
    "-q",
    "--no-install-recommends",
    "-o=DPkg::Lock::Timeout=120",
    "-o=Dpkg::Options::=--force-confdef",  # an old configuration file that someone changed is kept
    "-o=Dpkg::Options::=--force-confold",
)
_SECONDS = 3600.0
_LOCK_SECONDS = 120
_LOCK_PAUSE = 5
_REMOVES = re.compile(r"^(?:Remv|Purg) (\S+)", re.MULTILINE)
_OUTDATED = re.compile(r"\b404\b|Unable to fetch|Failed to fetch|Hash Sum mismatch|is not available|Unable to locate")


class Apt:
    """Installs and removes. `never` are packages that no call may remove."""

    def __init__(self, system: System, never: Iterable[str]) -> None:
        self._system = system
        self._never = frozenset(never)
        self._updated = False

    def refusals(self, new: Sequence[str], old: Sequence[str], may_go: Collection[str]) -> dict[str, str]:
        """By name why a package would not be installed or removed. Touches nothing.

        What no source offers is not among them: the lists of packages would be fetched again first.
        """
        unknown = set(self._missing(new))
        _, failed = self._allowed("install", [name for name in new if name not in unknown], set(may_go) - self._never)
        _, kept = self._allowed("purge", old, set(old) - self._never)
        return failed | kept

    def install(self, names: Sequence[str], may_go: Collection[str]) -> dict[str, str]:
        """Install packages, in one call if they can be. By name why one was not installed.

        `may_go` are packages that an install may remove.
        """
        failed = self._without_candidate(names) if names else {}
        names = [name for name in names if name not in failed]
        allowed, refused = self._allowed("install", names, set(may_go) - self._never)
        failed |= refused
        if not allowed:
            return failed
        done = self._get("install", *allowed)
        if done.code and _OUTDATED.search(done.err) and self._update() is None:
            done = self._get("install", *allowed)
        return failed | ({name: f"apt-get: {_errors(done)}" for name in allowed} if done.code else {})

    def purge(self, names: Sequence[str]) -> dict[str, str]:
        """Remove packages with their configuration, in one call if they can be. By name why one was not removed."""
        allowed, failed = self._allowed("purge", names, set(names) - self._never)
        done = self._get("purge", *allowed) if allowed else Done(0, "", "")
        return failed | ({name: f"apt-get: {_errors(done)}" for name in allowed} if done.code else {})

    def _without_candidate(self, names: Sequence[str]) -> dict[str, str]:
        """The packages that no source of this host offers, also after the lists were fetched again."""
        missing = self._missing(names)
        problem = self._update() if missing else None
        missing = self._missing(names) if missing else missing
        why = f"no package source of this host offers it{f' (apt-get update: {problem})' if problem else ''}"
        return dict.fromkeys(missing, why)

    def _missing(self, names: Sequence[str]) -> list[str]:
        """Those for which apt-cache policy names no candidate; of a name it does not know it says nothing."""
        if not names:
            return []
        out = self._system.look("apt-cache", "policy", *names).out
        found = dict(re.findall(r"^(\S+):\n  Installed: .*\n  Candidate: (.*)$", out, re.MULTILINE))
        return [name for name in names if found.get(name, "(none)") == "(none)"]

    def _allowed(self, verb: str, names: Sequence[str], may_go: Collection[str]) -> tuple[list[str], dict[str, str]]:
        """Those of the packages that can be installed or removed together, and of the others why they cannot."""
        if not names:
            return [], {}
        why = self._refusal(verb, names, may_go)
        if why is None:
            return list(names), {}
        alone = {name: self._refusal(verb, [name], may_go) for name in names}
        allowed = [name for name in names if alone[name] is None]
        failed = {name: text for name, text in alone.items() if text is not None}
        together = self._refusal(verb, allowed, may_go) if allowed and failed else why
        if allowed and together is not None:
            return [], failed | dict.fromkeys(allowed, together)
        return allowed, failed

    def _refusal(self, verb: str, names: Sequence[str], may_go: Collection[str]) -> str | None:
        """Why this must not be done, from a simulation; None where nothing speaks against it."""
        done = self._system.look("apt-get", "-s", *_OPTIONS, verb, *names)
        if done.code:
            return f"apt-get: {_errors(done)}"
        lost = sorted({name.partition(":")[0] for name in _REMOVES.findall(done.out)} - set(may_go))
        return f"this would remove {', '.join(lost)}, which no setting asks for" if lost else None

    def _update(self) -> str | None:
        """Fetch the lists of packages, once in a call; why that failed."""
        if self._updated:
            return "done before in this run"
        self._updated = True
        done = self._waiting(lambda: self._system.act("apt-get", "-q", "update", seconds=_SECONDS))
        return _errors(done) if done.code else None

    def _get(self, verb: str, *names: str) -> Done:
        variables = {"DEBIAN_FRONTEND": "noninteractive", "APT_LISTCHANGES_FRONTEND": "none"}
        command = ("apt-get", *_OPTIONS, verb, *names)
        return self._waiting(lambda: self._system.act(*command, seconds=_SECONDS, **variables))

    def _waiting(self, run: Callable[[], Done]) -> Done:
        """Of its locks apt-get waits for one (DPkg::Lock::Timeout); for those of lists and archives we do."""
        for _ in range(_LOCK_SECONDS // _LOCK_PAUSE):
            done = run()
            if done.code == 0 or "Could not get lock /var/lib/apt/" not in done.err:
                break
            self._system.sleep(_LOCK_PAUSE)
        return done


def _errors(done: Done) -> str:
    """What apt-get calls errors, two at most; else the last it said."""
    errors = [line.removeprefix("E: ") for line in done.err.splitlines() if line.startswith("E: ")]
    return "; ".join(errors[:2]) or done.said
