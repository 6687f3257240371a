"""The switches' SSH side: a listener per switch, and a session per shell channel, all in one event loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from functools import partial

import asyncssh

from werkplek.lab.switches.device import Device
from werkplek.lab.switches.shell import Session, opened

LOG = logging.getLogger(__name__)
LOOPBACK = "127.0.0.1"
TICK_SECONDS = 0.2
# What every client of today speaks and OpenSSL does fastest; a lab has one process for all of its switches.
ALGORITHMS = {
    "kex_algs": ["curve25519-sha256", "ecdh-sha2-nistp256"],
    "encryption_algs": ["aes128-gcm@openssh.com", "aes256-ctr", "aes128-ctr"],
    "mac_algs": ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-256"],
    "compression_algs": ["none"],
}


class Connection(asyncssh.SSHServer):
    """One connection to a switch: who is there, and a shell for each channel."""

    def __init__(self, device: Device, operator: str) -> None:
        self._device, self._operator = device, operator
        self._connection: asyncssh.SSHServerConnection | None = None
        self._user = ""

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Refuse at once where the switch takes no sessions."""
        self._connection = conn
        if not self._device.dialect.may_connect(self._device, self._operator):
            conn.abort()

    def begin_auth(self, username: str) -> bool:
        """Nobody is let in without a password. The banner comes first."""
        self._user = username
        banner = self._device.dialect.banner(self._device)
        if banner and self._connection is not None:
            self._connection.send_auth_banner(f"{banner}\n")
        return True

    def password_auth_supported(self) -> bool:
        """Passwords are the only way in."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """Ask the switch."""
        device = self._device
        return not device.faults.refuse_sign_in and device.dialect.signs_in(device, username, password)

    def session_requested(self) -> Channel:
        """A channel; it must ask for a shell."""
        return Channel(self._device, self._user, self._connection)


class Channel(asyncssh.SSHServerSession[str]):
    """A shell on a switch."""

    def __init__(self, device: Device, user: str, connection: asyncssh.SSHServerConnection | None) -> None:
        self._device, self._user, self._connection = device, user, connection
        self._channel: asyncssh.SSHServerChannel[str] | None = None
        self._session: Session | None = None
        self._later = 0.0  # when the last key comes through on a slow switch, by the loop's clock
        self._said: list[str] = []  # a packet for each echoed letter would cost more than all the rest

    def connection_made(self, chan: asyncssh.SSHServerChannel[str]) -> None:
        """Keep the channel."""
        self._channel = chan

    def pty_requested(self, term_type: str, term_size: object, term_modes: object) -> bool:
        """A terminal is fine; its size is the switch's own affair."""
        return True

    def shell_requested(self) -> bool:
        """The command line."""
        return True

    def exec_requested(self, command: str) -> bool:
        """No command without a command line."""
        return False

    def session_started(self) -> None:
        """Greet."""
        self._session = opened(self._device, self._user, self._said.append, self._close)
        self._session.begin()
        self._flush()

    def data_received(self, data: str, datatype: asyncssh.DataType) -> None:
        """Keys. On a slow switch they take their time."""
        loop = asyncio.get_running_loop()
        due = max(self._later, loop.time() + self._device.faults.slow_seconds)
        if due <= loop.time():
            self._feed(data)
        else:
            self._later = due
            loop.call_at(due, self._feed, data)

    def _feed(self, data: str) -> None:
        if self._session is None or self._session.ended:
            return
        try:
            self._session.feed(data)
        except Exception:
            LOG.exception("%s: the double failed at %r", self._device.name, data)
            self._session.end(cut=True)
        self._flush()

    def _flush(self) -> None:
        if self._said and self._channel is not None and not self._channel.is_closing():
            self._channel.write("".join(self._said))
        self._said.clear()

    def _close(self) -> None:
        self._flush()
        if self._session is not None and self._session.cut and self._connection is not None:
            self._connection.abort()
        elif self._channel is not None:
            self._channel.exit(0)

    def eof_received(self) -> bool:
        """The other side is done."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        self._channel = self._connection = None
        if self._session is not None:
            self._session.end()


class Listeners:
    """The switches' ports on this machine: name of the switch -> port."""

    def __init__(self) -> None:
        self.ports: dict[str, int] = {}
        self._acceptors: list[asyncssh.SSHAcceptor] = []
        self._ticking: asyncio.Task[None] | None = None

    async def start(self, devices: Iterable[Device], host_key: asyncssh.SSHKey, operator: str) -> None:
        """Listen for each switch on a free port, and let the lab's clock run. `operator`: see `Dialect.may_connect`."""
        found = list(devices)
        for device in found:
            options = {"server_host_keys": [host_key], "line_editor": False, "allow_scp": False, **ALGORITHMS}
            acceptor = await asyncssh.listen(
                LOOPBACK, 0, server_factory=partial(Connection, device, operator), encoding="utf-8", **options
            )
            self.ports[device.name] = acceptor.get_port()
            self._acceptors.append(acceptor)
        if found:
            self._ticking = asyncio.create_task(_tick(found[0]))

    async def stop(self) -> None:
        """Close everything."""
        if self._ticking is not None:
            self._ticking.cancel()
        for acceptor in self._acceptors:
            acceptor.close()
        for acceptor in self._acceptors:
            await acceptor.wait_closed()


async def _tick(device: Device) -> None:
    """All switches of a lab have one clock."""
    while True:
        await asyncio.sleep(TICK_SECONDS)
        device.clock.tick()
