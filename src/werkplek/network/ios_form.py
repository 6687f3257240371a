"""Running configurations of IOS and IOS XE in the form in which ios_render writes lines, and without secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from werkplek.network.ios_render import PORT_SINGLE
from werkplek.network.lines import Config, Section, begins, compressed, expanded, parse

SKIPPED = ("Building configuration", "Current configuration", "version ", "% ")
ALLOWED = "switchport trunk allowed vlan"
_SEQUENCE = re.compile(r"\d+ (?=permit|deny|remark)")
_TYPE_7 = re.compile(r"\b(key|md5) (?:7 ([0-9A-F]{4,})|([0-9A-F]{4,}) 7)$")
_USER_KEYS = re.compile(r" (auth \S+|priv (?:aes \d+|3?des)) \S+")  # no switch shows them again
_PLAIN = re.compile(r"\bkey 0 (?=\S+$)")
# Cisco's obfuscation of passwords ("type 7") is a fixed key stream, known since 1995: it hides from a glance only.
_STREAM = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
_SECRETS = (
    (re.compile(r"(?m)^(\s*(?:username \S+ .*?)?(?:enable )?(?:password|secret)(?: \d)?) \S+"), r"\1 <secret>"),
    (re.compile(r"(?m)^(\s*key(?: [067])?) \S+"), r"\1 <secret>"),
    (re.compile(r"(?m)^(ntp authentication-key \d+ \S+) \S+"), r"\1 <secret>"),
    (re.compile(r"(?m)^(snmp-server community) \S+"), r"\1 <secret>"),
    (re.compile(r"\b(auth (?:md5|sha\S*)) \S+"), r"\1 <secret>"),
    (re.compile(r"\b(priv (?:des|3des|aes \d+)) \S+"), r"\1 <secret>"),
    (re.compile(r"(?m)^(.*\b(?:server-key|pre-shared-key|key-string)(?: \d)?) \S+"), r"\1 <secret>"),
)


def parse_ios(text: str) -> Config:
    """See `Platform.parse`: sequence numbers, split lists and obfuscation undone, condensed VLANs apart."""
    rows: list[tuple[Section, str]] = []
    lists: dict[Section, set[int]] = {}
    for section, shown in parse(text, skip=SKIPPED):
        if shown.startswith(f"{ALLOWED} add "):
            lists[section].update(expanded(shown.rsplit(" ", 1)[1]))
            continue
        if begins(shown, ALLOWED) and shown[-1].isdigit():
            lists[section] = set(expanded(shown.rsplit(" ", 1)[1]))
        rows += [(section, canonical(section, part)) for part in _apart(section, shown)]
    return Config(tuple((place, _whole(place, line, lists)) for place, line in rows))


def _apart(section: Section, text: str) -> Iterator[str]:
    """`vlan 410,420` stands for two lines."""
    match = re.fullmatch(r"vlan ([\d,-]+)", text)
    if section or not match:
        yield text
    else:
        yield from (f"vlan {vid}" for vid in expanded(match[1]))


def _whole(section: Section, text: str, lists: dict[Section, set[int]]) -> str:
    if begins(text, ALLOWED) and section in lists:
        return f"{ALLOWED} {compressed(sorted(lists[section]))}"
    return text


def canonical(section: Section, text: str) -> str:
    """See `Platform.canonical`."""
    if section and section[-1].startswith("ip access-list "):
        text = re.sub(r"\bhost (?=\d)", "", _SEQUENCE.sub("", text, count=1))
    if begins(text, ALLOWED) and text[-1].isdigit() and " add " not in text:
        return f"{ALLOWED} {compressed(expanded(text.rsplit(' ', 1)[1]))}"
    if text.startswith("snmp-server user "):
        return _USER_KEYS.sub(r" \1", text)
    text = _PLAIN.sub("key ", text)
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
    if text.startswith("no "):
        return text.removeprefix("no ")
    short = next((prefix for prefix in (*PORT_SINGLE, "banner login", "key") if begins_words(text, prefix)), None)
    if short:
        return f"no {short}"
    for pattern in (r"ntp authentication-key \d+", r"username \S+", r"enable secret", r"vlan \d+", r"address ipv4"):
        if match := re.match(pattern + r"(?=\s|$)", text):
            return f"no {match[0]}"
    if match := re.match(r"snmp-server user \S+ \S+ v3", text):
        return f"no {match[0]}"
    return f"no {text}"


def begins_words(text: str, prefix: str) -> bool:
    """As `begins`, over the first line of a text of several."""
    return begins(text.split("\n", 1)[0], prefix)


def mask(text: str) -> str:
    """See `Platform.mask`."""
    for pattern, put in _SECRETS:
        text = pattern.sub(put, text)
    return text
