"""What makes an image one host: files with their owners and modes, in one tar."""

from __future__ import annotations

import io
import tarfile
from dataclasses import replace

import pytest

from werkplek.lab.linux.seed import files_of, seed_files

KEYS = ["etc/ssh/ssh_host_ed25519_key", "etc/ssh/ssh_host_ed25519_key.pub", "home/beheer/.ssh/authorized_keys"]


def seeded(lab, number=0):
    return {file.path: file for file in files_of(lab, lab.hosts[number])}


def test_a_host_of_nspawn_has_its_name_its_neighbours_and_the_labs_proxy(lab):
    files = seeded(lab, 1)
    assert sorted(files) == sorted(
        [*KEYS, "etc/hostname", "etc/hosts", "etc/apt/apt.conf.d/00lab", "etc/apt/sources.list"]
    )
    assert files["etc/hostname"].content == b"pap-ks-0001\n"
    assert files["etc/hosts"].content == (
        b"127.0.0.1 localhost\n198.18.9.10 drd-ks-0001\n198.18.9.11 pap-ks-0001\n198.18.9.12 drs-vl-0001\n"
    )
    assert files["etc/apt/apt.conf.d/00lab"].content == b'Acquire::http::Proxy "http://198.18.9.1:3142";\n'


@pytest.mark.parametrize("backend", ["podman", "docker"])
def test_elsewhere_the_engine_gives_name_and_network(lab, backend):
    assert sorted(seeded(replace(lab, backend=backend))) == sorted([*KEYS, "etc/apt/sources.list"])


@pytest.mark.parametrize(("number", "suite"), [(0, "trixie"), (1, "bookworm"), (2, "trixie")])
def test_packages_come_from_the_hosts_own_debian(lab, number, suite):
    assert seeded(lab, number)["etc/apt/sources.list"].content.decode() == (
        f"deb http://deb.debian.org/debian {suite} main\n"
        f"deb http://deb.debian.org/debian {suite}-updates main\n"
        f"deb http://security.debian.org/debian-security {suite}-security main\n"
    )


def test_every_host_shows_the_labs_key_and_lets_the_operator_in(lab):
    for number in range(3):
        files = seeded(lab, number)
        assert [files[path].content for path in KEYS] == [
            b"private host_ed25519\n",
            b"public host_ed25519\n",
            b"public id_ed25519\n",
        ]


def test_the_operators_private_key_stays_here(lab):
    assert not [file for file in seeded(lab).values() if b"private id_ed25519" in file.content]


def test_owners_and_modes_are_in_the_tar(lab):
    with tarfile.open(fileobj=io.BytesIO(seed_files(lab, lab.hosts[0]))) as archive:
        found = {entry.name: (oct(entry.mode), entry.uid, entry.gid) for entry in archive}
        content = archive.extractfile("etc/hostname")
        assert content is not None
        assert content.read() == b"drd-ks-0001\n"
    root = ("0o644", 0, 0)
    assert found == {
        "etc/hostname": root,
        "etc/hosts": root,
        "etc/apt/apt.conf.d/00lab": root,
        "etc/apt/sources.list": root,
        "etc/ssh/ssh_host_ed25519_key": ("0o600", 0, 0),
        "etc/ssh/ssh_host_ed25519_key.pub": root,
        "home/beheer/.ssh/authorized_keys": ("0o600", 1000, 1000),
    }
