"""Lines of IOS's IPv4 access lists: numbered as IOS XE shows them, in the spelling that it gives them."""

from __future__ import annotations

from ipaddress import IPv4Address

from werkplek.lab.switches.dialect import Answer, Edit, Line, Refusal, Rule
from werkplek.lab.switches.grammar import Match
from werkplek.lab.switches.tree import Entry, Section

STEP = 10
ANY = "0.0.0.0 255.255.255.255"


def add(edit: Edit, match: Match[Rule]) -> Answer:
    """A line with or without its number; without one it comes last. `no` takes it away by its number or its text."""
    words = list(match.words)
    number = int(words.pop(0)) if words[0].isdecimal() else None
    text = spelled(words, standard=edit.session.context.mode == "acl-standard")
    if match.negated:
        return remove(edit, match)
    return _put(edit.section, text, number)


def add_text(edit: Edit, below: Section, text: str, standard: bool) -> Answer:
    """A line given as text to a list: `permit 10.0.0.0 0.255.255.255`."""
    match = edit.device.dialect.modes["acl-standard"].grammar.match(text)
    return _put(below, spelled(list(match.words), standard), None)


def _put(below: Section, text: str, number: int | None) -> Answer:
    if any(entry.text.split(" ", 1)[1] == text for entry in below.values()):
        return ""
    if number is None:
        number = max((int(slot) for slot in below), default=0) + STEP
    elif str(number) in below:
        raise Refusal("% Duplicate sequence number")
    below[str(number)] = Entry(f"{number} {text}")
    return ""


def remove(edit: Edit, match: Match[Rule]) -> Answer:
    """A line goes, by its number or by its text."""
    first, *rest = match.words
    if first.isdecimal():
        if edit.section.pop(first, None) is None and not rest:
            raise Refusal("% Specified sequence number doesn't exist")
        return ""
    text = spelled(list(match.words), standard=edit.session.context.mode == "acl-standard")
    for slot in [slot for slot, entry in edit.section.items() if entry.text.split(" ", 1)[1] == text]:
        del edit.section[slot]
    return ""


def spelled(words: list[str], standard: bool) -> str:
    """A line in IOS's spelling: hosts by their address, networks with their host bits off."""
    if words and words[0] == "remark":
        return " ".join(words)
    text: list[str] = []
    at = 0
    while at < len(words):
        taken, shown = _address(words[at : at + 2], standard)
        text.append(shown)
        at += taken
    return " ".join(text)


def _address(words: list[str], standard: bool) -> tuple[int, str]:
    """An address with its wildcard, or a word that is none."""
    if words[0] == "host" and len(words) > 1:
        return 2, words[1] if standard else f"host {words[1]}"
    if not _is_address(words[0]):
        return 1, words[0]
    wildcard = words[1] if len(words) > 1 and _is_address(words[1]) else "0.0.0.0"  # noqa: S104 - a wildcard
    taken = 2 if len(words) > 1 and _is_address(words[1]) else 1
    mask = int(IPv4Address(wildcard))
    network = f"{IPv4Address(int(IPv4Address(words[0])) & ~mask & 0xFFFFFFFF)} {wildcard}"
    if network == ANY:
        return taken, "any"
    if mask == 0:
        return taken, words[0] if standard else f"host {words[0]}"
    return taken, network


def _is_address(word: str) -> bool:
    try:
        IPv4Address(word)
    except ValueError:
        return False
    return True


FROM = "{any|host A.B.C.D|A.B.C.D A.B.C.D}"
PORT = "{eq WORD|gt WORD|lt WORD|neq WORD|range WORD WORD}"
PROTOCOLS = "{ip|icmp|igmp|esp|ahp|gre|ospf|<0-255>}"
STANDARD = [
    Line("{permit|deny} {any|host A.B.C.D|A.B.C.D A.B.C.D|A.B.C.D} [log]", run=add),
    Line("<1-2147483647> {permit|deny} {any|host A.B.C.D|A.B.C.D A.B.C.D|A.B.C.D} [log]", run=add),
    Line("remark LINE", run=add),
    Line("<1-2147483647> remark LINE", run=add),
    Line("no <1-2147483647>", run=remove),
]
_EXTENDED = [
    f"{{permit|deny}} {{tcp|udp}} {FROM} [{PORT}] {FROM} [{PORT}] [established] [log|log-input]",
    f"{{permit|deny}} {PROTOCOLS} {FROM} {FROM} [echo|echo-reply|unreachable] [fragments] [log|log-input]",
    "remark LINE",
]
EXTENDED = [
    *(Line(pattern, run=add) for pattern in _EXTENDED),
    *(Line(f"<1-2147483647> {pattern}", run=add) for pattern in _EXTENDED),
    Line("no <1-2147483647>", run=remove),
]
