"""Where an OVSDB server is, and the way to it: TLS, TCP on this machine, or a unix socket.

A remote is written as `ovs-vsctl --db` has it: `ssl:HOST[:PORT]`, `tcp:HOST[:PORT]` or `unix:PATH`.
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from werkplek.errors import Problem, WerkplekError

PORT = 6640  # RFC 7047, 6
_REMOTE = re.compile(
    r"(?P<way>ssl|tcp):(?P<host>\[[0-9A-Fa-f:.]+\]|[^:\[\]\s]+)(?::(?P<port>[0-9]{1,5}))?|unix:(?P<path>/\S+)"
)


class Remote(NamedTuple):
    """Where a database is. `way` is ssl, tcp or unix; a unix socket's path is its `host`."""

    way: str
    host: str
    port: int = 0

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"unix:{self.host}" if self.way == "unix" else f"{self.way}:{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Certificates:
    """Paths of PEM files: whom this side is, and whose signature on the switch's certificate it accepts."""

    certificate: Path
    private_key: Path
    authority: Path


def remote(text: str, where: str) -> Remote:
    """Read a remote.

    Raises:
        WerkplekError: it is none, or `tcp:` would carry a configuration in the clear over a network.
    """
    found = _REMOTE.fullmatch(text)
    if found is None or not 0 < int(found["port"] or PORT) < 65536:
        expected = "ssl:HOST[:PORT], tcp:HOST[:PORT] or unix:/PATH"
        raise WerkplekError("an OVSDB remote cannot be read", [Problem(where, repr(text), expected)])
    if found["path"]:
        return Remote("unix", found["path"])
    parsed = Remote(found["way"], found["host"].strip("[]"), int(found["port"] or PORT))
    if parsed.way == "tcp" and not _is_loopback(parsed.host):
        remedy = "OVSDB over tcp: is neither encrypted nor signed in to; give the switch an ssl: remote"
        raise WerkplekError(
            "an OVSDB remote is not safe", [Problem(where, text, "ssl:, or tcp: to this machine's loopback", remedy)]
        )
    return parsed


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False  # a name may be resolved to anything


def connect(where: Remote, certificates: Certificates | None, seconds: float) -> socket.socket:
    """A stream to a server. Raises OSError, or ValueError where a TLS connection has no certificates."""
    if where.way == "unix":
        return _connect_unix(Path(where.host), seconds)
    stream = socket.create_connection((where.host, where.port), timeout=seconds)
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if where.way == "tcp":
        return stream
    try:
        return _context(certificates).wrap_socket(stream, server_hostname=where.host)
    except BaseException:
        stream.close()
        raise


def _context(certificates: Certificates | None) -> ssl.SSLContext:
    """TLS 1.2 or newer; both sides show certificates, and the switch's must name the address that was dialled."""
    if certificates is None:
        raise ValueError("no certificates for an ssl: remote")
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=str(certificates.authority))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificates.certificate, certificates.private_key)
    return context


def _connect_unix(path: Path, seconds: float) -> socket.socket:
    """By way of the folder's descriptor: a socket's address has room for 107 bytes only (unix(7))."""
    stream = socket.socket(socket.AF_UNIX)
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        stream.settimeout(seconds)
        stream.connect(f"/proc/self/fd/{folder}/{path.name}")
    except BaseException:
        stream.close()
        raise
    finally:
        os.close(folder)
    return stream
