"""An OpenSSH server of a handful of options, which reads its configuration as the real one does."""

from __future__ import annotations

import re
from pathlib import Path

from linux_policy.commands import Done
from linux_sandbox import Sandbox, said

DEFAULTS = {
    "port": ["22"],
    "listenaddress": ["0.0.0.0:22", "[::]:22"],
    "permitrootlogin": ["without-password"],
    "pubkeyauthentication": ["yes"],
    "passwordauthentication": ["yes"],
    "x11forwarding": ["no"],
    "logingracetime": ["120"],
    "authorizedkeysfile": [".ssh/authorized_keys"],
    "authenticationmethods": ["any"],
}
LISTS = ("allowusers", "denyusers", "allowgroups", "denygroups", "acceptenv", "port")
UNTOLD = ("debianbanner",)  # options that are taken, and not printed
SAME = {"prohibit-password": "without-password", "30s": "30", "2m": "120"}
MAIN = "Include /etc/ssh/sshd_config.d/*.conf\nX11Forwarding yes\nAcceptEnv LANG\n"


def install(host: Sandbox) -> None:
    """Put the server on the host, with Debian's layout."""
    host.program("sshd")
    host.file("/etc/ssh/sshd_config", MAIN)
    host.path("/etc/ssh/sshd_config.d").mkdir()

    def sshd(*command: str, text: str) -> Done:
        if "-f" not in command:
            return evaluate(read(host.path("/etc/ssh/sshd_config"), host), "/etc/ssh/sshd_config")
        file = command[command.index("-f") + 1]
        return evaluate(text if file == "/dev/stdin" else read(Path(file), host), file)

    host.answers["/usr/sbin/sshd -T"] = sshd


def read(file: Path, host: Sandbox) -> str:
    """The file with what it includes in place."""

    def included(match: re.Match[str]) -> str:
        place = Path(match[1])
        folder = place.parent if place.is_relative_to(host.root) else host.path(str(place.parent))
        return "".join(path.read_text() for path in sorted(folder.glob(place.name)))

    return re.sub(r"(?m)^Include (\S+)\n", included, file.read_text())


def evaluate(text: str, file: str) -> Done:
    values: dict[str, list[str]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, value = line.partition(" ")
        key = name.lower()
        if key == "useprivilegeseparation":
            return said(code=255, error=f"{file} line {number}: Deprecated option {name}\r\n")
        if key not in DEFAULTS and key not in (*LISTS, *UNTOLD):
            return said(code=255, error=f"{file}: line {number}: Bad configuration option: {name}\r\n")
        if value == "nope":
            return said(code=255, error=f"{file} line {number}: bad value 'nope'.\r\n")
        if key in LISTS:
            values.setdefault(key, []).extend(value.split())
        else:
            values.setdefault(key, [SAME.get(value, value)])
    if "port" in values:
        values.setdefault(
            "listenaddress", [f"{address}:{port}" for port in values["port"] for address in ("0.0.0.0", "[::]")]
        )
    told = {key: value for key, value in (DEFAULTS | values).items() if key not in UNTOLD}
    return said("".join(f"{key} {value}\n" for key, lines in told.items() for value in lines))
