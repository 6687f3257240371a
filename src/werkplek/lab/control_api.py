"""The lab's control API, for LabClient: JSON over loopback, behind a token of its own."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from werkplek.errors import WerkplekError
from werkplek.lab.control_web import answer, body_of, guarded_app
from werkplek.lab.faults import FaultPlan, read_faults
from werkplek.lab.mono import Mono, repository_csharp
from werkplek.lab.windows import Host, Stats, close_shells, stop_restart
from werkplek.lab.windows_edits import apply_edits
from werkplek.lab.windows_faults import Fault
from werkplek.lab.windows_software import Software

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Control:
    """What the API acts on. `hosts` is keyed by address; `stop` ends the lab."""

    hosts: Mapping[str, Host]
    mono: Mono
    stats: Stats
    registry_faults: FaultPlan
    stop: Callable[[], None]

    def host(self, name: str) -> Host:
        """A host by name or address.

        Raises:
            WerkplekError: there is none.
        """
        for host in self.hosts.values():
            if name in (host.name, host.address):
                return host
        raise WerkplekError(f"this lab has no Windows host {name}; `werkplek lab status` lists them")

    async def edit(self, request: web.Request) -> Any:
        """Change a host behind Ansible's back."""
        host, edits = self.host(request.match_info["host"]), await body_of(request)
        if not isinstance(edits, list) or not all(isinstance(item, dict) for item in edits):
            raise WerkplekError("edits are a list of objects, each with a kind; see lab/windows/LabEdits.cs")
        async with host.busy:
            await apply_edits(self.mono, host, edits)
        LOG.info("%s: %d edits behind Ansible's back", host.name, len(edits))

    async def dump(self, request: web.Request) -> Any:
        """A host's whole state."""
        host = self.host(request.match_info["host"])
        async with host.busy:
            state = await self.mono.dump(repository_csharp(), host.folder)
            return {**state, "software": Software.of(host.folder).dump()}

    async def reset(self, request: web.Request) -> Any:
        """A host as it left the factory."""
        host = self.host(request.match_info["host"])
        await stop_restart(host)
        await close_shells(host)
        async with host.busy:
            await asyncio.to_thread(shutil.rmtree, host.folder, ignore_errors=True)
            host.registry.clear()
            host.faults.clear()
        LOG.info("%s: reset", host.name)

    async def set_fault(self, request: web.Request) -> Any:
        """Give a host a fault."""
        host, fault = self.host(request.match_info["host"]), Fault.from_json(await request.read())
        host.faults.set(fault)
        LOG.info("%s: %s", host.name, fault)

    async def heal(self, request: web.Request) -> Any:
        """Take the faults of one host away."""
        self.host(request.match_info["host"]).faults.clear()

    async def heal_all(self, _request: web.Request) -> Any:
        """Take all faults away, also the registry's."""
        for host in self.hosts.values():
            host.faults.clear()
        self.registry_faults.replace(())

    async def set_registry_faults(self, request: web.Request) -> Any:
        """Give the NetBox double faults."""
        self.registry_faults.replace(read_faults(await request.read()))

    async def counters(self, _request: web.Request) -> Any:
        """What happened so far."""
        return {
            "connections": self.stats.connections,
            "operations": dict(self.stats.operations),
            "modules": dict(self.stats.modules),
            "refused": dict(self.stats.refused),
            "compilations": self.mono.compilations,
            "faults": {host.name: faults for host in self.hosts.values() if (faults := host.faults.to_list())},
        }

    async def end(self, _request: web.Request) -> Any:
        """End the lab, after this answer."""
        asyncio.get_running_loop().call_later(0.1, self.stop)


def control_app(control: Control, token: str) -> web.Application:
    """The web application. 401 without the token, 422 with `error` for what the lab refuses."""
    app = guarded_app(token)
    app.add_routes(
        [
            web.get("/hosts/{host}", answer(control.dump)),
            web.post("/hosts/{host}/edit", answer(control.edit)),
            web.post("/hosts/{host}/reset", answer(control.reset)),
            web.put("/hosts/{host}/fault", answer(control.set_fault)),
            web.delete("/hosts/{host}/fault", answer(control.heal)),
            web.delete("/faults", answer(control.heal_all)),
            web.put("/registry/faults", answer(control.set_registry_faults)),
            web.get("/stats", answer(control.counters)),
            web.post("/stop", answer(control.end)),
        ]
    )
    return app
