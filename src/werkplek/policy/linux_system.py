"""Kinds of the engine linux_policy about the system: packages, units, kernel, mounts, audit rules, timers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, model_validator

from werkplek.policy.fields import Line, matching, shown, wrong
from werkplek.policy.kind import Kind, LinuxKind, Target, Wire
from werkplek.policy.linux_fields import AccountName, MountPoint, State, Unit

# What a run itself stands on: it signs in by SSH, becomes root by sudo, and works in Python.
LASTING_PACKAGES = frozenset({"openssh-server", "python3", "sudo", "systemd"})
LASTING_UNITS = frozenset({"ssh.service"})
LONGEST_DELAY = 7 * 24 * 3600


class DebPackage(LinuxKind):
    """A Debian package, any version; absent is purged."""

    # Debian Policy 5.6.1
    name: Annotated[str, matching(r"[a-z0-9][a-z0-9+.-]+", "a package's name, such as openssh-server")]
    state: State = "present"

    @model_validator(mode="after")
    def _can_go(self) -> DebPackage:
        if self.state == "absent" and self.name in LASTING_PACKAGES:
            wrong("a package that a run can do without", found=f"{self.name}, to be absent")
        return self

    def target(self) -> Target:
        """The package."""
        return ("deb_package", self.name)

    def absence(self) -> Wire | None:
        """The package is purged."""
        return {"name": self.name, "state": "absent"}


class SystemdUnit(LinuxKind):
    """Whether a unit starts by itself and, optionally, whether it runs."""

    name: Unit
    enabled: Literal["enabled", "disabled", "masked"]
    status: Literal["running", "stopped"] | None = None

    @model_validator(mode="after")
    def _possible(self) -> SystemdUnit:
        if self.enabled == "masked" and self.status == "running":
            wrong("enabled or disabled, or status stopped", found="a masked unit that should run")
        if self.name in LASTING_UNITS and (self.enabled != "enabled" or self.status == "stopped"):
            wrong("a unit that a run can do without", found=f"{self.name}, to be off")
        return self

    def target(self) -> Target:
        """The unit."""
        return ("systemd_unit", self.name)


class Sysctl(LinuxKind):
    """A kernel parameter, now and after a restart."""

    name: Annotated[str, matching(r"[a-z][a-z0-9_-]*(\.[A-Za-z0-9_/-]+)+", "a name such as net.ipv4.ip_forward")]
    value: Line

    def target(self) -> Target:
        """The parameter."""
        return ("sysctl", self.name)


class KernelModule(LinuxKind):
    """A module that the kernel never loads, or always at boot."""

    name: Annotated[str, matching(r"[A-Za-z0-9][A-Za-z0-9_-]*", "a module's name, such as usb_storage")]
    state: Literal["blocked", "loaded"]

    def target(self) -> Target:
        """The module; modprobe(8): '-' and '_' are the same in a name."""
        return ("kernel_module", self.name.replace("-", "_"))


class MountOption(LinuxKind):
    """An option of a mounted file system, now and after a restart."""

    path: MountPoint
    option: Annotated[str, matching(r"[a-z][a-z0-9_-]*(=[^\s,]+)?", "one mount option, such as nodev")]
    state: State = "present"

    def target(self) -> Target:
        """The mount point."""
        return ("mount_option", self.path)

    def clashes(self, other: Kind) -> bool:
        """The same option, its opposite, or another value of it."""
        assert isinstance(other, MountOption)
        return self._about() == other._about()

    def _about(self) -> str:
        return self.option.partition("=")[0].removeprefix("no")

    def absence(self) -> Wire | None:
        """The file system does not have the option."""
        return {"path": self.path, "option": self.option, "state": "absent"}


class AuditRule(LinuxKind):
    """A rule of the kernel's audit: a watch (-w) or a rule about calls (-a), as auditctl(8) takes it."""

    rule: Annotated[str, matching(r"-[wa] \S([^\r\n]*\S)?", "one rule that begins with '-w ' or '-a '")]

    def target(self) -> Target:
        """The rule itself."""
        return ("audit_rule", " ".join(self.rule.split()))


def _seconds(value: int) -> int:
    return value if 0 < value <= LONGEST_DELAY else wrong(f"a whole number of seconds from 1 to {LONGEST_DELAY}")


_TIMER_NEEDS = ("on_calendar", "command", "description")
_TIMER_MAY = ("user", "persistent", "randomized_delay")


class Timer(LinuxKind):
    """A command that systemd runs at set times (systemd.time(7)), as root or as `user`.

    Unless `persistent` is false it runs as soon as the workplace is on when its time has passed.
    """

    name: Annotated[str, matching(r"[a-z0-9]+(-[a-z0-9]+)*", "small letters, digits and single hyphens")]
    on_calendar: Line | None = None
    command: (
        Annotated[str, matching(r"/[^\s/]+(/[^\s/]+)*( \S+)*", "a program's whole path, and its arguments")] | None
    ) = None
    description: Line | None = None
    user: AccountName | None = None
    persistent: bool | None = None
    randomized_delay: Annotated[int, AfterValidator(_seconds)] | None = None
    state: State = "present"

    @model_validator(mode="after")
    def _shape(self) -> Timer:
        given = [name for name in (*_TIMER_NEEDS, *_TIMER_MAY) if getattr(self, name) is not None]
        if self.state == "absent" and given:
            wrong("only name where state is absent", found=f"'{given[0]}' for what should be absent")
        for name in _TIMER_NEEDS:
            if self.state == "present" and name not in given:
                wrong(f"the key '{name}' where state is present", found=f"a timer without {shown(name)}")
        return self

    def target(self) -> Target:
        """The timer."""
        return ("timer", self.name)

    def absence(self) -> Wire | None:
        """There is no such timer."""
        return {"name": self.name, "state": "absent"}


SYSTEM_KINDS: Mapping[str, type[LinuxKind]] = {
    "deb_package": DebPackage,
    "systemd_unit": SystemdUnit,
    "sysctl": Sysctl,
    "kernel_module": KernelModule,
    "mount_option": MountOption,
    "audit_rule": AuditRule,
    "timer": Timer,
}
