"""The dialect of Arista EOS: modes, prompts and words of the CLI double. An emulator; nothing of Arista is in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from werkplek.lab.switches import eos_factory, eos_forwarding, eos_global, eos_ports, eos_sessions, eos_signin
from werkplek.lab.switches.device import Device, Neighbour
from werkplek.lab.switches.dialect import Exec, Line, Mode, Refusal, mode
from werkplek.lab.switches.eos_exec import CONFIG, EXEC
from werkplek.lab.switches.eos_names import READERS, short
from werkplek.lab.switches.eos_show import full_name, shown
from werkplek.lab.switches.eos_text import FILTERS, INDENT, hostname
from werkplek.lab.switches.estate import SwitchHost
from werkplek.lab.switches.forwarding import Decision
from werkplek.lab.switches.grammar import expression
from werkplek.lab.switches.shell import Context, Session
from werkplek.lab.switches.tree import Section, find

NAME = "arista-eos"
_SHOWN_OF_NAME = 10
SECTIONS: Mapping[str, tuple[str, list[Line]]] = {
    "vlan": ("vlan-{}", eos_ports.VLAN),
    "port": ("if-{}", eos_ports.PORT),
    "logical": ("if-{}", eos_ports.LOGICAL),
    "access-list": ("std-acl-{}", eos_ports.ACCESS_LIST),
    "tacacs-group": ("sg-tacacs+-{}", eos_global.GROUP),
    "radius-group": ("sg-radius-{}", eos_global.GROUP),
    "ssh": ("mgmt-ssh", eos_global.SSH),
    "telnet": ("mgmt-telnet", eos_global.TELNET),
    "console": ("mgmt-console", eos_global.CONSOLE),
    "security": ("mgmt-security", eos_global.SECURITY),
    "http-commands": ("mgmt-api-http-cmds", eos_global.HTTP_COMMANDS),
}
WITHIN: Mapping[str, tuple[str, str, list[Line]]] = {
    "ssh-vrf": ("ssh", "mgmt-ssh-vrf-{}", eos_global.VRF_SERVICE),
    "http-vrf": ("http-commands", "mgmt-api-http-cmds-vrf-{}", eos_global.VRF_SERVICE),
    "password-policy": ("security", "mgmt-security-pwd-policy-{}", eos_global.PASSWORD_POLICY),
}
_READERS = {
    **READERS,
    "PERCENT": expression(r"\d{1,3}(\.\d{1,2})?"),
    "HEX": expression(r"(?:[0-9a-fA-F]{2})+"),
    "H:M:S": eos_sessions.readable_time,
}


def _modes() -> dict[str, Mode]:
    config: list[Exec | Line] = [*CONFIG, *eos_global.GLOBAL]
    made = {"exec": mode("exec", "", list(EXEC), _READERS), "config": mode("config", "", config, _READERS)}
    for name, (suffix, rules) in SECTIONS.items():
        made[name] = mode(name, suffix, list(rules), _READERS, "config")
    for name, (parent, suffix, rules) in WITHIN.items():
        made[name] = mode(name, suffix, list(rules), _READERS, parent)
    return made


class Eos:
    """See `Dialect`."""

    name = NAME

    def __init__(self) -> None:
        self.modes: Mapping[str, Mode] = _modes()

    def prompt(self, session: Session) -> str:
        """See `Dialect.prompt`."""
        host = hostname(session.device.running)
        if not session.configuring:
            return f"{host}{'#' if session.privilege > 1 else '>'}"
        name = eos_sessions.current(session)
        where = ["config", *(["s", name[:_SHOWN_OF_NAME]] if name else [])]
        if suffix := self.modes[session.context.mode].suffix:
            where.append(suffix.format(_label([path[-1] for path in session.context.paths])))
        return f"{host}({'-'.join(where)})#"

    def greeting(self, device: Device) -> str:
        """See `Dialect.greeting`."""
        return _banner(device.running, "motd")

    def banner(self, device: Device) -> str:
        """See `Dialect.banner`."""
        return _banner(device.running, "login")

    def privilege(self, device: Device, user: str) -> int:
        """See `Dialect.privilege`."""
        return eos_signin.privilege(device, user)

    def may_connect(self, device: Device, address: str) -> bool:
        """See `Dialect.may_connect`."""
        return eos_signin.may_connect(device, address)

    def signs_in(self, device: Device, user: str, password: str) -> bool:
        """See `Dialect.signs_in`."""
        return eos_signin.signs_in(device, user, password)

    def mismatch(self, reason: str, line: str, column: int, prompt: str) -> str:
        """See `Dialect.mismatch`."""
        if reason == "incomplete":
            return "% Incomplete command"
        before = len(line[:column].split())
        token = line[column:].split(maxsplit=1)[0]
        return f"% {reason.capitalize()} {'input' if reason == 'invalid' else 'command'} (at token {before}: '{token}')"

    def running_text(self, device: Device) -> str:
        """See `Dialect.running_text`."""
        return shown(device) + "!\nend\n"

    def load(self, device: Device, text: str) -> None:
        """See `Dialect.load`."""
        eos_sessions.replace(device, read(device, text))

    def restart(self, device: Device) -> None:
        """See `Dialect.restart`."""
        device.cut_sessions()
        eos_sessions.forget(device)
        self.load(device, device.startup)

    def factory(self, host: SwitchHost, user: str, password: str, old: bool) -> str:
        """See `Dialect.factory`."""
        return eos_factory.configuration(host, user, password, old)

    def announced(self, device: Device, port: str) -> Neighbour | None:
        """See `Dialect.announced`."""
        silent = "lldp run" in device.running or "lldp transmit" in (find(device.running, (f"interface {port}",)) or {})
        return None if silent else Neighbour(full_name(device), port)

    def forwarding(self, device: Device) -> tuple[Decision, ...]:
        """See `Dialect.forwarding`."""
        return tuple(eos_forwarding.forwarding(device.running, name) for name in device.ports)

    def filters(self) -> Mapping[str, Callable[[str, str], str]]:
        """See `Dialect.filters`."""
        return FILTERS


def read(device: Device, text: str) -> Section:
    """A configuration's text as a tree, line by line as if typed.

    Raises:
        Refusal: the first line that is none of this system's.
    """
    session = Session(device, "", lambda _text: None, lambda: None)
    tree = eos_sessions.hardware(device)
    try:
        session.editing = tree
        session.contexts.append(Context("config"))
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip() == "end" and not session.question:
                break
            _typed(session, line, number)
    finally:
        session.end()
    return tree


def _typed(session: Session, line: str, number: int) -> None:
    if session.question is None and (not line.strip() or line.lstrip().startswith("!")):
        return
    if session.question is None:
        del session.contexts[2 + (len(line) - len(line.lstrip())) // INDENT :]
    if session.question is not None:
        session.enter(line)
        return
    try:
        answer = session.execute(line)
    except Refusal as refusal:
        raise Refusal(f"> {line} {refusal} at line {number}") from refusal
    if not isinstance(answer, str):
        session.say(answer)


def _banner(section: Section, name: str) -> str:
    entry = section.get(f"banner {name}")
    return "\n".join(entry.text.split("\n")[1:-1]) if entry else ""


def _label(slots: list[str]) -> str:
    """What a prompt says of the sections that lines go to: `Et1`, `410`."""
    words = [slot.split()[-1] for slot in slots]
    if slots[0].startswith("interface "):
        words = [short(word) for word in words]
    return words[0] if len(words) == 1 else f"{words[0]}-{re.sub(r'^[A-Za-z]+', '', words[-1])}"
