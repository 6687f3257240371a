"""Whether people can get a session here: services, the RDP listener, and a real login."""

from __future__ import annotations

import re
import secrets
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest

from . import drain
from .host import Host, HostError
from .sessions import Session, end, sessions

SERVICES = ("xrdp.service", "xrdp-sesman.service")
# MS-RDPBCGR 2.2.1.1: TPKT (RFC 1006), X.224 connection request, RDP negotiation request for TLS.
CONNECT = struct.pack(">BBH BBHHB BBHI", 3, 0, 19, 14, 0xE0, 0, 0, 0, 1, 0, 0x0800, 0x01000000)
CONFIRM, RESPONSE, FAILURE = 0xD0, 2, 3
PROTOCOLS = {0: "RDP without TLS", 1: "TLS"}
CHECKER = "werkplek-check"
LOGIN_SECONDS, ANSWER_SECONDS, SETTLE_SECONDS = 60, 10, 1


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    check: str
    ok: bool
    found: str


def look(host: Host) -> list[Check]:
    """Services and listener; quick, and touches nothing."""
    states = host.run("systemctl", "is-active", *SERVICES).out.split()
    found = dict(zip_longest(SERVICES, states, fillvalue="unknown"))
    services = [Check(f"{name} runs", found[name] == "active", found[name]) for name in SERVICES]
    return [*services, listener(host)]


def listener(host: Host) -> Check:
    """Whether the RDP port answers a client's first packet as MS-RDPBCGR 2.2.1.2 says, with TLS."""
    port = rdp_port(host.text("/etc/xrdp/xrdp.ini") or "")
    name = f"port {port} speaks RDP with TLS"
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS) as connection:
            connection.sendall(CONNECT)
            answer = connection.recv(64)
    except OSError as error:
        return Check(name, False, str(error))
    return Check(name, *negotiated(answer))


def negotiated(answer: bytes) -> tuple[bool, str]:
    """Whether a connection confirm chose TLS, and what it is in words."""
    if len(answer) < 11 or answer[5] != CONFIRM:
        return False, f"no connection confirm: {answer[:16].hex() or 'nothing'}"
    if len(answer) < 19:
        return False, PROTOCOLS[0]
    kind, value = answer[11], int.from_bytes(answer[15:19], "little")
    if kind == FAILURE:
        return False, f"negotiation failure {value}"
    if kind != RESPONSE:
        return False, f"negotiation of kind {kind}"
    return value == 1, PROTOCOLS.get(value, f"protocol {value}")


def rdp_port(text: str) -> int:
    """The first TCP port of xrdp.ini's `port` (xrdp.ini(5)): a number, or an address such as `tcp://.:3389`."""
    addresses = re.split(r"[\s,]+", setting(text, "Globals", "port"))
    found = [match for address in addresses if (match := re.fullmatch(r"(?:tcp6?://\S*:)?(\d+)", address))]
    return int(found[0][1]) if found else 3389


def setting(text: str, section: str, name: str) -> str:
    """A value of xrdp.ini or sesman.ini(5), empty without one: names are in any case, and the last one counts."""
    found, inside = "", False
    for line in map(str.strip, text.splitlines()):
        key, _, value = line.partition("=")
        if line.startswith("["):
            inside = line.lower() == f"[{section}]".lower()
        elif inside and key.strip().lower() == name.lower():
            found = value.strip()
    return found


def login(host: Host, account: str | None, password: str | None) -> Check:
    """Sign in for real (PAM, sesman, X server, desktop) and out again.

    Without an account, one is made for this and taken away afterwards; its password is random and nowhere kept.
    """
    name = f"{account or CHECKER} signs in"
    try:
        with checker(host, account, password) as (user, secret), let_in(host, user):
            return Check(name, *sign_in(host, user, secret))
    except HostError as error:
        return Check(name, False, str(error))


@contextmanager
def checker(host: Host, account: str | None, password: str | None) -> Iterator[tuple[str, str]]:
    """The account to sign in with."""
    if account:
        yield account, password or ""
        return
    secret = f"{secrets.token_urlsafe(24)}aA1-"  # passes a password policy
    remove(host)
    group = users_group(host.text("/etc/xrdp/sesman.ini") or "")
    known = bool(group) and host.run("getent", "group", group).code == 0
    try:
        must(host, "useradd", "--create-home", "--shell", "/bin/bash", *(["--groups", group] if known else []), CHECKER)
        must(host, "chpasswd", stdin=f"{CHECKER}:{secret}\n")
        yield CHECKER, secret
    finally:
        remove(host)


def remove(host: Host) -> None:
    """Take the made account away with its sessions and home."""
    if host.run("getent", "passwd", CHECKER).code:
        return
    host.run("loginctl", "terminate-user", CHECKER)
    for _ in range(50):
        if host.run("userdel", "--remove", CHECKER).code in (0, 6, 12):  # userdel(8): done, no such user, no home left
            return
        time.sleep(0.1)
    host.run("pkill", "--signal", "KILL", "--uid", CHECKER)
    must(host, "userdel", "--force", "--remove", CHECKER)


@contextmanager
def let_in(host: Host, user: str) -> Iterator[None]:
    """While the host is drained, the account may come in all the same."""
    drained = drain.draining(host)
    if drained:
        drain.drain(host, (user,))
    try:
        yield
    finally:
        if drained:
            drain.drain(host)


def users_group(text: str) -> str:
    """The group that may sign in."""
    return setting(text, "Security", "TerminalServerUsers")


def sign_in(host: Host, user: str, secret: str) -> tuple[bool, str]:
    """Start a session; it counts when the desktop still stands a moment later."""
    started = time.monotonic()
    try:
        answer = host.run("xrdp-sesrun", "-F", "0", user, stdin=secret, seconds=LOGIN_SECONDS)
        if answer.code or not answer.out.startswith("ok"):
            said = (answer.err.strip() or answer.out.strip()).rpartition("\n")[2].removeprefix("Password:").strip()
            return False, said or f"xrdp-sesrun ended with {answer.code} and said nothing"
        time.sleep(SETTLE_SECONDS)
        standing = mine(host, user)
        took = time.monotonic() - started - SETTLE_SECONDS
        return bool(standing), f"a desktop after {took:.1f} s" if standing else "the session ended at once"
    finally:
        end(host, mine(host, user))


def mine(host: Host, user: str) -> list[Session]:
    """Desktops of a user, also where logind has the account's own name and `user` is another form of it."""
    own = host.run("getent", "passwd", user).out.partition(":")[0]
    return [one for one in sessions(host) if one.user in (user, own)]


def must(host: Host, *command: str, stdin: str = "") -> None:
    """A command that must work. Raises HostError without the input, which may be a secret."""
    answer = host.run(*command, stdin=stdin)
    if answer.code:
        raise HostError(f"{command[0]} failed: {answer.err.strip() or answer.code}")
