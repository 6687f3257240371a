"""A switch of the dialect of IOS without a network, and somebody who types at it."""

from __future__ import annotations

from werkplek.lab.switches.clock import Clock
from werkplek.lab.switches.device import Device, Member, Neighbour, Port
from werkplek.lab.switches.ios import Ios
from werkplek.lab.switches.ios_factory import SALT
from werkplek.lab.switches.ios_secrets import scrypted
from werkplek.lab.switches.shell import opened

IOS = Ios()
ACCOUNT = f"username beheer privilege 15 secret 9 {scrypted('geheim', SALT)}"
FIRST = f"""\
version 17.9
hostname pap-sw-01
{ACCOUNT}
vtp mode transparent
spanning-tree mode rapid-pvst
vlan 490
 name pap-beheer
lldp run
interface TenGigabitEthernet1/1/1
 switchport mode trunk
interface Vlan490
 ip address 10.4.90.11 255.255.255.0
line vty 0 4
 login local
 transport input ssh
line vty 5 15
 login local
 transport input ssh
end
"""


def switch(name: str = "pap-sw-01", members: int = 1, text: str = FIRST) -> Device:
    """A switch with four access ports and an uplink for each member. Something hangs on each access port."""
    ports: dict[str, Port] = {}
    for member in range(1, members + 1):
        names = [f"GigabitEthernet{member}/0/{number}" for number in range(1, 5)]
        ports |= {port: Port(port, lit=True, member=member) for port in names}
        uplink = f"TenGigabitEthernet{member}/1/1"
        ports[uplink] = Port(uplink, member=member)
    stack = tuple(
        Member(number, "C9300-24P", f"FOC{number:08}", f"0200.0000.000{number}", "Member")
        for number in range(1, members + 1)
    )
    device = Device(name, IOS, Clock(lambda: 0.0), ports, stack)
    IOS.load(device, text.replace("pap-sw-01", name))
    device.startup = IOS.running_text(device)
    return device


def cabled(one: Device, port: str, other: Device, far: str) -> None:
    """A cable between two switches."""
    one.peers[other.name], other.peers[one.name] = other, one
    one.ports[port].neighbour = Neighbour(other.name, far)
    other.ports[far].neighbour = Neighbour(one.name, port)


class Bench:
    """Somebody at the command line, with pages off."""

    def __init__(self, device: Device, user: str = "beheer") -> None:
        self.device = device
        self.said: list[str] = []
        self.closed = False
        self.session = opened(device, user, self.said.append, self._close)
        self.session.page_length = 0

    def _close(self) -> None:
        self.closed = True

    def press(self, keys: str) -> str:
        """All that is shown after these keys, as it comes."""
        self.said.clear()
        self.session.feed(keys)
        return "".join(self.said)

    def type(self, *lines: str) -> str:
        """What is said after the last of these lines, without its echo and the prompt that follows."""
        for line in lines:
            shown = self.press(f"{line}\r")
        return "\n".join(shown.split("\r\n")[1:-1])

    def configure(self, *lines: str) -> str:
        """The same in configuration, from its top. The prompt stays there."""
        self.type("end", "configure terminal")
        return self.type(*lines)

    @property
    def prompt(self) -> str:
        """What stands before the cursor."""
        return self.session.prompt()

    def shown(self, section: str = "") -> list[str]:
        """The running configuration's lines, or those of a section of it, as IOS shows them."""
        rows = IOS.running_text(self.device).splitlines()
        if not section:
            return rows
        at = rows.index(section)
        end = next(place for place, line in enumerate(rows[at + 1 :], at + 1) if not line.startswith(" "))
        return [line[1:] for line in rows[at + 1 : end]]
