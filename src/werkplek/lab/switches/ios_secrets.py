"""How IOS hides what must not be read: type 7 (a fixed key stream, from a glance only) and type 9 (scrypt)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from functools import lru_cache

# The key stream of type 7, public since 1995.
STREAM = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
_SALT_LENGTH = 14
# Cisco writes base64 with an alphabet of its own.
_TO_CISCO = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
)
_ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# Lines that end in a secret in the clear: what stands before it.
_CLEAR = re.compile(r"((?:username \S+ (?:privilege \d+ )?|enable )?password|.*\b(?:server-key|key))(?: 0)? (\S+)")


def hidden(text: str) -> str:
    """A text as type 7. The seed follows from the text, so that a line is the same each time."""
    seed = sum(text.encode()) % 16
    body = bytes(letter ^ STREAM[(seed + at) % len(STREAM)] for at, letter in enumerate(text.encode()))
    return f"{seed:02}{body.hex().upper()}"


def readable(text: str) -> str | None:
    """What a type 7 text hides; None when it is none."""
    if not re.fullmatch(r"\d\d(?:[0-9A-Fa-f]{2})*", text):
        return None
    seed, body = int(text[:2]), bytes.fromhex(text[2:])
    return bytes(letter ^ STREAM[(seed + at) % len(STREAM)] for at, letter in enumerate(body)).decode(errors="replace")


def hide_line(line: str) -> str:
    """A line as `service password-encryption` leaves it: a password or key in the clear becomes type 7."""
    match = _CLEAR.fullmatch(line)
    return f"{match[1]} 7 {hidden(match[2])}" if match and not line.startswith("ntp ") else line


def scrypted(password: str, salt: str = "") -> str:
    """A password as type 9."""
    salt = salt or "".join(secrets.choice(_ALPHABET) for _ in range(_SALT_LENGTH))
    return f"$9${salt}${_scrypt(password, salt)}"


def fits(password: str, stored: str) -> bool:
    """Whether a password is the one of a type 9 text."""
    match = re.fullmatch(r"\$9\$([./0-9A-Za-z]+)\$([./0-9A-Za-z]+)", stored)
    return match is not None and hmac.compare_digest(_scrypt(password, match[1]), match[2])


@lru_cache(maxsize=64)  # the switches of a lab share an account, and scrypt takes 30 ms on purpose
def _scrypt(password: str, salt: str) -> str:
    digest = hashlib.scrypt(password.encode(), salt=salt.encode(), n=16384, r=1, p=1, dklen=32)
    return base64.b64encode(digest).translate(_TO_CISCO).rstrip(b"=").decode()
