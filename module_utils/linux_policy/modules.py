# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind kernel_module: a module that must not be loaded, or must be. modprobe.d(5), modules-load.d(5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .drop_ins import earlier_and_later, in_order, texts
from .fields import Fields
from .host import Host
from .keeper import Keeper, each
from .model import HostError, Item, Lack, Reading, Readings, Setting, Written, describe
from .owned import OwnFile, take_away
from .system import System, encode

BLOCKED_PATH = "/etc/modprobe.d/60-werkplek.conf"
LOADED_PATH = "/etc/modules-load.d/60-werkplek.conf"
FOLDERS = ("/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d")
_CONTAINER_MARKS = ("/run/systemd/container", "/run/.containerenv", "/.dockerenv")
_NOTHING = re.compile(r"(/usr)?/bin/(true|false)")


@dataclass(frozen=True)
class KernelModule:
    """A module, blocked or loaded."""

    name: str
    blocked: bool

    @property
    def key(self) -> str:
        """The name as the kernel has it: modprobe(8) makes no difference between - and _."""
        return key_of(self.name)

    @property
    def lines(self) -> tuple[str, ...]:
        """What keeps it as it should be."""
        return (f"install {self.name} /bin/false", f"blacklist {self.name}") if self.blocked else (self.name,)

    @property
    def decides(self) -> tuple[str, ...]:
        """The module."""
        return (f"kernel module {self.key}",)


def parse(fields: Fields) -> Item:
    """`name` and `state`."""
    name = fields.text("name", r"[A-Za-z0-9_-]+", "the name of a kernel module")
    return KernelModule(name, fields.choice("state", "blocked", "loaded") == "blocked")


def key_of(name: str) -> str:
    """See KernelModule.key."""
    return name.replace("-", "_")


@dataclass(frozen=True)
class _Facts:
    """What the host has of modules."""

    loaded: Mapping[str, bool]  # those that are loaded, and whether they are in use
    builtin: frozenset[str]
    container: bool
    blocked: OwnFile
    loading: OwnFile
    earlier: Mapping[str, tuple[str, str]]  # by module the file and the command that modprobe finds before ours


class Modules(Keeper):
    """All modules, in one file for the blocked and one for the loaded."""

    def read(self, host: Host) -> Readings:
        """Compares files and kernel, and names an earlier file that loads a blocked module after all."""
        facts = _facts(host.system)
        readings = each(self.settings, lambda setting: _reading(_item(setting), facts))
        for blocked, file in ((True, facts.blocked), (False, facts.loading)):
            mine = self._of(blocked)
            readings = take_away(readings, mine, file.unasked(_item(setting).key for setting in mine))
        return readings

    def write(self, host: Host, due: Sequence[Setting]) -> Written:
        """The files first, then the kernel: what is blocked could otherwise come back between the two."""
        written = Written()
        facts = _facts(host.system)
        for blocked, file, path in ((True, facts.blocked, BLOCKED_PATH), (False, facts.loading, LOADED_PATH)):
            wanted = {_item(setting).key: _item(setting).lines for setting in due if _item(setting).blocked == blocked}
            if wanted:
                text = file.with_lines(wanted, [_item(setting).key for setting in self._of(blocked)])
                host.system.replace(path, encode(text))
        for setting in due:
            try:
                _set_live(host.system, _item(setting), facts)
            except HostError as error:
                written.failed[setting.id] = describe(error)
        return written

    def _of(self, blocked: bool) -> list[Setting]:
        return [setting for setting in self.settings if _item(setting).blocked == blocked]


def _facts(system: System) -> _Facts:
    release = (system.text("/proc/sys/kernel/osrelease") or "").strip()
    builtin = system.source(f"/lib/modules/{release}/modules.builtin") or ""
    earlier, _ = earlier_and_later(in_order(system, FOLDERS), BLOCKED_PATH)
    return _Facts(
        _loaded_modules(system.text("/proc/modules") or ""),
        frozenset(key_of(line.rpartition("/")[2].partition(".")[0]) for line in builtin.split()),
        any(system.entry(mark) for mark in _CONTAINER_MARKS),
        OwnFile.of(system.text(BLOCKED_PATH), _blocked_key),
        OwnFile.of(system.text(LOADED_PATH), key_of),
        _install_commands(texts(system, earlier)),
    )


def _loaded_modules(text: str) -> Mapping[str, bool]:
    """Lines such as `ext4 933888 1 - Live 0x0`: proc_modules(5). Who has no count of uses cannot be unloaded."""
    lines = [line.split() for line in text.splitlines()]
    return {words[0]: words[2] != "0" or "[permanent]" in words[3] for words in lines if len(words) > 3}


def _install_commands(files: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, str]]:
    """Of more install lines for one module, modprobe takes the first."""
    commands: dict[str, tuple[str, str]] = {}
    for path, text in files:
        for name, command in re.findall(r"^\s*install\s+(\S+)\s+(.*\S)", text, re.MULTILINE):
            commands.setdefault(key_of(name), (path, command))
    return commands


def _reading(item: KernelModule, facts: _Facts) -> Reading:
    return _blocked(item, facts) if item.blocked else _loaded(item, facts)


def _blocked(item: KernelModule, facts: _Facts) -> Reading:
    loaded = item.key in facts.loaded
    kept = facts.blocked.get(item.key) == item.lines
    now = f"{'blocked' if kept else 'not blocked'}{', loaded' if loaded else ''}"
    path, command = facts.earlier.get(item.key, ("", "/bin/false"))
    if item.key in facts.builtin:
        lack = Lack("this kernel has it built in, which nothing can block", "unsupported")
        return Reading("built in", "blocked", ok=False, lack=lack)
    if not _NOTHING.fullmatch(command):
        return Reading(now, "blocked", ok=False, lack=Lack(f"{path} comes first and loads it by: {command}", "failed"))
    if loaded and facts.container:
        return Reading(now, "blocked, loaded", ok=kept, note="the host of this container has it loaded")
    if loaded and facts.loaded[item.key]:
        reboot = "the module is in use, and loaded until the next start"
        return Reading(now, "blocked, loaded", ok=kept, note=reboot, reboot=reboot)
    return Reading(now, "blocked", ok=kept and not loaded)


def _loaded(item: KernelModule, facts: _Facts) -> Reading:
    loaded = item.key in facts.loaded or item.key in facts.builtin
    kept = facts.loading.get(item.key) == item.lines or item.key in facts.builtin
    now = f"{'loaded' if loaded else 'not loaded'}{'' if kept else ', not at boot'}"
    lack = Lack("a container loads no kernel modules", "unsupported") if facts.container and not loaded else None
    return Reading(now, "loaded", ok=kept and loaded, lack=lack)


def _set_live(system: System, item: KernelModule, facts: _Facts) -> None:
    """A blocked module that is in use stays until the next start, which its reading tells."""
    loaded = item.key in facts.loaded
    if item.blocked and loaded and not facts.container:
        system.act("modprobe", "-r", "--", item.name)
    elif not item.blocked and not loaded:
        done = system.act("modprobe", "--", item.name)
        if done.code:
            raise HostError(f"modprobe: {done.said}")


def _blocked_key(line: str) -> str:
    words = line.split()
    return key_of(words[1]) if len(words) > 1 else line


def _item(setting: Setting) -> KernelModule:
    assert isinstance(setting.item, KernelModule)
    return setting.item
