"""The kinds of setting: the first of the engine windows_policy, and the list of all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import ValidationInfo, field_validator, model_validator

from werkplek.policy.fields import (
    AS_TUPLE,
    Guid,
    Line,
    Ref,
    Sid,
    matching,
    nearest,
    one_of,
    shown,
    unique,
    wrong,
)
from werkplek.policy.kind import Kind, Target, WindowsKind, Wire
from werkplek.policy.linux_accounts import ACCOUNT_KINDS
from werkplek.policy.linux_desktop import DESKTOP_KINDS
from werkplek.policy.linux_files import FILE_KINDS
from werkplek.policy.linux_system import SYSTEM_KINDS
from werkplek.policy.network_lines import LINE_KINDS
from werkplek.policy.network_services import SERVICE_KINDS
from werkplek.policy.registry_values import (
    SCALARS,
    Path,
    ValueType,
    check_data,
    check_list,
    check_name,
    check_subkey,
    wanted_for,
)
from werkplek.policy.windows_software import SOFTWARE_KINDS
from werkplek.policy.windows_trust import TRUST_KINDS

SHALLOWEST_REMOVED_KEY = 3
# Microsoft, "Naming conventions for user accounts": sAMAccountName.
ACCOUNT_NAME = re.compile(r"[^\"\[\]:;|=,+*?<>/\\\s]([^\"\[\]:;|=,+*?<>/\\\x00-\x1f]{0,18}[^\"\[\]:;|=,+*?<>/\\\s])?")


class Registry(WindowsKind):
    """A value, a key, or a numbered list below HKLM:\\ or HKCU:\\ (every user's hive and the default profile)."""

    lists = ("list", "data")

    path: Path
    subkey: Line | Ref | None = None
    name: str | Ref | None = None
    type: ValueType | None = None
    data: object = None
    list: object = None
    state: Literal["present", "absent"] = "present"

    _subkey = field_validator("subkey", mode="plain")(check_subkey)
    _name = field_validator("name", mode="plain")(check_name)
    _list = field_validator("list", mode="plain")(check_list)

    @field_validator("data", mode="plain")
    @classmethod
    def _data(cls, value: object, info: ValidationInfo) -> object:
        kind = info.data.get("type")
        return check_data(kind, value) if kind else value

    @model_validator(mode="after")
    def _shape(self) -> Registry:
        given = [key for key in ("name", "type", "data", "list") if getattr(self, key) is not None]
        if self.list is not None and (len(given) > 1 or self.state == "absent"):
            wrong("'list' alone: it stands for all values of the key", found="'list' beside other fields")
        if self.state == "absent" and ("type" in given or "data" in given):
            wrong("no type and no data where state is absent", found="a value for what should be absent")
        if self.state == "absent" and self.is_key() and self.key().count("\\") < SHALLOWEST_REMOVED_KEY:
            wrong(
                f"a path at least {SHALLOWEST_REMOVED_KEY} keys deep where the whole key is to go",
                found=shown(self.key()),
            )
        if self.state == "present" and self.list is None:
            self._check_value()
        return self

    def _check_value(self) -> None:
        if self.name is None and (self.type is not None or self.data is not None):
            wrong("the value's name ('' is the key's default value)", found="a value without a name")
        if self.name is not None and self.type is None:
            wrong("the value's type, " + one_of(SCALARS), found="a value without a type")
        if self.type == "none" and self.data is not None:
            wrong("no data with type none", found="data")
        if self.type not in {None, "none"} and self.data is None:
            wrong(f"data of type {self.type}", found="a value without data")

    def key(self) -> str:
        """The whole key: `path` with `subkey` joined."""
        return self.path if self.subkey is None else f"{self.path}\\{self.subkey}"

    def wire(self) -> Wire:
        """As `Kind.wire`, with `subkey` as a part of `path`: the engine knows one path."""
        fields = {"name": self.name, "type": self.type, "data": self.data, "list": self.list, "state": self.state}
        path = self.path if self.subkey is None else (self.path + "\\", self.subkey)
        return {"path": path, **{key: value for key, value in fields.items() if value is not None}}

    def target(self) -> Target:
        """The key."""
        return ("registry", self.key().casefold())

    def is_key(self) -> bool:
        """Whether the setting is about the key itself, not about values in it."""
        return self.name is None and self.list is None

    def clashes(self, other: Kind) -> bool:
        """The same value twice, a value beside a list that owns all values, or anything in a key that must go."""
        assert isinstance(other, Registry)
        if self.is_key() or other.is_key():
            return self.is_key() == other.is_key() or "absent" in {one.state for one in (self, other) if one.is_key()}
        if self.name is None or other.name is None:
            return True
        return str(self.name).casefold() == str(other.name).casefold()

    def absence(self) -> Wire | None:
        """The value is absent, or the key where the setting is about a key or a whole list."""
        place = {"path": self.path, "subkey": self.subkey, "name": self.name, "state": "absent"}
        return {key: value for key, value in place.items() if value is not None}

    def wanted(self, field: str) -> str | None:
        """See `Kind.wanted`; what `data` takes follows from `type`."""
        return {"subkey": "text", "name": "text", "list": "list of texts", "data": wanted_for(self.type)}.get(field)


class Service(WindowsKind):
    """Start mode of a service and, optionally, whether it runs."""

    name: Annotated[str, matching(r"[^\s/\\][^/\\]{0,255}", "a service's short name, such as RemoteRegistry")]
    start: Literal["automatic", "delayed", "manual", "disabled"]
    status: Literal["running", "stopped"] | None = None

    @model_validator(mode="after")
    def _possible(self) -> Service:
        if self.start == "disabled" and self.status == "running":
            wrong("another start mode, or status stopped", found="a disabled service that should run")
        return self

    def target(self) -> Target:
        """The service."""
        return ("service", self.name.casefold())


class UserRight(WindowsKind):
    """The accounts that hold a user right: exactly these."""

    lists = ("members",)

    right: Annotated[
        str, matching(r"Se[A-Z][A-Za-z]+(Privilege|Right)", "a name like SeTcbPrivilege or SeNetworkLogonRight")
    ]
    members: Annotated[tuple[Sid, ...], AS_TUPLE, unique("member")]

    def target(self) -> Target:
        """The right."""
        return ("user_right", self.right.casefold())


# Keys of [System Access] with their range, None for text: MS-GPSB 2.2.1.1 to 2.2.1.3. AllowAdministratorLockout is
# newer (KB5020282); lengths over 14 are allowed since Windows 10 2004 (RelaxMinimumPasswordLengthLimits).
ACCOUNT_POLICIES: Mapping[str, tuple[int, int] | None] = {
    "AllowAdministratorLockout": (0, 1),
    "ClearTextPassword": (0, 1),
    "LockoutBadCount": (0, 999),
    "LockoutDuration": (-1, 99999),
    "MaximumPasswordAge": (-1, 999),
    "MinimumPasswordAge": (0, 998),
    "MinimumPasswordLength": (0, 128),
    "PasswordComplexity": (0, 1),
    "PasswordHistorySize": (0, 24),
    "RequireLogonToChangePassword": (0, 1),
    "ResetLockoutCount": (0, 99999),
}
SECURITY_OPTIONS: Mapping[str, tuple[int, int] | None] = {
    "EnableAdminAccount": (0, 1),
    "EnableGuestAccount": (0, 1),
    "ForceLogoffWhenHourExpire": (0, 1),
    "LSAAnonymousNameLookup": (0, 1),
    "NewAdministratorName": None,
    "NewGuestName": None,
}


class SystemAccess(WindowsKind):
    """A key of secedit's section [System Access]."""

    keys: ClassVar[Mapping[str, tuple[int, int] | None]]
    name: str
    data: int | str

    @field_validator("name")
    @classmethod
    def _known(cls, name: str) -> str:
        return name if name in cls.keys else wrong(one_of(cls.keys), remedy=nearest(name, cls.keys))

    @field_validator("data", mode="plain")
    @classmethod
    def _in_range(cls, data: object, info: ValidationInfo) -> object:
        if (name := info.data.get("name")) is None:
            return data
        if (limits := cls.keys[name]) is None:
            valid = isinstance(data, str) and ACCOUNT_NAME.fullmatch(data) is not None
            return data if valid else wrong("an account name of 1 to 20 characters")
        low, high = limits
        valid = isinstance(data, int) and not isinstance(data, bool) and low <= data <= high
        return data if valid else wrong(f"a whole number from {low} to {high}")

    def target(self) -> Target:
        """The key."""
        return ("system access", self.name.casefold())


class AccountPolicy(SystemAccess):
    """Password and lockout policy."""

    keys = ACCOUNT_POLICIES


class SecurityOption(SystemAccess):
    """Security options that secedit keeps beside the account policy."""

    keys = SECURITY_OPTIONS


class Audit(WindowsKind):
    """What an audit subcategory records: exactly these events. `name` is its English name, for people."""

    lists = ("events",)

    subcategory: Guid
    name: Line
    events: Annotated[tuple[Literal["success", "failure"], ...], AS_TUPLE, unique("event")]

    def target(self) -> Target:
        """The subcategory."""
        return ("audit", self.subcategory.casefold())


class LocalGroup(WindowsKind):
    """Members of a local group: exactly these, at least these (include), or none of these (exclude)."""

    lists = ("members",)

    group: Line
    members: Annotated[tuple[Line, ...], AS_TUPLE, unique("member")]
    mode: Literal["exact", "include", "exclude"]

    @model_validator(mode="after")
    def _does_something(self) -> LocalGroup:
        if not self.members and self.mode != "exact":
            wrong("at least one member", found=f"mode {self.mode} without members")
        return self

    def target(self) -> Target:
        """The group."""
        return ("local_group", self.group.casefold())

    def clashes(self, other: Kind) -> bool:
        """Exact members beside any other list, or a member that one setting adds and the other removes."""
        assert isinstance(other, LocalGroup)
        if "exact" in {self.mode, other.mode}:
            return True
        shared = {member.casefold() for member in self.members} & {member.casefold() for member in other.members}
        return self.mode != other.mode and bool(shared)


KINDS: Mapping[str, type[Kind]] = {
    "registry": Registry,
    "service": Service,
    "user_right": UserRight,
    "security_option": SecurityOption,
    "account_policy": AccountPolicy,
    "audit": Audit,
    "local_group": LocalGroup,
    **TRUST_KINDS,
    **SOFTWARE_KINDS,
    **SYSTEM_KINDS,
    **FILE_KINDS,
    **ACCOUNT_KINDS,
    **DESKTOP_KINDS,
    **SERVICE_KINDS,
    **LINE_KINDS,
}
