"""A switch of the dialect of EOS without a network, and what is typed at it."""

from __future__ import annotations

import re

from werkplek.lab.switches.clock import Clock
from werkplek.lab.switches.device import Device, Member, Neighbour, Port
from werkplek.lab.switches.eos import Eos
from werkplek.lab.switches.eos_factory import SALT
from werkplek.lab.switches.eos_secrets import sha512
from werkplek.lab.switches.shell import opened

EOS = Eos()
ACCOUNT = f"username beheer privilege 15 role network-admin secret sha512 {sha512('geheim', SALT)}"
FIRST = f"""{ACCOUNT}
hostname pap-sw-01
aaa authorization exec default local
vlan 490
   name pap-beheer
interface Ethernet4
   switchport mode trunk
interface Vlan490
   ip address 10.4.90.11/24
"""


def switch(name: str = "pap-sw-01", ports: int = 4, text: str = FIRST) -> Device:
    """A switch with so many ports, on each of which something hangs, and a management port on which nothing does."""
    own = {f"Ethernet{number}": Port(f"Ethernet{number}", lit=True) for number in range(1, ports + 1)}
    member = Member(1, "CCS-720XP-24Y6", "JPE19000001", "001c.7300.0001", "Active")
    device = Device(name, EOS, Clock(lambda: 0.0), own | {"Management1": Port("Management1")}, (member,))
    EOS.load(device, text)
    device.startup = EOS.running_text(device)
    return device


def cabled(one: Device, port: str, other: Device, far: str) -> None:
    """A cable between two switches."""
    one.peers[other.name], other.peers[one.name] = other, one
    one.ports[port].neighbour = Neighbour(other.name, far)
    other.ports[far].neighbour = Neighbour(one.name, port)


class Bench:
    """Somebody at the command line."""

    def __init__(self, device: Device, user: str = "beheer") -> None:
        self.said: list[str] = []
        self.closed = False
        self.session = opened(device, user, self.said.append, self._close)
        self.session.begin()
        self.said.clear()
        self.type("terminal length 0")

    def _close(self) -> None:
        self.closed = True

    def type(self, *lines: str) -> str:
        """What is said to the last of these lines, without its echo and the prompt."""
        for line in lines:
            self.said.clear()
            self.session.feed(line + "\r")
        text = "".join(self.said).replace("\r\n", "\n").removeprefix(lines[-1] + "\n")
        return text.removesuffix(self.prompt).rstrip("\n")

    @property
    def prompt(self) -> str:
        """What stands before the cursor."""
        return self.session.prompt()

    def running(self) -> list[str]:
        """The running configuration's lines, without separators and head."""
        said = self.type("show running-config")
        return [line for line in said.splitlines() if not re.match(r" *!|end$", line)]
