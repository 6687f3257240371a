# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind sysctl: a parameter of the kernel, now and from the next boot on. sysctl.d(5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .drop_ins import earlier_and_later, in_order, texts
from .fields import Fields
from .host import Host
from .keeper import Keeper, each
from .model import HostError, Item, Lack, Reading, Readings, Setting, Written, describe
from .owned import OwnFile, take_away
from .system import System, encode

PATH = "/etc/sysctl.d/60-werkplek.conf"
FOLDERS = ("/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d")
_NAME = r"[a-zA-Z0-9_-]+([./][a-zA-Z0-9_.:/-]*[a-zA-Z0-9_-])"


@dataclass(frozen=True)
class Sysctl:
    """A parameter and its value."""

    name: str
    value: str

    @property
    def place(self) -> str:
        """The parameter's path below /proc/sys."""
        return place_of(self.name)

    @property
    def decides(self) -> tuple[str, ...]:
        """The parameter, however its name is written."""
        return (f"sysctl {self.place.replace('/', '.')}",)

    @property
    def live(self) -> str:
        """The kernel's file."""
        return f"/proc/sys/{self.place}"


def parse(fields: Fields) -> Item:
    """`name` and `value`, both texts."""
    name = fields.text("name", _NAME, "the name of a kernel parameter, such as kernel.kptr_restrict")
    if ".." in name or "//" in name:
        fields.wrong("name", "the name of a kernel parameter, such as kernel.kptr_restrict")
    return Sysctl(name, fields.text("value", r"[^\x00-\x1f]*[^\x00-\x20]", "a text of one line"))


def place_of(name: str) -> str:
    """A name as a path below /proc/sys: if the first separator is a point, points and slashes change places."""
    first = re.search(r"[./]", name)
    return name.translate(str.maketrans("./", "/.")) if first and first[0] == "." else name


def assignments(text: str) -> Iterator[tuple[str, str]]:
    """The path and the value of each explicit assignment; patterns give way to those (sysctl.d(5))."""
    for line in text.splitlines():
        key, equals, value = line.strip().partition("=")
        if equals and not key.startswith(("#", ";")) and not re.search(r"[*?\[]", key):
            yield place_of(key.strip().removeprefix("-").strip()), value.strip()


def same(one: str | None, other: str) -> bool:
    """The kernel separates numbers by tabs, people by spaces."""
    return one is not None and one.split() == other.split()


class Sysctls(Keeper):
    """All parameters, in one file."""

    def read(self, host: Host) -> Readings:
        """Compares both the kernel and the file, and names a later file that sets another value."""
        kept = OwnFile.of(host.system.text(PATH), _key)
        _, later_paths = earlier_and_later(in_order(host.system, FOLDERS), PATH)
        later = [(path, dict(assignments(text))) for path, text in texts(host.system, later_paths)]
        readings = each(self.settings, lambda setting: _reading(host.system, _item(setting), kept, later))
        return take_away(readings, self.settings, kept.unasked(_item(setting).place for setting in self.settings))

    def write(self, host: Host, due: Sequence[Setting]) -> Written:
        """The file in one replace, then the kernel."""
        written = Written()
        kept = OwnFile.of(host.system.text(PATH), _key)
        wanted = {_item(setting).place: [_line(_item(setting))] for setting in due}
        text = kept.with_lines(wanted, [_item(setting).place for setting in self.settings])
        host.system.replace(PATH, encode(text))
        for setting in sorted(self.settings, key=_forwarding_first):
            if not setting.waived and (setting in due or _line(_item(setting)) in kept.get(_item(setting).place)):
                _set_live(host.system, setting, written)
        return written


def _reading(system: System, item: Sysctl, kept: OwnFile, later: Sequence[tuple[str, dict[str, str]]]) -> Reading:
    live = system.text(item.live)
    if live is None:
        return Reading("<absent>", item.value, ok=False, lack=Lack("this kernel has no such parameter", "unsupported"))
    live = " ".join(live.split())
    values = [value for line in kept.get(item.place) for _, value in assignments(line)]
    at_boot = " | ".join(values) if values else "not set"
    ok = same(live, item.value) and len(values) == 1 and same(at_boot, item.value)
    now = live if same(live, at_boot) else f"{live} now, {at_boot} at boot"
    lack = None
    if not same(live, item.value) and not system.writable(item.live):
        lack = Lack("this parameter cannot be written here, as in a container", "unsupported")
    for path, others in later:
        if item.place in others and not same(others[item.place], item.value):
            lack = Lack(f"{path} is read later and sets {others[item.place]}", "failed")
    return Reading(now, item.value, ok=ok and lack is None, lack=lack)


def _set_live(system: System, setting: Setting, written: Written) -> None:
    item = _item(setting)
    try:
        if not same(system.text(item.live), item.value):
            system.write_live(item.live, item.value)
    except (HostError, OSError) as error:
        written.failed[setting.id] = describe(error)


def _forwarding_first(setting: Setting) -> bool:
    """Turning forwarding on or off resets other parameters: Documentation/networking/ip-sysctl.rst of the kernel."""
    return "forward" not in _item(setting).place


def _item(setting: Setting) -> Sysctl:
    assert isinstance(setting.item, Sysctl)
    return setting.item


def _line(item: Sysctl) -> str:
    return f"{item.name} = {item.value}"


def _key(line: str) -> str:
    return next((place for place, _ in assignments(line)), line.strip())
