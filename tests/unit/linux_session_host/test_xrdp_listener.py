"""The RDP port: a client's first packet, and every answer to it in words (MS-RDPBCGR 2.2.1.1 and 2.2.1.2)."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from linux_session_host import health
from linux_session_host.health import CONNECT, Check, listener, negotiated, rdp_port, setting, users_group


def test_the_packet_is_the_one_of_a_client_that_asks_for_tls():
    tpkt, x224, negotiation = CONNECT[:4], CONNECT[4:11], CONNECT[11:]
    assert tpkt == bytes.fromhex("03 00 00 13")
    assert x224 == bytes.fromhex("0e e0 0000 0000 00")
    assert negotiation == bytes.fromhex("01 00 0800 01000000")
    assert len(CONNECT) == 0x13


def confirm(kind: int = 2, value: int = 1) -> bytes:
    """A connection confirm with a negotiation response (2) or failure (3)."""
    return bytes.fromhex("03 00 00 13 0e d0 0000 1234 00") + bytes([kind, 0, 8, 0]) + value.to_bytes(4, "little")


@pytest.mark.parametrize(
    ("answer", "ok", "found"),
    [
        (confirm(), True, "TLS"),
        (confirm() + b"more", True, "TLS"),
        (confirm(value=0), False, "RDP without TLS"),
        (confirm()[:11], False, "RDP without TLS"),
        (confirm(value=2), False, "protocol 2"),
        (confirm(kind=3, value=2), False, "negotiation failure 2"),
        (confirm(kind=3, value=1), False, "negotiation failure 1"),
        (confirm(kind=7), False, "negotiation of kind 7"),
        (confirm()[:10], False, "no connection confirm: 030000130ed000001234"),
        (b"SSH-2.0-OpenSSH_10.0p2\r\n", False, "no connection confirm: 5353482d322e302d4f70656e5353485f"),
        (CONNECT, False, "no connection confirm: 030000130ee000000000000100080001"),
        (b"", False, "no connection confirm: nothing"),
    ],
)
def test_what_an_answer_means(answer, ok, found):
    assert negotiated(answer) == (ok, found)


@contextmanager
def serving(answer: bytes, silent: bool = False) -> Iterator[tuple[int, list[bytes]]]:
    """A port that answers the first packet with these bytes; it keeps what it was sent."""
    got: list[bytes] = []
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                got.append(connection.recv(64))
                connection.sendall(answer)
                if silent:
                    done.wait(10)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1], got
        done.set()
        thread.join(10)


def looked(host, port: int) -> Check:
    host.put("/etc/xrdp/xrdp.ini", f"[Globals]\nport={port}\n")
    return listener(host)


def test_a_server_that_chooses_tls(host):
    with serving(confirm()) as (port, got):
        assert looked(host, port) == Check(f"port {port} speaks RDP with TLS", True, "TLS")
    assert got == [CONNECT]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (confirm(kind=3, value=2), "negotiation failure 2"),
        (confirm(value=0), "RDP without TLS"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "no connection confirm: 485454502f312e312034303020426164"),
        (b"", "no connection confirm: nothing"),
    ],
)
def test_a_server_that_does_not(host, answer, found):
    with serving(answer) as (port, _):
        assert looked(host, port) == Check(f"port {port} speaks RDP with TLS", False, found)


def test_nothing_listens(host):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert looked(host, port) == Check(f"port {port} speaks RDP with TLS", False, "[Errno 111] Connection refused")


def test_a_server_that_says_nothing(host, monkeypatch):
    monkeypatch.setattr(health, "ANSWER_SECONDS", 0.1)
    with serving(b"", silent=True) as (port, _):
        assert looked(host, port) == Check(f"port {port} speaks RDP with TLS", False, "timed out")


OTHERS = "[Logging]\nport=1\n[Xorg]\nport=-1\n[neutrinordp-any]\nport=ask3390\n"


@pytest.mark.parametrize(
    ("line", "port"),
    [
        ("port=3390", 3390),
        ("port = 3390", 3390),
        ("Port=3390", 3390),
        ("port=tcp://.:3390", 3390),
        ("port=tcp://:3390", 3390),
        ("port=tcp://192.0.2.7:3390", 3390),
        ("port=tcp6://.:3390", 3390),
        ("port=tcp6://{2001:db8::1}:3390", 3390),
        ("port=vsock://-1:3391 tcp://.:3390", 3390),
        ("port=unix://./tmp/xrdp.3391, 3390", 3390),
        ("port=3390 3391", 3390),
        ("port=3391\nport=3390", 3390),
        ("port=3391\n;port=3392\n# port=3393\nport=3390", 3390),
        ("port=", 3389),
        ("port=\nfork=1", 3389),
        ("port=unix://./tmp/xrdp.3391", 3389),
        ("#port=3390", 3389),
        ("", 3389),
    ],
)
def test_the_port_of_xrdps_settings(line, port):
    assert rdp_port(f"{OTHERS}[globals]\r\n{line}\n{OTHERS}") == port
    assert rdp_port(line) == 3389


def test_a_host_without_settings_of_xrdp():
    assert rdp_port("") == 3389
    assert users_group("") == ""


def test_the_group_that_may_sign_in():
    assert users_group("[Security]\nTerminalServerUsers=tsusers\nTerminalServerAdmins=tsadmins\n") == "tsusers"
    assert users_group("[Security]\nTerminalServerUsers = domain users \n[Sessions]\nX=1\n") == "domain users"
    assert users_group("[Sessions]\nTerminalServerUsers=tsusers\n") == ""
    assert users_group("[Security]\n#TerminalServerUsers=tsusers\n") == ""


def test_a_value_may_hold_an_equals_sign():
    assert setting("[Xorg]\nparam=-a=b\n", "xorg", "PARAM") == "-a=b"
