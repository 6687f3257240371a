"""The kinds of setting of the engine windows_modules: software, optional features and scheduled tasks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, field_validator, model_validator

from werkplek.policy.fields import (
    AS_TUPLE,
    Guid,
    Line,
    Ref,
    Strict,
    matching,
    not_empty,
    one_of,
    shown,
    unique,
    wrong,
)
from werkplek.policy.kind import Kind, Target, Wire
from werkplek.policy.registry_values import check_subkey

LAST_MINUTE = 24 * 60 - 1
# NuGet, "Package ID": letters, digits and _, with single dots and hyphens between them, at most 100 characters.
PACKAGE_NAME = re.compile(r"(?=.{1,100}$)[A-Za-z0-9_]+([.-][A-Za-z0-9_]+)*")
SOURCE = re.compile(r"[^\s;\"'](?:[^\r\n;\"']*[^\s;\"'])?")
USER_IN_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#]*@", re.IGNORECASE)
# Chocolatey, "Version number normalization" (since 2.0.0): three numbers, a fourth unless it is 0, no leading zeros.
VERSION = r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}(\.[1-9]\d*)?(-[0-9A-Za-z]+([.-][0-9A-Za-z]+)*)?"

type State = Literal["present", "absent"]
type Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
type TriggerType = Literal["boot", "logon", "daily", "weekly"]


def _package_name(value: str) -> str:
    if value.casefold() == "all":  # win_chocolatey takes it for every package there is
        wrong("the name of one package")
    return value if PACKAGE_NAME.fullmatch(value) else wrong("a package's name, such as 7zip or adobereader")


def _minutes(value: int) -> int:
    return value if 1 <= value <= LAST_MINUTE else wrong(f"a whole number from 1 to {LAST_MINUTE}")


Minutes = Annotated[int, AfterValidator(_minutes)]


class ModulesKind(Kind):
    """A kind of the `windows_modules` engine."""

    engine = "windows_modules"
    family = "windows"


class Package(ModulesKind):
    """A Chocolatey package, any version of it or exactly one. `source` is where it comes from when it is missing."""

    name: Annotated[str, AfterValidator(_package_name)]
    state: State = "present"
    version: (
        Annotated[
            str,
            matching(VERSION, "a version as 'choco list' shows it: three or four numbers, such as '24.8.0'"),
        ]
        | None
    ) = None
    source: Line | Ref | None = None

    @field_validator("source", mode="plain")
    @classmethod
    def _source(cls, value: object) -> object:
        if not isinstance(value, str):
            return check_subkey(value)  # a reference, or no text
        if not SOURCE.fullmatch(value):
            wrong("one source: an address, a folder, or a name that Chocolatey knows")
        if USER_IN_ADDRESS.match(value):
            wrong("an address without a user name", found="a user name in the address")
        return value

    @model_validator(mode="after")
    def _shape(self) -> Package:
        given = [key for key in ("version", "source") if getattr(self, key) is not None]
        if self.state == "absent" and given:
            wrong(f"no {given[0]} where state is absent", found=f"'{given[0]}' for what should be absent")
        return self

    def wire(self) -> Wire:
        """As `Kind.wire`; a reference stays."""
        fields = {"name": self.name, "state": self.state, "version": self.version, "source": self.source}
        return {key: value for key, value in fields.items() if value is not None}

    def target(self) -> Target:
        """The package."""
        return ("package", self.name.casefold())

    def absence(self) -> Wire | None:
        """No version of the package."""
        return {"name": self.name, "state": "absent"}

    def wanted(self, field: str) -> str | None:
        """See `Kind.wanted`."""
        return "text" if field == "source" else None


class Product(ModulesKind):
    """Software that must not be there: installed by Windows Installer, known by its ProductCode. `name` is for people.

    There is no MSIX here. The module win_package finds and removes MSIX packages of the account that Ansible signs in
    with, and no other user's: it would call compliant what everybody still has.
    """

    code: Guid
    name: Line
    state: Literal["absent"]

    def target(self) -> Target:
        """The product."""
        return ("product", self.code.casefold())

    def absence(self) -> Wire | None:
        """As it is: there is nothing else to want of a product."""
        return self.wire()


class Feature(ModulesKind):
    """A Windows optional feature, by the name that Get-WindowsOptionalFeature lists."""

    name: Annotated[str, matching(r"[A-Za-z0-9][A-Za-z0-9._-]*", "a feature's name, such as SMB1Protocol")]
    state: State = "present"

    def target(self) -> Target:
        """The feature."""
        return ("feature", self.name.casefold())

    def absence(self) -> Wire | None:
        """The feature is off."""
        return {"name": self.name, "state": "absent"}


class Run(Strict):
    """What a task starts."""

    path: Annotated[
        str,
        matching(
            r"([A-Za-z]:|%[A-Za-z][A-Za-z0-9()]*%)(\\[^\\/:*?\"<>|\r\n]+)+",
            r"a full path such as 'C:\Program Files\X\x.exe' or '%SystemRoot%\System32\x.exe'",
        ),
    ]
    arguments: Line | None = None
    directory: Line | None = None


# What a trigger of each type needs and may have.
_TRIGGER_KEYS: dict[TriggerType, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "boot": ((), ("delay_minutes",)),
    "logon": ((), ("delay_minutes",)),
    "daily": (("at",), ("random_delay_minutes",)),
    "weekly": (("at", "days"), ("random_delay_minutes",)),
}


class Trigger(Strict):
    """When a task starts; `at` is the host's local time.

    Task Scheduler can spread the start of `daily` and `weekly` at random over some minutes. After `boot` and `logon` it
    only knows a fixed wait (ILogonTrigger::Delay).
    """

    type: TriggerType
    at: Annotated[str, matching(r"([01]\d|2[0-3]):[0-5]\d", "a time like '09:30'")] | None = None
    days: Annotated[tuple[Day, ...], AS_TUPLE, not_empty("day"), unique("day")] | None = None
    delay_minutes: Minutes | None = None
    random_delay_minutes: Minutes | None = None

    @model_validator(mode="after")
    def _shape(self) -> Trigger:
        needed, optional = _TRIGGER_KEYS[self.type]
        given = [name for name in type(self).model_fields if name != "type" and getattr(self, name) is not None]
        for name in needed:
            if name not in given:
                wrong(f"the key '{name}'", found=f"a {self.type} trigger without '{name}'")
        for name in given:
            if name not in {*needed, *optional}:
                wrong(one_of(["type", *needed, *optional]), found=f"'{name}' in a {self.type} trigger")
        return self


_TASK_NEEDS = ("run", "triggers", "account")


class ScheduledTask(ModulesKind):
    """A task of Task Scheduler. `account` is who it runs as: the system, or each user who is signed in (not elevated).

    It runs on battery power too, and when its time has passed it runs as soon as the workplace is on.
    """

    name: Annotated[
        str,
        matching(
            r"[^\s\\/:*?\"<>|](?:[^\\/:*?\"<>|\r\n]*[^\s\\/:*?\"<>|])?",
            "a task's name, without any of \\ / : * ? \" < > |",
        ),
    ]
    path: Annotated[
        str, matching(r"\\|(\\[^\\/:*?\"<>|\r\n]+)+", r"a folder of tasks that begins with '\', such as '\Werkplek'")
    ] = "\\"
    description: Line | None = None
    run: Run | None = None
    triggers: Annotated[tuple[Trigger, ...], AS_TUPLE] | None = None
    account: Literal["system", "users"] | None = None
    enabled: bool | None = None
    state: State = "present"

    @field_validator("triggers")
    @classmethod
    def _some(cls, value: tuple[Trigger, ...] | None) -> tuple[Trigger, ...] | None:
        return wrong("at least one trigger", found="an empty list") if value == () else value

    @model_validator(mode="after")
    def _shape(self) -> ScheduledTask:
        given = [key for key in (*_TASK_NEEDS, "description", "enabled") if getattr(self, key) is not None]
        if self.state == "absent" and given:
            wrong("only name and path where state is absent", found=f"'{given[0]}' for what should be absent")
        for key in _TASK_NEEDS:
            if self.state == "present" and key not in given:
                wrong(f"the key '{key}' where state is present", found=f"a task without {shown(key)}")
        return self

    def wire(self) -> Wire:
        """As `Kind.wire`; a task that should be there is enabled unless it says otherwise."""
        enabled = {"enabled": True} if self.enabled is None and self.state == "present" else {}
        return {**super().wire(), **enabled}

    def target(self) -> Target:
        """The task in its folder."""
        return ("scheduled_task", f"{self.path.rstrip('\\')}\\{self.name}".casefold())

    def absence(self) -> Wire | None:
        """No task of this name in this folder."""
        return {"name": self.name, "path": self.path, "state": "absent"}


SOFTWARE_KINDS: Mapping[str, type[Kind]] = {
    "package": Package,
    "product": Product,
    "feature": Feature,
    "scheduled_task": ScheduledTask,
}
