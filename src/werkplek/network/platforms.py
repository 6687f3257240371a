"""All platforms, by the registry's platform slugs. A further one is a file like ios.py and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from werkplek.errors import Problem, WerkplekError
from werkplek.network.ios import Ios, IosSession
from werkplek.network.platform import Platform, Session, Terminal


class Support(NamedTuple):
    """A platform, and how a session with one of its switches is made of a terminal."""

    platform: Platform
    session: Callable[[Terminal], Session]


PLATFORMS: Mapping[str, Support] = {
    "cisco-ios": Support(Ios(), IosSession),
}


def support_of(name: str, lineage: Sequence[str], url: str) -> Support:
    """The platform of a switch: its own slug's, or that of the nearest platform above it in the registry.

    Raises WerkplekError for one that nobody wrote.
    """
    for slug in lineage:
        if slug in PLATFORMS:
            return PLATFORMS[slug]
    raise WerkplekError("A switch's platform is not known.", [_unknown(name, lineage, url)])


def _unknown(name: str, lineage: Sequence[str], url: str) -> Problem:
    return Problem(
        f"switch {name} ({url})",
        f"platform {lineage[0] if lineage else 'none'}",
        f"one of {', '.join(PLATFORMS)}, or a platform below one of them",
        "Correct the platform in NetBox.",
    )
