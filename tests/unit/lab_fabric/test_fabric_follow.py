"""The fabric follows what switches say of their forwarding, each time the newest."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from werkplek.errors import WerkplekError
from werkplek.lab.switches.fabric_follow import Follower
from werkplek.lab.switches.fabric_rows import PortForwarding


def access(vlan: int) -> list[PortForwarding]:
    return [PortForwarding("1", True, "access", vlan, 0, 0, frozenset())]


class Applied:
    """Notes what is applied; waits at a gate, and fails for VLAN 666."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, int]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()

    def __call__(self, switch: str, ports: Sequence[PortForwarding]) -> None:
        self.entered.set()
        assert self.gate.wait(10)
        if ports[0].access == 666:
            raise WerkplekError("no such luck")
        self.seen.append((switch, ports[0].access))


def test_what_was_said_is_applied_when_flushed() -> None:
    applied = Applied()
    with Follower(applied) as follower:
        follower.changed("a", access(410))
        follower.changed("b", access(510))
        follower.flush()
        assert sorted(applied.seen) == [("a", 410), ("b", 510)]


def test_what_is_forwarded_already_is_not_applied_again() -> None:
    applied = Applied()
    with Follower(applied) as follower:
        for vlan in (410, 410, 411, 411):
            follower.changed("a", access(vlan))
            follower.flush()
    assert applied.seen == [("a", 410), ("a", 411)]


def test_what_is_said_while_the_fabric_is_busy_is_applied_once_as_it_was_last() -> None:
    applied = Applied()
    applied.gate.clear()
    with Follower(applied) as follower:
        follower.changed("a", access(1))
        assert applied.entered.wait(10)
        for vlan in range(2, 50):
            follower.changed("a", access(vlan))
        applied.gate.set()
        follower.flush()
    assert applied.seen == [("a", 1), ("a", 49)]


def test_what_fails_is_raised_once_and_tried_again_when_said_again() -> None:
    applied = Applied()
    with Follower(applied) as follower:
        for _ in range(2):
            follower.changed("a", access(666))
            with pytest.raises(WerkplekError, match=r"^no such luck$"):
                follower.flush()
        follower.flush()
        follower.changed("a", access(410))
        follower.flush()
    assert applied.seen == [("a", 410)]
