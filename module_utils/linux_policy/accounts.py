# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds user and group: local accounts, groups, and who is in which. useradd(8), usermod(8), gpasswd(1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from . import account_commands
from .account_items import LocalGroup, User, group_text, refusal, user_text, wanted_groups, wanted_members
from .host import Host
from .keeper import Keeper, each
from .model import ABSENT, HostError, Lack, Reading, Readings, Setting, Written, describe
from .names import locked


class Accounts(Keeper):
    """All groups and users: groups first, then users, then who is in the groups; what goes, goes last."""

    def read(self, host: Host) -> Readings:
        """Reads passwd, group and, where a password lock is asked for, shadow."""
        users = [setting.item for setting in self.settings if isinstance(setting.item, User)]
        locks = locked(host.system) if any(user.locked is not None for user in users) else {}
        items = [setting.item for setting in self.settings if not setting.waived]
        coming = _Coming(
            frozenset(item.name for item in items if isinstance(item, User) and not item.absent),
            frozenset(item.name for item in items if isinstance(item, LocalGroup) and not item.absent),
        )
        return each(self.settings, lambda setting: _reading(host, setting, locks, coming))

    def write(self, host: Host, due: Sequence[Setting]) -> Written:
        """One command for each account or group, and one for the members of a group."""
        written = Written()
        groups_first = sorted(due, key=lambda setting: isinstance(setting.item, User))
        steps = (
            (account_commands.create, groups_first),
            (account_commands.fill, groups_first),
            (account_commands.remove, groups_first[::-1]),
        )
        for step, settings in steps:
            for setting in settings:
                _run(host, setting, step, written)
            host.forget()
        return written


class _Coming(NamedTuple):
    """The accounts and groups that other settings of this request see to."""

    users: frozenset[str]
    groups: frozenset[str]


def _run(host: Host, setting: Setting, step: account_commands.Step, written: Written) -> None:
    if setting.id in written.failed:
        return
    try:
        for command in step(host, setting.item):
            done = host.system.act(*command)
            if done.code:
                raise HostError(f"{command[0]}: {done.said}")
        host.forget()
    except (HostError, OSError) as error:
        written.failed[setting.id] = describe(error)


def _reading(host: Host, setting: Setting, locks: Mapping[str, bool], coming: _Coming) -> Reading:
    item = setting.item
    if isinstance(item, User):
        return _user(host, item, locks, coming)
    assert isinstance(item, LocalGroup)
    return _group(host, item, coming)


def _user(host: Host, item: User, locks: Mapping[str, bool], coming: _Coming) -> Reading:
    account = host.names.accounts.get(item.name)
    groups = host.names.groups_of(item.name)
    now = user_text(item, account, groups, locked=locks.get(item.name, False)) if account else ABSENT
    if item.absent:
        reason = refusal(host, item) if account else ""
        return Reading("present" if account else ABSENT, ABSENT, ok=account is None, lack=_refused(reason))
    wanted = user_text(item, item.as_account(account), wanted_groups(host, item), locked=bool(item.locked))
    lack = None if now == wanted else _refused(refusal(host, item)) or _missing(host, item, coming)
    return Reading(now, wanted, ok=now == wanted, lack=lack)


def _refused(reason: str) -> Lack | None:
    return Lack(f"this would end the access of this run: {reason}", "failed") if reason else None


def _missing(host: Host, item: User, coming: _Coming) -> Lack | None:
    groups = [group for group in item.groups or () if group not in host.names.groups and group not in coming.groups]
    if groups:
        return Lack(f"there is no group {groups[0]}", "failed", supplied_by=("deb_package",))
    if item.shell and host.system.entry(item.shell) is None:
        return Lack(f"there is no shell {item.shell}", "failed", supplied_by=("deb_package", "file"))
    return None


def _group(host: Host, item: LocalGroup, coming: _Coming) -> Reading:
    group = host.names.groups.get(item.name)
    if item.absent:
        return Reading("present" if group else ABSENT, ABSENT, ok=group is None)
    now = group_text(item, group.members) if group else ABSENT
    wanted = group_text(item, wanted_members(host, item))
    lack = None if now == wanted else _refused(refusal(host, item)) or _unknown_member(host, item, coming)
    return Reading(now, wanted, ok=now == wanted, lack=lack)


def _unknown_member(host: Host, item: LocalGroup, coming: _Coming) -> Lack | None:
    if item.mode == "exclude":
        return None
    members = [member for member in item.members or () if member not in coming.users]
    unknown = [member for member in members if host.uid(member) is None]
    return Lack(f"there is no account {unknown[0]}", "failed", supplied_by=("deb_package",)) if unknown else None
