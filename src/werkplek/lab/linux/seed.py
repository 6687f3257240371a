"""What makes an image one certain host: its name, its keys, where its apt asks. One tar stream for every backend."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from typing import NamedTuple

from werkplek.lab.linux import directory
from werkplek.lab.linux.mirror import PORT
from werkplek.lab.linux.model import ACCOUNT, LinuxFiles, LinuxHost, LinuxLab, gateway

SOURCES = """deb http://deb.debian.org/debian {suite} main
deb http://deb.debian.org/debian {suite}-updates main
deb http://security.debian.org/debian-security {suite}-security main
"""
SUITES = {"debian-12": "bookworm", "debian-13": "trixie"}
OPERATOR_ID = 1000  # the first account that Debian's adduser makes


class SeedFile(NamedTuple):
    """A file of a host: path without the leading slash, content, mode, and its owner's id."""

    path: str
    content: bytes
    mode: int = 0o644
    owner: int = 0


def seed_files(lab: LinuxLab, host: LinuxHost) -> bytes:
    """The host's own files as a tar stream, to be unpacked over its root file system."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for file in files_of(lab, host):
            entry = tarfile.TarInfo(file.path)
            entry.size, entry.mode, entry.uid, entry.gid = len(file.content), file.mode, file.owner, file.owner
            archive.addfile(entry, io.BytesIO(file.content))
    return stream.getvalue()


def files_of(lab: LinuxLab, host: LinuxHost) -> Iterator[SeedFile]:
    """Name, keys, and package sources."""
    keys = LinuxFiles(lab.state)
    if lab.backend == "nspawn":  # elsewhere the engine names the host, and gives it a network
        names = "".join(f"{other.address} {directory.names(lab, other)}\n" for other in lab.hosts)
        yield SeedFile("etc/hostname", f"{host.name.lower()}\n".encode())
        yield SeedFile("etc/hosts", f"127.0.0.1 localhost\n{names}".encode())
        proxy = f"http://{gateway(lab.network)}:{PORT}"
        yield SeedFile("etc/apt/apt.conf.d/00lab", f'Acquire::http::Proxy "{proxy}";\n'.encode())
    yield SeedFile("etc/apt/sources.list", SOURCES.format(suite=SUITES[host.platform]).encode())
    for path, content, mode in directory.seed(lab, host):
        yield SeedFile(path, content, mode)
    public = keys.host_key.with_suffix(".pub").read_bytes()
    yield SeedFile("etc/ssh/ssh_host_ed25519_key", keys.host_key.read_bytes(), 0o600)
    yield SeedFile("etc/ssh/ssh_host_ed25519_key.pub", public)
    operator = keys.key.with_suffix(".pub").read_bytes()
    yield SeedFile(f"home/{ACCOUNT}/.ssh/authorized_keys", operator, 0o600, OPERATOR_ID)
