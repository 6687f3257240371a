"""The lab's clock: it runs by itself, and tests move it on."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count


@dataclass(order=True, slots=True)
class Timer:
    """Something that happens at a moment of a Clock, unless it is called off."""

    due: float
    number: int
    action: Callable[[], None] = field(compare=False)
    off: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """Call it off."""
        self.off = True


class Clock:
    """Seconds since the clock was made, plus what it was moved on by."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._start = now()
        self._ahead = 0.0
        self._timers: list[Timer] = []
        self._numbers = count()

    def now(self) -> float:
        """The clock's seconds."""
        return self._now() - self._start + self._ahead

    def after(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Let something happen in so many seconds."""
        timer = Timer(self.now() + seconds, next(self._numbers), action)
        heapq.heappush(self._timers, timer)
        return timer

    def advance(self, seconds: float) -> None:
        """Move the clock on; what falls due happens now, in order."""
        self._ahead += seconds
        self.tick()

    def tick(self) -> None:
        """Let happen what is due."""
        while self._timers and (self._timers[0].off or self._timers[0].due <= self.now()):
            timer = heapq.heappop(self._timers)
            if not timer.off:
                timer.action()
