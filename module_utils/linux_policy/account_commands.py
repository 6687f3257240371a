# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that bring an account or a group to what is wanted, from what is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .account_items import LocalGroup, User, wanted_groups, wanted_members
from .host import Host
from .model import Item
from .names import locked

Command = tuple[str, ...]
Step = Callable[[Host, Item], Sequence[Command]]


def create(host: Host, item: Item) -> Sequence[Command]:
    """Create a group, or create or change an account."""
    if isinstance(item, LocalGroup):
        new = not item.absent and item.name not in host.names.groups
        return [("groupadd", *(["--system"] if item.system else []), item.name)] if new else []
    assert isinstance(item, User)
    if item.absent:
        return []
    return _change(host, item) if item.name in host.names.accounts else _new(item)


def fill(host: Host, item: Item) -> Sequence[Command]:
    """Set who is in a group, once all accounts are there."""
    if not isinstance(item, LocalGroup) or item.absent or item.members is None:
        return []
    members = wanted_members(host, item)
    group = host.names.groups.get(item.name)
    same = group is not None and sorted(group.members) == list(members)
    return [] if same else [("gpasswd", "--members", ",".join(members), item.name)]


def remove(host: Host, item: Item) -> Sequence[Command]:
    """Remove an account, whose home folder stays, or a group."""
    if isinstance(item, User) and item.absent and item.name in host.names.accounts:
        return [("userdel", item.name)]
    if isinstance(item, LocalGroup) and item.absent and item.name in host.names.groups:
        return [("groupdel", item.name)]
    return []


def _new(item: User) -> Sequence[Command]:
    """An account without password, which is locked; accounts of programs get no home folder."""
    options = ["--system", "--no-create-home"] if item.system else ["--create-home"]
    options += [] if item.shell is None else ["--shell", item.shell]
    options += [] if item.home is None else ["--home-dir", item.home]
    options += [] if item.comment is None else ["--comment", item.comment]
    options += ["--groups", ",".join(item.groups)] if item.groups else []
    return [("useradd", *options, item.name)]


def _change(host: Host, item: User) -> Sequence[Command]:
    now = host.names.accounts[item.name]
    wanted = item.as_account(now)
    options = [] if now.shell == wanted.shell else ["--shell", wanted.shell]
    options += [] if now.comment == wanted.comment else ["--comment", wanted.comment]
    if item.groups is not None and set(wanted_groups(host, item)) != set(host.names.groups_of(item.name)):
        options += ["--groups", ",".join(item.groups)]
    if item.locked is not None and locked(host.system).get(item.name, False) != item.locked:
        options += ["--lock" if item.locked else "--unlock"]
    # the home folder apart: it is refused while the account is in use
    commands = [("usermod", *options, item.name)] if options else []
    return commands if now.home == wanted.home else [*commands, ("usermod", "--home", wanted.home, item.name)]
