"""How a switch of the IOS dialect comes to the lab: set up so far that it can be reached, or grown for years."""

from __future__ import annotations

from werkplek.lab.switches import ios_secrets
from werkplek.lab.switches.estate import SwitchHost

MASK = "255.255.255.0"
SALT = "werkpleklab..."  # one for all: scrypt is slow on purpose, and 200 switches have one account


def configuration(host: SwitchHost, user: str, password: str, old: bool) -> str:
    """The text of its first configuration."""
    lines = [
        "version 17.9",
        "service timestamps debug datetime msec",
        "service timestamps log datetime msec",
        f"hostname {host.name}",
        *(f"switch {member.position} provision {member.model.lower()}" for member in host.members),
        "vtp mode transparent",
        "spanning-tree mode rapid-pvst",
        "spanning-tree extend system-id",
        f"username {user} privilege 15 secret 9 {ios_secrets.scrypted(password, SALT)}",
        "redundancy",
        " mode sso",
        f"vlan {host.management_vlan}",
        "lldp run",
        *_cables(host),
        f"interface Vlan{host.management_vlan}",
        *([f" ip address {host.address} {MASK}"] if host.address else []),
        "ip forward-protocol nd",
        *_terminals(),
    ]
    return "\n".join([*lines, *(OLD if old else []), *_old_ports(host, old), "end", ""])


def _cables(host: SwitchHost) -> list[str]:
    """Cables to other switches are trunks, so that the switches behind can be reached."""
    cabled = [port.name for port in host.ports if port.peer is not None]
    return [line for name in cabled for line in (f"interface {name}", " switchport mode trunk")]


def _terminals() -> list[str]:
    vty = [" login local", " transport input ssh"]
    return ["line con 0", " stopbits 1", "line vty 0 4", *vty, "line vty 5 15", *vty]


OLD = [
    "logging host 192.0.2.10",
    "snmp-server community public RO",
    "snmp-server community oud-beheer RW",
    "ntp server 192.0.2.123",
    "ip name-server 192.0.2.53",
    "service pad",
    "vlan 20",
    " name OUD-DATA",
    "vlan 30",
    "line vty 0 4",
    " exec-timeout 0 0",
    " transport input telnet ssh",
]


def _old_ports(host: SwitchHost, old: bool) -> list[str]:
    """Ports that somebody used once."""
    free = [port.name for port in host.ports if port.peer is None][:3] if old else []
    lines = [
        (" switchport access vlan 20", " switchport mode access"),
        (" description OUD",),
        (" switchport mode trunk",),
    ]
    return [line for name, below in zip(free, lines, strict=False) for line in (f"interface {name}", *below)]
