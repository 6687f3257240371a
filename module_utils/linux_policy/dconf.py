# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind dconf: settings of GNOME programs for all users of a host. dconf(7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .fields import Fields
from .host import Host
from .keeper import Keeper, each
from .lines import Line, changed, is_met
from .model import ABSENT, Item, Lack, Reading, Readings, Setting, Written
from .owned import HEADER, take_away
from .system import System, decode, encode

_FOLDER = "/etc/dconf/db/local.d"
PATH = f"{_FOLDER}/60-werkplek"
LOCKS_PATH = f"{_FOLDER}/locks/60-werkplek"
_COMPILED = "/etc/dconf/db/local"
_PROFILE = "/etc/dconf/profile/user"
_DATABASES = (Line("user-db:user"), Line("system-db:local"))


@dataclass(frozen=True)
class Dconf:
    """A key, its value as GVariant text, and whether users are kept from changing it."""

    key: str
    value: str
    locked: bool

    @property
    def section(self) -> str:
        """The key's folder as the file has it."""
        return self.key.strip("/").rpartition("/")[0]

    @property
    def name(self) -> str:
        """The key in its folder."""
        return self.key.rpartition("/")[2]

    @property
    def decides(self) -> tuple[str, ...]:
        """The key."""
        return (f"dconf key {self.key}",)


def parse(fields: Fields) -> Item:
    """`key`, `value` and `locked`."""
    key = fields.text("key", r"(/[A-Za-z0-9_.:-]+)+", "a key's path, such as /org/gnome/desktop/session/idle-delay")
    value = fields.text("value", r"[^\x00-\x20](?:[^\x00-\x1f]*[^\x00-\x20])?", "a value as GVariant text of one line")
    return Dconf(key, value, fields.flag("locked"))


Values = dict[str, tuple[str, ...]]  # by key the values that a file gives it


class DconfKeys(Keeper):
    """All keys, in one file, with one for the locks."""

    def read(self, host: Host) -> Readings:
        """Compares the files; the database that is made of them must not be older."""
        system = host.system
        if not system.program("dconf"):
            lack = Lack("this host has no dconf", "unsupported", supplied_by=("deb_package",))
            return {one.id: Reading(ABSENT, _text(_item(one)), ok=False, lack=lack) for one in self.settings}
        values, locks = values_of(system.text(PATH) or ""), locks_of(system.text(LOCKS_PATH) or "")
        later = [(name, values_of(system.source(f"{_FOLDER}/{name}") or "")) for name in _later(system)]
        stale = _stale(system)
        readings = each(self.settings, lambda one: _reading(_item(one), values, locks, later, stale))
        asked = {_item(one).key for one in self.settings}
        unasked = [f"{key}={' | '.join(found)}" for key, found in values.items() if key not in asked]
        unasked += [f"lock of {key}" for key in locks if key not in asked]
        return take_away(readings, self.settings, unasked)

    def write(self, host: Host, due: Sequence[Setting]) -> Written:
        """Both files, the profile, and `dconf update`."""
        system = host.system
        failed = _refused(system, [_item(setting) for setting in due])
        written = Written(failed={one.id: failed[_item(one).key] for one in due if _item(one).key in failed})
        values, locks = values_of(system.text(PATH) or ""), locks_of(system.text(LOCKS_PATH) or "")
        for setting in due:
            item = _item(setting)
            if setting.id in written.failed:
                values = {key: found for key, found in values.items() if (key, found) != (item.key, (item.value,))}
                continue
            values[item.key] = (item.value,)
            locks = [key for key in locks if key != item.key] + ([item.key] if item.locked else [])
        asked = [_item(setting).key for setting in self.settings]
        system.replace(PATH, encode(keyfile({key: values[key] for key in asked if key in values})))
        system.replace(LOCKS_PATH, encode(HEADER + "".join(f"{key}\n" for key in asked if key in locks)))
        _set_profile(system)
        done = system.act("dconf", "update")
        if done.code:
            written.failed |= {one.id: f"dconf update: {done.said}" for one in due if one.id not in written.failed}
        return written


def _refused(system: System, items: Sequence[Dconf]) -> dict[str, str]:
    """By key what dconf has against its value. One bad value would keep the whole database from being made."""
    if _fault(system, items) is None:
        return {}
    return {item.key: fault for item in items if (fault := _fault(system, [item])) is not None}


def _fault(system: System, items: Sequence[Dconf]) -> str | None:
    with system.scratch() as scratch:
        scratch.add({"keys/60-werkplek": encode(keyfile({item.key: (item.value,) for item in items}))})
        done = system.look("dconf", "compile", f"{scratch.path}/database", f"{scratch.path}/keys")
    return f"dconf refuses it: {done.said.replace(f'{scratch.path}/', '')}" if done.code else None


def values_of(text: str) -> Values:
    """The keys in a key file: groups are folders."""
    values: Values = {}
    section = ""
    for line in text.splitlines():
        name, equals, value = line.strip().partition("=")
        if line.strip().startswith("[") and line.strip().endswith("]"):
            section = line.strip()[1:-1].strip("/")
        elif equals and not line.lstrip().startswith("#"):
            key = f"/{section}/{name.strip()}".replace("//", "/")
            values[key] = (*values.get(key, ()), value.strip())
    return values


def keyfile(values: Values) -> str:
    """The text of a key file with these keys, folder by folder."""
    sections: dict[str, list[str]] = {}
    for key, found in values.items():
        folder, _, name = key.strip("/").rpartition("/")
        sections.setdefault(folder, []).extend(f"{name}={value}" for value in found)
    return HEADER + "\n".join(
        f"[{folder or '/'}]\n" + "".join(f"{line}\n" for line in sections[folder]) for folder in sections
    )


def locks_of(text: str) -> list[str]:
    """The keys that users cannot change."""
    return [line.strip() for line in text.splitlines() if line.strip().startswith("/")]


def _reading(
    item: Dconf, values: Values, locks: Sequence[str], later: Sequence[tuple[str, Values]], stale: bool
) -> Reading:
    found = values.get(item.key, ())
    now = " | ".join(found) + (", locked" if item.key in locks else "") if found else ABSENT
    ok = found == (item.value,) and (item.key in locks) == item.locked
    for name, others in later:
        if others.get(item.key, (item.value,))[-1] != item.value:
            lack = Lack(f"{_FOLDER}/{name} is read later and sets {others[item.key][-1]}", "failed")
            return Reading(now, _text(item), ok=False, lack=lack)
    return Reading(f"{now}, not in effect" if ok and stale else now, _text(item), ok=ok and not stale)


def _later(system: System) -> list[str]:
    names = [name for name in system.names(_FOLDER) if name > "60-werkplek" and not name.startswith(".")]
    return [name for name in names if (entry := system.entry(f"{_FOLDER}/{name}")) and entry.shape == "file"]


def _stale(system: System) -> bool:
    """Whether `dconf update` is due, or the profile does not name the database."""
    profile = system.source(_PROFILE) or ""
    compiled = system.entry(_COMPILED)
    sources = [entry for path in (PATH, LOCKS_PATH) if (entry := system.entry(path))]
    old = compiled is None or any(entry.changed > compiled.changed for entry in sources)
    return old or not all(is_met(profile, line) for line in _DATABASES)


def _set_profile(system: System) -> None:
    """The users' own database first: what stands first counts, unless it is locked further on."""
    path = system.target(_PROFILE)
    before = system.read(path)
    text = decode(before or b"")
    for line in _DATABASES:
        text = changed(text, line)
    if encode(text) != before:
        system.replace(path, encode(text))


def _text(item: Dconf) -> str:
    return f"{item.value}, locked" if item.locked else item.value


def _item(setting: Setting) -> Dconf:
    assert isinstance(setting.item, Dconf)
    return setting.item
