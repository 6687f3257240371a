# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a machine is a member of the domain, of another one, or of none."""

from __future__ import annotations

import configparser

from ansible.module_utils.linux_policy.model import HostError

from .keytab import KeytabError, Principal, principals
from .machine import KEYTAB, SSSD_CONF, Computer, Machine
from .wanted import Wanted

_SMB_CONF = "/etc/samba/smb.conf"


def lacking(machine: Machine, computer: Computer, wanted: Wanted) -> str:
    """Why the machine's own files say that it must join; empty where they hold the keys of a member.

    Raises:
        HostError: the machine is in another domain, or winbind's member: a join would break that.
    """
    held = _held(machine)
    elsewhere = sorted(key for key in held if _of_machine(key) and key.realm != wanted.realm)
    if elsewhere:
        raise HostError(
            f"this machine is joined to {elsewhere[0].realm}: {KEYTAB} holds a key of {elsewhere[0]}; leave it first"
        )
    missing = [key for key in computer.needed if key not in held]
    if not missing:
        return ""
    _refuse_others(machine, wanted)
    return f"{KEYTAB} holds no key of {missing[0]}" if held else f"there is no {KEYTAB}"


def _of_machine(key: Principal) -> bool:
    return key.name.endswith("$") or key.name.startswith("host/")


def _held(machine: Machine) -> frozenset[Principal]:
    content = machine.system.read(KEYTAB)
    try:
        return principals(content) if content else frozenset()
    except KeytabError as error:
        raise HostError(f"{KEYTAB} is no keytab ({error}); take it away if nothing needs it") from None


def _refuse_others(machine: Machine, wanted: Wanted) -> None:
    """A machine without our keys: its configuration must not speak of another membership."""
    sssd = _ini(machine.system.text(SSSD_CONF))
    for name in sssd.sections():
        domain = sssd[name].get("ad_domain") or sssd[name].get("ipa_domain") or name.partition("/")[2]
        if sssd[name].get("id_provider") in ("ad", "ipa") and domain.lower() != wanted.domain:
            raise HostError(f"this machine is set up for the domain {domain}, see {SSSD_CONF}; leave that first")
    samba = _ini(machine.system.text(_SMB_CONF))
    if samba.get("global", "security", fallback="").strip().lower() == "ads":
        realm = samba.get("global", "realm", fallback="another domain")
        raise HostError(f"this machine is winbind's member of {realm}, see {_SMB_CONF}; leave that first")


def _ini(text: str | None) -> configparser.ConfigParser:
    """A file of sections; an empty one where it is absent or cannot be read as such."""
    parser = configparser.ConfigParser(strict=False, interpolation=None, allow_no_value=True)
    try:
        parser.read_string(text or "")
    except configparser.Error:
        return configparser.ConfigParser()
    return parser
