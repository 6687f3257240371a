# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The OpenSSH server: what it makes of its configuration, replacing its drop-in, and whether it still answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .atomic import Attributes
from .commands import Done
from .host import Host
from .model import ABSENT, HostError, Lack
from .sshd_files import CONFIGURATION, DROP_INS, MAIN, tree
from .system import System

PATH = f"{DROP_INS}/00-werkplek.conf"
_SSHD = "/usr/sbin/sshd"
_FAULT = re.compile(r"^/dev/stdin:? line (\d+): (.*?)\.?\s*$", re.MULTILINE)
_UNKNOWN = re.compile(r"Bad configuration option|Deprecated option|Unsupported option")
_TRIES = 20
_PAUSE = 0.5


@dataclass(frozen=True)
class Effective:
    """The options in force: by name in small letters the value of each line of `sshd -T`."""

    values: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, out: str) -> Effective:
        """Reads what `sshd -T` prints."""
        values: dict[str, tuple[str, ...]] = {}
        for line in out.splitlines():
            name, _, value = line.partition(" ")
            values[name] = (*values.get(name, ()), value)
        return cls(values)

    def shown(self, name: str) -> str:
        """An option's value as text."""
        return " ".join(self.values.get(name, ())) or ABSENT


def effective(system: System) -> Effective:
    """What the server uses as it is configured now. Raises HostError where it refuses its configuration."""
    return _effective(system.look(_SSHD, "-T"))


def wanted(system: System, lines: Mapping[str, str]) -> tuple[Effective, Mapping[str, Lack]]:
    """What the server makes of these lines (by key) alone, and what it refuses of them."""
    refused: dict[str, Lack] = {}
    while True:
        keys = [key for key in lines if key not in refused]
        done = system.look(_SSHD, "-T", "-f", "/dev/stdin", text="".join(f"{lines[key]}\n" for key in keys))
        faults = {keys[int(line) - 1]: text.strip() for line, text in _FAULT.findall(done.err)}
        for key, text in faults.items():
            unknown = bool(_UNKNOWN.search(text))
            refused[key] = Lack(
                f"this OpenSSH server has no such option ({text})" if unknown else f"sshd refuses it: {text}",
                "unsupported" if unknown else "failed",
            )
        if not faults:
            return _effective(done), refused


def candidate(system: System, path: str, content: bytes) -> Effective:
    """What the server would use with this content of one of its files.

    Raises HostError with what it says where it would not start.
    """
    with system.scratch() as scratch:
        scratch.add(tree(system, path, content, scratch.path))
        done = system.look(_SSHD, "-T", "-f", f"{scratch.path}/sshd_config")
        return _effective(done, scratch=f"{scratch.path}/")


def set_by(system: System, name: str) -> str:
    """Which files set an option too, for a message."""
    option = re.compile(rf"^[ \t]*{re.escape(name)}[ \t=]", re.MULTILINE | re.IGNORECASE)
    paths = [MAIN, *(f"{DROP_INS}/{file}" for file in system.names(DROP_INS))]
    files = [path for path in paths if path != PATH and CONFIGURATION.fullmatch(path)]
    found = [path for path in files if option.search(system.source(path) or "")]
    if not re.search(r"(?im)^[ \t]*Include[ \t].*sshd_config\.d/\*\.conf", system.source(MAIN) or ""):
        return f"{MAIN} does not include {DROP_INS}/*.conf"
    return f"it is set in {' and '.join(found)} too" if found else "no other file sets it"


def replace(host: Host, content: bytes) -> None:
    """Put the drop-in in place; prove() takes that back if the server then does not answer."""
    before = host.system.read(PATH)
    host.system.replace(PATH, content, Attributes(mode=0o600))
    host.ssh_before = (before,)


def prove(host: Host) -> tuple[str, bool]:
    """After a reload, what is wrong, and whether the old drop-in was put back and works. Nothing where it answers.

    Asks every port that the server should listen on for its greeting (RFC 4253, 4.2).
    """
    wrong = _silent(host.system)
    if not wrong or host.ssh_before is None:
        return wrong, False
    (before,) = host.ssh_before
    host.ssh_before = None
    if before is None:
        host.system.remove(PATH)
    else:
        host.system.replace(PATH, before)
    if host.system.act("systemctl", "reload", "ssh.service").code:
        host.system.act("systemctl", "start", "ssh.service")
    still = _silent(host.system)
    return f"{wrong}; the old {PATH} is back{f', and still {still}' if still else ' and the server answers'}", True


def _silent(system: System) -> str:
    """Which port gives no greeting within ten seconds, as a text; empty where all do."""
    for port, addresses in _addresses(effective(system)).items():
        for _ in range(_TRIES):
            if any(system.greeting(address, port).startswith("SSH-") for address in addresses):
                break
            system.sleep(_PAUSE)
        else:
            return f"the server does not answer on port {port}"
    return ""


def _addresses(now: Effective) -> dict[int, list[str]]:
    """By port where the server listens; of all addresses, the one that leads to the host itself."""
    ports: dict[int, list[str]] = {}
    for value in now.values.get("listenaddress", ()):
        address, _, port = value.split()[0].rpartition(":")
        plain = address.strip("[]")
        ports.setdefault(int(port), []).append({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(plain, plain))  # noqa: S104
    return ports


def _effective(done: Done, scratch: str = "") -> Effective:
    if done.code:
        raise HostError(f"sshd refuses it: {done.said.replace(scratch, '') if scratch else done.said}")
    return Effective.of(done.out)
