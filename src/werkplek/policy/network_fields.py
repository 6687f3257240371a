"""Checked field types of the switches' kinds and of a municipality's VLAN plan: addresses, names, a banner's text."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from typing import Annotated

from pydantic import AfterValidator, PlainValidator

from werkplek.policy.fields import Ref, SecretRef, check_ref, check_secret, matching, shown, wrong

type At = tuple[str | int, ...]
"""Where a value stands below the field that is checked."""

WIDEST_PREFIX = 8  # bits; 0.0.0.0/0 would let everybody in
# IOS ends a banner at its delimiter, which is `^C` in a running configuration, and EOS at a line `EOF`.
BANNER_MARK = "^"
BANNER_END = "EOF"


def check_address(value: str, at: At = ()) -> str:
    """An IPv4 address of one host."""
    try:
        address = IPv4Address(value)
    except AddressValueError:
        wrong("an IPv4 address like 10.4.1.20", found=shown(value), at=at)
    if address.is_multicast or address.is_unspecified or address.is_loopback or address.is_reserved:
        wrong("an IPv4 address of a host", found=shown(value), at=at)
    return value


def check_prefix(value: str, at: At = ()) -> str:
    """An IPv4 network with its length, all host bits zero."""
    try:
        network = IPv4Network(value, strict=False)
    except (AddressValueError, NetmaskValueError):
        wrong("an IPv4 network like 10.4.249.0/24", found=shown(value), at=at)
    if value != str(network):
        remedy = "Its host bits are zero, and its length is a number after '/'."
        wrong(f"'{network}'", found=shown(value), remedy=remedy, at=at)
    if network.prefixlen < WIDEST_PREFIX:
        wrong(f"a network of at most /{WIDEST_PREFIX}", found=shown(value), at=at)
    return value


def check_banner(value: str) -> str:
    """Lines of printable ASCII that neither IOS nor EOS takes for the end of the banner."""
    lines = value.removesuffix("\n").split("\n")
    if not value.strip():
        wrong("a text that is not empty")
    for line in lines:
        if not (line.isascii() and (line.isprintable() or not line)) or line != line.rstrip():
            wrong("lines of printable ASCII without spaces at the end", found=shown(line))
        if BANNER_MARK in line:
            wrong(f"a text without '{BANNER_MARK}', which ends a banner of IOS", found=shown(line))
        if line.strip() == BANNER_END:
            wrong(f"no line '{BANNER_END}', which ends a banner of EOS", found=shown(line))
    return value


def or_ref(check: Callable[[str], str]) -> PlainValidator:
    """Validator for a text that `check` passes, or a reference to one."""

    def checked(value: object) -> str | Ref:
        if isinstance(value, dict):
            return own_ref(value)
        return check(value) if isinstance(value, str) else wrong("text or {from: ...}")

    return PlainValidator(checked)


def own_ref(value: dict[object, object], at: At = ()) -> Ref:
    """A reference to a value of the municipality, or of an item of one of its lists."""
    reference = check_ref(value, at)
    if reference.source.startswith("registry."):
        expected = "a name below municipality: a registry's text is no part of a configuration"
        wrong(expected, found=shown(reference.source), at=(*at, "from"))
    return reference


def list_or_ref(check: Callable[[str, At], str], what: str) -> PlainValidator:
    """Validator for a list of texts that `check` passes, each once and at least one; or a reference to such a list."""

    def checked(value: object) -> tuple[str | Ref, ...] | Ref:
        if isinstance(value, dict):
            return own_ref(value)
        if not isinstance(value, list):
            wrong("a list or {from: ...}")
        return _items(value, check) or wrong(f"at least one {what}", found="an empty list")

    return PlainValidator(checked)


def _items(values: list[object], check: Callable[[str, At], str]) -> tuple[str | Ref, ...]:
    found: list[str | Ref] = []
    for index, value in enumerate(values):
        if not isinstance(value, str | dict):
            wrong("text or {from: ...}", found=shown(value), at=(index,))
        item = own_ref(value, (index,)) if isinstance(value, dict) else check(value, (index,))
        if item in found:
            wrong("each once", found=f"{shown(str(item))} again", at=(index,))
        found.append(item)
    return tuple(found)


def _secret(value: object) -> SecretRef:
    return check_secret(value)


Address = Annotated[str, AfterValidator(check_address)]
Prefix = Annotated[str, AfterValidator(check_prefix)]
Addresses = Annotated[tuple[str | Ref, ...] | Ref, list_or_ref(check_address, "address")]
Secret = Annotated[SecretRef, PlainValidator(_secret)]
# The names that IOS and EOS give a meaning of their own as a group of servers.
GroupName = Annotated[
    str,
    matching(
        r"(?!(?:enable|if-authenticated|krb5|ldap|line|local|local-case|none|radius|tacacs\+?)$)[A-Za-z][A-Za-z0-9_-]{0,31}",
        "a name of letters, digits, '_' and '-', at most 32, that is no method of sign-in itself",
    ),
]
