"""A switch's document in the lines of Arista EOS.

Forms: Arista, "EOS User Manual". A running configuration shows a line only where it differs from a default, so each
line here is one that EOS shows, or says that it holds by default.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from typing import Any

from werkplek.network.document import Port, Setting, SwitchDocument
from werkplek.network.eos_form import SECRET, SINGLE, compressed
from werkplek.network.lines import Claim, Line, Rendering, Section, begins
from werkplek.network.own_lines import Dialect
from werkplek.network.rendering import Kinds, Made, rendered

ACL = "WERKPLEK-BEHEER"
ACCESS = "switchport mode access"
ENGINE = "80007571"
"""How SNMP engine IDs of Arista begin: its enterprise number, 30065, with the first bit set (RFC 3411, section 5)."""


def render(document: SwitchDocument) -> Rendering:
    """Lines and claims of every setting."""
    return rendered(document, _KINDS, EOS)


def _vlans(document: SwitchDocument, setting: Setting) -> Made:
    yield Claim((), "vlan", "owns", setting.id)
    for vlan in document.vlans:
        section = (f"vlan {vlan.vid}",)
        yield Line((), section[0], setting.id)
        yield Line(section, f"name {vlan.name}", setting.id)
        yield Claim(section, "name", "replaces", setting.id)
        yield Claim(section, "state", "owns", setting.id)


def _ports(document: SwitchDocument, setting: Setting) -> Made:
    for port in document.ports:
        section = port_section(port.name)
        texts = port_lines(port)
        for owned in ("description", "shutdown", "switchport", "no switchport"):
            yield Claim(section, owned, "owns", setting.id)
        for prefix in SINGLE:
            if any(begins(text, prefix) for text in texts if text != ACCESS):
                yield Claim(section, prefix, "replaces", setting.id)
        for text in texts:
            yield Line(section, text, setting.id, by_default=text == ACCESS)


def port_lines(port: Port) -> list[str]:
    """The lines of one port. A phone beside a workplace makes it a trunk whose only tagged VLAN is the phone's."""
    lines = [f"description {port.description}"] if port.description else []
    lines += ["shutdown"] if port.profile == "unused" else []
    native = [f"switchport trunk native vlan {port.untagged}"] if port.untagged else []
    if port.trunk:
        allowed = compressed(port.allowed) or "none"
        return [*lines, *native, f"switchport trunk allowed vlan {allowed}", "switchport mode trunk"]
    if port.voice:
        return [*lines, *native, f"switchport phone vlan {port.voice}", "switchport mode trunk phone"]
    access = [f"switchport access vlan {port.untagged}"] if port.untagged else []
    return [*lines, *access, ACCESS]


def _management(document: SwitchDocument, setting: Setting) -> Made:
    acl, ssh = (f"ip access-list standard {ACL}",), ("management ssh",)
    yield Line((), acl[0], setting.id)
    yield Claim(acl, "", "owns", setting.id)
    for network in setting.body["networks"]:
        yield Line(acl, f"permit {ip_network(network)}", setting.id)
    yield Line(ssh, f"ip access-group {ACL} in", setting.id)
    yield Claim(ssh, "ip access-group", "replaces", setting.id)
    yield Claim(ssh, "shutdown", "owns", setting.id)
    if gateway := setting.body.get("gateway"):
        # a second route of the same length would share the traffic
        yield Line((), f"ip route 0.0.0.0/0 {gateway}", setting.id)
        yield Claim((), "ip route 0.0.0.0/0", "owns", setting.id)
    if name := management_interface(document):
        # its address is what this run came in by, and is the registry's and the installer's
        yield Claim((f"interface {name}",), "shutdown", "owns", setting.id)


def _ntp(_document: SwitchDocument, setting: Setting) -> Made:
    number, key = setting.body.get("key_number", 1), setting.body.get("key")
    if key:
        yield Line((), f"ntp authentication-key {number} sha1 0 {key}", setting.id)
        yield Line((), f"ntp trusted-key {number}", setting.id)
        yield Line((), "ntp authenticate", setting.id)
        yield Claim((), f"ntp authentication-key {number}", "replaces", setting.id)
        yield Claim((), "ntp trusted-key", "replaces", setting.id)
    yield from _each((), "ntp server", setting, setting.body["servers"], f" key {number}" if key else "")


def _each(section: Section, what: str, setting: Setting, items: list[str], rest: str = "") -> Made:
    """A line for each, and none other that begins so; a line of the same item is overwritten, not taken away."""
    yield Claim(section, what, "owns", setting.id)
    for item in items:
        yield Line(section, f"{what} {item}{rest}", setting.id)
        yield Claim(section, f"{what} {item}", "replaces", setting.id)


def _dns(_document: SwitchDocument, setting: Setting) -> Made:
    yield Claim((), "dns domain", "replaces", setting.id)
    yield Line((), f"dns domain {setting.body['domain']}", setting.id)
    yield from _each((), "ip name-server vrf default", setting, setting.body["servers"])


def _syslog(_document: SwitchDocument, setting: Setting) -> Made:
    yield from _each((), "logging host", setting, setting.body["hosts"])
    level = setting.body.get("level", "informational")
    # informational is EOS's own choice, which it does not show
    yield Line((), f"logging trap {level}", setting.id, by_default=level == "informational")
    yield Claim((), "logging trap", "owns" if level == "informational" else "replaces", setting.id)
    yield Claim((), "no logging trap", "owns", setting.id)


def _snmp(document: SwitchDocument, setting: Setting) -> Made:
    body, engine = setting.body, engine_id(document)
    user, group, view = body["user"], body["group"], body["view"]
    yield Claim((), "snmp-server community", "owns", setting.id)
    yield Line((), f"snmp-server engineID local {engine}", setting.id)
    yield Claim((), "snmp-server engineID local", "replaces", setting.id)
    if body.get("location"):
        yield Line((), f"snmp-server location {body['location']}", setting.id)
        yield Claim((), "snmp-server location", "replaces", setting.id)
    yield Line((), f"snmp-server view {view} iso included", setting.id)
    yield from _each((), "snmp-server group", setting, [f"{group} v3 priv"], f" read {view}")
    auth, priv = localized(body["auth"], engine), localized(body["priv"], engine)[:32]
    keys = f" localized {engine} auth sha {auth} priv aes {priv}"
    yield from _each((), "snmp-server user", setting, [f"{user} {group} v3"], keys)
    yield from _each((), "snmp-server host", setting, [f"{host} version 3 priv {user}" for host in body["hosts"]])


def engine_id(document: SwitchDocument) -> str:
    """The switch's SNMP engine ID, of the form that administrators assign (RFC 3411, section 5: 5, then octets).

    It comes from the switch's name in the registry: EOS shows keys only as made for one engine, so that they can be
    compared where it is known, and a switch that replaces another keeps it.
    """
    return f"{ENGINE}05{hashlib.sha256(document.name.encode()).hexdigest()[:16]}"


def localized(passphrase: str, engine: str) -> str:
    """A passphrase as a key for one engine, in hexadecimal (RFC 3414, appendix A.2.2: SHA-1 over a megabyte of it).

    What stands in the place of a secret stays.
    """
    if passphrase == SECRET:
        return SECRET
    secret = passphrase.encode()
    whole = (secret * (2**20 // len(secret) + 1))[: 2**20]
    key = hashlib.sha1(whole, usedforsecurity=False).digest()
    return hashlib.sha1(key + bytes.fromhex(engine) + key, usedforsecurity=False).hexdigest()


def _aaa(kind: str, word: str) -> Callable[[SwitchDocument, Setting], Made]:
    """TACACS+ and RADIUS servers: a line each, and a group that names them."""

    def made(_document: SwitchDocument, setting: Setting) -> Made:
        servers, group = setting.body["servers"], (f"aaa group server {word} {setting.body['group']}",)
        yield from _each((), f"{kind}-server host", setting, servers, f" key 0 {setting.body['key']}")
        yield Line((), group[0], setting.id)
        yield from _each(group, "server", setting, servers)

    return made


def _banner(_document: SwitchDocument, setting: Setting) -> Made:
    yield Line((), "banner login\n" + setting.body["text"].strip("\n"), setting.id)
    yield Claim((), "banner login", "replaces", setting.id)


def management_interface(document: SwitchDocument) -> str | None:
    """The interface in the management VLAN."""
    return f"Vlan{document.management}" if document.management else None


def port_section(port: str) -> Section:
    """The section of a port."""
    return (f"interface {port}",)


def _switch_words(document: SwitchDocument) -> Mapping[str, Any]:
    return {
        "user_vlans": compressed(document.user_vlans),
        "management_vlan": document.management,
        "management_interface": management_interface(document),
        "native_vlan": document.vid("native"),
        "parking_vlan": document.vid("parking"),
    }


EOS = Dialect("eos", _switch_words, port_section)
_KINDS: Kinds = {
    "switch_vlans": _vlans,
    "switch_ports": _ports,
    "switch_management": _management,
    "switch_ntp": _ntp,
    "switch_dns": _dns,
    "switch_syslog": _syslog,
    "switch_snmp": _snmp,
    "switch_tacacs": _aaa("tacacs", "tacacs+"),
    "switch_radius": _aaa("radius", "radius"),
    "switch_banner": _banner,
}
