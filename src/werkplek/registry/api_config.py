"""How to reach NetBox: address, token, certificates; checked before anything is sent."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from werkplek.errors import Problem
from werkplek.registry.options import beside, number, plain, refuse


@dataclass(frozen=True, slots=True)
class ApiConfig:
    """How to reach NetBox. `url` ends in a slash, without `/api`; `timeout` in seconds."""

    url: str
    token: str
    verify: bool
    ca_file: Path | None
    timeout: float
    page_size: int

    def fingerprint(self) -> str:
        """Tells tokens apart and gives none away: they are random, 160 bits and more."""
        return hashlib.sha256(f"werkplek:{self.token}".encode()).hexdigest()[:32]

    def __repr__(self) -> str:
        return f"ApiConfig(url={self.url!r}, token=***)"


def api_config(options: Mapping[str, object], file: Path) -> ApiConfig:
    """Options of the connection -> ApiConfig. Raises WerkplekError with every problem found; never shows the token."""
    problems: list[Problem] = []
    where = str(file)
    url = _url(plain(options["api_url"] or "").strip(), bool(options["validate_certs"]), where, problems)
    token = _token(options, file, problems)
    ca_file = beside(file, options["ca_file"]) if options["ca_file"] else None
    if ca_file and not ca_file.is_file():
        problems.append(Problem(f"{where}: ca_file", f"no file {ca_file}", "certificates in PEM form"))
    timeout = number(options["timeout"], (1, 600), f"{where}: timeout", problems)
    page_size = number(options["page_size"], (1, 1000), f"{where}: page_size", problems)
    if problems:
        refuse(where, problems)
    return ApiConfig(url, token, bool(options["validate_certs"]), ca_file, timeout, page_size)


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
    """The parts of an address, or None when its port or brackets are malformed or it holds blanks or controls."""
    try:
        parts = urlsplit(text)
        return parts if parts.port != 0 and not re.search(r"[\s\x00-\x1f\x7f]", text) else None
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
