"""Who may sign in to a switch of the dialect of EOS, from where, and with which rights."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network

from werkplek.lab.switches import eos_secrets
from werkplek.lab.switches.device import Device
from werkplek.lab.switches.tree import Entry, Section, find

NO_PASSWORD = "aaa authentication policy local allow-nopassword-remote-login"  # noqa: S105 - a line, no password


def text(section: Section, slot: str) -> str:
    """The line in a slot, or nothing."""
    return section.get(slot, Entry("")).text


def may_connect(device: Device, address: str) -> bool:
    """Whether SSH is on, and its access list lets an address in (empty: one that no list is asked about)."""
    ssh = find(device.running, ("management ssh",)) or {}
    name = text(ssh, "ip access-group").split()[2:3]
    return "shutdown" not in ssh and (not address or not name or permits(device.running, name[0], address))


def permits(running: Section, name: str, address: str) -> bool:
    """Whether a standard access list lets an address in. A list that is not there lets everybody in."""
    section = find(running, (f"ip access-list standard {name}",))
    if section is None:
        return True
    for entry in sorted(section.values(), key=lambda entry: int(entry.text.split()[0])):
        _number, action, *source = entry.text.split()
        if action in ("permit", "deny") and _covers(source, address):
            return action == "permit"
    return False


def _covers(source: list[str], address: str) -> bool:
    if source[0] == "any":
        return True
    return IPv4Address(address) in IPv4Network(source[1] if source[0] == "host" else source[0])


def signs_in(device: Device, user: str, password: str) -> bool:
    """Whether an account and its password open a session. No server for accounts can be reached from the lab."""
    methods = text(device.running, "aaa authentication login default").split()[4:] or ["local"]
    for method in methods:
        if method == "local":
            return _local(device, user, password)
        if method == "none":
            return True
    return False


def _local(device: Device, user: str, password: str) -> bool:
    line = text(device.running, f"username {user}")
    if line.endswith(" nopassword"):
        return NO_PASSWORD in device.running
    return fits(line, password)


def fits(line: str, password: str) -> bool:
    """Whether a password is the one in a line such as `... secret sha512 $6$...`."""
    match = re.search(r" sha512 (\$6\$([./0-9A-Za-z]+)\$\S+)$", line)
    return match is not None and eos_secrets.sha512(password, match[2]) == match[1]


def privilege(device: Device, user: str) -> int:
    """The level with which a user begins: the account's own where sign-ins are authorized, else the lowest."""
    own = re.search(r" privilege (\d+)", text(device.running, f"username {user}"))
    return int(own[1]) if own and text(device.running, "aaa authorization exec default") else 1
