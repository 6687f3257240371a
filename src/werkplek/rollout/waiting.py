"""Waiting for a session host, within a limit, telling who or what is waited for."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

type Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Patience:
    """At most `seconds`, with a look every `interval` seconds, by this clock."""

    seconds: float
    interval: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def wait(
    look: Callable[[], Answer], missing: Callable[[Answer], str], patience: Patience, tell: Callable[[str], None]
) -> tuple[Answer, str]:
    """Look until nothing is `missing` or patience ends; the last answer, and what was still missing then.

    There is always one look. `tell` hears what is missing whenever that changes.
    """
    end = patience.clock() + patience.seconds
    told = ""
    while True:
        answer = look()
        still = missing(answer)
        left = end - patience.clock()
        if not still or left <= 0:
            return answer, still
        if still != told:
            tell(still)
            told = still
        patience.sleep(min(patience.interval, left))


def people(sessions: Sequence[Mapping[str, Any]]) -> str:
    """Who is there, in words; empty when nobody is."""
    return ", ".join(f"{one['user']} ({one['state']})" for one in sessions)
