"""The switches' daemon: `python -m werkplek.lab.switches.daemon --state DIR`. People use `werkplek lab network up`.

One process holds every switch of DIR/estate.json and the control API, all on loopback. It writes DIR/network-lab.json
when they answer, and ends on SIGTERM, SIGINT or `stop`.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import resource
import secrets
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import asyncssh
from aiohttp import web

from werkplek import processes
from werkplek.errors import Exit, WerkplekError
from werkplek.files import write_atomic
from werkplek.lab.switches import fabric_control, status
from werkplek.lab.switches.control import Control, control_app
from werkplek.lab.switches.device import Device
from werkplek.lab.switches.eos import Eos
from werkplek.lab.switches.estate import hosts
from werkplek.lab.switches.fabric_follow import Follower
from werkplek.lab.switches.fabric_live import Fabric
from werkplek.lab.switches.forwarding import decisions
from werkplek.lab.switches.ios import Ios
from werkplek.lab.switches.lab import devices
from werkplek.lab.switches.server import LOOPBACK, Listeners
from werkplek.lab.switches.status import ACCOUNT, NetworkFiles, NetworkLab
from werkplek.registry import snapshot

LOG = logging.getLogger("werkplek.lab.switches")


class Daemon:
    """A lab of switches from its sockets to its end."""

    def __init__(self, state: Path, old: bool, operator: str) -> None:
        self._files, self._old, self._operator = NetworkFiles(state), old, operator
        self._stop = asyncio.Event()
        self._listeners = Listeners()
        self._follower: Follower | None = None
        self._runner: web.AppRunner | None = None

    async def start(self) -> NetworkLab:
        """Bring everything up."""
        found = hosts(snapshot.load(self._files.estate))
        password = _secret(self._files.password)
        dialects = {dialect.name: dialect for dialect in (Ios(), Eos())}
        made = devices(found, dialects, (ACCOUNT, password), self._old)
        fabric = fabric_control.get(self._files.state)
        if fabric is not None:
            self._follower = await asyncio.to_thread(following, fabric, made)
        key = asyncssh.generate_private_key("ssh-ed25519")
        await self._listeners.start(made.values(), key, self._operator)
        self._know(key)
        control = Control(made, self._stop.set, self._follower)
        self._runner = web.AppRunner(
            control_app(control, _secret(self._files.control_token)), access_log=None, shutdown_timeout=1
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, 0)
        await site.start()
        port = self._runner.addresses[0][1]
        started = processes.start_time(os.getpid())
        assert started is not None, "a running process has a start time"
        systems = {host.name: host.platform for host in found}
        url = f"http://{LOOPBACK}:{port}"
        return NetworkLab(
            self._files.state, os.getpid(), started, url, self._listeners.ports, systems, fabric is not None
        )

    def _know(self, key: asyncssh.SSHKey) -> None:
        """Write known_hosts (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT)."""
        public = key.export_public_key().decode().strip()
        lines = [f"[{LOOPBACK}]:{port} {public}\n" for port in self._listeners.ports.values()]
        write_atomic(self._files.known_hosts, "".join(lines))

    async def run(self) -> None:
        """Start, say so, and serve until told to stop. Leaves no socket and no status behind."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        try:
            ready = await self.start()
            status.write(ready)
            LOG.info("ready: %d switches", len(ready.ports))
            await self._stop.wait()
        finally:
            self._files.status.unlink(missing_ok=True)
            await self._listeners.stop()
            if self._runner is not None:
                await self._runner.cleanup()
            if self._follower is not None:
                self._follower.__exit__()
        LOG.info("stopped")


def following(fabric: Fabric, made: Mapping[str, Device]) -> Follower:
    """Let a fabric forward what these switches say, now and after each change; blocks until it does.

    What is plugged in there keeps its port up.

    Raises:
        WerkplekError: the fabric does not follow.
    """
    follower = Follower(fabric.apply)
    follower.__enter__()
    for endpoint in fabric.plan.endpoints:
        if endpoint.place.switch in made:
            made[endpoint.place.switch].ports[endpoint.place.port].lit = True

    def changed(device: Device) -> None:
        follower.changed(device.name, [decision.port for decision in decisions(device)])

    for device in made.values():
        device.on_change(changed)
        changed(device)
    follower.flush()
    return follower


def _secret(path: Path) -> str:
    text = secrets.token_urlsafe(24)
    write_atomic(path, f"{text}\n")
    return text


def _raise_file_limit() -> None:
    # A socket per switch and per session: hundreds of switches need more than the usual 1024.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main(arguments: list[str] | None = None) -> int:
    """Entry point of the daemon. Its log goes to standard error."""
    parser = argparse.ArgumentParser(prog="python -m werkplek.lab.switches.daemon", description=__doc__)
    parser.add_argument(
        "--state", type=Path, required=True, help="folder of the lab, made by `werkplek lab network up`"
    )
    parser.add_argument("--old", action="store_true", help="switches that grew for years")
    parser.add_argument("--operator", default="", help="the address that the switches see their operators come from")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("asyncssh").setLevel(logging.WARNING)
    _raise_file_limit()
    try:
        asyncio.run(_run(chosen))
    except WerkplekError as error:
        LOG.error("%s", error)
        return Exit.FAILED
    return Exit.OK


async def _run(chosen: argparse.Namespace) -> None:
    await Daemon(chosen.state, chosen.old, chosen.operator).run()


if __name__ == "__main__":
    sys.exit(main())
