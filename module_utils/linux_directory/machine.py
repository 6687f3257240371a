# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine that is to be a member: its name, its files, its commands."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from ansible.module_utils.linux_policy.atomic import Attributes
from ansible.module_utils.linux_policy.model import HostError
from ansible.module_utils.linux_policy.system import Done, Run, System, run_command

from .keytab import Principal
from .wanted import Wanted

KEYTAB, KRB5_CONF, SSSD_CONF = "/etc/krb5.keytab", "/etc/krb5.conf", "/etc/sssd/sssd.conf"
PRIVATE = (KEYTAB, SSSD_CONF)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?")  # a computer's NetBIOS name has 15 characters at most
_SECONDS = 60.0


class Computer(NamedTuple):
    """Names of a machine in its domain: `DRD-KS-0001` and `drd-ks-0001.ad.example.nl`."""

    name: str
    full_name: str
    realm: str

    @property
    def account(self) -> Principal:
        """The computer's own account."""
        return Principal(f"{self.name}$", self.realm)

    @property
    def needed(self) -> tuple[Principal, ...]:
        """Keys that a member must hold: its own, and that by which others know it over SSH."""
        return self.account, Principal(f"host/{self.full_name}", self.realm)


class Machine:
    """Files and commands of the machine. `root` and `run` stand for it in tests, `owner` for root."""

    def __init__(self, root: str = "/", run: Run = run_command, owner: int = 0) -> None:
        self.system = System(root, run)
        self.owner = owner
        self._root = root

    def computer(self, wanted: Wanted) -> Computer:
        """Its names, from the host name that it has now. Raises HostError where it can have no account by that name."""
        own = (self.system.text("/proc/sys/kernel/hostname") or "").strip()
        label = own.split(".")[0].lower()
        if not _LABEL.fullmatch(label):
            raise HostError(
                f"the host name is {own!r}; a computer account needs one of 1 to 15 letters, digits and hyphens"
            )
        return Computer(label.upper(), f"{label}.{wanted.domain}", wanted.realm)

    def ask(self, command: Sequence[str], text: str = "", **variables: str) -> Done:
        """Run a command with a text as its input and with these environment variables."""
        pairs = [f"{name}={value}" for name, value in variables.items()]
        return self.system.look("env", *pairs, *command, text=text, seconds=_SECONDS)

    def write(self, path: str, content: bytes) -> None:
        """Write a file of root's, which nobody else may read where it is a private one."""
        mode = 0o600 if path in PRIVATE else 0o644
        self.system.replace(path, content, Attributes(self.owner, None, mode))

    def loose(self, path: str) -> bool:
        """Whether others than root (and its group, to read: SSSD's own unit sets that) can get at a private file."""
        entry = self.system.entry(path)
        return entry is not None and (entry.uid != self.owner or bool(entry.mode & 0o137))

    @contextmanager
    def scratch(self, files: Mapping[str, bytes]) -> Iterator[str]:
        """A folder of root's in memory with these files in it, for as long as the context lasts."""
        with tempfile.TemporaryDirectory(prefix="werkplek-", dir=os.path.join(self._root, "run")) as folder:
            for name, content in files.items():
                with open(os.path.join(folder, name), "xb") as file:
                    file.write(content)
            yield folder
