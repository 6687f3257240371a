"""All platforms, by the registry's platform slugs. A further one is a file like ios.py and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from werkplek.errors import Problem, WerkplekError
from werkplek.network.eos import Eos
from werkplek.network.eos_session import EosSession
from werkplek.network.ios import Ios, IosSession
from werkplek.network.openvswitch import OpenVSwitch
from werkplek.network.openvswitch_session import session_of
from werkplek.network.platform import Platform, Session, Terminal


class Access(NamedTuple):
    """Ways to a switch: a terminal through its connection plugin, opened where asked for; and the host's variables."""

    terminal: Callable[[], Terminal]
    variables: Mapping[str, Any]


class Support(NamedTuple):
    """A platform, and how a session with one of its switches is begun."""

    platform: Platform
    session: Callable[[Access], Session]


PLATFORMS: Mapping[str, Support] = {
    "cisco-ios": Support(Ios(), lambda access: IosSession(access.terminal())),
    "open-vswitch": Support(
        OpenVSwitch(), lambda access: session_of(access.variables["inventory_hostname"], access.variables)
    ),
    "arista-eos": Support(Eos(), lambda access: EosSession(access.terminal())),
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
