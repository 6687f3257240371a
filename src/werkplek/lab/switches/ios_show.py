"""What an IOS switch shows: of itself, its configuration and its services."""

from __future__ import annotations

from werkplek.lab.switches import ios_show_ports, ios_show_vlans
from werkplek.lab.switches.device import Device
from werkplek.lab.switches.dialect import Answer, Exec, Rule
from werkplek.lab.switches.grammar import Match, Mismatch
from werkplek.lab.switches.ios_global_run import LEVELS
from werkplek.lab.switches.ios_snmp import users
from werkplek.lab.switches.shell import Session
from werkplek.lab.switches.tree import Entry

VERSION, LONG_VERSION = "17.9.4a", "17.09.04a"
UPTIME = "5 weeks, 2 days, 3 hours, 12 minutes"
OTHER_SYSTEM = (
    "Vendor Neutral Switch Software, Release 4.1.2\nThis is not the system that you were looking for.\nUptime: 12 days"
)
SEPARATE = "\n"


def _hostname(device: Device) -> str:
    return device.running.get("hostname", Entry("hostname Switch")).text.split()[1]


def version(session: Session, _match: Match[Rule]) -> Answer:
    """`show version`."""
    device = session.device
    if device.faults.other_system:
        return OTHER_SYSTEM
    name, there = _hostname(device), _present(device)
    first = device.members[0]
    return f"""\
Cisco IOS XE Software, Version {LONG_VERSION}
Cisco IOS Software [Cupertino], Catalyst L3 Switch Software (CAT9K_IOSXE), Version {VERSION}, RELEASE SOFTWARE (fc3)
(a double of the lab, not the system itself)

ROM: IOS-XE ROMMON
{name} uptime is {UPTIME}
Uptime for this control processor is {UPTIME}
System returned to ROM by Reload Command
System image file is "flash:packages.conf"
Last reload reason: Reload Command

cisco {first.model} (X86) processor with 1331521K/6147K bytes of memory.
Processor board ID {first.serial}
{len(device.ports)} Ethernet interfaces
2048K bytes of non-volatile configuration memory.
8388608K bytes of physical memory.
1638400K bytes of Crash Files at crashinfo:.
11264000K bytes of Flash at flash:.

Base Ethernet MAC Address          : {first.mac}
Model Number                       : {first.model}
System Serial Number               : {first.serial}

Switch Ports Model              SW Version        SW Image              Mode
------ ----- -----              ----------        ----------            ----
{SEPARATE.join(_member_rows(device, there))}

Configuration register is 0x102
"""


def _present(device: Device) -> list[int]:
    return [member.number for member in device.members if member.number not in device.faults.missing_members]


def _member_rows(device: Device, there: list[int]) -> list[str]:
    rows: list[str] = []
    for member in device.members:
        if member.number in there:
            ports = sum(port.member == member.number for port in device.ports.values())
            mark = "*" if member.number == there[0] else " "
            system = f"{LONG_VERSION:<17} CAT9K_IOSXE           INSTALL"
            rows.append(f"{mark}{member.number:>5} {ports:<5} {member.model:<18} {system}")
    return rows


def switch(session: Session, _match: Match[Rule]) -> Answer:
    """`show switch`: a member that is missing is known by its provision only."""
    device = session.device
    there = _present(device)
    head = [
        f"Switch/Stack Mac Address : {device.members[0].mac} - Local Mac Address",
        "Mac persistency wait time: Indefinite",
        "                                             H/W   Current",
        "Switch#   Role    Mac Address     Priority Version  State ",
        "-------------------------------------------------------------------------------------",
    ]
    roles = dict(zip(there, ["Active", "Standby", *["Member"] * len(there)], strict=False))
    rows: list[str] = []
    for member in device.members:
        mark = "*" if member.number == there[0] else " "
        if member.number in there:
            rows.append(f"{mark}{member.number}       {roles[member.number]:<8} {member.mac}     1      V01     Ready")
        else:
            rows.append(f"{mark}{member.number}       Member   0000.0000.0000     0      V01     Removed")
    return "\n".join([*head, *rows])


def inventory(session: Session, _match: Match[Rule]) -> Answer:
    """`show inventory`."""
    rows: list[str] = []
    for member in session.device.members:
        if member.number in _present(session.device):
            rows += [
                f'NAME: "Switch {member.number}", DESCR: "{member.model}"',
                f"PID: {member.model:<18}, VID: V01  , SN: {member.serial}",
                "",
            ]
    return "\n".join(rows)


def running(session: Session, match: Match[Rule]) -> Answer:
    """`show running-config`, whole or one interface of it."""
    text = session.device.dialect.running_text(session.device)
    if "interface" in match.words:
        wanted = f"interface {match.words[-1]}"
        rows = text.splitlines()
        if wanted not in rows:
            raise Mismatch("invalid", len("show running-config interface "))
        first = rows.index(wanted)
        length = next(place for place, line in enumerate(rows[first + 1 :], 1) if not line.startswith(" "))
        text = "\n".join([*rows[first : first + length], "end", ""])
    return f"Building configuration...\n\nCurrent configuration : {len(text)} bytes\n!\n{text}\n"


def startup(session: Session, _match: Match[Rule]) -> Answer:
    """`show startup-config`."""
    text = session.device.startup
    return f"Using {len(text)} out of 2097152 bytes\n!\n{text}\n" if text else "startup-config is not present"


def privilege(session: Session, _match: Match[Rule]) -> Answer:
    """`show privilege`."""
    return f"Current privilege level is {session.privilege}"


def sessions(session: Session, _match: Match[Rule]) -> Answer:
    """`show users`."""
    rows = [
        f"{'*' if one is session else ' '} {number:>3} vty {place}     {one.user:<10} idle                 00:00:00"
        for place, (number, one) in enumerate(session.device.sessions.items())
    ]
    return "\n".join(["    Line       User       Host(s)              Idle       Location", *rows])


def lock(session: Session, _match: Match[Rule]) -> Answer:
    """`show configuration lock`."""
    holder = session.device.sessions.get(session.device.holder or 0)
    owner = holder.user if holder else session.device.faults.locked_by
    process, state = ("300", "\nState             : LOCKED") if owner else ("-1", "")
    head = "Parser Configure Lock\n---------------------\n"
    return f"{head}Owner PID         : {process}\nUser              : {owner}{state}"


def snmp_users(session: Session, _match: Match[Rule]) -> Answer:
    """`show snmp user`."""
    found = users(session.device)
    if not found and not any(slot.startswith("snmp-server ") for slot in session.device.running):
        return "%SNMP agent not enabled"
    engine = f"800000090300{session.device.members[0].mac.replace('.', '').upper()}"
    return "\n".join(
        f"User name: {user.name}\nEngine ID: {engine}\nstorage-type: nonvolatile\t active\n"
        f"Authentication Protocol: {user.auth}\nPrivacy Protocol: {user.priv}\nGroup-name: {user.group}\n"
        for user in found.values()
    )


def logging(session: Session, _match: Match[Rule]) -> Answer:
    """`show logging`: levels and hosts."""
    top = session.device.running
    trap = top.get("logging trap", Entry("logging trap informational")).text
    buffered = top.get("logging buffered", Entry("logging buffered debugging")).text.split()[-1]
    level = trap.split()[-1]
    state = "disabled" if trap.startswith("no") else f"level {level}, 0 message lines logged"
    hosts = [slot.split()[2] for slot in top if slot.startswith("logging host ")]
    return "\n".join(
        [
            f"Syslog logging: {'disabled' if 'logging on' in top else 'enabled'} (0 messages dropped, 0 flushes)",
            f"    Buffer logging:  level {buffered if buffered in LEVELS else 'debugging'}, 0 messages logged",
            f"    Trap logging: {state}",
            *(f"        Logging to {host}  (udp port 514, audit disabled, link up)," for host in hosts),
        ]
    )


def access_lists(session: Session, _match: Match[Rule]) -> Answer:
    """`show access-lists`."""
    rows: list[str] = []
    for slot, entry in session.device.running.items():
        if slot.startswith("ip access-list "):
            kind, name = slot.split()[2:]
            rows.append(f"{kind.capitalize()} IP access list {name}")
            below = sorted((entry.below or {}).values(), key=lambda line: int(line.text.split()[0]))
            rows += [f"    {_shown(line.text, kind)}" for line in below if " remark " not in line.text]
    return "\n".join(rows)


def _shown(text: str, kind: str) -> str:
    words = text.split()
    return f"{' '.join(words[:3])}, wildcard bits {words[3]}" if kind == "standard" and len(words) > 3 else text


def clock(session: Session, _match: Match[Rule]) -> Answer:
    """`show clock`: the lab's clock, which begins at midnight."""
    seconds = session.device.clock.now()
    hours, rest = divmod(int(seconds), 3600)
    return f"{hours % 24:02}:{rest // 60:02}:{rest % 60:02}.{int(seconds % 1 * 1000):03} UTC Mon Nov 24 2025"


def folder(session: Session, _match: Match[Rule]) -> Answer:
    """`dir`."""
    rows = [
        f"{place:>7}  -rw-  {len(text):>15}  Nov 24 2025 00:00:00 +00:00  {name.split(':', 1)[1]}"
        for place, (name, text) in enumerate(sorted(session.device.files.items()), 1)
    ]
    total = "11353194496 bytes total (6128164864 bytes free)"
    return "\n".join(["Directory of flash:/", "", *rows, "", total])


def ntp(session: Session, _match: Match[Rule]) -> Answer:
    """`show ntp associations`: no time server can be reached from the lab."""
    servers = [slot.split()[2] for slot in session.device.running if slot.startswith("ntp server ")]
    rows = [f" ~{server:<15} .INIT.          16      -     64     0  0.000   0.000 15937.0" for server in servers]
    head = "  address         ref clock       st   when   poll reach  delay  offset   disp"
    legend = " * sys.peer, # selected, + candidate, - outlyer, x falseticker, ~ configured"
    return "\n".join([head, *rows, legend])


def memory(_session: Session, _match: Match[Rule]) -> Answer:
    """`show memory statistics`."""
    head = "                Head    Total(b)     Used(b)     Free(b)   Lowest(b)  Largest(b)"
    return f"{head}\nProcessor  7F1A2B3C4010   1363478528   297254112   1066224416   1064000000   1048575908"


def processes(_session: Session, _match: Match[Rule]) -> Answer:
    """`show processes cpu`."""
    return "CPU utilization for five seconds: 1%/0%; one minute: 1%; five minutes: 1%"


RULES: list[Rule] = [
    Exec("show version", version),
    Exec("show switch", switch),
    Exec("show switch detail", switch),
    Exec("show inventory", inventory),
    Exec("show running-config", running, 15),
    Exec("show running-config {brief|full}", running, 15),
    Exec("show running-config interface INTERFACE", running, 15),
    Exec("show startup-config", startup, 15),
    Exec("show configuration lock", lock, 15),
    Exec("show privilege", privilege),
    Exec("show users", sessions),
    Exec("show snmp user", snmp_users),
    Exec("show logging", logging),
    Exec("show access-lists", access_lists),
    Exec("show ip access-lists", access_lists),
    Exec("show clock", clock),
    Exec("dir", folder, 15),
    Exec("dir FILE", folder, 15),
    Exec("show ntp associations", ntp),
    Exec("show memory statistics", memory),
    Exec("show processes cpu", processes),
    *ios_show_vlans.RULES,
    *ios_show_ports.RULES,
]
