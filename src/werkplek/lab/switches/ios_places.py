"""Lines of IOS's global configuration that lead somewhere: interfaces, terminals, access lists, the control plane."""

from __future__ import annotations

import re

from werkplek.lab.switches import ios_acl, ios_names
from werkplek.lab.switches.device import Device
from werkplek.lab.switches.dialect import Answer, Edit, Refusal, Rule
from werkplek.lab.switches.grammar import DEFAULT, Match
from werkplek.lab.switches.shell import Context
from werkplek.lab.switches.tree import Entry, Section, copied

SHOWN_APART = 5  # terminals 0 to 4 are shown by themselves, whatever the others have


def interface(edit: Edit, match: Match[Rule]) -> Answer:
    """An interface: a port that the switch has, or a logical one, which is made. `default` puts it back."""
    name = match.words[1]
    if not _there(edit.device, name):
        raise edit.wrong(edit.line.split()[-1])
    kind, _number = ios_names.split(name)
    if match.prefix == DEFAULT:
        return _reset(edit, match.slot, name)
    if match.negated:
        return _remove(edit, match.slot, kind)
    ensure(edit.section, name)
    edit.session.contexts.append(Context("interface", ((match.slot,),)))
    return ""


def _there(device: Device, name: str) -> bool:
    """Whether the switch has the interface, or can make it."""
    if ios_names.split(name)[0] in ios_names.LOGICAL:
        return True
    return name in device.ports and name not in device.faults.missing_ports


def ensure(section: Section, name: str) -> Section:
    """What stands below an interface; it is made when it is not there."""
    entry = section.setdefault(f"interface {name}", Entry(f"interface {name}", fresh(name)))
    assert entry.below is not None
    return entry.below


def fresh(name: str) -> Section:
    """What stands below an interface that nobody configured."""
    if ios_names.split(name)[0] in ("Vlan", "Loopback"):
        return {"ip address": Entry("no ip address")}
    return {}


def _reset(edit: Edit, slot: str, name: str) -> Answer:
    if slot not in edit.section:
        raise edit.wrong(name)
    edit.section[slot].below = fresh(name)
    return f"Interface {name} set to default configuration"


def _remove(edit: Edit, slot: str, kind: str) -> Answer:
    if kind not in ios_names.LOGICAL:
        raise Refusal("% Removal of physical interfaces is not permitted.")
    if slot == "interface Vlan1":
        raise Refusal("%Cannot remove Vlan 1.")
    removed = edit.section.pop(slot, None)
    if removed is not None and kind == "Port-channel":
        number = slot.removeprefix("interface Port-channel")
        for entry in edit.section.values():
            member = (entry.below or {}).get("channel-group")
            if member is not None and member.text.split()[1] == number:
                (entry.below or {}).pop("channel-group")
    return ""


def interface_range(edit: Edit, match: Match[Rule]) -> Answer:
    """`interface range Gi1/0/1 - 4 , Te1/1/1`: all of them at once."""
    names: list[str] = []
    for part in match.words[2].split(","):
        names += _range(edit, part)
    for name in names:
        if not _there(edit.device, name):
            raise edit.wrong(edit.line.split()[-1])
    for name in names:
        ensure(edit.section, name)
    edit.session.contexts.append(Context("interface", tuple((f"interface {name}",) for name in names)))
    return ""


def _range(edit: Edit, part: str) -> list[str]:
    match = re.fullmatch(r"\s*([A-Za-z-]+)\s*([\d/]*?)(\d+)\s*(?:-\s*(\d+)\s*)?", part)
    first = ios_names.full(f"{match[1]}{match[2]}{match[3]}") if match else None
    if match is None or first is None:
        raise edit.wrong(part.split(maxsplit=1)[0] if part.split() else edit.line.split()[-1])
    kind, _number = ios_names.split(first)
    return [f"{kind}{match[2]}{number}" for number in range(int(match[3]), int(match[4] or match[3]) + 1)]


def terminals(edit: Edit, match: Match[Rule]) -> Answer:
    """`line vty 0 15`: terminals are kept one by one, and shown together where they are alike."""
    numbers = [int(word) for word in match.words[2:]]
    first, last = numbers[0], numbers[-1]
    if last < first:
        raise edit.wrong(str(last))
    if match.negated:
        if first <= SHOWN_APART - 1:
            raise Refusal("% Can't delete last 5 VTY lines")
        for slot in [slot for slot in edit.section if slot.startswith("line vty ") and int(slot[9:]) >= first]:
            del edit.section[slot]
        return ""
    for number in range(last + 1):
        slot = f"line vty {number}"
        edit.section.setdefault(slot, Entry(slot, _terminal(edit.section)))
    paths = tuple((f"line vty {number}",) for number in range(first, last + 1))
    edit.session.contexts.append(Context("line", paths))
    return ""


def _terminal(section: Section) -> Section:
    """What a new terminal has."""
    model = section.get("line vty 4")
    kept = copied(model.below) if model is not None and model.below is not None else {}
    return {slot: entry for slot, entry in kept.items() if slot == "transport input"}


def console(edit: Edit, match: Match[Rule]) -> Answer:
    """`console` in full is `con` as shown."""
    if match.negated:
        return ""
    edit.section.setdefault("line con 0", Entry("line con 0", {}))
    edit.session.contexts.append(Context("line", (("line con 0",),)))
    return ""


def access_list(edit: Edit, match: Match[Rule]) -> Answer:
    """A named list. A name belongs to a list of one kind."""
    _ip, _list, kind, name = match.words
    other = "standard" if kind == "extended" else "extended"
    if match.negated:
        edit.section.pop(match.slot, None)
        return ""
    if f"ip access-list {other} {name}" in edit.section:
        raise Refusal("Access-list type conflicts with prior definition")
    edit.section.setdefault(match.slot, Entry(match.text, {}))
    edit.session.contexts.append(Context(f"acl-{kind}", ((match.slot,),)))
    return ""


def numbered_list(edit: Edit, match: Match[Rule]) -> Answer:
    """`access-list 10 permit ...`: a line of the list of that name, as IOS XE shows it."""
    slot = f"ip access-list standard {match.words[1]}"
    if match.negated:
        edit.section.pop(slot, None)
        return ""
    below = edit.section.setdefault(slot, Entry(slot, {})).below
    assert below is not None
    return ios_acl.add_text(edit, below, match.value, standard=True)


def control_plane(edit: Edit, match: Match[Rule]) -> Answer:
    """Every switch has one."""
    if not match.negated:
        edit.section.setdefault(match.slot, Entry(match.text, {}))
        edit.session.contexts.append(Context("control-plane", ((match.slot,),)))
    return ""
