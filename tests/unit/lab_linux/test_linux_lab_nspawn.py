"""Hosts of systemd-nspawn: what the machine lacks, in words, and the shell texts that start and end a host."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
from linux_lab import lab_in

from werkplek.errors import Exit, WerkplekError
from werkplek.lab.linux import nspawn
from werkplek.lab.linux.nspawn import Nspawn, boot_script, cgroup_mount, gateway, kill_script

MOUNT = "{ umount -R /sys/fs/cgroup 2>/dev/null || true; mount -t cgroup2 none /sys/fs/cgroup; }"


@pytest.fixture
def able(programs, monkeypatch):
    """A machine that can run hosts."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    for name in (*nspawn.PROGRAMS, "unshare"):
        programs.make(name)
    return programs


def test_a_machine_that_lacks_nothing(able):
    assert Nspawn().lacks() == ()
    assert able.calls == [f"unshare --mount sh -c {MOUNT} && ip link show lo > /dev/null"]


def test_who_is_not_root_is_told_the_other_ways(able, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert Nspawn().lacks() == ("systemd-nspawn needs root; use --backend podman or docker, or sudo",)
    assert able.calls == []


def test_missing_programs_are_told_as_packages(able, monkeypatch):
    monkeypatch.setenv("PATH", str(able.folder))
    for name in ("systemd-nspawn", "mmdebstrap", "ip"):
        (able.folder / name).unlink()
    assert Nspawn().lacks() == (
        "packages are missing: apt-get install --no-install-recommends iproute2 mmdebstrap systemd-container",
    )
    assert able.calls == []


def test_a_machine_that_mounts_no_cgroups(able):
    able.make("unshare", "echo 'mount: /sys/fs/cgroup: permission denied.' >&2; exit 32")
    assert Nspawn().lacks() == (
        "this machine lets nobody mount cgroup2, which hosts need: mount: /sys/fs/cgroup: permission denied.",
    )


def used(*networks: int) -> str:
    return "".join(f"3: wp{n}    inet 198.18.{n}.1/24 scope global wp{n}\n" for n in networks)


@pytest.mark.parametrize(
    ("taken", "free"), [((), 1), ((1,), 2), ((2,), 1), ((1, 2, 4), 3), ((11, 1), 2), (range(1, 254), 254)]
)
def test_a_lab_has_the_first_free_network(programs, taken, free):
    programs.make("ip", f'case "$*" in *show*) printf "{used(*taken)}";; esac')
    assert Nspawn().network("wpabc") == f"198.18.{free}.0/24"
    assert programs.calls == [
        "ip -oneline -4 address show",
        "ip link add wpabc type bridge",
        f"ip address add 198.18.{free}.1/24 dev wpabc",
        "ip link set wpabc up",
    ]


def test_no_network_is_free(programs):
    programs.make("ip", f'printf "{used(*range(1, 255))}"')
    with pytest.raises(WerkplekError) as caught:
        Nspawn().network("wpabc")
    assert str(caught.value) == "254 Linux labs are up; take some down: werkplek lab linux down"
    assert len(programs.calls) == 1


def test_a_command_that_fails_says_what_it_said(programs):
    programs.make("ip", 'case "$*" in *"link add"*) echo "RTNETLINK answers: File exists" >&2; exit 2;; esac')
    with pytest.raises(WerkplekError) as caught:
        Nspawn().network("wpabc")
    assert str(caught.value) == "`ip link add wpabc type bridge` failed: RTNETLINK answers: File exists"
    assert caught.value.code == Exit.UNAVAILABLE


def test_this_machine_is_the_first_address():
    assert gateway("198.18.7.0/24") == "198.18.7.1"


def test_a_host_has_one_interface_on_the_labs_bridge(lab, programs):
    programs.make("ip")
    nspawn.connect(lab, 1)
    assert programs.calls == [
        "ip netns add wpabc-1",
        "ip link add wpabcv1 type veth peer name host0 netns wpabc-1",
        "ip link set wpabcv1 master wpabc up",
        "ip -n wpabc-1 link set lo up",
        "ip -n wpabc-1 address add 198.18.9.11/24 dev host0",
        "ip -n wpabc-1 link set host0 up",
    ]


def test_how_a_host_starts(lab):
    folder = f"{lab.state}/hosts/PAP-KS-0001"
    assert (
        boot_script(lab, 1, lab.hosts[1], Path("/c/bookworm-1"))
        == f"""set -e
{MOUNT}
mkdir -p /sys/fs/cgroup/wpabc-1
echo $$ > /sys/fs/cgroup/wpabc-1/cgroup.procs
mount -t overlay overlay -o lowerdir=/c/bookworm-1,upperdir={folder}/upper,workdir={folder}/work {folder}/root
tar --directory={folder}/root --extract --file={folder}/seed.tar
set +e
while :; do
  systemd-nspawn --quiet --register=no --keep-unit --boot --console=read-only --machine=pap-ks-0001 \
    --resolv-conf=off --capability=CAP_NET_ADMIN --network-namespace-path=/run/netns/wpabc-1 --directory={folder}/root
  [ $? = 133 ] || break
done
"""
    )


@pytest.fixture
def boots(lab, programs, tmp_path, monkeypatch):
    """Runs the start of the first host with mounts that do nothing and a folder for its cgroups."""
    for name in ("mount", "umount", "systemd-nspawn"):
        programs.make(name)
    monkeypatch.setenv("TAR_OPTIONS", "--no-same-owner")  # nobody need be root here
    cgroups = tmp_path / "cgroup"
    cgroups.mkdir()
    nspawn_folder = lab.state / "hosts" / lab.hosts[0].name
    (nspawn_folder / "root").mkdir(parents=True)
    (nspawn_folder / "seed.tar").write_bytes(nspawn.seed_files(lab, lab.hosts[0]))

    def run() -> tuple[int, list[str]]:
        script = boot_script(lab, 0, lab.hosts[0], Path("/c/trixie-1")).replace("/sys/fs/cgroup", str(cgroups))
        done = subprocess.run(["sh", "-c", script], check=False, capture_output=True)
        return done.returncode, [line for line in programs.calls if line.startswith("systemd-nspawn")]

    return run


def test_a_host_starts_again_when_it_asks_for_that_and_else_ends(boots, programs, tmp_path, lab):
    programs.make("systemd-nspawn", f'echo x >> {tmp_path}/boots; [ "$(wc -l < {tmp_path}/boots)" -lt 3 ] && exit 133')
    code, started = boots()
    assert len(started) == 3
    assert code == 0
    assert (lab.state / "hosts/DRD-KS-0001/root/etc/hostname").read_text() == "drd-ks-0001\n"
    assert (tmp_path / "cgroup/wpabc-0/cgroup.procs").read_text().strip().isdigit()


@pytest.mark.parametrize("broken", ["mount", "tar"])
def test_a_host_without_its_disk_does_not_start(boots, programs, broken):
    programs.make(broken, "exit 1")
    code, started = boots()
    assert (code, started) == (1, [])


@pytest.fixture
def cgroups(tmp_path):
    """A folder as cgroup2 is: two hosts of the lab, one of another's."""
    for name in ("wpabc-0", "wpabc-1", "wpabcd-0", "other"):
        (tmp_path / "cgroup" / name / "init.scope").mkdir(parents=True)
        (tmp_path / "cgroup" / name / "cgroup.kill").touch()
        (tmp_path / "cgroup" / name / "cgroup.events").write_text("populated 0\nfrozen 0\n")
    return tmp_path / "cgroup"


def test_the_labs_own_hosts_end_with_all_that_is_in_them(lab, cgroups, programs):
    programs.make("rmdir", 'for last in "$@"; do :; done; rm -r "$last"')  # a cgroup's files need no deleting
    subprocess.run(["sh", "-c", f"cd {cgroups} || exit\n{kill_script(lab)}"], check=True)
    assert sorted(path.name for path in cgroups.iterdir()) == ["other", "wpabcd-0"]
    assert [line.split()[-1] for line in programs.calls] == [
        *("wpabc-0/init.scope", "wpabc-0", "wpabc-1/init.scope", "wpabc-1"),
    ]


def test_every_host_is_told_to_end_before_one_is_waited_for(lab, cgroups, programs):
    programs.make("rmdir")
    empty = f'for one in {cgroups}/*; do echo "populated 0" > "$one/cgroup.events"; done'
    programs.make("sleep", f"cat {cgroups}/wpabc-*/cgroup.kill; {empty}")
    (cgroups / "wpabc-0" / "cgroup.events").write_text("populated 1\nfrozen 0\n")
    done = subprocess.run(
        ["sh", "-c", f"cd {cgroups} || exit\n{kill_script(lab)}"], check=True, capture_output=True, text=True
    )
    assert done.stdout == "1\n1\n"
    assert [line for line in programs.calls if line.startswith("sleep")] == ["sleep 0.05"]
    assert (cgroups / "other" / "cgroup.kill").read_text() == ""


def test_ending_hosts_that_are_not_there_is_no_error(lab, tmp_path):
    subprocess.run(["sh", "-e", "-c", f"cd {tmp_path}\n{kill_script(lab)}"], check=True)


def test_a_lab_ends_with_its_namespaces_and_its_bridge(lab, programs, monkeypatch):
    killed = []
    monkeypatch.setattr(nspawn.processes, "kill_marked", lambda name, value: killed.append((name, value)))
    for name in ("unshare", "ip"):
        programs.make(name, "exit 1")  # none of it is there any more
    Nspawn().stop(lab)
    assert killed == [("WERKPLEK_LINUX_LAB", str(lab.state))]
    told = "\n".join(programs.calls)
    assert told.startswith(f"unshare --mount sh -c {cgroup_mount()}; cd /sys/fs/cgroup; \nfor host in wpabc-*; do")
    assert programs.calls[-4:] == [
        *(f"ip netns delete wpabc-{number}" for number in range(3)),
        "ip link delete wpabc",
    ]


@pytest.mark.parametrize(
    ("hosts", "limit", "raised"),
    [(1, 128, None), (7, 128, None), (8, 128, 8192), (100, 500, 8192), (1000, 8192, 9064), (1000, 9064, None)],
)
def test_the_machines_limit_is_raised_where_hosts_would_hit_it(programs, monkeypatch, tmp_path, hosts, limit, raised):
    programs.make("sysctl")
    monkeypatch.setattr(nspawn, "INOTIFY", tmp_path / "max")
    (tmp_path / "max").write_text(f"{limit}\n")
    nspawn.allow_inotify(hosts)
    expected = [f"sysctl --quiet --write fs.inotify.max_user_instances={raised}"] if raised else []
    assert programs.calls == expected


def test_hosts_start_from_their_images_in_turn(lab, programs, monkeypatch):
    monkeypatch.setattr(nspawn.images, "images", lambda names: {name: Path(f"/c/{name}") for name in names})
    monkeypatch.setattr(nspawn, "allow_inotify", lambda hosts: None)
    programs.make("ip")
    programs.make("unshare", "env | grep -E '^(WERKPLEK_LINUX_LAB|SYSTEMD_NSPAWN)'")
    Nspawn().start(lab)
    log = lab.state / "hosts/DRS-VL-0001/console.log"
    for _ in range(500):  # the host goes on beside this process
        if log.read_text().count("\n") == 2:
            break
        time.sleep(0.02)
    assert sorted(log.read_text().splitlines()) == [
        "SYSTEMD_NSPAWN_API_VFS_WRITABLE=network",
        f"WERKPLEK_LINUX_LAB={lab.state}",
    ]
    assert sorted(path.name for path in (lab.state / "hosts").iterdir()) == [
        "DRD-KS-0001",
        "DRS-VL-0001",
        "PAP-KS-0001",
    ]
    assert (lab.state / "hosts/DRD-KS-0001/seed.tar").read_bytes() == nspawn.seed_files(lab, lab.hosts[0])


def test_no_two_hosts_of_a_lab_share_a_namespace_or_an_interface(tmp_path):
    lab = lab_in(tmp_path, 12, 0)
    scripts = [boot_script(lab, number, host, Path("/c/x")) for number, host in enumerate(lab.hosts)]
    assert len({script.partition("netns/")[2].split()[0] for script in scripts}) == 12
