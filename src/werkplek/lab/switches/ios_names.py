"""How IOS writes interfaces and lists of VLANs, in full and short."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# Full name -> the short form that IOS shows (`show interfaces status`). The order decides what a short word means.
KINDS = {
    "GigabitEthernet": "Gi",
    "TenGigabitEthernet": "Te",
    "TwentyFiveGigE": "Twe",
    "TwoGigabitEthernet": "Tw",
    "FiveGigabitEthernet": "Fi",
    "FortyGigabitEthernet": "Fo",
    "HundredGigE": "Hu",
    "FastEthernet": "Fa",
    "AppGigabitEthernet": "Ap",
    "Vlan": "Vl",
    "Port-channel": "Po",
    "Loopback": "Lo",
}
LOGICAL = {"Vlan": range(1, 4095), "Port-channel": range(1, 129), "Loopback": range(2147483648)}
HIGHEST_VLAN = 4094
RESERVED = range(1002, 1006)


def full(word: str) -> str | None:
    """`gi1/0/1` as `GigabitEthernet1/0/1`; None when no interface is called so."""
    match = re.fullmatch(r"([A-Za-z-]+)(\d+(?:/\d+)*)", word)
    kind = next((kind for kind in KINDS if match and kind.lower().startswith(match[1].lower())), None)
    if match is None or kind is None:
        return None
    if kind in LOGICAL and (not match[2].isdecimal() or int(match[2]) not in LOGICAL[kind]):
        return None
    return f"{kind}{match[2]}"


def short(name: str) -> str:
    """`GigabitEthernet1/0/1` as `Gi1/0/1`."""
    kind, number = split(name)
    return f"{KINDS[kind]}{number}"


def split(name: str) -> tuple[str, str]:
    """The kind and the number of an interface's full name."""
    at = next(place for place, letter in enumerate(name) if letter.isdigit())
    return name[:at], name[at:]


def sort_key(name: str) -> tuple[int, tuple[int, ...]]:
    """Interfaces in the order of a running configuration: port channels, ports by kind and number, then VLANs."""
    kind, number = split(name)
    order = ["Loopback", "Port-channel", *(kind for kind in KINDS if kind not in LOGICAL), "Vlan"]
    return order.index(kind), tuple(int(part) for part in number.split("/"))


def read_interface(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """An interface in one word or two (`GigabitEthernet 1/0/1`)."""
    if name := full(words[at]):
        return name, 1
    if at + 1 < len(words) and words[at].replace("-", "").isalpha() and (name := full(words[at] + words[at + 1])):
        return name, 2
    return None


def read_vlans(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """A list of VLANs such as `10,20-25`."""
    vids = vlans(words[at])
    return (compressed(vids), 1) if vids else None


def vlans(text: str) -> frozenset[int]:
    """The VLANs of a list; empty when it is none, or has a number out of range."""
    found: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"(\d+)(?:-(\d+))?", part)
        low, high = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= low <= high <= HIGHEST_VLAN:
            return frozenset()
        found.update(range(low, high + 1))
    return frozenset(found)


def compressed(vids: Iterable[int]) -> str:
    """VLANs as IOS writes them: `10,20-22`, and two neighbours apart."""
    runs: list[list[int]] = []
    for vid in sorted(vids):
        if runs and vid == runs[-1][-1] + 1:
            runs[-1].append(vid)
        else:
            runs.append([vid])
    parts = [f"{run[0]}-{run[-1]}" if len(run) > 2 else ",".join(map(str, run)) for run in runs]
    return ",".join(parts)
