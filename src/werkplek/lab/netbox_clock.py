"""The NetBox double's clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

TICK = timedelta(microseconds=1)


class Clock:
    """Gives moments as NetBox writes them. No two are equal, and each is later than those since the clock was set.

    It begins at `start`, or at the machine's own time where that is later.
    """

    def __init__(self, read: Callable[[], datetime], start: datetime) -> None:
        self._read = read
        self._ahead = max(start + TICK - read(), timedelta())
        self._last: datetime | None = None

    def set_by(self, seconds: float) -> None:
        """Set the clock on, or back where `seconds` is negative, as a time server or a person does."""
        self._ahead += timedelta(seconds=seconds)
        self._last = None

    def now(self) -> str:
        """The next moment, in UTC."""
        moment = self._read() + self._ahead
        if self._last is not None:
            moment = max(moment, self._last + TICK)
        self._last = moment
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_moment(text: str) -> datetime:
    """ISO 8601, with UTC where no zone is given. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
