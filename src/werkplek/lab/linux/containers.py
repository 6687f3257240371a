"""Lab hosts as podman or docker containers with systemd inside: for users, with or without root."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Sequence

from werkplek.errors import Exit, WerkplekError
from werkplek.lab.linux import images
from werkplek.lab.linux.machine import chroot_reason
from werkplek.lab.linux.model import LinuxHost, LinuxLab
from werkplek.lab.linux.seed import seed_files

NETWORKS = [f"198.19.{number}.0/24" for number in range(1, 255)]  # RFC 2544: never routed
ENOUGH = 8192  # files and processes of a lab host


class Containers:
    """podman or docker, whichever `program` says."""

    def __init__(self, program: str) -> None:
        self.name = program

    def lacks(self) -> Sequence[str]:
        """See `Backend.lacks`."""
        if shutil.which(self.name) is None:
            return (f"{self.name} is not installed",)
        if shutil.which("mmdebstrap") is None:
            return ("mmdebstrap is not installed: apt-get install --no-install-recommends mmdebstrap",)
        if reason := chroot_reason():
            return reason
        result = subprocess.run([self.name, "info"], capture_output=True, text=True, check=False)
        if result.returncode:
            return (f"`{self.name} info` fails: {last_line(result.stderr)}",)
        if self.name == "podman" and os.geteuid() != 0:
            # Rootless containers have no address that this machine can reach: pasta and slirp4netns give only ports.
            return ("rootless podman gives its containers no address to reach them by: use sudo, or docker",)
        return ()

    def network(self, name: str) -> str:
        """A network of its own with the first free /24 of NETWORKS."""
        for network in NETWORKS:
            command = [self.name, "network", "create", "--subnet", network, name]
            result = subprocess.run(command, capture_output=True, text=True, check=False)
            if result.returncode == 0:
                return network
            if not any(word in result.stderr for word in ("already used", "overlaps", "being used")):
                raise WerkplekError(f"`{' '.join(command)}` failed: {last_line(result.stderr)}", code=Exit.UNAVAILABLE)
        raise WerkplekError("254 Linux labs are up; take some down: werkplek lab linux down")

    def start(self, lab: LinuxLab) -> None:
        """See `Backend.start`."""
        names = {host.image: self.imported(host.image) for host in lab.hosts}
        for number, host in enumerate(lab.hosts):
            container = f"{lab.name}-{number}"
            self.run("create", "--name", container, *self.options(lab, host), names[host.image], "/sbin/init")
            self.seed(lab, host, container)
            self.run("start", container)

    def options(self, lab: LinuxLab, host: LinuxHost) -> list[str]:
        """How a container becomes a machine with systemd: podman knows, docker must be told."""
        network = ["--hostname", host.name.lower(), "--network", lab.name, "--ip", host.address, "--restart", "always"]
        rights = ["--cap-add", "SYS_ADMIN", "--cap-add", "NET_ADMIN", *own_limits()]
        if self.name == "podman":
            return [*network, *rights, "--systemd", "always"]
        folders = ["--tmpfs", "/run", "--tmpfs", "/run/lock", "--volume", "/sys/fs/cgroup:/sys/fs/cgroup:rw"]
        security = ["--security-opt", "seccomp=unconfined", "--security-opt", "systempaths=unconfined"]
        return [*network, *rights, *folders, *security, "--cgroupns", "host"]

    def imported(self, name: str) -> str:
        """The lab image of that name as an image of this engine; imported once."""
        tag = f"localhost/werkplek-lab:{name}-{images.RECIPES[name].digest}"
        if subprocess.run([self.name, "image", "inspect", tag], capture_output=True, check=False).returncode == 0:
            return tag
        with subprocess.Popen(
            ["tar", "--directory", str(images.image(name)), "--create", "."], stdout=subprocess.PIPE
        ) as packing:
            changes = ["--change", "STOPSIGNAL SIGRTMIN+3"]
            command = [self.name, "import", *changes, "-", tag]
            result = subprocess.run(command, stdin=packing.stdout, capture_output=True, text=True, check=False)
        if result.returncode or packing.returncode:
            said = last_line(result.stderr) if result.returncode else f"tar ended with {packing.returncode}"
            subprocess.run([self.name, "image", "rm", tag], capture_output=True, check=False)  # it may be a part
            raise WerkplekError(f"`{' '.join(command)}` failed: {said}", code=Exit.UNAVAILABLE)
        return tag

    def seed(self, lab: LinuxLab, host: LinuxHost, container: str) -> None:
        """Make the container this host, as a tar stream so that owners and modes arrive."""
        with tempfile.TemporaryFile() as stream:
            stream.write(seed_files(lab, host))
            stream.seek(0)
            # podman gives files to root with --archive, docker without it: the same word, opposite meanings
            keep_owners = ["--archive"] if self.name == "docker" else ["--archive=false"]
            command = [self.name, "cp", *keep_owners, "-", f"{container}:/"]
            result = subprocess.run(command, stdin=stream, capture_output=True, text=True, check=False)
        if result.returncode:
            raise WerkplekError(f"`{' '.join(command)}` failed: {last_line(result.stderr)}", code=Exit.UNAVAILABLE)

    def stop(self, lab: LinuxLab) -> None:
        """See `Backend.stop`."""
        names = [f"{lab.name}-{number}" for number in range(len(lab.hosts))]
        for arguments in (["rm", "--force", "--volumes", *names], ["network", "rm", lab.name]):
            if shutil.which(self.name):
                subprocess.run([self.name, *arguments], capture_output=True, check=False)

    def run(self, *arguments: str) -> None:
        """A command of the engine that must work."""
        result = subprocess.run([self.name, *arguments], capture_output=True, text=True, check=False)
        if result.returncode:
            raise WerkplekError(
                f"`{self.name} {arguments[0]}` failed: {last_line(result.stderr)}", code=Exit.UNAVAILABLE
            )


def own_limits() -> list[str]:
    """Limits that no machine refuses: an engine's defaults may be higher than its own, which fails the start."""
    kinds = {"nofile": resource.RLIMIT_NOFILE, "nproc": resource.RLIMIT_NPROC}
    limits = {
        name: min([ENOUGH, *(most for most in resource.getrlimit(kind) if most > 0)]) for name, kind in kinds.items()
    }
    return [part for name, most in limits.items() for part in ("--ulimit", f"{name}={most}:{most}")]


def last_line(text: str) -> str:
    """The last line of what a program said."""
    lines = text.strip().splitlines()
    return lines[-1] if lines else "without a word"
