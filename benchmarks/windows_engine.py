"""Controller CPU for a whole policy in one call, against one `win_ping` and against one `win_regedit` task per setting.

Every playbook runs over the same lab hosts in one run of this script. Counted is user and system CPU of
ansible-playbook and all its children (resource usage of waited-for children, so nothing of the lab is in it).
`win_regedit` tasks would take an hour for every host, so they run on fewer hosts with fewer tasks; the cost of one
task is scaled up, and the output says so.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import yaml
from trimmed_repository import trimmed

from werkplek.demo.estate import DemoHost, demo_hosts
from werkplek.errors import WerkplekError
from werkplek.evidence.ledger import open_ledger
from werkplek.evidence.summary import latest_runs, run_summary
from werkplek.lab import control
from werkplek.lab.estate import generate, lab_address
from werkplek.registry.snapshot import dump
from werkplek.rollout.playbook import environment

TARGET = "workstation:&windows"
FEW_HOSTS, FEW_TASKS = 5, 40
# A fork for each host: while all forks are busy, ansible-core polls 10,000 times a second, and what that costs depends
# on how slow the hosts are, not on the work.
FORKS = 50
SECRETS = {"WERKPLEK_SECRET_ZWIJNDRECHT_WIFI_DEVICES_KEY": "of a network that is nowhere"}


@dataclass(frozen=True, slots=True)
class Bench:
    """Where everything is."""

    inventory: Path
    state: Path
    repository: Path

    def cpu(self, playbook: Path | str, limit: str, *arguments: str) -> float:
        """CPU seconds of one ansible-playbook over `limit`."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(self.inventory), str(playbook)]
        own = {
            "ANSIBLE_CONFIG": str(self.repository / "ansible.cfg"),
            "ANSIBLE_CALLBACK_PLUGINS": str(self.repository / "callback_plugins"),
            "PYTHONPATH": str(self.repository / "src"),
        }
        result = subprocess.run(
            [*command, "--limit", limit, "--forks", str(FORKS), *arguments],
            cwd=self.repository,
            env={**os.environ, **environment(self.state), **SECRETS, **own},
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise WerkplekError(f"{playbook} ended with {result.returncode}:\n{result.stdout[-4000:]}{result.stderr}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def written(folder: Path, name: str, tasks: list[dict[str, object]]) -> Path:
    """A playbook with these tasks for all hosts."""
    path = folder / f"{name}.yml"
    path.write_text(yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": tasks}]))
    return path


def regedit_tasks(host: DemoHost, number: int) -> list[dict[str, object]]:
    """The first registry settings of a host as one task each, as they would be written without this engine."""
    settings = [
        setting
        for setting in json.loads(host.request)["settings"]
        if setting["kind"] == "registry" and setting.get("type") == "dword" and setting["path"].startswith("HKLM")
    ]
    return [
        {
            "ansible.windows.win_regedit": {
                "path": setting["path"],
                "name": setting["name"],
                "data": setting["data"],
                "type": "dword",
            }
        }
        for setting in settings[:number]
    ]


def results_per_host(bench: Bench) -> int:
    """What the run that just ended really enforced, from its ledger."""
    ledger = open_ledger(bench.state / "ledger.sqlite3")
    total = run_summary(ledger, latest_runs(ledger, 1)[0].id, lines=False).total
    return total.counts.total // total.hosts


def measure(bench: Bench, hosts: tuple[DemoHost, ...], folder: Path) -> dict[str, object]:
    """All figures; `net` takes off what an empty playbook over the same hosts costs."""
    names = ",".join(host.name for host in hosts)
    few = ",".join(host.name for host in hosts[:FEW_HOSTS])
    bench.cpu("playbooks/workstations.yml", names)  # first apply: afterwards every run below changes nothing
    empty = bench.cpu(written(folder, "empty", [{"meta": "noop"}]), names)
    ping = bench.cpu(written(folder, "ping", [{"ansible.windows.win_ping": {}}]), names)
    policy = bench.cpu("playbooks/workstations.yml", names)
    settings = results_per_host(bench)
    tasks = regedit_tasks(hosts[0], FEW_TASKS)
    few_empty = bench.cpu(written(folder, "empty", [{"meta": "noop"}]), few)
    regedit = bench.cpu(written(folder, "regedit", tasks), few)
    per_task = (regedit - few_empty) / (len(tasks) * FEW_HOSTS)
    one_by_one = per_task * settings * len(hosts)
    return {
        "hosts": len(hosts),
        "settings_per_host": settings,
        "cpu_seconds": {"empty": empty, "win_ping": ping, "windows_policy": policy},
        "net_ms_per_host": {
            "win_ping": 1000 * (ping - empty) / len(hosts),
            "windows_policy": 1000 * (policy - empty) / len(hosts),
        },
        "win_regedit_ms_per_task": 1000 * per_task,
        "win_regedit_measured_on": f"{FEW_HOSTS} hosts x {len(tasks)} tasks, scaled to {settings} settings",
        "ratio_windows_policy_to_win_ping": policy / ping,
        "ratio_net": (policy - empty) / (ping - empty),
        "ratio_win_regedit_to_windows_policy": one_by_one / (policy - empty),
    }


def main() -> None:
    """Bring a lab up, measure, print JSON, take the lab down."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--settings", type=int, default=300)
    options = parser.parse_args()
    count = options.hosts
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        estate = folder / "estate.json"
        dump(generate(count * 2, seed=1, address=lab_address), estate)
        try:
            lab = control.up(folder / "lab", estate=estate, parent=os.getpid())
            bench = Bench(lab.inventory, folder / "state", trimmed(folder / "repository", options.settings))
            bench.state.mkdir()
            hosts = demo_hosts(lab.inventory, bench.state, TARGET)[:count]
            figures = measure(bench, hosts, folder)
        finally:
            control.down(folder / "lab")
    print(json.dumps(figures, indent=2, default=str, sort_keys=False))


if __name__ == "__main__":
    main()
