# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind deb_package: a package of Debian, installed or not. What dpkg says decides; apt-get does the work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from .apt import Apt
from .fields import Fields
from .host import Host
from .keeper import Keeper, each
from .model import ABSENT, Item, Lack, Reading, Readings, Setting, Written

_STATUS = "/var/lib/dpkg/status"
_NAME = r"[a-z0-9][a-z0-9+.-]+"  # Debian Policy, 5.6.7
KEPT = ("openssh-server", "sudo", "python3", "systemd")  # what the next run needs


@dataclass(frozen=True)
class Package:
    """A package and whether it should be installed."""

    name: str
    present: bool

    @property
    def decides(self) -> tuple[str, ...]:
        """The package."""
        return (f"package {self.name}",)


@dataclass(frozen=True)
class Known:
    """A package as dpkg knows it, of whatever architecture: deb822(5), dpkg-query(1)."""

    version: str
    state: str
    essential: bool


def parse(fields: Fields) -> Item:
    """`name` and `state`."""
    name = fields.text("name", _NAME, "the name of a Debian package")
    state = fields.choice("state", "present", "absent", default="present")
    if state == "absent" and name in KEPT:
        fields.wrong("name", f"another package where state is absent: {', '.join(KEPT)} are never removed")
    return Package(name, state == "present")


def known_packages(status: str) -> Mapping[str, Known]:
    """The packages in dpkg's status file. One that is installed in one architecture counts as installed."""
    packages: dict[str, Known] = {}
    for paragraph in status.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in paragraph.splitlines() if ": " in line and line[0] not in " \t")
        name = fields.get("Package", "")
        state = fields.get("Status", "").rpartition(" ")[2]
        essential = "yes" in (fields.get("Essential"), fields.get("Protected"))
        if name and (name not in packages or state == "installed"):
            packages[name] = Known(fields.get("Version", ""), state, essential)
    return packages


class Packages(Keeper):
    """All packages: one apt-get call that installs, one that removes."""

    def read(self, host: Host) -> Readings:
        """Reads dpkg's status file once. Check mode asks apt-get too whether it could do what is due."""
        known = known_packages(host.system.text(_STATUS) or "")
        readings = each(self.settings, lambda setting: _reading(_item(setting), known.get(_item(setting).name)))
        due = [setting for setting in self.settings if not setting.waived and not readings[setting.id].ok]
        if not (host.check and due):
            return readings
        refused = self._split(due, lambda new, old: self._apt(host, known).refusals(new, old, self._unwanted()))
        return {**readings, **{name: _refused(readings[name], text) for name, text in refused.items()}}

    def write(self, host: Host, due: Sequence[Setting]) -> Written:
        """Installs first: what replaces a package that should go must be there before it can go."""
        apt = self._apt(host, known_packages(host.system.text(_STATUS) or ""))
        unwanted = self._unwanted()
        failed = self._split(due, lambda new, old: apt.install(new, unwanted) | apt.purge(old))
        return Written(failed=dict(failed))

    def _split(
        self, due: Sequence[Setting], act: Callable[[list[str], list[str]], dict[str, str]]
    ) -> Mapping[str, str]:
        """Have something done with the names to install and those to remove; by the setting's id what failed."""
        present = sorted(_item(setting).name for setting in due if _item(setting).present)
        absent = sorted(_item(setting).name for setting in due if not _item(setting).present)
        ids = {_item(setting).name: setting.id for setting in due}
        return {ids[name]: text for name, text in act(present, absent).items()}

    def _unwanted(self) -> set[str]:
        """What an install may remove."""
        return {_item(setting).name for setting in self.settings if not _item(setting).present and not setting.waived}

    def _apt(self, host: Host, known: Mapping[str, Known]) -> Apt:
        return Apt(host.system, never=[*KEPT, *(name for name, one in known.items() if one.essential)])


def _refused(reading: Reading, text: str) -> Reading:
    return reading if reading.lack else replace(reading, lack=Lack(text, "failed"))


def _reading(item: Package, known: Known | None) -> Reading:
    state = known.state if known else "not-installed"
    gone = state == "not-installed"
    now = ABSENT if known is None or gone else f"installed {known.version}" if state == "installed" else state
    if item.present:
        return Reading(now, "installed", ok=state == "installed")
    never = Lack("Debian marks this package as essential; it is never removed", "failed")
    return Reading(now, ABSENT, ok=gone, lack=never if known and known.essential and not gone else None)


def _item(setting: Setting) -> Package:
    assert isinstance(setting.item, Package)
    return setting.item
