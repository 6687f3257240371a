"""Options of the registry, typed and checked in one go; where each option's text comes from is the plugins' matter."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn
from urllib.parse import SplitResult, urlsplit

from werkplek.errors import Problem, WerkplekError

CLASSES = ("workstation", "vdi_host", "network")
FAMILIES = ("windows", "linux", "network_os")
SLUG = re.compile(r"[A-Za-z0-9_-]+")  # NetBox's own rule for a slug


@dataclass(frozen=True, slots=True)
class RegistryConfig:
    """How the registry's words map to Werkplek's.

    `class_of_role` and `family_of_platform` are keyed by slug. `municipalities` holds the slugs that have a document
    in `municipalities_dir`. `file` is the inventory source, named in errors.
    """

    file: str
    tenant_group: str
    class_of_role: Mapping[str, str]
    family_of_platform: Mapping[str, str]
    ring_field: str
    lifecycle: tuple[str, ...]
    municipalities_dir: Path
    municipalities: frozenset[str]


@dataclass(frozen=True, slots=True)
class ApiConfig:
    """How to reach NetBox. `url` ends in a slash, without `/api`; `timeout` in seconds, `shrink_limit` in percent."""

    url: str
    token: str
    verify: bool
    ca_file: Path | None
    timeout: float
    page_size: int
    shrink_limit: int

    def __repr__(self) -> str:
        return f"ApiConfig(url={self.url!r}, token=***)"


def registry_config(options: Mapping[str, object], file: Path) -> RegistryConfig:
    """Options `tenant_group`, `classes`, `families`, `ring_field`, `lifecycle`, `municipalities_dir` -> RegistryConfig.

    Relative paths start at the folder of `file`. Raises WerkplekError with every problem found.
    """
    problems: list[Problem] = []
    where = str(file)
    classes = _words_by_key(options["classes"], where, "classes", CLASSES, problems)
    families = _families(options["families"], where, problems)
    roles = _roles(classes, where, problems)
    lifecycle = _words(options["lifecycle"], f"{where}: lifecycle", problems)
    for name in ("tenant_group", "ring_field"):
        _words([options[name]], f"{where}: {name}", problems)
    folder = beside(file, options["municipalities_dir"])
    if not folder.is_dir():
        expected = "a folder with one document per municipality"
        problems.append(Problem(f"{where}: municipalities_dir", f"no folder {folder}", expected))
    if problems:
        refuse(where, problems)
    documents = frozenset(path.stem for path in folder.glob("*.yml"))
    tenant_group, ring_field = plain(options["tenant_group"]), plain(options["ring_field"])
    return RegistryConfig(where, tenant_group, roles, families, ring_field, lifecycle, folder, documents)


def api_config(options: Mapping[str, object], file: Path) -> ApiConfig:
    """Options of the connection -> ApiConfig. Raises WerkplekError with every problem found; never shows the token."""
    problems: list[Problem] = []
    where = str(file)
    url = _url(plain(options["api_url"] or ""), bool(options["validate_certs"]), where, problems)
    token = _token(options, file, problems)
    ca_file = beside(file, options["ca_file"]) if options["ca_file"] else None
    if ca_file and not ca_file.is_file():
        problems.append(Problem(f"{where}: ca_file", f"no file {ca_file}", "certificates in PEM form"))
    timeout = _number(options["timeout"], (1, 600), f"{where}: timeout", problems)
    page_size = _number(options["page_size"], (1, 1000), f"{where}: page_size", problems)
    shrink_limit = _number(options["shrink_limit"], (0, 100), f"{where}: shrink_limit", problems)
    if problems:
        refuse(where, problems)
    return ApiConfig(url, token, bool(options["validate_certs"]), ca_file, timeout, page_size, shrink_limit)


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


def _words_by_key(
    value: object, where: str, option: str, keys: tuple[str, ...], problems: list[Problem]
) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping) or not value:
        problems.append(Problem(f"{where}: {option}", repr(value), f"role slugs under {', '.join(keys)}"))
        return {}
    known = {key: key for key in keys}
    result = {}
    for key, words in value.items():
        if key in known:
            result[known[key]] = _words(words, f"{where}: {option}.{key}", problems)
        else:
            problems.append(Problem(f"{where}: {option}", f"unknown class {str(key)!r}", f"one of {', '.join(keys)}"))
    return result


def _words(value: object, where: str, problems: list[Problem]) -> tuple[str, ...]:
    if isinstance(value, list | tuple) and value and all(isinstance(v, str) and SLUG.fullmatch(v) for v in value):
        return tuple(plain(word) for word in value)
    problems.append(Problem(where, repr(value), "slugs: letters, digits, hyphens and underscores"))
    return ()


def _roles(classes: Mapping[str, tuple[str, ...]], where: str, problems: list[Problem]) -> Mapping[str, str]:
    roles: dict[str, str] = {}
    for name, slugs in classes.items():
        for slug in slugs:
            if roles.setdefault(slug, name) != name:
                found = f"role {slug!r} in class {roles[slug]} and in class {name}"
                problems.append(Problem(f"{where}: classes", found, "each role in one class"))
    return MappingProxyType(roles)


def _families(value: object, where: str, problems: list[Problem]) -> Mapping[str, str]:
    if not isinstance(value, Mapping) or not value:
        problems.append(Problem(f"{where}: families", repr(value), "an OS family for each root platform's slug"))
        return {}
    known = {family: family for family in FAMILIES}
    for slug, family in value.items():
        if family not in known:
            found = f"unknown OS family {str(family)!r}"
            problems.append(Problem(f"{where}: families.{slug}", found, f"one of {', '.join(FAMILIES)}"))
    return MappingProxyType({plain(slug): known[family] for slug, family in value.items() if family in known})


def _url(text: str, verify: bool, where: str, problems: list[Problem]) -> str:
    remedy = "Set `api_url`, or NETBOX_API in the environment."
    parts = _parts(text)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        expected = "NetBox's address, such as https://netbox.example/"
        problems.append(Problem(f"{where}: api_url", repr(text) if text else "nothing", expected, remedy))
        return ""
    if parts.username or parts.password or parts.query or parts.fragment:
        found = "a user name, password, query or fragment in the address"
        problems.append(Problem(f"{where}: api_url", found, "an address alone", remedy))
    elif parts.scheme == "http" and verify and not is_loopback(parts.hostname):
        expected = "https://, so that the token is not sent in clear text"
        problems.append(Problem(f"{where}: api_url", f"{text!r}", expected, "Or set validate_certs: false."))
    return text.rstrip("/").removesuffix("/api") + "/"


def _parts(text: str) -> SplitResult | None:
    """The parts of an address, or None when its port or brackets are malformed."""
    try:
        parts = urlsplit(text)
        return parts if parts.port != 0 else None
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """True for this machine's own addresses."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _token(options: Mapping[str, object], file: Path, problems: list[Problem]) -> str:
    """The token out of `token_file`, else `token`: a file that a source names is meant for that source alone."""
    where, remedy = f"{file}: token", "Set NETBOX_TOKEN in the environment, or `token_file`."
    token = plain(options["token"] or "").strip()
    if options["token_file"]:
        where = str(beside(file, options["token_file"]))
        try:
            token = Path(where).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "text that is not ASCII"
            problems.append(Problem(where, str(reason), "a file that holds NetBox's API token"))
            return ""
    if not token:
        problems.append(Problem(where, "no token", "NetBox's API token", remedy))
    elif not re.fullmatch(r"[\x21-\x7e]+", token):
        problems.append(Problem(where, "a token with blanks or characters outside ASCII", "NetBox's API token", remedy))
    return token


def _number(value: object, bounds: tuple[int, int], where: str, problems: list[Problem]) -> int:
    low, high = bounds
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return int(value)
    problems.append(Problem(where, repr(value), f"a whole number from {low} to {high}"))
    return low
