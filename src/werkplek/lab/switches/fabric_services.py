"""The fabric's TCP services: one process, with a listening socket in the namespace of each service's endpoint."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from werkplek.errors import Exit, WerkplekError
from werkplek.lab.switches.fabric import Service
from werkplek.lab.switches.fabric_space import Spaces, inside

READY = b"ready\n"
SOURCES = Path(__file__).parents[3]
type Greeter = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def start(services: Sequence[Service], folder: Path, spaces: Spaces) -> None:
    """Listen for all of them, and let a process of their own greet who connects. When this returns they can be used.

    Raises:
        WerkplekError: that process did not start; says what it said.
    """
    if not services:
        return
    listening = [inside(spaces.of(one.endpoint), lambda one=one: _listen(one.port)) for one in services]  # type: ignore[misc]
    greetings = {stream.fileno(): one.says for one, stream in zip(services, listening, strict=True)}
    file = folder / "services.log"
    with file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, json.dumps(greetings)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
            pass_fds=tuple(greetings),
            env={**spaces.environment(), "PYTHONPATH": str(SOURCES)},
        )
    for stream in listening:
        stream.close()
    assert process.stdout is not None
    with process.stdout as said:
        if said.readline() != READY:
            words = " / ".join(file.read_text().splitlines()[-3:])
            raise WerkplekError(f"the fabric's services did not start: {words}", code=Exit.UNAVAILABLE)


def _listen(port: int) -> socket.socket:
    return socket.create_server(("", port))


async def serve(greetings: dict[int, str]) -> None:
    """Greet whoever connects to a listening socket, by its descriptor, and hang up; for ever."""
    servers = [
        await asyncio.start_server(greeter(says), sock=socket.socket(fileno=descriptor))
        for descriptor, says in greetings.items()
    ]
    sys.stdout.buffer.write(READY)
    sys.stdout.close()
    await asyncio.gather(*(server.serve_forever() for server in servers))


def greeter(says: str) -> Greeter:
    """Says that and hangs up."""

    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(says.encode())
        writer.close()

    return greet


if __name__ == "__main__":
    asyncio.run(serve({int(descriptor): says for descriptor, says in json.loads(sys.argv[1]).items()}))
