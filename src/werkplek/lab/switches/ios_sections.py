"""Lines of IOS's smaller sections: accounts' servers, terminals, VLANs, the archive, policies."""

from __future__ import annotations

from werkplek.lab.switches import ios_acl, ios_interface
from werkplek.lab.switches import ios_global_run as run
from werkplek.lab.switches.dialect import Answer, Edit, Line, Mode, Refusal, Rule, mode
from werkplek.lab.switches.grammar import DEFAULT, NO, Match, Reader, expression
from werkplek.lab.switches.ios_global import RULES as GLOBAL
from werkplek.lab.switches.ios_names import read_interface, read_vlans
from werkplek.lab.switches.ios_vlans import rename
from werkplek.lab.switches.tree import Entry

READERS: dict[str, Reader] = {
    "INTERFACE": read_interface,
    "VLANS": read_vlans,
    "FILE": expression(r"(?:flash|bootflash):/?[\w./-]*"),
    "HOURS": expression(r"-?(?:1?\d|2[0-3])"),
}
KEY = Line("key = {0 LINE|6 WORD|7 WORD|LINE}", write=run.clear)


def own_vlan(edit: Edit, _match: Match[Rule]) -> Answer:
    """The name of VLAN 1 and of 1002 to 1005 is as it is."""
    raise Refusal("%Default VLAN 1 may not have its name changed.")


def radius_address(_edit: Edit, match: Match[Rule]) -> str:
    """A RADIUS server's address; without ports it has the old ones (RFC 2865, section 3, tells why they are old)."""
    return match.text if len(match.words) > 3 else f"{match.text} auth-port 1645 acct-port 1646"


def transport(_edit: Edit, match: Match[Rule]) -> str:
    """What a terminal accepts, in IOS's order."""
    words = [word for word in ("all", "none", "telnet", "ssh") if word in match.words[2:]]
    return " ".join([match.slot, *words])


def timeout(edit: Edit, match: Match[Rule]) -> Answer:
    """Minutes and seconds; without seconds none. Ten minutes is the default, which is not shown; `no` means never."""
    minutes, seconds = [*map(int, match.words[1:]), 0, 0][:2]
    edit.section.pop(match.slot, None)
    if match.prefix == NO:
        minutes = seconds = 0
    if (minutes, seconds) != (10, 0) and match.prefix != DEFAULT:
        edit.section[match.slot] = Entry(f"{match.slot} {minutes} {seconds}")
    return ""


def login(edit: Edit, match: Match[Rule]) -> Answer:
    """How a terminal asks who is there: with AAA by a list of methods, without by the password or local accounts."""
    model = edit.session.editing.get("aaa new-model")
    with_aaa = model is not None and not model.text.startswith("no")
    if with_aaa != (match.words[1:2] == ("authentication",)) and not edit.session.detached:
        raise edit.wrong(edit.line.split()[-1])
    for slot in ("login", "login local", "login authentication"):
        edit.section.pop(slot, None)
    if not match.negated and match.value != "default":
        edit.section[match.slot] = Entry(match.text)
    return ""


def notify(_edit: Edit, match: Match[Rule]) -> str:
    """Plain text is what IOS writes out when nothing else was asked."""
    return match.text if match.value else f"{match.text} contenttype plaintext"


TACACS_SERVER = [
    Line("address ipv4 = A.B.C.D"),
    KEY,
    Line("timeout = <1-1000>"),
    Line("port = <1-65535>", default="49"),
    Line("single-connection"),
]
RADIUS_SERVER = [
    Line("address ipv4 = A.B.C.D [auth-port <0-65535> acct-port <0-65535>]", write=radius_address),
    KEY,
    Line("timeout = <1-1000>"),
    Line("retransmit = <0-100>"),
    Line("automate-tester username = WORD [probe-on] [ignore-acct-port] [idle-time <1-35791>]"),
]
GROUP = [
    Line("server name WORD"),
    Line("server A.B.C.D [auth-port <0-65535> acct-port <0-65535>]"),
    Line("ip {tacacs|radius} source-interface = INTERFACE"),
    Line("ip vrf forwarding = WORD"),
    Line("deadtime = <1-1440>"),
    Line("load-balance method least-outstanding"),
]
PASSWORD_POLICY = [
    Line("min-length = <1-64>", default="1"),
    Line("max-length = <1-127>", default="127"),
    Line("numeric-count = <0-64>", default="0"),
    Line("upper-case = <0-64>", default="0"),
    Line("lower-case = <0-64>", default="0"),
    Line("special-case = <0-64>", default="0"),
    Line("char-changes = <1-64>", default="4"),
    Line("lifetime {day|month|year|hour|minute|second} = <0-200>"),
]
TERMINAL = [
    Line("access-class WORD = {in [vrf-also]|out}"),
    Line("exec-timeout = <0-35791> [<0-2147483>]", run=timeout),
    Line("absolute-timeout = <0-10000>", default="0"),
    Line("session-timeout = <0-35791>", default="0"),
    Line("login", run=login),
    Line("login local", run=login),
    Line("login authentication = {default|WORD}", default="default", run=login),
    Line("authorization exec = {default|WORD}", default="default"),
    Line("authorization commands <0-15> = {default|WORD}", default="default"),
    Line("accounting exec = {default|WORD}", default="default"),
    Line("accounting commands <0-15> = {default|WORD}", default="default"),
    Line("transport input = {all|none|ssh|telnet}+", write=transport),
    Line("transport output = {all|none|ssh|telnet}+", write=transport),
    Line("transport preferred = {none|ssh|telnet}"),
    Line("exec", on=True),
    Line("exec prompt timestamp"),
    Line("logging synchronous"),
    Line("privilege level = <0-15>", default="1"),
    Line("password = {0 LINE|7 WORD|LINE}", write=run.clear),
    Line("stopbits = {1|1.5|2}"),
    Line("length = <0-512>", default="24"),
    Line("width = <0-512>", default="80"),
    Line("ipv6 access-class WORD = {in|out}"),
    Line("history size = <0-256>", default="20"),
    Line("escape-character = {NONE|DEFAULT|<0-255>}"),
]


ARCHIVE = [
    Line("log config", enters="archive-log"),
    Line("path = WORD"),
    Line("maximum = <1-14>", default="10"),
    Line("write-memory"),
    Line("time-period = <1-525600>"),
]
ARCHIVE_LOG = [
    Line("logging enable"),
    Line("logging size = <1-1000>", default="100"),
    Line("logging persistent = [auto|reload]"),
    Line("notify syslog = [contenttype {plaintext|xml}]", write=notify),
    Line("hidekeys"),
    Line("record rc"),
]


VLAN = [
    Line("name = WORD", run=rename),
    Line("state = {active|suspend}", default="active"),
    Line("shutdown"),
    Line("remote-span"),
    Line("mtu = <576-18190>", default="1500"),
]
CLIENT = Line("client A.B.C.D = [server-key LINE]", write=run.clear)
TRUSTPOINT = [
    Line("enrollment = {selfsigned|terminal [pem]|url WORD}"),
    Line("subject-name = LINE"),
    Line("revocation-check = {crl|none|ocsp}+"),
    Line("rsakeypair = WORD [<360-4096>]"),
]


def modes(shared: list[Rule], exec_rules: list[Rule]) -> dict[str, Mode]:
    """Every mode by name. `shared` are the commands that every configuration mode has."""
    rows: list[tuple[str, str, list[Line], str]] = [
        ("config", "config", GLOBAL, ""),
        ("interface", "config-if", ios_interface.RULES, "config"),
        ("vlan", "config-vlan", VLAN, "config"),
        ("vlan-own", "config-vlan", [Line("name = WORD", run=own_vlan)], "config"),
        ("vlan-configuration", "config-vlan-config", [Line("member = LINE")], "config"),
        ("line", "config-line", TERMINAL, "config"),
        ("acl-standard", "config-std-nacl", ios_acl.STANDARD, "config"),
        ("acl-extended", "config-ext-nacl", ios_acl.EXTENDED, "config"),
        ("tacacs-group", "config-sg-tacacs+", GROUP, "config"),
        ("radius-group", "config-sg-radius", GROUP, "config"),
        ("tacacs-server", "config-server-tacacs", TACACS_SERVER, "config"),
        ("radius-server", "config-radius-server", RADIUS_SERVER, "config"),
        ("password-policy", "config-cc-policy", PASSWORD_POLICY, "config"),
        ("dynamic-author", "config-locsvr-da-radius", [CLIENT, Line("auth-type = {all|any|session-key}")], "config"),
        ("archive", "config-archive", ARCHIVE, "config"),
        ("archive-log", "config-archive-log-cfg", ARCHIVE_LOG, "archive"),
        ("redundancy", "config-red", [Line("mode = {sso|rpr}")], "config"),
        ("transceiver", "config-xcvr-type", [Line("monitoring")], "config"),
        ("vrf", "config-vrf", [Line("address-family {ipv4|ipv6}", enters="vrf-family"), Line("rd = WORD")], "config"),
        ("vrf-family", "config-vrf-af", [], "vrf"),
        ("trustpoint", "ca-trustpoint", TRUSTPOINT, "config"),
        ("device-tracking", "config-device-tracking", [Line("tracking enable"), Line("no protocol udp")], "config"),
        ("class-map", "config-cmap", [Line("match access-group name WORD"), Line("match dscp = LINE")], "config"),
        ("policy-map", "config-pmap", [Line("class WORD", enters="policy-class")], "config"),
        ("policy-class", "config-pmap-c", [Line("police = LINE"), Line("set dscp = WORD")], "policy-map"),
        ("control-plane", "config-cp", [Line("service-policy {input|output} = WORD")], "config"),
        (
            "applet",
            "config-applet",
            [Line("event LINE"), Line("action WORD = LINE"), Line("description = LINE")],
            "config",
        ),
    ]
    made = {name: mode(name, suffix, [*rules, *shared], READERS, above) for name, suffix, rules, above in rows}
    return {"exec": mode("exec", "", exec_rules, READERS), **made}
