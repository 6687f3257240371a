"""Image version, boot time, and whether a restart is due."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from .host import Host

REBOOT_FILE, REBOOT_PACKAGES = "/run/reboot-required", "/run/reboot-required.pkgs"


def image_version(host: Host) -> str | None:
    """IMAGE_VERSION of os-release(5); None where the image does not tell."""
    for line in (host.text("/etc/os-release") or "").splitlines():
        name, _, value = line.partition("=")
        if name == "IMAGE_VERSION":
            return value.strip().strip("\"'") or None
    return None


def reboot_because(host: Host) -> list[str]:
    """Why a restart is due: what packages asked for it (Debian policy's reboot-required)."""
    if host.text(REBOOT_FILE) is None:
        return []
    packages = sorted(set((host.text(REBOOT_PACKAGES) or "").split()))
    return [f"package {name}" for name in packages] or [f"{REBOOT_FILE} is there"]


def boot_time(host: Host) -> str:
    """When process 1 began: in a container the kernel is older than the host."""
    stat = host.text("/proc/stat") or ""
    kernel = next((int(line.split()[1]) for line in stat.splitlines() if line.startswith("btime ")), 0)
    ticks = int((host.text("/proc/1/stat") or "0 (?) ? " + "0 " * 20).rpartition(")")[2].split()[19])
    moment = datetime.fromtimestamp(kernel + ticks / os.sysconf("SC_CLK_TCK"), tz=UTC)
    return moment.isoformat(timespec="seconds")
