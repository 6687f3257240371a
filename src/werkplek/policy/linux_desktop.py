"""Kinds of the engine linux_policy for where a workplace stands and how its desktop behaves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import PlainValidator

from werkplek.policy.fields import Ref, matching, wrong
from werkplek.policy.kind import LinuxKind, Target
from werkplek.policy.linux_fields import check_some_text

_ZONE = re.compile(r"UTC|[A-Z][A-Za-z]+(/[A-Z][A-Za-z0-9_+-]+){1,2}")
_LOCALE = re.compile(r"C\.UTF-8|[a-z]{2,3}_[A-Z]{2}\.UTF-8")


def _zone(value: object) -> str | Ref:
    name = check_some_text(value)
    valid = isinstance(name, Ref) or _ZONE.fullmatch(name)
    return name if valid else wrong("a time zone of the tz database, such as Europe/Amsterdam")


def _locale(value: object) -> str | Ref:
    name = check_some_text(value)
    valid = isinstance(name, Ref) or _LOCALE.fullmatch(name)
    return name if valid else wrong("a locale in UTF-8, such as nl_NL.UTF-8")


class Timezone(LinuxKind):
    """The time zone."""

    references = ("name",)

    name: Annotated[str | Ref, PlainValidator(_zone)]

    def target(self) -> Target:
        """There is one."""
        return ("timezone",)


class Locale(LinuxKind):
    """The language and customs of the system, made where they are not there yet."""

    references = ("name",)

    name: Annotated[str | Ref, PlainValidator(_locale)]

    def target(self) -> Target:
        """There is one."""
        return ("locale",)


class Dconf(LinuxKind):
    """A default of the desktop for all users, in GVariant text; `locked` keeps them from another value."""

    references = ("value",)

    key: Annotated[str, matching(r"(/[A-Za-z0-9._-]+)+", "a key such as /org/gnome/desktop/session/idle-delay")]
    value: Annotated[str | Ref, PlainValidator(check_some_text)]
    locked: bool | None = None

    def target(self) -> Target:
        """The key."""
        return ("dconf", self.key)


DESKTOP_KINDS: Mapping[str, type[LinuxKind]] = {"timezone": Timezone, "locale": Locale, "dconf": Dconf}
