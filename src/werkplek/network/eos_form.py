"""Running configurations of EOS in the form in which eos_render writes lines, and without secrets.

Forms: Arista, "EOS User Manual", and what cEOS 4.35 shows of the same lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from werkplek.network.ios_form import type_7
from werkplek.network.lines import Config, Section, begins, expanded, parse, ranges

# VLANs that the system takes for itself are no VLANs of a plan
SKIPPED = ("vlan internal ",)
# Lines that stand once in their section: a new one overwrites the old one, and `no` needs no value.
SINGLE = (
    "description",
    "switchport mode",
    "switchport access vlan",
    "switchport phone vlan",
    "switchport phone trunk",
    "switchport trunk native vlan",
    "switchport trunk allowed vlan",
    "name",
    "state",
    "banner login",
    "dns domain",
    "snmp-server location",
    "snmp-server engineID local",
    "ntp trusted-key",
)
_LISTS = ("switchport trunk allowed vlan", "ip dhcp snooping vlan")
_NAMED = (  # what comes after these words is the value of the line, and `no` does without it
    r"ntp authentication-key \d+",
    r"ntp server (?:vrf \S+ )?\S+",
    r"(?:tacacs|radius)-server host \S+(?: vrf \S+)?",
    r"username \S+",
    r"snmp-server community \S+",
    r"snmp-server view \S+ \S+",
    r"snmp-server group \S+ v\S+(?: (?:noauth|auth|priv))?",
    r"snmp-server user \S+ \S+ (?:remote \S+ )?v\S+",
)
_SEQUENCE = re.compile(r"\d+ (?=permit|deny|remark)")
_TYPE_7 = re.compile(r"\b(key|md5|sha1) 7 ([0-9A-Fa-f]{4,})\b")
_PLAIN = re.compile(r"\b(key|md5|sha1) 0 (?=\S)")
SECRET = "<secret>"  # noqa: S105 - what stands in a secret's place
_TYPE = r"(?:(?:0|5|7|8a|sha512) )?"
_SECRETS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(\busername .*\bsecret ){_TYPE}\S+",
        rf"(\b(?:enable password|enable secret|aaa root secret) ){_TYPE}\S+",
        rf"(\b(?:tacacs|radius)-server .*\bkey ){_TYPE}\S+",
        rf"(\bntp authentication-key \d+ \S+ ){_TYPE}\S+",
        rf"(\bneighbor \S+ password ){_TYPE}\S+",
        r"(\bsnmp-server community )\S+",
        r"(\bauth (?:md5|sha\d*) )\S+",
        r"(\bpriv (?:des|aes\d*) )\S+",
    )
)


def parse_eos(text: str) -> Config:
    """See `Platform.parse`: sequence numbers and obfuscation undone, condensed VLANs apart."""
    rows: list[tuple[Section, str]] = []
    for section, shown in parse(text, skip=SKIPPED):
        for place in _apart(section[0]) if section else ("",):
            whole = (place, *section[1:]) if section else ()
            parts = (shown,) if section else _apart(shown)
            rows += [(whole, canonical(whole, part)) for part in parts]
    return Config(tuple(rows))


def _apart(text: str) -> Iterator[str]:
    """EOS shows VLANs that are alike together: `vlan 410,420-422`."""
    match = re.fullmatch(r"vlan ([\d,-]+)", text)
    yield from (f"vlan {vid}" for vid in expanded(match[1])) if match else (text,)


def canonical(section: Section, text: str) -> str:
    """See `Platform.canonical`."""
    if section and section[-1].startswith("ip access-list "):
        text = re.sub(r"\bhost (\d\S*)", r"\1/32", _SEQUENCE.sub("", text, count=1))
    for prefix in _LISTS:
        if begins(text, prefix) and re.fullmatch(r"[\d,-]+", text.removeprefix(prefix).strip()):
            return f"{prefix} {compressed(expanded(text.removeprefix(prefix).strip()))}"
    text = re.sub(r"^ip name-server (?=\d)", "ip name-server vrf default ", text)
    text = re.sub(r"^ip domain-name ", "dns domain ", text)
    text = re.sub(r"^(logging host \S+) 514$", r"\1", text)
    text = _PLAIN.sub(r"\1 ", text)
    return _TYPE_7.sub(lambda match: f"{match[1]} {type_7(match[2].upper())}", text)


def compressed(vids: tuple[int, ...]) -> str:
    """Numbers as EOS writes them: `410-411,420`."""
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges(vids))


def negate(section: Section, text: str) -> str:
    """See `Platform.negate`."""
    first = text.split("\n", 1)[0]
    if begins(first.removeprefix("no "), "logging trap"):
        return "logging trap informational"  # what it is by itself; there is no telling what its `no` means
    if text.startswith("no "):
        return text.removeprefix("no ")
    if short := next((prefix for prefix in SINGLE if begins(first, prefix)), None):
        return f"no {short}"
    for pattern in _NAMED:
        if match := re.match(pattern + r"(?=\s|$)", text):
            return f"no {match[0]}"
    return f"no {first}"


def mask(text: str) -> str:
    """See `Platform.mask`."""
    for pattern in _SECRETS:
        text = pattern.sub(rf"\1{SECRET}", text)
    return text
