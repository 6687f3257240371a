# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds timezone and locale. localtime(5), locale.conf(5), locale-gen(8)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .fields import Fields
from .host import Host
from .keeper import Keeper, each
from .lines import Line, changed, found
from .model import ABSENT, HostError, Item, Lack, Reading, Readings, Setting, Written, describe
from .system import System, encode

_ZONES = "/usr/share/zoneinfo"
_LOCALTIME = "/etc/localtime"
_TIMEZONE = "/etc/timezone"  # Debian 12 and older keep the name here too
_LOCALE = "/etc/default/locale"  # since Debian 13 a link to /etc/locale.conf
_LOCALE_GEN = "/etc/locale.gen"
_BUILT_IN = ("C", "POSIX", "C.UTF-8")


@dataclass(frozen=True)
class Timezone:
    """The host's time zone, by its name in the tz database."""

    name: str

    @property
    def decides(self) -> tuple[str, ...]:
        """There is one."""
        return ("the time zone", f"file {_LOCALTIME}", f"file {_TIMEZONE}")


@dataclass(frozen=True)
class Locale:
    """The language and character set of programs that are told no other."""

    name: str

    @property
    def decides(self) -> tuple[str, ...]:
        """There is one."""
        return ("the locale", f"line LANG of {_LOCALE}")


def parse_timezone(fields: Fields) -> Item:
    """`name`."""
    expected = "the name of a time zone, such as Europe/Amsterdam"
    return Timezone(fields.text("name", r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*", expected))


def parse_locale(fields: Fields) -> Item:
    """`name`."""
    expected = "the name of a locale with its character set, such as nl_NL.UTF-8"
    return Locale(fields.text("name", r"C|POSIX|[A-Za-z_]+\.[A-Za-z0-9-]+(@[a-z]+)?", expected))


class Timezones(Keeper):
    """The time zone."""

    def read(self, host: Host) -> Readings:
        """Looks where /etc/localtime leads, and at the name beside it."""
        return each(self.settings, lambda setting: _zone(host.system, _timezone(setting)))

    def write(self, host: Host, due: Sequence[Setting]) -> Written:
        """The link in one step; the name where there is one."""
        written = Written()
        for setting in due:
            name = _timezone(setting).name
            try:
                host.system.replace_link(_LOCALTIME, f"{_ZONES}/{name}")
                if host.system.entry(_TIMEZONE):
                    host.system.replace(_TIMEZONE, f"{name}\n".encode())
            except (HostError, OSError) as error:
                written.failed[setting.id] = describe(error)
        return written


class Locales(Keeper):
    """The locale."""

    def read(self, host: Host) -> Readings:
        """Looks at LANG, and asks which locales there are."""
        return each(self.settings, lambda setting: _locale_reading(host.system, _locale(setting)))

    def write(self, host: Host, due: Sequence[Setting]) -> Written:
        """Generates the locale where it is not there."""
        written = Written()
        for setting in due:
            try:
                _set_locale(host.system, _locale(setting).name)
            except (HostError, OSError) as error:
                written.failed[setting.id] = describe(error)
        return written


def _zone(system: System, item: Timezone) -> Reading:
    link = system.link(_LOCALTIME) or ""
    now = link.partition("zoneinfo/")[2] or link or ABSENT
    named = (system.text(_TIMEZONE) or item.name).strip()
    shown = now if named in (now, item.name) else f"{now}, named {named}"
    lack = None
    if system.entry(f"{_ZONES}/{item.name}") is None:
        text = f"this host has no time zone {item.name}, or lacks the package tzdata"
        lack = Lack(text, "failed", supplied_by=("deb_package",))
    ok = now == item.name and named == item.name and lack is None
    return Reading(now if ok else shown, item.name, ok=ok, lack=lack)


def _locale_reading(system: System, item: Locale) -> Reading:
    there = _is_there(system, item.name)
    lines = found(system.source(_LOCALE) or "", _lang(item.name))
    now = " | ".join(line.partition("=")[2].strip("\"'") for line in lines) or ABSENT
    lack = None
    if not there and not system.program("locale-gen"):
        lack = Lack("it is not there, and the package locales is not installed", "failed", supplied_by=("deb_package",))
    shown = now if there or now != item.name else f"{now}, not generated"
    return Reading(shown, item.name, ok=there and now == item.name, lack=lack)


def _set_locale(system: System, name: str) -> None:
    if not _is_there(system, name):
        _generate(system, name)
    path = system.target(_LOCALE)
    text = changed(system.text(path) or "", _lang(name))
    system.replace(path, encode(text))


def _generate(system: System, name: str) -> None:
    """Add the line that the list of all locales has for it, and have it made."""
    known = system.source("/usr/share/i18n/SUPPORTED") or ""
    entry = re.search(rf"^{re.escape(name)} \S+", known, re.MULTILINE)
    if entry is None:
        raise HostError(f"Debian has no locale {name}")
    line = entry[0]
    text = system.text(_LOCALE_GEN) or ""
    if not re.search(rf"^\s*{re.escape(line)}\s*$", text, re.MULTILINE):
        system.replace(_LOCALE_GEN, encode(f"{text.rstrip()}\n{line}\n".lstrip("\n")))
    done = system.act("locale-gen", seconds=900)
    if done.code or not _is_there(system, name):
        raise HostError(f"locale-gen could not make {name}: {done.said}")


def _is_there(system: System, name: str) -> bool:
    """`locale -a` writes character sets its own way: nl_NL.utf8."""
    if name in _BUILT_IN:
        return True
    return _plain(name) in {_plain(line) for line in system.look("locale", "-a").out.splitlines()}


def _plain(name: str) -> str:
    language, point, charset = name.partition(".")
    return language + point + charset.lower().replace("-", "")


def _lang(name: str) -> Line:
    return Line("LANG", name)


def _timezone(setting: Setting) -> Timezone:
    assert isinstance(setting.item, Timezone)
    return setting.item


def _locale(setting: Setting) -> Locale:
    assert isinstance(setting.item, Locale)
    return setting.item
