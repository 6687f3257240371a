"""What a line of a switch's configuration may not say: whole lines, before they are a setting.

IOS takes any beginning of a word for the word ("Using the Command-Line Interface", Cisco), so a beginning is refused
with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from werkplek.policy.fields import shown, wrong
from werkplek.policy.network_fields import At

# They leave configuration mode, run something at once (EOS takes such commands in any mode), or begin a comment.
NO_LINES = (
    "abort",
    "bash",
    "clear",
    "commit",
    "configure",
    "copy",
    "default",
    "delete",
    "do",
    "end",
    "erase",
    "exit",
    "quit",
    "reload",
    "rollback",
    "show",
    "write",
)
# Lines that a kind of their own decides, by how they begin.
KEPT_LINES: Mapping[str, str] = {
    "aaa group server radius": "switch_radius",
    "aaa group server tacacs+": "switch_tacacs",
    "banner": "switch_banner",
    "dns domain": "switch_dns",
    "ip access-list WERKPLEK-BEHEER": "switch_management",
    "ip access-list extended WERKPLEK-BEHEER": "switch_management",
    "ip access-list standard WERKPLEK-BEHEER": "switch_management",
    "ip default-gateway": "switch_management",
    "ip domain name": "switch_dns",
    "ip domain-name": "switch_dns",
    "ip name-server": "switch_dns",
    "logging host": "switch_syslog",
    "logging trap": "switch_syslog",
    "ntp authenticate": "switch_ntp",
    "ntp authentication-key": "switch_ntp",
    "ntp server": "switch_ntp",
    "ntp trusted-key": "switch_ntp",
    "radius server": "switch_radius",
    "radius-server host": "switch_radius",
    "radius-server key": "switch_radius",
    "snmp-server community": "switch_snmp",
    "snmp-server group": "switch_snmp",
    "snmp-server host": "switch_snmp",
    "snmp-server location": "switch_snmp",
    "snmp-server user": "switch_snmp",
    "snmp-server view": "switch_snmp",
    "tacacs server": "switch_tacacs",
    "tacacs-server host": "switch_tacacs",
    "tacacs-server key": "switch_tacacs",
    "vlan": "switch_vlans",
}
KEPT_PORT_LINES: Mapping[str, str] = dict.fromkeys(
    (
        "description",
        "shutdown",
        "switchport access vlan",
        "switchport mode",
        "switchport phone vlan",
        "switchport trunk",
        "switchport voice vlan",
    ),
    "switch_ports",
)
# A run signs in by SSH: section and line that would end that.
_CUTTING = re.compile(
    r"line vty [^:]*: (?:no exec|no transport input|no login|transport input (?!(?:.* )?(?:ssh|all)(?: |$)).*)"
    r"|management ssh: (?:shutdown|connection limit 0)"
    r"|(?:.*: )?(?:no ip ssh|no aaa new-model|crypto key zeroize)(?: .*)?"
)
# Where a secret stands; \x7f is one that is written as {secret: name}.
_CLEAR = re.compile(
    r"(?:enable (?:secret|password)|username \S+ (?:.* )?(?:secret|password)|(?:tacacs|radius)-server .*key"
    r"|key(?! chain)|password(?= \d ))(?: \d+)?+ [^\x7f].*"
)
_PORT = re.compile(r"interface (?!Vlan\d|Loopback\d|Management\d)\S.*")


def begins(text: str, prefix: str) -> bool:
    """Whether a line begins with whole words of a prefix."""
    return text == prefix or text.startswith(f"{prefix} ")


def opposite(text: str) -> str:
    """What takes a line away, or back."""
    return text.removeprefix("no ") if text.startswith("no ") else f"no {text}"


def check_text(text: str, at: At = ()) -> str:
    """A line or a part of one: printable ASCII with single spaces between its words."""
    if not text:
        wrong("a text that is not empty", found="an empty text", at=at)
    if not (text.isascii() and text.isprintable()) or "|" in text or text != " ".join(text.split()):
        wrong("printable ASCII without '|', single spaces between the words", found=shown(text), at=at)
    return text


def check_line(text: str, at: At) -> None:
    """Refuses a line that leaves configuration mode, runs something, or has a secret in clear text."""
    first = text.partition(" ")[0].casefold()
    if first[0] == "!" or first.startswith("exit-") or any(word.startswith(first) for word in NO_LINES):
        wrong("a line that a configuration keeps", found=f"'{first}', which runs or ends something", at=at)
    if _CLEAR.fullmatch(text):
        wrong("{secret: name}", found="a secret in clear text", at=at)


def check_section(text: str) -> str:
    """A section's header as the switch shows it; ` > ` stands between sections within each other."""
    for header in check_text(text).split(" > "):
        check_line(header, ())
    if _PORT.fullmatch(text):
        wrong("ports: [profile] for what is about ports")
    if kind := kept_by(text, KEPT_LINES):
        wrong(f"another section: the kind {kind} decides this one")
    return text


def kept_by(text: str, kept: Mapping[str, str]) -> str:
    """The kind that decides a line, or its opposite; empty where none does."""
    line = text.removeprefix("no ")
    return next((kind for prefix, kind in kept.items() if begins(line, prefix)), "")


def kept_below(prefix: str, kept: Mapping[str, str]) -> str:
    """The kind that decides some of the lines that begin with a prefix; empty where none does."""
    line = prefix.removeprefix("no ")
    return kept_by(prefix, kept) or next((kind for begin, kind in kept.items() if begins(begin, line)), "")


def cuts_off(section: str, text: str) -> bool:
    """Whether a line would end the access of the run that enters it."""
    return _CUTTING.fullmatch(f"{section}: {text}" if section else text) is not None
