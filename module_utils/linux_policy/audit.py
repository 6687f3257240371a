# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind audit_rule: what the kernel's audit records. auditctl(8), augenrules(8)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .atomic import Attributes
from .fields import Fields
from .host import Host
from .keeper import Keeper
from .model import ABSENT, Item, Lack, Reading, Readings, Setting, Written
from .owned import OwnFile, take_away
from .system import System, encode

PATH = "/etc/audit/rules.d/60-werkplek.rules"
_COMPILED = "/etc/audit/audit.rules"
_NOT_HERE = "the rule is kept in a file; this kernel has no audit, or keeps it from containers"
_LOCKED = "audit rules are locked, and those that are new wait for the next start"


@dataclass(frozen=True)
class AuditRule:
    """A rule as auditctl takes it."""

    rule: str

    @property
    def line(self) -> str:
        """The rule, with single spaces."""
        return " ".join(self.rule.split())

    @property
    def decides(self) -> tuple[str, ...]:
        """The rule itself."""
        return (f"audit rule {self.line}",)


def parse(fields: Fields) -> Item:
    """`rule`."""
    return AuditRule(
        fields.text("rule", r"-[aAw] [^\x00-\x1f]*", "one rule for auditctl that begins with -a, -A or -w")
    )


@dataclass(frozen=True)
class _Live:
    """Whether this kernel lets rules be loaded, whether it has any, and whether new ones wait for the next start."""

    possible: bool
    any_rule: bool
    waits: bool


class AuditRules(Keeper):
    """All rules, in one file."""

    def read(self, host: Host) -> Readings:
        """Compares the file, what augenrules made of it, and whether the kernel has rules at all."""
        if not host.system.program("augenrules"):
            lack = Lack("this host has no auditd", "unsupported", supplied_by=("deb_package",))
            return {one.id: Reading(ABSENT, _item(one).line, ok=False, lack=lack) for one in self.settings}
        kept = OwnFile.of(host.system.text(PATH), _key)
        compiled = {_key(line) for line in (host.system.text(_COMPILED) or "").splitlines()}
        live = _live(host.system)
        readings = {one.id: _reading(_item(one), kept, compiled, live) for one in self.settings}
        return take_away(readings, self.settings, kept.unasked(_item(one).line for one in self.settings))

    def write(self, host: Host, due: Sequence[Setting]) -> Written:
        """The file in one replace, then one load."""
        kept = OwnFile.of(host.system.text(PATH), _key)
        wanted = {_item(setting).line: [_item(setting).line] for setting in due}
        text = kept.with_lines(wanted, [_item(setting).line for setting in self.settings])
        if host.system.text(PATH) != text:
            host.system.replace(PATH, encode(text), Attributes(mode=0o640))
        done = host.system.act("augenrules", "--load")
        live = _live(host.system)
        if done.code == 0 or live.waits or not live.possible:
            return Written()
        return Written(failed=dict.fromkeys((setting.id for setting in due), f"augenrules: {done.said}"))


def _reading(item: AuditRule, kept: OwnFile, compiled: set[str], live: _Live) -> Reading:
    there = len(kept.get(item.line)) == 1
    loaded = item.line in compiled and (live.any_rule or not live.possible)
    now = (item.line if loaded else f"{item.line}, not loaded") if there else ABSENT
    reading = Reading(now, item.line, ok=there and loaded)
    if not live.possible and there:
        return replace(reading, note=_NOT_HERE)
    return replace(reading, note=_LOCKED, reboot=_LOCKED) if live.waits else reading


def _live(system: System) -> _Live:
    """`auditctl -s` tells `enabled 2` when rules are locked; then those made since the host started are not loaded."""
    status = system.look("auditctl", "-s")
    if status.code or "enabled" not in status.out:
        return _Live(possible=False, any_rule=False, waits=False)
    rules = system.look("auditctl", "-l")
    started = re.search(r"^btime (\d+)$", system.text("/proc/stat") or "", re.MULTILINE)
    made = system.entry(_COMPILED)
    new = made is not None and started is not None and made.changed > int(started[1]) * 1_000_000_000
    return _Live(True, "No rules" not in rules.out, new and "enabled 2" in status.out)


def _key(line: str) -> str:
    return " ".join(line.split())


def _item(setting: Setting) -> AuditRule:
    assert isinstance(setting.item, AuditRule)
    return setting.item
