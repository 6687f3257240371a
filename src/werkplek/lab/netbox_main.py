"""The NetBox double alone: `NETBOX_TOKEN=... python -m werkplek.lab.netbox_main --estate FILE [--port N] [--paced]`.

Writes its address as one line on standard output when it answers, and ends on SIGTERM or SIGINT. For benchmarks, which
want it in a process of its own; `werkplek lab up` brings up a whole lab.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from dataclasses import fields
from pathlib import Path

from werkplek.errors import Exit, WerkplekError
from werkplek.lab.netbox import make_app
from werkplek.lab.netbox_server import serve
from werkplek.lab.netbox_speed import Speed


def _speed(texts: list[str] | None) -> Speed | None:
    """`name=value` texts -> the model with these numbers in place of its own. Raises WerkplekError."""
    if texts is None:
        return None
    types = {field.name: int if field.name == "workers" else float for field in fields(Speed)}
    numbers: dict[str, float] = {}
    for text in texts:
        name, _, value = text.partition("=")
        try:
            numbers[name] = types[name](value)
        except (KeyError, ValueError):
            raise WerkplekError(f"--paced takes name=number with one of {', '.join(types)}, not {text!r}") from None
    return Speed(**numbers)  # type: ignore[arg-type]


async def _run(chosen: argparse.Namespace, token: str) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    app = make_app(chosen.estate, token=token, choice_objects=chosen.choice_objects, speed=_speed(chosen.paced))
    async with serve(app, port=chosen.port) as url:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        await stop.wait()


def main(arguments: list[str] | None = None) -> int:
    """Entry point. Loopback only: the token goes over the wire in clear text."""
    parser = argparse.ArgumentParser(prog="python -m werkplek.lab.netbox_main", description=__doc__)
    parser.add_argument("--estate", type=Path, required=True, help="registry snapshot to serve")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    parser.add_argument(
        "--choice-objects",
        action=argparse.BooleanOptionalAction,
        help="custom fields with a choice as value and label (default: from NetBox 4.7 on)",
    )
    parser.add_argument(
        "--paced", nargs="*", metavar="NAME=NUMBER", help="as slow as a real NetBox, with these numbers of the model"
    )
    chosen = parser.parse_args(arguments)
    token = os.environ.get("NETBOX_TOKEN", "")
    try:
        if not token:
            raise WerkplekError("NETBOX_TOKEN is not set: give the token that clients are to send")
        asyncio.run(_run(chosen, token))
    except (WerkplekError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return Exit.FAILED
    return Exit.OK


if __name__ == "__main__":
    sys.exit(main())
