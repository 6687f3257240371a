"""Lines of EOS's configuration that do more than stand in their slot."""

from __future__ import annotations

import re
from collections.abc import Callable

from werkplek.lab.switches import eos_secrets
from werkplek.lab.switches.apply import negate, put
from werkplek.lab.switches.dialect import Answer, Collect, Edit, Line, Refusal, Rule
from werkplek.lab.switches.eos_names import apart, compressed, split
from werkplek.lab.switches.eos_text import vids
from werkplek.lab.switches.grammar import Match
from werkplek.lab.switches.ios_names import HIGHEST_VLAN, vlans
from werkplek.lab.switches.shell import Context
from werkplek.lab.switches.tree import Entry

type Found = Match[Rule]
EVERY = frozenset(range(1, HIGHEST_VLAN + 1))
MOST_VLANS = 4094
BANNER = "Enter TEXT message. Type 'EOF' on its own line to end."
_STEP = 10


def vlan(edit: Edit, match: Found) -> Answer:
    """`vlan 410,420-422`: into these VLANs, which exist from now on; or they are gone."""
    wanted = sorted(vlans(match.words[1]))
    if match.negated:
        for vid in wanted:
            edit.section.pop(f"vlan {vid}", None)
        return ""
    new = set(wanted) - vids(edit.section)
    if new and edit.device.faults.vlans_full:
        raise Refusal(f"% Cannot create VLAN {min(new)}: the maximum number of VLANs ({MOST_VLANS}) is reached")
    for vid in wanted:
        edit.section.setdefault(f"vlan {vid}", Entry(f"vlan {vid}", {}))
    edit.session.contexts.append(Context("vlan", tuple((f"vlan {vid}",) for vid in wanted)))
    return ""


def vlan_name(edit: Edit, match: Found) -> Answer:
    """A VLAN's name; the one that it has by itself is not shown."""
    edit.section.pop("name", None)
    if not match.negated and match.value != f"VLAN{int(edit.path[-1].split()[1]):04}":
        edit.section["name"] = Entry(match.text)
    return ""


def interface(edit: Edit, match: Found) -> Answer:
    """`interface Ethernet1-4`: into these; one that is no port of the switch is refused, a logical one is made."""
    names = apart(match.words[1])
    kind = split(names[0])[0]
    physical = kind in ("Ethernet", "Management")
    for name in names:
        missing = name not in edit.device.ports or name in edit.device.faults.missing_ports
        if (physical and missing) or (physical and match.prefix == "no"):
            raise edit.wrong(edit.line.split()[-1])
    slots = [f"interface {name}" for name in names]
    if match.negated:
        for slot in slots:
            edit.section.pop(slot, None)
            if physical:
                edit.section[slot] = Entry(slot, {})
        return ""
    for slot in slots:
        edit.section.setdefault(slot, Entry(slot, {}))
    modes = {"Ethernet": "port", "Port-Channel": "port"}
    edit.session.contexts.append(Context(modes.get(kind, "logical"), tuple((slot,) for slot in slots)))
    return ""


def allowed(edit: Edit, match: Found) -> Answer:
    """The VLANs that a trunk lets pass; `all`, which is the default, is not shown."""
    slot = "switchport trunk allowed vlan"
    have = edit.section.get(slot)
    shown = have.text.removeprefix(slot).strip() if have else "all"
    now = EVERY if shown == "all" else vlans(shown)
    what, _, numbers = match.value.rpartition(" ")
    named = vlans(numbers)
    wanted = {"add": now | named, "remove": now - named, "except": EVERY - named, "": named}[what]
    if match.negated or match.value == "all" or wanted == EVERY:
        edit.section.pop(slot, None)
    else:
        edit.section[slot] = Entry(f"{slot} {compressed(wanted) or 'none'}")
    return ""


def listed(edit: Edit, match: Found) -> Answer:
    """A list of VLANs to which a line adds, and from which its `no` form takes away."""
    have = edit.section.get(match.slot)
    now = vlans(have.text.rsplit(" ", 1)[1]) if have else frozenset()
    named = vlans(match.value)
    now = (now - named if named else frozenset()) if match.negated else now | named
    if now:
        edit.section[match.slot] = Entry(f"{match.slot} {compressed(now)}")
    else:
        edit.section.pop(match.slot, None)
    return ""


def rule(edit: Edit, match: Found) -> Answer:
    """A line of an access list, with its number or the next one."""
    words = list(match.words)
    number = words.pop(0) if words[0].isdecimal() else ""
    text = " ".join(words)
    same = next((slot for slot, entry in edit.section.items() if entry.text.partition(" ")[2] == text), "")
    if match.negated:
        edit.section.pop(number if number and not text else same, None)
        return ""
    if same and not number:
        return ""
    number = number or str(max((int(slot) for slot in edit.section), default=0) + _STEP)
    edit.section[number] = Entry(f"{number} {text}")
    return ""


def route(edit: Edit, match: Found) -> Answer:
    """A static route; `no` without a next hop takes all routes of the network."""
    if not match.negated:
        edit.section[match.text] = Entry(match.text)
        return ""
    for slot in [slot for slot in edit.section if slot == match.text or slot.startswith(match.text + " ")]:
        del edit.section[slot]
    return ""


def always(default: str) -> Callable[[Edit, Found], Answer]:
    """A line that is shown whatever it says; taken away, it says `default`."""

    def run(edit: Edit, match: Found) -> Answer:
        edit.section[match.slot] = Entry(f"{match.slot} {default}" if match.negated else match.text)
        return ""

    return run


def banner(edit: Edit, match: Found) -> Answer:
    """Text up to a line `EOF`."""
    if match.negated:
        edit.section.pop(match.slot, None)
        return ""

    def take(typed: list[str]) -> Answer:
        edit.section[match.slot] = Entry("\n".join([match.slot, *typed]))
        if edit.session.editing is edit.device.running:
            edit.device.changed()
        return ""

    return Collect(lambda line: line.strip() == "EOF", take, BANNER)


def alias(of: str) -> Callable[[Edit, Found], Answer]:
    """A line that EOS shows in other words: `ip domain-name x` as `dns domain x`."""

    def run(edit: Edit, match: Found) -> Answer:
        other = Match(match.rule, (*of.split(), *match.words[match.slot_length :]), len(of.split()), match.prefix)
        assert isinstance(match.rule, Line)
        if match.negated:
            negate(edit, other, match.rule)
        else:
            put(edit, other, Line(match.rule.pattern))
        return ""

    return run


def name_servers(edit: Edit, match: Found) -> Answer:
    """`ip name-server 10.0.0.1 10.0.0.2`: a line for each."""
    words = list(match.words[2:])
    vrf = words[1] if words[:1] == ["vrf"] else "default"
    addresses = [word for word in words if "." in word]
    slots = [f"ip name-server vrf {vrf} {address}" for address in addresses]
    if match.negated:
        gone = slots or [slot for slot in edit.section if slot.startswith(f"ip name-server vrf {vrf} ")]
        for slot in gone:
            edit.section.pop(slot, None)
    else:
        edit.section.update({slot: Entry(slot) for slot in slots})
    return ""


def plain_port(edit: Edit, match: Found) -> str:
    """`logging host x 514`: the port and the protocol that it has anyway are not shown."""
    return re.sub(r"(?: 514)?(?: protocol udp)?$", "", match.text)


def plain_portfast(edit: Edit, match: Found) -> str:
    """`spanning-tree portfast edge` is the plain one."""
    return match.text.removesuffix(" edge")


def key(edit: Edit, match: Found) -> str:
    """A key in the clear is shown as type 7: `key 0 x`, `key x` and the like."""
    *words, last = match.words
    if words[-1] == "7":
        return match.text
    words = words[:-1] if words[-1] == "0" else words
    return " ".join([*words, "7", eos_secrets.hidden(last)])


def password(edit: Edit, match: Found) -> str:
    """A password in the clear is shown as sha512."""
    words = list(match.words)
    if "secret" not in words[2:] and "password" not in words:
        return match.text
    at = max(place for place, word in enumerate(words) if word in ("secret", "password"))
    kind, last = words[at + 1 : -1], words[-1]
    return (
        match.text if kind in (["sha512"], ["5"]) else " ".join([*words[: at + 1], "sha512", eos_secrets.sha512(last)])
    )


def username(edit: Edit, match: Found) -> Answer:
    """An account; what a line does not say stays as it was."""
    if match.negated:
        edit.section.pop(match.slot, None)
        return ""
    have = edit.section.get(match.slot)
    said = _parts(have.text if have else "") | _parts(password(edit, match))
    order = [said[part] for part in ("privilege", "role", "secret") if part in said]
    edit.section[match.slot] = Entry(" ".join([match.slot, *order]))
    return ""


def _parts(text: str) -> dict[str, str]:
    found = {name: f"{name} {value}" for name, value in re.findall(r"\b(privilege|role) (\S+)", text)}
    secret = re.search(r"\bnopassword$|\bsecret .*$", text)
    return found | ({"secret": secret[0]} if secret else {})


def snmp_user(edit: Edit, match: Found) -> str:
    """A user with passphrases is shown with keys for the switch's engine."""
    words = list(match.words)
    if "localized" in words or match.slot == match.text:
        return match.text
    engine, value = engine_id(edit), words[match.slot_length :]
    kind = value[1]
    made = ["localized", engine, "auth", kind, eos_secrets.localized(kind, value[2], engine)]
    if "priv" in value[3:]:
        made += ["priv", value[4], eos_secrets.localized(kind, value[5], engine, privacy=value[4])]
    return " ".join([*words[: match.slot_length], *made])


def engine_id(edit: Edit) -> str:
    """The switch's SNMP engine: the one that is configured, else one of its hardware address."""
    own = edit.session.editing.get("snmp-server engineID local")
    return own.text.rsplit(" ", 1)[1] if own else f"f5717f{edit.device.members[0].mac.replace('.', '')}00"
