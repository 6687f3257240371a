"""What a configuration of the dialect of EOS makes each port forward."""

from __future__ import annotations

from werkplek.lab.switches.eos_text import value, vids
from werkplek.lab.switches.fabric_rows import PortForwarding
from werkplek.lab.switches.forwarding import Decision, dead
from werkplek.lab.switches.ios_names import HIGHEST_VLAN, vlans
from werkplek.lab.switches.tree import Section, find


def forwarding(running: Section, name: str) -> Decision:
    """What one port does. VLANs that the switch does not have, or has suspended, are not forwarded."""
    section = find(running, (f"interface {name}",))
    if section is None:
        return dead(name, "the port is not there")
    if "shutdown" in section:
        return dead(name, "shutdown")
    if "switchport" in section or not name.startswith("Ethernet"):  # only `no switchport` is shown
        return dead(name, "routed")
    mode = value(section, "switchport mode")
    native = _number(section, "switchport trunk native vlan", 1)
    if mode == "trunk":
        return _trunk(running, name, section, native)
    if mode == "trunk phone":
        return _access(running, name, native, _number(section, "switchport phone vlan", 0))
    return _access(running, name, _number(section, "switchport access vlan", 1), 0)


def _access(running: Section, name: str, untagged: int, voice: int) -> Decision:
    there = _there(running)
    if untagged not in there:
        return dead(name, f"VLAN {untagged} does not exist")
    phones = voice if voice in there else 0
    return Decision(PortForwarding(name, True, "access", untagged, phones, 0, frozenset()), ())


def _trunk(running: Section, name: str, section: Section, native: int) -> Decision:
    shown = value(section, "switchport trunk allowed vlan")
    allowed = vlans(shown) if shown else frozenset(range(1, HIGHEST_VLAN + 1))
    carried = allowed & _there(running)
    if not carried:
        return dead(name, "no VLAN is allowed that exists")
    return Decision(PortForwarding(name, True, "trunk", 0, 0, native, carried), ())


def _there(running: Section) -> frozenset[int]:
    return frozenset(vid for vid in vids(running) if "state" not in (find(running, (f"vlan {vid}",)) or {}))


def _number(section: Section, slot: str, default: int) -> int:
    """A VLAN; none where untagged frames are in none (`native vlan tag`)."""
    shown = value(section, slot) or str(default)
    return int(shown) if shown.isdecimal() else 0
