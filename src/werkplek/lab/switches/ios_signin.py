"""Who may sign in to an IOS switch, from where, and with which rights."""

from __future__ import annotations

import re
from ipaddress import IPv4Address

from werkplek.lab.switches import ios_secrets
from werkplek.lab.switches.device import Device
from werkplek.lab.switches.tree import Entry, Section

HIGHEST = 15


def text(section: Section, slot: str) -> str:
    """The line in a slot, or nothing."""
    return section.get(slot, Entry("")).text


def terminal(device: Device) -> Section:
    """The first terminal for the network: it stands for all of them."""
    return device.running["line vty 0"].below or {}


def may_connect(device: Device, address: str) -> bool:
    """Whether terminals take SSH at all, and from this address (empty: one that no list is asked about)."""
    line = terminal(device)
    accepted = text(line, "transport input").split()[2:]
    if accepted and not {"ssh", "all"} & set(accepted):
        return False
    lists = [entry.text.split()[1] for slot, entry in line.items() if slot.startswith("access-class ")]
    return not address or all(permits(device.running, name, address) for name in lists)


def permits(running: Section, name: str, address: str) -> bool:
    """Whether a standard access list lets an address in. A list that is not there lets everybody in."""
    entry = running.get(f"ip access-list standard {name}")
    if entry is None or not entry.below:
        return True
    for line in sorted(entry.below.values(), key=lambda entry: int(entry.text.split()[0])):
        _number, action, *rest = line.text.split()
        if action in ("permit", "deny") and _covers(rest, address):
            return action == "permit"
    return False


def _covers(rest: list[str], address: str) -> bool:
    if rest[0] == "any":
        return True
    wildcard = int(IPv4Address(rest[1])) if len(rest) > 1 and rest[1] != "log" else 0
    return int(IPv4Address(rest[0])) | wildcard == int(IPv4Address(address)) | wildcard


def signs_in(device: Device, user: str, password: str) -> bool:
    """Whether an account and its password open a terminal. No server for accounts can be reached from the lab."""
    if not with_aaa(device):
        if "login local" in terminal(device):
            return _local(device, user, password)
        return "login" in terminal(device) and fits(text(terminal(device), "password"), password)
    name = text(terminal(device), "login authentication").removeprefix("login authentication ") or "default"
    methods = text(device.running, f"aaa authentication login {name}").split()[4:] or ["local"]
    for method in methods:
        if method in ("local", "local-case"):
            return _local(device, user, password)
        if method == "none":
            return True
    return False


def with_aaa(device: Device) -> bool:
    """Whether accounts are AAA's business."""
    return text(device.running, "aaa new-model") == "aaa new-model"


def _local(device: Device, user: str, password: str) -> bool:
    line = text(device.running, f"username {user}")
    return bool(line) and fits(line, password)


def fits(line: str, password: str) -> bool:
    """Whether a password is the one in a line such as `... secret 9 $9$...` or `password 7 0822455D0A16`."""
    match = re.search(r"(?:secret|password)(?: (\d+))? (\S+)$", line)
    if match is None:
        return False
    kind, stored = match[1] or "0", match[2]
    if kind == "9":
        return ios_secrets.fits(password, stored)
    return password == (ios_secrets.readable(stored) if kind == "7" else stored if kind == "0" else None)


def privilege(device: Device, user: str) -> int:
    """The level with which a user begins. AAA gives a level only where it authorizes terminals."""
    line = int(text(terminal(device), "privilege level").rpartition(" ")[2] or 1)
    own = re.search(r" privilege (\d+)", text(device.running, f"username {user}"))
    if with_aaa(device) and not text(device.running, "aaa authorization exec default"):
        return line
    return int(own[1]) if own else line
