"""Hosts as podman or docker containers: how the engine is called, and what it says when it cannot."""

from __future__ import annotations

import io
import os
import resource
import tarfile
from dataclasses import replace

import pytest

from werkplek.errors import Exit, WerkplekError
from werkplek.lab.linux import containers, images, seed
from werkplek.lab.linux.containers import Containers, last_line, own_limits

DIGEST = images.RECIPES["trixie"].digest
TAG = f"localhost/werkplek-lab:trixie-{DIGEST}"


@pytest.fixture(autouse=True)
def _limits(monkeypatch):
    monkeypatch.setattr(
        resource, "getrlimit", lambda kind: (4096, 4096) if kind == resource.RLIMIT_NOFILE else (-1, -1)
    )


LIMITS = ["--ulimit", "nofile=4096:4096", "--ulimit", "nproc=8192:8192"]


@pytest.mark.parametrize(
    ("limits", "most"),
    [
        ((1024, 1048576), 1024),
        ((1048576, 1048576), 8192),
        ((resource.RLIM_INFINITY, resource.RLIM_INFINITY), 8192),
        ((512, resource.RLIM_INFINITY), 512),
    ],
)
def test_a_host_asks_for_no_more_than_this_process_may_have(limits, most, monkeypatch):
    monkeypatch.setattr(resource, "getrlimit", lambda kind: limits)
    assert own_limits() == ["--ulimit", f"nofile={most}:{most}", "--ulimit", f"nproc={most}:{most}"]


def test_podman_knows_a_machine_with_systemd(lab):
    assert Containers("podman").options(lab, lab.hosts[1]) == [
        *("--hostname", "pap-ks-0001", "--network", "wpabc", "--ip", "198.18.9.11", "--restart", "always"),
        *("--cap-add", "SYS_ADMIN", "--cap-add", "NET_ADMIN", *LIMITS),
        *("--systemd", "always"),
    ]


def test_docker_is_told_what_systemd_needs(lab):
    assert Containers("docker").options(lab, lab.hosts[1]) == [
        *("--hostname", "pap-ks-0001", "--network", "wpabc", "--ip", "198.18.9.11", "--restart", "always"),
        *("--cap-add", "SYS_ADMIN", "--cap-add", "NET_ADMIN", *LIMITS),
        *("--tmpfs", "/run", "--tmpfs", "/run/lock", "--volume", "/sys/fs/cgroup:/sys/fs/cgroup:rw"),
        *("--security-opt", "seccomp=unconfined", "--security-opt", "systempaths=unconfined"),
        *("--cgroupns", "host"),
    ]


@pytest.fixture
def able(programs, monkeypatch):
    """A machine that has both engines and is root."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    for name in ("podman", "docker", "mmdebstrap"):
        programs.make(name)
    return programs


@pytest.mark.parametrize("engine", ["podman", "docker"])
def test_a_machine_that_lacks_nothing(able, engine):
    assert Containers(engine).lacks() == ()
    assert able.calls == [f"{engine} info"]


@pytest.mark.parametrize("engine", ["podman", "docker"])
def test_what_is_not_installed(able, engine, monkeypatch):
    monkeypatch.setenv("PATH", str(able.folder))
    (able.folder / "mmdebstrap").unlink()
    assert Containers(engine).lacks() == (
        "mmdebstrap is not installed: apt-get install --no-install-recommends mmdebstrap",
    )
    (able.folder / engine).unlink()
    assert Containers(engine).lacks() == (f"{engine} is not installed",)


def test_an_engine_that_does_not_run(able):
    able.make("docker", "echo 'Client: 27' >&2; echo 'Cannot connect to the Docker daemon' >&2; exit 1")
    assert Containers("docker").lacks() == ("`docker info` fails: Cannot connect to the Docker daemon",)
    able.make("docker", "exit 1")
    assert Containers("docker").lacks() == ("`docker info` fails: without a word",)


def test_rootless_podman_gives_no_address_and_docker_does(able, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert Containers("podman").lacks() == (
        "rootless podman gives its containers no address to reach them by: use sudo, or docker",
    )
    assert Containers("docker").lacks() == ()


TAKEN = [
    "Error: subnet 198.19.1.0/24 is already used on the host or by another config",
    "Error response from daemon: Pool overlaps with other one on this address space",
    "Error: subnet 198.19.1.0/24 is being used by a network interface",
]


@pytest.mark.parametrize("said", TAKEN)
def test_a_lab_has_the_first_network_that_the_engine_gives(programs, said):
    programs.make("podman", f'case "$*" in *198.19.[12].0*) echo "{said}" >&2; exit 125;; esac')
    assert Containers("podman").network("wpabc") == "198.19.3.0/24"
    assert programs.calls == [f"podman network create --subnet 198.19.{number}.0/24 wpabc" for number in (1, 2, 3)]


def test_any_other_error_of_the_engine_is_one(programs):
    programs.make("docker", "echo 'Error: network with name wpabc exists' >&2; exit 1")
    with pytest.raises(WerkplekError) as caught:
        Containers("docker").network("wpabc")
    assert str(caught.value) == (
        "`docker network create --subnet 198.19.1.0/24 wpabc` failed: Error: network with name wpabc exists"
    )
    assert caught.value.code == Exit.UNAVAILABLE
    assert len(programs.calls) == 1


def test_no_network_is_free(programs, monkeypatch):
    monkeypatch.setattr(containers, "NETWORKS", containers.NETWORKS[:3])
    programs.make("podman", f"echo '{TAKEN[0]}' >&2; exit 125")
    with pytest.raises(WerkplekError) as caught:
        Containers("podman").network("wpabc")
    assert str(caught.value) == "254 Linux labs are up; take some down: werkplek lab linux down"
    assert len(programs.calls) == 3


def test_there_are_as_many_networks_as_the_message_says():
    assert len(set(containers.NETWORKS)) == 254


@pytest.fixture
def image(tmp_path, monkeypatch):
    """An image of one file, which need not be built."""
    root = tmp_path / "image"
    root.mkdir()
    (root / "file").write_text("of the image\n")
    monkeypatch.setattr(images, "image", lambda name: root)
    return root


NEW = 'case "$*" in "image inspect"*) exit 1;; import*) cat > "$0.in";; esac'


def test_an_image_is_imported_whole_with_the_signal_that_systemd_ends_by(programs, image):
    programs.make("podman", NEW)
    assert Containers("podman").imported("trixie") == TAG
    assert programs.calls == [
        f"podman image inspect {TAG}",
        f"podman import --change STOPSIGNAL SIGRTMIN+3 - {TAG}",
    ]
    with tarfile.open(programs.folder / "podman.in") as archive:
        assert [entry.name for entry in archive if entry.isfile()] == ["./file"]


def test_an_image_that_the_engine_has_is_not_imported_again(programs, monkeypatch):
    monkeypatch.setattr(images, "image", None)
    programs.make("podman")
    assert Containers("podman").imported("trixie") == TAG
    assert programs.calls == [f"podman image inspect {TAG}"]


def test_an_image_that_the_engine_does_not_take(programs, image):
    programs.make("podman", f"{NEW}\necho 'no space left on device' >&2; exit 125")
    with pytest.raises(WerkplekError) as caught:
        Containers("podman").imported("trixie")
    assert str(caught.value) == (
        f"`podman import --change STOPSIGNAL SIGRTMIN+3 - {TAG}` failed: no space left on device"
    )
    assert caught.value.code == Exit.UNAVAILABLE


def test_an_image_that_cannot_be_read_is_not_taken_for_whole(programs, image):
    programs.make("podman", NEW)
    programs.make("tar", "exit 2")
    with pytest.raises(WerkplekError) as caught:
        Containers("podman").imported("trixie")
    assert str(caught.value) == f"`podman import --change STOPSIGNAL SIGRTMIN+3 - {TAG}` failed: tar ended with 2"
    assert programs.calls[-1] == f"podman image rm {TAG}"


@pytest.mark.parametrize(("engine", "archive"), [("podman", " --archive=false"), ("docker", " --archive")])
def test_a_host_gets_its_own_files_with_their_owners(lab, programs, engine, archive):
    lab = replace(lab, backend=engine)
    programs.make(engine, 'cat > "$0.in"')
    Containers(engine).seed(lab, lab.hosts[0], "wpabc-0")
    assert programs.calls == [f"{engine} cp{archive} - wpabc-0:/"]
    assert (programs.folder / f"{engine}.in").read_bytes() == seed.seed_files(lab, lab.hosts[0])


def test_a_host_that_does_not_take_its_files(lab, programs):
    programs.make("podman", "echo 'no such container' >&2; exit 125")
    with pytest.raises(WerkplekError) as caught:
        Containers("podman").seed(lab, lab.hosts[0], "wpabc-0")
    assert str(caught.value) == "`podman cp --archive=false - wpabc-0:/` failed: no such container"


def test_a_host_is_made_then_seeded_then_started(lab, programs):
    programs.make("podman", "cat > /dev/null")
    Containers("podman").start(replace(lab, hosts=lab.hosts[:2]))
    assert [" ".join(line.split()[:2]) for line in programs.calls] == [
        *("podman image", "podman image"),
        *("podman create", "podman cp", "podman start"),
        *("podman create", "podman cp", "podman start"),
    ]
    made = [line for line in programs.calls if line.startswith("podman create")]
    assert made[0].startswith("podman create --name wpabc-0 --hostname drd-ks-0001 ")
    assert made[0].endswith(f"--systemd always {TAG} /sbin/init")
    assert made[1].startswith("podman create --name wpabc-1 --hostname pap-ks-0001 ")


def test_a_host_that_does_not_start_says_why(lab, programs):
    programs.make("docker", "case $1 in start) echo 'OCI runtime error' >&2; exit 126;; cp) cat > /dev/null;; esac")
    with pytest.raises(WerkplekError) as caught:
        Containers("docker").start(lab)
    assert str(caught.value) == "`docker start` failed: OCI runtime error"
    assert caught.value.code == Exit.UNAVAILABLE
    assert [line.split()[1] for line in programs.calls].count("create") == 1


def test_a_lab_ends_with_its_containers_and_its_network(lab, programs):
    programs.make("podman", "echo 'no such thing' >&2; exit 1")
    Containers("podman").stop(lab)
    assert programs.calls == [
        "podman rm --force --volumes wpabc-0 wpabc-1 wpabc-2",
        "podman network rm wpabc",
    ]


def test_ending_a_lab_without_the_engine_is_no_error(lab, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    Containers("podman").stop(lab)


def test_the_last_line_of_what_was_said():
    assert last_line("one\ntwo\n\n") == "two"
    assert last_line(" \n") == "without a word"


def test_the_tar_is_one_that_docker_can_unpack_anywhere(lab):
    with tarfile.open(fileobj=io.BytesIO(seed.seed_files(lab, lab.hosts[0]))) as archive:
        assert not [entry.name for entry in archive if entry.name.startswith(("/", ".."))]
