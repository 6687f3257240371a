"""The Debian packages that the labs need: Mono for the Windows hosts, and what runs real Debian hosts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass

from werkplek.errors import Exit, WerkplekError


@dataclass(frozen=True, slots=True)
class Need:
    """Packages for one purpose. Where dpkg is absent, `programs` on PATH count as all of them."""

    what_for: str
    packages: tuple[str, ...]
    programs: tuple[str, ...]


WINDOWS = Need(
    "the lab's Windows hosts",
    (
        "mono-mcs",
        "mono-runtime",
        "libmono-system-core4.0-cil",
        "libmono-system-management4.0-cil",
        "libmono-system-web-extensions4.0-cil",
    ),
    ("mcs", "mono"),
)
LINUX = Need(
    "the lab's Debian hosts",
    ("mmdebstrap", "debian-archive-keyring", "systemd-container", "iproute2", "openssh-client"),
    ("mmdebstrap", "systemd-nspawn", "ip", "ssh"),
)
# runc, because crun does not start in the hybrid cgroups that some build machines have.
PODMAN = Need(
    "the lab's Debian hosts in podman",
    ("podman", "runc", "netavark", "aardvark-dns", "conmon", "iptables", "nftables", "uidmap"),
    ("podman",),
)
FABRIC = Need(
    "the lab's network fabric",
    ("openvswitch-switch", "frr", "iproute2", "ethtool", "iputils-ping"),
    ("ovsdb-server", "ovsdb-tool", "ovs-vswitchd", "vtysh", "ip", "ethtool", "ping"),
)
APT = ("-o", "DPkg::Lock::Timeout=600")


def missing(need: Need) -> tuple[str, ...]:
    """The packages of a need that are not installed."""
    if shutil.which("dpkg-query") is None:
        return () if all(map(shutil.which, need.programs)) else need.packages
    command = ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *need.packages]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    installed = {line.split()[0] for line in listed.splitlines() if line.endswith(" installed")}
    return tuple(name for name in need.packages if name not in installed)


def ensure(*needs: Need) -> None:
    """Install what is missing: with apt as root, otherwise by asking for it.

    Raises:
        WerkplekError: names the command to type, or what apt said.
    """
    lacking = {need.what_for: missing(need) for need in needs}
    wanted = [name for names in lacking.values() for name in names]
    if not wanted:
        return
    what_for = " and ".join(purpose for purpose, names in lacking.items() if names)
    by_hand = f"apt-get install --no-install-recommends {' '.join(wanted)}"
    if not can_install():
        raise WerkplekError(f"for {what_for} packages are missing: sudo {by_hand}", code=Exit.UNAVAILABLE)
    print(f"werkplek: installing {', '.join(wanted)} for {what_for}", file=sys.stderr)  # noqa: T201
    _apt(["update"], by_hand)
    _apt(["install", "--yes", "--no-install-recommends", *wanted], by_hand)


def can_install() -> bool:
    """Whether this process may install packages."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt(arguments: list[str], by_hand: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "--quiet", *APT, *arguments]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        text = (result.stderr or result.stdout).strip()
        raise WerkplekError(
            f"`{' '.join(command)}` failed; install the packages by hand with: {by_hand}\n{text}",
            code=Exit.UNAVAILABLE,
        )
