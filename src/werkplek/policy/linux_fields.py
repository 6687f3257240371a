"""Checked field types of the Linux kinds: paths, names, units, texts, and what a change sets off."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, PlainValidator

from werkplek.policy.fields import (
    AS_TUPLE,
    Ref,
    SecretRef,
    check_ref,
    check_secret,
    matching,
    not_empty,
    one_of,
    shown,
    unique,
    wrong,
)

type State = Literal["present", "absent"]

# What the kernel, the boot or people themselves make; and the keys that administrators come in with.
OUT_OF_REACH = ("/proc", "/sys", "/dev", "/run", "/var/run", "/home", "/root/.ssh")
ACCOUNT_FILES = frozenset(
    f"/etc/{name}{backup}"
    for name in ("passwd", "shadow", "group", "gshadow", "subuid", "subgid")
    for backup in ("", "-")
)
# Files that another kind writes whole, or line by line in its own way.
KEPT_FILES: Mapping[str, str] = {
    "/etc/audit/rules.d/60-werkplek.rules": "audit_rule",
    "/etc/dconf/db/local.d/60-werkplek": "dconf",
    "/etc/dconf/db/local.d/locks/60-werkplek": "dconf",
    "/etc/dconf/profile/user": "dconf",
    "/etc/default/locale": "locale",
    "/etc/fstab": "mount_option",
    "/etc/locale.gen": "locale",
    "/etc/localtime": "timezone",
    "/etc/modprobe.d/60-werkplek.conf": "kernel_module",
    "/etc/modules-load.d/60-werkplek.conf": "kernel_module",
    "/etc/ssh/sshd_config.d/00-werkplek.conf": "sshd_option",
    "/etc/sysctl.d/60-werkplek.conf": "sysctl",
    "/etc/timezone": "timezone",
}
KEPT_TIMERS = re.compile(r"/etc/systemd/system/werkplek-[^/]+\.(service|timer)")
# systemd.unit(5): letters, digits, ':', '-', '_', '.', '\', an instance after '@'; at most 255 characters.
UNIT = r"(?=.{1,255}$)[A-Za-z0-9:_.\\-]+(@[A-Za-z0-9:_.\\-]+)?\.(service|socket|target|timer|path|mount|automount|swap)"
_AFTER_UNIT = re.compile(f"(restart|reload) (?:{UNIT})")
_SSH_RESTARTS = ("restart ssh.service", "restart sshd.service")
_AFTER_WORDS = (
    "update-grub",
    "update-initramfs",
    "update-ca-certificates",
    "pam-auth-update",
    "udev-reload",
    "reboot",
)


def is_normal(path: str) -> bool:
    """Whether a path is absolute, and the shortest way to write what it names."""
    parts = path.split("/")
    return parts[0] == "" and len(parts) > 1 and not {"", ".", ".."} & {*parts[1:]} and path.isprintable()


def _path(value: str) -> str:
    return value if is_normal(value) else wrong("an absolute path in its shortest form, such as /etc/issue")


def _mount_point(value: str) -> str:
    return value if value == "/" else _path(value)


def _file_path(value: str) -> str:
    _path(value)
    for folder in OUT_OF_REACH:
        if value == folder or value.startswith(f"{folder}/"):
            wrong(f"a path outside {folder}")
    return value


def check_writable(path: str) -> None:
    """Refuses a file whose content or existence is not for the kinds `file` and `config_line` to decide."""
    if path in ACCOUNT_FILES:
        wrong("owner, group and mode at most: accounts have the kinds user and group", found=shown(path), at=("path",))
    kind = "timer" if KEPT_TIMERS.fullmatch(path) else KEPT_FILES.get(path)
    if kind:
        wrong(f"owner, group and mode at most: the kind {kind} writes this file", found=shown(path), at=("path",))


def check_text(value: object) -> str | Ref:
    """One line of text, or a reference to it."""
    if isinstance(value, dict):
        return check_ref(value)
    if not isinstance(value, str):
        remedy = f"Put it in quotes: '{value}'." if type(value) in {int, float} else ""
        wrong("text or {from: ...}", remedy=remedy)
    if not value.isprintable() or value != value.strip():
        wrong("one line of text without spaces around it")
    return value


def check_some_text(value: object) -> str | Ref:
    """As `check_text`, but not empty."""
    return check_text(value) or wrong("a text that is not empty")


def check_hidden_text(value: object) -> str | Ref | SecretRef:
    """As `check_text`; it can be a secret too."""
    return check_secret(value) if isinstance(value, dict) and "secret" in value else check_text(value)


def check_content(value: object) -> str | Ref | SecretRef:
    """A file's content: any text, a reference to it, or a secret."""
    if isinstance(value, dict):
        return check_secret(value) if "secret" in value else check_ref(value)
    if not isinstance(value, str):
        wrong("text, {from: ...} or {secret: ...}")
    return value if "\r" not in value else wrong("lines that end as Linux ends them", found="a carriage return")


def _mode(value: object) -> str:
    # 0640 without quotes would be the number 640, or 416
    valid = isinstance(value, str) and re.fullmatch("[0-7]{4}", value)
    return str(value) if valid else wrong("four octal digits in quotes, such as '0640'")


def _after(value: str) -> str:
    if value in _SSH_RESTARTS:
        wrong("reload ssh.service: a restart could end what it cannot bring back")
    if value in _AFTER_WORDS or _AFTER_UNIT.fullmatch(value):
        return value
    return wrong(one_of(["restart <unit>", "reload <unit>", *_AFTER_WORDS]))


AbsolutePath = Annotated[str, AfterValidator(_path)]
MountPoint = Annotated[str, AfterValidator(_mount_point)]
FilePath = Annotated[str, AfterValidator(_file_path)]
Mode = Annotated[str, PlainValidator(_mode)]
Unit = Annotated[str, matching(UNIT, "a unit's whole name, such as cron.service")]
After = Annotated[tuple[Annotated[str, AfterValidator(_after)], ...], AS_TUPLE, not_empty("entry"), unique("entry")]
# adduser.conf(5): SYS_NAME_REGEX; useradd(8): at most 32 characters.
AccountName = Annotated[
    str,
    matching(r"[A-Za-z_][A-Za-z0-9_-]{0,31}", "an account's name: letters, digits, '_' and '-', a letter or '_' first"),
]
