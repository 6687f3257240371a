"""An xrdp host of files in a folder, that answers commands as logind, sesman and the account tools do."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

from linux_session_host.host import Answer, Host

PAM = """#%PAM-1.0
@include common-auth
-auth optional pam_gnome_keyring.so
@include common-account
@include common-session
@include common-password
"""
OS_RELEASE = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\nIMAGE_ID=werkplek\nIMAGE_VERSION=2026.11.1\n'
SOCKETS = "Num       RefCount Protocol Flags    Type St Inode Path\n"
OK = Answer(0, "", "")


def socket_line(display: str, state: str = "03") -> str:
    """A line of /proc/net/unix: 03 is connected, 01 listens or waits."""
    return f"0000000000000000: 00000003 00000000 00000000 0001 {state} 30517 /run/xrdp/1000/xrdp_display_{display}\n"


class XrdpHost(Host):
    """`people` are logind's sessions by id; `broken` says what a command, by how its line begins, answers instead."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.people: dict[str, dict[str, str]] = {}
        self.accounts = {"root", "jdevries", "apietersen"}
        self.groups = {"sudo"}
        self.units = {"xrdp.service": "active", "xrdp-sesman.service": "active"}
        self.commands: list[str] = []
        self.inputs: list[tuple[str, str]] = []
        self.broken: dict[str, Answer | Callable[..., Answer]] = {}
        self.desktop_lasts = True
        self.drain_file_at_sign_in: str | None = None
        self.numbers = itertools.count(100)
        self.put("/etc/pam.d/xrdp-sesman", PAM)
        self.put("/etc/os-release", OS_RELEASE)
        self.put("/proc/net/unix", SOCKETS)
        self.put("/proc/stat", "cpu  1 2 3\nbtime 1793597400\nprocesses 9\n")
        self.put("/proc/1/stat", "1 (systemd (init)) S 0 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 250 9 9 9\n")

    def put(self, name: str, content: str | bytes) -> None:
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_bytes(content.encode() if isinstance(content, str) else content)

    def add(self, user: str, service: str = "xrdp-sesman", **more: str) -> str:
        """A session of somebody; its id."""
        number = str(next(self.numbers))
        plain = {"Id": number, "Name": user, "Service": service, "Class": "user", "State": "active", "Display": ":10"}
        self.people[number] = {**plain, **more}
        return number

    def files(self) -> dict[str, tuple[bytes, int]]:
        """Every file with its content and mode."""
        found = (path for path in self.root.rglob("*") if path.is_file())
        return {str(path.relative_to(self.root)): (path.read_bytes(), path.stat().st_mode & 0o777) for path in found}

    def run(self, *command: str, stdin: str = "", seconds: float = 60) -> Answer:
        line = " ".join(command)
        self.commands.append(line)
        if stdin:
            self.inputs.append((command[0], stdin))
        for start, answer in self.broken.items():
            if line.startswith(start):
                return answer if isinstance(answer, Answer) else answer(*command)
        known: Callable[..., Answer] = getattr(self, "_" + command[0].replace("-", "_"))
        return known(*command[1:])

    def _loginctl(self, verb: str, *words: str) -> Answer:
        if verb == "list-sessions":
            return Answer(0, "".join(f"{one['Id']:>5} 1000 {one['Name']} - -\n" for one in self.people.values()), "")
        if verb == "show-session":
            names = [word.removeprefix("--property=") for word in words if word.startswith("--")]
            ids = [word for word in words if not word.startswith("--")]
            shown = ("".join(f"{name}={self.people[one][name]}\n" for name in names) for one in ids)
            return Answer(0, "\n".join(shown), "")
        gone = {"terminate-session": "Id", "terminate-user": "Name"}[verb]
        left = {number: one for number, one in self.people.items() if one[gone] not in words}
        found, self.people = len(left) < len(self.people), left
        return OK if found else Answer(1, "", f"No session '{words[0]}' known\n")

    def _getent(self, table: str, name: str) -> Answer:
        if name not in (self.accounts if table == "passwd" else self.groups):
            return Answer(2, "", "")
        return Answer(0, f"{name}:x:1000:1000:Somebody:/home/{name}:/bin/bash\n", "")

    def _useradd(self, *words: str) -> Answer:
        self.accounts.add(words[-1])
        return OK

    def _userdel(self, *words: str) -> Answer:
        self.accounts.discard(words[-1])
        return OK

    def _chpasswd(self) -> Answer:
        return OK

    def _pkill(self, *_words: str) -> Answer:
        return OK

    def _systemd_run(self, *_words: str) -> Answer:
        return OK

    def _systemctl(self, _verb: str, *units: str) -> Answer:
        states = [self.units[unit] for unit in units]
        return Answer(0 if set(states) == {"active"} else 3, "\n".join(states) + "\n", "")

    def _xrdp_sesrun(self, *words: str) -> Answer:
        self.drain_file_at_sign_in = self.text("/var/lib/werkplek/draining")
        if self.desktop_lasts:
            self.add(words[-1], Display=":11")
        return Answer(0, "ok display=:11 GUID=41f6\n", "Password: ")
