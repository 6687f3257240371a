"""The documents people write: settings (without their kind, see kinds.py) and municipalities."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, computed_field, field_validator

from werkplek.policy.controls import check_control
from werkplek.policy.fields import (
    AS_TUPLE,
    ONE_OR_MORE,
    Host,
    Hosts,
    Identifier,
    Line,
    Slug,
    Strict,
    Url,
    Urls,
    matching,
    not_empty,
    shown,
    unique,
    wrong,
)


def _control(control: str, info: ValidationInfo) -> str:
    check_control(control, (info.context or {}).get("bio2", frozenset()))
    return control


Control = Annotated[str, AfterValidator(_control)]


class Scope(Strict):
    """Where a setting applies: every field that is given must hold. Empty means anywhere."""

    platform: Annotated[tuple[Slug, ...], ONE_OR_MORE, not_empty("platform")] = ()
    ring: Annotated[tuple[Literal["canary", "pilot", "broad"], ...], ONE_OR_MORE, not_empty("ring")] = ()
    site: Annotated[tuple[Slug, ...], ONE_OR_MORE, not_empty("site")] = ()


class Setting(Strict):
    """What every setting has, whatever its kind."""

    id: Identifier
    title: Line
    controls: Annotated[tuple[Control, ...], AS_TUPLE, unique("control")] = ()
    note: str = ""
    on: Scope = Scope()
    overrides: Line = ""
    for_each: Annotated[str, matching(r"municipality(\.[a-z][a-z0-9_]*)+", "a list below municipality")] = ""


WindowsFile = Annotated[
    str,
    matching(
        r"(\\\\[^\\/\s]+\\[^\\/]+|[A-Za-z]:)(\\[^\\/:*?\"<>|]+)+",
        r"a path like '\\server\share\file' or 'C:\folder\file'",
    ),
]


class Desktop(Strict):
    """What people see first."""

    wallpaper: WindowsFile
    lock_screen: WindowsFile
    homepage: Url
    start_pages: Annotated[Urls, not_empty("page"), unique("page")]


class Support(Strict):
    """Who helps."""

    organisation: Line
    phone: Line
    hours: Line
    url: Url


class Locale(Strict):
    """Language, Windows time zone name, and country as a Windows GeoID."""

    language: Annotated[str, matching(r"[a-z]{2,3}(-[A-Z]{2})?", "a language tag like nl-NL")]
    time_zone: Line
    country: Annotated[str, matching(r"\d{1,4}", "a Windows GeoID in quotes, such as '176'")]


class Network(Strict):
    """Names on the network. `wifi_profile` is left out where there is none."""

    dns_suffix: Host
    dns_search: Annotated[Hosts, not_empty("domain")]
    wifi_profile: Line | None = None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def dns_search_text(self) -> str:
        """The search list as one text: DnsClient.admx keeps it in one value, with commas."""
        return ",".join(self.dns_search)


class Printer(Strict):
    """A shared printer."""

    name: Annotated[str, matching(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", "letters, digits, '.', '_' and '-'")]
    server: Host
    queue: Annotated[str, matching(r"[^\\,/\s]([^\\,/]*[^\\,/\s])?", "a share name without '\\', '/' and ','")]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def connection_key(self) -> str:
        """Key name below HKCU:\\Printers\\Connections for this printer: backslashes become commas."""
        return f",,{self.server},{self.queue}"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def unc_server(self) -> str:
        """The server as a UNC name."""
        return f"\\\\{self.server}"


class Municipality(Strict):
    """A municipality's own values: the only place where they live."""

    schema_: Literal[1] = Field(alias="schema", exclude=True)
    slug: Slug
    name: Line
    desktop: Desktop
    support: Support
    locale: Locale
    network: Network
    printers: Annotated[tuple[Printer, ...], AS_TUPLE] = ()

    @field_validator("printers")
    @classmethod
    def _named_once(cls, printers: tuple[Printer, ...]) -> tuple[Printer, ...]:
        seen: set[str] = set()
        for index, name in enumerate(printer.name.casefold() for printer in printers):
            if name in seen:
                wrong("each printer name once", found=f"{shown(printers[index].name)} again", at=(index, "name"))
            seen.add(name)
        return printers
