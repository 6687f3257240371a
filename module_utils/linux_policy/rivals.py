# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of different kinds that cannot both hold."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from . import audit, dconf, modules, sshd_server, sysctl
from .account_items import LocalGroup, User
from .config_lines import ConfigLine
from .files import File
from .model import Setting

# Files that are composed from settings of one kind.
KEPT_FILES = {
    audit.PATH: "audit_rule",
    dconf.LOCKS_PATH: "dconf",
    dconf.PATH: "dconf",
    modules.BLOCKED_PATH: "kernel_module",
    modules.LOADED_PATH: "kernel_module",
    sshd_server.PATH: "sshd_option",
    sysctl.PATH: "sysctl",
}


def contradictions(settings: Sequence[Setting]) -> list[str]:
    """One text for each pair that cannot both hold."""
    return [*_kept_files(settings), *_whole_files(settings), *_groups(settings), *_memberships(settings)]


def _kept_files(settings: Sequence[Setting]) -> list[str]:
    return [
        f"{setting.id}: {path} is kept by settings of the kind {KEPT_FILES[path]}"
        for setting in settings
        if (path := _edited(setting)) in KEPT_FILES
    ]


def _edited(setting: Setting) -> str:
    """The path of the file whose content the setting decides, whole or in part; empty where it decides none."""
    item = setting.item
    return item.path if isinstance(item, ConfigLine) or (isinstance(item, File) and item.whole) else ""


def _whole_files(settings: Sequence[Setting]) -> list[str]:
    """A file whose content one setting gives, and of which another sets a line."""
    files = [(setting.item, setting) for setting in settings if isinstance(setting.item, File)]
    whole = {item.path: setting for item, setting in files if item.whole}
    return [
        f"the content of {path} is decided more than once: by {whole[path].id}, {setting.id}"
        for setting in settings
        if isinstance(setting.item, ConfigLine) and (path := setting.item.path) in whole
    ]


def _groups(settings: Sequence[Setting]) -> list[str]:
    """A group that one setting decides whole and another too; a member that one lets in and another keeps out."""
    groups = [(setting.id, setting.item) for setting in settings if isinstance(setting.item, LocalGroup)]
    problems = []
    for (by_one, one), (by_other, other) in combinations(groups, 2):
        if one.name == other.name and (one.whole or other.whole):
            problems.append(f"group {one.name} is decided more than once: by {by_one}, {by_other}")
        elif one.name == other.name and one.mode != other.mode:
            shared = sorted(set(one.members or ()) & set(other.members or ()))
            by = f"is decided more than once: by {by_one}, {by_other}"
            problems += [f"whether {name} is in the group {one.name} {by}" for name in shared]
    return problems


def _memberships(settings: Sequence[Setting]) -> list[str]:
    """An account whose groups one setting lists, and a group whose members another does, that do not agree."""
    users = [(setting.id, setting.item) for setting in settings if isinstance(setting.item, User)]
    groups = [(setting.id, setting.item) for setting in settings if isinstance(setting.item, LocalGroup)]
    return [
        f"whether {user.name} is in the group {group.name} is decided otherwise by {by_user} than by {by_group}"
        for by_user, user in users
        for by_group, group in groups
        if user.groups is not None and _disagree(user.name, group.name in user.groups, group)
    ]


def _disagree(name: str, member: bool, group: LocalGroup) -> bool:
    if group.members is None:
        return False
    listed = name in group.members
    decided = {"exact": listed, "include": True if listed else None, "exclude": False if listed else None}[group.mode]
    return decided is not None and decided != member
