"""An inventory as bytes for the cache, and what tells whether it was made by this code with this configuration."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from werkplek.registry.config import RegistryConfig
from werkplek.registry.hosts import Group, Host, Inventory


def code_digest() -> str:
    """Checksum of this package: what another commit kept is not used."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def inventory_key(config: RegistryConfig) -> str:
    """Checksum of the configuration; "" when Ansible evaluates a part of it, which may depend on more than this."""
    if not config.constructed.is_plain():
        return ""
    fields = (
        config.file,
        config.tenant_group,
        sorted(config.class_of_role.items()),
        sorted(config.family_of_platform.items()),
        config.ring_field,
        config.lifecycle,
        config.connect_by,
        str(config.municipalities_dir),
        sorted(config.municipalities),
        config.constructed,
    )
    return hashlib.sha256(repr(fields).encode()).hexdigest()


def pack(inventory: Inventory) -> bytes:
    """JSON; which groups a host is in is written once per combination."""
    combinations: dict[tuple[str, ...], int] = {}
    hosts = [
        [host.name, combinations.setdefault(host.groups, len(combinations)), host.vars] for host in inventory.hosts
    ]
    content = {
        "source": inventory.source,
        "groups": [[group.name, group.children] for group in inventory.groups],
        "combinations": list(combinations),
        "hosts": hosts,
        "unmanaged": inventory.unmanaged,
        "usable": inventory.usable,
        "warnings": inventory.warnings,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), check_circular=False).encode()


def unpack(data: bytes | memoryview, fetched_at: str) -> Inventory:
    """The inventory, as of another moment."""
    content = json.loads(bytes(data))
    combinations = [tuple(names) for names in content["combinations"]]
    members: dict[str, list[str]] = {name: [] for name, _children in content["groups"]}
    hosts = []
    for name, combination, variables in content["hosts"]:
        groups = combinations[combination]
        hosts.append(Host(name, groups, variables))
        for group in groups:
            members[group].append(name)
    return Inventory(
        source=content["source"],
        fetched_at=fetched_at,
        groups=tuple(Group(name, tuple(children), tuple(members[name])) for name, children in content["groups"]),
        hosts=tuple(hosts),
        unmanaged=content["unmanaged"],
        usable=content["usable"],
        warnings=tuple(content["warnings"]),
    )
