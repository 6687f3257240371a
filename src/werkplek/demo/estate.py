"""The demo's hosts as Ansible sees them, and what their policy asks of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkplek.enforcement.facts import host_facts
from werkplek.errors import WerkplekError
from werkplek.files import ROOT
from werkplek.policy.compiled import open_store
from werkplek.registry.hosts import OUT_OF_LIFECYCLE, QUARANTINE
from werkplek.rollout.guard import members
from werkplek.rollout.playbook import environment

ENGINE = "windows_policy"


@dataclass(frozen=True, slots=True)
class DemoHost:
    """A workplace: its municipality, and the JSON text that it will be sent."""

    name: str
    municipality: str
    request: str


def read_inventory(inventory: Path, state: Path) -> dict[str, Any]:
    """What `ansible-inventory --list` prints, as a dictionary; raises WerkplekError with its words when it fails."""
    command = [str(Path(sys.executable).with_name("ansible-inventory")), "-i", str(inventory), "--list"]
    result = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment(state)}, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise WerkplekError(f"ansible-inventory failed with code {result.returncode}:\n{result.stderr.strip()}")
    return dict(json.loads(result.stdout, object_hook=untagged))


def untagged(value: dict[str, Any]) -> Any:
    """Text that ansible-core 2.19 and newer prints as `{"__ansible_unsafe": text}`, because it is no template."""
    return value["__ansible_unsafe"] if value.keys() == {"__ansible_unsafe"} else value


def group_members(listing: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Every group's hosts, those of its children included."""
    groups: dict[str, tuple[str, ...]] = {}

    def collect(name: str) -> tuple[str, ...]:
        if name not in groups:
            group = listing.get(name, {})
            below = [host for child in group.get("children", []) for host in collect(child)]
            groups[name] = tuple(sorted({*group.get("hosts", []), *below}))
        return groups[name]

    for name in listing:
        if name != "_meta":
            collect(name)
    return groups


def demo_hosts(inventory: Path, state: Path, target: str, engine: str = ENGINE) -> tuple[DemoHost, ...]:
    """The hosts that a run over `target` will touch, sorted by name, each with its resolved request of one engine.

    A secret is not looked up: a text stands in its place.
    """
    listing = read_inventory(inventory, state)
    groups = group_members(listing)
    variables = listing["_meta"]["hostvars"]
    store = open_store(ROOT, state / "policy")
    left_out = {host for name in (QUARANTINE, OUT_OF_LIFECYCLE) for host in groups.get(name, ())}
    found = []
    for host in sorted(members(target, groups) - left_out):
        own = [name for name, hosts in groups.items() if host in hosts]
        facts = host_facts(host, variables[host], own)
        call = store.resolve(facts).engines[engine]
        found.append(DemoHost(host, facts.municipality, call.request(dict.fromkeys(call.secrets, "not known here"))))
    return tuple(found)


def spread(hosts: tuple[DemoHost, ...]) -> list[str]:
    """Host names so that neighbours belong to different municipalities: the first of each, then the second, ..."""
    by_municipality: dict[str, list[str]] = {}
    for host in hosts:
        by_municipality.setdefault(host.municipality, []).append(host.name)
    longest = max(map(len, by_municipality.values()), default=0)
    return [names[turn] for turn in range(longest) for names in by_municipality.values() if turn < len(names)]
