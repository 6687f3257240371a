"""A switch of platform EOS: its document, and a double of it with a terminal that types without SSH."""

from __future__ import annotations

import re
from typing import Any

from werkplek.lab.switches.clock import Clock
from werkplek.lab.switches.device import Device, Member
from werkplek.lab.switches.device import Port as LabPort
from werkplek.lab.switches.eos import Eos as EosDialect
from werkplek.lab.switches.shell import Session, opened
from werkplek.network.document import Peer, Port, Setting, SwitchDocument, Vlan
from werkplek.network.platform import TerminalError

DIALECT = EosDialect()
FIRST = """username beheer privilege 15 role network-admin secret 0 geheim
hostname pap-sw-01
aaa authorization exec default local
vlan 490
interface Ethernet6
   switchport mode trunk
interface Vlan490
   ip address 10.4.90.11/24
end
"""
# Errors by which Ansible's plugin knows a refusal; others pass it by.
REFUSED = re.compile(r"% ?Error|invalid input|(?:incomplete|ambiguous) command", re.IGNORECASE)
BODIES: dict[str, dict[str, Any]] = {
    "switch_vlans": {},
    "switch_ports": {},
    "switch_ntp": {"servers": ["10.2.0.1", "10.2.0.2"], "key": "tijd-geheim", "key_number": 1},
    "switch_dns": {"servers": ["10.2.0.53"], "domain": "papendrecht.example"},
    "switch_syslog": {"hosts": ["10.2.0.9"], "level": "informational"},
    "switch_snmp": {
        "user": "wpl-monitor",
        "group": "WERKPLEK",
        "view": "WERKPLEK",
        "auth": "snmp-geheim-een",
        "priv": "snmp-geheim-twee",
        "hosts": ["10.2.0.7"],
        "location": "Gemeentehuis Papendrecht",
    },
    "switch_tacacs": {"group": "TAC", "servers": ["10.2.0.20"], "key": "tac-geheim"},
    "switch_radius": {"group": "RAD", "servers": ["10.2.0.21", "10.2.0.22"], "key": "rad-geheim"},
    "switch_banner": {"text": "Gemeente Papendrecht\nAlleen voor bevoegden\n"},
    "switch_management": {"networks": ["10.2.249.0/24", "10.2.250.7/32"], "gateway": "10.4.90.1"},
}


def vlan(vid: int, name: str, use: str) -> Vlan:
    """A VLAN of the plan."""
    return Vlan(vid, name, use, "papendrecht", f"municipalities/papendrecht.yml:{vid}")


VLANS = (
    vlan(410, "pap-werkplek", "workplace"),
    vlan(420, "pap-telefonie", "voice"),
    vlan(430, "pap-printers", "printer"),
    vlan(490, "pap-beheer", "management"),
    vlan(498, "pap-leeg", "native"),
    vlan(499, "pap-parkeer", "parking"),
)


def port(name: str, profile: str, untagged: int | None, **more: Any) -> Port:
    """A port as it should be."""
    values = {"description": f"{profile} {name}", "voice": None, "allowed": (), "peer": None, "source": "url"} | more
    return Port(name, profile, untagged=untagged, **values)


PORTS = (
    port("Ethernet1", "workplace", 410, voice=420),
    port("Ethernet2", "printer", 430),
    port("Ethernet3", "phone", 420),
    port("Ethernet4", "access_point", 410, allowed=(410, 420, 430)),
    port("Ethernet5", "unused", 499, description=""),
    port("Ethernet6", "uplink", 498, allowed=(410, 420, 430, 490, 499), peer=Peer("drs-dist-01", "Ethernet1")),
)


def setting(kind: str, body: dict[str, Any] | None = None, *, waived: bool = False, name: str = "") -> Setting:
    """A setting of the policy."""
    return Setting(name or kind, kind, BODIES.get(kind, {}) if body is None else body, waived, False)


def document(*settings: Setting) -> SwitchDocument:
    """The switch with these settings, else with one of each kind."""
    return SwitchDocument(
        name="pap-sw-01",
        url="https://netbox.example/dcim/devices/7/",
        platform="arista-eos",
        municipality="papendrecht",
        members=1,
        vlans=VLANS,
        ports=PORTS,
        management=490,
        settings=settings or tuple(setting(kind) for kind in BODIES),
    )


def double() -> Device:
    """The switch as it comes: reachable, and no more."""
    ports = {f"Ethernet{number}": LabPort(f"Ethernet{number}", lit=True) for number in range(1, 7)}
    member = Member(1, "CCS-720XP-24Y6", "JPE19000001", "001c.7300.0001", "Active")
    device = Device("pap-sw-01", DIALECT, Clock(lambda: 0.0), ports, (member,))
    DIALECT.load(device, FIRST)
    device.startup = DIALECT.running_text(device)
    return device


class Direct:
    """See `Terminal`. `typed` are the commands sent."""

    def __init__(self, device: Device) -> None:
        self.typed: list[str] = []
        self._device = device
        self._said: list[str] = []
        self._session = self._signed_in()

    def _signed_in(self) -> Session:
        session = opened(self._device, "beheer", self._said.append, lambda: None)
        session.page_length = 0
        return session

    def send(self, command: str, *, prompt: str | None = None, answer: str | None = None) -> str:
        """Type a command."""
        assert prompt is None, "EOS asks nothing here"
        self.typed.append(command)
        self._said.clear()
        for line in command.split("\n"):
            self._session.feed(line + "\r")
        if self._session.ended:
            raise TerminalError("Socket is closed", gone=True)
        said = "".join(self._said).replace("\r\n", "\n").removeprefix(command.split("\n", maxsplit=1)[0] + "\n")
        said = said.removesuffix(self._session.prompt())
        if REFUSED.search(said):
            raise TerminalError(said.strip())
        return said

    def reconnect(self) -> None:
        """A new session."""
        self._session = self._signed_in()

    def sign_in_again(self) -> None:
        """One more."""
        self._signed_in().end()
