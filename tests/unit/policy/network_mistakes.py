# ruff: noqa: E501 - settings and problems are quoted whole
"""Mistakes in settings of switches: a kind as it is written, and what is said of it after the file's name and line."""

PRINTABLE = "expected printable ASCII without '|', single spaces between the words"
KEEPS = "expected a line that a configuration keeps"

MISTAKES: dict[str, tuple[str, str]] = {
    # the services that every switch has once
    "fields where there are none": (
        "switch_vlans: {vlans: [410]}",
        "18: found the unknown key 'vlans'; expected an empty mapping, {}",
    ),
    "time server by name": (
        "switch_ntp: {servers: [ntp.example.nl]}",
        "26: found 'ntp.example.nl'; expected an IPv4 address like 10.4.1.20",
    ),
    "no time server": ("switch_ntp: {servers: []}", "25: found an empty list; expected at least one address"),
    "time server twice": (
        "switch_ntp: {servers: [10.4.1.20, 10.4.1.20]}",
        "37: found '10.4.1.20' again; expected each once",
    ),
    "one time server that is no list": (
        "switch_ntp: {servers: 10.4.1.20}",
        "25: found '10.4.1.20'; expected a list or {from: ...}",
    ),
    "time server that is a number": (
        "switch_ntp: {servers: [10]}",
        "26: found 10; expected text or {from: ...}",
    ),
    "time server that is everybody": (
        "switch_ntp: {servers: [0.0.0.0]}",
        "26: found '0.0.0.0'; expected an IPv4 address of a host",
    ),
    "key in clear text": (
        "switch_ntp: {servers: [10.4.1.20], key: geheim}",
        "43: found a value in clear text; expected {secret: name}",
    ),
    "number without a key": (
        "switch_ntp: {servers: [10.4.1.20], key_number: 2}",
        "15: found 'key_number' without a key; expected key: {secret: name} beside it",
    ),
    "number of a key": (
        "switch_ntp: {servers: [10.4.1.20], key: {secret: k}, key_number: 0}",
        "68: found 0; expected a whole number from 1 to 65535",
    ),
    "servers that are a text": (
        "switch_dns: {servers: {from: municipality.name}, domain: a.nl}",
        "25: found {from: municipality.name}, which gives text; expected a reference that gives a list of texts",
    ),
    "server of the registry": (
        "switch_dns: {servers: [{from: registry.name}], domain: a.nl}",
        "33: found 'registry.name'; expected a name below municipality: a registry's text is no part of a configuration",
    ),
    "domain": ("switch_dns: {servers: [10.4.1.10], domain: a b}", "46: found 'a b'; expected a domain name"),
    "level": (
        "switch_syslog: {hosts: [10.4.1.30], level: info}",
        "46: found 'info'; expected one of: emergencies, alerts, critical, errors, warnings, notifications, informational, debugging",
    ),
    "user of SNMP": (
        "switch_snmp: {user: a b, group: G, view: V, auth: {secret: a}, priv: {secret: p}, hosts: [10.4.1.40]}",
        "23: found 'a b'; expected letters, digits, '_' and '-', a letter first, at most 32",
    ),
    "location": (
        'switch_snmp: {user: a, group: G, view: V, auth: {secret: a}, priv: {secret: p}, hosts: [10.4.1.40], location: "a\\nb"}',
        "113: found 'a\nb'; expected one line of printable ASCII without '|'",
    ),
    "no encryption": (
        "switch_snmp: {user: a, group: G, view: V, auth: {secret: a}, hosts: [10.4.1.40]}",
        "16: found no 'priv'; expected the key 'priv'",
    ),
    "group that is a method": (
        "switch_tacacs: {group: tacacs+, servers: [10.4.1.50], key: {secret: k}}",
        "26: found 'tacacs+'; expected a name of letters, digits, '_' and '-', at most 32, that is no method of sign-in itself",
    ),
    "banner that ends itself on IOS": (
        "switch_banner: {text: 'a ^ b'}",
        "25: found 'a ^ b'; expected a text without '^', which ends a banner of IOS",
    ),
    "banner that ends itself on EOS": (
        'switch_banner: {text: "a\\nEOF\\nreload\\n"}',
        "25: found 'EOF'; expected no line 'EOF', which ends a banner of EOS",
    ),
    "banner with other letters": (
        "switch_banner: {text: één}",
        "25: found 'één'; expected lines of printable ASCII without spaces at the end",
    ),
    "banner with spaces at the end": (
        'switch_banner: {text: "a \\nb\\n"}',
        "25: found 'a '; expected lines of printable ASCII without spaces at the end",
    ),
    "empty banner": ('switch_banner: {text: "\\n"}', "25: found '\n'; expected a text that is not empty"),
    "network with host bits": (
        "switch_management: {networks: [10.4.249.1/24]}",
        "34: found '10.4.249.1/24'; expected '10.4.249.0/24'. Its host bits are zero, and its length is a number after '/'.",
    ),
    "network without a length": (
        "switch_management: {networks: [10.4.249.0]}",
        "34: found '10.4.249.0'; expected '10.4.249.0/32'. Its host bits are zero, and its length is a number after '/'.",
    ),
    "network that is everything": (
        "switch_management: {networks: [0.0.0.0/0]}",
        "34: found '0.0.0.0/0'; expected a network of at most /8",
    ),
    "gateway": (
        "switch_management: {networks: [10.4.249.0/24], gateway: 10.4.249}",
        "59: found '10.4.249'; expected an IPv4 address like 10.4.1.20",
    ),
    # forms
    "no form": ("switch_lines: {}", "17: found no form; expected ios, eos or both"),
    "form of another platform": (
        "switch_lines: {junos: {lines: [lldp run]}}",
        "18: found the unknown key 'junos'; expected one of: eos, ios",
    ),
    "nothing decided": (
        "switch_lines: {ios: {section: line con 0}}",
        "23: found a form without lines; expected lines or absent",
    ),
    "inherent and more": (
        "switch_lines: {ios: {inherent: so, lines: [lldp run]}}",
        "23: found 'lines' beside inherent; expected inherent alone",
    ),
    "section and ports": (
        "switch_lines: {ios: {section: line con 0, ports: [uplink], lines: [lldp run]}}",
        "23: found section beside ports; expected section or ports",
    ),
    "unknown profile": (
        "switch_lines: {ios: {ports: [uplinks], lines: [lldp run]}}",
        "32: found 'uplinks'; expected one of: workplace, vdi_client, printer, phone, access_point, uplink, unused. Did you mean 'uplink'?",
    ),
    "no profile": (
        "switch_lines: {ios: {ports: [], lines: [lldp run]}}",
        "31: found an empty list; expected at least one profile",
    ),
    "no lines": ("switch_lines: {ios: {lines: []}}", "31: found an empty list; expected at least one line"),
    "lines that are a text": ("switch_lines: {ios: {lines: a}}", "31: found 'a'; expected a list of lines"),
    "claims without lines": (
        "switch_lines: {ios: {absent: [a], replaces: [b]}}",
        "23: found 'replaces' without lines; expected lines beside it",
    ),
    "by default what is not there": (
        "switch_lines: {ios: {absent: [a], by_default: true}}",
        "23: found 'by_default' without lines; expected lines beside it",
    ),
    "by default or not": (
        "switch_lines: {ios: {lines: [lldp run], by_default: false}}",
        "55: found false; expected true, or no such key",
    ),
    # lines
    "line twice": ("switch_lines: {ios: {lines: [aa, aa]}}", "36: found 'aa' again; expected each line once"),
    "empty line": ("switch_lines: {ios: {lines: ['']}}", "32: found an empty text; expected a text that is not empty"),
    "line break": ('switch_lines: {ios: {lines: ["a\\nb"]}}', f"32: found 'a\nb'; {PRINTABLE}"),
    "pipe": ("switch_lines: {ios: {lines: ['a | b']}}", f"32: found 'a | b'; {PRINTABLE}"),
    "space in front": ("switch_lines: {ios: {lines: [' a']}}", f"32: found ' a'; {PRINTABLE}"),
    "space behind a part": ("switch_lines: {ios: {lines: [['a ', b]]}}", f"33: found 'a '; {PRINTABLE}"),
    "letters that are not ASCII": ("switch_lines: {ios: {lines: [één]}}", f"32: found 'één'; {PRINTABLE}"),
    "number as a line": ("switch_lines: {ios: {lines: [5]}}", "32: found 5; expected a text, or a list of its parts"),
    "empty list of parts": (
        "switch_lines: {ios: {lines: [[]]}}",
        "32: found an empty list; expected a text as its first part",
    ),
    "first part that is not known": (
        "switch_lines: {ios: {lines: [[{switch: native_vlan}]]}}",
        "32: found '{switch: native_vlan}'; expected a text as its first part",
    ),
    "part of another kind": (
        "switch_lines: {ios: {lines: [[a, true]]}}",
        "36: found true; expected text, {from: ...}, {secret: name} or {switch: word}",
    ),
    "unknown word": (
        "switch_lines: {ios: {lines: [[a, {switch: user_vlan}]]}}",
        "45: found 'user_vlan'; expected one of: user_vlans, management_vlan, management_interface, native_vlan, parking_vlan. Did you mean 'user_vlans'?",
    ),
    "registry in a line": (
        "switch_lines: {ios: {lines: [[hostname, {from: registry.name}]]}}",
        "50: found 'registry.name'; expected a name below municipality: a registry's text is no part of a configuration",
    ),
    "list in a line": (
        "switch_lines: {ios: {lines: [[ip name, {from: municipality.network.dns_search}]]}}",
        "42: found {from: municipality.network.dns_search}, which gives a list of texts; expected a reference that gives text or a number",
    ),
    "end": ("switch_lines: {ios: {lines: [end]}}", f"32: found 'end', which runs or ends something; {KEEPS}"),
    "short for end": ("switch_lines: {eos: {lines: [en]}}", f"32: found 'en', which runs or ends something; {KEEPS}"),
    "capitals": (
        "switch_lines: {ios: {lines: [Do reload]}}",
        f"32: found 'do', which runs or ends something; {KEEPS}",
    ),
    "configuration mode": (
        "switch_lines: {ios: {lines: [conf t]}}",
        f"32: found 'conf', which runs or ends something; {KEEPS}",
    ),
    "saved": ("switch_lines: {ios: {lines: [wr]}}", f"32: found 'wr', which runs or ends something; {KEEPS}"),
    "comment": (
        "switch_lines: {ios: {lines: ['! a']}}",
        f"32: found '!', which runs or ends something; {KEEPS}",
    ),
    "end of a block": (
        "switch_lines: {ios: {lines: [exit-address-family]}}",
        f"32: found 'exit-address-family', which runs or ends something; {KEEPS}",
    ),
    "section that runs something": (
        "switch_lines: {ios: {section: reload in 5, lines: [lldp run]}}",
        f"33: found 'reload', which runs or ends something; {KEEPS}",
    ),
    # secrets
    "enable secret": (
        "switch_lines: {ios: {lines: [enable secret 9 $9$abc]}}",
        "32: found a secret in clear text; expected {secret: name}",
    ),
    "enable secret in parts": (
        "switch_lines: {ios: {lines: [[enable secret, $9$abc]]}}",
        "32: found a secret in clear text; expected {secret: name}",
    ),
    "password of a user": (
        "switch_lines: {ios: {lines: [username jan privilege 15 secret geheim]}}",
        "32: found a secret in clear text; expected {secret: name}",
    ),
    "key": (
        "switch_lines: {ios: {section: crypto keyring a, lines: [key geheim]}}",
        "59: found a secret in clear text; expected {secret: name}",
    ),
    # what is not for lines to say
    "line of another kind": (
        "switch_lines: {ios: {lines: [ntp server 10.4.1.20]}}",
        "32: found 'ntp server 10.4.1.20'; expected another line: the kind switch_ntp decides this one",
    ),
    "opposite of such a line": (
        "switch_lines: {ios: {lines: [no logging host 10.4.1.30]}}",
        "32: found 'no logging host 10.4.1.30'; expected another line: the kind switch_syslog decides this one",
    ),
    "section of another kind": (
        "switch_lines: {ios: {section: vlan 410, lines: [name a]}}",
        "33: found 'vlan 410'; expected another section: the kind switch_vlans decides this one",
    ),
    "beginning that is of another kind": (
        "switch_lines: {ios: {lines: [ntp logging], owns: [ntp]}}",
        "53: found 'ntp'; expected another beginning: the kind switch_ntp decides such lines",
    ),
    "absence that is of another kind": (
        "switch_lines: {eos: {absent: [snmp-server community]}}",
        "33: found 'snmp-server community'; expected another beginning: the kind switch_snmp decides such lines",
    ),
    "VLAN of a port": (
        "switch_lines: {ios: {ports: [unused], lines: [switchport access vlan 499]}}",
        "49: found 'switchport access vlan 499'; expected another line: the kind switch_ports decides this one",
    ),
    "port that is up": (
        "switch_lines: {ios: {ports: [unused], lines: [no shutdown]}}",
        "49: found 'no shutdown'; expected another line: the kind switch_ports decides this one",
    ),
    "section of one port": (
        "switch_lines: {ios: {section: interface GigabitEthernet1/0/1, lines: [mab]}}",
        "33: found 'interface GigabitEthernet1/0/1'; expected ports: [profile] for what is about ports",
    ),
    "terminals without SSH": (
        "switch_lines: {ios: {section: line vty 0 15, lines: [exec-timeout 5 0, transport input telnet]}}",
        "74: found 'transport input telnet', which ends the run's own; expected a line that leaves a way in",
    ),
    "no terminals": (
        "switch_lines: {ios: {section: line vty 0 15, lines: [no exec]}}",
        "56: found 'no exec', which ends the run's own; expected a line that leaves a way in",
    ),
    "no SSH on EOS": (
        "switch_lines: {eos: {section: management ssh, lines: [shutdown]}}",
        "57: found 'shutdown', which ends the run's own; expected a line that leaves a way in",
    ),
    "no SSH on IOS": (
        "switch_lines: {ios: {lines: [no ip ssh version]}}",
        "32: found 'no ip ssh version', which ends the run's own; expected a line that leaves a way in",
    ),
}  # fmt: skip

# Two settings that cannot both hold on one switch.
CLASHES: list[tuple[str, str]] = [
    ("switch_vlans: {}", "switch_vlans: {}"),
    ("switch_banner: {text: a}", "switch_banner: {text: b}"),
    ("switch_ntp: {servers: [10.4.1.20]}", "switch_ntp: {servers: [10.4.1.21]}"),
    ("switch_lines: {ios: {lines: [ip finger]}}", "switch_lines: {ios: {lines: [lldp run, ip finger]}}"),
    ("switch_lines: {ios: {lines: [ip finger]}}", "switch_lines: {ios: {lines: [no ip finger]}}"),
    (
        "switch_lines: {ios: {lines: [no ip finger], by_default: true}}",
        "switch_lines: {ios: {lines: [ip finger rfc-compliant]}}",
    ),
    (
        "switch_lines: {ios: {lines: [ip igmp snooping], by_default: true}}",
        "switch_lines: {ios: {lines: [no ip igmp snooping vlan 5]}}",
    ),
    (
        "switch_lines: {ios: {lines: [vtp mode off], replaces: [vtp mode]}}",
        "switch_lines: {ios: {lines: [vtp mode transparent]}}",
    ),
    ("switch_lines: {ios: {lines: [udld enable]}}", "switch_lines: {ios: {absent: [udld]}}"),
    (
        "switch_lines: {ios: {lines: [logging buffered 4096], owns: [logging buffered]}}",
        "switch_lines: {ios: {lines: [lldp run], owns: [logging buffered 9]}}",
    ),
    (
        "switch_lines: {ios: {section: line con 0, lines: [exec-timeout 5 0], replaces: [exec-timeout]}}",
        "switch_lines: {ios: {section: line con 0, lines: [exec-timeout 9 0]}, eos: {lines: [lldp run]}}",
    ),
    (
        "switch_lines: {ios: {ports: [workplace, printer], lines: [mab]}}",
        "switch_lines: {ios: {ports: [printer, phone], absent: [mab]}}",
    ),
    (
        "switch_lines: {eos: {section: management telnet, lines: [shutdown]}}",
        "switch_lines: {eos: {absent: [management telnet]}}",
    ),
    (
        "switch_lines: {ios: {lines: [[logging source-interface, {switch: management_interface}]]}}",
        "switch_lines: {ios: {lines: [logging buffered 4096], absent: [logging source-interface]}}",
    ),
]

# Two settings that can.
SIDE_BY_SIDE: list[tuple[str, str]] = [
    ("switch_lines: {ios: {lines: [ip finger]}}", "switch_lines: {eos: {lines: [no ip finger]}}"),
    ("switch_lines: {ios: {lines: [ip dhcp snooping]}}", "switch_lines: {ios: {lines: [ip dhcp snooping vlan 410]}}"),
    ("switch_lines: {ios: {lines: [no ip http server]}}", "switch_lines: {ios: {lines: [no ip http secure-server]}}"),
    (
        "switch_lines: {ios: {section: line con 0, lines: [exec-timeout 5 0], replaces: [exec-timeout]}}",
        "switch_lines: {ios: {section: line vty 0 15, lines: [exec-timeout 9 0], replaces: [exec-timeout]}}",
    ),
    ("switch_lines: {ios: {ports: [workplace], lines: [mab]}}", "switch_lines: {ios: {ports: [phone], absent: [mab]}}"),
    ("switch_lines: {ios: {inherent: so}}", "switch_lines: {ios: {lines: [udld enable]}}"),
    ("switch_lines: {ios: {absent: [login]}}", "switch_lines: {ios: {lines: [login-block]}}"),
    ("switch_vlans: {}", "switch_ports: {}"),
]
