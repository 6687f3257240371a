"""Running configurations of IOS and IOS XE in the form in which ios_render writes lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from werkplek.network.compare import Row
from werkplek.network.ios_render import PORT_SINGLE, VLAN_LISTS
from werkplek.network.lines import Config, Section, begins, compressed, expanded, parse

SKIPPED = ("Building configuration", "Current configuration", "version ", "% ", "ntp clock-period ")
ALLOWED = "switchport trunk allowed vlan"
SWITCHED = "switchport"  # alone: a port of a switch, which most do not even say
KEYED = ("tacacs server ", "radius server ")  # sections with a line `key`
# What comes after these words is the value of the line, and `no` does without it.
_NAMED = (
    r"ntp authentication-key \d+",
    r"ntp server (?:vrf \S+ )?\S+",
    r"username \S+",
    r"enable (?:secret|password)(?: level \d+)?",
    r"vlan \d+",
    r"address ipv4",
    r"state",
    r"snmp-server community \S+",
    r"snmp-server group \S+ v3 (?:noauth|auth|priv)",
    r"snmp-server user \S+ \S+ v\S+",
)
VTY = re.compile(r"line vty \d+ \d+")
_PARTLY = re.compile(r" \(line vty \d+ \d+\)$")
TERMINALS = range(16)  # those that every switch has
_SEQUENCE = re.compile(r"\d+ (?=permit|deny|remark)")
_TYPE_7 = re.compile(r"\b(key|md5) (?:7 ([0-9A-F]{4,})|([0-9A-F]{4,}) 7)$")
_USER_KEYS = re.compile(r" (auth \S+|priv (?:aes \d+|3?des)) (?!priv\b)\S+")  # no switch shows them again
_PLAIN = re.compile(r"\bkey 0 (?=\S+$)")
_MASKED = re.compile(r"\bkey \d <secret>$")  # of a backup
# Cisco's obfuscation of passwords ("type 7") is a fixed key stream, known since 1995: it hides from a glance only.
_STREAM = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"


def parse_ios(text: str) -> Config:
    """See `Platform.parse`: sequence numbers, split lists and obfuscation undone, condensed VLANs apart."""
    rows: list[Row] = []
    lists: dict[Section, set[int]] = {}
    for section, shown in parse(text, skip=SKIPPED):
        if shown.startswith(f"{ALLOWED} add "):
            lists.setdefault(section, set()).update(expanded(shown.rsplit(" ", 1)[1]))
            continue
        if begins(shown, ALLOWED) and shown[-1].isdigit():
            lists[section] = set(expanded(shown.rsplit(" ", 1)[1]))
        rows += [(section, canonical(section, part)) for part in _apart(section, shown)]
    return Config(tuple(_terminals([(place, _whole(place, line, lists)) for place, line in rows])))


def _terminals(rows: list[Row]) -> list[Row]:
    """IOS shows `line vty 0 15` as `0 4` and `5 15` whatever was typed; here it is one section again.

    It has the lines that all parts have; one that only some have tells which, so that it is never the one that is
    wanted, and is known for one of its kind all the same.
    """
    parts = [text for section, text in rows if not section and VTY.fullmatch(text)]
    inside = [text for text in parts if set(_numbers(text)) <= set(TERMINALS)]
    if len(inside) < 2 or set(TERMINALS) != {number for text in inside for number in _numbers(text)}:
        return rows
    whole = (f"line vty {TERMINALS[0]} {TERMINALS[-1]}",)
    below = {part: [text for section, text in rows if section == (part,)] for part in inside}
    common = set.intersection(*map(set, below.values()))
    kept = [row for row in rows if row[0] not in {(part,) for part in inside}]
    joined = [(whole, text) for text in below[inside[0]] if text in common]
    partly = [(whole, f"{text} ({part})") for part, texts in below.items() for text in texts if text not in common]
    return [*kept, ((), whole[0]), *joined, *partly]


def _numbers(text: str) -> range:
    first, last = text.split()[2:4]
    return range(int(first), int(last) + 1)


def _apart(section: Section, text: str) -> Iterator[str]:
    """Lines that stand for several: `vlan 410,420`, `ip arp inspection vlan 410-412`, `ip name-server` with two."""
    if section:
        yield from () if text == SWITCHED else (text,)
    elif vlans := re.fullmatch(r"vlan ([\d,-]+)", text):
        yield from (f"vlan {vid}" for vid in expanded(vlans[1]))
    elif listed := re.fullmatch(rf"({'|'.join(VLAN_LISTS)}) ([\d,-]+)", text):
        yield from (f"{listed[1]} {vid}" for vid in expanded(listed[2]))
    elif re.fullmatch(r"ip name-server( [\d.]+)+", text):
        yield from (f"ip name-server {address}" for address in text.split()[2:])
    else:
        yield text


def _whole(section: Section, text: str, lists: dict[Section, set[int]]) -> str:
    if begins(text, ALLOWED) and section in lists:
        return f"{ALLOWED} {compressed(sorted(lists[section]))}"
    return text


def canonical(section: Section, text: str) -> str:
    """See `Platform.canonical`."""
    if section and section[-1].startswith("ip access-list "):
        text = _SEQUENCE.sub("", text, count=1)
        if section[-1].startswith("ip access-list standard "):
            text = re.sub(r"\bhost (?=\d)", "", text)
    if begins(text, ALLOWED) and text[-1].isdigit() and " add " not in text:
        return f"{ALLOWED} {compressed(expanded(text.rsplit(' ', 1)[1]))}"
    if text.startswith("snmp-server user "):
        return _USER_KEYS.sub(r" \1", text)
    text = _MASKED.sub("key <secret>", _PLAIN.sub("key ", text))
    return _TYPE_7.sub(lambda match: f"{match[1]} {type_7(match[2] or match[3])}", text)


def type_7(hidden: str) -> str:
    """What a type 7 text hides; the text itself where it hides nothing readable."""
    try:
        seed, body = int(hidden[:2]), bytes.fromhex(hidden[2:])
        return bytes(one ^ _STREAM[(seed + at) % len(_STREAM)] for at, one in enumerate(body)).decode("ascii")
    except (ValueError, UnicodeDecodeError):
        return hidden


def negate(section: Section, text: str) -> str:
    """See `Platform.negate`."""
    text = _PARTLY.sub("", text)
    first = text.split("\n", 1)[0]  # of a banner
    if begins(first.removeprefix("no "), "logging trap"):
        return "logging trap informational"  # what it is by itself: `no logging trap` turns it off
    if first.startswith("no "):
        return first.removeprefix("no ")
    if begins(first, "key") and section and section[-1].startswith(KEYED):
        return "no key"
    if short := next((prefix for prefix in PORT_SINGLE if begins(first, prefix)), None):
        return f"no {short}"
    match = next(filter(None, (re.match(rf"(?:{pattern})(?=\s|$)", first) for pattern in _NAMED)), None)
    return f"no {match[0] if match else first}"
