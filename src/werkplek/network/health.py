"""Whether a switch that was changed is well: links and neighbours as before, and a way in."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from werkplek.network.compare import Command
from werkplek.network.document import SwitchDocument
from werkplek.network.lines import begins
from werkplek.network.platform import Links, Session, TerminalError

# Lines that decide who gets in: after them, one more sign-in must work before anything is saved.
WAYS_IN = (
    "aaa",
    "crypto",
    "enable",
    "ip access-list",
    "ip default-gateway",
    "ip ssh",
    "line",
    "login",
    "management",
    "radius",
    "radius-server",
    "tacacs",
    "tacacs-server",
    "username",
)
PAUSE = 2.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long links may take to come back, in seconds, and the clock and pause that tell."""

    settle: float
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


def unhealthy(
    document: SwitchDocument, before: Links, session: Session, commands: Sequence[Command], patience: Patience
) -> str:
    """What is wrong, or nothing. An answer of the session proves that the switch can be reached.

    Raises TerminalError where it cannot.
    """
    deadline = patience.clock() + patience.settle
    while (lost := missing(document, before, session.links())) and patience.clock() < deadline:
        patience.pause(PAUSE)
    if lost:
        return lost
    if not touches_ways_in(commands):
        return ""
    try:
        session.sign_in_again()
    except TerminalError as error:
        return f"nobody could sign in any more: {error}"
    return ""


def missing(document: SwitchDocument, before: Links, now: Links) -> str:
    """Uplinks and neighbours that were there before; a port that is to be shut may lose its link."""
    uplinks = {port.name for port in document.ports if port.profile == "uplink"}
    shut = {port.name for port in document.ports if port.profile == "unused"}
    down = sorted((before.up & uplinks) - now.up)
    if down:
        return f"uplink(s) down: {', '.join(down)}"
    gone = sorted(one for one in before.neighbours - now.neighbours if one.port not in shut)
    if gone:
        return f"neighbour(s) gone: {', '.join(f'{one.device} at {one.port}' for one in gone)}"
    return ""


def touches_ways_in(commands: Sequence[Command]) -> bool:
    """Whether commands decide who gets in."""
    firsts = [command.section[0] if command.section else command.text.removeprefix("no ") for command in commands]
    return any(begins(first, way) for first in firsts for way in WAYS_IN)
