"""How EOS hides what must not be read: sha512 of passwords, type 7 of keys, SNMP keys made for one engine."""

from __future__ import annotations

import hashlib
import secrets
from functools import lru_cache

from werkplek.lab.switches import ios_secrets

_ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ROUNDS = 5000
_MEGABYTE = 2**20
_AES_128 = 32  # hexadecimal digits
hidden = ios_secrets.hidden


def sha512(password: str, salt: str = "") -> str:
    """A password as `crypt` writes it: `$6$salt$digest`."""
    salt = salt or "".join(secrets.choice(_ALPHABET) for _ in range(16))
    return f"$6${salt}${_sha512(password.encode(), salt.encode())}"


@lru_cache(maxsize=64)  # the switches of a lab share an account, and five thousand rounds take their time
def _sha512(password: bytes, salt: bytes) -> str:
    """Ulrich Drepper, "Unix crypt using SHA-256 and SHA-512", version 0.6, steps 1 to 22."""
    digest = hashlib.sha512
    b = digest(password + salt + password).digest()
    a = password + salt + _filled(b, len(password))
    bits = len(password)
    while bits:
        a += b if bits & 1 else password
        bits >>= 1
    result = digest(a).digest()
    p = _filled(digest(password * len(password)).digest(), len(password))
    s = _filled(digest(salt * (16 + result[0])).digest(), len(salt))
    for number in range(_ROUNDS):
        odd = number % 2
        mixed = p if odd else result
        mixed += s if number % 3 else b""
        mixed += p if number % 7 else b""
        result = digest(mixed + (result if odd else p)).digest()
    return _letters(result)


def _filled(block: bytes, length: int) -> bytes:
    return (block * (length // len(block) + 1))[:length]


def _letters(result: bytes) -> str:
    """The digest in the order and the alphabet of `crypt`."""
    text = ""
    for place in range(21):
        one, two, three = ((place * 22 + shift) % 63 for shift in (0, 21, 42))
        text += _group(result[one] << 16 | result[two] << 8 | result[three], 4)
    return text + _group(result[63], 2)


def _group(number: int, length: int) -> str:
    return "".join(_ALPHABET[number >> 6 * place & 63] for place in range(length))


def localized(kind: str, passphrase: str, engine: str, *, privacy: str = "") -> str:
    """A passphrase as an SNMPv3 key for one engine, in hexadecimal (RFC 3414, appendix A.2).

    `kind` is `sha` or `md5`; a key for `privacy` (`aes`, `des`) has its length.
    """
    algorithm = {"sha": hashlib.sha1, "md5": hashlib.md5}[kind]
    secret = passphrase.encode()
    key = algorithm(_filled(secret, _MEGABYTE), usedforsecurity=False).digest()
    made = algorithm(key + bytes.fromhex(engine) + key, usedforsecurity=False).hexdigest()
    return made[:_AES_128] if privacy else made
