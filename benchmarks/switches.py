"""Switches in one session each, against the same change as tasks of the vendor's own modules, one per resource.

The switches are the lab's doubles, which run on the same cores. Counted is user and system CPU of ansible-playbook and
all its children on the controller, wall time, and sign-ins. The vendor's modules run over some of the switches, as
people use them: a task per kind of resource, and `ios_config` for what has no module.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from werkplek.cli.policy_subject import read_inventory
from werkplek.errors import WerkplekError
from werkplek.files import ROOT
from werkplek.lab.switches import manage
from werkplek.lab.switches.client import NetworkClient
from werkplek.lab.switches.status import NetworkLab
from werkplek.network.document import Port, SwitchDocument
from werkplek.network.lines import compressed
from werkplek.network.review import Subject, subject
from werkplek.rollout.playbook import environment

NETWORK = "playbooks/network.yml"
FORKS = 20
SECRET = "Meetwaarde-1"
HASH = "$9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSvyQYwucySCt7qFm4v7pqCxkKM"
NAMES = ("SNMP_AUTH", "SNMP_PRIV", "TACACS_KEY", "RADIUS_KEY", "NTP_KEY")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one ansible-playbook took: seconds, and seconds of controller CPU."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Bench:
    """Where everything is."""

    lab: NetworkLab
    state: Path

    def play(self, playbook: Path | str, limit: Sequence[str], *arguments: str) -> Cost:
        """Run a playbook over some switches; raises WerkplekError with its output where it fails."""
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(self.lab.registry), str(playbook)]
        result = subprocess.run(
            [*command, "--limit", ",".join(limit), "--forks", str(FORKS), "-e", "werkplek_ceiling=1000", *arguments],
            cwd=ROOT,
            env={**os.environ, **environment(self.state), **secrets()},
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise WerkplekError(f"{playbook} ended with {result.returncode}:\n{result.stdout[-4000:]}{result.stderr}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Cost(time.monotonic() - started, cpu)

    def sign_ins(self, names: Sequence[str]) -> float:
        """Sign-ins per switch until now."""
        with NetworkClient(self.lab.state) as client:
            return float(sum(client.show(name)["sessions"]["opened"] for name in names)) / len(names)


def secrets() -> dict[str, str]:
    """The secrets that the policy needs, for all municipalities."""
    slugs = [file.stem.replace("-", "_").upper() for file in (ROOT / "municipalities").glob("*.yml")]
    found = {f"WERKPLEK_SECRET_{slug}_{name}": SECRET for slug in slugs for name in NAMES}
    return found | {f"WERKPLEK_SECRET_{slug}_ENABLE_HASH": HASH for slug in slugs}


def vendor_tasks(switch: Subject) -> list[dict[str, Any]]:
    """The same for an IOS switch as tasks: VLANs, ports, trunks and descriptions by resource, the rest by section."""
    document = switch.document
    ports = [port for port in document.ports if port.profile != "unused"]
    tasks: list[dict[str, Any]] = [
        {"cisco.ios.ios_vlans": {"config": [{"vlan_id": vlan.vid, "name": vlan.name} for vlan in document.vlans]}},
        {"cisco.ios.ios_interfaces": {"config": [described(port) for port in document.ports]}},
        {"cisco.ios.ios_l2_interfaces": {"config": [layer_two(port) for port in ports]}},
    ]
    left: dict[tuple[str, ...], list[str]] = {}
    for line in switch.rendering.lines:
        if line.setting not in {"switch_vlans", "switch_ports"} and not line.text.startswith("banner"):
            left.setdefault(line.section, []).append(line.text)
    for section, lines in left.items():
        parents = {"parents": list(section)} if section else {}
        tasks.append({"cisco.ios.ios_config": {"lines": lines, **parents}})
    return [*tasks, {"cisco.ios.ios_config": {"save_when": "modified"}}]


def described(port: Port) -> dict[str, Any]:
    """A port for ios_interfaces."""
    words = {"description": port.description} if port.description else {}
    return {"name": port.name, "enabled": port.profile != "unused", **words}


def layer_two(port: Port) -> dict[str, Any]:
    """A port for ios_l2_interfaces."""
    if port.trunk:
        trunk = {"native_vlan": port.untagged, "allowed_vlans": compressed(port.allowed).split(",")}
        return {"name": port.name, "mode": "trunk", "trunk": trunk}
    voice = {"voice": {"vlan": port.voice}} if port.voice else {}
    return {"name": port.name, "mode": "access", "access": {"vlan": port.untagged}, **voice}


def written(folder: Path, name: str, tasks: list[dict[str, Any]]) -> Path:
    """A playbook with these tasks for all hosts."""
    path = folder / f"{name}.yml"
    path.write_text(yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": tasks}]))
    return path


def vendor(bench: Bench, folder: Path, document: SwitchDocument, empty: Path) -> dict[str, Any]:
    """What the vendor's modules take for one switch that nothing was done to yet."""
    switch = subject(read_inventory(bench.lab.registry), document.name, ROOT, bench.state)
    tasks = vendor_tasks(switch)
    playbook = written(folder, "vendor", tasks)
    alone = bench.play(empty, [document.name])
    first = bench.play(playbook, [document.name])
    second = bench.play(playbook, [document.name])
    return {
        "tasks": len(tasks),
        "first apply": Cost(first.wall - alone.wall, first.cpu - alone.cpu),
        "second": Cost(second.wall - alone.wall, second.cpu - alone.cpu),
    }


def measure(bench: Bench, folder: Path) -> dict[str, Any]:
    """All figures; `net` takes off what an empty playbook over the same switches costs."""
    ios = [name for name, system in bench.lab.systems.items() if system == "cisco-ios" and "-SW-" in name]
    names = sorted(bench.lab.ports)
    empty_playbook = written(folder, "empty", [{"meta": "noop"}])
    inventory = read_inventory(bench.lab.registry)
    by_modules = vendor(bench, folder, subject(inventory, ios[-1], ROOT, bench.state).document, empty_playbook)
    names.remove(ios[-1])
    empty = bench.play(empty_playbook, names)
    runs: dict[str, Cost] = {}
    signed: dict[str, float] = {}
    for name, arguments in {"check": ["--check"], "first apply": [], "second": []}.items():
        before = bench.sign_ins(names)
        runs[name] = bench.play(NETWORK, names, *arguments)
        signed[name] = bench.sign_ins(names) - before
    half = bench.play(NETWORK, names[: len(names) // 2])
    one = bench.play(NETWORK, names[:1])
    count = len(names)
    net = {name: (cost.cpu - empty.cpu) / count for name, cost in runs.items()}
    return {
        "switches": count,
        "sign_ins_per_switch": signed,
        "wall_seconds": {name: cost.wall for name, cost in runs.items()},
        "wall_seconds_per_switch": {name: cost.wall / count for name, cost in runs.items()},
        "net_cpu_ms_per_switch": {name: 1000 * value for name, value in net.items()},
        "growth_when_doubled": {"wall": runs["second"].wall / half.wall, "cpu": runs["second"].cpu / half.cpu},
        "one_switch_second_wall": one.wall,
        "vendor_modules_one_switch": {
            "tasks": by_modules["tasks"],
            **{name: vars_of(by_modules[name]) for name in ("first apply", "second")},
        },
        "ratio_cpu": {name: by_modules[name].cpu / net[name] for name in ("first apply", "second")},
    }


def vars_of(cost: Cost) -> dict[str, float]:
    """A cost as JSON values."""
    return {"wall_seconds": cost.wall, "cpu_ms": 1000 * cost.cpu}


def main() -> None:
    """Start switches, measure, print JSON, end them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--switches", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "state").mkdir()
        started = time.monotonic()
        try:
            lab = manage.up(folder / "lab", options.switches)
            up = time.monotonic() - started
            figures = measure(Bench(lab, folder / "state"), folder)
        finally:
            manage.down(folder / "lab")
    print(json.dumps({"up_seconds": up, **figures}, indent=2))


if __name__ == "__main__":
    main()
