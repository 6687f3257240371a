"""How a switch of the dialect of EOS comes to the lab: set up so far that it can be reached, or grown for years."""

from __future__ import annotations

from werkplek.lab.switches import eos_secrets
from werkplek.lab.switches.estate import SwitchHost

LENGTH = 24  # of the network that a switch is reached in
SALT = "werkplek.lab"  # one for all: five thousand rounds take their time, and the switches have one account


def configuration(host: SwitchHost, user: str, password: str, old: bool) -> str:
    """The text of its first configuration."""
    lines = [
        f"username {user} privilege 15 role network-admin secret sha512 {eos_secrets.sha512(password, SALT)}",
        f"hostname {host.name}",
        "aaa authorization exec default local",
        f"vlan {host.management_vlan}",
    ]
    for port in host.ports:
        if port.peer is not None:  # cables to other switches are trunks, so that the switches behind can be reached
            lines += [f"interface {port.name}", "   switchport mode trunk"]
    if host.address:
        lines += [f"interface Vlan{host.management_vlan}", f"   ip address {host.address}/{LENGTH}"]
    return "\n".join([*lines, *(OLD + _old_ports(host) if old else []), "end", ""])


OLD = [
    "logging host 192.0.2.10",
    "snmp-server community public ro",
    "snmp-server community oud-beheer rw",
    "ntp server 192.0.2.123",
    "ip name-server vrf default 192.0.2.53",
    "vlan 20",
    "   name OUD-DATA",
    "vlan 30",
    "management telnet",
    "   no shutdown",
]


def _old_ports(host: SwitchHost) -> list[str]:
    """Ports that somebody used once."""
    free = [port.name for port in host.ports if port.peer is None and port.name.startswith("Ethernet")][:3]
    lines = ("switchport access vlan 20", "description OUD", "switchport mode trunk")
    return [line for name, below in zip(free, lines, strict=False) for line in (f"interface {name}", f"   {below}")]
