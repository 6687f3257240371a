# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind mount_option: an option of a mount, now and from the next boot on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .checked import replace_checked
from .drop_ins import in_order, texts
from .fields import Fields
from .host import Host
from .keeper import Keeper, each
from .model import HostError, Item, Lack, Reading, Readings, Setting, Written, describe
from .mount_tables import (
    OPPOSITES,
    Mount,
    family,
    has,
    mounts_of,
    table_options,
    unit_name,
    with_entry,
    with_option,
    with_table_options,
)
from .owned import HEADER
from .paths import parse_mount_path
from .system import System, encode

_FSTAB = "/etc/fstab"
_MOUNTS = "/proc/self/mountinfo"
_UNITS = ("/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system")
# What systemd mounts before it reads any unit, and how (mount-setup.c); fstab(5) can give other options.
_KERNELS = {
    "/dev": ["nosuid"],
    "/dev/shm": ["nosuid", "nodev"],  # noqa: S108
    "/proc": ["nosuid", "nodev", "noexec"],
    "/run": ["nosuid", "nodev"],
    "/sys": ["nosuid", "nodev", "noexec"],
}


@dataclass(frozen=True)
class MountOption:
    """A path and an option that its mount should have, or not."""

    path: str
    option: str
    present: bool

    @property
    def decides(self) -> tuple[str, ...]:
        """The option, or its opposite."""
        return (f"mount option {family(self.option)} of {self.path}",)


def parse(fields: Fields) -> Item:
    """`path`, `option` and `state`."""
    path = parse_mount_path(fields)
    option = fields.text("option", r"[a-z0-9_-]+(=[^\s,]+)?", "one option, such as nodev")
    return MountOption(path, option, fields.choice("state", "present", "absent", default="present") == "present")


@dataclass(frozen=True)
class _Boot:
    """Where the options of a mount at boot are kept, and what they are."""

    options: list[str]
    unit: str = ""  # the mount's systemd unit, where it is not fstab that decides
    added: bool = False  # not in fstab yet


class MountOptions(Keeper):
    """All options; those of one mount are set together."""

    def read(self, host: Host) -> Readings:
        """Reads the kernel's list and what decides at boot."""
        mounts = mounts_of(host.system.text(_MOUNTS) or "")
        fstab = host.system.text(_FSTAB) or ""
        return each(self.settings, lambda setting: _reading(host.system, _item(setting), mounts, fstab))

    def write(self, host: Host, due: Sequence[Setting]) -> Written:
        """For each mount its table or drop-in, then one remount."""
        written = Written()
        for path in dict.fromkeys(_item(setting).path for setting in due):
            mine = [setting for setting in due if _item(setting).path == path]
            try:
                _write(host, path, [_item(setting) for setting in mine])
            except (HostError, OSError) as error:
                written.failed |= {setting.id: describe(error) for setting in mine}
        host.units.reload()
        return written


def _reading(system: System, item: MountOption, mounts: dict[str, Mount], fstab: str) -> Reading:
    wanted = _words(item.present, item.present)
    mount = mounts.get(item.path)
    if mount is None:
        return Reading("no mount", wanted, ok=False, lack=Lack("no file system is mounted here", "unsupported"))
    boot = _boot(system, mount, fstab)
    if boot is None:
        lack = Lack("neither /etc/fstab nor a unit of systemd mounts it, so nothing would keep it", "unsupported")
        return Reading(_words(has(mount.options, item.option), None), wanted, ok=False, lack=lack)
    live, kept = has(mount.options, item.option), has(boot.options, item.option)
    return Reading(_words(live, kept), wanted, ok=live == kept == item.present)


def _words(live: bool, kept: bool | None) -> str:
    words = {True: "set", False: "not set", None: "unknown"}
    return words[live] if live == kept else f"{words[live]} now, {words[kept]} at boot"


def _boot(system: System, mount: Mount, fstab: str) -> _Boot | None:
    """fstab decides where it names the path, or will for what systemd mounts first; else the unit."""
    options = table_options(fstab, mount.path)
    if options is not None:
        return _Boot(options)
    if mount.path in _KERNELS:
        return _Boot(_KERNELS[mount.path], added=True)
    unit = unit_name(mount.path)
    found = texts(system, [f"{folder}/{unit}" for folder in _UNITS])
    drop_ins = texts(system, in_order(system, [f"{folder}/{unit}.d" for folder in _UNITS]))
    whole = "\n".join(text for _, text in [*found[:1], *drop_ins])
    return _Boot(_unit_options(whole), unit=unit) if found else None


def _unit_options(text: str) -> list[str]:
    """The last Options= counts; %% stands for a percent sign."""
    found = re.findall(r"^\s*Options\s*=\s*(.*?)\s*$", text, re.MULTILINE)
    return found[-1].replace("%%", "%").split(",") if found and found[-1] else ["defaults"]


def _drop_in(unit: str) -> str:
    return f"/etc/systemd/system/{unit}.d/60-werkplek.conf"


def _write(host: Host, path: str, items: Sequence[MountOption]) -> None:
    system = host.system
    mount = mounts_of(system.text(_MOUNTS) or "")[path]
    fstab = system.text(_FSTAB) or ""
    boot = _boot(system, mount, fstab)
    if boot is None:
        raise HostError("neither /etc/fstab nor a unit of systemd mounts it any more")
    options = boot.options
    for item in items:
        options = with_option(options, item.option, present=item.present)
    if options != boot.options:
        _keep(host, mount, boot, options, fstab)
    _remount(system, mount, items)


def _keep(host: Host, mount: Mount, boot: _Boot, options: Sequence[str], fstab: str) -> None:
    if boot.unit:
        text = f"{HEADER}[Mount]\nOptions={','.join(options).replace('%', '%%')}\n"
        replace_checked(host, _drop_in(boot.unit), encode(text))
    elif boot.added:
        replace_checked(host, _FSTAB, encode(with_entry(fstab, mount, options)))
    else:
        replace_checked(host, _FSTAB, encode(with_table_options(fstab, mount.path, options)))


def _remount(system: System, mount: Mount, items: Sequence[MountOption]) -> None:
    """Options of the mount alone by a bind remount, which leaves its file system be, and with it other mounts of it."""
    own = [item for item in items if item.option in OPPOSITES or family(item.option) in OPPOSITES]
    due = [item for item in own if has(mount.options, item.option) != item.present]
    if due:
        options: Sequence[str] = mount.own_options
        for item in due:
            negative = item.option if item.option in OPPOSITES else family(item.option)
            wanted = negative if item.present == (item.option in OPPOSITES) else OPPOSITES[negative]
            options = with_option(options, wanted, present=True)
        _mount(system, mount.path, f"remount,bind,{','.join(options)}")
    for item in items:
        if item not in own and has(mount.options, item.option) != item.present:
            if not item.present:
                raise HostError(
                    "taken out of the table; a mount that has this option keeps it until it is mounted anew"
                )
            _mount(system, mount.path, f"remount,{item.option}")


def _mount(system: System, path: str, options: str) -> None:
    done = system.act("mount", "-o", options, path)
    if done.code:
        raise HostError(f"mount -o {options}: {done.said}")


def _item(setting: Setting) -> MountOption:
    assert isinstance(setting.item, MountOption)
    return setting.item
