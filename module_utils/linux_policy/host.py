# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host with what is known of it, looked up once until something is written."""

from __future__ import annotations

from .names import Names
from .session import Session
from .system import System
from .unit_states import UnitStates


class Host:
    """What keepers share in a call."""

    def __init__(self, system: System, *, check: bool = False) -> None:
        self.system = system
        self.check = check
        self.units = UnitStates(system)
        # what the SSH server's drop-in held before this call replaced it; none where it did not
        self.ssh_before: tuple[bytes | None] | None = None
        self._names: Names | None = None
        self._session: Session | None = None

    @property
    def names(self) -> Names:
        """The local accounts and groups."""
        if self._names is None:
            self._names = Names.of(self.system)
        return self._names

    @property
    def session(self) -> Session:
        """How this run came in."""
        if self._session is None:
            self._session = Session.of(self.system, self.names)
        return self._session

    def forget(self) -> None:
        """Something was written: look again."""
        self._names = None
        self.units.forget()

    def uid(self, account: str) -> int | None:
        """The number of an account, local or of a directory; a number stands for itself."""
        local = self.names.accounts.get(account)
        return local.uid if local else self._number("passwd", account)

    def gid(self, group: str) -> int | None:
        """The number of a group, local or of a directory; a number stands for itself."""
        local = self.names.groups.get(group)
        return local.gid if local else self._number("group", group)

    def account_of(self, uid: int) -> str:
        """The local account's name, or the number."""
        return next((one.name for one in self.names.accounts.values() if one.uid == uid), str(uid))

    def group_of(self, gid: int) -> str:
        """The local group's name, or the number."""
        return next((one.name for one in self.names.groups.values() if one.gid == gid), str(gid))

    def groups_of(self, account: str) -> tuple[str, ...]:
        """All groups that an account is in, local or of a directory."""
        if account in self.names.accounts:
            first = self.names.first_group(account)
            return (*self.names.groups_of(account), *([first] if first else []))
        return tuple(self.system.look("id", "-Gn", "--", account).out.split())

    def home_of(self, account: str) -> str | None:
        """The home folder of an account, local or of a directory."""
        local = self.names.accounts.get(account)
        fields = [] if local else self.system.look("getent", "passwd", account).out.split(":")
        return local.home if local else fields[5] if len(fields) > 5 else None

    def _number(self, database: str, name: str) -> int | None:
        if name.isdigit():
            return int(name)
        done = self.system.look("getent", database, name)
        fields = done.out.split(":")
        return int(fields[2]) if done.code == 0 and len(fields) > 2 and fields[2].isdigit() else None
