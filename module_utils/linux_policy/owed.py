# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Handlers that are owed: a run that is killed, or whose handler fails, leaves them to the next run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from .model import Setting
from .system import System

PATH = "/var/lib/werkplek/handlers.json"
REBOOT_PATH = "/run/werkplek/reboot.json"  # in memory: gone once the host has started again


class Owed:
    """By the setting's id the handlers that have not run since it changed."""

    def __init__(self, system: System, settings: Sequence[Setting]) -> None:
        self._system = system
        self._ids = {setting.id for setting in settings}
        self._saved = _read(system, PATH)
        self._owed = {name: handlers for name, handlers in self._saved.items() if name in self._ids}

    def of(self, name: str) -> tuple[str, ...]:
        """What is owed to a setting."""
        return self._owed.get(name, ())

    def add(self, handlers: Mapping[str, Sequence[str]]) -> None:
        """Remember handlers, by the setting's id, before the settings are written."""
        added = {name: tuple(dict.fromkeys((*self.of(name), *more))) for name, more in handlers.items() if more}
        self._save({**self._owed, **added})

    def settle(self, owed: Mapping[str, Sequence[str]]) -> None:
        """What remains owed once the handlers have run."""
        self._save({name: tuple(handlers) for name, handlers in owed.items() if handlers})

    def _save(self, owed: dict[str, tuple[str, ...]]) -> None:
        if owed != self._saved:
            _write(self._system, PATH, owed)
        self._owed = self._saved = owed


def reboot_owed(system: System) -> tuple[str, ...]:
    """The settings that changed since the host started, and take effect when it starts again."""
    return _read(system, REBOOT_PATH).get("because", ())


def owe_reboot(system: System, because: Sequence[str]) -> None:
    """Remember such settings until the host has started again."""
    if because and tuple(because) != reboot_owed(system):
        _write(system, REBOOT_PATH, {"because": tuple(because)})


def _read(system: System, path: str) -> dict[str, tuple[str, ...]]:
    """The file's content; nothing where it is no such file: at worst a handler is not run twice."""
    try:
        document = json.loads(system.text(path) or "{}")
        return {str(name): tuple(map(str, texts)) for name, texts in document.items()}
    except (ValueError, AttributeError, TypeError):
        return {}


def _write(system: System, path: str, document: Mapping[str, Sequence[str]]) -> None:
    if document:
        system.replace(path, json.dumps(document, indent=1).encode() + b"\n")
    elif system.entry(path):
        system.remove(path)
