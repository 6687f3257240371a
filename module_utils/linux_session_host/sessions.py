"""Who has a desktop session on this host (loginctl(1), sd-login(3))."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from .host import Host, HostError

# PAM services behind which a person sits at a desktop. An operator's ssh is none.
DESKTOPS = ("xrdp-sesman", "lightdm", "gdm-password", "sddm")
ASKED = ("Id", "Name", "Service", "Class", "State", "Display")
# unix(7): a line of /proc/net/unix is num, refcount, protocol, flags, type, state, inode, path; 03 is connected.
CONNECTED = "03"
TRIES = 10


@dataclass(frozen=True)
class Session:
    """One person's desktop. `state` is active while somebody looks at it, else disconnected."""

    id: str
    user: str
    state: str
    display: str

    def to_json(self) -> dict[str, object]:
        """As windows_session_host has it; how long nobody touched it is not known here."""
        values = asdict(self)
        del values["display"]
        return {**values, "idle_seconds": None}


def sessions(host: Host) -> list[Session]:
    """All desktops on the host. Raises HostError where logind does not answer: then nobody may be sent away."""
    looked_at = displays_in_use(host.text("/proc/net/unix") or "")
    return [session(fields, looked_at) for fields in all_sessions(host) if is_desktop(fields)]


def all_sessions(host: Host) -> list[dict[str, str]]:
    """The properties of every session. One that ends meanwhile makes loginctl say nothing of the others: again then."""
    said = ""
    for _ in range(TRIES):
        listed = host.run("loginctl", "list-sessions", "--no-legend", "--no-pager")
        if listed.code:
            raise HostError(f"loginctl list-sessions failed: {listed.err.strip() or listed.code}")
        ids = [line.split()[0] for line in listed.out.splitlines() if line.strip()]
        if not ids:
            return []
        shown = host.run("loginctl", "show-session", *(f"--property={name}" for name in ASKED), *ids)
        found = list(blocks(shown.out.splitlines()))
        if shown.code == 0 and len(found) == len(ids):
            return found
        said = shown.err.strip() or f"{len(found)} of {len(ids)} sessions shown"
        time.sleep(0.2)
    raise HostError(f"loginctl show-session failed {TRIES} times: {said}")


def blocks(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """`Name=value` lines, a block for each session with an empty line between."""
    fields: dict[str, str] = {}
    for line in [*lines, ""]:
        if line:
            name, _, value = line.partition("=")
            fields[name] = value
        elif fields:
            yield fields
            fields = {}


def is_desktop(fields: dict[str, str]) -> bool:
    """Whether a session is a person's desktop that has not ended; people have several classes (pam_systemd(8))."""
    persons = fields.get("Class", "").startswith("user")
    return persons and fields.get("Service") in DESKTOPS and fields.get("State") != "closing"


def session(fields: dict[str, str], looked_at: set[str]) -> Session:
    """The session of a block."""
    display = fields.get("Display", "")
    remote = fields["Service"] == "xrdp-sesman"
    state = "active" if not remote or display.lstrip(":") in looked_at else "disconnected"
    return Session(fields["Id"], fields["Name"], state, display)


def displays_in_use(unix_sockets: str) -> set[str]:
    """Numbers of the X displays that an RDP client is connected to: xorgxrdp's socket has a peer then."""
    found = set()
    for line in unix_sockets.splitlines():
        fields = line.split()
        name = fields[7].rpartition("/")[2] if len(fields) == 8 else ""
        if fields[5:6] == [CONNECTED] and name.startswith("xrdp_display_"):
            found.add(name.removeprefix("xrdp_display_"))
    return found


def end(host: Host, ended: Iterable[Session]) -> None:
    """Sign people out. Raises HostError."""
    for one in ended:
        answer = host.run("loginctl", "terminate-session", one.id)
        if answer.code and "No session" not in answer.err:
            raise HostError(f"the session of {one.user} cannot be ended: {answer.err.strip()}")


def tell(host: Host, people: Iterable[Session], message: str) -> list[str]:
    """Show a message on each desktop; gives the people who could not be shown one, with the reason."""
    missed = []
    for one in people:
        home = host.run("getent", "passwd", one.user).out.strip().split(":")[5:6]
        display = [f"DISPLAY={one.display}", f"XAUTHORITY={home[0]}/.Xauthority"] if home and one.display else []
        # A unit of its own: the window stays when this module is gone, and goes by itself.
        shown = host.run(
            "systemd-run", "--quiet", "--collect", f"--uid={one.user}", *(f"--setenv={value}" for value in display),
            "xmessage", "-center", "-timeout", "600", message.replace("$", "$$"),  # $X is a variable there
        )  # fmt: skip
        if shown.code or not display:
            missed.append(f"{one.user}: {shown.err.strip() or 'no display'}")
    return missed
