"""Checked field types shared by all documents, and the one way in which a check says no."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, NoReturn
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

IDENTIFIER = r"[a-z][a-z0-9_]*"
A_DAY = "a date like 2026-12-31"
REFERENCE = re.compile(r"(municipality|registry|item)(\.[a-z][a-z0-9_]*)+")


class Strict(BaseModel):
    """Base of every document: no coercion, no unknown keys, no change after reading."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference `{from: source}` that is still to be resolved."""

    source: str

    def __str__(self) -> str:
        return f"{{from: {self.source}}}"


@dataclass(frozen=True, slots=True)
class SecretRef:
    """A reference `{secret: name}`: the value is known at run time only, and to nobody else."""

    name: str

    def __str__(self) -> str:
        return f"{{secret: {self.name}}}"


def wrong(expected: str, *, found: str = "", remedy: str = "", at: tuple[str | int, ...] = ()) -> NoReturn:
    """Refuse a value. `at` is the path below the validated field when only a part of it is wrong."""
    context = {"expected": expected, "found": found, "remedy": remedy, "at": at}
    raise PydanticCustomError("werkplek", "{expected}", context)


def shown(value: object) -> str:
    """`value` as a problem shows it: quoted and shortened."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"'{value if len(value) <= 60 else value[:57] + '...'}'"
    if isinstance(value, list | tuple):
        return "a list"
    return "a mapping" if isinstance(value, dict) else str(value)


def one_of(names: Iterable[str]) -> str:
    """Expected text for a closed set of names."""
    return "one of: " + ", ".join(names)


def nearest(name: object, names: Iterable[str]) -> str:
    """`Did you mean 'x'?` for the closest name, or nothing."""
    close = difflib.get_close_matches(str(name), list(names), 1)
    return f"Did you mean '{close[0]}'?" if close else ""


def check_ref(value: dict[object, object], at: tuple[str | int, ...] = ()) -> Ref:
    """`{from: name}`, and nothing else. `at` is where it stands below the validated field."""
    source = value.get("from")
    if len(value) != 1 or not isinstance(source, str):
        wrong("a value or {from: ...}", found="a mapping", at=at)
    if not REFERENCE.fullmatch(source):
        wrong("a name below municipality, registry or item", found=shown(source), at=(*at, "from"))
    return Ref(source)


def check_secret(value: object) -> SecretRef:
    """`{secret: name}`, and nothing else: a secret never stands in a policy file, and a problem never repeats one."""
    if not isinstance(value, dict) or set(value) != {"secret"}:
        wrong("{secret: name}", found="" if isinstance(value, dict) else "a value in clear text")
    name = value["secret"]
    if not isinstance(name, str) or not re.fullmatch(IDENTIFIER, name):
        wrong("small letters, digits and '_', a letter first", found="no name of a secret", at=("secret",))
    return SecretRef(name)


def matching(pattern: str, expected: str) -> AfterValidator:
    """Validator for text of one form."""
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        return value if compiled.fullmatch(value) else wrong(expected)

    return AfterValidator(check)


def _url(value: str) -> str:
    expected = "an http:// or https:// address without spaces or a user name"
    try:
        parts = urlsplit(value)
        valid = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        valid = False
    return value if valid and not re.search(r"\s", value) else wrong(expected)


def is_day(value: object) -> bool:
    """Whether `value` is a date like 2026-12-31. 2026-W53-4 is one too, but days are compared as texts."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _day(value: str) -> str:
    return value if is_day(value) else wrong(A_DAY)


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _one_or_more(value: object) -> object:
    return (value,) if isinstance(value, str) else _as_tuple(value)


def unique(what: str) -> AfterValidator:
    """Validator for a tuple of texts in which none comes twice, capitals aside (Windows does not see them)."""

    def check(values: tuple[str, ...]) -> tuple[str, ...]:
        seen: set[str] = set()
        for index, value in enumerate(values):
            if value.casefold() in seen:
                wrong(f"each {what} once", found=f"{shown(value)} again", at=(index,))
            seen.add(value.casefold())
        return values

    return AfterValidator(check)


def not_empty(what: str) -> AfterValidator:
    """Validator for a list that must hold something."""

    def check(values: tuple[str, ...]) -> tuple[str, ...]:
        return values or wrong(f"at least one {what}", found="an empty list")

    return AfterValidator(check)


AS_TUPLE = BeforeValidator(_as_tuple)
ONE_OR_MORE = BeforeValidator(_one_or_more)

Line = Annotated[str, matching(r"\S(?:[^\r\n]*\S)?", "one line of text without spaces around it")]
Identifier = Annotated[str, matching(IDENTIFIER, "small letters, digits and '_', a letter first")]
Slug = Annotated[str, matching(r"[a-z0-9]+([-_][a-z0-9]+)*", "a slug: small letters, digits and '-'")]
Url = Annotated[str, AfterValidator(_url)]
Host = Annotated[str, matching(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", "a host or domain name")]
Sid = Annotated[str, matching(r"S-1-\d{1,14}(-\d{1,10}){1,15}", "a SID like S-1-5-32-544")]
Guid = Annotated[
    str,
    matching(
        r"\{[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}",
        "a GUID like '{0cce9217-69ae-11d9-bed3-505054503030}'",
    ),
]
Urls = Annotated[tuple[Url, ...], AS_TUPLE]
Day = Annotated[str, AfterValidator(_day)]
Hosts = Annotated[tuple[Host, ...], AS_TUPLE, unique("name")]
