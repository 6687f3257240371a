"""One switch of the lab: what it is made of, its configurations, who is signed in, and what was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from werkplek.lab.switches.clock import Clock, Timer
from werkplek.lab.switches.tree import Section

if TYPE_CHECKING:
    from werkplek.lab.switches.dialect import Dialect
    from werkplek.lab.switches.shell import Session


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The other end of a cable: the switch by its name in the lab, and its port."""

    device: str
    port: str


@dataclass(slots=True)
class Port:
    """A physical port. `lit` says that something live hangs on it although no lab switch does (a workplace)."""

    name: str
    neighbour: Neighbour | None = None
    lit: bool = False
    plugged: bool = True
    member: int = 1


@dataclass(frozen=True, slots=True)
class Member:
    """A chassis of a stack (a switch alone has one)."""

    number: int
    model: str
    serial: str
    mac: str
    role: str  # Active, Standby, Member


@dataclass(frozen=True, slots=True)
class Logged:
    """A line that somebody typed: by which session, in which mode, and whether the switch took it."""

    session: int
    user: str
    mode: str
    line: str
    accepted: bool


@dataclass(slots=True)
class Faults:
    """What is wrong with a switch on purpose. Every field at its default: nothing."""

    slow_seconds: float = 0.0  # each answer comes this late
    drop_after: int | None = None  # cut the session after so many more lines of configuration
    prompt_after: int | None = None  # ask `Proceed? [confirm]` at the line after so many lines of configuration
    locked_by: str = ""  # this user holds the configuration
    startup_full: bool = False  # no room to save
    vlans_full: bool = False  # no room for another VLAN
    missing_members: tuple[int, ...] = ()
    missing_ports: tuple[str, ...] = ()
    other_system: bool = False  # says that it is something else
    refuse_sign_in: bool = False


@dataclass(eq=False)
class Device:
    """A switch that is on. `dialect` gives meaning to everything that is text.

    `store` is the dialect's own: what a switch keeps besides its configuration (SNMPv3 users, sessions of EOS).
    """

    name: str
    dialect: Dialect
    clock: Clock
    ports: dict[str, Port]
    members: tuple[Member, ...]
    running: Section = field(default_factory=dict)
    startup: str = ""
    files: dict[str, str] = field(default_factory=dict)  # `flash:name` -> text
    faults: Faults = field(default_factory=Faults)
    sessions: dict[int, Session] = field(default_factory=dict)
    opened: int = 0  # sessions since the switch came on
    log: list[Logged] = field(default_factory=list)
    holder: int | None = None  # the session that holds the configuration exclusively
    pending: dict[str, Timer] = field(default_factory=dict)  # what happens later, by name: `revert`, `reload`
    store: dict[str, Any] = field(default_factory=dict)
    reachable: Callable[[str], bool] = lambda _address: False  # whether an address answers `ping`
    peers: dict[str, Device] = field(default_factory=dict)  # the lab's switches by name
    _watchers: list[Callable[[Device], None]] = field(default_factory=list)

    def on_change(self, watcher: Callable[[Device], None]) -> None:
        """Be told after each accepted change of the running configuration or of a cable."""
        self._watchers.append(watcher)

    def changed(self) -> None:
        """Tell the watchers."""
        for watcher in self._watchers:
            watcher(self)

    def call_off(self, name: str) -> bool:
        """Call off what was to happen later; False when nothing was."""
        timer = self.pending.pop(name, None)
        if timer is not None:
            timer.cancel()
        return timer is not None

    def later(self, name: str, seconds: float, action: Callable[[], object]) -> None:
        """Let something happen later, in the place of what was to happen under that name."""
        self.call_off(name)

        def due() -> None:
            self.pending.pop(name, None)
            action()

        self.pending[name] = self.clock.after(seconds, due)

    def cut_sessions(self) -> None:
        """End every session at once, as a restart does."""
        for session in list(self.sessions.values()):
            session.end(cut=True)
        self.holder = None
