"""A Debian host of files in a folder, with the few commands that a test expects. Nothing else can be reached."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from linux_policy.answer import result
from linux_policy.commands import Done
from linux_policy.engine import enforce
from linux_policy.request import parse
from linux_policy.system import System

Answer = Callable[..., Done]

OK = Done(0, "", "")
PASSWD = f"root:x:{os.getuid()}:{os.getgid()}:root:/root:/bin/bash\nbeheer:x:1000:1000::/home/beheer:/bin/bash\n"
GROUP = f"root:x:{os.getgid()}:\nsudo:x:27:beheer\nbeheer:x:1000:\nshadow:x:42:\n"


def said(text: str = "", code: int = 0, error: str = "") -> Done:
    return Done(code, text, error)


class Sandbox:
    """`commands` is what was run, in order; `answers` says what a command line, or how it begins, answers."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.commands: list[str] = []
        self.answers: dict[str, Done | Answer] = {}
        self.greetings: list[str] = []
        self.slept: list[float] = []
        for folder in ("run", "etc", "proc/sys", "usr/bin", "usr/sbin", "var/lib/dpkg"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        self.file("/etc/passwd", PASSWD)
        self.file("/etc/group", GROUP)

    @property
    def system(self) -> System:
        return System(str(self.root), self._run, self._greeting, self.slept.append)

    def file(self, path: str, text: str | bytes, mode: int = 0o644) -> Path:
        place = self.path(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode() if isinstance(text, str) else text)
        place.chmod(mode)
        return place

    def program(self, *names: str) -> None:
        for name in names:
            self.file(f"/usr/sbin/{name}", "", 0o755)

    def path(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def text(self, path: str) -> str:
        return self.path(path).read_text()

    def signed_in(self, account: str) -> None:
        """Have this process be of an SSH session of the account."""
        here = os.getpid()
        self.file(f"/proc/{here}/cmdline", "python3\0module.py\0")
        self.file(f"/proc/{here}/status", "Name:\tpython3\nPPid:\t4321\n")
        self.file("/proc/4321/cmdline", f"sshd-session: {account}@notty\0")

    def run(self, *settings: Mapping[str, Any], check: bool = False, diff: bool = False) -> dict[str, Any]:
        """The module's result."""
        parsed = parse(json.dumps({"schema": 1, "settings": list(settings)}))
        return result(parsed, enforce(parsed, self.system, check=check), diff=diff)

    def rows(self, *settings: Mapping[str, Any], check: bool = False) -> dict[str, dict[str, str]]:
        """The result's rows by id, without the id."""
        rows = json.loads(self.run(*settings, check=check)["settings"])
        return {row.pop("id"): row for row in rows}

    def row(self, *settings: Mapping[str, Any], check: bool = False) -> dict[str, str]:
        """The row of the one setting."""
        (row,) = self.rows(*settings, check=check).values()
        return row

    def files(self) -> dict[str, bytes | str]:
        """Everything in the folder, to see that nothing changed."""
        return {str(path.relative_to(self.root)): _shown(path) for path in sorted(self.root.rglob("*"))}

    def _run(self, command: Sequence[str], text: str, variables: Mapping[str, str], seconds: float) -> Done:
        line = " ".join(command)
        self.commands.append(line)
        known = [begin for begin in self.answers if line == begin or line.startswith(f"{begin} ")]
        assert known, f"a command that no test expects: {line}"
        answer = self.answers[max(known, key=len)]
        return answer if isinstance(answer, Done) else answer(*command, text=text)

    def _greeting(self, address: str, port: int) -> str:
        return self.greetings.pop(0) if self.greetings else ""


def _shown(path: Path) -> bytes | str:
    if path.is_symlink():
        return str(path.readlink())
    return path.read_bytes() if path.is_file() else oct(path.stat().st_mode)


def after(row: Mapping[str, str]) -> tuple[str, str, str]:
    """Status, before and after of a row."""
    return row["status"], row["before"], row["after"]
