"""An inventory as pure data: what plugins hand to Ansible, and what the cache keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

QUARANTINE = "quarantine"
OUT_OF_LIFECYCLE = "out_of_lifecycle"

type HostVars = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Group:
    """A group, the groups right below it, and the hosts that are directly in it; both sorted."""

    name: str
    children: tuple[str, ...]
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Host:
    """A host, the groups it is directly in, and its variables: built-in types only."""

    name: str
    groups: tuple[str, ...]
    vars: HostVars


@dataclass(frozen=True, slots=True)
class Inventory:
    """Groups and hosts, sorted by name.

    `unmanaged` counts the objects whose role has no workplace class, `usable` the hosts outside quarantine per
    municipality. `fetched_at` is when the registry was last seen to be so.
    """

    source: str
    fetched_at: str
    groups: tuple[Group, ...]
    hosts: tuple[Host, ...]
    unmanaged: int
    usable: Mapping[str, int]
    warnings: tuple[str, ...]
