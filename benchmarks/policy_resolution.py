"""Policy resolution: the whole estate in one process, and one host in a fresh worker process.

Prints JSON: seconds cold (the sources are read and checked), warm (the compiled file is there) and per estate size;
what the policies of 50,000 hosts, all kept, add to a process's memory; how the time of 50,000 hosts grows when there
are ten times as many combinations; and milliseconds for a worker, which opens the store and resolves a single host.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from itertools import product
from pathlib import Path

from trimmed_repository import trimmed

from werkplek.files import ROOT
from werkplek.policy.compiled import open_store
from werkplek.policy.model import RINGS, HostFacts

MUNICIPALITIES = ("alblasserdam", "dordrecht", "hendrik-ido-ambacht", "papendrecht", "sliedrecht", "zwijndrecht")
SITES = tuple(f"site-{number}" for number in range(10))
COMBINATIONS = tuple(product(MUNICIPALITIES, RINGS, SITES))
MOST = 50_000


def host(number: int, combinations: int = len(COMBINATIONS)) -> HostFacts:
    """One of many workplaces, spread over the first combinations of municipality, ring and site."""
    municipality, ring, site = COMBINATIONS[number % combinations]
    record = {
        "id": number,
        "asset_tag": f"WP{number:06}",
        "name": f"WS-{number}",
        "url": f"https://netbox.example/dcim/devices/{number}/",
    }
    return HostFacts("workstation", ("windows-11", "windows"), municipality, ring, site, record)


def estate_seconds(root: Path, cache: Path, hosts: int, combinations: int = len(COMBINATIONS)) -> float:
    """Seconds to open the store and resolve `hosts` hosts."""
    facts = [host(number, combinations) for number in range(hosts)]
    started = time.perf_counter()
    store = open_store(root, cache)
    for one in facts:
        store.resolve(one)
    return time.perf_counter() - started


def estate_megabytes(root: Path, cache: Path, hosts: int) -> float:
    """Megabytes that a process grows by when it resolves `hosts` hosts and keeps every policy."""
    read, write = os.pipe()
    if os.fork() == 0:
        try:
            facts = [host(number) for number in range(hosts)]
            before = resident()
            store = open_store(root, cache)
            kept = [store.resolve(one) for one in facts]
            os.write(write, f"{(resident() - before) / 1e6 + 0 * len(kept)}".encode())
        finally:
            os._exit(0)
    os.close(write)
    os.wait()
    with os.fdopen(read) as stream:
        return float(stream.read())


def resident() -> int:
    """This process's resident memory in bytes (proc_pid_statm)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def worker_milliseconds(root: Path, cache: Path) -> float:
    """CPU milliseconds that a forked worker needs for its one host, imports done before the fork as in Ansible."""
    read, write = os.pipe()
    if os.fork() == 0:
        try:
            started = time.process_time()
            open_store(root, cache).resolve(host(1))
            os.write(write, str((time.process_time() - started) * 1000).encode())
        finally:
            os._exit(0)
    os.close(write)
    os.wait()
    with os.fdopen(read) as stream:
        return float(stream.read())


def main() -> None:
    """Measure and print, for the repository as it is and for one with 300 settings a workstation."""
    with tempfile.TemporaryDirectory() as folder:
        roots = {"whole": ROOT, "300 settings": trimmed(Path(folder) / "repository", 300)}
        figures = {name: measure(root, Path(folder) / name) for name, root in roots.items()}
    print(json.dumps(figures, indent=2))


def measure(root: Path, cache: Path) -> dict[str, object]:
    """All figures of one repository."""
    cold = estate_seconds(root, cache, 1)
    sizes = {size: estate_seconds(root, cache, size) for size in (2_250, 4_500, 9_000, MOST)}
    fewer = estate_seconds(root, cache, MOST, len(COMBINATIONS) // 10)
    worker = [worker_milliseconds(root, cache) for _ in range(50)]
    settings = sum(len(call.settings) for call in open_store(root, cache).resolve(host(1)).engines.values())
    return {
        "settings_per_host": settings,
        "combinations": len(COMBINATIONS),
        "cold_compile_seconds": round(cold, 3),
        "warm_seconds_by_hosts": {size: round(seconds, 3) for size, seconds in sizes.items()},
        "growth_when_doubled_4500_to_9000": round(sizes[9_000] / sizes[4_500], 2),
        "megabytes_50000_hosts_kept": round(estate_megabytes(root, cache, MOST), 1),
        "growth_with_ten_times_the_combinations": round(sizes[MOST] / fewer, 2),
        "worker_cpu_ms_one_host": {"median": round(statistics.median(worker), 2), "max": round(max(worker), 2)},
    }


if __name__ == "__main__":
    main()
