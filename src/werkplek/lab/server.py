"""The lab's daemon: `python -m werkplek.lab.server --state DIR --estate FILE`. People use `werkplek lab up`.

One process holds the NetBox double, a WinRM listener per Windows workplace of the estate, and the control API, all on
loopback. It writes DIR/lab.json when all of them answer, and ends on SIGTERM, SIGINT, `stop`, or with its parent.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import resource
import secrets
import signal
import socket
import sys
from pathlib import Path

from aiohttp import web

from werkplek import processes
from werkplek.errors import Exit, WerkplekError
from werkplek.files import ROOT, state_dir, write_atomic
from werkplek.lab import status
from werkplek.lab.control_api import Control, control_app
from werkplek.lab.faults import FaultPlan
from werkplek.lab.mono import Mono
from werkplek.lab.netbox import make_app
from werkplek.lab.status import LabFiles, LabStatus
from werkplek.lab.windows import Endpoint, Host, Stats
from werkplek.lab.windows_estate import listen, windows_hosts
from werkplek.lab.windows_run import Runner
from werkplek.registry import snapshot

LOG = logging.getLogger("werkplek.lab")
PARENT_POLL_SECONDS = 0.5
LOOPBACK = "127.0.0.1"


def _secret(path: Path) -> str:
    text = secrets.token_urlsafe(24)
    write_atomic(path, f"{text}\n")
    return text


def netbox_token() -> str:
    """A token of NetBox's version 1 form: 40 hexadecimal digits."""
    return secrets.token_hex(20)


class Daemon:
    """A lab from its sockets to its end."""

    def __init__(self, state: Path, estate: Path, port: int | None) -> None:
        self._files = LabFiles(state)
        self._estate = estate
        self._port = port
        self._stop = asyncio.Event()
        self._runners: list[web.AppRunner] = []

    async def start(self) -> LabStatus:
        """Bring everything up.

        Raises:
            WerkplekError: the estate cannot be used, or a port is taken.
        """
        estate = snapshot.load(self._estate)
        found = windows_hosts(estate, ROOT / "registry.yml")
        names = {name: host.address for name, host in found.items()}
        hosts = {address: Host(name, address, self._files.hosts / address) for name, address in names.items()}
        platforms = {hosts[host.address].folder: host.platform for host in found.values()}
        stats, plan = Stats(), FaultPlan()
        mono = Mono(state_dir() / "cache" / "lab-csharp", limit=os.cpu_count() or 1, platforms=platforms)

        token = netbox_token()
        write_atomic(self._files.netbox_token, f"{token}\n")
        netbox_port = await self._serve(make_app(estate, token=token, faults=plan), _any_port())

        endpoint = Endpoint(hosts, _secret(self._files.password), Runner(mono, stats).execute, stats)
        winrm_port, sockets = listen(list(hosts), self._port)
        await self._serve(endpoint.application(), *sockets)

        control = Control(hosts, mono, stats, plan, self._stop.set)
        control_port = await self._serve(control_app(control, _secret(self._files.control_token)), _any_port())
        started = processes.start_time(os.getpid())
        assert started is not None, "a running process has a start time"
        return LabStatus(
            state=self._files.state,
            pid=os.getpid(),
            started=started,
            estate=self._estate,
            netbox_url=f"http://{LOOPBACK}:{netbox_port}/",
            token_file=self._files.netbox_token,
            winrm_port=winrm_port,
            hosts=names,
            inventory=self._files.inventory,
            control_url=f"http://{LOOPBACK}:{control_port}",
            log=self._files.log,
        )

    async def _serve(self, app: web.Application, *sockets: socket.socket) -> int:
        """Serve `app` on the sockets; the port of the first, or 0 when there is none."""
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        self._runners.append(runner)
        for item in sockets:
            await web.SockSite(runner, item).start()
        return int(sockets[0].getsockname()[1]) if sockets else 0

    async def run(self, parent: int | None) -> None:
        """Start, say so, and serve until told to stop. Leaves no child, no socket and no lab.json behind."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        watch = asyncio.create_task(self._watch(parent)) if parent else None
        try:
            ready = await self.start()
            status.write(ready)
            LOG.info("ready: %d Windows hosts on port %d", len(ready.hosts), ready.winrm_port)
            await self._stop.wait()
        finally:
            if watch is not None:
                watch.cancel()
            self._files.status.unlink(missing_ok=True)
            for runner in reversed(self._runners):
                await runner.cleanup()
        LOG.info("stopped")

    async def _watch(self, parent: int) -> None:
        started = processes.start_time(parent)
        while started is not None and processes.alive(parent, started):
            await asyncio.sleep(PARENT_POLL_SECONDS)
        LOG.info("process %d, for which this lab ran, is gone", parent)
        self._stop.set()


def _any_port() -> socket.socket:
    return socket.create_server((LOOPBACK, 0))


def _raise_file_limit() -> None:
    # A socket per host and per connection: an estate of thousands needs more than the usual 1024.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main(arguments: list[str] | None = None) -> int:
    """Entry point of the daemon. Its log goes to standard error."""
    parser = argparse.ArgumentParser(prog="python -m werkplek.lab.server", description=__doc__)
    parser.add_argument("--state", type=Path, required=True, help="folder of the lab, made by `werkplek lab up`")
    parser.add_argument("--estate", type=Path, required=True, help="registry snapshot to serve")
    parser.add_argument("--port", type=int, help="port of the Windows hosts (default: a free one)")
    parser.add_argument("--parent", type=int, help="end when the process with this id ends")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    _raise_file_limit()
    try:
        asyncio.run(_run(chosen))
    except WerkplekError as error:
        LOG.error("%s", error)
        return Exit.FAILED
    return Exit.OK


async def _run(chosen: argparse.Namespace) -> None:
    await Daemon(chosen.state, chosen.estate, chosen.port).run(chosen.parent)


if __name__ == "__main__":
    sys.exit(main())
