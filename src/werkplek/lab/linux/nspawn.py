"""Lab hosts as systemd-nspawn containers: for root, CI included. Half a second a host, a few MB each.

Each host has a network namespace, an overlay over its image, and a cgroup in a cgroup2 hierarchy of its own mounting,
which also works where this machine's init is not systemd or its cgroups are hybrid. Ending the cgroup ends the host;
its mounts go with its mount namespace.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from werkplek import processes
from werkplek.errors import Exit, WerkplekError
from werkplek.lab.linux import images
from werkplek.lab.linux.machine import chroot_reason
from werkplek.lab.linux.model import LinuxFiles, LinuxHost, LinuxLab, gateway
from werkplek.lab.linux.seed import seed_files

MARK = "WERKPLEK_LINUX_LAB"  # in the environment of the lab's processes on this machine: its state folder
PROGRAMS = {
    "systemd-nspawn": "systemd-container",
    "mmdebstrap": "mmdebstrap",
    "ip": "iproute2",
    "ssh-keygen": "openssh-client",
}
INOTIFY = Path("/proc/sys/fs/inotify/max_user_instances")
PER_HOST = 9  # inotify instances that one Debian takes
NETWORKS = [f"198.18.{number}.0/24" for number in range(1, 255)]  # RFC 2544: never routed
REBOOT = 133  # systemd-nspawn's exit code when the guest asked for a restart


class Nspawn:
    """The backend for root."""

    name = "nspawn"

    def lacks(self) -> Sequence[str]:
        """See `Backend.lacks`."""
        if os.geteuid() != 0:
            return ("systemd-nspawn needs root; use --backend podman or docker, or sudo",)
        missing = sorted({package for program, package in PROGRAMS.items() if shutil.which(program) is None})
        if missing:
            return (f"packages are missing: apt-get install --no-install-recommends {' '.join(missing)}",)
        if reason := chroot_reason():
            return reason
        probe = ["unshare", "--mount", "sh", "-c", f"{cgroup_mount()} && ip link show lo > /dev/null"]
        result = subprocess.run(probe, capture_output=True, text=True, check=False)
        if result.returncode:
            return (f"this machine lets nobody mount cgroup2, which hosts need: {result.stderr.strip()}",)
        return ()

    def network(self, name: str) -> str:
        """A bridge with the first free /24 of NETWORKS; one lab at a time looks for one."""
        folder = images.cache_dir().parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (folder / "network.lock").open("w") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            return self.free_network(name)

    def free_network(self, name: str) -> str:
        """See `network`."""
        used = run("ip", "-oneline", "-4", "address", "show").stdout
        free = next((net for net in NETWORKS if f" {gateway(net)}/24 " not in used), None)
        if free is None:
            raise WerkplekError("254 Linux labs are up; take some down: werkplek lab linux down")
        run("ip", "link", "add", name, "type", "bridge")
        run("ip", "address", "add", f"{gateway(free)}/24", "dev", name)
        run("ip", "link", "set", name, "up")
        return free

    def start(self, lab: LinuxLab) -> None:
        """See `Backend.start`."""
        allow_inotify(len(lab.hosts))
        folders = images.images(host.image for host in lab.hosts)
        for number, host in enumerate(lab.hosts):
            connect(lab, number)
            boot(lab, number, host, folders[host.image])

    def stop(self, lab: LinuxLab) -> None:
        """See `Backend.stop`."""
        script = f"{cgroup_mount()}; cd /sys/fs/cgroup; {kill_script(lab)}"
        subprocess.run(["unshare", "--mount", "sh", "-c", script], capture_output=True, check=False)
        processes.kill_marked(MARK, str(lab.state))
        for number in range(len(lab.hosts)):
            subprocess.run(["ip", "netns", "delete", f"{lab.name}-{number}"], capture_output=True, check=False)
        subprocess.run(["ip", "link", "delete", lab.name], capture_output=True, check=False)


def cgroup_mount() -> str:
    """Shell: see cgroup2 at its usual place, in this mount namespace only (cgroups(7))."""
    return "{ umount -R /sys/fs/cgroup 2>/dev/null || true; mount -t cgroup2 none /sys/fs/cgroup; }"


def kill_script(lab: LinuxLab) -> str:
    """Shell: end every host of the lab and wait until its cgroup is empty. Killing nspawn alone would leave guests."""
    return f"""
for host in {lab.name}-*; do
  [ -d "$host" ] || continue
  echo 1 > "$host/cgroup.kill"
done
for host in {lab.name}-*; do
  [ -d "$host" ] || continue
  for _ in $(seq 100); do grep -q '^populated 0' "$host/cgroup.events" && break; sleep 0.05; done
  find "$host" -depth -type d -exec rmdir {{}} \\;
done
"""


def connect(lab: LinuxLab, number: int) -> None:
    """A network namespace with one interface `host0` on the lab's bridge."""
    space, outside = f"{lab.name}-{number}", f"{lab.name}v{number}"
    run("ip", "netns", "add", space)
    run("ip", "link", "add", outside, "type", "veth", "peer", "name", "host0", "netns", space)
    run("ip", "link", "set", outside, "master", lab.name, "up")
    run("ip", "-n", space, "link", "set", "lo", "up")
    run("ip", "-n", space, "address", "add", f"{lab.hosts[number].address}/24", "dev", "host0")
    run("ip", "-n", space, "link", "set", "host0", "up")


def boot(lab: LinuxLab, number: int, host: LinuxHost, image: Path) -> None:
    """Start a host; it goes on after this process and starts again when it asks for that."""
    folder = LinuxFiles(lab.state).hosts / host.name
    for name in ("upper", "work", "root"):
        (folder / name).mkdir(mode=0o755, parents=True, exist_ok=True)
    (folder / "seed.tar").write_bytes(seed_files(lab, host))
    with (folder / "console.log").open("wb") as log:
        subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", boot_script(lab, number, host, image)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, MARK: str(lab.state), "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "network"},
        )


def boot_script(lab: LinuxLab, number: int, host: LinuxHost, image: Path) -> str:
    """Shell: the host's cgroup, its disk, what makes it this host, and the guest."""
    space, folder = f"{lab.name}-{number}", LinuxFiles(lab.state).hosts / host.name
    return f"""set -e
{cgroup_mount()}
mkdir -p /sys/fs/cgroup/{space}
echo $$ > /sys/fs/cgroup/{space}/cgroup.procs
mount -t overlay overlay -o lowerdir={image},upperdir={folder}/upper,workdir={folder}/work {folder}/root
tar --directory={folder}/root --extract --file={folder}/seed.tar
set +e
while :; do
  systemd-nspawn --quiet --register=no --keep-unit --boot --console=read-only --machine={host.name.lower()} \
    --resolv-conf=off --capability=CAP_NET_ADMIN --network-namespace-path=/run/netns/{space} --directory={folder}/root
  [ $? = {REBOOT} ] || break
done
"""


def allow_inotify(hosts: int) -> None:
    """Raise the machine's limit where this many hosts would hit it; each would fail to boot without a word."""
    wanted, limit = 64 + hosts * PER_HOST, int(INOTIFY.read_text())
    if limit < wanted:
        run("sysctl", "--quiet", "--write", f"fs.inotify.max_user_instances={max(wanted, 8192)}")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """A command that must work."""
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        said = result.stderr.strip() or result.stdout.strip()
        raise WerkplekError(f"`{' '.join(command)}` failed: {said}", code=Exit.UNAVAILABLE)
    return result
