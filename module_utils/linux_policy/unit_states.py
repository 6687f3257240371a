# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What systemd says of units: all that a call needs, asked at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .model import HostError
from .system import System

_PROPERTIES = "Id,LoadState,UnitFileState,ActiveState,SubState,ConditionResult,ConditionTimestampMonotonic"


@dataclass(frozen=True)
class Unit:
    """A unit's properties: org.freedesktop.systemd1(5)."""

    load: str
    file_state: str
    active: str
    sub: str
    condition_failed: bool

    @property
    def there(self) -> bool:
        """Whether the unit is installed, or at least masked."""
        return self.load != "not-found"

    @property
    def runs(self) -> bool:
        """Whether it is up. A service that is started again and again after it fell is not."""
        return self.active in ("active", "reloading", "activating") and self.sub != "auto-restart"


class UnitStates:
    """Units by name."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._known: dict[str, Unit] = {}
        self._asked: set[str] = set()

    def expect(self, names: Iterable[str]) -> None:
        """Name units that will be asked for."""
        self._asked |= set(names)

    def forget(self) -> None:
        """Something was written: ask again."""
        self._known = {}

    def get(self, name: str) -> Unit:
        """A unit. Raises HostError where systemd gives no answer."""
        if name not in self._known:
            self._asked.add(name)
            self._known = self._show(sorted(self._asked))
        return self._known[name]

    def reload(self) -> None:
        """Have systemd read its files again, where some changed in this call."""
        if self._system.units_changed:
            done = self._system.act("systemctl", "daemon-reload")
            if done.code:
                raise HostError(f"systemctl daemon-reload: {done.said}")
            self._system.units_changed = False
            self.forget()

    def _show(self, names: list[str]) -> dict[str, Unit]:
        done = self._system.look("systemctl", "show", f"--property={_PROPERTIES}", "--", *names)
        blocks = [dict(line.split("=", 1) for line in block.splitlines()) for block in done.out.strip().split("\n\n")]
        if done.code or len(blocks) != len(names):
            raise HostError(f"systemctl show: {done.said}")
        return {name: _unit(block) for name, block in zip(names, blocks, strict=True)}


def _unit(properties: dict[str, str]) -> Unit:
    return Unit(
        properties["LoadState"],
        properties["UnitFileState"],
        properties["ActiveState"],
        properties["SubState"],
        condition_failed=properties["ConditionResult"] == "no" and properties["ConditionTimestampMonotonic"] != "0",
    )
