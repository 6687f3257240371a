"""Platform Cisco IOS and IOS XE: how it is read and changed in one session.

The way back that works without us is `configure terminal revert timer` where the switch keeps an archive (Cisco,
"Configuration Replace and Configuration Rollback"), and `reload in` where it does not yet: an unsaved change is gone
after a restart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from werkplek.network.cli_session import CliSession, first_line, long_name, matched
from werkplek.network.compare import Command, entered
from werkplek.network.document import SwitchDocument
from werkplek.network.ios_form import canonical, negate, parse_ios
from werkplek.network.ios_mask import mask
from werkplek.network.ios_render import render
from werkplek.network.ios_users import user_lines
from werkplek.network.lines import Config, Rendering, Section
from werkplek.network.platform import Look, Neighbour, Terminal, TerminalError

SHORT = {
    "Gi": "GigabitEthernet",
    "Te": "TenGigabitEthernet",
    "Fa": "FastEthernet",
    "Twe": "TwentyFiveGigE",
    "Fo": "FortyGigabitEthernet",
    "Hu": "HundredGigE",
    "Po": "Port-channel",
    "Tw": "TwoGigabitEthernet",
    "Fi": "FiveGigabitEthernet",
    "Ap": "AppGigabitEthernet",
}
BEFORE = "flash:werkplek-before.cfg"
BANNER_MARKS = "@~=;*+_|"
CONFIGURING = "Enter configuration commands"
# IOS's ways to say no, of which Ansible's plugin knows some. Messages of its log and warnings begin like them.
_REFUSED = re.compile(
    r"(?m)^(?:%(?! ?Warning|Portfast| Access VLAN does not exist| Generating|[A-Z0-9_]+-\d-).*"
    r"|Command rejected.*|Configuration mode locked.*)"
)


class Ios:
    """See `Platform`."""

    name = "ios"
    # What signing in stands on goes in one run of lines: with a part of it a new session has no rights.
    order: Sequence[str] = (
        "aaa new-model",
        "tacacs server",
        "radius server",
        "aaa group server",
        "aaa",
        "service password-encryption",
        "vtp mode",
        "vlan",
        "ip access-list",
        "snmp-server view",
        "snmp-server group",
    )

    def render(self, document: SwitchDocument) -> Rendering:
        """See `Platform.render`."""
        return render(document)

    def parse(self, text: str) -> Config:
        """See `Platform.parse`."""
        return parse_ios(text)

    def canonical(self, section: Section, text: str) -> str:
        """See `Platform.canonical`."""
        return canonical(section, text)

    def negate(self, section: Section, text: str) -> str:
        """See `Platform.negate`."""
        return negate(section, text)

    def mask(self, text: str) -> str:
        """See `Platform.mask`."""
        return mask(text)


class IosSession(CliSession):
    """See `Session`."""

    def __init__(self, terminal: Terminal) -> None:
        super().__init__(terminal)
        self._archive = False
        self._armed = ""  # what takes the way back away
        self._users_before: tuple[str, ...] | None = None

    def look(self) -> Look:
        """See `Session.look`."""
        version = self._terminal.send("show version")
        if "Cisco IOS" not in version:
            return Look(first_line(version), "", "", (), frozenset(), "")
        lines = self._users()
        self._users_before = lines if self._users_before is None else self._users_before
        users = "".join(f"\n{line}" for line in lines)
        running = self._terminal.send("show running-config") + users
        self._archive = _has_archive(running)
        return Look(
            system="ios",
            version=matched(r"Version ([^,\s]+)", version),
            model=matched(r"(?m)^(?:cisco|Model [Nn]umber\s*:)\s+(\S+)", version),
            members=tuple(int(number) for number in re.findall(r"(?m)^\*?\s+(\d+)\s+\d+\s+\S+\s+\S+\s", version))
            or (1,),
            ports=frozenset(re.findall(r"(?m)^interface (\S+)", running)),
            running=running,
            saved=self._terminal.send("show startup-config") + users,  # whether users are saved, IOS does not tell
        )

    def _users(self) -> tuple[str, ...]:
        """SNMPv3 users as lines: IOS keeps them out of its configuration. None where the agent is off."""
        return user_lines(self._answered("show snmp user"))

    def preview(self, commands: Sequence[Command]) -> str | None:
        """IOS has no such thing."""
        return None

    def apply(self, commands: Sequence[Command], minutes: int) -> None:
        """See `Session.apply`."""
        if self._archive:
            self._configure(f"configure terminal revert timer {minutes}")
            self._armed = "configure confirm"
        else:
            self._keep_what_runs()
            self._reload_in(minutes)
            self._armed = "reload cancel"
            self._configure("configure terminal")
        for typed in entered(commands):
            self._do(_typed(typed), [(r"\[confirm\]$", "")] if typed.startswith("no username ") else ())
        self._do("end")

    def _configure(self, command: str) -> None:
        said = self._do(command)
        if CONFIGURING not in said:
            raise TerminalError(f"{command} was not taken: {' '.join(said.split())}")

    def _do(self, command: str, questions: Sequence[tuple[str, str]] = ()) -> str:
        """A command's answer. Raises TerminalError that names the command where the switch refuses it."""
        first = command.partition("\n")[0]
        try:
            said = self._terminal.send(command, questions)
        except TerminalError as error:
            raise TerminalError(f"{first}: {error}", gone=error.gone) from error
        if refused := _REFUSED.search(said):
            raise TerminalError(f"{first}: {refused[0].strip()}")
        return said

    def confirm(self) -> None:
        """See `Session.confirm`."""
        self.save()
        self._do(self._armed)
        self._armed = ""

    def save(self) -> None:
        """See `Session.save`."""
        said = self._terminal.send("write memory")
        if "[OK]" not in said:
            raise TerminalError(f"write memory did not end with [OK]: {' '.join(said.split())}")

    def roll_back(self) -> None:
        """See `Session.roll_back`."""
        self._leave()
        if not self._armed:
            return  # nothing was entered
        if self._armed == "configure confirm":
            self._do("configure revert now")
        else:
            self._do(f"configure replace {BEFORE} force")
            self._do(self._armed)
        self._armed = ""
        self._remove_new_users()

    def _remove_new_users(self) -> None:
        """What IOS keeps out of its configuration does not go back with it."""
        if self._users_before is None:
            return
        new = [line for line in self._users() if line not in self._users_before]
        if new:
            self._configure("configure terminal")
            for line in new:
                self._do(negate((), line))
            self._do("end")

    def _connected(self, status: str) -> Iterable[str]:
        return [_long(name) for name in _up(status)]

    def _seen(self, said: str) -> Iterable[Neighbour]:
        return _neighbours(said)

    def _keep_what_runs(self) -> None:
        """In a file on the switch. The old file goes first: IOS would ask whether to write over it."""
        self._answered(f"delete /force {BEFORE}")
        self._terminal.send(f"copy running-config {BEFORE}", [(r"\]\? ?$", "")])

    def _reload_in(self, minutes: int) -> None:
        """IOS asks first whether to save, where there is something to save; a restart must not find it saved."""
        asked = [(r"Save\? \[yes/no\]: ?$", "no\n"), (r"\[confirm\]$", "")]
        said = self._terminal.send(f"reload in {minutes}", asked)
        if "reload scheduled" not in said.lower():
            raise TerminalError(f"reload in {minutes} was not taken: {' '.join(said.split())}")


def _typed(line: str) -> str:
    """A banner is typed as several lines, with a letter around it that it has not."""
    if not line.startswith("banner "):
        return line
    first, _, text = line.partition("\n")
    mark = next(mark for mark in BANNER_MARKS if mark not in text)
    return f"{first} {mark}\n{text}\n{mark}"


def _has_archive(running: str) -> bool:
    return re.search(r"(?m)^archive\s*\n(?: .*\n)*? path \S", running.replace("\r", "")) is not None


def _up(status: str) -> list[str]:
    """Ports of `show interfaces status` that are connected."""
    return re.findall(r"(?m)^(\S+)\s.*?\sconnected +(?:\d+|trunk|routed|unassigned)\s", status)


def _neighbours(text: str) -> list[Neighbour]:
    found: list[Neighbour] = []
    for block in re.split(r"(?m)^-{10,}\s*$", text.replace("\r", "")):
        port, far, name = (
            matched(rf"(?m)^{words}: *(\S.*?) *$", block) for words in ("Local Intf", "Port id", "System Name")
        )
        if port and name:
            found.append(Neighbour(_long(port), name.split(".")[0], _long(far)))
    return found


def _long(name: str) -> str:
    return long_name(name, SHORT)
