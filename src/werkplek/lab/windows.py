"""The WinRM double: many pretend Windows hosts in one web application, told apart by the address they listen on.

Speaks the command shell of [MS-WSMV] as far as Ansible's `winrm` connection uses it, with basic authentication. What a
command does is the business of `execute`; this module knows shells, commands, time-outs and faults only.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
import logging
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from weakref import WeakSet

from aiohttp import web

from werkplek.lab import wsman
from werkplek.lab.windows_faults import FaultBoard

USER = "werkplek"
# winrm/config MaxEnvelopeSizekb of a Windows host as it comes: 500.
MAX_ENVELOPE = 500 * 1024
# [MS-WSMV] 2.2.4.37: a shell that nobody used for two hours is closed (IdleTimeout, PT7200S).
IDLE_SECONDS = 7200.0
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command wrote and its exit code."""

    stdout: bytes
    stderr: bytes = b""
    code: int = 0


@dataclass(slots=True)
class Command:
    """A command of a shell: its line, the stdin so far, and its run once the input is complete."""

    line: str
    stdin: bytearray = field(default_factory=bytearray)
    run: asyncio.Task[Outcome] | None = None
    complete: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Shell:
    """A shell and its commands by id; `used` is on the monotonic clock."""

    used: float
    commands: dict[str, Command] = field(default_factory=dict)


@dataclass(slots=True)
class Power:
    """Whether a host runs, the restart under way, and since when (monotonic clock) the sign-in screen is there."""

    off: bool = False
    logon_screen: float = 0.0
    restart: asyncio.Task[None] | None = None


@dataclass(slots=True)
class Host:
    """One pretend Windows host. `folder` holds its state; `busy` keeps two modules from running at once."""

    name: str
    address: str
    folder: Path
    faults: FaultBoard = field(default_factory=FaultBoard)
    power: Power = field(default_factory=Power)
    registry: dict[str, object] = field(default_factory=dict)
    shells: dict[str, Shell] = field(default_factory=dict)
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(slots=True)
class Stats:
    """Counters since the lab came up."""

    connections: int = 0
    operations: Counter[str] = field(default_factory=Counter)
    modules: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


type Execute = Callable[[Host, str, bytes], Awaitable[Outcome]]


class Endpoint:
    """Answers `POST /wsman` for every host. `hosts` is keyed by address."""

    def __init__(self, hosts: Mapping[str, Host], password: str, execute: Execute, stats: Stats) -> None:
        self._hosts = hosts
        self._authorization = b"Basic " + base64.b64encode(f"{USER}:{password}".encode())
        self._execute = execute
        self._stats = stats
        self._connections: WeakSet[asyncio.Transport] = WeakSet()

    def application(self) -> web.Application:
        """The web application; its sites decide which addresses it serves."""
        app = web.Application(client_max_size=MAX_ENVELOPE)
        app.router.add_post("/wsman", self._answer)
        app.on_shutdown.append(self._close)
        return app

    async def _close(self, _app: web.Application) -> None:
        for host in self._hosts.values():
            await stop_restart(host)
            await close_shells(host)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        transport = request.transport
        if transport is None:
            return web.Response(status=400)
        host = self._hosts[transport.get_extra_info("sockname")[0]]
        self._count(transport)
        if host.power.off or host.faults.fire("down"):
            return _abort(transport)
        body = await request.read()
        if host.faults.cut_request():
            return _abort(transport)
        if host.faults.fire("unauthorized") or not self._authorized(request):
            self._stats.refused["unauthorized"] += 1
            return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="WSMAN"'})
        try:
            answer = await self._operate(host, body)
        except wsman.WsmanFault as error:
            self._stats.refused["fault"] += 1
            return _soap(wsman.fault(error, host.address), status=500)
        return _abort(transport) if answer is None else _soap(answer)

    def _count(self, transport: asyncio.Transport) -> None:
        if transport not in self._connections:
            self._connections.add(transport)
            self._stats.connections += 1

    def _authorized(self, request: web.Request) -> bool:
        return hmac.compare_digest(request.headers.get("Authorization", "").encode(), self._authorization)

    async def _operate(self, host: Host, body: bytes) -> bytes | None:
        """The answer's envelope, or None when the connection is to be cut instead."""
        request = wsman.parse(body)
        self._stats.operations[request.operation] += 1
        if request.operation == "Create":
            return await self._create(host, request)
        shell = host.shells.get(request.shell_id)
        if shell is None:
            text = f"The shell was not found on the server: the ShellId {request.shell_id or '(none)'} is not valid."
            raise request.fault(2150858843, "w:InvalidSelectors", text)
        shell.used = time.monotonic()
        if request.operation == "Delete":
            await _end(host.shells.pop(request.shell_id))
            return wsman.deleted(request)
        if request.operation == "Command":
            return self._command(host, shell, request)
        return await self._of_command(host, shell, request)

    async def _create(self, host: Host, request: wsman.Request) -> bytes:
        now = time.monotonic()
        for name in [name for name, shell in host.shells.items() if now - shell.used > IDLE_SECONDS]:
            await _end(host.shells.pop(name))
        name = str(uuid.uuid4()).upper()
        host.shells[name] = Shell(now)
        return wsman.created(request, host.address, name)

    def _command(self, host: Host, shell: Shell, request: wsman.Request) -> bytes:
        name = str(uuid.uuid4()).upper()
        command = shell.commands[name] = Command(wsman.command_line(request))
        if request.options.get("WINRS_CONSOLEMODE_STDIN", "TRUE").upper() == "TRUE":
            self._start(host, command)  # a console command does not wait for the end of its input
        return wsman.started(request, name)

    async def _of_command(self, host: Host, shell: Shell, request: wsman.Request) -> bytes | None:
        name = wsman.command_id(request)
        command = shell.commands.get(name)
        if command is None:
            text = f"The parameter is incorrect: the CommandId {name or '(none)'} is not valid."
            raise request.fault(87, "w:InvalidParameter", text)
        if request.operation == "Send":
            self._send(host, command, request)
        elif request.operation == "Signal":
            await _stop(shell.commands.pop(name))
        else:
            return await self._receive(host, command, request, name)
        return wsman.accepted(request)

    def _send(self, host: Host, command: Command, request: wsman.Request) -> None:
        chunk = wsman.chunk(request)
        if command.run is not None:
            raise request.fault(109, "w:InternalError", "The pipe has been ended: the command takes no more input.")
        command.stdin += chunk.data
        if chunk.end:
            self._start(host, command)

    def _start(self, host: Host, command: Command) -> None:
        command.run = asyncio.create_task(self._run(host, command))
        command.complete.set()

    async def _run(self, host: Host, command: Command) -> Outcome:
        try:
            return await self._execute(host, command.line, bytes(command.stdin))
        except Exception:
            LOG.exception("%s: the lab itself failed", host.name)
            return Outcome(b"", b"the lab itself failed; its lab.log says how", 1)

    async def _receive(self, host: Host, command: Command, request: wsman.Request, name: str) -> bytes | None:
        """Wait for the command's end, at most the client's OperationTimeout; then Windows tells it to ask again."""
        try:
            async with asyncio.timeout(request.timeout):
                await command.complete.wait()
                assert command.run is not None, "complete is set together with run"
                outcome = await asyncio.shield(command.run)
        except TimeoutError as error:
            text = (
                "The WS-Management service cannot complete the operation within the time specified in OperationTimeout."
            )
            raise request.fault(2150858793, "w:TimedOut", text) from error
        except asyncio.CancelledError:
            if command.run is None or not command.run.cancelled():
                raise
            if host.power.off:
                return None
            text = "The I/O operation has been aborted because of either a thread exit or an application request."
            raise request.fault(995, "w:InternalError", text) from None
        if host.faults.cut_answer():
            return None
        return wsman.output(request, name, [("stdout", outcome.stdout), ("stderr", outcome.stderr)], outcome.code)


async def stop_restart(host: Host) -> None:
    """Call off a restart; a host that is off is on again, and what waits for a restart goes on waiting."""
    if host.power.restart is not None:
        host.power.restart.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await host.power.restart
    host.power = Power()


async def close_shells(host: Host) -> None:
    """End every shell of a host with what runs in it."""
    while host.shells:
        await _end(host.shells.popitem()[1])


async def _end(shell: Shell) -> None:
    for command in shell.commands.values():
        await _stop(command)


async def _stop(command: Command) -> None:
    if command.run is not None:
        command.run.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await command.run


def _abort(transport: asyncio.Transport) -> web.Response:
    transport.abort()
    return web.Response(status=500)  # goes nowhere: the connection is gone


def _soap(body: bytes, status: int = 200) -> web.Response:
    return web.Response(body=body, status=status, headers={"Content-Type": wsman.CONTENT_TYPE})
