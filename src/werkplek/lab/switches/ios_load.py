"""Makes the text of an IOS configuration the running one: at start, at `configure replace`, and when time is up."""

from __future__ import annotations

from werkplek.lab.switches import ios_vlans
from werkplek.lab.switches.device import Device
from werkplek.lab.switches.dialect import Collect, Refusal
from werkplek.lab.switches.ios_places import fresh
from werkplek.lab.switches.shell import Context, Session
from werkplek.lab.switches.tree import Entry, Section

LAST_LINE = "end"


def hardware(device: Device) -> Section:
    """The configuration of a switch that nobody configured: its ports, and what every switch has."""
    section: Section = {
        "hostname": Entry("hostname Switch"),
        "aaa new-model": Entry("no aaa new-model"),
        "service password-encryption": Entry("no service password-encryption"),
        "ip http server": Entry("ip http server"),
        "ip http secure-server": Entry("ip http secure-server"),
        "control-plane": Entry("control-plane", {}),
        "line con 0": Entry("line con 0", {}),
        "line aux 0": Entry("line aux 0", {}),
        "interface Vlan1": Entry("interface Vlan1", fresh("Vlan1")),
    }
    for name in device.ports:
        section[f"interface {name}"] = Entry(f"interface {name}", {})
    for number in range(5):
        section[f"line vty {number}"] = Entry(f"line vty {number}", {"login": Entry("login")})
    return section


def load(device: Device, text: str, lenient: bool = False) -> None:
    """Make a text the running configuration. VLANs that VTP keeps elsewhere stay.

    `lenient` leaves out what the switch does not take, as one does when it starts. Otherwise:

    Raises:
        Refusal: a line is not taken; nothing has changed.
    """
    section = hardware(device)
    session = Session(device, "", lambda _text: None, lambda: None)
    session.contexts.append(Context("config"))
    session.editing = section
    _type(session, text, lenient)
    if not ios_vlans.in_configuration(section):
        kept = {
            ios_vlans.vlan_slot(vid): device.running[ios_vlans.vlan_slot(vid)] for vid in ios_vlans.vids(device.running)
        }
        section.update(kept)
    device.running.clear()
    device.running.update(section)
    device.changed()


def _type(session: Session, text: str, lenient: bool) -> None:
    pending: Collect | None = None
    collected: list[str] = []
    for line in text.splitlines():
        if pending is not None:
            collected.append(line)
            if pending.done(line):
                pending.then(collected)
                pending, collected = None, []
            continue
        command = line.strip()
        if command == LAST_LINE:
            return
        if not command or command.startswith(("!", "Building configuration", "Current configuration")):
            continue
        try:
            answer = session.execute(command)
        except Refusal as refusal:
            if not lenient:
                raise Refusal(f"{command}\n{refusal}") from refusal
            continue
        pending = answer if isinstance(answer, Collect) else None
