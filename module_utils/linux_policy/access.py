# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of sshd that would shut out the account that this run came in with. sshd_config(5)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from .host import Host
from .model import HostError
from .sshd_server import Effective

# An option that is not among these cannot end the access by itself, or not in a way that can be seen beforehand.
GUARDED = (
    "permitrootlogin",
    "pubkeyauthentication",
    "authenticationmethods",
    "authorizedkeysfile",
    "allowusers",
    "denyusers",
    "allowgroups",
    "denygroups",
)


_ENDS = "this would end the access of this run:"
PORTS = ("port", "listenaddress")


def lockout(host: Host, now: Effective, then: Effective) -> str:
    """Why the server must not go from one configuration to another; empty if it may."""
    for option in (*GUARDED, *PORTS):
        old, new = now.values.get(option, ()), then.values.get(option, ())
        reason = refusal(host, option, new, old) if new != old else ""
        if reason:
            return f"{option}: {reason}"
    return ""


def refusal(host: Host, option: str, values: Sequence[str], before: Sequence[str]) -> str:
    """Why the option (in small letters) must not go to these values, one for each line of `sshd -T`; empty if it may.

    A run that did not come in over SSH can shut nobody out.
    """
    account = host.session.account
    if account is None or option not in (*GUARDED, *PORTS):
        return ""
    if option in PORTS:
        return "" if set(before) <= set(values) else f"{_ENDS} it may have come in by an address or port that goes"
    if option in ("allowusers", "allowgroups") and not values:
        return ""
    words = [word for value in values for word in value.split()]
    reason = _methods(option, values, account) or _lists(host, option, words, account)
    if option == "authorizedkeysfile" and not any(_has_keys(host, account, word) for word in words):
        reason = f"none of these files holds a key of {account}"
    return f"{_ENDS} {reason}" if reason else ""


def _methods(option: str, values: Sequence[str], account: str) -> str:
    value = " ".join(values)
    if option == "permitrootlogin" and account == "root" and value in ("no", "forced-commands-only"):
        return "it signed in as root"
    if option == "pubkeyauthentication" and value == "no":
        return f"{account} signs in with a key"
    if option == "authenticationmethods" and not {"any", "publickey"} & set(value.split()):
        return f"{account} signs in with a key alone"
    return ""


def _lists(host: Host, option: str, words: Sequence[str], account: str) -> str:
    if option == "allowusers" and not _named(words, [account]):
        return f"{account} is not among these accounts"
    if option == "denyusers" and _hit(words, [account]):
        return f"{account} is among these accounts"
    if option in ("allowgroups", "denygroups"):
        groups = host.groups_of(account)
        if option == "allowgroups" and not _named(words, groups):
            return f"{account} is in none of these groups"
        if option == "denygroups" and _hit(words, groups):
            return f"{account} is in one of these groups"
    return ""


def _named(patterns: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a name is allowed. `user@host` counts for nothing: from where the next run comes is not known."""
    allowed = [pattern for pattern in patterns if not pattern.startswith("!") and "@" not in pattern]
    refused = [pattern[1:].partition("@")[0] for pattern in patterns if pattern.startswith("!")]
    return _hit(allowed, names) and not _hit(refused, names)


def _hit(patterns: Sequence[str], names: Sequence[str]) -> bool:
    return any(_matches(pattern.partition("@")[0], name) for pattern in patterns for name in names)


def _matches(pattern: str, name: str) -> bool:
    """PATTERNS in ssh_config(5): * is any text, ? any one character."""
    parts = [{"*": ".*", "?": "."}.get(sign) or re.escape(sign) for sign in pattern]
    return bool(re.fullmatch("".join(parts), name))


def _has_keys(host: Host, account: str, file: str) -> bool:
    home = host.home_of(account) or ""
    path = file.replace("%%", "\0").replace("%h", home).replace("%u", account).replace("\0", "%")
    try:
        text = host.system.text(posixpath.join(home, path)) if home else None
    except (HostError, OSError):
        return False
    return any(line.strip() and not line.startswith("#") for line in (text or "").splitlines())
