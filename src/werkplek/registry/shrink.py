"""The shrink guard: a municipality does not lose a large part of its hosts between two readings unnoticed.

What it compares with is kept apart from the cache: another token, that sees less, must not begin anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path

from werkplek.errors import Problem, WerkplekError
from werkplek.files import write_atomic
from werkplek.registry import cache
from werkplek.registry.hosts import Inventory

OVERRIDE = "WERKPLEK_ALLOW_SHRINK"


def baseline_path(question: cache.Key) -> Path:
    """File with the usable hosts per municipality of the last good reading of one source."""
    return cache.cache_dir() / f"{cache.stem(question)}.hosts.json"


def check(path: Path, inventory: Inventory, limit: int, environment: Mapping[str, str]) -> None:
    """Raise WerkplekError when a municipality lost more than `limit` percent since the last good reading.

    The environment may name municipalities that shrink on purpose.
    """
    allowed = {slug.strip() for slug in environment.get(OVERRIDE, "").split(",")}
    problems = shrunk(_baseline(path), inventory.usable, limit, allowed, path)
    if problems:
        raise WerkplekError(f"The registry {inventory.source} lost more hosts than {limit}%", problems)


def keep(path: Path, inventory: Inventory) -> None:
    """Make this reading the one that the next is compared with. Raises WerkplekError."""
    content = json.dumps(dict(inventory.usable), sort_keys=True, indent=1)
    try:
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            write_atomic(path, content)
    except OSError as error:
        raise cache.unwritable(error) from None


def _baseline(path: Path) -> dict[str, int]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise cache.unwritable(error) from None
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and all(type(count) is int and count >= 0 for count in found.values()):
        return found
    summary = f"The registry's last good reading cannot be used; remove {path} to begin anew"
    raise WerkplekError(summary, [Problem(str(path), "a damaged file", "hosts per municipality, as JSON")])


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
