"""The lab's directory: a Samba AD domain controller beside the hosts, not one of the managed hosts.

The administrator's and the other accounts' passwords are new for each lab. They reach the controller on a program's
input and are kept in one file (mode 0600) in the lab's state folder.
"""

from __future__ import annotations

import json
import secrets
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from werkplek.errors import Exit, WerkplekError
from werkplek.files import write_atomic
from werkplek.lab.linux.model import ACCOUNT, LinuxFiles, LinuxHost, LinuxLab

BACKEND = "nspawn"  # the others' engines bring a resolver of their own into each host
CLASS = "domain_controller"  # no class of managed hosts: the registry of the lab does not know it
DOMAIN = "ad.drechtsteden.nl"
NETBIOS = "DRECHTSTEDEN"
WORKPLACES = "OU=Werkplekken,DC=ad,DC=drechtsteden,DC=nl"
HOST = LinuxHost("DRS-DC-0001", "", "domain-controller", "debian-13", CLASS, "drechtsteden", "")
JOINER, HEALTH, PERSON, STRANGER = "svc-join", "svc-health", "jdevries", "mbakker"
PEOPLE = "vdi-users"  # the group that PERSON is in and STRANGER is not
PROGRAM = "usr/local/sbin/lab-directory"
# systemd.unit(5): an empty unit file is a masked unit. The controller's one service starts what it needs of these.
UNUSED = ("smbd", "nmbd", "winbind")


def is_controller(host: LinuxHost) -> bool:
    """Whether the host is the domain controller and not one of the managed hosts."""
    return host.workplace_class == CLASS


def controller(lab: LinuxLab) -> LinuxHost | None:
    """The lab's domain controller, None where the lab has no directory."""
    return next(filter(is_controller, lab.hosts), None)


def names(lab: LinuxLab, host: LinuxHost) -> str:
    """The host's names for /etc/hosts, the full one first where there is a domain."""
    short = host.name.lower()
    return f"{short}.{DOMAIN} {short}" if controller(lab) else short


def seed(lab: LinuxLab, host: LinuxHost) -> Iterator[tuple[str, bytes, int]]:
    """What the directory adds to a host, as path, content and mode: every host asks the controller for names."""
    server = controller(lab)
    if server is None:
        return
    yield "etc/resolv.conf", f"search {DOMAIN}\nnameserver {server.address}\n".encode(), 0o644
    if is_controller(host):
        yield PROGRAM, Path(__file__).with_name("directory_setup.py").read_bytes(), 0o755
        for unit in UNUSED:
            yield f"etc/systemd/system/{unit}.service", b"", 0o644


def accounts_file(state: Path) -> Path:
    """Names and passwords as JSON: `{"Administrator": "...", "svc-join": "...", ...}`. Mode 0600."""
    return state / "directory-accounts.json"


def set_up(lab: LinuxLab) -> None:
    """Make the domain and its accounts, where the lab has a controller. Takes some eight seconds.

    Raises:
        WerkplekError: the controller's program failed; with its last words, which hold no password.
    """
    server = controller(lab)
    if server is None:
        return
    accounts = {name: new_password() for name in ("Administrator", JOINER, HEALTH, PERSON, STRANGER)}
    write_atomic(accounts_file(lab.state), json.dumps(accounts, indent=2) + "\n")
    result = subprocess.run(
        [*ssh(lab, server), f"sudo /{PROGRAM}"],
        input=json.dumps(wanted(lab, server, accounts)),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        tail = "\n".join(result.stderr.strip().splitlines()[-8:])
        raise WerkplekError(f"{server.name} could not make the domain {DOMAIN}:\n{tail}", code=Exit.UNAVAILABLE)


def wanted(lab: LinuxLab, server: LinuxHost, accounts: Mapping[str, str]) -> dict[str, Any]:
    """What the program on the controller is told, see directory_setup.py."""
    return {
        "domain": DOMAIN,
        "netbios": NETBIOS,
        "address": server.address,
        "accounts": dict(accounts),
        "joiner": JOINER,
        "workplaces": WORKPLACES,
        "groups": {PEOPLE: [PERSON]},
        "addresses": {host.name.lower(): host.address for host in lab.hosts if host != server},
    }


def new_password() -> str:
    """192 random bits, with the four kinds of character that the domain asks for."""
    return f"Aa1-{secrets.token_urlsafe(24)}"


def ssh(lab: LinuxLab, host: LinuxHost) -> list[str]:
    """The operators' way to a host, as a command line that a remote command completes."""
    files = LinuxFiles(lab.state)
    options = ["BatchMode=yes", "IdentitiesOnly=yes", "StrictHostKeyChecking=yes", "GlobalKnownHostsFile=/dev/null"]
    options.append(f"UserKnownHostsFile={files.known_hosts}")
    flags = [word for option in options for word in ("-o", option)]
    return ["ssh", "-F", "none", *flags, "-i", str(files.key), f"{ACCOUNT}@{host.address}"]
