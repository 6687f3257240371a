"""The dialect of Cisco IOS XE: modes, prompts and words of the CLI double. An emulator; nothing of Cisco is in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from werkplek.lab.switches import (
    ios_archive,
    ios_exec,
    ios_factory,
    ios_forwarding,
    ios_load,
    ios_names,
    ios_reload,
    ios_signin,
    ios_text,
)
from werkplek.lab.switches.device import Device, Neighbour
from werkplek.lab.switches.dialect import Mode
from werkplek.lab.switches.estate import SwitchHost
from werkplek.lab.switches.filters import FILTERS
from werkplek.lab.switches.forwarding import Decision
from werkplek.lab.switches.ios_sections import modes
from werkplek.lab.switches.ios_show import RULES as SHOWS
from werkplek.lab.switches.shell import Session
from werkplek.lab.switches.tree import Entry, find

NAME = "cisco-ios"


class Ios:
    """See `Dialect`."""

    name = NAME

    def __init__(self) -> None:
        self.modes: Mapping[str, Mode] = modes(
            ios_exec.SHARED, [*ios_exec.RULES, *ios_archive.RULES, *ios_reload.RULES, *SHOWS]
        )

    def prompt(self, session: Session) -> str:
        """See `Dialect.prompt`."""
        host = hostname(session.device)
        if session.configuring:
            return f"{host}({self.modes[session.context.mode].suffix}{'-range' * (_several(session))})#"
        return f"{host}{'#' if session.privilege == ios_signin.HIGHEST else '>'}"

    def greeting(self, device: Device) -> str:
        """See `Dialect.greeting`."""
        return "\n".join(filter(None, (_banner(device, "motd"), _banner(device, "exec"))))

    def banner(self, device: Device) -> str:
        """See `Dialect.banner`."""
        return _banner(device, "login")

    def privilege(self, device: Device, user: str) -> int:
        """See `Dialect.privilege`."""
        return ios_signin.privilege(device, user)

    def may_connect(self, device: Device, address: str) -> bool:
        """See `Dialect.may_connect`."""
        return ios_signin.may_connect(device, address)

    def signs_in(self, device: Device, user: str, password: str) -> bool:
        """See `Dialect.signs_in`."""
        return ios_signin.signs_in(device, user, password)

    def mismatch(self, reason: str, line: str, column: int, prompt: str) -> str:
        """See `Dialect.mismatch`."""
        if reason == "incomplete":
            return "% Incomplete command.\n\n"
        if reason == "ambiguous":
            return f'% Ambiguous command:  "{line.strip()}"'
        return f"{' ' * (len(prompt) + column)}^\n% Invalid input detected at '^' marker.\n\n"

    def running_text(self, device: Device) -> str:
        """See `Dialect.running_text`."""
        missing = {f"interface {name}" for name in device.faults.missing_ports}
        return ios_text.configuration({slot: row for slot, row in device.running.items() if slot not in missing})

    def load(self, device: Device, text: str) -> None:
        """See `Dialect.load`."""
        ios_load.load(device, text)

    def restart(self, device: Device) -> None:
        """See `Dialect.restart`."""
        ios_reload.restart(device)

    def factory(self, host: SwitchHost, user: str, password: str, old: bool) -> str:
        """See `Dialect.factory`."""
        return ios_factory.configuration(host, user, password, old)

    def announced(self, device: Device, port: str) -> Neighbour | None:
        """See `Dialect.announced`."""
        lines = find(device.running, (f"interface {port}",)) or {}
        silent = "lldp run" not in device.running or "lldp transmit" in lines
        domain = device.running.get("ip domain name", Entry("")).text.rpartition(" ")[2]
        name = f"{hostname(device)}.{domain}" if domain else hostname(device)
        return None if silent else Neighbour(name, ios_names.short(port))

    def forwarding(self, device: Device) -> tuple[Decision, ...]:
        """See `Dialect.forwarding`."""
        return tuple(ios_forwarding.forwarding(device.running, name) for name in device.ports)

    def filters(self) -> Mapping[str, Callable[[str, str], str]]:
        """See `Dialect.filters`."""
        return FILTERS


def hostname(device: Device) -> str:
    """The name that stands in the prompt."""
    return device.running.get("hostname", Entry("hostname Switch")).text.split()[1]


def _several(session: Session) -> bool:
    """Whether lines go to a range of interfaces."""
    return session.context.mode == "interface" and len(session.context.paths) > 1


def _banner(device: Device, kind: str) -> str:
    entry = device.running.get(f"banner {kind}")
    return entry.text.split("^C")[1].strip("\n") if entry is not None else ""
