# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind systemd_unit: whether a unit starts at boot, cannot start at all, and runs now. systemctl(1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .fields import Fields
from .handlers import SSH_UNITS, UNIT
from .host import Host
from .keeper import Keeper, each
from .model import Item, Lack, Reading, Readings, Setting, Written
from .unit_states import Unit

# States of a unit file that count for a wish. A static unit has nothing to enable; an indirect one only enables
# others, so nothing of its own is left to enable or disable; a generated one comes from a script that starts it.
_ENABLED = ("enabled", "static", "alias", "indirect", "generated")
_DISABLED = ("disabled", "masked", "indirect", "linked")
_SETTLE = 1.0  # seconds: a service that ends as soon as it has started does not run
_COUNTS = {"enabled": _ENABLED, "disabled": _DISABLED, "masked": ("masked",)}


@dataclass(frozen=True)
class SystemdUnit:
    """A unit, at boot and now."""

    name: str
    enabled: str
    status: str | None

    @property
    def decides(self) -> tuple[str, ...]:
        """The unit."""
        return (f"unit {self.name}",)


def parse(fields: Fields) -> Item:
    """`name`, `enabled`, and optionally `status`."""
    name = fields.text("name", UNIT, "a unit's full name, such as cron.service")
    enabled = fields.choice("enabled", "enabled", "disabled", "masked")
    status = fields.choice("status", "running", "stopped") if fields.has("status") else None
    if enabled == "masked" and status == "running":
        fields.wrong("status", "stopped or none: a masked unit cannot start")
    return SystemdUnit(name, enabled, status)


class Units(Keeper):
    """All units."""

    def units(self) -> Sequence[str]:
        """Their names."""
        return [_item(setting).name for setting in self.settings]

    def read(self, host: Host) -> Readings:
        """One call of systemctl for all."""
        return each(self.settings, lambda setting: _reading(host, _item(setting)))

    def write(self, host: Host, due: Sequence[Setting]) -> Written:
        """One call for each verb; where that fails, one for each unit."""
        written = Written()
        host.units.reload()
        for verb, settings in _verbs(host, due).items():
            done = host.system.act("systemctl", verb, "--", *(_item(setting).name for setting in settings))
            if done.code and len(settings) == 1:
                written.failed[settings[0].id] = f"systemctl {verb}: {done.said}"
            elif done.code:
                _one_by_one(host, verb, settings, written)
            if verb == "start":
                host.system.sleep(_SETTLE)
        host.units.forget()
        return written


def _reading(host: Host, item: SystemdUnit) -> Reading:
    unit = host.units.get(item.name)
    wanted = item.enabled if item.status is None else f"{item.enabled}, {item.status}"
    if not unit.there:
        lack = Lack("this unit is not installed", "failed", supplied_by=("deb_package", "file", "timer"))
        gone = item.enabled != "enabled" and item.status != "running"
        return Reading("<absent>", wanted, ok=gone, lack=None if gone else lack)
    now = unit.file_state or unit.load
    if item.status is not None:
        now += ", running" if unit.runs else ", stopped"
    ok = unit.file_state in _COUNTS[item.enabled] and item.status in (None, "running" if unit.runs else "stopped")
    return Reading(now, wanted, ok=ok, lack=None if ok else _lack(host, item, unit))


def _lack(host: Host, item: SystemdUnit, unit: Unit) -> Lack | None:
    if (item.enabled != "enabled" or item.status == "stopped") and _is_way_in(host, item.name):
        return Lack("this run came in over SSH, and the next one could not", "failed")
    if item.enabled == "disabled" and unit.file_state in ("static", "generated"):
        return Lack(f"it is {unit.file_state}: it has nothing to disable, and can only be masked", "failed")
    if item.status == "running" and unit.condition_failed and not unit.runs:
        return Lack("the conditions under which this unit starts do not hold on this host", "unsupported", final=False)
    return None


def _is_way_in(host: Host, unit: str) -> bool:
    """Whether this run came in by the unit: the SSH server, or the socket that starts one for each connection."""
    by_socket = unit == "ssh.socket" and not host.units.get("ssh.service").runs
    return (unit in SSH_UNITS or by_socket) and host.session.account is not None


def _verbs(host: Host, due: Sequence[Setting]) -> dict[str, list[Setting]]:
    """What systemctl must do with which units, in order."""
    verbs: dict[str, list[Setting]] = {}

    def add(verb: str, needed: bool, setting: Setting) -> None:
        if needed:
            verbs.setdefault(verb, []).append(setting)

    for verb in ("unmask", "enable", "disable", "stop", "mask", "start"):
        for setting in due:
            item, unit = _item(setting), host.units.get(_item(setting).name)
            counts = unit.file_state in _COUNTS[item.enabled]
            masked = unit.file_state.startswith("masked")
            needed = {
                "unmask": masked and item.enabled == "enabled",
                "enable": not counts and item.enabled == "enabled",
                "disable": not counts and item.enabled == "disabled",
                "stop": unit.runs and item.status == "stopped",
                "mask": not counts and item.enabled == "masked",
                "start": not unit.runs and item.status == "running",
            }
            add(verb, needed[verb], setting)
    return verbs


def _one_by_one(host: Host, verb: str, settings: Sequence[Setting], written: Written) -> None:
    for setting in settings:
        done = host.system.act("systemctl", verb, "--", _item(setting).name)
        if done.code:
            written.failed[setting.id] = f"systemctl {verb}: {done.said}"


def _item(setting: Setting) -> SystemdUnit:
    assert isinstance(setting.item, SystemdUnit)
    return setting.item
