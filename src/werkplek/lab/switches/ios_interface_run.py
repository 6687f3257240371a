"""What lines of an interface of an IOS switch do where it is more than to stand in their slot."""

from __future__ import annotations

from werkplek.lab.switches import apply, ios_names, ios_vlans
from werkplek.lab.switches.dialect import Answer, Edit, Line, Refusal, Rule
from werkplek.lab.switches.grammar import Match
from werkplek.lab.switches.ios_places import ensure
from werkplek.lab.switches.tree import Entry

ALLOWED = "switchport trunk allowed vlan"
ALL_VLANS = frozenset(range(1, ios_names.HIGHEST_VLAN + 1))
PORTFAST_WARNING = (
    "%Warning: portfast should only be enabled on ports connected to a single\n"
    " host. Connecting hubs, concentrators, switches, bridges, etc... to this\n"
    " interface  when portfast is enabled, can cause temporary bridging loops.\n"
    " Use with CAUTION\n\n"
    "%Portfast has been configured on {name} but will only\n"
    " have effect when the interface is in a non-trunking mode."
)
LONGEST_LIST = 64  # letters of a list of VLANs in one line; what is more goes on in lines of `add`


def name_of(edit: Edit) -> str:
    """The interface that a line goes to."""
    return edit.path[0].removeprefix("interface ")


def kind_of(edit: Edit) -> str:
    """Its kind."""
    return ios_names.split(name_of(edit))[0]


def switched(edit: Edit, match: Match[Rule]) -> Answer:
    """A line of a switched port; a port channel hands it on to its members. No line of a routed one."""
    if kind_of(edit) in ("Vlan", "Loopback"):
        raise edit.wrong(edit.line.split()[0])
    rule = match.rule
    assert isinstance(rule, Line)
    for place in _with_members(edit):
        apply.negate(place, match, rule) if match.negated else apply.put(place, match, rule)
    return ""


def _with_members(edit: Edit) -> list[Edit]:
    """The interface itself and, of a port channel, its members."""
    kind, number = ios_names.split(name_of(edit))
    if kind != "Port-channel":
        return [edit]
    found = [edit]
    for slot, entry in edit.session.editing.items():
        group = (entry.below or {}).get("channel-group")
        if group is not None and group.text.split()[1] == number and entry.below is not None:
            found.append(Edit(edit.session, edit.device, entry.below, (slot,), edit.line))
    return found


def access_vlan(edit: Edit, match: Match[Rule]) -> Answer:
    """The VLAN of an access port or of its phones; it is made when the switch has it not."""
    if match.negated or not match.value.isdecimal():
        return switched(edit, match)
    vid = int(match.value)
    said = ""
    if not ios_vlans.exists(edit.session.editing, vid) and ios_vlans.vlan_slot(vid) not in edit.session.editing:
        ios_vlans.create(edit, frozenset({vid}))
        kind = "Access" if "access" in match.words else "Voice"
        said = f"% {kind} VLAN does not exist. Creating vlan {vid}"
    switched(edit, match)
    return said


def allowed(edit: Edit, match: Match[Rule]) -> Answer:
    """What a trunk carries: a list, or what a word makes of the list that stands."""
    if kind_of(edit) in ("Vlan", "Loopback"):
        raise edit.wrong(edit.line.split()[0])
    for place in _with_members(edit):
        held = allowed_set(place.section.get(ALLOWED))
        _put_allowed(place, ALL_VLANS if match.negated else changed(held, match.value))
    return ""


def changed(held: frozenset[int], value: str) -> frozenset[int]:
    """A trunk's VLANs after `add 10`, `remove 10`, `except 10`, `all`, `none` or a list."""
    word, _, given = value.rpartition(" ")
    if value in ("all", "none"):
        return ALL_VLANS if value == "all" else frozenset()
    vids = ios_names.vlans(given)
    return {"add": held | vids, "remove": held - vids, "except": ALL_VLANS - vids}.get(word, vids)


def allowed_set(entry: Entry | None) -> frozenset[int]:
    """The VLANs that a trunk's line allows; all of them without one."""
    if entry is None:
        return ALL_VLANS
    lists = [line.rsplit(" ", 1)[1] for line in entry.text.splitlines()]
    return frozenset().union(*(frozenset() if text == "none" else ios_names.vlans(text) for text in lists))


def _put_allowed(edit: Edit, vids: frozenset[int]) -> None:
    edit.section.pop(ALLOWED, None)
    if vids == ALL_VLANS:
        return
    parts = ios_names.compressed(vids).split(",") if vids else ["none"]
    rows: list[str] = []
    for part in parts:
        if rows and len(rows[-1]) + len(part) < LONGEST_LIST:
            rows[-1] += f",{part}"
        else:
            rows.append(part)
    lines = [f"{ALLOWED} {row}" if place == 0 else f" {ALLOWED} add {row}" for place, row in enumerate(rows)]
    edit.section[ALLOWED] = Entry("\n".join(lines))


def switchport(edit: Edit, match: Match[Rule]) -> Answer:
    """`no switchport` makes a port a routed one, and takes its switched lines away."""
    if kind_of(edit) in ("Vlan", "Loopback"):
        raise edit.wrong(edit.line.split()[0])
    routed = match.prefix == "no"
    if routed == ("switchport" in edit.section):
        return ""
    for slot in [slot for slot in edit.section if slot.startswith(("switchport", "ip address"))]:
        del edit.section[slot]
    if routed:
        edit.section["switchport"] = Entry("no switchport")
        edit.section["ip address"] = Entry("no ip address")
    return ""


def address(edit: Edit, match: Match[Rule]) -> Answer:
    """An address: of a routed interface only, and within one network of it only."""
    routed = kind_of(edit) in ("Vlan", "Loopback") or "switchport" in edit.section
    if match.negated:
        if routed:
            edit.section["ip address"] = Entry("no ip address")
        return ""
    if not routed:
        raise Refusal("% IP addresses may not be configured on L2 links.")
    if len(match.words) > 3 and not _is_mask(match.words[3]):
        raise Refusal(f"Bad mask {match.words[3]} for address {match.words[2]}")
    edit.section["ip address"] = Entry(match.text)
    return ""


def _is_mask(mask: str) -> bool:
    number = int.from_bytes(bytes(int(part) for part in mask.split(".")))
    inverse = number ^ 0xFFFFFFFF
    return inverse & (inverse + 1) == 0


def shutdown(edit: Edit, match: Match[Rule]) -> Answer:
    """Down on purpose; up is not shown."""
    for place in _with_members(edit):
        place.section.pop("shutdown", None)
        if not match.negated:
            place.section["shutdown"] = Entry("shutdown")
    return ""


def channel_group(edit: Edit, match: Match[Rule]) -> Answer:
    """A port joins a channel, which is made, and takes its lines over."""
    if match.negated:
        edit.section.pop("channel-group", None)
        return ""
    if kind_of(edit) in ios_names.LOGICAL:
        raise edit.wrong(edit.line.split()[0])
    name = f"Port-channel{match.words[1]}"
    top = edit.session.editing
    new = f"interface {name}" not in top
    channel = ensure(top, name)
    for slot in [slot for slot in {*channel, *edit.section} if slot.startswith("switchport")]:
        source, target = (edit.section, channel) if new else (channel, edit.section)
        target.pop(slot, None)
        if slot in source:
            target[slot] = Entry(source[slot].text)
    edit.section["channel-group"] = Entry(match.text)
    return f"Creating a port-channel interface Port-channel {match.words[1]}" if new else ""


def spelled_portfast(edit: Edit, match: Match[Rule]) -> Answer:
    """`spanning-tree portfast [edge] [trunk]`, which newer systems write with `edge`; kept without."""
    rest = [word for word in match.words[2:] if word != "edge"]
    edit.section.pop("spanning-tree portfast", None)
    if match.negated:
        return ""
    edit.section["spanning-tree portfast"] = Entry(" ".join(["spanning-tree portfast", *rest]))
    return "" if rest == ["disable"] else PORTFAST_WARNING.format(name=name_of(edit))


def storm(edit: Edit, match: Match[Rule]) -> Answer:
    """A limit in percent has two digits behind the point; others are kept as given."""
    words = list(match.words)
    if not match.negated and words[2:3] == ["level"] and words[3] not in ("bps", "pps"):
        if any(not 0 <= float(word) <= 100 for word in words[3:]):
            raise edit.wrong(words[-1])
        words[3:] = [f"{float(word):.2f}" for word in words[3:]]
    slot = " ".join(words[:2])
    edit.section.pop(slot, None)
    if not match.negated:
        edit.section[slot] = Entry(" ".join(words))
    return ""


def port_security(edit: Edit, match: Match[Rule]) -> Answer:
    """Port security is for ports that are access ports or trunks for sure."""
    if not match.negated and match.text == "switchport port-security" and "switchport mode" not in edit.section:
        raise Refusal(f"Command rejected: {name_of(edit)} is a dynamic port.")
    return switched(edit, match)


def nonegotiate(edit: Edit, match: Match[Rule]) -> Answer:
    """Only a port whose mode is set by hand can be told not to negotiate it."""
    mode = edit.section.get("switchport mode")
    if not match.negated and (mode is None or "dynamic" in mode.text):
        raise Refusal(
            "Command rejected: Conflict between 'nonegotiate' and 'dynamic' status on this interface:"
            f" {ios_names.short(name_of(edit))}"
        )
    return switched(edit, match)
