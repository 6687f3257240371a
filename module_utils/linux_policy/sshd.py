# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind sshd_option: options of the OpenSSH server, in one drop-in that is read first. sshd_config(5).

The first value of an option counts. What is compared is what the server itself says it uses, `sshd -T`; what is
wanted is put in the same words by asking it what it makes of the settings alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import sshd_server
from .access import refusal
from .fields import Fields
from .handlers import RELOAD_SSH
from .host import Host
from .keeper import Keeper, each
from .model import ABSENT, HostError, Item, Lack, Reading, Readings, Setting, Written
from .owned import OwnFile, take_away
from .sshd_server import PATH, Effective

_NOT_OPTIONS = ("match", "include")


@dataclass(frozen=True)
class SshdOption:
    """An option and its value, or more for options that take a list."""

    name: str
    value: str

    @property
    def key(self) -> str:
        """The name as `sshd -T` has it."""
        return self.name.lower()

    @property
    def line(self) -> str:
        """The line in the drop-in."""
        return f"{self.name} {self.value}"

    @property
    def decides(self) -> tuple[str, ...]:
        """The option."""
        return (f"sshd option {self.key}",)


def parse(fields: Fields) -> Item:
    """`name` and `value`."""
    expected = "the name of an option of sshd_config, no Match and no Include"
    name = fields.text("name", r"[A-Za-z0-9]+", expected)
    if name.lower() in _NOT_OPTIONS:
        fields.wrong("name", expected)
    return SshdOption(name, fields.text("value", r"[^\x00-\x20#][^\x00-\x1f]*", "a text of one line"))


@dataclass(frozen=True)
class _Facts:
    """The server as it is configured, as the settings alone would have it, what it refuses of them, and the drop-in."""

    now: Effective
    wanted: Effective
    refused: Mapping[str, Lack]
    kept: OwnFile


class SshdOptions(Keeper):
    """All options."""

    def handlers(self, setting: Setting) -> tuple[str, ...]:
        """The server reads its files again; it is never restarted."""
        return (RELOAD_SSH,)

    def units(self) -> Sequence[str]:
        """The server, which is reloaded if it runs."""
        return ("ssh.service",)

    def read(self, host: Host) -> Readings:
        """Asks the server twice."""
        if not host.system.program("sshd"):
            lack = Lack("this host has no OpenSSH server", "unsupported", supplied_by=("deb_package",))
            return {one.id: Reading(ABSENT, _item(one).value, ok=False, lack=lack) for one in self.settings}
        wanted, refused = sshd_server.wanted(host.system, {_item(one).key: _item(one).line for one in self.settings})
        kept = OwnFile.of(host.system.text(PATH), _key)
        facts = _Facts(sshd_server.effective(host.system), wanted, refused, kept)
        readings = each(self.settings, lambda setting: _reading(host, _item(setting), facts))
        return take_away(readings, self.settings, kept.unasked(_item(setting).key for setting in self.settings))

    def write(self, host: Host, due: Sequence[Setting]) -> Written:
        """The drop-in in one replace, when the server accepts it and then uses the values wanted."""
        written = Written()
        kept = OwnFile.of(host.system.text(PATH), _key)
        wanted, _ = sshd_server.wanted(host.system, {_item(one).key: _item(one).line for one in due})
        accepted = list(due)
        while True:
            text = self._text(kept, accepted)
            problems = _problems(host, text, accepted, wanted)
            written.failed |= problems
            if not problems:
                break
            accepted = [setting for setting in accepted if setting.id not in problems]
        if accepted and text != host.system.text(PATH):
            sshd_server.replace(host, text.encode())
        return written

    def _text(self, kept: OwnFile, accepted: Sequence[Setting]) -> str:
        wanted = {_item(setting).key: [_item(setting).line] for setting in accepted}
        return kept.with_lines(wanted, [_item(setting).key for setting in self.settings])


def _reading(host: Host, item: SshdOption, facts: _Facts) -> Reading:
    if item.key in facts.refused:
        return Reading(facts.now.shown(item.key), item.value, ok=False, lack=facts.refused[item.key])
    if item.key not in facts.wanted.values:  # one that sshd -T does not tell of: its line is all there is to compare
        lines = facts.kept.get(item.key)
        there = " | ".join(line.partition(" ")[2] for line in lines) or ABSENT
        return Reading(there, item.value, ok=lines == (item.line,))
    wanted = facts.wanted.values[item.key]
    now = facts.now.values.get(item.key, ())
    if now == wanted:
        return Reading(facts.now.shown(item.key), facts.wanted.shown(item.key), ok=True)
    return Reading(facts.now.shown(item.key), facts.wanted.shown(item.key), ok=False, lack=_lack(host, item, facts))


def _lack(host: Host, item: SshdOption, facts: _Facts) -> Lack | None:
    now, wanted = facts.now.values.get(item.key, ()), facts.wanted.values[item.key]
    reason = refusal(host, item.key, wanted, now)
    others = ("group", "user") if item.key in ("allowgroups", "denygroups") else ()
    return Lack(reason, "failed", supplied_by=others) if reason else None


def _problems(host: Host, text: str, accepted: Sequence[Setting], wanted: Effective) -> dict[str, str]:
    """What speaks against the new drop-in, by the setting that is to blame; all of them where it is not clear which."""
    try:
        candidate = sshd_server.candidate(host.system, PATH, text.encode())
    except HostError as error:
        return {setting.id: str(error) for setting in _to_blame(host, text, accepted)}
    return {
        setting.id: f"the server would still use {candidate.shown(key)}; {sshd_server.set_by(host.system, key)}"
        for setting in accepted
        if (key := _item(setting).key) in wanted.values and candidate.values.get(key) != wanted.values[key]
    }


def _to_blame(host: Host, text: str, accepted: Sequence[Setting]) -> Sequence[Setting]:
    """The settings without whose line the server would accept the drop-in."""
    lines = text.splitlines(keepends=True)
    found = []
    for setting in accepted:
        rest = "".join(line for line in lines if line.strip() != _item(setting).line)
        try:
            sshd_server.candidate(host.system, PATH, rest.encode())
        except HostError:
            continue
        found.append(setting)
    return found or accepted


def _key(line: str) -> str:
    return line.split(maxsplit=1)[0].lower()


def _item(setting: Setting) -> SshdOption:
    assert isinstance(setting.item, SshdOption)
    return setting.item
