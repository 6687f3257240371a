# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mounts as the kernel has them (proc_pid_mountinfo(5)), and as they are made at boot (fstab(5), systemd.mount(5))."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Options of a mount itself, not of its file system: what turns each off. mount(8)
OPPOSITES = {
    "nodev": "dev",
    "nosuid": "suid",
    "noexec": "exec",
    "ro": "rw",
    "noatime": "atime",
    "nosymfollow": "symfollow",
}
_POSITIVE = {positive: negative for negative, positive in OPPOSITES.items()}
_OF_MOUNT = (*OPPOSITES, "relatime", "nodiratime")
_FIELD = re.compile(r"\S+")


@dataclass(frozen=True)
class Mount:
    """A mount point with its options: those of the mount, then those of its file system."""

    path: str
    options: tuple[str, ...]
    type: str
    source: str

    @property
    def own_options(self) -> tuple[str, ...]:
        """The options of this mount alone, which a remount must name all."""
        return tuple(option for option in self.options if option in _OF_MOUNT)


def mounts_of(mountinfo: str) -> dict[str, Mount]:
    """The mount on top at each path. Lines such as `36 35 98:0 / /mnt rw,noatime shared:1 - ext4 /dev/root rw`."""
    mounts = {}
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        fields, rest = before.split(), after.split()
        if len(fields) > 5 and len(rest) > 2:
            path = unescaped(fields[4])
            options = dict.fromkeys([*fields[5].split(","), *rest[2].split(",")])
            mounts[path] = Mount(path, tuple(options), rest[0], unescaped(rest[1]))
    return mounts


def has(options: Iterable[str], option: str) -> bool:
    """Whether an option is in force. `dev` is, where there is no `nodev`."""
    negative = _POSITIVE.get(option)
    return negative not in options if negative else option in options


def with_option(options: Sequence[str], option: str, *, present: bool) -> list[str]:
    """The options with or without one; what it contradicts goes."""
    name = option.partition("=")[0]
    gone = {option, OPPOSITES.get(option), _POSITIVE.get(option)}
    rest = [one for one in options if one not in gone and not ("=" in option and one.partition("=")[0] == name)]
    return [*rest, option] if present else rest or ["defaults"]


def family(option: str) -> str:
    """What an option decides: `dev` and `nodev` decide the same."""
    return _POSITIVE.get(option, option).partition("=")[0]


def unescaped(text: str) -> str:
    r"""Spaces and such are octal numbers: `\040`."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), text)


def escaped(text: str) -> str:
    """The inverse of unescaped()."""
    return re.sub(r"[ \t\n\\#]", lambda match: f"\\{ord(match[0]):03o}", text)


def table_options(fstab: str, path: str) -> list[str] | None:
    """The options of a path in fstab; None where it is not in there."""
    for line in fstab.splitlines():
        fields = line.split()
        if _is_for(fields, path):
            return fields[3].split(",") if len(fields) > 3 else ["defaults"]
    return None


def with_table_options(fstab: str, path: str, options: Sequence[str]) -> str:
    """The table with the options of a path replaced; every other byte stays."""
    lines = fstab.splitlines(keepends=True)
    for place, line in enumerate(lines):
        spans = [match.span() for match in _FIELD.finditer(line)]
        if _is_for([line[start:end] for start, end in spans], path):
            start, end = spans[3] if len(spans) > 3 else (spans[2][1], spans[2][1])
            text = ",".join(options) if len(spans) > 3 else f" {','.join(options)}"
            lines[place] = line[:start] + text + line[end:]
    return "".join(lines)


def with_entry(fstab: str, mount: Mount, options: Sequence[str]) -> str:
    """The table with a line added for a file system of the kernel, which is remounted at boot.

    systemd-remount-fs.service(8) applies the options of fstab to what systemd itself mounts.
    """
    text = fstab if fstab.endswith("\n") or not fstab else f"{fstab}\n"
    return f"{text}{escaped(mount.type)} {escaped(mount.path)} {mount.type} {','.join(options)} 0 0\n"


def unit_name(path: str) -> str:
    """The name of a path's mount unit: systemd-escape(1)."""
    plain = path.strip("/")
    signs = []
    for place, byte in enumerate(plain.encode()):
        sign = chr(byte)
        allowed = sign.isascii() and (sign.isalnum() or sign in ":_" or (sign == "." and place))
        signs.append("-" if sign == "/" else sign if allowed else f"\\x{byte:02x}")
    return f"{''.join(signs) or '-'}.mount"


def _is_for(fields: Sequence[str], path: str) -> bool:
    return len(fields) > 2 and not fields[0].startswith("#") and unescaped(fields[1]) == path
