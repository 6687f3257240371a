"""How EOS writes interfaces, lists of VLANs and networks, in full and short."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from ipaddress import AddressValueError, IPv4Interface, IPv4Network, NetmaskValueError

from werkplek.lab.switches.ios_names import vlans

# Full name -> the short form of `show interfaces status`.
KINDS = {"Ethernet": "Et", "Port-Channel": "Po", "Loopback": "Lo", "Management": "Ma", "Vlan": "Vl"}
NUMBERS = {"Vlan": range(1, 4095), "Port-Channel": range(1, 2001), "Loopback": range(2101), "Management": range(10)}
LEVELS = ("emergencies", "alerts", "critical", "errors", "warnings", "notifications", "informational", "debugging")


def full(word: str) -> str | None:
    """`et1` as `Ethernet1`, `Ethernet1-4` as it is; None when no interface is called so."""
    match = re.fullmatch(r"([A-Za-z-]+?)(\d+(?:/\d+)*)(?:-(\d+))?", word)
    kind = next((kind for kind in KINDS if match and kind.lower().startswith(match[1].lower())), None)
    if match is None or kind is None:
        return None
    last = match[2].rsplit("/", 1)[-1]
    if kind in NUMBERS and any(number and int(number) not in NUMBERS[kind] for number in (last, match[3])):
        return None
    return f"{kind}{match[2]}" + (f"-{match[3]}" if match[3] else "")


def apart(name: str) -> list[str]:
    """The interfaces of `Ethernet1-4`."""
    match = re.fullmatch(r"(\D+(?:\d+/)*)(\d+)-(\d+)", name)
    return [f"{match[1]}{number}" for number in range(int(match[2]), int(match[3]) + 1)] if match else [name]


def short(name: str) -> str:
    """`Ethernet1` as `Et1`."""
    kind, number = split(name)
    return f"{KINDS[kind]}{number}"


def split(name: str) -> tuple[str, str]:
    """The kind and the number of an interface's full name."""
    at = next(place for place, letter in enumerate(name) if letter.isdigit())
    return name[:at], name[at:]


def sort_key(name: str) -> tuple[int, tuple[int, ...]]:
    """Interfaces in the order of a running configuration."""
    kind, number = split(name)
    return ["Port-Channel", "Ethernet", "Loopback", "Management", "Vlan"].index(kind), tuple(
        int(part) for part in number.split("/")
    )


def read_interface(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """An interface in one word or two (`Ethernet 1`)."""
    if name := full(words[at]):
        return name, 1
    if at + 1 < len(words) and words[at].replace("-", "").isalpha() and (name := full(words[at] + words[at + 1])):
        return name, 2
    return None


def read_vlans(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """A list of VLANs such as `10,20-25`."""
    vids = vlans(words[at])
    return (compressed(vids), 1) if vids else None


def compressed(vids: Iterable[int]) -> str:
    """VLANs as EOS writes them: `10,20-22`, and two neighbours as a range too."""
    runs: list[list[int]] = []
    for vid in sorted(vids):
        if runs and vid == runs[-1][-1] + 1:
            runs[-1].append(vid)
        else:
            runs.append([vid])
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def read_prefix(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """A network with its length, such as `10.2.249.0/24`; also `10.2.249.0 255.255.255.0`."""
    for count in (1, 2):
        text = "/".join(words[at : at + count])
        if "/" in text:
            try:
                return str(IPv4Network(text)), count
            except (AddressValueError, NetmaskValueError, ValueError):
                continue
    return None


def read_address(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """An address of an interface with its length, such as `10.2.49.11/24`."""
    try:
        return (str(IPv4Interface(words[at])), 1) if "/" in words[at] else None
    except (AddressValueError, NetmaskValueError, ValueError):
        return None


def read_source(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """Whom a line of a standard access list is about: `any`, `host 10.1.1.1`, `10.1.0.0/16` or with a wildcard."""
    if words[at] == "any":
        return "any", 1
    if words[at] == "host" and at + 1 < len(words):
        found = read_prefix([f"{words[at + 1]}/32"], 0)
        return (f"host {words[at + 1]}", 2) if found else None
    if found := read_prefix(words, at):
        network = IPv4Network(found[0])
        return (f"host {network.network_address}" if network.prefixlen == network.max_prefixlen else found[0]), found[1]
    return None


def read_host(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """An address or a name of a host."""
    return (words[at], 1) if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.:-]*", words[at]) else None


def read_level(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """A severity, by name or number; by name."""
    word = words[at].lower()
    if word.isdecimal() and int(word) < len(LEVELS):
        return LEVELS[int(word)], 1
    found = [level for level in LEVELS if level.startswith(word)]
    return (found[0], 1) if len(found) == 1 else None


READERS = {
    "INTERFACE": read_interface,
    "VLANS": read_vlans,
    "PREFIX": read_prefix,
    "ADDRESS": read_address,
    "SOURCE": read_source,
    "HOST": read_host,
    "LEVEL": read_level,
}
