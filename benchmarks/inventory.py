"""What an inventory costs: ours, `nb_inventory`, a bare paging client and Ansible's own floor, in one run.

All read the same NetBox: the lab's double at a stated server speed, or a real one (`--url`, with NETBOX_TOKEN). Each
contestant is a process of its own; counted are wall time, CPU time and the largest memory. Nothing passes or fails.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from werkplek.files import ROOT
from werkplek.lab.estate import generate
from werkplek.lab.netbox_speed import Speed
from werkplek.registry.snapshot import dump

BIN = Path(sys.executable).parent
HERE = Path(__file__).parent
TOKEN = "0123456789abcdef0123456789abcdef01234567"
CONFIG = """[defaults]
inventory_plugins = {plugins}
collections_path = {collections}
[inventory]
enable_plugins = netbox_registry, floor, netbox.netbox.nb_inventory
any_unparsed_is_failed = True
"""
OURS = """plugin: netbox_registry
tenant_group: drechtsteden
municipalities_dir: {root}/municipalities
"""
# What ours gives without being asked; nb_inventory reads all addresses for the DNS names.
THEIRS = """plugin: netbox.netbox.nb_inventory
validate_certs: false
config_context: false
plurals: true
fetch_all: true
interfaces: false
services: false
racks: false
flatten_custom_fields: true
dns_name: true
timeout: 300
group_by: [sites, tenants, device_roles, platforms, status, region]
keyed_groups:
  - {prefix: ring, key: custom_fields.update_ring}
compose:
  ansible_host: primary_ip4.address | split('/') | first
"""
CACHED = """cache: true
cache_plugin: ansible.builtin.jsonfile
cache_timeout: 86400
cache_connection: {folder}
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians of some runs of one command: wall and CPU seconds, megabytes, and how many hosts it listed."""

    wall: float
    cpu: float
    memory: float
    hosts: int


@dataclass(frozen=True, slots=True)
class Bench:
    """A folder for one server and everything that reads it."""

    folder: Path
    url: str
    token: str
    collections: Path | None

    def run(self, command: Sequence[str], **environment: str) -> Cost:
        """One process."""
        own = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "NETBOX_"))},
            "ANSIBLE_CONFIG": str(self.folder / "ansible.cfg"),
            "ANSIBLE_HOME": str(self.folder / "home"),
            "WERKPLEK_STATE": str(self.folder / "state"),
            "NETBOX_API": self.url,
            "NETBOX_TOKEN": self.token,
        }
        out = self.folder / "out.json"
        with out.open("wb") as stream, (self.folder / "err.txt").open("wb") as errors:
            start = time.monotonic()
            process = subprocess.Popen(command, stdout=stream, stderr=errors, env=own | environment, cwd=self.folder)
            _pid, status, usage = os.wait4(process.pid, 0)
            wall = time.monotonic() - start
        if status:
            raise SystemExit(f"{command} failed:\n{(self.folder / 'err.txt').read_text()[-3000:]}")
        return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, _hosts(out))

    def listing(self, source: str, **environment: str) -> Cost:
        """`ansible-inventory --list` of one source."""
        return self.run([str(BIN / "ansible-inventory"), "-i", source, "--list"], **environment)


def _hosts(file: Path) -> int:
    try:
        return len(json.loads(file.read_bytes())["_meta"]["hostvars"])
    except (ValueError, KeyError, TypeError):
        return 0


def median(runs: int, once: Callable[[], Cost]) -> Cost:
    """The median of each figure."""
    found = [once() for _ in range(runs)]
    return Cost(
        statistics.median(cost.wall for cost in found),
        statistics.median(cost.cpu for cost in found),
        statistics.median(cost.memory for cost in found),
        found[-1].hosts,
    )


@contextmanager
def served(hosts: int, folder: Path, *, paced: bool) -> Iterator[str]:
    """The lab's NetBox in a process of its own, with an estate of this size; yields its address."""
    estate = folder / "estate.json"
    dump(generate(hosts, 1), estate)
    command = [sys.executable, "-m", "werkplek.lab.netbox_main", "--estate", str(estate), *(["--paced"] * paced)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"NETBOX_TOKEN": TOKEN})
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


def prepared(folder: Path, url: str, token: str, collections: Path | None) -> Bench:
    """The files that the contestants need."""
    plugins = folder / "plugins"
    plugins.mkdir(parents=True)
    for file in (ROOT / "inventory_plugins" / "netbox_registry.py", HERE / "inventory_floor.py"):
        shutil.copy(file, plugins / file.name.removeprefix("inventory_"))
    (folder / "ansible.cfg").write_text(CONFIG.format(plugins=plugins, collections=collections or folder))
    (folder / "ours.registry.yml").write_text(OURS.format(root=ROOT))
    (folder / "theirs.netbox.yml").write_text(THEIRS)
    (folder / "less.netbox.yml").write_text(THEIRS.replace("dns_name: true\n", ""))
    (folder / "cached.netbox.yml").write_text(THEIRS + CACHED.format(folder=folder / "nb-cache"))
    (folder / "hosts.floor").touch()
    return Bench(folder, url, token, collections)


def contest(bench: Bench, runs: int) -> dict[str, Cost]:
    """Every contestant, `nb_inventory` once: it takes minutes."""

    def cold() -> Cost:
        shutil.rmtree(bench.folder / "state", ignore_errors=True)
        return bench.listing("ours.registry.yml")

    found = {"werkplek, all read": median(runs, cold)}
    found["werkplek, unchanged"] = median(runs, lambda: bench.listing("ours.registry.yml"))
    packed = next((bench.folder / "state" / "registry").glob("*.cache"))
    found["Ansible's floor"] = median(runs, lambda: bench.listing("hosts.floor", FLOOR=str(packed)))
    bare = [sys.executable, str(HERE / "inventory_bare_client.py")]
    found["bare client"] = median(runs, lambda: bench.run(bare))
    if bench.collections:
        bench.listing("less.netbox.yml")  # keeps NetBox's OpenAPI schema, which takes long the first time
        found["nb_inventory, without DNS names"] = bench.listing("less.netbox.yml")
        found["nb_inventory, all read"] = bench.listing("theirs.netbox.yml")
        bench.listing("cached.netbox.yml")
        found["nb_inventory, warm cache"] = bench.listing("cached.netbox.yml")
    return found


def ratios(found: Mapping[str, Cost]) -> Iterator[tuple[str, str]]:
    """What the figures say, by question."""
    cold, unchanged = found["werkplek, all read"], found["werkplek, unchanged"]
    floor, bare = found["Ansible's floor"], found["bare client"]
    yield "all read, against bare client + Ansible's floor", f"{cold.wall / (bare.wall + floor.wall):.2f} x"
    yield "unchanged, above Ansible's floor", f"{unchanged.wall - floor.wall:+.2f} s"
    if "nb_inventory, all read" in found:
        theirs, warm = found["nb_inventory, all read"], found["nb_inventory, warm cache"]
        less = found["nb_inventory, without DNS names"]
        yield "all read, the same data: nb_inventory takes", f"{theirs.wall / cold.wall:.1f} x as long"
        yield "all read, without its DNS names: nb_inventory takes", f"{less.wall / cold.wall:.1f} x as long"
        yield "all read: nb_inventory's CPU time", f"{theirs.cpu / cold.cpu:.1f} x"
        yield "unchanged: nb_inventory's warm cache takes", f"{warm.wall / unchanged.wall:.1f} x as long"
        yield "memory, against nb_inventory's", f"{cold.memory / theirs.memory:.2f} x"


def show(title: str, found: Mapping[str, Cost], console: Console) -> None:
    """Figures and ratios as tables."""
    table = Table("what", "seconds", "CPU seconds", "MB", "hosts", title=title)
    for name, cost in found.items():
        table.add_row(name, f"{cost.wall:.2f}", f"{cost.cpu:.2f}", f"{cost.memory:.0f}", str(cost.hosts or ""))
    console.print(table)
    compared = Table("question", "answer")
    for question, answer in ratios(found):
        compared.add_row(question, answer)
    console.print(compared)


def growth(sizes: Sequence[int], paced: bool, runs: int, console: Console) -> None:
    """How cost grows with the estate: the exponent is 1 where it doubles when the estate does."""
    found: list[tuple[int, Cost, Cost]] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder, served(size, Path(folder), paced=paced) as url:
            bench = prepared(Path(folder) / "bench", url, TOKEN, None)
            shutil.rmtree(bench.folder / "state", ignore_errors=True)
            cold = bench.listing("ours.registry.yml")
            found.append((size, cold, median(runs, lambda bench=bench: bench.listing("ours.registry.yml"))))  # type: ignore[misc]
    table = Table("objects", "all read, s", "unchanged, s", "MB", title="growth")
    for size, cold, unchanged in found:
        table.add_row(str(size), f"{cold.wall:.2f}", f"{unchanged.wall:.2f}", f"{cold.memory:.0f}")
    console.print(table)
    (small, cold_1, same_1), (large, cold_2, same_2) = found[0], found[-1]
    step = math.log(large / small)
    for name, one, two in (
        ("all read", cold_1.wall, cold_2.wall),
        ("unchanged", same_1.wall, same_2.wall),
        ("memory", cold_1.memory, cold_2.memory),
    ):
        console.print(f"{name}: exponent {math.log(two / one) / step:.2f}")


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=5000, help="size of the lab's estate")
    parser.add_argument("--url", help="a real NetBox in place of the lab's; its token in NETBOX_TOKEN")
    parser.add_argument("--unpaced", action="store_true", help="the lab's NetBox as fast as it can, not as a real one")
    parser.add_argument("--runs", type=int, default=3, help="runs of each of ours; medians count")
    parser.add_argument("--collections", type=Path, help="folder with netbox.netbox, to run nb_inventory as well")
    parser.add_argument(
        "--grow", type=int, nargs="*", default=[], help="sizes of estates for growth, such as 5000 50000"
    )
    return parser.parse_args()


def main() -> None:
    """Run the contest, then the growth."""
    wanted, console = arguments(), Console()
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "bench"
        if wanted.url:
            bench = prepared(folder, wanted.url, os.environ["NETBOX_TOKEN"], wanted.collections)
            show(wanted.url, contest(bench, wanted.runs), console)
        else:
            with served(wanted.hosts, Path(name), paced=not wanted.unpaced) as url:
                bench = prepared(folder, url, TOKEN, wanted.collections)
                title = f"the lab's NetBox, {wanted.hosts} objects, {'unpaced' if wanted.unpaced else Speed()}"
                show(title, contest(bench, wanted.runs), console)
    if wanted.grow:
        growth(wanted.grow, not wanted.unpaced, wanted.runs, console)


if __name__ == "__main__":
    main()
