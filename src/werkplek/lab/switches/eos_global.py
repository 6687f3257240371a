"""Lines of EOS's global configuration and of its `management` sections. Forms: Arista, "EOS User Manual"; order,
defaults and what is shown: as running configurations have them."""

from __future__ import annotations

from werkplek.lab.switches import eos_run as run
from werkplek.lab.switches.dialect import Line

METHODS = "{group WORD|local|none}+"  # `tacacs+` and `radius` are groups too
TO_GROUP = "{{start-stop|stop-only} {group WORD|logging}+|none}"
KEY = "{0 WORD|7 WORD|WORD}"
SERVER = f"[port <1-65535>] [timeout <1-1000>] key {KEY}"
RADIUS = f"[auth-port <0-65535>] [acct-port <0-65535>] [timeout <1-1000>] [retransmit <0-100>] key {KEY}"
ACCOUNT = "secret {0 WORD|5 WORD|sha512 WORD|WORD}"
AT = "{HOST|vrf WORD HOST}"

BASE = [
    Line("hostname = WORD"),
    Line("username WORD = [privilege <0-15>] [role WORD] [{nopassword|" + ACCOUNT + "}]", run=run.username),
    Line("enable password = {0 WORD|5 WORD|sha512 WORD|WORD}", write=run.password),
    Line("service routing protocols model = {multi-agent|ribd}", run=run.always("multi-agent")),
    Line("clock timezone = WORD", default="UTC"),
    Line("lldp run", on=True),
    Line("lldp timer = <5-32768>", default="30"),
    Line("errdisable recovery cause = WORD"),
    Line("errdisable recovery interval = <30-86400>", default="300"),
    Line("mac address-table aging-time = {0|<10-1000000>}", default="300"),
    Line("banner login", run=run.banner),
    Line("banner motd", run=run.banner),
    Line("vlan VLANS", run=run.vlan),
    Line("interface INTERFACE", run=run.interface),
    Line("ip access-list standard WORD", enters="access-list"),
]

SWITCHING = [
    Line("spanning-tree mode = {mstp|rstp|rapid-pvst|none}", run=run.always("mstp")),
    Line("spanning-tree edge-port bpduguard default"),
    Line("spanning-tree edge-port bpdufilter default"),
    Line("spanning-tree loopguard default"),
    Line("spanning-tree vlan-id VLANS priority = <0-61440>"),
    Line("spanning-tree mst <0-4094> priority = <0-61440>"),
    Line("ip dhcp snooping"),
    Line("ip dhcp snooping vlan = VLANS", run=run.listed),
    Line("ip dhcp snooping information option"),
    Line("ip igmp snooping", on=True),
    Line("ip arp inspection vlan = VLANS", run=run.listed),
    Line("dot1x system-auth-control"),
    Line("dot1x dynamic-authorization"),
    Line("dot1x protocol lldp bypass"),
    Line("ip routing", shown=True),
    Line("ip icmp redirect", on=True),
    Line("ip route PREFIX = {A.B.C.D|Null0} [<1-255>]", run=run.route),
]

AAA = [
    Line("aaa root = {nopassword|" + ACCOUNT + "}", shown=True, write=run.password),
    Line(f"aaa authentication login default = {METHODS}", default="local"),
    Line(f"aaa authentication login console = {METHODS}"),
    Line(f"aaa authentication login serial-console = {METHODS}"),
    Line(f"aaa authentication enable default = {METHODS}", default="local"),
    Line(f"aaa authentication dot1x default = {METHODS}"),
    Line("aaa authentication policy on-success log"),
    Line("aaa authentication policy on-failure log"),
    Line("aaa authentication policy local allow-nopassword-remote-login"),
    Line("aaa authentication policy lockout = failure <1-255> [window <1-4294967295>] duration <1-4294967295>"),
    Line(f"aaa authorization exec default = {METHODS}"),
    Line("aaa authorization {console|serial-console}"),
    Line(f"aaa authorization commands {{all|<0-15>}} default = {METHODS}"),
    Line(f"aaa accounting exec {{default|console}} = {TO_GROUP}"),
    Line(f"aaa accounting system default = {TO_GROUP}"),
    Line(f"aaa accounting dot1x default = {TO_GROUP}"),
    Line(f"aaa accounting commands {{all|<0-15>}} {{default|console}} = {TO_GROUP}"),
    Line("aaa group server tacacs+ WORD", enters="tacacs-group"),
    Line("aaa group server radius WORD", enters="radius-group"),
    Line(f"tacacs-server host HOST = {SERVER}", write=run.key),
    Line(f"tacacs-server key = {KEY}", write=run.key),
    Line("tacacs-server timeout = <1-1000>", default="5"),
    Line("ip tacacs source-interface = INTERFACE"),
    Line(f"radius-server host HOST = {RADIUS}", write=run.key),
    Line(f"radius-server key = {KEY}", write=run.key),
    Line("radius-server timeout = <1-1000>", default="5"),
    Line("radius-server retransmit = <0-100>", default="3"),
    Line("radius-server deadtime = <1-1000>"),
    Line("ip radius source-interface = INTERFACE"),
]

GROUP = [Line("server HOST = [vrf WORD]")]

SERVICES = [
    Line("ip name-server A.B.C.D [A.B.C.D] [A.B.C.D]", run=run.name_servers),
    Line("ip name-server vrf WORD A.B.C.D [A.B.C.D] [A.B.C.D]", run=run.name_servers),
    Line("dns domain = WORD"),
    Line("ip domain-name = WORD", run=run.alias("dns domain")),
    Line("ntp authenticate = [servers]"),
    Line("ntp authentication-key <1-65534> = {md5|sha1} " + KEY, write=run.key),
    Line("ntp trusted-key = VLANS"),
    Line("ntp local-interface = INTERFACE"),
    Line(f"ntp server {AT} = {{prefer|burst|iburst|key <1-65534>|minpoll <3-17>|maxpoll <3-17>|version <1-4>}}+"),
    Line(f"ntp server {AT}"),
    Line("logging on", on=True),
    Line("logging host HOST = [<1-65535>] [protocol {tcp|udp}]", write=run.plain_port),
    Line("logging vrf WORD host HOST = [<1-65535>] [protocol {tcp|udp}]", write=run.plain_port),
    Line("logging trap = LEVEL", default="informational"),
    Line("logging buffered = [<10-2147483647>] [LEVEL]"),
    Line("logging console = LEVEL"),
    Line("logging monitor = LEVEL"),
    Line("logging facility = WORD", default="local4"),
    Line("logging synchronous = [level LEVEL]"),
    Line("logging format hostname = {fqdn|ipv4}"),
    Line("logging format timestamp = {high-resolution|traditional [year] [timezone]}"),
    Line("logging format sequence-numbers"),
    Line("logging source-interface = INTERFACE"),
    Line("logging vrf WORD source-interface = INTERFACE"),
    Line("logging repeat-messages"),
    Line("logging event link-status global", on=True),
]

ALGORITHM, CIPHER = "{md5|sha}", "{des|aes}"
SNMP = [
    Line("snmp-server engineID local = HEX"),
    Line("snmp-server contact = LINE"),
    Line("snmp-server location = LINE"),
    Line("snmp-server view WORD WORD = {included|excluded}"),
    Line("snmp-server community WORD = [view WORD] {ro|rw} [WORD]"),
    Line(
        "snmp-server group WORD {v1|v2c|v3 {auth|noauth|priv}} = [context WORD] [read WORD] [write WORD] [notify WORD]"
    ),
    Line(f"snmp-server user WORD WORD v3 = auth {ALGORITHM} WORD [priv {CIPHER} WORD]", write=run.snmp_user),
    Line(f"snmp-server user WORD WORD v3 = localized HEX auth {ALGORITHM} HEX [priv {CIPHER} HEX]"),
    Line("snmp-server user WORD WORD {v1|v2c|v3}"),
    Line("snmp-server host HOST = [{traps|informs}] [version {1|2c|3 {auth|noauth|priv}}] WORD [udp-port <0-65535>]"),
    Line("snmp-server enable traps = [{bridge|entity|lldp|snmp|spanning-tree}]"),
    Line("snmp-server local-interface = INTERFACE"),
    Line("snmp-server ipv4 access-list = WORD"),
]

SSH = [
    Line("ip access-group = WORD in"),
    Line("idle-timeout = <0-86400>", default="0"),
    Line("authentication mode = {keyboard-interactive|password|public-key}", default="keyboard-interactive"),
    Line("authentication empty-passwords = {auto|deny|permit}", default="auto"),
    Line("connection limit = <1-100>", default="50"),
    Line("connection per-host = <1-20>", default="20"),
    Line("client-alive interval = <1-1000>"),
    Line("client-alive count-max = <1-1000>", default="3"),
    Line("cipher = LINE"),
    Line("key-exchange = LINE"),
    Line("mac = LINE"),
    Line("hostkey server = LINE"),
    Line("hostkey client strict-checking"),
    Line("log-level = {debug|error|fatal|info|quiet|verbose}", default="info"),
    Line("login timeout = <1-600>", default="120"),
    Line("server-port = <1-65535>", default="22"),
    Line("shutdown"),
    Line("vrf WORD", enters="ssh-vrf"),
]

TELNET = [Line("shutdown", on=True), Line("idle-timeout = <0-86400>", default="0"), Line("ip access-group = WORD in")]

CONSOLE = [Line("idle-timeout = <0-86400>", default="0")]

SECURITY = [
    Line("password encryption-key common"),
    Line("password minimum length = <1-32>"),
    Line("password policy WORD", enters="password-policy"),
    Line("entropy source {haveged|hardware|jitter}"),
]

PASSWORD_POLICY = [
    Line("minimum {digits|length|lower|upper|special} = <1-65535>"),
    Line("maximum {repetitive|sequential} = <1-65535>"),
]

HTTP_COMMANDS = [
    Line("shutdown", on=True),
    Line("protocol http = [port <1-65535>]"),
    Line("protocol https = [port <1-65535>]", on=True),
    Line("protocol unix-socket"),
    Line("idle-timeout = <0-86400>", default="0"),
    Line("vrf WORD", enters="http-vrf"),
]

MANAGEMENT = [
    Line("management ssh", enters="ssh"),
    Line("management telnet", enters="telnet"),
    Line("management console", enters="console"),
    Line("management security", enters="security"),
    Line("management api http-commands", enters="http-commands"),
]

VRF_SERVICE = [Line("shutdown", shown=True)]

GLOBAL = [*BASE, *SWITCHING, *AAA, *SERVICES, *SNMP, *MANAGEMENT]
