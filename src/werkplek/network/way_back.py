"""What becomes of a switch whose change did not end well: it goes back, and what it runs then is read, not supposed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from werkplek.network.health import Patience
from werkplek.network.platform import Look, Platform, Session, TerminalError

SAME = "it runs what it ran before"
NEW = "it did not go back, and runs the new configuration"
OTHER = "it does not run what it ran before: see its backup"
UNREAD = "it could not be read since; whether it went back is not known"
PAUSE = 2.0
SPARE = 120.0
"""Seconds beyond its own deadline in which a switch that goes back, or restarts, must be there again."""


@dataclass(frozen=True, slots=True)
class WayBack:
    """The way back of one change. `before` is how the switch was, `minutes` how long it waits before it goes by itself.

    `complies` tells of a configuration whether it is the new one.
    """

    platform: Platform
    session: Session
    before: Look
    complies: Callable[[str], bool]
    minutes: int
    patience: Patience

    def taken(self) -> str:
        """Go back now; what came of it."""
        try:
            self.session.roll_back()
        except TerminalError as error:
            return f"going back failed ({error}); {self.awaited()}"
        try:
            return self._found()
        except TerminalError as error:
            return f"it was told to go back; {UNREAD} ({error})"

    def awaited(self) -> str:
        """Reach the switch again, in which time it may have gone back by itself, and go back; what came of it."""
        deadline = self.patience.clock() + self.minutes * 60 + SPARE
        told = UNREAD
        while self.patience.clock() < deadline and told != SAME:
            self.patience.pause(PAUSE)
            try:
                for step in (self.session.reconnect, self.session.roll_back):
                    _unless_refused(step)
                told = self._found()
            except TerminalError:
                told = UNREAD
        return told

    def _found(self) -> str:
        now = self.session.look()
        if not self._same(now.running, self.before.running):
            return f"{NEW}{self._kept(now)}" if self.complies(now.running) else OTHER
        if now.saved is None or self.before.saved is None or self._same(now.saved, self.before.saved):
            return SAME
        return self._saved_again()

    def _kept(self, now: Look) -> str:
        return ", saved" if now.saved is None or self.complies(now.saved) else ", not saved"

    def _saved_again(self) -> str:
        """The change was saved before it was taken back: a restart would bring it."""
        if self.before.saved is None or not self._same(self.before.saved, self.before.running):
            return f"{SAME}, and has another configuration saved than before"
        try:
            self.session.save()
        except TerminalError as error:
            return f"{SAME}, and has the new configuration saved: saving again failed ({error})"
        return SAME

    def _same(self, one: str, other: str) -> bool:
        return set(self.platform.parse(one).rows) == set(self.platform.parse(other).rows)


def _unless_refused(step: Callable[[], None]) -> None:
    """Do it; a switch that has gone back by itself refuses to go back."""
    try:
        step()
    except TerminalError as error:
        if error.gone:
            raise
