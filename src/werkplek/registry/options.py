"""Options of a source, from untyped to typed: every problem is collected and names the file and the option."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from werkplek.errors import Problem, WerkplekError

BOOLEANS = {"validate_certs": "NETBOX_VALIDATE_CERTS", "use_last_good": "WERKPLEK_USE_LAST_GOOD", "strict": ""}
YES_AND_NO = frozenset({"true", "yes", "on", "1", "t", "y", "false", "no", "off", "0", "f", "n"})  # as Ansible has it
SLUG = re.compile(r"[A-Za-z0-9_-]+")  # NetBox's own rule for a slug


def plain(value: object) -> str:
    """A built-in str: Ansible's loader marks text as trusted templates, and that mark must not travel."""
    return str.__str__(str(value))


def beside(file: Path, name: object) -> Path:
    """The path that an option names: relative to the source file's folder, `~` is the home folder."""
    return file.parent / Path(plain(name)).expanduser()


def refuse(where: str, problems: list[Problem]) -> NoReturn:
    """Raise for a source whose options cannot be used."""
    raise WerkplekError(f"The registry's options in {where} cannot be used", problems)


def unknown_options(given: Iterable[object], allowed: Iterable[str], file: Path) -> list[Problem]:
    """One problem per option that does not exist."""
    names = sorted(allowed)
    return [
        Problem(str(file), f"unknown option {str(key)!r}", f"one of {', '.join(names)}")
        for key in given
        if str(key) not in names
    ]


def unclear_booleans(given: Mapping[Any, object], environment: Mapping[str, str], file: Path) -> list[Problem]:
    """A problem for each yes-or-no option that says neither: Ansible takes any other word for no."""
    said = [(f"{file}: {name}", given[name]) for name in BOOLEANS if given.get(name) is not None]
    said += [(f"environment: {name}", environment[name]) for name in BOOLEANS.values() if environment.get(name)]
    return [
        Problem(where, repr(plain(value)), "true or false", "A misspelt word must not turn a check off.")
        for where, value in said
        if plain(value).strip().lower() not in YES_AND_NO
    ]


def words(value: object, where: str, problems: list[Problem]) -> tuple[str, ...]:
    """A list of words that are slugs; a problem and nothing for another value."""
    if isinstance(value, list | tuple) and value and all(isinstance(v, str) and SLUG.fullmatch(v) for v in value):
        return tuple(plain(word) for word in value)
    problems.append(Problem(where, repr(value), "slugs: letters, digits, hyphens and underscores"))
    return ()


def number(value: object, bounds: tuple[int, int], where: str, problems: list[Problem]) -> int:
    """A whole number within bounds; a problem and the lower bound for another value."""
    low, high = bounds
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return int(value)
    problems.append(Problem(where, repr(value), f"a whole number from {low} to {high}"))
    return low
