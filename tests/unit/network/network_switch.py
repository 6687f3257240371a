"""A switch of a few rules: a tree of lines that takes what is typed, and a session with it that goes wrong where told.

`no` takes away whatever begins with the words after it, with all below; of a single line a new one overwrites the old
one; what is on by default is shown only while it is off.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from werkplek.network.compare import Command, entered
from werkplek.network.lines import Section, begins
from werkplek.network.platform import Links, Look, Neighbour, TerminalError

SINGLE = (
    *("name", "ip domain name", "ntp server 10.4.1.20", "ntp authentication-key 1", "exec-timeout", "banner login"),
    *("description", "switchport mode", "switchport access vlan", "switchport voice vlan"),
    *("switchport trunk native vlan", "switchport trunk allowed vlan"),
)
OPENER = re.compile(r"interface \S+|vlan \d+|line \S+ .*|ip access-list .*|archive|log config")


def _first(line: str) -> str:
    return line.partition("\n")[0]  # of a banner


@dataclass
class Tree:
    """A running configuration."""

    rows: list[tuple[Section, str]] = field(default_factory=list)
    single: Sequence[str] = SINGLE
    default: Sequence[str] = ()
    at: Section = ()

    def type(self, line: str) -> None:
        """Take a line, in the section that the lines before it led to."""
        if line == "exit":
            assert self.at, "exit at the top leaves configuration mode"
            self.at = self.at[:-1]
        elif line.startswith("no "):
            self._no(line.removeprefix("no "))
        else:
            self._set(line)

    def _no(self, text: str) -> None:
        gone = [(*place, line) for place, line in self.rows if place == self.at and begins(_first(line), text)]
        self.rows = [row for row in self.rows if not any((*row[0], row[1])[: len(path)] == path for path in gone)]
        if text in self.default:
            self._put(f"no {text}")

    def _set(self, line: str) -> None:
        prefix = next((one for one in self.single if begins(_first(line), one)), None)
        if prefix:
            self.rows = [row for row in self.rows if row[0] != self.at or not begins(_first(row[1]), prefix)]
        self.rows = [row for row in self.rows if row != (self.at, f"no {line}")]
        if line not in self.default:
            self._put(line)
        if OPENER.fullmatch(line):
            self.at = (*self.at, line)

    def _put(self, line: str) -> None:
        if (self.at, line) not in self.rows:
            self.rows.append((self.at, line))

    def text(self, below: Section = ()) -> str:
        """As the switch shows it."""
        made = ""
        for place, line in self.rows:
            if place == below:
                shown = line.replace("\n", " ^C\n", 1) + "\n^C" if line.startswith("banner ") else line
                made += f"{' ' * len(below)}{shown}\n{self.text((*below, line))}"
        return made

    def copy(self) -> Tree:
        """Another with the same lines."""
        return replace(self, rows=list(self.rows), at=())


def tree(text: str, **more: Sequence[str]) -> Tree:
    """A tree out of indented lines."""
    made = Tree(**more)
    above: list[str] = []
    for line in text.splitlines():
        del above[len(line) - len(line.lstrip()) :]
        made.rows.append((tuple(above), line.strip()))
        above.append(line.strip())
    return made


@dataclass
class Time:
    """A clock that moves when somebody waits."""

    now: float = 0.0

    def pause(self, seconds: float) -> None:
        self.now += seconds

    def clock(self) -> float:
        return self.now


@dataclass
class FakeSession:
    """See `Session`. `calls` are the names of what was called, `typed` the lines entered.

    `faults` maps a call's name to errors, one for each time (None: it goes well). `refuses` is a line that the switch
    refuses, `drops_at` one at which the session is lost. `cut` is how long the switch cannot be reached then.
    """

    running: Tree
    time: Time
    saved: str | None = ""
    system: str = "ios"
    users: str = ""
    faults: dict[str, list[TerminalError | None]] = field(default_factory=dict)
    refuses: str = ""
    drops_at: str = ""
    cut: float = 0.0
    goes_back: bool = True
    up: frozenset[str] = frozenset()
    up_after: list[frozenset[str]] = field(default_factory=list)
    neighbours: frozenset[Neighbour] = frozenset()
    difference: str | None = None
    calls: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    _before: Tree | None = None
    _until: float = 0.0
    _reachable: float = 0.0

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self._before and self.goes_back and self.time.now >= self._until:
            self.running, self._before = self._before, None
        if self.time.now < self._reachable:
            raise TerminalError("no route to host", gone=True)
        error = self.faults[name].pop(0) if self.faults.get(name) else None
        if error:
            raise error

    def look(self) -> Look:
        self._called("look")
        text = self.running.text()
        ports = frozenset(line.split()[1] for line in text.splitlines() if line.startswith("interface "))
        return Look(self.system, "17.9", "C9300", (1,), ports, text, self.saved)

    def preview(self, commands: Sequence[Command]) -> str | None:
        self._called("preview")
        return self.difference

    def apply(self, commands: Sequence[Command], minutes: int) -> None:
        self._called("apply")
        self._before, self._until = self.running.copy(), self.time.now + minutes * 60
        self.running.at = ()
        for line in entered(commands):
            self._enter(line)
        assert self.running.at == (), "a section was not left"

    def _enter(self, line: str) -> None:
        self.typed.append(line)
        if line == self.refuses:
            raise TerminalError(f"{line}: % Invalid input detected at '^' marker.")
        if line == self.drops_at:
            self._reachable = self.time.now + self.cut
            raise TerminalError(f"timed out while sending b'{line}'", gone=True)
        self.running.type(line)

    def confirm(self) -> None:
        self.save()
        self._called("confirm")
        self._before = None

    def save(self) -> None:
        self._called("save")
        self.saved = self.running.text()

    def roll_back(self) -> None:
        self._called("roll_back")
        if self._before:
            self.running, self._before = self._before, None

    def links(self) -> Links:
        self._called("links")
        up = self.up_after.pop(0) if self.calls.count("links") > 1 and self.up_after else self.up
        return Links(up, self.neighbours)

    def reconnect(self) -> None:
        self._called("reconnect")

    def sign_in_again(self) -> None:
        self._called("sign_in_again")
