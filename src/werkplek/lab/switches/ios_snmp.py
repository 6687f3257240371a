"""SNMP on IOS: users are kept out of the configuration."""

from __future__ import annotations

from dataclasses import dataclass

from werkplek.lab.switches.device import Device
from werkplek.lab.switches.dialect import Answer, Edit, Rule
from werkplek.lab.switches.grammar import Match
from werkplek.lab.switches.tree import Entry

USERS = "snmp users"
TRAPS = (
    "snmp authentication linkdown linkup coldstart warmstart",
    "aaa_server",
    "auth-framework sec-violation",
    "bridge newroot topologychange",
    "config",
    "config-copy",
    "cpu threshold",
    "entity",
    "envmon",
    "errdisable",
    "mac-notification change move threshold",
    "port-security",
    "power-ethernet group 1",
    "stackwise",
    "storm-control trap-rate 0",
    "stpx inconsistency root-inconsistency loop-inconsistency",
    "syslog",
    "vlan-membership",
    "vlancreate",
    "vlandelete",
    "vtp",
)


@dataclass(frozen=True, slots=True)
class User:
    """An SNMPv3 user. `auth` and `priv` are IOS's words: `SHA`, `AES128`; priv is `None` without encryption."""

    name: str
    group: str
    auth: str
    priv: str
    auth_key: str
    priv_key: str


def users(device: Device) -> dict[str, User]:
    """A switch's SNMPv3 users by name."""
    found: dict[str, User] = device.store.setdefault(USERS, {})
    return found


def snmp_user(edit: Edit, match: Match[Rule]) -> Answer:
    """A user is made, replaced or taken away; no line of the configuration tells."""
    _server, _user, name, group, _v3, *rest = match.words
    held = users(edit.device)
    if match.negated:
        held.pop(name, None)
        return ""
    words = [word for word in rest if word != "encrypted"]
    auth = words[words.index("auth") + 1 : words.index("priv") if "priv" in words else None]
    priv = words[words.index("priv") + 1 :] if "priv" in words else []
    auth_name = {"md5": "MD5", "sha": "SHA", "sha-2": f"SHA{auth[1]}"}[auth[0]]
    held[name] = User(name, group, auth_name, _privacy(priv), auth[-1], priv[-1] if priv else "")
    return ""


def _privacy(words: list[str]) -> str:
    if not words:
        return "None"
    return f"AES{words[1]}" if words[0] == "aes" else words[0].upper()


def community(edit: Edit, match: Match[Rule]) -> Answer:
    """Without rights a community may read."""
    edit.section.pop(match.slot, None)
    if not match.negated:
        edit.section[match.slot] = Entry(f"{match.text} RO")
    return ""


def snmp_host(edit: Edit, match: Match[Rule]) -> Answer:
    """A receiver of traps; one with another version or name stands beside it."""
    text = match.text.replace(" traps version", " version")
    slots = [slot for slot in edit.section if slot.startswith(match.slot + " ")] if match.negated else [text]
    for slot in slots:
        if not match.value or slot == text:
            edit.section.pop(slot, None)
    if not match.negated:
        edit.section[text] = Entry(text)
    return ""


def traps(edit: Edit, match: Match[Rule]) -> Answer:
    """Kinds of traps. Without a kind: all of them."""
    wanted = match.value.split()
    known = [kind for kind in TRAPS if not wanted or kind.split()[0] == wanted[0]]
    if not known:
        raise edit.wrong(wanted[0])
    for kind in known:
        slot = f"{match.slot} {kind.split()[0]}"
        edit.section.pop(slot, None)
        if not match.negated:
            shown = f"{match.slot} {' '.join(wanted) if len(wanted) > 1 else kind}"
            edit.section[slot] = Entry(shown)
    return ""
