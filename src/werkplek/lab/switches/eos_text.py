"""How EOS shows its configuration: order, separators, what pipes leave of it, and differences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher

from werkplek.lab.switches import filters
from werkplek.lab.switches.eos_names import compressed, sort_key
from werkplek.lab.switches.ios_names import vlans
from werkplek.lab.switches.tree import Entry, Order, Parsed, Section, ordered

INDENT = 3
# What stands together between two `!`, in the order in which it is shown.
TOP = (
    ("enable",),
    ("aaa root",),
    ("username",),
    ("switchport default",),
    ("errdisable",),
    ("ip dhcp snooping",),
    ("ip igmp snooping",),
    ("service",),
    ("lldp",),
    ("logging",),
    ("hostname",),
    ("ip name-server", "dns domain"),
    ("ntp authentication-key", "ntp trusted-key", "ntp authenticate", "ntp local-interface", "ntp server"),
    ("radius-server", "ip radius"),
    (
        "snmp-server engineID",
        "snmp-server contact",
        "snmp-server location",
        "snmp-server view",
        "snmp-server community",
        "snmp-server group",
        "snmp-server user",
        "snmp-server host",
        "snmp-server",
    ),
    ("spanning-tree mode", "spanning-tree edge-port", "spanning-tree"),
    ("tacacs-server", "ip tacacs"),
    ("aaa group",),
    ("aaa authentication", "aaa authorization", "aaa accounting"),
    ("clock",),
    ("vlan",),
    ("vrf",),
    ("interface",),
    ("mac address-table",),
    ("ip access-list",),
    ("ip routing",),
    ("ip arp", "ip icmp"),
    ("ip route",),
    ("dot1x",),
    ("banner",),
    ("management",),
)
PORT = (
    "description",
    "shutdown",
    "load-interval",
    "mtu",
    "logging event",
    "speed",
    "switchport access vlan",
    "switchport trunk native vlan",
    "switchport phone vlan",
    "switchport phone trunk",
    "switchport trunk allowed vlan",
    "switchport mode",
    "switchport",
    "ip address",
    "channel-group",
    "lldp",
    "dot1x",
    "storm-control",
    "spanning-tree",
)


def _bare(text: str) -> str:
    return text.removeprefix("no ")


def _family(text: str) -> tuple[int, int]:
    """The group of a top-level line and its place there."""
    bare = _bare(text)
    for number, prefixes in enumerate(TOP):
        for place, prefix in enumerate(prefixes):
            if bare == prefix or bare.startswith(prefix + " "):
                return number, place
    return len(TOP), 0


def order(parent: str) -> Order:
    """See werkplek.lab.switches.tree.lines."""
    if not parent:
        return lambda text: (*_family(text), _numbered(text))
    if parent.startswith("interface "):
        return _in_port
    if parent.startswith("ip access-list "):
        return lambda text: (int(text.split()[0]),)
    return lambda text: (text.startswith("state "),)  # a VLAN's comes after its name


def _in_port(text: str) -> tuple[object, ...]:
    bare = _bare(text)
    return (next((place for place, prefix in enumerate(PORT) if bare.startswith(prefix)), len(PORT)),)


def _numbered(text: str) -> tuple[object, ...]:
    if match := re.fullmatch(r"interface (\S+)", text):
        return sort_key(match[1])
    if match := re.fullmatch(r"vlan (\d+)", text):
        return (int(match[1]),)
    return ()


def body(section: Section) -> str:
    """A configuration between its head and `end`: lines with a `!` between what does not belong together."""
    parts: list[str] = []
    before: tuple[int, bool] | None = None
    for text, below in _shown(section):
        now = (_family(text)[0], below is not None or text.startswith("banner "))
        if before is not None and (now != before or now[1]):
            parts.append("!")
        parts += [text, *(_below(below, text, 1) if below else ())]
        before = now
    return "".join(f"{part}\n" for part in parts)


def _shown(section: Section) -> Iterator[tuple[str, Section | None]]:
    """Top-level lines; VLANs that are alike come as one, and what has only defaults in it does not come."""
    alike: list[int] = []
    for _slot, entry in ordered(section, order("")):
        if (number := re.fullmatch(r"vlan (\d+)", entry.text)) and not entry.below:
            alike += [int(number[1])] if number[1] != "1" else []
            continue
        if alike and _family(entry.text) > _family("vlan"):
            yield f"vlan {compressed(alike)}", {}
            alike = []
        if entry.below or not entry.text.startswith(("management ", "vlan ")):
            yield entry.text, entry.below
    if alike:
        yield f"vlan {compressed(alike)}", {}


def _below(section: Section, parent: str, depth: int) -> Iterator[str]:
    margin = " " * (INDENT * depth)
    for _slot, entry in ordered(section, order(parent)):
        if entry.below is not None:
            yield margin + "!"
        yield margin + entry.text
        if entry.below:
            yield from _below(entry.below, entry.text, depth + 1)


def difference(old: Section, new: Section, name: str) -> str:
    """What `show session-config diffs` says: the lines that differ, each under the line that opens its section."""
    said = list(_differing(_blocks(old), _blocks(new), 0))
    return "\n".join(["--- system:/running-config", f"+++ session:/{name}-session-config", *said]) if said else ""


def _blocks(section: Section) -> tuple[Parsed, ...]:
    return tuple(Parsed(text, _nested(below or {}, text)) for text, below in _shown(section))


def _nested(section: Section, parent: str) -> tuple[Parsed, ...]:
    return tuple(Parsed(one.text, _nested(one.below or {}, one.text)) for _slot, one in ordered(section, order(parent)))


def _differing(old: tuple[Parsed, ...], new: tuple[Parsed, ...], depth: int) -> Iterator[str]:
    margin = " " * (INDENT * depth)
    matcher = SequenceMatcher(None, [one.text for one in old], [one.text for one in new], autojunk=False)
    for what, start, stop, begin, end in matcher.get_opcodes():
        if what != "equal":
            yield from (line for one in old[start:stop] for line in _whole(one, "-", depth))
            yield from (line for one in new[begin:end] for line in _whole(one, "+", depth))
            continue
        for before, after in zip(old[start:stop], new[begin:end], strict=True):
            inner = list(_differing(before.below, after.below, depth + 1))
            yield from [margin + after.text, *inner] if inner else []


def _whole(block: Parsed, sign: str, depth: int) -> Iterator[str]:
    margin = " " * (INDENT * depth)
    yield from (f"{sign}{margin}{line}" for line in block.text.split("\n"))
    for one in block.below:
        yield from _whole(one, sign, depth + 1)


def _section(answer: str, pattern: str) -> str:
    """Whole sections in which a line matches."""
    blocks: list[list[str]] = []
    for line in answer.splitlines():
        if line.startswith(" ") and blocks:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    found = [block for block in blocks if filters.include("\n".join(block), pattern)]
    return "\n".join(line for block in found for line in block if line.strip() != "!")


FILTERS: Mapping[str, Callable[[str, str], str]] = {
    "include": filters.include,
    "exclude": filters.exclude,
    "begin": filters.begin,
    "section": _section,
    "no-more": lambda answer, _pattern: answer,
}


def vids(section: Section) -> frozenset[int]:
    """The VLANs that exist."""
    return frozenset({1}).union(*(vlans(slot[5:]) for slot in section if re.fullmatch(r"vlan \d+", slot)))


def hostname(section: Section) -> str:
    """The switch's name for itself."""
    return section.get("hostname", Entry("hostname localhost")).text.removeprefix("hostname ")


def value(section: Section, slot: str) -> str:
    """What a line says after its slot, or nothing."""
    entry = section.get(slot)
    return entry.text.removeprefix(slot).strip() if entry else ""
