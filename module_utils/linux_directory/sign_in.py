# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How people of the directory sign in: PAM's profiles, the name service and SSSD's service."""

from __future__ import annotations

import re

from ansible.module_utils.linux_policy.model import HostError

from .machine import KRB5_CONF, SSSD_CONF, Machine

_UNIT = "sssd.service"
# Profile of pam-auth-update(8) and where its module then stands
_PROFILES = {
    "sss": ("/etc/pam.d/common-auth", "pam_sss.so"),
    "werkplek-home": ("/etc/pam.d/common-session", "pam_mkhomedir.so umask=0077"),
}
_LISTS = ("passwd", "group")
_WAIT, _TRIES = 0.2, 100


def missing_profiles(machine: Machine) -> list[str]:
    """Profiles of PAM that are not in force: `sss` comes with libpam-sss, the other is ours."""
    return [name for name, (path, module) in _PROFILES.items() if not _active(machine.system.text(path), module)]


def _active(text: str | None, module: str) -> bool:
    return re.search(rf"^[^#\n]*\b{re.escape(module)}", text or "", re.MULTILINE) is not None


def enable(machine: Machine, profiles: list[str]) -> None:
    """Put profiles in force. Raises HostError where pam-auth-update leaves somebody's own changes alone."""
    done = machine.ask(["pam-auth-update", "--enable", *profiles], DEBIAN_FRONTEND="noninteractive")
    left = missing_profiles(machine)
    if done.code or left:
        names = ", ".join(left or profiles)
        raise HostError(
            f"pam-auth-update did not put {names} in force: {done.said}; if /etc/pam.d/common-* hold changes made by"
            " hand, run `pam-auth-update --force` once"
        )


def missing_lists(machine: Machine) -> list[str]:
    """Lists of nsswitch.conf(5) that do not ask SSSD."""
    text = machine.system.text("/etc/nsswitch.conf") or ""
    return [name for name in _LISTS if not re.search(rf"^{name}:[^#\n]*\bsss\b", text, re.MULTILINE)]


def add_lists(text: str, lists: list[str]) -> str:
    """nsswitch.conf with SSSD asked last in these lists."""
    for name in lists:
        text, count = re.subn(rf"^({name}:[^#\n]*?)([ \t]*(?:#.*)?)$", r"\1 sss\2", text, count=1, flags=re.MULTILINE)
        if not count:
            text += f"{name}: files sss\n"
    return text


def stale(machine: Machine) -> str:
    """Why SSSD must start (again); empty where it runs with the files that are there now."""
    command = [
        "systemctl",
        "show",
        _UNIT,
        "--timestamp=unix",
        "--property=ActiveState,UnitFileState,ActiveEnterTimestamp",
    ]
    values = dict(line.partition("=")[::2] for line in machine.ask(command).out.splitlines())
    if values.get("UnitFileState") != "enabled":
        return "it is not enabled"
    if values.get("ActiveState") != "active":
        return "it does not run"
    since = int(values.get("ActiveEnterTimestamp", "").lstrip("@") or 0)
    for path in (SSSD_CONF, KRB5_CONF):
        entry = machine.system.entry(path)
        if entry and entry.changed // 1_000_000_000 > since:
            return f"{path} is newer than it"
    return ""


def start(machine: Machine, account: str) -> None:
    """Start SSSD again and wait until it knows an account of the directory. Raises HostError."""
    for command in (["systemctl", "enable", _UNIT], ["systemctl", "restart", _UNIT]):
        done = machine.ask(command)
        if done.code:
            raise HostError(f"`{' '.join(command)}` failed: {done.said}")
    for _ in range(_TRIES):
        if machine.ask(["getent", "-s", "sss", "passwd", account]).code == 0:
            return
        machine.system.sleep(_WAIT)
    raise HostError(f"SSSD runs, and does not know the account {account} after {_WAIT * _TRIES:.0f} seconds")


def put_back(machine: Machine, ran: bool) -> None:
    """Have SSSD as it was before."""
    machine.ask(["systemctl", "restart" if ran else "stop", _UNIT])
