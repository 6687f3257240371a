# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a machine a member: reads everything, joins where that is needed, writes, and reads back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ansible.module_utils.linux_policy.atomic import Attributes
from ansible.module_utils.linux_policy.model import HostError

from . import membership, sign_in, texts
from .directory import PROGRAMS, Asked
from .machine import KEYTAB, KRB5_CONF, PRIVATE, SSSD_CONF, Computer, Machine
from .wanted import Wanted

NSSWITCH = "/etc/nsswitch.conf"
HOME_PROFILE = "/usr/share/pam-configs/werkplek-home"
_SNIPPETS = "/etc/sssd/conf.d"


@dataclass(frozen=True)
class Change:
    """Something that is to be changed: what, and how it is and should be, as lines for the diff."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Look:
    """What was found. `why_join` is empty for a member, `files` are those to write, `why_start` is SSSD's."""

    computer: Computer
    why_join: str
    files: dict[str, tuple[str, str]]
    loose: tuple[str, ...]
    profiles: list[str]
    why_start: str
    untried: bool

    def changes(self, wanted: Wanted) -> Iterator[Change]:
        """What is to be done, in order."""
        if self.why_join:
            after = f"{self.computer.account} is a member of {wanted.domain}\n"
            yield Change("membership", f"not a member: {self.why_join}\n", after)
        for path, (before, after) in self.files.items():
            yield Change(path, texts.shown(before), after)
        for path in self.loose:
            yield Change(path, "not root's alone\n", "root's alone\n")
        for name in self.profiles:
            yield Change(f"PAM profile {name}", "", "in force\n")
        if self.why_start or self.why_join or self.files:
            yield Change("sssd.service", f"{self.why_start or 'runs with what was'}\n", "runs with what is\n")


@dataclass
class Answer:
    """What was done, or would be in check mode."""

    computer: str
    changes: list[Change]
    warnings: list[str] = field(default_factory=list)


def ensure(wanted: Wanted, machine: Machine, check: bool) -> Answer:
    """Have the machine be a member of the domain. Raises HostError; the machine is then as it was."""
    found = look(wanted, machine)
    answer = Answer(found.computer.name, list(found.changes(wanted)), _warnings(machine))
    if found.untried and not check:
        raise HostError(f"{' and '.join(PROGRAMS)} are not both installed")
    if found.untried:
        answer.warnings.append(f"{' and '.join(PROGRAMS)} are not both installed yet: the directory was not asked")
    if found.why_join and wanted.password and not found.untried:
        Asked(machine, wanted, found.computer).check_before_join()
    if check or not answer.changes:
        return answer
    write(wanted, machine, found)
    left = list(look(wanted, machine).changes(wanted))
    if left:
        raise HostError("after the change this is still not right: " + ", ".join(change.what for change in left))
    return answer


def look(wanted: Wanted, machine: Machine) -> Look:
    """Read everything. Raises HostError where the machine must be left alone."""
    computer = machine.computer(wanted)
    why = membership.lacking(machine, computer, wanted)
    untried = not all(machine.system.program(name) for name in PROGRAMS)
    if not why and not untried:
        why = Asked(machine, wanted, computer).lost(machine.system.read(KEYTAB) or b"")
    return Look(
        computer,
        why,
        _files(wanted, machine, computer),
        tuple(path for path in PRIVATE if machine.loose(path)),
        sign_in.missing_profiles(machine),
        sign_in.stale(machine),
        untried,
    )


def _files(wanted: Wanted, machine: Machine, computer: Computer) -> dict[str, tuple[str, str]]:
    """Files that are not as they should be, with their text now and as it should be."""
    names = machine.system.text(NSSWITCH) or ""
    files = {
        KRB5_CONF: texts.krb5_conf(wanted),
        SSSD_CONF: texts.sssd_conf(wanted, computer.full_name),
        HOME_PROFILE: texts.PAM_PROFILE,
        NSSWITCH: sign_in.add_lists(names, sign_in.missing_lists(machine)),
    }
    now = {path: machine.system.text(path) for path in files}
    return {path: (now[path] or "", text) for path, text in files.items() if now[path] != text}


def _warnings(machine: Machine) -> list[str]:
    snippets = [name for name in machine.system.names(_SNIPPETS) if name.endswith(".conf")]
    return [f"{_SNIPPETS}/{name} is read after sssd.conf and may undo what it says" for name in snippets]


def write(wanted: Wanted, machine: Machine, found: Look) -> None:
    """Do what was found to be needed. Raises HostError; files and SSSD are then as they were."""
    keytab = _joined(wanted, machine, found.computer) if found.why_join else None
    try:
        with _as_it_was(machine, found):
            if keytab is not None:
                machine.write(KEYTAB, keytab)
            for path, (_, text) in found.files.items():
                machine.write(path, text.encode())
            for path in found.loose:
                machine.system.dress(path, Attributes(machine.owner, None, 0o600))
            if found.why_start or found.why_join or found.files:
                sign_in.start(machine, wanted.account)
    except HostError as error:
        if keytab is None:
            raise
        raise HostError(
            f"{error}; this machine is as it was, and its account {found.computer.name} in the directory waits for"
            " the next join"
        ) from None
    if found.profiles:
        sign_in.enable(machine, found.profiles)


def _joined(wanted: Wanted, machine: Machine, computer: Computer) -> bytes:
    if not wanted.password:
        raise HostError(f"this machine must join {wanted.domain}, and this run has no join_password")
    return Asked(machine, wanted, computer).join(machine.system.read(KEYTAB) or b"")


@contextmanager
def _as_it_was(machine: Machine, found: Look) -> Iterator[None]:
    """When what is inside fails, the files and the service are put back."""
    before = {path: machine.system.read(path) for path in {KEYTAB, *found.files}}
    ran = machine.ask(["systemctl", "is-active", "--quiet", "sssd.service"]).code == 0
    try:
        yield
    except BaseException:
        for path, content in before.items():
            if content is not None:
                machine.write(path, content)
            elif machine.system.entry(path):
                machine.system.remove(path)
        sign_in.put_back(machine, ran)
        raise
