"""What an IOS configuration makes each port forward. A port whose mode is left to negotiation is an access port."""

from __future__ import annotations

from werkplek.lab.switches import ios_vlans
from werkplek.lab.switches.fabric_rows import PortForwarding
from werkplek.lab.switches.forwarding import Decision, dead
from werkplek.lab.switches.ios_interface_run import ALLOWED, allowed_set
from werkplek.lab.switches.tree import Entry, Section


def forwarding(running: Section, name: str) -> Decision:
    """What one port does. VLANs that the switch does not have are not forwarded."""
    entry = running.get(f"interface {name}")
    if entry is None or entry.below is None:
        return dead(name, "the port is not there")
    lines = entry.below
    if "shutdown" in lines:
        return dead(name, "shutdown")
    if "switchport" in lines:
        return dead(name, "routed")
    if _value(lines, "switchport mode") == "trunk":
        return _trunk(running, name, lines)
    access = int(_value(lines, "switchport access vlan") or 1)
    if not ios_vlans.exists(running, access):
        return dead(name, f"VLAN {access} does not exist")
    voice = _value(lines, "switchport voice vlan")
    phones = int(voice) if voice.isdecimal() and ios_vlans.exists(running, int(voice)) else 0
    return Decision(PortForwarding(name, True, "access", access, phones, 0, frozenset()), ())


def _trunk(running: Section, name: str, lines: Section) -> Decision:
    there = frozenset(vid for vid in (1, *ios_vlans.vids(running)) if ios_vlans.exists(running, vid))
    carried = allowed_set(lines.get(ALLOWED)) & there
    if not carried:
        return dead(name, "no VLAN is allowed that exists")
    native = int(_value(lines, "switchport trunk native vlan") or 1)
    return Decision(PortForwarding(name, True, "trunk", 0, 0, native, carried), ())


def _value(lines: Section, slot: str) -> str:
    """What a line says after its slot, or nothing."""
    return lines.get(slot, Entry(slot)).text.removeprefix(slot).strip()
