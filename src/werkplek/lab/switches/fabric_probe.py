"""Who really reaches whom in a fabric, once it has settled: asked by ping, by TCP, and by frames of our own."""

from __future__ import annotations

import secrets
import selectors
import socket
import struct
import subprocess
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import cast

from werkplek.lab.switches.fabric_live import Fabric
from werkplek.lab.switches.fabric_space import enter, inside

EXPERIMENTAL = 0x88B5  # IEEE 802, "Local Experimental Ethertype 1": no stack answers it
DOT1Q = 0x8100
EVERYBODY = b"\xff" * 6
BETWEEN_SWITCHES = b"\x01\x80\xc2\x00\x00"
ALL = 0x0003  # ETH_P_ALL, packet(7)
# packet(7) and linux/if_packet.h: tpacket_auxdata is status, len, snaplen, mac, net, VLAN tag, VLAN protocol.
SOL_PACKET, PACKET_AUXDATA, TAG_IS_VALID = 263, 8, 0x10
AUXILIARY = struct.Struct("=IIIHHHH")
PATIENCE = 1.0
QUIET = 0.3  # after a frame's way through the switches, which takes a few thousandths of a second


def ping(fabric: Fabric, source: str, target: str) -> bool:
    """Whether a target (an endpoint's name, or an address) answers within a second."""
    fabric.settle()
    words = ["ping", "-q", "-c", "1", "-i", "0.2", "-w", "1", address(fabric, target)]
    done = subprocess.run([*enter(fabric.spaces.of(source)), *words], capture_output=True, check=False)
    return done.returncode == 0


def tcp(fabric: Fabric, source: str, target: str, port: int) -> str | None:
    """What a target's service tells who connects from a source; None where no connection comes about in a second."""

    def call() -> str | None:
        try:
            with socket.create_connection((address(fabric, target), port), timeout=PATIENCE) as stream:
                return stream.makefile().read()
        except OSError:
            return None

    fabric.settle()
    return inside(fabric.spaces.of(source), call)


def address(fabric: Fabric, target: str) -> str:
    """An endpoint's address; what is no endpoint's name is an address."""
    return next((one.address.partition("/")[0] for one in fabric.plan.endpoints if one.name == target), target)


def heard(fabric: Fabric, source: str, tag: int | None = None) -> dict[str, int | None]:
    """Everybody who hears a broadcast frame of a source, with the VLAN tag that it arrives with (None: without).

    `tag` is what the source tags it with.
    """
    fabric.settle()
    spaces, token = fabric.spaces, secrets.token_bytes(16)
    others = [(one.owner, one.interface) for one in fabric.wired.devices if one.owner != source]
    ears = {inside(spaces.of(who), lambda port=port: _ear(port)): who for who, port in others}  # type: ignore[misc]
    try:
        inside(spaces.of(source), lambda: _send("eth0", frame(token, tag)))
        return {ears[ear]: vlan for ear, vlan, data in _arriving(list(ears)) if token in data}
    finally:
        _close(ears)


@contextmanager
def passing(fabric: Fabric, switch: str, port: str) -> Iterator[set[int | None]]:
    """The VLAN tags of the frames that pass a cable during the block (None: no tag), complete when it ends.

    What switches tell each other (IEEE 802.1D-2004, 7.12.6) does not count.
    """
    near = fabric.wired.at(switch)[port]
    ends = [end for end in (near, fabric.wired.far_end(near)) if end]
    ears = [inside(fabric.spaces.of_switch(end.switch), lambda end=end: _ear(end.name)) for end in ends]  # type: ignore[misc]
    tags: set[int | None] = set()
    try:
        yield tags
        tags.update(tag for _ear, tag, data in _arriving(ears) if not data.startswith(BETWEEN_SWITCHES))
    finally:
        _close(ears)


def frame(payload: bytes, tag: int | None) -> bytes:
    """A broadcast frame that nobody answers (IEEE 802.3; with a tag, 802.1Q)."""
    tagged = b"" if tag is None else struct.pack("!HH", DOT1Q, tag)
    return EVERYBODY + b"\x02" + payload[:5] + tagged + struct.pack("!H", EXPERIMENTAL) + payload.ljust(46, b"\0")


def _send(interface: str, data: bytes) -> None:
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as stream:
        stream.bind((interface, 0))
        stream.send(data)


def _ear(interface: str) -> socket.socket:
    """Hears every frame of an interface, and the tags that the kernel takes off (packet(7))."""
    stream = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    stream.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    stream.bind((interface, ALL))
    return stream


def _close(ears: Iterable[socket.socket]) -> None:
    """All at once: the kernel takes some 20 ms for each."""
    with ThreadPoolExecutor(max_workers=32) as threads:
        list(threads.map(socket.socket.close, ears))


def _arriving(ears: Sequence[socket.socket]) -> Iterator[tuple[socket.socket, int | None, bytes]]:
    """Frames that came in until now or soon: the ear, the VLAN tag, the frame without it."""
    selector, deadline = selectors.DefaultSelector(), time.monotonic() + QUIET
    for ear in ears:
        selector.register(ear, selectors.EVENT_READ)
    while (left := deadline - time.monotonic()) > 0:
        for key, _events in selector.select(left):
            ear = cast("socket.socket", key.fileobj)
            with suppress(OSError):  # its link went down, which is told once
                data, more, _flags, (_interface, _protocol, kind, *_rest) = ear.recvmsg(2048, 64)
                if kind != socket.PACKET_OUTGOING:  # the other end hears it arrive
                    yield ear, _tag(more), data


def _tag(more: Sequence[tuple[int, int, bytes]]) -> int | None:
    """The VLAN in what the kernel tells beside a frame."""
    for level, kind, data in more:
        if (level, kind) == (SOL_PACKET, PACKET_AUXDATA):
            status, *_sizes, tag, _protocol = AUXILIARY.unpack(data[: AUXILIARY.size])
            return tag & 0xFFF if status & TAG_IS_VALID else None
    return None
