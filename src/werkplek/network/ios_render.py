"""A switch's document in the lines of Cisco IOS and IOS XE.

Forms: Cisco, "Command Reference, Cisco IOS XE Cupertino 17.9.x (Catalyst 9300 Switches)". A running configuration
shows a line only where it differs from a default, so each line here is one that IOS shows.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from werkplek.network.document import Port, Setting, SwitchDocument
from werkplek.network.lines import Claim, Line, Rendering, Section, begins, compressed, expanded
from werkplek.network.own_lines import Dialect
from werkplek.network.rendering import Kinds, Made, rendered

ACL = "WERKPLEK-BEHEER"
# What hardware, power or a link's negotiation ask for is no part of a port's profile, and is left as it is.
PORT_KEPT = ("speed", "duplex", "power inline", "media-type", "mtu", "channel-group", "load-interval", "carrier-delay")
# Lines that begin as a VLAN does and are none.
VLAN_KEPT = ("vlan access-map", "vlan configuration", "vlan dot1q", "vlan filter", "vlan group", "vlan internal")
# Lines that a port has once: a new one overwrites the old one.
PORT_SINGLE = (
    "description",
    "switchport mode",
    "switchport access vlan",
    "switchport voice vlan",
    "switchport trunk native vlan",
    "switchport trunk allowed vlan",
)
# Lines of a list of VLANs to which a new one adds: they are compared VLAN by VLAN.
VLAN_LISTS = ("ip arp inspection vlan", "ip dhcp snooping vlan")


def render(document: SwitchDocument) -> Rendering:
    """Lines and claims of every setting."""
    made = rendered(document, _KINDS, IOS)
    return replace(made, lines=tuple(part for line in made.lines for part in _apart(line)))


def _apart(line: Line) -> Iterator[Line]:
    listed = next((prefix for prefix in VLAN_LISTS if not line.section and begins(line.text, prefix)), None)
    vids = line.text.removeprefix(f"{listed} ")
    if listed and vids.replace(",", "").replace("-", "").isdigit():
        yield from (line._replace(text=f"{listed} {vid}") for vid in expanded(vids))
    else:
        yield line


def management_interface(document: SwitchDocument) -> str | None:
    """The interface in the management VLAN."""
    return f"Vlan{document.management}" if document.management else None


def _vlans(document: SwitchDocument, setting: Setting) -> Made:
    yield Claim((), "vlan", "owns", setting.id)
    for kept in VLAN_KEPT:
        yield Claim((), kept, "keeps", setting.id)
    for vlan in document.vlans:
        section = (f"vlan {vlan.vid}",)
        yield Line((), section[0], setting.id)
        yield Line(section, f"name {vlan.name}", setting.id)
        yield Claim(section, "name", "replaces", setting.id)
        for halting in ("state", "shutdown"):
            yield Claim(section, halting, "owns", setting.id)


def _ports(document: SwitchDocument, setting: Setting) -> Made:
    for port in document.ports:
        section = (f"interface {port.name}",)
        texts = port_lines(port)
        yield Claim(section, "", "owns", setting.id)
        for kept in PORT_KEPT:
            yield Claim(section, kept, "keeps", setting.id)
        for prefix in PORT_SINGLE:
            if any(begins(text, prefix) for text in texts):
                yield Claim(section, prefix, "replaces", setting.id)
        for text in texts:
            yield Line(section, text, setting.id)


def port_lines(port: Port) -> list[str]:
    """The lines of one port, the safe ones first: a port that should be dead is shut before anything else."""
    lines = ["shutdown"] if port.profile == "unused" else []
    lines += [f"description {port.description}"] if port.description else []
    if port.trunk:
        native = [f"switchport trunk native vlan {port.untagged}"] if port.untagged else []
        allowed = compressed(port.allowed) or "none"
        return [*lines, *native, f"switchport trunk allowed vlan {allowed}", "switchport mode trunk"]
    access = [f"switchport access vlan {port.untagged}"] if port.untagged else []
    voice = [f"switchport voice vlan {port.voice}"] if port.voice else []
    return [*lines, *access, *voice, "switchport mode access"]


def _management(document: SwitchDocument, setting: Setting) -> Made:
    acl = (f"ip access-list standard {ACL}",)
    yield Line((), acl[0], setting.id)
    yield Claim(acl, "", "owns", setting.id)
    for network in setting.body["networks"]:
        yield Line(acl, f"permit {_wildcard(network)}", setting.id)
    if gateway := setting.body.get("gateway"):
        yield Line((), f"ip default-gateway {gateway}", setting.id)
        yield Claim((), "ip default-gateway", "replaces", setting.id)
    if name := management_interface(document):
        # its address is what this run came in by, and is the registry's and the installer's
        yield Claim((f"interface {name}",), "shutdown", "owns", setting.id)


def _wildcard(network: str) -> str:
    prefix = ipaddress.ip_network(network)
    return str(prefix.network_address) if prefix.prefixlen == 32 else f"{prefix.network_address} {prefix.hostmask}"


def _ntp(_document: SwitchDocument, setting: Setting) -> Made:
    number, key = setting.body.get("key_number", 1), setting.body.get("key")
    yield Claim((), "ntp server", "owns", setting.id)
    if key:
        yield Line((), "ntp authenticate", setting.id)
        yield Line((), f"ntp authentication-key {number} md5 {key}", setting.id)
        yield Line((), f"ntp trusted-key {number}", setting.id)
        yield Claim((), f"ntp authentication-key {number}", "replaces", setting.id)
        for other in ("ntp authentication-key", "ntp trusted-key"):
            yield Claim((), other, "owns", setting.id)
    for server in setting.body["servers"]:
        yield Line((), f"ntp server {server}" + (f" key {number}" if key else ""), setting.id)


def _dns(_document: SwitchDocument, setting: Setting) -> Made:
    yield Claim((), "ip name-server", "owns", setting.id)
    yield Claim((), "ip domain name", "replaces", setting.id)
    yield Line((), f"ip domain name {setting.body['domain']}", setting.id)
    for server in setting.body["servers"]:
        yield Line((), f"ip name-server {server}", setting.id)


def _syslog(_document: SwitchDocument, setting: Setting) -> Made:
    yield Claim((), "logging host", "owns", setting.id)
    for host in setting.body["hosts"]:
        yield Line((), f"logging host {host}", setting.id)
    level = setting.body.get("level", "informational")
    # informational is IOS's own choice, which it does not show
    yield Line((), f"logging trap {level}", setting.id, by_default=level == "informational")
    for shown in ("logging trap", "no logging trap"):
        yield Claim((), shown, "owns" if level == "informational" else "replaces", setting.id)


def _snmp(_document: SwitchDocument, setting: Setting) -> Made:
    body = setting.body
    yield Claim((), "snmp-server community", "owns", setting.id)
    yield Claim((), "snmp-server host", "owns", setting.id)
    yield Claim((), "snmp-server group", "owns", setting.id)
    yield Line((), f"snmp-server view {body['view']} iso included", setting.id)
    yield Line((), f"snmp-server group {body['group']} v3 priv read {body['view']}", setting.id)
    if body.get("location"):
        yield Line((), f"snmp-server location {body['location']}", setting.id)
        yield Claim((), "snmp-server location", "replaces", setting.id)
    # IOS keeps users out of its configuration (`show snmp user`); the session adds those that it has to this form
    user = f"snmp-server user {body['user']} {body['group']} v3 auth sha {body['auth']} priv aes 128 {body['priv']}"
    yield Line((), user, setting.id)
    yield Claim((), "snmp-server user", "owns", setting.id)
    # a user of that name in another group becomes this one
    yield Claim((), f"snmp-server user {body['user']}", "replaces", setting.id)
    for host in body["hosts"]:
        yield Line((), f"snmp-server host {host} version 3 priv {body['user']}", setting.id)


def _aaa(kind: str, word: str, address: str) -> Callable[[SwitchDocument, Setting], Made]:
    """TACACS+ and RADIUS servers: a block each, and a group that names them."""

    def made(_document: SwitchDocument, setting: Setting) -> Made:
        group = (f"aaa group server {word} {setting.body['group']}",)
        for other in (f"{kind} server", f"{kind}-server host", f"{kind}-server key"):
            yield Claim((), other, "owns", setting.id)
        for number, server in enumerate(setting.body["servers"], start=1):
            section = (f"{kind} server {setting.body['group']}-{number}",)
            yield Line((), section[0], setting.id)
            for first, value in (("address ipv4", f"{server}{address}"), ("key", setting.body["key"])):
                yield Line(section, f"{first} {value}", setting.id)
                yield Claim(section, first, "replaces", setting.id)
        yield Line((), group[0], setting.id)
        yield Claim(group, "server name", "owns", setting.id)
        for number, _server in enumerate(setting.body["servers"], start=1):
            yield Line(group, f"server name {setting.body['group']}-{number}", setting.id)

    return made


def _banner(_document: SwitchDocument, setting: Setting) -> Made:
    yield Line((), "banner login\n" + setting.body["text"].strip("\n"), setting.id)
    yield Claim((), "banner login", "replaces", setting.id)


def _switch_words(document: SwitchDocument) -> Mapping[str, Any]:
    return {
        "user_vlans": compressed(document.user_vlans),
        "management_vlan": document.management,
        "management_interface": management_interface(document),
        "native_vlan": document.vid("native"),
        "parking_vlan": document.vid("parking"),
    }


def port_section(port: str) -> Section:
    """The section of a port."""
    return (f"interface {port}",)


IOS = Dialect("ios", _switch_words, port_section)
_KINDS: Kinds = {
    "switch_vlans": _vlans,
    "switch_ports": _ports,
    "switch_management": _management,
    "switch_ntp": _ntp,
    "switch_dns": _dns,
    "switch_syslog": _syslog,
    "switch_snmp": _snmp,
    "switch_tacacs": _aaa("tacacs", "tacacs+", ""),
    "switch_radius": _aaa("radius", "radius", " auth-port 1812 acct-port 1813"),
    "switch_banner": _banner,
}
