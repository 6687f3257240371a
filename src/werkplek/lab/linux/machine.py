"""What this machine is, as far as every way of running hosts depends on it."""

from __future__ import annotations

from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")


def chroot_reason(mounts: Path = MOUNTS) -> tuple[str, ...]:
    """Why no host can start here, where this process lives in a chroot: its root cannot be mounted anew for a host.

    A root that is a mount point of its own has a line in mountinfo (proc_pid_mountinfo(5), field 5); a chroot into an
    ordinary folder has none.
    """
    points = {line.split()[4] for line in mounts.read_text().splitlines()}
    if "/" in points:
        return ()
    return (
        "this is a chroot into an ordinary folder, from which no host can start: bind-mount the folder onto itself",
    )
