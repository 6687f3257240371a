# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind timer: a command that systemd runs at set times. systemd.timer(5), systemd.service(5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .checked import check_units
from .fields import Fields
from .host import Host
from .keeper import Keeper, each
from .model import ABSENT, HostError, Item, Reading, Readings, Setting, Written, describe
from .owned import HEADER
from .system import System, encode

_FOLDER = "/etc/systemd/system"
_LINE = r"[^\x00-\x20](?:[^\x00-\x1f]*[^\x00-\x20])?"
_MOST_DELAY = 7 * 24 * 3600


@dataclass(frozen=True)
class Timer:
    """When to run what as whom."""

    name: str
    absent: bool
    on_calendar: str
    command: str
    description: str
    user: str | None
    persistent: bool
    randomized_delay: int

    @property
    def timer(self) -> str:
        """The timer's unit."""
        return f"werkplek-{self.name}.timer"

    @property
    def service(self) -> str:
        """The unit that the timer starts."""
        return f"werkplek-{self.name}.service"

    @property
    def decides(self) -> tuple[str, ...]:
        """Both units and their files."""
        units = (self.timer, self.service)
        return (*(f"unit {unit}" for unit in units), *(f"file {_FOLDER}/{unit}" for unit in units))

    def files(self) -> Mapping[str, bytes]:
        """The units' files by their names."""
        service = ["[Unit]", f"Description={_literal(self.description)}", "", "[Service]", "Type=oneshot"]
        service += [f"User={self.user}"] if self.user else []
        service += [f"ExecStart={_literal(self.command).replace('$', '$$')}"]
        timer = ["[Unit]", f"Description={_literal(self.description)}", "", "[Timer]", f"OnCalendar={self.on_calendar}"]
        timer += ["Persistent=true"] if self.persistent else []
        timer += [f"RandomizedDelaySec={self.randomized_delay}"] if self.randomized_delay else []
        timer += ["", "[Install]", "WantedBy=timers.target"]
        texts = {self.service: service, self.timer: timer}
        return {name: encode(HEADER + "\n".join(lines) + "\n") for name, lines in texts.items()}


def parse(fields: Fields) -> Item:
    """`name`, and unless it should be absent when to run what."""
    name = fields.text("name", r"[a-z0-9][a-z0-9_-]*", "a name of small letters, digits, - and _")
    if fields.choice("state", "present", "absent", default="present") == "absent":
        return Timer(name, True, "", "", "", None, False, 0)
    return Timer(
        name,
        False,
        fields.text("on_calendar", _LINE, "a time as in systemd.time(7), such as 'Mon..Fri 06:30'"),
        fields.text("command", r"/[^\x00-\x1f]*[^\x00-\x1f\s\\]", "an absolute path with arguments, of one line"),
        fields.text("description", _LINE, "a text of one line"),
        fields.optional("user", r"[A-Za-z_][A-Za-z0-9_.-]*", "an account's name"),
        fields.flag("persistent", default=True),
        fields.number("randomized_delay", 0, _MOST_DELAY, default=0),
    )


class Timers(Keeper):
    """All timers."""

    def units(self) -> Sequence[str]:
        """The timers themselves."""
        return [_item(setting).timer for setting in self.settings]

    def read(self, host: Host) -> Readings:
        """Compares both files, and asks systemd for the timer."""
        return each(self.settings, lambda setting: _reading(host, _item(setting)))

    def write(self, host: Host, due: Sequence[Setting]) -> Written:
        """Files, a reload of systemd, then the timers."""
        written = Written()
        for step in (_write_files, _activate):
            for setting in due:
                try:
                    if setting.id not in written.failed:
                        step(host, _item(setting))
                except (HostError, OSError) as error:
                    written.failed[setting.id] = describe(error)
        return written


def _reading(host: Host, item: Timer) -> Reading:
    paths = [f"{_FOLDER}/{name}" for name in (item.service, item.timer)]
    contents = [host.system.read(path) for path in paths]
    if item.absent:
        there = any(content is not None for content in contents)
        return Reading("present" if there else ABSENT, ABSENT, ok=not there)
    same = contents == list(item.files().values())
    unit = host.units.get(item.timer)
    state = f"{unit.file_state or 'not enabled'}, {'running' if unit.runs else 'stopped'}"
    now = f"{'as wanted' if same else 'another timer'}, {state}" if contents[1] is not None else ABSENT
    wanted = f"{item.on_calendar}, enabled, running"
    ok = same and unit.file_state == "enabled" and unit.runs
    return Reading(wanted if ok else now, wanted, ok=ok)


def _write_files(host: Host, item: Timer) -> None:
    system = host.system
    if item.absent:
        system.act("systemctl", "disable", "--now", "--", item.timer)
        for name in (item.timer, item.service):
            if system.entry(f"{_FOLDER}/{name}"):
                system.remove(f"{_FOLDER}/{name}")
        return
    _check(system, item)
    for name, content in item.files().items():
        if system.read(f"{_FOLDER}/{name}") != content:
            system.replace(f"{_FOLDER}/{name}", content)


def _check(system: System, item: Timer) -> None:
    done = system.look("systemd-analyze", "calendar", "--", item.on_calendar)
    if done.code:
        raise HostError(f"systemd-analyze refuses the time: {done.said}")
    check_units(system, item.files())


def _activate(host: Host, item: Timer) -> None:
    """A timer that runs by old times is started again."""
    host.units.reload()
    if item.absent:
        return
    for verb in ("enable", "restart"):
        done = host.system.act("systemctl", verb, "--", item.timer)
        if done.code:
            raise HostError(f"systemctl {verb}: {done.said}")


def _literal(text: str) -> str:
    """As it stands: a percent sign would begin a specifier."""
    return text.replace("%", "%%")


def _item(setting: Setting) -> Timer:
    assert isinstance(setting.item, Timer)
    return setting.item
