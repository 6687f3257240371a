"""What a command does on a lab host: a C# module runs for real, a few modules are simulated, the rest is refused."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from datetime import datetime
from typing import Any

from werkplek.errors import WerkplekError
from werkplek.lab.mono import ENGINE, Mono, repository_csharp
from werkplek.lab.payload import Payload, UnknownPayloadError, decode
from werkplek.lab.windows import Host, Outcome, Stats
from werkplek.lab.windows_edits import RESTART, apply_edits
from werkplek.lab.windows_faults import DISK_FULL
from werkplek.lab.windows_modules import SIMULATED, ModuleFailure
from werkplek.lab.windows_restart import Restarts, script_of
from werkplek.lab.windows_software_modules import SOFTWARE, simulate

LOG = logging.getLogger(__name__)


class Runner:
    """Runs the commands of all hosts."""

    def __init__(self, mono: Mono, stats: Stats) -> None:
        self._mono = mono
        self._stats = stats
        self._restarts = Restarts(self._booted, self._finish)

    async def execute(self, host: Host, line: str, stdin: bytes) -> Outcome:
        """Run one command. Never a success for what the lab does not know."""
        script = None if stdin else script_of(line)
        if script is not None and (answer := await self._restarts.run(host, script)) is not None:
            LOG.info("%s: a command of win_reboot ended with %d", host.name, answer.code)
            return answer
        try:
            if "-EncodedCommand" not in line or not stdin:
                raise UnknownPayloadError("the lab runs modules only, no raw commands")
            payload = decode(stdin)
        except UnknownPayloadError as error:
            self._stats.refused["command"] += 1
            LOG.warning("%s: %s", host.name, error)
            return Outcome(b"", f"{error}\r\n".encode(), 1)
        started = time.monotonic()
        async with host.busy:
            outcome = await self._module(host, payload)
        LOG.info("%s: %s ended with %d in %.2f s", host.name, payload.module, outcome.code, time.monotonic() - started)
        return outcome

    async def _module(self, host: Host, payload: Payload) -> Outcome:
        self._stats.modules[payload.module] += 1
        if slow := host.faults.fire("slow"):
            await asyncio.sleep(slow.seconds or 0)
        if host.faults.fire("disk_full"):
            return failure(DISK_FULL)
        if payload.module in SIMULATED or payload.module in SOFTWARE:
            return _simulate(host, payload)
        if payload.entry is None:
            self._stats.refused["module"] += 1
            return failure(f"the lab does not know module {payload.module}")
        # the lab's own C# needs the whole engine, of which a module may send a part
        engine = {} if ENGINE in payload.csharp else repository_csharp()
        try:
            return await self._mono.run({**engine, **payload.csharp}, payload.entry, host.folder, payload.arguments)
        except WerkplekError as error:
            return failure(str(error))

    async def _booted(self, host: Host) -> datetime:
        async with host.busy:
            state = await self._mono.dump(repository_csharp(), host.folder)
        return datetime.fromisoformat(state["booted"])

    async def _finish(self, host: Host) -> None:
        await apply_edits(self._mono, host, [{"kind": RESTART}])


def _simulate(host: Host, payload: Payload) -> Outcome:
    try:
        if payload.module in SOFTWARE:
            result = simulate(host, payload)
        else:
            result = SIMULATED[payload.module](host, payload.options, payload.check_mode)
    except ModuleFailure as error:
        return failure(str(error), **error.more)
    return _json({**result, "invocation": {"module_args": payload.options}}, 0)


def failure(message: str, **more: object) -> Outcome:
    """A module's failure, as Ansible reads it."""
    return _json({"changed": False, **more, "failed": True, "msg": message}, 1)


def _json(result: dict[str, Any], code: int) -> Outcome:
    return Outcome(json.dumps(result).encode() + b"\r\n", b"", code)
