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
for id in $(loginctl list-sessions --no-legend --no-pager | awk -v user="$PAM_USER" '$3 == user {{ print $1 }}'); do
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
    rules = host.text(PAM_FILE)
    if rules is None:
        return f"{PAM_FILE} is not there: is xrdp installed?"
    if RULE not in rules.splitlines():
        return f"{PAM_FILE} has no line '{RULE}'"
    if host.text(GATE) != SCRIPT or not os.access(host.path(GATE), os.X_OK):
        return f"{GATE} is not as Werkplek makes it"
    return None


def build_gate(host: Host) -> None:
    """Put the gate in place; it is open until the drain file is there. Raises HostError."""
    write(host.path(GATE), SCRIPT, 0o755)
    rules = host.text(PAM_FILE)
    if rules is None:
        raise HostError(f"{PAM_FILE} is not there: is xrdp installed?")
    lines = [line for line in rules.splitlines() if GATE not in line]
    if lines.count(BEFORE) != 1:
        raise HostError(f"{PAM_FILE} has no single line '{BEFORE}', before which the drain rule goes")
    lines.insert(lines.index(BEFORE), RULE)
    write(host.path(PAM_FILE), "\n".join(lines) + "\n", 0o644)


def drain(host: Host, let_in: tuple[str, ...] = ()) -> None:
    """Let nobody new in but the accounts named. Raises HostError."""
    if gate_problem(host):
        build_gate(host)
    write(host.path(DRAIN_FILE), "".join(f"{name}\n" for name in let_in), 0o644)
    wrong = gate_problem(host)
    if wrong:
        raise HostError(f"the host cannot be drained: {wrong}")


def accept(host: Host) -> None:
    """Let everyone in again."""
    host.path(DRAIN_FILE).unlink(missing_ok=True)


def write(path: Path, text: str, mode: int) -> None:
    """Replace a file in one step."""
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w") as stream:
        stream.write(text)
        os.fchmod(stream.fileno(), mode)
        stream.flush()
        os.fsync(stream.fileno())
    Path(name).replace(path)
