"""VLANs of an IOS switch: made, named, taken away, and kept out of the configuration where VTP keeps them."""

from __future__ import annotations

from werkplek.lab.switches import ios_names
from werkplek.lab.switches.dialect import Answer, Edit, Refusal, Rule
from werkplek.lab.switches.grammar import Match
from werkplek.lab.switches.shell import Context
from werkplek.lab.switches.tree import Entry, Section

MOST = 1005
LONGEST_NAME = 32
OWN_VLANS = (1, *ios_names.RESERVED)  # every switch has these
TABLE_FULL = "% Failed to create VLANs {vids}\nVLAN(s) not available in Port Manager."


def vlan_slot(vid: int) -> str:
    """The slot of a VLAN in the configuration."""
    return f"vlan {vid}"


def vids(section: Section) -> list[int]:
    """The VLANs that were made, in order; the switch's own five are not among them."""
    return sorted(int(slot[5:]) for slot in section if slot.startswith("vlan ") and slot[5:].isdecimal())


def name(section: Section, vid: int) -> str:
    """A VLAN's name."""
    if vid in OWN_VLANS:
        names = ("default", "fddi-default", "token-ring-default", "fddinet-default", "trnet-default")
        return names[OWN_VLANS.index(vid)]
    below = section[vlan_slot(vid)].below or {}
    return below["name"].text.removeprefix("name ") if "name" in below else f"VLAN{vid:04}"


def exists(section: Section, vid: int) -> bool:
    """Whether the switch has a VLAN and forwards frames in it."""
    entry = section.get(vlan_slot(vid))
    return vid == 1 or (entry is not None and "shutdown" not in (entry.below or {}))


def create(edit: Edit, wanted: frozenset[int]) -> str:
    """Make VLANs that are not there; what the switch says.

    Raises:
        Refusal: there is no room.
    """
    section = edit.session.editing
    new = sorted(vid for vid in wanted if vid not in OWN_VLANS and vlan_slot(vid) not in section)
    if new and not edit.session.detached and (edit.device.faults.vlans_full or len(vids(section)) + len(new) > MOST):
        raise Refusal(TABLE_FULL.format(vids=ios_names.compressed(new)))
    for vid in new:
        section[vlan_slot(vid)] = Entry(vlan_slot(vid), {})
    return ""


def vlan(edit: Edit, match: Match[Rule]) -> Answer:
    """`vlan 410,420`: makes what is not there, and leads to all of them; `no vlan` takes away."""
    wanted = ios_names.vlans(match.words[1])
    if match.negated:
        return _remove(edit.section, wanted)
    create(edit, wanted)
    paths = tuple((vlan_slot(vid),) for vid in sorted(wanted) if vid not in OWN_VLANS)
    edit.session.contexts.append(Context("vlan", paths) if paths else Context("vlan-own"))
    return ""


def bad_vlans(_edit: Edit, match: Match[Rule]) -> Answer:
    """A list of VLANs that is none; IOS says where it stops reading."""
    text = match.words[1]
    at = next((place for place, letter in enumerate(text, 1) if letter not in "0123456789,-"), 0)
    if at:
        raise Refusal(
            f"Command rejected: Bad VLAN list - character #{at} is a non-numeric\ncharacter ('{text[at - 1]}')."
        )
    raise Refusal(
        f"Command rejected: Bad VLAN list - character #{len(text) + 1} (EOT) delimits a VLAN\n"
        f"number which is out of the range 1..{ios_names.HIGHEST_VLAN}."
    )


def _remove(section: Section, wanted: frozenset[int]) -> Answer:
    own = [vid for vid in OWN_VLANS if vid in wanted]
    if own:
        raise Refusal(f"%Default VLAN {own[0]} may not be deleted.")
    for vid in wanted:
        section.pop(vlan_slot(vid), None)
    return ""


def rename(edit: Edit, match: Match[Rule]) -> Answer:
    """`name`: not too long, not another VLAN's, and not for several at once."""
    if match.negated:
        edit.section.pop("name", None)
        return ""
    wanted, vid = match.value, int(edit.path[-1][5:])
    top = edit.session.editing
    if len(edit.session.context.paths) > 1:
        raise Refusal("% Command is only allowed on single vlan")
    if len(wanted) > LONGEST_NAME:
        raise edit.wrong(wanted)
    same = [other for other in vids(top) if other != vid and name(top, other) == wanted]
    if same:
        raise Refusal(f"%VLAN #{vid} and #{same[0]} have an identical name: {wanted}")
    edit.section.pop("name", None)
    if wanted != f"VLAN{vid:04}":
        edit.section["name"] = Entry(f"name {wanted}")
    return ""


def vtp_mode(edit: Edit, match: Match[Rule]) -> Answer:
    """VTP's mode. As server or client it keeps VLANs out of the configuration; they stay in the switch."""
    value = "server" if match.negated else match.value
    old = mode(edit.section)
    edit.section.pop("vtp mode", None)
    if value != "server":
        edit.section["vtp mode"] = Entry(f"vtp mode {value}")
    if edit.session.detached:
        return ""
    shown = f"VTP {value.capitalize()}"
    if old == value:
        return f"Device mode already {shown} for VLANS."
    return f"Setting device to {shown} mode for VLANS."


def mode(section: Section) -> str:
    """VTP's mode."""
    return section.get("vtp mode", Entry("vtp mode server")).text.removeprefix("vtp mode ")


def in_configuration(section: Section) -> bool:
    """Whether VLANs are part of the configuration's text."""
    return mode(section) in ("transparent", "off")
