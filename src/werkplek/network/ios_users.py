"""SNMPv3 users of IOS, which it shows by `show snmp user` only."""

from __future__ import annotations

import re

_USER = re.compile(
    r"User name: (\S+)\n.*?Authentication Protocol: (\S+)\nPrivacy Protocol: (\S+)\nGroup-name: (\S+)", re.DOTALL
)
_WORDS = {"AES128": "aes 128", "AES192": "aes 192", "AES256": "aes 256", "DES": "des", "3DES": "3des"}


def user_lines(said: str) -> tuple[str, ...]:
    """The users as lines of configuration, without their keys."""
    return tuple(
        f"snmp-server user {name} {group} v3 auth {auth.lower()} priv {_WORDS.get(priv, priv.lower())}"
        for name, auth, priv, group in _USER.findall(said.replace("\r", ""))
    )
