# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of a member: read from the module's options, all mistakes named at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_ACCOUNT = re.compile(r"[A-Za-z0-9._-]+")
_UNIT = re.compile(r"(OU|CN)=[^\n]+,DC=[^,\n]+", re.IGNORECASE)
_NOT_IN_GROUP = re.compile(r"[,\\\n]")  # SSSD parts its lists at commas; `\\` would be a NetBIOS name


class RequestError(Exception):
    """The module's options cannot be followed. The text names every mistake."""


@dataclass(frozen=True)
class Wanted:
    """A member as it should be. `password` is empty where this run has none, `unit` where the domain chooses."""

    domain: str
    realm: str
    account: str
    password: str
    unit: str
    groups: tuple[str, ...]


def parse(options: Mapping[str, Any]) -> Wanted:
    """The member that the options describe. Raises RequestError."""
    domain = options["domain"]
    wanted = Wanted(
        domain=domain,
        realm=options["realm"] or domain.upper(),
        account=options["join_account"],
        password=options["join_password"] or "",
        unit=options["computer_ou"] or "",
        groups=tuple(options["permitted_groups"] or ()),
    )
    mistakes = [*_mistakes(wanted)]
    if mistakes:
        raise RequestError("; ".join(mistakes))
    return wanted


def _mistakes(wanted: Wanted) -> list[str]:
    found = []
    if not _DOMAIN.fullmatch(wanted.domain):
        found.append(f"domain: {wanted.domain!r} is no DNS name in small letters, such as 'ad.example.nl'")
    if not _DOMAIN.fullmatch(wanted.realm.lower()) or wanted.realm != wanted.realm.upper():
        found.append(f"realm: {wanted.realm!r} is no realm in capitals, such as 'AD.EXAMPLE.NL'")
    if not _ACCOUNT.fullmatch(wanted.account):
        found.append(f"join_account: {wanted.account!r} is no short account name, without domain")
    if "\n" in wanted.password:
        found.append("join_password: has a line break in it")
    if wanted.unit and not _UNIT.fullmatch(wanted.unit):
        found.append(f"computer_ou: {wanted.unit!r} is no distinguished name, such as 'OU=Werkplekken,DC=ad,DC=nl'")
    found += [
        f"permitted_groups: {group!r} is no short name of a group, without domain or comma"
        for group in wanted.groups
        if not group.strip() or _NOT_IN_GROUP.search(group)
    ]
    return found
