"""A stacked bar per municipality, as shares of its settings."""

from __future__ import annotations

from dataclasses import dataclass

from werkplek.evidence.schema import STATUSES
from werkplek.evidence.summary import Totals

LEAST = 0.8
"""Smallest width of a part that is not zero, in percent: one failure among thousands stays visible."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar; `x` and `width` are percentages of the bar."""

    status: str
    number: int
    x: float
    width: float


def segments(totals: Totals) -> tuple[Segment, ...]:
    """The parts of one bar, left to right; together 100 percent, or none where there are no settings."""
    numbers = {status: totals.counts.of(status) for status in STATUSES if totals.counts.of(status)}
    whole = sum(numbers.values())
    widths = {status: max(LEAST, 100 * number / whole) for status, number in numbers.items()}
    scale = 100 / sum(widths.values()) if widths else 0
    parts: list[Segment] = []
    x = 0.0
    for status, width in widths.items():
        parts.append(Segment(status, numbers[status], round(x, 3), round(width * scale, 3)))
        x += width * scale
    return tuple(parts)
