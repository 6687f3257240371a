"""Which hosts of an estate get a WinRM listener, and the sockets they listen on."""

from __future__ import annotations

import errno
import ipaddress
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from werkplek.errors import Problem, WerkplekError
from werkplek.registry import contract
from werkplek.registry.config import RegistryConfig, registry_config
from werkplek.registry.resolve import Managed, managed_objects
from werkplek.registry.tables import Snapshot

LOOPBACK = ipaddress.ip_network("127.0.0.0/8")
# The plugin's own defaults, for what the repository's registry.yml leaves out.
DEFAULTS: dict[str, object] = {
    "ring_field": "update_ring",
    "connect_by": ["primary_ip4", "primary_ip6"],
    "municipalities_dir": "municipalities",
    "compose": {},
    "groups": {},
    "keyed_groups": [],
    "strict": False,
}
ATTEMPTS = 50


def registry_options(file: Path) -> dict[str, Any]:
    """The options in an inventory source."""
    options = yaml.safe_load(file.read_text())
    if not isinstance(options, dict):
        raise WerkplekError(f"{file} is not an inventory source")
    return options


class WindowsHost(NamedTuple):
    """Where a host is reached, and the slug of its platform."""

    address: str
    platform: str


def windows_hosts(snapshot: Snapshot, registry: Path) -> dict[str, WindowsHost]:
    """Each Windows workplace that has a name and an address, by the rules of the inventory source `registry`.

    Raises:
        WerkplekError: a host that Ansible would reach has an address beyond loopback. The lab's password must never
            go to a real machine.
    """
    config = registry_config({**DEFAULTS, **registry_options(registry)}, registry)
    things = managed_objects(snapshot, config)
    problems = [
        Problem(thing.url, f"address {contract.connection(thing, config)}", f"an address in {LOOPBACK}")
        for thing in things
        if not contract.violations(thing, config) and not _loopback(thing, config)
    ]
    if problems:
        raise WerkplekError("this estate is not one for the lab", problems)
    return {
        contract.host_name(thing): WindowsHost(str(contract.connection(thing, config)), thing.system.platform.slug)
        for thing in things
        if thing.system is not None and thing.system.family == "windows" and _loopback(thing, config)
    }


def _loopback(thing: Managed, config: RegistryConfig) -> bool:
    """Whether a host is reached at an address of this machine; a name may lead anywhere."""
    try:
        return ipaddress.ip_address(contract.connection(thing, config) or "") in LOOPBACK
    except ValueError:
        return False


def listen(addresses: Sequence[str], port: int | None) -> tuple[int, list[socket.socket]]:
    """A listening socket on every address, all on one port: `port`, or one that is free on all of them.

    Raises:
        WerkplekError: the port is taken, or an address cannot be used.
    """
    if not addresses:
        return port or 0, []
    for _ in range(1 if port else ATTEMPTS):
        candidate = port or _free_port(addresses[0])
        sockets: list[socket.socket] = []
        try:
            sockets.extend(socket.create_server((address, candidate), backlog=128) for address in addresses)
        except OSError as error:
            for item in sockets:
                item.close()
            if error.errno == errno.EADDRINUSE and not port:
                continue
            where = f"{addresses[len(sockets)]}:{candidate}"
            raise WerkplekError(f"the lab cannot listen on {where}: {error.strerror}") from error
        return candidate, sockets
    raise WerkplekError(f"the lab found no port that is free on all of its {len(addresses)} addresses")


def _free_port(address: str) -> int:
    with socket.create_server((address, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
