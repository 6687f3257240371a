# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs once after all writes, for the settings that changed and name it in `after`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from . import sshd_server
from .fields import Fields
from .host import Host
from .model import HostError, Ran, describe
from .system import System

UNIT = r"[A-Za-z0-9:_.\\-]+(@[A-Za-z0-9:_.\\-]+)?\.(service|socket|timer|path|target|mount|slice|swap|automount)"
REBOOT = "reboot"
RELOAD_SSH = "reload ssh.service"
_COMMANDS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "update-ca-certificates": (("update-ca-certificates",),),
    "pam-auth-update": (("pam-auth-update", "--package"),),
    "update-initramfs": (("update-initramfs", "-u", "-k", "all"),),
    "update-grub": (("update-grub",),),
    "udev-reload": (("udevadm", "control", "--reload"), ("udevadm", "trigger")),
}
TOOLS = tuple(_COMMANDS)
_SECONDS = 900.0  # update-initramfs, for several kernels on an old thin client
SSH_UNITS = ("ssh.service", "sshd.service")
_EXPECTED = f"a list of handlers: restart UNIT, reload UNIT, {', '.join(TOOLS)}, {REBOOT}"


def parse_handlers(fields: Fields) -> tuple[str, ...]:
    """The field `after`."""
    value = fields.raw("after")
    if value is None:
        return ()
    texts = [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
    if not isinstance(value, list) or len(texts) != len(value) or not all(map(_known, texts)):
        fields.wrong("after", _EXPECTED)
    if any(text in (f"restart {unit}" for unit in SSH_UNITS) for text in texts):
        fields.wrong("after", "reload ssh.service: a restart would end what it cannot bring back")
    return tuple(dict.fromkeys(RELOAD_SSH if text == f"reload {SSH_UNITS[1]}" else text for text in texts))


def _known(text: str) -> bool:
    return text in (*TOOLS, REBOOT) or bool(re.fullmatch(rf"(restart|reload) {UNIT}", text))


def missing_tool(system: System, after: Iterable[str]) -> str:
    """The first program that these handlers need and the host does not have, empty where it has all."""
    programs = [_COMMANDS[tool][0][0] for tool in after if tool in TOOLS]
    return next((program for program in programs if not system.program(program)), "")


def due_handlers(host: Host, because: Mapping[str, Sequence[str]]) -> list[Ran]:
    """Those of these handlers that have something to run on, in the order in which they run."""
    order = [*TOOLS, *sorted(name for name in because if name not in (*TOOLS, REBOOT)), REBOOT]
    names = sorted(because, key=lambda name: (name == RELOAD_SSH, order.index(name)))
    return [Ran(name, tuple(because[name])) for name in names if name != REBOOT and _has_object(host, name)]


def run_handlers(host: Host, handlers: Sequence[Ran]) -> list[Ran]:
    """Run each once. What fails hides no other."""
    try:
        host.units.reload()
    except HostError as error:
        return [replace(handler, failed=str(error)) for handler in handlers]
    return [_run(host, handler) for handler in handlers]


def _has_object(host: Host, name: str) -> bool:
    """A unit that is not there or not active is not restarted, and without udev there are no rules to read again."""
    if name in TOOLS and name != "udev-reload":
        return True
    unit = "systemd-udevd.service" if name == "udev-reload" else name.split()[1]
    try:
        return host.units.get(unit).runs
    except HostError:
        return True  # systemctl will say why not


def _run(host: Host, handler: Ran) -> Ran:
    commands = _COMMANDS.get(handler.name) or (("systemctl", *handler.name.split()),)
    for command in commands:
        done = host.system.act(*command, seconds=_SECONDS, DEBIAN_FRONTEND="noninteractive")
        if done.code:
            return replace(handler, failed=done.said)
    if handler.name != RELOAD_SSH:
        return handler
    try:
        failed, undone = sshd_server.prove(host)
    except (HostError, OSError) as error:
        failed, undone = describe(error), False
    return replace(handler, failed=failed, undone=undone)
