"""A full policy on real Debian hosts in one call each, against the same settings as tasks of Ansible's own modules.

The hosts are the lab's, from an image that holds the packages that the policy wants, so that what is measured is
Ansible and the engine and not dpkg. Counted is user and system CPU of ansible-playbook and all its children on the
controller, wall time, and tasks: each task is a round trip to a host. Tasks one by one would take hours on every host,
so they run on one, in check mode: what that finds is the least that they cost.
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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from werkplek.demo.estate import demo_hosts
from werkplek.errors import WerkplekError
from werkplek.files import ROOT
from werkplek.lab.linux import control, estate, images
from werkplek.lab.linux.model import LinuxHost, LinuxLab
from werkplek.rollout.playbook import environment

ENGINE = "linux_policy"
FORKS = 10
IMAGE = "benchmark"
type Tasks = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one ansible-playbook took: seconds, and seconds of controller CPU."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Bench:
    """Where everything is."""

    lab: LinuxLab
    state: Path

    def play(self, playbook: Path | str, limit: str, *arguments: str) -> Cost:
        """Run a playbook over `limit`; raises WerkplekError with its output where it fails."""
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(self.lab.registry), str(playbook)]
        result = subprocess.run(
            [*command, "--limit", limit, "--forks", str(FORKS), *arguments],
            cwd=ROOT,
            env={**os.environ, **environment(self.state)},
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise WerkplekError(f"{playbook} ended with {result.returncode}:\n{result.stdout[-4000:]}{result.stderr}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Cost(time.monotonic() - started, cpu)


def settings_of(lab: LinuxLab, state: Path) -> list[dict[str, Any]]:
    """The settings that the first workplace of a lab is sent."""
    first = demo_hosts(lab.registry, state, "workstation", ENGINE)[0]
    settings: list[dict[str, Any]] = json.loads(first.request)["settings"]
    return settings


def packages(settings: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The packages that the policy wants."""
    found = (one["name"] for one in settings if one["kind"] == "deb_package" and one.get("state") != "absent")
    return tuple(sorted(found))


def builtin_tasks(settings: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The settings as tasks of Ansible's own modules, one each, as a role would have them."""
    for one in settings:
        match one["kind"]:
            case "deb_package":
                yield {
                    "ansible.builtin.apt": {"name": one["name"], "state": one.get("state", "present"), "purge": True}
                }
            case "systemd_unit" if one["enabled"] == "enabled":
                yield {"ansible.builtin.systemd_service": {"name": one["name"], "enabled": True}}
            case "file" if "content" in one:
                yield {"ansible.builtin.copy": {"dest": one["path"], "content": one["content"], **modes(one)}}
            case "file" if not one.get("if_present") and one.get("state") == "directory":
                yield {"ansible.builtin.file": {"path": one["path"], "state": "directory", **modes(one)}}
            case "config_line" if not one.get("if_present") and "section" not in one and "value" in one:
                line = f"{one['key']}{one.get('separator', '=')}{one['value']}"
                yield {
                    "ansible.builtin.lineinfile": {"path": one["path"], "line": line, "create": True, "mode": "0644"}
                }
            case "sshd_option":
                line = f"{one['name']} {one['value']}"
                yield in_file("/etc/ssh/sshd_config.d/00-werkplek.conf", line)
            case "sysctl":
                yield in_file("/etc/sysctl.d/60-werkplek.conf", f"{one['name']} = {one['value']}")
            case "kernel_module":
                yield in_file("/etc/modprobe.d/60-werkplek.conf", f"blacklist {one['name']}")
            case "audit_rule":
                yield in_file("/etc/audit/rules.d/60-werkplek.rules", one["rule"])


def in_file(path: str, line: str) -> dict[str, Any]:
    """A task for one line."""
    return {"ansible.builtin.lineinfile": {"path": path, "line": line}}


def modes(one: Mapping[str, Any]) -> dict[str, Any]:
    """Owner, group and mode, where a setting has them."""
    return {name: one[name] for name in ("owner", "group", "mode") if name in one}


def written(folder: Path, name: str, tasks: Tasks) -> Path:
    """A playbook with these tasks for all hosts."""
    path = folder / f"{name}.yml"
    path.write_text(yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": tasks}]))
    return path


def measure(bench: Bench, folder: Path, tasks: Tasks, settings: int) -> dict[str, Any]:
    """All figures; `net` takes off what an empty playbook over the same hosts costs."""
    names, one = ",".join(host.name for host in bench.lab.hosts), bench.lab.hosts[0].name
    count = len(bench.lab.hosts)
    empty_playbook = written(folder, "empty", [{"meta": "noop"}])
    first = bench.play("playbooks/workstations.yml", names)
    empty = bench.play(empty_playbook, names)
    ping = bench.play(written(folder, "ping", [{"ansible.builtin.ping": {}}]), names)
    second = bench.play("playbooks/workstations.yml", names)
    check = bench.play("playbooks/workstations.yml", names, "--check")
    half = bench.play("playbooks/workstations.yml", ",".join(host.name for host in bench.lab.hosts[: count // 2]))
    alone = bench.play(empty_playbook, one)
    builtin = bench.play(written(folder, "builtin", tasks), one, "--check")
    per_task = Cost((builtin.wall - alone.wall) / len(tasks), (builtin.cpu - alone.cpu) / len(tasks))
    net = (second.cpu - empty.cpu) / count
    return {
        "hosts": count,
        "settings_per_host": settings,
        "wall_seconds": {"first apply": first.wall, "second": second.wall, "check": check.wall, "ping": ping.wall},
        "hosts_per_minute": {"first apply": 60 * count / first.wall, "second": 60 * count / second.wall},
        "net_cpu_ms_per_host": {
            "first apply": 1000 * (first.cpu - empty.cpu) / count,
            "second": 1000 * net,
            "check": 1000 * (check.cpu - empty.cpu) / count,
            "ping": 1000 * (ping.cpu - empty.cpu) / count,
        },
        "growth_when_doubled": {"wall": second.wall / half.wall, "cpu": second.cpu / half.cpu},
        "builtin": {
            "tasks": len(tasks),
            "of": f"{settings} settings; the others have no single task; measured in check mode on one host",
            "ms_per_task": {"wall": 1000 * per_task.wall, "cpu": 1000 * per_task.cpu},
        },
        "tasks_per_host": {"playbooks/workstations.yml": 1, "builtin": len(tasks)},
        "ratio_cpu": per_task.cpu * len(tasks) / net,
        "ratio_wall_one_host": (builtin.wall - alone.wall) / bench.play("playbooks/workstations.yml", one).wall,
    }


def main() -> None:
    """Bring hosts up, measure, print JSON, take them down."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--hosts", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        state = folder / "state"
        state.mkdir()
        try:
            probe = control.up(folder / "probe", estate.hosts(1, 0))
            settings = settings_of(probe, state)
            control.down(folder / "probe")
            recipe = images.Recipe(IMAGE, "trixie", packages(settings), "benchmark")
            images.RECIPES = {**images.RECIPES, IMAGE: recipe}
            started = time.monotonic()
            images.image(IMAGE)
            built = time.monotonic() - started
            hosts = [
                LinuxHost(f"DRD-KS-{n:04}", "", IMAGE, "debian-13", "workstation", "dordrecht", "broad")
                for n in range(1, options.hosts + 1)
            ]
            started = time.monotonic()
            lab = control.up(folder / "lab", hosts)
            booted = time.monotonic() - started
            figures = measure(Bench(lab, state), folder, list(builtin_tasks(settings)), len(settings))
        finally:
            control.down(folder / "probe")
            control.down(folder / "lab")
    print(json.dumps({"image_seconds": built, "up_seconds": booted, **figures}, indent=2))


if __name__ == "__main__":
    main()
