# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every kind of setting does: read all of its settings, and write those that are due."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from .host import Host
from .model import HostError, Reading, Readings, Setting, Written, unreadable


class Keeper(ABC):
    """Reads and writes the settings of one kind on a host."""

    def __init__(self, settings: Sequence[Setting]) -> None:
        self.settings = tuple(settings)

    @abstractmethod
    def read(self, host: Host) -> Readings:
        """What is there and what should be, of every setting. Touches nothing."""

    @abstractmethod
    def write(self, host: Host, due: Sequence[Setting]) -> Written:
        """Set these settings, and leave every other as it is. What can be written is, whatever else fails."""

    def handlers(self, setting: Setting) -> tuple[str, ...]:
        """What must run when this setting has changed."""
        return setting.after

    def units(self) -> Sequence[str]:
        """The systemd units that read() will ask for, so that all are asked for at once."""
        return ()


def each(settings: Sequence[Setting], read: Callable[[Setting], Reading]) -> Readings:
    """Read one by one: what cannot be read does not hide the others."""
    readings = {}
    for setting in settings:
        try:
            readings[setting.id] = read(setting)
        except (HostError, OSError) as error:
            readings[setting.id] = unreadable(error)
    return readings
