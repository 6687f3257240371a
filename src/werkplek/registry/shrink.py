"""The shrink guard: a municipality does not lose a large part of its hosts between two readings unnoticed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path

from werkplek.errors import Problem, WerkplekError
from werkplek.files import state_dir
from werkplek.registry.config import RegistryConfig
from werkplek.registry.inventory import usable_hosts
from werkplek.registry.model import Snapshot
from werkplek.registry.snapshot import dump, load

OVERRIDE = "WERKPLEK_ALLOW_SHRINK"


def last_good_path(source: str) -> Path:
    """File of the last complete reading of one NetBox. Each address has its own, so that a lab cannot replace it."""
    folder = state_dir() / "registry"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"last-good-{hashlib.sha256(source.encode()).hexdigest()[:12]}.json"


def keep_last_good(snapshot: Snapshot, config: RegistryConfig, limit: int, environment: Mapping[str, str]) -> None:
    """Compare with the last good reading, then replace it.

    `limit` is a percentage; `environment` may name municipalities that shrink on purpose. Raises WerkplekError when a
    municipality shrank more, and then leaves the last good reading as it was.
    """
    try:
        path = last_good_path(snapshot.source)
        if path.exists():
            allowed = {slug.strip() for slug in environment.get(OVERRIDE, "").split(",")}
            before = usable_hosts(_last_good(path), config)
            problems = shrunk(before, usable_hosts(snapshot, config), limit, allowed, path)
            if problems:
                raise WerkplekError(f"The registry {snapshot.source} lost more hosts than {limit}%", problems)
        dump(snapshot, path)
    except OSError as error:
        remedy = "Set WERKPLEK_STATE to a folder of your own."
        problem = Problem(str(error.filename), str(error.strerror), "a state folder that can be written", remedy)
        raise WerkplekError("The registry's last good reading cannot be kept", [problem]) from None


def _last_good(path: Path) -> Snapshot:
    try:
        return load(path)
    except WerkplekError as error:
        summary = f"The registry's last good reading cannot be used; remove {path} to begin anew"
        raise WerkplekError(summary, error.problems) from None


def shrunk(
    before: Mapping[str, int], after: Mapping[str, int], limit: int, allowed: Collection[str], path: Path
) -> list[Problem]:
    """A problem for each municipality that lost more than `limit` percent of its hosts."""
    return [
        Problem(
            f"municipality {slug}",
            f"{after.get(slug, 0)} hosts, after {count} in {path}",
            f"at least {count - count * limit // 100} hosts",
            f"If this is meant, set {OVERRIDE}={slug} for one run.",
        )
        for slug, count in sorted(before.items())
        if slug not in allowed and (count - after.get(slug, 0)) * 100 > count * limit
    ]
