"""Draining: who has a session may come back to it, nobody new gets in.

xrdp has no drain of its own. A PAM account rule of xrdp-sesman (pam_exec(8)) asks a small script, which lets everyone
in until the drain file is there; then those who have a session, and the accounts that the file names.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from .host import Host, HostError

PAM_FILE = "/etc/pam.d/xrdp-sesman"
GATE = "/usr/local/libexec/werkplek-session-gate"
DRAIN_FILE = "/var/lib/werkplek/draining"
RULE = f"account required pam_exec.so quiet {GATE}"
BEFORE = "@include common-account"
SCRIPT = f"""#!/bin/sh
# Made by Werkplek (linux_session_host). While the host is being drained, only those come in who have a session here.
[ -e {DRAIN_FILE} ] || exit 0
grep -qxF -- "$PAM_USER" {DRAIN_FILE} && exit 0
uid=$(id -u -- "$PAM_USER")  # a directory's account may be written in several ways
for id in $(loginctl list-sessions --no-legend --no-pager | awk -v uid="$uid" '$2 == uid {{ print $1 }}'); do
  [ "$(loginctl show-session "$id" --property=Service --value)" = xrdp-sesman ] && exit 0
done
logger --tag werkplek "session of $PAM_USER refused: this host is being drained"
exit 1
"""


def draining(host: Host) -> bool:
    """Whether the host lets nobody new in."""
    return host.path(DRAIN_FILE).exists() and gate_problem(host) is None


def gate_problem(host: Host) -> str | None:
    """What is wrong with the gate, None when it stands."""
    try:
        lines = rules(host)
    except HostError as error:
        return str(error)
    if RULE.encode() not in lines:
        return f"{PAM_FILE} has no line '{RULE}'"
    if host.text(GATE) != SCRIPT or not os.access(host.path(GATE), os.X_OK):
        return f"{GATE} is not as Werkplek makes it"
    return None


def build_gate(host: Host) -> None:
    """Put the gate in place; it is open until the drain file is there. Raises HostError."""
    before = BEFORE.encode()
    lines = [line for line in rules(host) if GATE.encode() not in line]
    if lines.count(before) != 1:
        raise HostError(f"{PAM_FILE} has no single line '{BEFORE}', before which the drain rule goes")
    lines.insert(lines.index(before), RULE.encode())
    write(host.path(GATE), SCRIPT.encode(), 0o755)
    write(host.path(PAM_FILE), b"\n".join(lines), 0o644)


def rules(host: Host) -> list[bytes]:
    """The lines of the PAM file, as bytes: what is not ours stays as it is. Raises HostError."""
    try:
        return host.path(PAM_FILE).read_bytes().split(b"\n")
    except FileNotFoundError:
        raise HostError(f"{PAM_FILE} is not there: is xrdp installed?") from None


def drain(host: Host, let_in: tuple[str, ...] = ()) -> None:
    """Let nobody new in but the accounts named. Raises HostError."""
    if gate_problem(host):
        build_gate(host)
    write(host.path(DRAIN_FILE), "".join(f"{name}\n" for name in let_in).encode(), 0o644)
    wrong = gate_problem(host)
    if wrong:
        raise HostError(f"the host cannot be drained: {wrong}")


def accept(host: Host) -> None:
    """Let everyone in again."""
    host.path(DRAIN_FILE).unlink(missing_ok=True)


def write(path: Path, content: bytes, mode: int) -> None:
    """Replace a file in one step."""
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        os.fchmod(stream.fileno(), mode)
        stream.flush()
        os.fsync(stream.fileno())
    Path(name).replace(path)
