# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What settings of the kinds user and group want, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .fields import Fields
from .host import Host
from .model import Item
from .names import Account

_NAME = r"[A-Za-z_][A-Za-z0-9_.-]{0,31}"  # adduser.conf(5), SYS_NAME_REGEX; useradd(8): at most 32 characters
_MEMBER = r"[A-Za-z0-9_][A-Za-z0-9_.@\\-]*\$?"  # members can be accounts of a directory
_PATH = r"/[^\x00-\x1f:]*"
_NO_SHELL = ("nologin", "false", "true")
ADMIN_GROUP = "sudo"


@dataclass(frozen=True)
class User:
    """A local account. What is None stays as it is."""

    name: str
    absent: bool
    shell: str | None
    home: str | None
    comment: str | None
    groups: tuple[str, ...] | None
    system: bool
    locked: bool | None

    @property
    def decides(self) -> tuple[str, ...]:
        """The account."""
        return (f"user {self.name}",)

    def as_account(self, now: Account | None) -> Account:
        """The account as it should be."""
        old = now or Account(self.name, -1, -1, "", "", "")
        return Account(
            self.name,
            old.uid,
            old.gid,
            old.comment if self.comment is None else self.comment,
            old.home if self.home is None else self.home,
            old.shell if self.shell is None else self.shell,
        )


@dataclass(frozen=True)
class LocalGroup:
    """A local group and its members. What is None stays as it is."""

    name: str
    absent: bool
    members: tuple[str, ...] | None
    mode: str
    system: bool

    @property
    def whole(self) -> bool:
        """Whether no other setting can say anything of the group, such as that it has one member more."""
        return self.absent or self.members is None or self.mode == "exact"

    @property
    def decides(self) -> tuple[str, ...]:
        """Nothing that is told by itself: see rivals.py."""
        return ()


def parse_user(fields: Fields) -> Item:
    """`name`, and what should be of the account."""
    name = fields.text("name", _NAME, "an account's name")
    absent = fields.choice("state", "present", "absent", default="present") == "absent"
    user = User(
        name,
        absent,
        fields.optional("shell", _PATH, "an absolute path"),
        fields.optional("home", _PATH, "an absolute path"),
        fields.optional("comment", r"[^\x00-\x1f:]*", "a text of one line without colon"),
        fields.texts("groups", _NAME, "a group's name"),
        fields.flag("system"),
        fields.optional_flag("locked"),
    )
    _nothing_else(fields, ("shell", "home", "comment", "groups", "system", "locked"), absent=absent)
    if absent and name == "root":
        fields.wrong("name", "another account where state is absent: root is never removed")
    return user


def parse_group(fields: Fields) -> Item:
    """`name`, and who should be in the group."""
    name = fields.text("name", _NAME, "a group's name")
    absent = fields.choice("state", "present", "absent", default="present") == "absent"
    members = fields.texts("members", _MEMBER, "an account's name")
    mode = fields.choice("mode", "exact", "include", "exclude", default="exact")
    group = LocalGroup(name, absent, members, mode, fields.flag("system"))
    _nothing_else(fields, ("members", "mode", "system"), absent=absent)
    if members is None and fields.has("mode"):
        fields.wrong("mode", "no mode without members")
    return group


def user_text(item: User, account: Account, groups: Iterable[str], *, locked: bool) -> str:
    """An account as text, of it what the setting asks for."""
    parts = ["present"]
    parts += [f"shell {account.shell}"] if item.shell is not None else []
    parts += [f"home {account.home}"] if item.home is not None else []
    parts += [f"comment {account.comment or 'none'}"] if item.comment is not None else []
    parts += [f"groups {' '.join(sorted(groups)) or 'none'}"] if item.groups is not None else []
    parts += ["locked" if locked else "not locked"] if item.locked is not None else []
    return ", ".join(parts)


def group_text(item: LocalGroup, members: Iterable[str]) -> str:
    """A group as text, of it what the setting asks for."""
    return "present" if item.members is None else f"members {' '.join(sorted(members)) or 'none'}"


def wanted_groups(host: Host, item: User) -> tuple[str, ...]:
    """The groups that the account should be a member of, without its first group, in which it is anyway."""
    first = host.names.first_group(item.name)
    listed = host.names.groups_of(item.name)
    return tuple(group for group in item.groups or () if group != first or group in listed)


def wanted_members(host: Host, item: LocalGroup) -> tuple[str, ...]:
    """Who should be listed in the group, sorted."""
    group = host.names.groups.get(item.name)
    now, asked = set(group.members if group else ()), set(item.members or ())
    wanted = {"exact": asked, "include": now | asked, "exclude": now - asked}[item.mode]
    return tuple(sorted(wanted))


def refusal(host: Host, item: User | LocalGroup) -> str:
    """Why the setting would shut out the account that this run came in with; empty where it would not."""
    account = host.session.account
    if account is None:
        return ""
    if isinstance(item, LocalGroup):
        stays = item.members is None or account in wanted_members(host, item)
        lost = item.name == ADMIN_GROUP and account in _members(host) and not stays
        return f"{account} would lose the group {ADMIN_GROUP}" if lost else ""
    return _user_refusal(host, item) if item.name == account else ""


def _user_refusal(host: Host, item: User) -> str:
    if item.absent:
        return f"it signed in as {item.name}"
    if item.shell and item.shell.rpartition("/")[2] in _NO_SHELL:
        return f"it signed in as {item.name}, who would have no shell"
    if item.groups is not None and item.name in _members(host) and ADMIN_GROUP not in item.groups:
        return f"{item.name} would lose the group {ADMIN_GROUP}"
    return ""


def _members(host: Host) -> Sequence[str]:
    group = host.names.groups.get(ADMIN_GROUP)
    return group.members if group else ()


def _nothing_else(fields: Fields, names: Sequence[str], *, absent: bool) -> None:
    for name in names:
        if absent and fields.has(name):
            fields.wrong(name, f"no {name} where state is absent")
