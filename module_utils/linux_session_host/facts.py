"""Image version, boot time, and whether a restart is due."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime

from .host import Host, HostError

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
    """When process 1 began (proc_pid_stat(5)), UTC: in a container the kernel is older. Raises HostError."""
    kernel = re.search(r"^btime (\d+)$", host.text("/proc/stat") or "", re.MULTILINE)
    first = (host.text("/proc/1/stat") or "").rpartition(")")[2].split()
    if kernel is None or len(first) < 20:
        raise HostError("/proc/stat and /proc/1/stat do not tell when this host started")
    moment = datetime.fromtimestamp(int(kernel[1]) + int(first[19]) / os.sysconf("SC_CLK_TCK"), tz=UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
