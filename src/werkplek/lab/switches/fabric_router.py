"""Routers of a fabric: FRR, each in a namespace of its own, with a leg for each network that it routes between."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from werkplek.errors import Exit, Problem, WerkplekError
from werkplek.lab.switches.fabric import Router
from werkplek.lab.switches.fabric_space import Spaces, command, enter

PROGRAMS = Path("/usr/lib/frr")
USER = "frr"  # what Debian's FRR drops its privileges to
SECONDS = 20.0
# Sockets, pid files and configuration have fixed places, other ones in each release: here both are the router's folder,
# in a mount namespace of the process.
OWN_PLACES = (
    'mount -t tmpfs frr /run && mkdir /run/frr && mount --bind "$0" /run/frr && mount --bind "$0" /etc/frr && exec "$@"'
)


def configuration(router: Router) -> str:
    """Its frr.conf (FRR's user guide, "Zebra" and "STATIC")."""
    legs = [f"interface eth{number}\n ip address {address}\n!" for number, (_, address) in enumerate(router.legs)]
    routes = [f"ip route {route.network} {route.via}" for route in router.routes]
    return "\n".join(["frr defaults traditional", f"hostname {router.name}", "ip forwarding", *legs, *routes, ""])


def start(routers: Sequence[Router], folder: Path, spaces: Spaces) -> None:
    """Start them all, and wait until each has its addresses.

    Raises:
        WerkplekError: one does not get there; says what it logged.
    """
    for router in routers:
        own = folder / router.name
        own.mkdir(parents=True)
        (own / "frr.conf").write_text(configuration(router))
        (own / "vtysh.conf").touch()
        for place in (own, *own.iterdir()):
            shutil.chown(place, USER, USER)
    # One daemon after another: who misses another's socket tries again only after seconds.
    for program, socket in (("zebra", "zserv.api"), ("mgmtd", "mgmtd.vty"), ("staticd", "staticd.vty")):
        if program == "mgmtd" and not (PROGRAMS / program).exists():
            continue  # FRR 8
        for router in routers:
            _start(program, router, folder / router.name, spaces)
        for router in routers:
            _await(folder / router.name, (folder / router.name / socket).exists)
    for router in routers:
        command(*_in(router, folder / router.name, spaces), "vtysh", "-b")
    for router in routers:
        _await(folder / router.name, lambda router=router: addressed(router, spaces))  # type: ignore[misc]


def addressed(router: Router, spaces: Spaces) -> bool:
    """Whether its legs have their addresses. Its routes come and go with its legs' links."""
    shown = command("ip", "-netns", spaces.of(router.name), "-oneline", "-4", "address")
    return all(f" {address} " in shown for _place, address in router.legs)


def _in(router: Router, own: Path, spaces: Spaces) -> list[str]:
    private = ["unshare", "--mount", "--propagation", "private", "sh", "-c", OWN_PLACES, str(own)]
    return [*enter(spaces.of(router.name)), *private]


def _start(program: str, router: Router, own: Path, spaces: Spaces) -> None:
    with (own / f"{program}.log").open("wb") as log:
        subprocess.Popen(
            [*_in(router, own, spaces), str(PROGRAMS / program), "-P", "0", "--log", "stdout"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=spaces.environment(),
        )


def _await(own: Path, done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not done():
        if time.monotonic() > deadline:
            said = [line for log in sorted(own.glob("*.log")) for line in log.read_text().splitlines()[-2:]]
            problem = Problem(f"router {own.name}", " / ".join(said) or "no word", "its addresses")
            raise WerkplekError(f"FRR did not start in {SECONDS:.0f} seconds.", [problem], code=Exit.UNAVAILABLE)
        time.sleep(0.01)
