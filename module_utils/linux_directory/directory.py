# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the directory says: adcli(8) and kinit(1) asked, and their answers understood. Passwords go in on stdin."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from ansible.module_utils.linux_policy.model import HostError
from ansible.module_utils.linux_policy.system import Done

from .machine import Computer, Machine
from .texts import krb5_conf
from .wanted import Wanted

PROGRAMS = ("adcli", "kinit")
_DISABLED = 0x2  # ADS_UF_ACCOUNTDISABLE of userAccountControl ([MS-ADTS] 2.2.16)
# What a join mends. Anything else that kinit complains of is told and left alone.
_LOST = {
    "Preauthentication failed": "the directory has another password for this computer than its keytab",
    "not found in Kerberos database": "the directory has no account for this computer",
    "no suitable keys": "the keytab has no key that the directory takes",
}
_DISABLED_TEXT = (
    "the directory has disabled the account of this computer; that is a person's decision, and joining would undo it"
)
_MEANINGS = {
    "couldn't discover domain": "no controller of {domain} answers; look at this machine's DNS (SRV records of"
    " _ldap._tcp.{domain}) and at ports 53, 88 and 389",
    "Cannot find KDC": "no controller of {domain} answers on port 88",
    "Cannot contact any KDC": "no controller of {domain} answers on port 88",
    "Clock skew too great": "the clock of this machine and that of the domain differ by more than five minutes",
    "Preauthentication failed": "the directory does not take the password of {account}",
    "not found in Kerberos database": "the directory has no account {account}",
    "credentials have been revoked": "the account {account} is disabled, locked or expired",
    "Password has expired": "the password of {account} has expired",
    "organizational unit does not exist": "the directory has no unit {unit}",
    "nsufficient": "the account {account} may not join this computer {place}",
}


class Asked:
    """A controller of the domain, found by DNS and nearest by the domain's sites, and the machine that asks it."""

    def __init__(self, machine: Machine, wanted: Wanted, computer: Computer) -> None:
        self._machine, self._wanted, self._computer = machine, wanted, computer
        self._controller = _field(self._explained(machine.ask(["adcli", "info", wanted.domain])), "domain-controller")

    def lost(self, keytab: bytes) -> str:
        """Why the keytab does not work and a join would mend that; empty where it works.

        Raises:
            HostError: it does not work for a reason that joining does not mend.
        """
        with self._configured(keytab) as (folder, config):
            command = [
                "kinit",
                "-k",
                "-t",
                os.path.join(folder, "keytab"),
                "-c",
                "MEMORY:",
                str(self._computer.account),
            ]
            done = self._machine.ask(command, KRB5_CONFIG=config)
        if done.code == 0:
            return ""
        if "credentials have been revoked" in done.said:
            raise HostError(f"{_DISABLED_TEXT} ({done.said})")
        found = [meaning for words, meaning in _LOST.items() if words in done.said]
        return found[0] if found else self._explained(done)

    def check_before_join(self) -> None:
        """Ask about the computer's account with the joiner's password, before anything changes.

        Raises:
            HostError: the password is refused, or the account is disabled or another machine's.
        """
        with self._configured(b"") as (_, config):
            command = ["adcli", "show-computer", *self._sign_in(), self._computer.name]
            done = self._machine.ask(command, self._wanted.password, KRB5_CONFIG=config)
        if "No computer account" in done.err:
            return
        text = self._explained(done)
        control = _attribute(text, "userAccountControl")
        if control.isdigit() and int(control) & _DISABLED:
            raise HostError(_DISABLED_TEXT)
        owner = _attribute(text, "dNSHostName").lower()
        if owner not in ("", "- not set -", self._computer.full_name):
            raise HostError(f"the account {self._computer.name} of the directory is another machine's, {owner}")

    def join(self, keytab: bytes) -> bytes:
        """Join, and give the keytab that works from now on. Keys of other services in the old one stay.

        Raises:
            HostError: it failed. Nothing on this machine is changed, in either case.
        """
        with self._configured(keytab) as (folder, config):
            place = os.path.join(folder, "keytab")
            command = ["adcli", "join", *self._sign_in(), f"--host-keytab={place}"]
            command += [f"--computer-name={self._computer.name}", f"--host-fqdn={self._computer.full_name}"]
            if self._wanted.unit:
                command.append(f"--domain-ou={self._wanted.unit}")
            self._explained(self._machine.ask(command, self._wanted.password, KRB5_CONFIG=config))
            with open(place, "rb") as file:
                fresh = file.read()
        lost = self.lost(fresh)
        if lost:
            raise HostError(f"the join went through, and yet {lost}")
        return fresh

    def _sign_in(self) -> list[str]:
        return [
            f"--domain={self._wanted.domain}",
            f"--domain-controller={self._controller}",
            f"--login-user={self._wanted.account}",
            "--login-type=user",
            "--stdin-password",
        ]

    @contextmanager
    def _configured(self, keytab: bytes) -> Iterator[tuple[str, str]]:
        """A folder with this keytab and a Kerberos configuration with this controller only: others may lag behind."""
        config = krb5_conf(self._wanted, self._controller).encode()
        files = {"krb5.conf": config, **({"keytab": keytab} if keytab else {})}
        with self._machine.scratch(files) as folder:
            yield folder, os.path.join(folder, "krb5.conf")

    def _explained(self, done: Done) -> str:
        """What a command printed; a HostError with what its failure means where it failed."""
        if done.code == 0:
            text: str = done.out
            return text
        values = {"domain": self._wanted.domain, "account": self._wanted.account, "unit": self._wanted.unit}
        values["place"] = f"in {self._wanted.unit}" if self._wanted.unit else "in the domain's usual place"
        for words, meaning in _MEANINGS.items():
            if words in done.said:
                raise HostError(f"{meaning.format(**values)} ({done.said})")
        raise HostError(done.said)


def _field(text: str, name: str) -> str:
    """A value of `adcli info`."""
    found = re.search(rf"^{name} = (\S+)$", text, re.MULTILINE)
    if found is None:
        raise HostError(f"`adcli info` names no {name}")
    return found[1]


def _attribute(text: str, name: str) -> str:
    """A value of `adcli show-computer`, which stands on the line below its name; empty where there is none."""
    found = re.search(rf"^{name}:\n (.+)$", text, re.MULTILINE)
    return found[1].strip() if found else ""
