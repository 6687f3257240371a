"""Small networks: switches as the registry has them, VLAN plans of three municipalities, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from werkplek.errors import WerkplekError
from werkplek.network.document import Peer, Vlan
from werkplek.network.intended import Network, intended
from werkplek.network.records import RegistryPort, SwitchRecord, VlanRef

URL = "https://netbox.example/dcim"
USES = {
    10: "workplace",
    20: "voice",
    30: "printer",
    40: "guest",
    50: "vdi",
    60: "access_point",
    90: "management",
    98: "native",
    99: "parking",
}
HUNDREDS = {"papendrecht": 400, "sliedrecht": 500, "drechtsteden": 700}


def plan(slug: str) -> tuple[Vlan, ...]:
    """A municipality's plan, with every use once: 410 is Papendrecht's for workplaces, at line 10 of its document."""
    return tuple(
        Vlan(
            HUNDREDS[slug] + digits,
            f"{slug[:3]}-{use.replace('_', '-')}",
            use,
            slug,
            f"municipalities/{slug}.yml:{digits}",
        )
        for digits, use in USES.items()
    )


PLANS: Mapping[str, Sequence[Vlan]] = {slug: plan(slug) for slug in HUNDREDS}
BY_VID = {vlan.vid: vlan for vlans in PLANS.values() for vlan in vlans}


def ref(vid: int, /, **more: Any) -> VlanRef:
    """A VLAN of a plan as the registry has it."""
    return VlanRef(vid, BY_VID[vid].name, BY_VID[vid].municipality)._replace(**more)


def port(name: str, untagged: int | None = None, tagged: Iterable[int] = (), /, **more: Any) -> RegistryPort:
    """A port of the registry."""
    vlans = tuple(map(ref, tagged))
    mode = "tagged" if vlans else "access" if untagged else None
    known = RegistryPort(
        name,
        f"{URL}/interfaces/{name}/",
        True,
        mode,
        ref(untagged) if untagged else None,
        vlans,
        "",
        "1000base-t",
        None,
    )
    return known._replace(**more)


def cable(name: str, device: str, far: str, **more: Any) -> RegistryPort:
    """A port to another switch, whose list of VLANs the registry leaves open."""
    return port(name, mode="tagged-all", peer=Peer(device, far))._replace(**more)


def switch(name: str, *ports: RegistryPort, **more: Any) -> SwitchRecord:
    """An access switch of Papendrecht, unless `more` says otherwise."""
    known: dict[str, Any] = {
        "municipality": "papendrecht",
        "role": "access-switch",
        "platform": "cisco-ios",
        "ring": "broad",
        "members": 1,
    }
    return SwitchRecord(name=name, url=f"{URL}/devices/{name}/", ports=ports, **(known | more))


def distribution(name: str, *ports: RegistryPort, **more: Any) -> SwitchRecord:
    """A distribution switch of all."""
    return switch(name, *ports, **({"municipality": "drechtsteden", "role": "distribution-switch"} | more))


def wired(*pairs: tuple[str, str], **used: Sequence[RegistryPort]) -> list[SwitchRecord]:
    """Switches by their cables, each end's port called after the far end.

    Names that begin with D are distribution switches, with S Sliedrecht's; `used` has the other ports of a switch.
    """
    ports: dict[str, list[RegistryPort]] = {name: list(ports) for name, ports in used.items()}
    for one, other in pairs:
        ports.setdefault(one, []).append(cable(f"to-{other}", other, f"to-{one}"))
        ports.setdefault(other, []).append(cable(f"to-{one}", one, f"to-{other}"))
    return [
        distribution(name, *made)
        if name.startswith("D")
        else switch(name, *made, municipality="sliedrecht" if name.startswith("S") else "papendrecht")
        for name, made in sorted(ports.items())
    ]


def network(*switches: SwitchRecord) -> Network:
    """What they should be."""
    return intended(switches, PLANS)


def refused(*switches: SwitchRecord, plans: Mapping[str, Sequence[Vlan]] = PLANS) -> list[str]:
    """The problems that stop them."""
    try:
        intended(switches, plans)
    except WerkplekError as error:
        assert error.summary == "The registry contradicts the VLAN plans; no switch was touched."
        return [str(problem) for problem in error.problems]
    raise AssertionError("nothing was refused")
