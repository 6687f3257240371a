# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind config_line: one line in a file that others write too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .checked import default_attributes, replace_checked
from .fields import Fields
from .host import Host
from .keeper import Keeper, each
from .lines import Line, changed, found, is_met
from .model import ABSENT, HostError, Item, Reading, Readings, Setting, Written, describe
from .paths import parse_path
from .system import decode, encode

_WORD = r"[^\x00-\x1f\s#;\[](?:[^\x00-\x1f]*[^\x00-\x1f\s])?"
_SECTION = r"[^\x00-\x1f\s\[\]](?:[^\x00-\x1f\[\]]*[^\x00-\x1f\s\[\]])?"
_VALUE = r"(?:[^\x00-\x1f\s](?:[^\x00-\x1f]*[^\x00-\x1f\s])?)?"


@dataclass(frozen=True)
class ConfigLine:
    """A file and its line."""

    path: str
    line: Line
    if_present: bool

    @property
    def decides(self) -> tuple[str, ...]:
        """The key, in its section."""
        section = f" in [{self.line.section}]" if self.line.section else ""
        return (f"line {' '.join(self.line.key.split())}{section} of {self.path}",)


def parse(fields: Fields) -> Item:
    """`path`, `key`, and `value` or `state: absent`; optionally `section`, `separator` and `if_present`."""
    path = parse_path(fields)
    key = fields.text("key", _WORD, "the key that the line begins with, no comment and no section")
    absent = fields.choice("state", "present", "absent", default="present") == "absent"
    value = fields.optional("value", _VALUE, "a text of one line, without space around it")
    section = fields.optional("section", _SECTION, "a section's name")
    separator = fields.text("separator", r"(?=.)[ \t]*[^\x00-\x1f\s]?[ \t]*", "space, one sign, or both", default="=")
    if absent and value is not None:
        fields.wrong("value", "no value where state is absent")
    if value == "" and separator and not separator.strip():
        fields.wrong("value", "a value: after a space there must be one")
    return ConfigLine(path, Line(key, value, absent, section, separator), fields.flag("if_present"))


class ConfigLines(Keeper):
    """All lines; those of one file in one replace."""

    def read(self, host: Host) -> Readings:
        """Reads each file once."""
        texts: dict[str, str | None] = {}

        def reading(setting: Setting) -> Reading:
            item = _item(setting)
            if item.path not in texts:
                texts[item.path] = host.system.text(item.path)
            if texts[item.path] is None and item.if_present:
                return Reading(ABSENT, ABSENT, ok=True, note="there is no such file to set this in")
            return _reading(texts[item.path], item.line)

        return each(self.settings, reading)

    def write(self, host: Host, due: Sequence[Setting]) -> Written:
        """A file whose check fails with all its lines gets those with which it does not."""
        written = Written()
        for path in dict.fromkeys(_item(setting).path for setting in due):
            mine = [setting for setting in due if _item(setting).path == path]
            try:
                _write(host, path, mine, written)
            except (HostError, OSError) as error:
                written.failed |= {setting.id: describe(error) for setting in mine}
        return written


def _reading(text: str | None, line: Line) -> Reading:
    now = " | ".join(found(text or "", line)) or ABSENT
    return Reading(now, ABSENT if line.absent else line.rendered, ok=is_met(text or "", line))


def _write(host: Host, path: str, settings: Sequence[Setting], written: Written) -> None:
    before = host.system.read(path)
    lines = {setting.id: _item(setting).line for setting in settings}
    try:
        _replace(host, path, before, lines)
    except HostError:
        if len(lines) == 1:
            raise
        _one_by_one(host, path, lines, written)


def _one_by_one(host: Host, path: str, lines: Mapping[str, Line], written: Written) -> None:
    for name, line in lines.items():
        try:
            _replace(host, path, host.system.read(path), {name: line})
        except HostError as error:
            written.failed[name] = str(error)


def _replace(host: Host, path: str, before: bytes | None, lines: Mapping[str, Line]) -> None:
    text = decode(before or b"")
    for line in lines.values():
        text = changed(text, line)
    if encode(text) != before:
        replace_checked(host, path, encode(text), default_attributes(path, exists=before is not None))


def _item(setting: Setting) -> ConfigLine:
    assert isinstance(setting.item, ConfigLine)
    return setting.item
