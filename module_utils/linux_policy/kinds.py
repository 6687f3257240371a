# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of setting: how each is read from the request, and in which order they are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from . import (
    account_items,
    accounts,
    audit,
    clock,
    config_lines,
    dconf,
    files,
    modules,
    mounts,
    packages,
    sshd,
    sysctl,
    timers,
    units,
)
from .fields import Fields
from .keeper import Keeper
from .model import Item, Setting

PARSERS: Mapping[str, Callable[[Fields], Item]] = {
    "audit_rule": audit.parse,
    "config_line": config_lines.parse,
    "dconf": dconf.parse,
    "deb_package": packages.parse,
    "file": files.parse,
    "group": account_items.parse_group,
    "kernel_module": modules.parse,
    "locale": clock.parse_locale,
    "mount_option": mounts.parse,
    "sshd_option": sshd.parse,
    "sysctl": sysctl.parse,
    "systemd_unit": units.parse,
    "timer": timers.parse,
    "timezone": clock.parse_timezone,
    "user": account_items.parse_user,
}


def keepers_of(settings: Sequence[Setting]) -> list[Keeper]:
    """Who keeps which settings, in the order of writing: what others build on comes first."""

    def of(*kinds: str) -> list[Setting]:
        return [setting for setting in settings if setting.kind in kinds]

    keepers: list[Keeper] = [
        packages.Packages(of("deb_package")),
        accounts.Accounts(of("group", "user")),
        modules.Modules(of("kernel_module")),
        sysctl.Sysctls(of("sysctl")),
        files.Contents(of("file")),
        config_lines.ConfigLines(of("config_line")),
        files.Modes(of("file")),
        clock.Timezones(of("timezone")),
        clock.Locales(of("locale")),
        mounts.MountOptions(of("mount_option")),
        dconf.DconfKeys(of("dconf")),
        audit.AuditRules(of("audit_rule")),
        sshd.SshdOptions(of("sshd_option")),
        timers.Timers(of("timer")),
        units.Units(of("systemd_unit")),
    ]
    return [keeper for keeper in keepers if keeper.settings]
