"""Whether the switch that answers is the one that the registry means, before anything on it is changed."""

from __future__ import annotations

from werkplek.errors import Problem
from werkplek.network.document import SwitchDocument
from werkplek.network.platform import Look

SHOWN = 10


def mismatches(document: SwitchDocument, system: str, look: Look) -> list[Problem]:
    """What the registry has otherwise: operating system, members of the stack, port names."""
    where = f"switch {document.name} ({document.url})"
    if look.system != system:
        return [
            Problem(
                where,
                f"a switch that says of itself: {look.system}",
                f"platform {document.platform}, as the registry says",
                "Correct the platform or the address in NetBox.",
            )
        ]
    return [*_members(document, look, where), *_ports(document, look, where)]


def _members(document: SwitchDocument, look: Look, where: str) -> list[Problem]:
    if len(look.members) == document.members:
        return []
    return [
        Problem(
            where,
            f"{len(look.members)} member(s) of the stack: {', '.join(map(str, look.members))}",
            f"{document.members}, as the registry says",
            "Bring the missing member back, or correct the virtual chassis in NetBox.",
        )
    ]


def _ports(document: SwitchDocument, look: Look, where: str) -> list[Problem]:
    unknown = [port for port in document.ports if port.name not in look.ports]
    if not unknown:
        return []
    names = ", ".join(port.name for port in unknown[:SHOWN]) + (" ..." if len(unknown) > SHOWN else "")
    return [
        Problem(
            where,
            f"{len(unknown)} port(s) that the switch has not: {names} ({unknown[0].source})",
            f"names of its own ports, such as {', '.join(sorted(look.ports)[:3])}",
            "Correct the interfaces' names in NetBox.",
        )
    ]
