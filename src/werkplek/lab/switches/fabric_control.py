"""Brings a fabric up and down. A fabric is a state folder; fabrics in different folders run side by side."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from werkplek import processes
from werkplek.errors import Problem, WerkplekError
from werkplek.lab import packages
from werkplek.lab.daemon import locked
from werkplek.lab.linux.machine import chroot_reason
from werkplek.lab.switches import fabric, fabric_router, fabric_services
from werkplek.lab.switches.fabric import Plan
from werkplek.lab.switches.fabric_live import Fabric, folder_of
from werkplek.lab.switches.fabric_rows import Rows
from werkplek.lab.switches.fabric_space import MARK, Spaces, batch, command, enter
from werkplek.lab.switches.fabric_wiring import End, Wiring, wiring


def lacks() -> tuple[str, ...]:
    """Why this machine cannot run a fabric; empty where it can, or can once packages are installed."""
    if os.geteuid() != 0:
        return ("the fabric makes network namespaces, which needs root",)
    if chroot_reason():
        return ("this is a chroot into an ordinary folder, in which ip cannot enter a network namespace",)
    missing = packages.missing(packages.FABRIC)
    if missing and not packages.can_install():
        return (f"packages are missing: apt-get install --no-install-recommends {' '.join(missing)}",)
    probe = subprocess.run(["unshare", "--net", "true"], capture_output=True, text=True, check=False)
    return (f"this machine lets nobody make a network namespace: {probe.stderr.strip()}",) if probe.returncode else ()


def up(state: Path, plan: Plan) -> Fabric:
    """Start a fabric; what was there in this folder before goes. No switch forwards anything before `apply`.

    Raises:
        WerkplekError: the machine lacks something, or a part does not start; then nothing is left behind.
    """
    if reasons := lacks():
        raise WerkplekError(
            "This machine cannot run the lab's fabric.", [Problem(str(state), one, "root on Linux") for one in reasons]
        )
    packages.ensure(packages.FABRIC)
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locked(state / "fabric.lock"):
        _clear(state)
        try:
            return _start(state, plan)
        except BaseException:
            _clear(state)
            raise


def _start(state: Path, plan: Plan) -> Fabric:
    made = Fabric(state, plan, wiring(plan), Spaces(state))
    made.folder.mkdir(mode=0o700)
    fabric.write(plan, _file(state))
    switches = [made.spaces.of_switch(name) for name in ("", *plan.own)]
    made.spaces.add([*switches, *map(made.spaces.of, plan.names())])
    _lay(made.spaces, made.wired)
    for name in ("", *plan.own):
        _switch_on(made, name)
    fabric_router.start(plan.routers, made.folder / "routers", made.spaces)
    fabric_services.start(plan.services, made.folder, made.spaces)
    return made


def _lay(spaces: Spaces, wired: Wiring) -> None:
    """Lay the cables, and give everybody their interfaces. A router's addresses are its own affair.

    Checksums are computed here: the userspace datapath passes frames on as they are, and TCP would hang. Neighbours are
    asked for again after 50 ms instead of a second, so that a network that changed is seen at once.
    """
    pairs = [(spaces.of_switch(end.switch), end.name) for cable in wired.cables for end in cable]
    for (near, name), (far, other) in zip(pairs[::2], pairs[1::2], strict=True):
        batch("", [f"link add name {name} netns {near} type veth peer name {other} netns {far}"])
    for one in wired.devices:
        space, end = spaces.of(one.owner), one.outer
        switch = spaces.of_switch(end.switch)
        batch("", [f"link add name {end.name} netns {switch} type veth peer name {one.interface} netns {space}"])
        command(*enter(space), "ethtool", "--offload", one.interface, "tx", "off")
        lines = [f"ntable change name arp_cache dev {one.interface} retrans 50", f"link set dev {one.interface} up"]
        lines += [f"address add {one.address} dev {one.interface}"] if one.address else []
        lines += [f"route add default via {one.gateway}"] if one.gateway else []
        batch(space, lines)


def _switch_on(made: Fabric, switch: str) -> None:
    """Start the emulated switches, none of which forwards anything yet, or one that decides for itself.

    The latter begins as any Open vSwitch does: every port carries every VLAN.
    """
    one = made.open_vswitch(switch)
    one.folder.mkdir(mode=0o700)
    if switch:
        ports = tuple((port, made.edge(End(switch, port))) for port in made.plan.switches[switch])
        plugged = made.wired.at(switch)
        empty = [port for port in made.plan.switches[switch] if port not in plugged]
        batch(one.space, (f"tuntap add dev {port} mode tap" for port in empty))
        one.start({fabric.OWN_BRIDGE: (switch, ports)}, spanning=made.plan.ringed)
        ends = [port for port in made.plan.switches[switch] if port in plugged]
    else:
        emulated: dict[str, tuple[str, Rows]] = {bridge: (name, ()) for name, bridge in made.wired.bridges.items()}
        shared = {bridge: ("", ports) for bridge, ports in made.wired.shared.items()}
        one.start(emulated | shared, spanning=made.plan.ringed)
        ends = [name for ports in made.wired.shared.values() for name, _vlans in ports]
    batch(one.space, (f"link set dev {end} up" for end in ends))


def get(state: Path) -> Fabric | None:
    """The fabric that is up in `state`, or None."""
    if not _file(state).exists() or not processes.marked(MARK, str(state.resolve())):
        return None
    plan = fabric.read(_file(state))
    return Fabric(state, plan, wiring(plan), Spaces(state))


def down(state: Path) -> bool:
    """End the fabric in `state`, also one whose starter was killed half way; True when there was anything of it."""
    if not state.is_dir():
        return False
    with locked(state / "fabric.lock"):
        return _clear(state)


def _clear(state: Path) -> bool:
    spaces = Spaces(state)
    there = folder_of(state).exists() or bool(spaces.there())
    killed = processes.kill_marked(MARK, str(spaces.state))
    spaces.remove()
    shutil.rmtree(folder_of(state), ignore_errors=True)
    return there or killed > 0


def _file(state: Path) -> Path:
    return folder_of(state) / "plan.json"
