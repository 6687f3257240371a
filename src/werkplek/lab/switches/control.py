"""The control API of the lab's switches: JSON over loopback, behind a token. See `client.py`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from aiohttp import web

from werkplek.errors import Problem, WerkplekError
from werkplek.lab.control_web import answer, body_of, guarded_app
from werkplek.lab.switches.device import Device, Faults
from werkplek.lab.switches.dialect import Refusal
from werkplek.lab.switches.fabric_follow import Follower
from werkplek.lab.switches.forwarding import decisions
from werkplek.lab.switches.shell import Session

LOG = logging.getLogger(__name__)
OPERATOR = "een-ander"  # who edits at another terminal


@dataclass(frozen=True, slots=True)
class Control:
    """What the API acts on. `stop` ends the lab."""

    devices: Mapping[str, Device]
    stop: Callable[[], None]
    follower: Follower | None = None  # of the fabric, where there is one

    def device(self, request: web.Request) -> Device:
        """The switch that a request names.

        Raises:
            WerkplekError: there is none.
        """
        name = request.match_info["switch"]
        if name not in self.devices:
            raise WerkplekError(f"this lab has no switch {name}; `werkplek lab network inventory --json` lists them")
        return self.devices[name]

    async def show(self, request: web.Request) -> Any:
        """A switch as it is now."""
        device = self.device(request)
        return {
            "running": device.dialect.running_text(device),
            "startup": device.startup,
            "files": sorted(device.files),
            "sessions": {"open": len(device.sessions), "opened": device.opened},
            "log": [asdict(line) for line in device.log],
            "pending": {name: max(0.0, timer.due - device.clock.now()) for name, timer in device.pending.items()},
            "faults": asdict(device.faults),
        }

    async def forwarding(self, request: web.Request) -> Any:
        """What each port does."""
        return [
            {**item.port._asdict(), "allowed": sorted(item.port.allowed), "dead": list(item.dead)}
            for item in decisions(self.device(request))
        ]

    async def set_faults(self, request: web.Request) -> Any:
        """Give a switch faults, beside those it has."""
        device, given = self.device(request), await _object(request)
        known = {field.name: getattr(Faults(), field.name) for field in fields(Faults)}
        unknown = [
            Problem(name, repr(value), f"one of {', '.join(known)} with a value like {known.get(name)!r}")
            for name, value in given.items()
            if name not in known or not _fits(known[name], value)
        ]
        if unknown:
            raise WerkplekError("no such fault:", unknown)
        lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
        device.faults = replace(device.faults, **{**given, **lists})
        device.changed()
        LOG.info("%s: %s", device.name, given)

    async def heal(self, request: web.Request) -> Any:
        """Take a switch's faults away."""
        device = self.device(request)
        device.faults = Faults()
        device.changed()

    async def cable(self, request: web.Request) -> Any:
        """Plug a port in, or pull its cable; or switch on what hangs on it."""
        device, given = self.device(request), await _object(request)
        port = device.ports.get(str(given.get("port")))
        if port is None:
            raise WerkplekError(f"{device.name} has no port {given.get('port')}")
        port.plugged, port.lit = bool(given.get("plugged", port.plugged)), bool(given.get("lit", port.lit))
        device.changed()

    async def edit(self, request: web.Request) -> Any:
        """Lines of configuration that somebody else types at another terminal.

        Raises:
            WerkplekError: the switch does not take one; those before it stand.
        """
        device, given = self.device(request), await _object(request)
        said: list[str] = []
        session = Session(device, OPERATOR, said.append, lambda: None, number=-1)  # counts as nobody's session
        session.privilege, session.page_length = 15, 0
        before = len(device.log)
        for line in ["configure terminal", *map(str, given.get("lines", [])), "end"]:
            session.feed(f"{line}\n")
        session.end()
        refused = [entry.line for entry in device.log[before:] if not entry.accepted]
        if refused:
            raise WerkplekError(f"{device.name} does not take {refused[0]!r}:\n{''.join(said)}")

    async def restart(self, request: web.Request) -> Any:
        """Take a switch's power away for a moment."""
        device = self.device(request)
        device.dialect.restart(device)

    async def replace(self, request: web.Request) -> Any:
        """Another running configuration, whole; `startup` too, where it is given."""
        device, given = self.device(request), await _object(request)
        try:
            device.dialect.load(device, str(given["running"]))
        except Refusal as refusal:
            raise WerkplekError(f"{device.name} does not take this configuration:\n{refusal}") from refusal
        if given.get("save"):
            device.startup = device.dialect.running_text(device)

    async def advance(self, request: web.Request) -> Any:
        """Move the lab's clock on."""
        seconds = float((await _object(request))["seconds"])
        next(iter(self.devices.values())).clock.advance(seconds)

    async def settle(self, _request: web.Request) -> Any:
        """Wait until the fabric forwards what the switches say.

        Raises:
            WerkplekError: it does not follow, or there is none.
        """
        if self.follower is None:
            raise WerkplekError("these switches have no fabric; `werkplek lab network up --fabric` makes one")
        await asyncio.to_thread(self.follower.flush)

    async def end(self, _request: web.Request) -> Any:
        """End the lab, after this answer."""
        asyncio.get_running_loop().call_later(0.1, self.stop)


def _fits(example: object, value: object) -> bool:
    """Whether a fault's value has the type that its field has."""
    if isinstance(example, bool) or isinstance(value, bool):
        return isinstance(example, bool) and isinstance(value, bool)
    if example is None:
        return value is None or isinstance(value, int)
    if isinstance(example, tuple):
        return isinstance(value, list)
    return isinstance(value, (int, float) if isinstance(example, float) else type(example))


async def _object(request: web.Request) -> dict[str, Any]:
    body = await body_of(request)
    if not isinstance(body, dict):
        raise WerkplekError("the body is not a JSON object")
    return body


def control_app(control: Control, token: str) -> web.Application:
    """The web application. 401 without the token, 422 with `error` for what the lab refuses."""
    app = guarded_app(token)
    app.add_routes(
        [
            web.get("/switches/{switch}", answer(control.show)),
            web.get("/switches/{switch}/forwarding", answer(control.forwarding)),
            web.put("/switches/{switch}/faults", answer(control.set_faults)),
            web.delete("/switches/{switch}/faults", answer(control.heal)),
            web.post("/switches/{switch}/cable", answer(control.cable)),
            web.post("/switches/{switch}/edit", answer(control.edit)),
            web.post("/switches/{switch}/restart", answer(control.restart)),
            web.put("/switches/{switch}/configuration", answer(control.replace)),
            web.post("/clock", answer(control.advance)),
            web.post("/settle", answer(control.settle)),
            web.post("/stop", answer(control.end)),
        ]
    )
    return app
