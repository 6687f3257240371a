# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts and groups of the host: passwd(5), group(5), shadow(5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .system import System


@dataclass(frozen=True)
class Account:
    """A line of /etc/passwd."""

    name: str
    uid: int
    gid: int
    comment: str
    home: str
    shell: str


@dataclass(frozen=True)
class Group:
    """A line of /etc/group. Accounts that have it as their first group are not among its members."""

    name: str
    gid: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Names:
    """The local accounts and groups, by name."""

    accounts: Mapping[str, Account]
    groups: Mapping[str, Group]

    @classmethod
    def of(cls, system: System) -> Names:
        """Reads both files."""
        accounts = [
            Account(name, int(uid), int(gid), comment, home, shell)
            for name, _, uid, gid, comment, home, shell in _records(system.text("/etc/passwd"), 7)
            if gid.isdigit()
        ]
        groups = [
            Group(name, int(gid), tuple(filter(None, members.split(","))))
            for name, _, gid, members in _records(system.text("/etc/group"), 4)
        ]
        return cls({one.name: one for one in accounts}, {one.name: one for one in groups})

    def groups_of(self, account: str) -> tuple[str, ...]:
        """The groups that the account is a member of, sorted, without its first group."""
        return tuple(sorted(group.name for group in self.groups.values() if account in group.members))

    def first_group(self, account: str) -> str | None:
        """The name of the account's first group."""
        gid = self.accounts[account].gid if account in self.accounts else None
        return next((group.name for group in self.groups.values() if group.gid == gid), None)


def _records(text: str | None, fields: int) -> Iterator[list[str]]:
    """Lines with this many fields, the third a number; NIS entries (+::) and damaged lines are passed over."""
    for line in (text or "").splitlines():
        record = line.split(":")
        if len(record) == fields and record[2].isdigit():
            yield record


def locked(system: System) -> Mapping[str, bool]:
    """For each account with an entry in /etc/shadow whether no password opens it."""
    records = [line.split(":") for line in (system.text("/etc/shadow") or "").splitlines()]
    return {record[0]: record[1].startswith(("!", "*")) for record in records if len(record) > 1}
