"""What lines of IOS's global configuration do where it is more than to stand in their slot."""

from __future__ import annotations

import re
from collections.abc import Callable

from werkplek.lab.switches import apply, ios_names, ios_secrets
from werkplek.lab.switches.dialect import Answer, Ask, Collect, Edit, Line, Refusal, Rule
from werkplek.lab.switches.grammar import Match
from werkplek.lab.switches.ios_places import (
    access_list,
    console,
    control_plane,
    interface,
    interface_range,
    numbered_list,
    terminals,
)
from werkplek.lab.switches.ios_snmp import community, snmp_host, snmp_user, traps
from werkplek.lab.switches.ios_vlans import bad_vlans, vlan, vtp_mode
from werkplek.lab.switches.tree import Entry, Section

__all__ = [
    "access_list",
    "bad_vlans",
    "community",
    "console",
    "control_plane",
    "interface",
    "interface_range",
    "numbered_list",
    "snmp_host",
    "snmp_user",
    "terminals",
    "traps",
    "vlan",
    "vtp_mode",
]
LEVELS = ("emergencies", "alerts", "critical", "errors", "warnings", "notifications", "informational", "debugging")
HIDING = "service password-encryption"
type Run = Callable[[Edit, Match[Rule]], Answer]


def password_encryption(edit: Edit, match: Match[Rule]) -> Answer:
    """Hide what stands in the clear, at once; taking it away shows nothing again."""
    edit.section.pop(match.slot, None)
    if match.negated:
        edit.section[match.slot] = Entry(f"no {match.slot}")
    else:
        edit.section[match.slot] = Entry(match.text)
        _hide(edit.session.editing)
    return ""


def _hide(section: Section) -> None:
    for entry in section.values():
        entry.text = ios_secrets.hide_line(entry.text)
        if entry.below is not None:
            _hide(entry.below)


def clear(edit: Edit, match: Match[Rule]) -> str:
    """A key or password: as it is when hidden already, else in the clear or as type 7, as the service says."""
    text = re.sub(r" 0 (?=\S+$)", " ", match.text)
    hiding = edit.session.editing.get(HIDING, Entry("no"))
    return text if hiding.text.startswith("no") else ios_secrets.hide_line(text)


def secret(_edit: Edit, match: Match[Rule]) -> str:
    """A secret: as it is when hashed already, else as type 9."""
    kind, _, rest = match.value.partition(" ")
    if rest and kind in ("5", "8", "9"):
        return match.text
    return f"{match.slot} 9 {ios_secrets.scrypted(rest if kind == '0' else match.value)}"


def username(edit: Edit, match: Match[Rule]) -> Answer:
    """An account. Its secret is kept as type 9; taking it away asks first."""
    if match.negated:
        return _remove_username(edit, match.slot)
    words = match.value.split()
    kept = edit.section.get(match.slot, Entry(match.slot)).text.removeprefix(match.slot).strip()
    if words[0] == "privilege" and len(words) > 1 and words[1].isdecimal() and int(words[1]) <= 15:
        kept = re.sub(r"^privilege \d+ ?", "", kept)
        level, words = f"privilege {int(words[1])} ", words[2:]
    else:
        level = (re.match(r"privilege \d+ ", kept) or [""])[0]
        kept = kept.removeprefix(level)
    if words:
        kept = _account_secret(edit, words)
    edit.section[match.slot] = Entry(f"{match.slot} {level}{kept}".rstrip())
    return ""


def _account_secret(edit: Edit, words: list[str]) -> str:
    form, rest = words[0], words[1:]
    if form == "secret" and len(rest) == 2 and rest[0] in ("5", "8", "9"):
        return " ".join(words)
    if form == "secret" and rest:
        return f"secret 9 {ios_secrets.scrypted(' '.join(rest[1:] if rest[0] == '0' else rest))}"
    if form == "password" and rest:
        hiding = not edit.session.editing.get(HIDING, Entry("no")).text.startswith("no")
        if rest[0] == "7":
            return " ".join(words)
        plain = " ".join(rest[1:] if rest[0] == "0" else rest)
        return f"password 7 {ios_secrets.hidden(plain)}" if hiding else f"password 0 {plain}"
    if words == ["nopassword"]:
        return "nopassword"
    raise edit.wrong(form)


def _remove_username(edit: Edit, slot: str) -> Answer:
    def answered(key: str) -> Answer:
        if key in ("", "y", "Y"):
            edit.section.pop(slot, None)
            edit.device.changed()
        return ""

    return Ask(
        "This operation will remove all username related configurations with same name."
        "Do you want to continue? [confirm]",
        answered,
        at_once=True,
    )


def hostname(edit: Edit, match: Match[Rule]) -> Answer:
    """The switch's name; without one it is called Switch."""
    name = "Switch" if match.negated else match.value
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]{0,62}", name):
        raise Refusal("% Hostname contains one or more illegal characters.")
    edit.section["hostname"] = Entry(f"hostname {name}")
    return ""


def new_model(edit: Edit, match: Match[Rule]) -> Answer:
    """AAA on brings its session ids; off takes every line of AAA away."""
    for slot in [slot for slot in edit.section if match.negated and slot.startswith("aaa ")]:
        del edit.section[slot]
    edit.section["aaa new-model"] = Entry("no aaa new-model" if match.negated else "aaa new-model")
    if not match.negated:
        edit.section.setdefault("aaa session-id", Entry("aaa session-id common"))
    return ""


def respelled(other: str) -> Run:
    """Another spelling of a line, kept in the spelling that IOS shows."""

    def run(edit: Edit, match: Match[Rule]) -> Answer:
        on = isinstance(match.rule, Line) and other in ("ip domain lookup", "logging on")
        rule = Line(other, on=on)
        words = (*other.split(), *match.words[match.slot_length :])
        same: Match[Rule] = Match(rule, words, len(other.split()), match.prefix)
        return apply.apply(edit, same)

    return run


def name_servers(edit: Edit, match: Match[Rule]) -> Answer:
    """Resolvers, one or several in a line; each is shown in a line of its own."""
    for address in match.words[2:]:
        slot = f"ip name-server {address}"
        edit.section.pop(slot, None) if match.negated else edit.section.setdefault(slot, Entry(slot))
    return ""


def vlan_list(edit: Edit, match: Match[Rule]) -> Answer:
    """A list of VLANs that grows and shrinks with each line."""
    *words, given = match.words
    slot = " ".join(words)
    shown = edit.section.get(slot)
    held = ios_names.vlans(shown.text.rsplit(" ", 1)[1]) if shown else frozenset()
    vids = held - ios_names.vlans(given) if match.negated else held | ios_names.vlans(given)
    if vids:
        edit.section[slot] = Entry(f"{slot} {ios_names.compressed(vids)}")
    else:
        edit.section.pop(slot, None)
    return ""


def validation(_edit: Edit, match: Match[Rule]) -> str:
    """What ARP inspection validates, in IOS's order; a new line replaces the old one."""
    words = [word for word in ("src-mac", "dst-mac", "ip", "allow-zeros") if word in match.value.split()]
    return f"{match.slot} {' '.join(words)}"


def level(_edit: Edit, match: Match[Rule]) -> str:
    """A level of the log by its name."""
    return f"{match.slot} {level_name(match.value)}".rstrip()


def level_name(word: str) -> str:
    """`6` as `informational`."""
    return LEVELS[int(word)] if word.isdecimal() and int(word) < len(LEVELS) else word


def buffered(_edit: Edit, match: Match[Rule]) -> str:
    """Size and level of the local log."""
    return " ".join([match.slot, *map(level_name, match.value.split())])


def logging_host(edit: Edit, match: Match[Rule]) -> Answer:
    """The short form of `logging host`."""
    slot = f"logging host {match.words[1]}"
    edit.section.pop(slot, None)
    if not match.negated:
        edit.section[slot] = Entry(slot)
    return ""


def ntp_key(_edit: Edit, match: Match[Rule]) -> str:
    """NTP's keys are always shown as type 7."""
    words = match.words
    if words[-1] == "7" and ios_secrets.readable(words[-2]) is not None and len(words) > 5:
        return match.text
    return f"{' '.join(words[:4])} {ios_secrets.hidden(words[4])} 7"


def udld(edit: Edit, match: Match[Rule]) -> Answer:
    """`enable` and `aggressive` exclude each other."""
    for word in ("enable", "aggressive"):
        edit.section.pop(f"udld {word}", None)
    if not match.negated:
        edit.section[match.slot] = Entry(match.text)
    return ""


def everything(prefix: str) -> Run:
    """Take away every line that begins with a word."""

    def run(edit: Edit, _match: Match[Rule]) -> Answer:
        for slot in [slot for slot in edit.section if slot.split()[0] == prefix]:
            del edit.section[slot]
        if prefix == "snmp-server":
            edit.device.store.pop("snmp users", None)
        return ""

    return run


def banner(edit: Edit, match: Match[Rule]) -> Answer:
    """Text up to a delimiter: the first letter after the kind (in a file, and as shown, `^C` stands for one letter)."""
    kind, text = match.words[1], edit.line.split(None, 2)[2]
    mark = "^C" if edit.session.detached and text.startswith("^C") else text[0]
    opening = text[len(mark) :]

    def put(lines: list[str]) -> Answer:
        whole = "\n".join([opening, *lines]).split(mark)[0] if lines else opening.split(mark)[0]
        edit.section[f"banner {kind}"] = Entry(f"banner {kind} ^C{whole}^C")
        edit.device.changed()
        return ""

    if mark in opening:
        return put([])
    return Collect(lambda line: mark in line, put, f"Enter TEXT message.  End with the character '{mark}'.")


def no_banner(edit: Edit, match: Match[Rule]) -> Answer:
    """The banner goes."""
    edit.section.pop(match.text, None)
    return ""
