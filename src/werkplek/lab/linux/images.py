"""Root file systems of lab hosts, built with mmdebstrap from this machine's own Debian mirror and kept in a cache."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from werkplek.errors import Exit, WerkplekError
from werkplek.lab.linux.model import ACCOUNT
from werkplek.processes import PROC

# systemd-logind (libpam-systemd) tells who has a session; python3-apt is for Ansible's own apt module, in benchmarks.
BASE = (
    "systemd-sysv",
    "dbus",
    "libpam-systemd",
    "openssh-server",
    "python3",
    "python3-apt",
    "sudo",
    "iproute2",
    "procps",
    "kmod",
    "ca-certificates",
    "tzdata",
    "locales",
)
MASKED = (
    "getty.target",
    "console-getty.service",
    "systemd-udevd.service",
    "systemd-modules-load.service",
)
# A lab's disk may be lost: dpkg need not wait for it.
DPKG = "force-unsafe-io\n"
LEAVE_OUT = ("/usr/share/man/*", "/usr/share/doc/*", "/usr/share/locale/*")
SESSION_HOST = ("xrdp", "xorgxrdp", "openbox", "xterm", "dbus-x11", "x11-utils")
DOMAIN_CONTROLLER = (
    "samba-ad-dc",
    "samba-ad-provision",
    "winbind",
    "krb5-user",
    "ldap-utils",
    "libsasl2-modules-gssapi-mit",
    "openssh-client",
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """An image: Debian suite, packages beside the base, and the version that its os-release states (os-release(5))."""

    name: str
    suite: str
    packages: tuple[str, ...]
    version: str

    @property
    def digest(self) -> str:
        """Moves when anything moves that the image is made of."""
        made_of = json.dumps([asdict(self), BASE, MASKED, DPKG, LEAVE_OUT, setup_script(self)])
        return hashlib.sha256(made_of.encode()).hexdigest()[:12]


RECIPES: Mapping[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe("trixie", "trixie", (), "2026.11.1"),
        Recipe("bookworm", "bookworm", (), "2026.11.1"),
        Recipe("session-host", "trixie", SESSION_HOST, "2026.11.1"),
        Recipe("domain-controller", "trixie", DOMAIN_CONTROLLER, "2026.11.1"),
    )
}


def setup_script(recipe: Recipe) -> str:
    """What is done to the new root, `$1`, as a shell script: the operators' account, no keys, no machine id."""
    masks = "\n".join(f'ln -sf /dev/null "$1/etc/systemd/system/{unit}"' for unit in MASKED)
    return f"""set -eu
{masks}
chroot "$1" systemctl --quiet disable apt-daily.timer apt-daily-upgrade.timer
chroot "$1" useradd --create-home --shell /bin/bash {ACCOUNT}
chroot "$1" install -d -m 0700 -o {ACCOUNT} -g {ACCOUNT} /home/{ACCOUNT}/.ssh
printf '%s ALL=(ALL) NOPASSWD: ALL\\n' {ACCOUNT} > "$1/etc/sudoers.d/{ACCOUNT}"
chmod 0440 "$1/etc/sudoers.d/{ACCOUNT}"
printf '{DPKG.strip()}\\n' > "$1/etc/dpkg/dpkg.cfg.d/lab"
cp --remove-destination "$1/usr/lib/os-release" "$1/etc/os-release"
printf 'IMAGE_ID=werkplek-{recipe.name}\\nIMAGE_VERSION={recipe.version}\\n' >> "$1/etc/os-release"
rm -f "$1"/etc/ssh/ssh_host_* "$1"/etc/apt/sources.list.d/*
: > "$1/etc/machine-id"
"""


def cache_dir() -> Path:
    """Where images are kept: below `$XDG_CACHE_HOME`, else `~/.cache`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "werkplek" / "images"


def image(name: str) -> Path:
    """Folder with the image's root file system; built when it is not there.

    Raises:
        WerkplekError: mmdebstrap failed; says what it said last.
    """
    recipe = RECIPES[name]
    folder = cache_dir() / f"{recipe.name}-{recipe.digest}"
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        if not folder.is_dir():
            remove_former(recipe, folder)
            build(recipe, folder)
    return folder


def images(names: Iterable[str]) -> dict[str, Path]:
    """Folders of several images."""
    return {name: image(name) for name in sorted(set(names))}


def remove_former(recipe: Recipe, folder: Path) -> None:
    """Earlier builds of the recipe that no lab runs on, and what a killed build left."""
    for old in folder.parent.glob(f"{recipe.name}-*"):
        if old.is_dir() and old != folder and not in_use(old):
            shutil.rmtree(old)


def in_use(folder: Path) -> bool:
    """Whether a host runs on an image: its overlay is mounted for some process (proc_pid_mountinfo(5))."""
    mark = f"lowerdir={folder},"
    for file in PROC.glob("[0-9]*/mountinfo"):
        with contextlib.suppress(OSError):  # the process is gone
            if mark in file.read_text():
                return True
    return False


def build(recipe: Recipe, folder: Path) -> None:
    """Build beside `folder`, then rename: an image is whole or absent."""
    print(f"werkplek: building the lab image {recipe.name} (about half a minute)", file=sys.stderr)  # noqa: T201
    partial = folder.with_name(f"{folder.name}.partial")
    script = folder.with_suffix(".sh")
    script.write_text(f"#!/bin/sh\n{setup_script(recipe)}")
    script.chmod(0o700)
    result = subprocess.run(command(recipe, partial, script), capture_output=True, text=True, check=False)
    script.unlink()
    if result.returncode:
        shutil.rmtree(partial, ignore_errors=True)
        tail = "\n".join(result.stderr.strip().splitlines()[-8:])
        raise WerkplekError(f"mmdebstrap could not build the lab image {recipe.name}:\n{tail}", code=Exit.UNAVAILABLE)
    partial.rename(folder)


def command(recipe: Recipe, target: Path, script: Path) -> list[str]:
    """mmdebstrap's command line; the mirror is the one that this machine's apt uses for Debian, else Debian's own."""
    return [
        "mmdebstrap",
        "--variant=minbase",
        f"--include={','.join((*BASE, *recipe.packages))}",
        *(f"--dpkgopt=path-exclude={pattern}" for pattern in LEAVE_OUT),
        "--dpkgopt=force-unsafe-io",
        f"--customize-hook={script}",
        recipe.suite,
        str(target),
    ]
