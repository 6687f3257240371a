"""Kinds of the engine linux_policy for local users and groups."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import model_validator

from werkplek.policy.fields import AS_TUPLE, matching, shown, unique, wrong
from werkplek.policy.kind import Kind, LinuxKind, Target, Wire
from werkplek.policy.linux_fields import AbsolutePath, AccountName, After, State

# adduser.conf(5): NAME_REGEX, for people.
PERSON = re.compile("[a-z][a-z0-9_-]*")
# Without it no administrator becomes root any more.
LASTING_GROUPS = frozenset({"root", "sudo"})


class User(LinuxKind):
    """A local user. `groups` are exactly the groups besides its own; `locked` is whether its password is locked."""

    lists = ("groups",)

    name: AccountName
    state: State = "present"
    shell: AbsolutePath | None = None
    home: AbsolutePath | None = None
    comment: Annotated[str, matching(r"[^:\r\n]*", "one line of text without ':'")] | None = None
    groups: Annotated[tuple[AccountName, ...], AS_TUPLE, unique("group")] | None = None
    system: bool | None = None
    locked: bool | None = None
    after: After | None = None

    @model_validator(mode="after")
    def _shape(self) -> User:
        given = [
            name
            for name in ("shell", "home", "comment", "groups", "system", "locked")
            if getattr(self, name) is not None
        ]
        if self.state == "absent" and given:
            wrong("only name and after where state is absent", found=f"'{given[0]}' for what should be absent")
        if self.state == "absent" and self.name == "root":
            wrong("another user", found="root, to be absent")
        if self.state == "present" and not self.system and not PERSON.fullmatch(self.name):
            expected = "small letters, digits, '_' and '-', a letter first; or system: true"
            wrong(expected, found=shown(self.name))
        return self

    def target(self) -> Target:
        """The user."""
        return ("user", self.name)

    def absence(self) -> Wire | None:
        """There is no such user."""
        return {"name": self.name, "state": "absent"}


class Group(LinuxKind):
    """A local group, and its members where they are given: exactly these, at least these, or none of these."""

    lists = ("members",)

    name: AccountName
    state: State = "present"
    members: Annotated[tuple[AccountName, ...], AS_TUPLE, unique("member")] | None = None
    mode: Literal["exact", "include", "exclude"] | None = None
    system: bool | None = None

    @model_validator(mode="after")
    def _shape(self) -> Group:
        given = [name for name in ("members", "mode", "system") if getattr(self, name) is not None]
        if self.state == "absent" and given:
            wrong("only name where state is absent", found=f"'{given[0]}' for what should be absent")
        if self.state == "absent" and self.name in LASTING_GROUPS:
            wrong("another group", found=f"{self.name}, to be absent")
        if (self.members is None) != (self.mode is None):
            wrong("members and mode together, or neither", found=f"'{given[0]}' alone")
        if self.members == () and self.mode != "exact":
            wrong("at least one member", found=f"mode {self.mode} without members")
        return self

    def target(self) -> Target:
        """The group."""
        return ("group", self.name)

    def clashes(self, other: Kind) -> bool:
        """Exact members beside any others, a member that one adds and the other removes, or a group that must go."""
        assert isinstance(other, Group)
        if self.state != other.state or "exact" in {self.mode, other.mode}:
            return True
        shared = {*(self.members or ())} & {*(other.members or ())}
        return self.members is None or other.members is None or (self.mode != other.mode and bool(shared))

    def absence(self) -> Wire | None:
        """There is no such group."""
        return {"name": self.name, "state": "absent"}


ACCOUNT_KINDS: Mapping[str, type[LinuxKind]] = {"user": User, "group": Group}
