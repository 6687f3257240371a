"""The Debian packages that the Windows lab needs to compile and run C#."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from werkplek.errors import Exit, WerkplekError

PACKAGES = (
    "mono-mcs",
    "mono-runtime",
    "libmono-system-core4.0-cil",
    "libmono-system-management4.0-cil",
    "libmono-system-web-extensions4.0-cil",
)
APT = ("-o", "DPkg::Lock::Timeout=600")


def missing() -> tuple[str, ...]:
    """The packages of PACKAGES that are not installed. Where dpkg is absent, mcs and mono on PATH count as all."""
    if shutil.which("dpkg-query") is None:
        return () if shutil.which("mcs") and shutil.which("mono") else PACKAGES
    command = ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *PACKAGES]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    installed = {line.split()[0] for line in listed.splitlines() if line.endswith(" installed")}
    return tuple(name for name in PACKAGES if name not in installed)


def ensure() -> None:
    """Install what is missing: with apt as root, otherwise by asking for it.

    Raises:
        WerkplekError: names the command to type, or what apt said.
    """
    wanted = missing()
    if not wanted:
        return
    by_hand = f"apt-get install --no-install-recommends {' '.join(wanted)}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise WerkplekError(
            f"the lab's Windows hosts need Debian's Mono; install it with: sudo {by_hand}", code=Exit.UNAVAILABLE
        )
    print(f"werkplek: installing {', '.join(wanted)} for the lab's Windows hosts", file=sys.stderr)  # noqa: T201
    _apt(["update"], by_hand)
    _apt(["install", "--yes", "--no-install-recommends", *wanted], by_hand)


def _apt(arguments: list[str], by_hand: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "--quiet", *APT, *arguments]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        text = (result.stderr or result.stdout).strip()
        raise WerkplekError(
            f"`{' '.join(command)}` failed; install Mono by hand with: {by_hand}\n{text}", code=Exit.UNAVAILABLE
        )
