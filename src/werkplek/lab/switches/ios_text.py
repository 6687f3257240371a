"""An IOS configuration as text: the order of its lines, what is shown together, and what is kept elsewhere."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby

from werkplek.lab.switches import ios_names, ios_vlans
from werkplek.lab.switches.ios_places import SHOWN_APART
from werkplek.lab.switches.tree import Entry, Order, Section, copied, lines, ordered

# What a running configuration of IOS XE 17 on a Catalyst 9000 begins its lines with, from top to bottom.
GLOBAL = (
    "version",
    "service timestamps",
    "service",
    "platform",
    "file prompt",
    "file privilege",
    "hostname",
    "vrf definition",
    "logging userinfo",
    "logging buffered",
    "logging console",
    "logging monitor",
    "logging rate-limit",
    "logging on",
    "enable",
    "security",
    "aaa new-model",
    "aaa local",
    "aaa group server",
    "aaa authentication",
    "aaa authorization",
    "aaa accounting",
    "aaa common-criteria",
    "aaa server",
    "aaa session-id",
    "boot",
    "clock",
    "switch",
    "system mtu",
    "ip routing",
    "ip source-route",
    "ip gratuitous-arps",
    "ip bootp",
    "ip dhcp bootp",
    "ip domain",
    "ip name-server",
    "ip dhcp snooping",
    "ip arp inspection",
    "login",
    "vtp",
    "udld",
    "authentication",
    "device-tracking",
    "crypto",
    "archive",
    "license",
    "diagnostic",
    "memory",
    "errdisable",
    "dot1x",
    "port-channel",
    "spanning-tree mode",
    "spanning-tree loopguard",
    "spanning-tree portfast",
    "spanning-tree",
    "username",
    "redundancy",
    "transceiver",
    "vlan internal",
    "vlan",
    "lldp",
    "cdp",
    "class-map",
    "policy-map",
    "interface",
    "ip default-gateway",
    "ip forward-protocol",
    "ip finger",
    "ip http",
    "ip tftp",
    "ip route",
    "ip ssh",
    "ip scp",
    "ip access-list",
    "ip radius",
    "ip tacacs",
    "ip",
    "logging origin-id",
    "logging history",
    "logging trap",
    "logging facility",
    "logging source-interface",
    "logging host",
    "logging",
    "snmp-server engineID",
    "snmp-server group",
    "snmp-server view",
    "snmp-server community",
    "snmp-server trap-source",
    "snmp-server source-interface",
    "snmp-server location",
    "snmp-server contact",
    "snmp-server chassis-id",
    "snmp-server enable",
    "snmp-server host",
    "snmp-server",
    "tacacs-server",
    "tacacs server",
    "radius-server",
    "radius server",
    "control-plane",
    "banner exec",
    "banner incoming",
    "banner login",
    "banner motd",
    "line con",
    "line aux",
    "line vty",
    "ntp logging",
    "ntp authentication-key",
    "ntp authenticate",
    "ntp trusted-key",
    "ntp source",
    "ntp server",
    "ntp",
    "mac",
    "configuration mode",
    "event manager",
)
PORT = (
    "description",
    "switchport",  # `no switchport`
    "switchport access",
    "switchport block",
    "switchport trunk native",
    "switchport trunk allowed",
    "switchport mode",
    "switchport nonegotiate",
    "switchport protected",
    "switchport voice",
    "switchport port-security maximum",
    "switchport port-security violation",
    "switchport port-security aging",
    "switchport port-security mac-address",
    "switchport port-security",
    "vrf forwarding",
    "ip arp inspection",
    "ip address",
    "ip access-group",
    "load-interval",
    "shutdown",
    "power inline",
    "speed",
    "duplex",
    "udld",
    "authentication",
    "mab",
    "snmp trap",
    "dot1x",
    "storm-control",
    "channel-group",
    "spanning-tree portfast",
    "spanning-tree",
    "service-policy",
    "ip verify",
    "ip dhcp snooping",
)
TERMINAL = (
    "session-timeout",
    "access-class",
    "exec-timeout",
    "privilege",
    "password",
    "authorization",
    "accounting",
    "logging",
    "login",
    "exec",
    "history",
    "length",
    "transport preferred",
    "transport input",
    "transport output",
    "stopbits",
)
NEGATION = re.compile(r"^no ")


@lru_cache(maxsize=4096)
def _rank(table: tuple[str, ...], text: str) -> tuple[int, int]:
    """Where in a table the longest beginning of a line stands; what is in none comes last but one."""
    fits = [(len(start), place) for place, start in enumerate(table) if (text + " ").startswith(start + " ")]
    exact = [(length, place) for length, place in fits if length == len(text)]
    longest = max(exact or fits, default=(0, len(table)))
    return longest[1], 0


def order(parent: str) -> Order:
    """How the lines below a line are sorted; below none, how the configuration is."""
    if not parent:
        return _global
    if parent.startswith("interface "):
        return lambda text: _rank(PORT, NEGATION.sub("", text))
    if parent.startswith("line "):
        return lambda text: _rank(TERMINAL, NEGATION.sub("", text))
    if parent.startswith("ip access-list "):
        return lambda text: (int(text.split()[0]),)
    return lambda _text: (0,)


def _global(text: str) -> tuple[object, ...]:
    plain = NEGATION.sub("", text)
    rank = _rank(GLOBAL, " ".join(plain.split("\n", 1)[0].split()[:3]))
    words = plain.split()
    if words[0] == "interface":
        return (*rank, ios_names.sort_key(words[1]))
    if words[0] == "vlan" and words[1][0].isdigit():
        return (*rank, int(re.split("[,-]", words[1])[0]))
    return rank


def configuration(running: Section) -> str:
    """The text of a configuration as it is kept in a file: every section ends with `!`, the whole with `end`."""
    text: list[str] = []
    before = ""
    for slot, entry in ordered(_shown(running), order("")):
        word = NEGATION.sub("", entry.text).split()[0]
        if word != before and text and text[-1] != "!":
            text.append("!")
        text += lines({slot: entry}, 1, order)
        text += ["!"] if entry.below is not None else []
        before = word
    return "\n".join([*text, *(["!"] if text[-1:] != ["!"] else []), "end", ""])


def _shown(running: Section) -> Section:
    """The tree with terminals together, and VLANs together or left out."""
    section = dict(running)
    _join_terminals(section)
    numbers = ios_vlans.vids(section)
    plain = [vid for vid in numbers if not section[ios_vlans.vlan_slot(vid)].below]
    for vid in numbers if not ios_vlans.in_configuration(running) else plain:
        del section[ios_vlans.vlan_slot(vid)]
    if plain and ios_vlans.in_configuration(running):
        together = f"vlan {ios_names.compressed(plain)}"
        section[together] = Entry(together, {})
    return section


def _join_terminals(section: Section) -> None:
    """`line vty 0 4` and `line vty 5 15` for terminals kept one by one."""
    numbers = sorted(int(slot[9:]) for slot in section if slot.startswith("line vty "))
    entries = {number: section.pop(f"line vty {number}") for number in numbers}

    def alike(number: int) -> tuple[bool, list[str]]:
        return number < SHOWN_APART, sorted(entry.text for entry in (entries[number].below or {}).values())

    for _key, group in groupby(numbers, key=alike):
        first, *rest = group
        text = f"line vty {first}" + (f" {rest[-1]}" if rest else "")
        section[text] = Entry(text, copied(entries[first].below or {}))
