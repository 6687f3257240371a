# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read everything, compute, write the differences, read back what was written, run the handlers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from .handlers import REBOOT, due_handlers, missing_tool, run_handlers
from .host import Host
from .keeper import Keeper
from .kinds import keepers_of
from .model import Answer, HostError, Lack, Ran, Reading, Readings, Row, Setting, Written, describe, unreadable
from .owed import Owed, owe_reboot, reboot_owed
from .rows import after_handlers, announced_row, enforced_row
from .system import System

_REBOOT_MARKS = ("/run/reboot-required", "/run/reboot-required.pkgs")  # Debian Policy and unattended-upgrades


def enforce(settings: Sequence[Setting], system: System, *, check: bool) -> Answer:
    """Bring the host to these settings, or in check mode tell what that would change. Raises nothing of theirs."""
    host = Host(system, check=check)
    keepers = keepers_of(settings)
    for keeper in keepers:
        host.units.expect(keeper.units())
    before = dict(_read(keepers, host))
    owed = Owed(system, settings)
    if check:
        return _announce(settings, keepers, host, before, owed)
    return _Enforcement(settings, keepers, host, before, owed).run()


def _announce(
    settings: Sequence[Setting], keepers: Sequence[Keeper], host: Host, before: Readings, owed: Owed
) -> Answer:
    due = {setting.kind for setting in settings if _is_due(setting, before[setting.id])}
    rows = [announced_row(setting, before[setting.id], due) for setting in settings]
    because = _because(_handlers(keepers, rows, owed))
    ran = due_handlers(host, because)
    rows = [after_handlers(row, ran, "noncompliant") for row in rows]
    changed = (*reboot_owed(host.system), *because.get(REBOOT, ()))
    return Answer(tuple(rows), tuple(ran), _reboot(host.system, settings, before, changed))


class _Enforcement:
    """One call that writes."""

    def __init__(
        self, settings: Sequence[Setting], keepers: Sequence[Keeper], host: Host, before: dict[str, Reading], owed: Owed
    ) -> None:
        self.settings, self.keepers, self.host, self.before, self.owed = settings, keepers, host, before, owed
        self.written = Written()
        self.warnings: list[str] = []

    def run(self) -> Answer:
        """Write, read back, run the handlers."""
        for keeper in self.keepers:
            self.write(keeper)
        after = _read(self.keepers, self.host) if self.host.system.touched else self.before
        rows = [enforced_row(one, self.before[one.id], after[one.id], self.written) for one in self.settings]
        self.reload_units()
        wanted = _handlers(self.keepers, rows, self.owed)
        because = _because(wanted)
        ran = run_handlers(self.host, due_handlers(self.host, because))
        changed = self.remember(wanted, ran, because.get(REBOOT, ()))
        rows = [after_handlers(row, ran, "changed") for row in rows]
        reboot = _reboot(self.host.system, self.settings, after, changed)
        return Answer(tuple(rows), tuple(ran), reboot, tuple(self.warnings))

    def write(self, keeper: Keeper) -> None:
        """Have a keeper write what is due, which is looked at again if anything was written before."""
        readings = _read([keeper], self.host) if self.host.system.touched else self.before
        due = [setting for setting in keeper.settings if _is_due(setting, readings[setting.id])]
        for setting in due:
            if self.before[setting.id].ok:
                self.before[setting.id] = readings[setting.id]
        if not due:
            return
        try:
            self.owed.add({setting.id: keeper.handlers(setting) for setting in due})
            written = keeper.write(self.host, due)
        except Exception as error:  # one kind's fault must not hide the results of the others
            written = Written(failed={setting.id: describe(error) for setting in due})
        self.written.failed |= written.failed
        self.written.notes |= written.notes
        self.host.forget()

    def reload_units(self) -> None:
        """Have systemd read what changed of its files, also where no handler follows."""
        try:
            self.host.units.reload()
        except HostError as error:
            self.warnings.append(str(error))

    def remember(
        self, wanted: Mapping[str, Sequence[str]], ran: Sequence[Ran], reboot: Sequence[str]
    ) -> tuple[str, ...]:
        """Keep what is still owed; where that cannot be kept, the next run does not know. What waits for a reboot."""
        failed = {handler.name for handler in ran if handler.failed and not handler.undone}
        changed = tuple(dict.fromkeys((*reboot_owed(self.host.system), *reboot)))
        try:
            self.owed.settle({name: [one for one in handlers if one in failed] for name, handlers in wanted.items()})
            owe_reboot(self.host.system, changed)
        except Exception as error:  # the results stand all the same
            self.warnings.append(f"What is still due could not be kept for the next run: {describe(error)}")
        return changed


def _read(keepers: Sequence[Keeper], host: Host) -> Readings:
    readings: dict[str, Reading] = {}
    for keeper in keepers:
        readings |= _guarded(keeper, lambda keeper=keeper: keeper.read(host))  # type: ignore[misc]
        for setting in keeper.settings:
            readings[setting.id] = _with_tools(host.system, setting, readings[setting.id])
    return readings


def _guarded(keeper: Keeper, read: Callable[[], Readings]) -> Readings:
    try:
        return read()
    except Exception as error:  # one kind's fault must not hide the results of the others
        return {setting.id: unreadable(error) for setting in keeper.settings}


def _with_tools(system: System, setting: Setting, reading: Reading) -> Reading:
    """A setting that takes effect by a tool that this host does not have cannot take effect here."""
    tool = "" if reading.ok or reading.lack else missing_tool(system, setting.after)
    lack = Lack(f"{tool} is not on this host", "unsupported", supplied_by=("deb_package",))
    return replace(reading, lack=lack) if tool else reading


def _is_due(setting: Setting, reading: Reading) -> bool:
    return not (setting.waived or reading.ok or (reading.lack and reading.lack.final))


def _handlers(keepers: Sequence[Keeper], rows: Sequence[Row], owed: Owed) -> dict[str, tuple[str, ...]]:
    """By the setting's id what must run: of what moved its own handlers, and what is owed since an earlier run."""
    status = {row.id: row.status for row in rows}
    moved = {row.id for row in rows if row.moved}
    handlers = {}
    for keeper in keepers:
        for setting in keeper.settings:
            own = keeper.handlers(setting) if setting.id in moved else ()
            kept = owed.of(setting.id) if setting.id in moved or status[setting.id] == "compliant" else ()
            handlers[setting.id] = tuple(dict.fromkeys((*own, *kept)))
    return handlers


def _because(handlers: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """By handler the settings that ask for it."""
    because: dict[str, tuple[str, ...]] = {}
    for name, asked in handlers.items():
        for handler in asked:
            because[handler] = (*because.get(handler, ()), name)
    return because


def _reboot(system: System, settings: Sequence[Setting], readings: Readings, changed: Sequence[str]) -> tuple[str, ...]:
    """Why the host must start again: settings that changed or say so, and Debian's own mark."""
    enforced = [setting.id for setting in settings if not setting.waived]
    because = [f"{name} takes effect at the next start" for name in dict.fromkeys(changed)]
    because += [f"{name}: {readings[name].reboot}" for name in enforced if readings[name].reboot]
    if any(system.entry(mark) for mark in _REBOOT_MARKS):
        packages = sorted(set((system.source(_REBOOT_MARKS[1]) or "").split()))
        because.append(f"Debian asks for it{': ' * bool(packages)}{', '.join(packages)}")
    return tuple(because)
