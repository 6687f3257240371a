"""Sections of a municipality's document about workplaces: desktop, support, language, network, printers, VDI."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from pydantic import computed_field

from werkplek.policy.fields import AS_TUPLE, Host, Hosts, Line, Strict, Url, Urls, matching, not_empty, unique

WindowsFile = Annotated[
    str,
    matching(
        r"(\\\\[^\\/\s]+\\[^\\/]+|[A-Za-z]:)(\\[^\\/:*?\"<>|]+)+",
        r"a path like '\\server\share\file' or 'C:\folder\file'",
    ),
]


UncPath = Annotated[str, matching(r"\\\\[^\\/\s]+(\\[^\\/:*?\"<>|]+)+", r"a share like '\\server\share'")]
# zone1970.tab of the tz database: Area/Location, sometimes with a third part.
TimeZone = Annotated[str, matching(r"[A-Z][A-Za-z]+(/[A-Z][A-Za-z0-9_+-]+){1,2}", "a time zone like Europe/Amsterdam")]


ExtensionId = Annotated[str, matching(r"[a-p]{32}", "an extension's id: 32 letters from a to p")]


class Desktop(Strict):
    """What people see first. `edge_extensions` are the ids that choice `edge_extensions: listed` allows.

    `colour` is the background of kiosks, which show no picture from a share; left out where there are none.
    """

    wallpaper: WindowsFile
    lock_screen: WindowsFile
    colour: Annotated[str, matching(r"#[0-9a-f]{6}", "a colour like '#00468b'")] | None = None
    homepage: Url
    start_pages: Annotated[Urls, not_empty("page"), unique("page")]
    edge_extensions: Annotated[tuple[ExtensionId, ...], AS_TUPLE, unique("extension")] = ()


class Support(Strict):
    """Who helps."""

    organisation: Line
    phone: Line
    hours: Line
    url: Url


class Locale(Strict):
    """Language, time zone by its Windows name and by that of the tz database, and country as a Windows GeoID."""

    language: Annotated[str, matching(r"[a-z]{2,3}(-[A-Z]{2})?", "a language tag like nl-NL")]
    time_zone: Line
    tz: TimeZone
    country: Annotated[str, matching(r"\d{1,4}", "a Windows GeoID in quotes, such as '176'")]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def posix(self) -> str:
        """The language as a locale of Linux."""
        return f"{self.language.replace('-', '_')}.UTF-8"


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

    @computed_field  # type: ignore[prop-decorator]
    @property
    def ipp_address(self) -> str:
        """The queue's address on a server that speaks IPP as CUPS does (RFC 3510)."""
        return f"ipp://{self.server}/printers/{quote(self.queue)}"


class Vdi(Strict):
    """Where its people get their remote desktops, and what the session hosts that serve them need.

    `domain` and `netbios` are the long and the short name of the directory's domain; `profile_share` holds profile
    containers.
    """

    gateway: Host
    collection: Line
    domain: Host
    netbios: Annotated[str, matching(r"[A-Z0-9][A-Z0-9-]{0,14}", "a NetBIOS name: 1 to 15 capitals, digits and '-'")]
    profile_share: UncPath
    license_servers: Annotated[Hosts, not_empty("server")]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def license_servers_text(self) -> str:
        """The servers as one text with commas, as TerminalServer.admx keeps them."""
        return ",".join(self.license_servers)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def load_balance_info(self) -> str:
        """What an .rdp file tells a connection broker: the collection, with '_' where its name has spaces."""
        return f"tsv://MS Terminal Services Plugin.1.{self.collection.replace(' ', '_')}"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def container_files(self) -> str:
        """Each user's containers with their locks and metadata (Microsoft, "FSLogix prerequisites")."""
        return rf"{self.profile_share}\*\*.VHDX*"


class Software(Strict):
    """Where packages come from: a Chocolatey source of the municipality's or the centre's own."""

    source: Url
