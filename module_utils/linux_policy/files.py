# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind file: a file or folder, its content, owner and mode, or its absence."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from .atomic import Attributes
from .checked import UNITS, default_attributes, replace_checked
from .fields import Fields
from .host import Host
from .keeper import Keeper, each
from .model import ABSENT, HostError, Item, Lack, Reading, Readings, Setting, Written, describe
from .paths import parse_path
from .system import Entry

_OWNER = r"[A-Za-z0-9_][A-Za-z0-9_.@\\-]*\$?"  # local names (useradd(8)), numbers, and names of a directory
_SHAPES = {"link": "a symbolic link", "directory": "a directory", "file": "a file", "other": "no file or directory"}


@dataclass(frozen=True)
class File:
    """What should be at a path. What is None stays as it is."""

    path: str
    state: str
    content: bytes | None
    owner: str | None
    group: str | None
    mode: int | None
    if_present: bool

    @property
    def whole(self) -> bool:
        """Whether the setting decides the content, or that there is none."""
        return self.state != "file" or self.content is not None

    @property
    def decides(self) -> tuple[str, ...]:
        """The path."""
        return (f"file {self.path}",)


def parse(fields: Fields) -> Item:
    """`path`, and what should be there."""
    path = parse_path(fields)
    state = fields.choice("state", "file", "directory", "absent", default="file")
    content = fields.optional("content", r".*", "a text")
    owner = fields.optional("owner", _OWNER, "an account's name")
    group = fields.optional("group", _OWNER, "a group's name")
    mode = fields.optional("mode", r"[0-7]{4}", "four octal digits in quotes, such as '0640'")
    if_present = fields.flag("if_present")
    if state != "file" and content is not None:
        fields.wrong("content", "no content where state is not file")
    given = [name for name in ("owner", "group", "mode", "if_present") if fields.has(name)]
    if state == "absent" and given:
        fields.wrong(given[0], f"no {given[0]} where state is absent")
    if state == "file" and content is None and (owner, group, mode) == (None, None, None):
        fields.wrong("content", "content, owner, group or mode")
    encoded = None if content is None else content.encode()
    return File(path, state, encoded, owner, group, None if not mode else int(mode, 8), if_present)


class Files(Keeper):
    """Reads files and folders."""

    def read(self, host: Host) -> Readings:
        """Looks at each path, and at the content where that is asked for."""
        return each(self.settings, lambda setting: _reading(host, item_of(setting)))


class Contents(Files):
    """Folders, files with content, and what should be absent."""

    def __init__(self, settings: Sequence[Setting]) -> None:
        super().__init__([setting for setting in settings if item_of(setting).whole])

    def write(self, host: Host, due: Sequence[Setting]) -> Written:
        """First what should be absent; folders before what is in them, units after the programs that they start."""
        absent = [setting for setting in due if item_of(setting).state == "absent"]
        present = [setting for setting in due if item_of(setting).state != "absent"]
        absent.sort(key=lambda setting: item_of(setting).path, reverse=True)
        present.sort(key=_order)
        return _write_each(host, [*absent, *present])


def _order(setting: Setting) -> tuple[bool, bool, str]:
    item = item_of(setting)
    return (item.state != "directory", item.path.startswith(UNITS), item.path)


class Modes(Files):
    """Owner and mode of files that others write. After those that create some."""

    def __init__(self, settings: Sequence[Setting]) -> None:
        super().__init__([setting for setting in settings if not item_of(setting).whole])

    def write(self, host: Host, due: Sequence[Setting]) -> Written:
        """One by one."""
        return _write_each(host, due)


def item_of(setting: Setting) -> File:
    """What a setting of this kind wants."""
    assert isinstance(setting.item, File)
    return setting.item


def _reading(host: Host, item: File) -> Reading:
    entry = host.system.entry(item.path)
    if entry is None and item.if_present:
        return Reading(ABSENT, ABSENT, ok=True, note="nothing is there to set this of")
    if item.state == "absent":
        return Reading(ABSENT if entry is None else entry.shape, ABSENT, ok=entry is None)
    lack = _lack(host, item, entry)
    if entry and entry.shape != item.state:
        return Reading(entry.shape, _wanted(item), ok=False, lack=lack)
    content = host.system.read(item.path) if entry and item.content is not None else None
    now = _text(host, item, entry, content) if entry else ABSENT
    wanted = _wanted(item)
    differs = item.content is not None and item.content != content
    change = (content or b"", item.content) if differs and item.content is not None else None
    return Reading(now, wanted, ok=entry is not None and now == wanted and not differs, lack=lack, change=change)


def _lack(host: Host, item: File, entry: Entry | None) -> Lack | None:
    if entry and entry.shape != item.state:
        return Lack(f"{item.path} is {_SHAPES[entry.shape]}, expected {_SHAPES[item.state]}", "failed")
    if entry is None and not item.whole:
        return Lack("there is no such file", "failed", supplied_by=("deb_package", "file", "config_line"))
    if item.owner and host.uid(item.owner) is None:
        return Lack(f"there is no account {item.owner}", "failed", supplied_by=("user", "deb_package"))
    if item.group and host.gid(item.group) is None:
        return Lack(f"there is no group {item.group}", "failed", supplied_by=("group", "user", "deb_package"))
    return None


def _wanted(item: File) -> str:
    return _joined(item, item.content, item.owner or "", item.group or "", item.mode or 0)


def _text(host: Host, item: File, entry: Entry, content: bytes | None) -> str:
    """What is there, of what is asked for; names as the setting gives them where they mean the same."""
    owner = item.owner if item.owner and host.uid(item.owner) == entry.uid else host.account_of(entry.uid)
    group = item.group if item.group and host.gid(item.group) == entry.gid else host.group_of(entry.gid)
    return _joined(item, content, owner, group, entry.mode)


def _joined(item: File, content: bytes | None, owner: str, group: str, mode: int) -> str:
    parts = ["directory"] if item.state == "directory" else []
    if item.content is not None and content is not None:
        parts.append(f"{len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()[:12]}")
    parts += [f"owner {owner}"] if item.owner else []
    parts += [f"group {group}"] if item.group else []
    parts += [f"mode {mode:04o}"] if item.mode is not None else []
    return ", ".join(parts)


def _write_each(host: Host, due: Sequence[Setting]) -> Written:
    written = Written()
    for setting in due:
        try:
            _write(host, item_of(setting))
        except (HostError, OSError) as error:
            written.failed[setting.id] = describe(error)
    return written


def _write(host: Host, item: File) -> None:
    attributes = Attributes(
        uid=host.uid(item.owner) if item.owner else None,
        gid=host.gid(item.group) if item.group else None,
        mode=item.mode,
    )
    if item.state == "absent":
        host.system.remove(item.path)
    elif item.state == "directory":
        host.system.make_folders(item.path)
        host.system.dress(item.path, attributes)
    elif item.content is not None and host.system.read(item.path) != item.content:
        _write_content(host, item, item.content, attributes)
    else:
        host.system.dress(item.path, attributes)


def _write_content(host: Host, item: File, content: bytes, wanted: Attributes) -> None:
    default = default_attributes(item.path, exists=host.system.entry(item.path) is not None)
    mode = default.mode if wanted.mode is None else wanted.mode
    replace_checked(host, item.path, content, Attributes(wanted.uid, wanted.gid, mode))
