"""A machine below a folder, and a directory, that answer the engine's commands as adcli, kinit and systemd do."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ansible.module_utils.linux_directory.machine import Machine
from ansible.module_utils.linux_directory.wanted import Wanted
from ansible.module_utils.linux_policy.system import Done

PASSWORD = "the-joiners-own"
WANTED = Wanted(
    "ad.example.nl", "AD.EXAMPLE.NL", "svc-join", PASSWORD, "OU=Kiosks,DC=ad,DC=example,DC=nl", ("readers",)
)
NSSWITCH = "passwd: files\ngroup:  files systemd # local\nhosts: files dns\n"
OK = Done(0, "", "")


def keytab(*names: str, realm: str = "AD.EXAMPLE.NL", number: int = 1) -> bytes:
    """A keytab with a key of each principal, as the format has them."""
    return b"\x05\x02" + b"".join(_entry(name, realm, number) for name in names)


def _entry(name: str, realm: str, number: int) -> bytes:
    parts = [part.encode() for part in name.split("/")]
    texts = b"".join(struct.pack(">H", len(text)) + text for text in (realm.encode(), *parts))
    entry = struct.pack(">H", len(parts)) + texts + struct.pack(">IIBHH", 1, 0, number, 18, 4) + b"key!"
    return struct.pack(">i", len(entry)) + entry


def refused(command: str, text: str) -> Done:
    return Done(1, "", f"{command}: {text}\n")


@dataclass
class Account:
    """A computer's account in the directory: how often it got a password, and what else a join looks at."""

    number: int = 1
    control: int = 69632
    owner: str = "kiosk-1.ad.example.nl"


@dataclass
class Host:
    """The machine, its directory, and every command that was run with the text that it was given."""

    root: Path
    accounts: dict[str, Account] = field(default_factory=dict)
    running: bool = False
    enabled: bool = True
    since: int = 0
    knows_people: bool = True
    controller: bool = True
    commands: list[tuple[list[str], str]] = field(default_factory=list)
    broken: dict[str, Done] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for folder in ("run", "usr/sbin", "usr/bin", "etc/sssd", "etc/pam.d", "proc/sys/kernel"):
            (self.root / folder).mkdir(parents=True)
        for program in ("usr/sbin/adcli", "usr/bin/kinit"):
            (self.root / program).touch()
        self.put("proc/sys/kernel/hostname", "kiosk-1\n")
        self.put("etc/nsswitch.conf", NSSWITCH)
        self.put("etc/pam.d/common-auth", "auth required pam_unix.so\n")
        self.put("etc/pam.d/common-session", "# pam_mkhomedir.so umask=0077 is not here\n")

    def put(self, path: str, text: str | bytes) -> None:
        content = text.encode() if isinstance(text, str) else text
        (self.root / path).write_bytes(content)
        (self.root / path).chmod(0o600)

    def text(self, path: str) -> str:
        return (self.root / path).read_text()

    def has(self, path: str) -> bool:
        return (self.root / path).exists()

    @property
    def machine(self) -> Machine:
        machine = Machine(str(self.root), self.run, os.geteuid())
        machine.system.sleep = lambda _seconds: None
        return machine

    def said(self, program: str) -> list[str]:
        """Each time that a program was run: its words."""
        return [" ".join(command) for command, _ in self.commands if command[0] == program]

    def run(self, command: Sequence[str], text: str, _variables: Mapping[str, str], _seconds: float) -> Done:
        words = [word for word in command[1:] if "=" not in word or word.startswith("-")]
        self.commands.append((words, text))
        config = next((word.partition("=")[2] for word in command if word.startswith("KRB5_CONFIG=")), "")
        name = " ".join(words[:2])
        if name in self.broken:
            return self.broken[name]
        answers: dict[str, Callable[[], Done]] = {
            "adcli info": self._info,
            "adcli show-computer": lambda: self._show(words[-1], text),
            "adcli join": lambda: self._join(words, text, config),
            "kinit -k": lambda: self._kinit(words[3], words[-1]),
            "pam-auth-update --enable": lambda: self._enable_profiles(words[2:]),
            "systemctl show": self._service,
            "systemctl is-active": lambda: OK if self.running else Done(3, "", ""),
            "systemctl enable": lambda: self._set(enabled=True),
            "systemctl restart": lambda: self._set(running=True),
            "systemctl stop": lambda: self._set(running=False),
            "getent -s": lambda: OK if self.running and self.knows_people else Done(2, "", ""),
        }
        return answers[name]()

    def _set(self, **values: bool) -> Done:
        for name, value in values.items():
            setattr(self, name, value)
        self.since = int(time.time()) + 1
        return OK

    def _service(self) -> Done:
        state = f"ActiveState={'active' if self.running else 'inactive'}\nActiveEnterTimestamp=@{self.since}\n"
        return Done(0, f"{state}UnitFileState={'enabled' if self.enabled else 'disabled'}\n", "")

    def _info(self) -> Done:
        if not self.controller:
            return refused("adcli", "couldn't discover domain: ad.example.nl")
        return Done(0, "[domain]\ndomain-controller = dc1.ad.example.nl\n", "")

    def _show(self, name: str, password: str) -> Done:
        if password != PASSWORD:
            return refused("adcli", "Couldn't authenticate as: svc-join@AD.EXAMPLE.NL: Preauthentication failed")
        account = self.accounts.get(name)
        if account is None:
            return refused("adcli", f"couldn't read data for {name}: No computer account for {name}$ exists")
        return Done(0, f"dNSHostName:\n {account.owner}\nuserAccountControl:\n {account.control}\n", "")

    def _join(self, words: list[str], password: str, config: str) -> Done:
        assert password == PASSWORD
        assert "kdc = dc1.ad.example.nl" in Path(config).read_text()
        options = dict(word.removeprefix("--").partition("=")[::2] for word in words[2:])
        name, place = options["computer-name"], Path(options["host-keytab"])
        account = self.accounts.setdefault(name, Account(0, owner=options["host-fqdn"]))
        account.number += 1
        own = keytab(f"{name}$", f"host/{options['host-fqdn']}", number=account.number)
        place.write_bytes(place.read_bytes() + own[2:] if place.exists() else own)
        return OK

    def _kinit(self, place: str, principal: str) -> Done:
        account = self.accounts.get(principal.partition("$")[0])
        if account is None:
            return refused(
                "kinit", f"Client '{principal}' not found in Kerberos database while getting initial credentials"
            )
        if account.control & 2:
            return refused("kinit", "Client's credentials have been revoked while getting initial credentials")
        if struct.pack(">BHH", account.number, 18, 4) not in Path(place).read_bytes():
            return refused("kinit", "Preauthentication failed while getting initial credentials")
        return OK

    def _enable_profiles(self, names: list[str]) -> Done:
        if "sss" in names:
            self.put("etc/pam.d/common-auth", "auth [success=1 default=ignore] pam_sss.so use_first_pass\n")
        if "werkplek-home" in names:
            self.put("etc/pam.d/common-session", "session\toptional\tpam_mkhomedir.so umask=0077\n")
        return OK
