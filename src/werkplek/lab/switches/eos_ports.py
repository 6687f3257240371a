"""Lines of EOS's VLANs, interfaces and access lists. Forms: Arista, "EOS User Manual"; order, defaults and what is
shown: as running configurations have them."""

from __future__ import annotations

from werkplek.lab.switches import eos_run as run
from werkplek.lab.switches.dialect import Line

PERCENT = "{<0-100>|PERCENT}"
SPEEDS = "{auto|100full|1000full|10000full|auto 1000full|forced 1000full|forced 10000full|25gfull|40gfull|100gfull}"

VLAN = [
    Line("name = WORD", run=run.vlan_name),
    Line("state = {active|suspend}", default="active"),
]

COMMON = [
    Line("description = LINE"),
    Line("shutdown"),
    Line("mtu = <68-9214>"),
    Line("load-interval = <0-600>", default="300"),
]

LOGICAL = [
    *COMMON,
    Line("ip address = ADDRESS"),
    Line("ip access-group = WORD {in|out}"),
    Line("lldp transmit", on=True),
    Line("lldp receive", on=True),
]

SWITCHED = [
    Line("switchport", on=True),
    Line("switchport mode = {access|trunk|trunk phone}", default="access"),
    Line("switchport access vlan = <1-4094>", default="1"),
    Line("switchport trunk native vlan = {<1-4094>|tag}", default="1"),
    Line("switchport trunk allowed vlan = {VLANS|none|all|add VLANS|remove VLANS|except VLANS}", run=run.allowed),
    Line("switchport phone vlan = <1-4094>"),
    Line("switchport phone trunk = {tagged|untagged}", default="tagged"),
]

GUARDED = [
    Line("spanning-tree portfast = [{edge|network}]", write=run.plain_portfast),
    Line("spanning-tree bpduguard = {enable|disable|rate-limit}"),
    Line("spanning-tree bpdufilter = {enable|disable}"),
    Line("spanning-tree guard = {root|loop|none}"),
    Line("spanning-tree cost = <1-200000000>"),
    Line(f"storm-control broadcast level = {PERCENT}"),
    Line(f"storm-control multicast level = {PERCENT}"),
    Line(f"storm-control unknown-unicast level = {PERCENT}"),
    Line(f"storm-control all level = {PERCENT}"),
    Line("ip arp inspection trust"),
    Line("lldp transmit", on=True),
    Line("lldp receive", on=True),
    Line("logging event link-status", on=True),
    Line("snmp trap link-change", on=True),
]

DOT1X = [
    Line("dot1x pae authenticator"),
    Line("dot1x port-control = {auto|force-authorized|force-unauthorized}", default="force-authorized"),
    Line("dot1x host-mode = {multi-host authenticated|multi-host|single-host}", default="multi-host"),
    Line("dot1x mac based authentication"),
    Line("dot1x reauthentication"),
    Line("dot1x eapol disabled"),
    Line("dot1x timeout reauth-period = {<60-4294967295>|server}", default="3600"),
    Line("dot1x timeout tx-period = <1-65535>", default="5"),
    Line("dot1x timeout quiet-period = <1-65535>", default="60"),
    Line("dot1x reauthorization request limit = <1-10>", default="2"),
    Line("dot1x authentication failure action traffic = {drop|allow vlan <1-4094>}", default="drop"),
]

PORT = [
    *COMMON,
    Line(f"speed = {SPEEDS}", default="auto"),
    Line("channel-group = <1-2000> mode {active|passive|on}"),
    *SWITCHED,
    *GUARDED,
    *DOT1X,
]

ACCESS_LIST = [
    Line("{permit|deny} SOURCE [log]", run=run.rule),
    Line("<1-4294967295> {permit|deny} SOURCE [log]", run=run.rule),
    Line("remark LINE", run=run.rule),
    Line("<1-4294967295> remark LINE", run=run.rule),
    Line("no <1-4294967295>", run=run.rule),
]
