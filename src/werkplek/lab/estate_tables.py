"""What every lab estate shares: municipalities, sites, roles, platforms, device types and clusters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from werkplek.registry.model import (
    ChoiceSet,
    Cluster,
    ConfigContext,
    CustomField,
    DeviceRole,
    DeviceType,
    Location,
    Objects,
    Owner,
    Platform,
    Region,
    Site,
    Tag,
    Tenant,
    TenantGroup,
)

type Release = tuple[int, ...]
"""NetBox's release, such as (4, 4) or (4, 4, 10); the longer one is the later one."""

# Moments as the registry's reader spells them.
AS_OF = "2026-11-23T12:00:00.000000Z"  # nothing in an estate changed later
UPDATED = "2025-09-01T08:00:00.000000Z"  # when the small tables were made
NESTED_ROLES, NESTED_PLATFORMS, OWNERS = (4, 3), (4, 4), (4, 5)  # the releases that these came with


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality; `weight` is its share of the hosts, after its inhabitants, `sites` what its buildings are."""

    name: str
    letters: str
    weight: int
    sites: tuple[str, ...]


MUNICIPALITIES = (
    Municipality("Alblasserdam", "ALB", 7, ("Stadhuis", "Werf")),
    Municipality("Dordrecht", "DRD", 43, ("Stadhuis", "Stadskantoor", "Werf", "Bibliotheek", "Museum", "Sporthal")),
    Municipality("Hendrik-Ido-Ambacht", "HIA", 11, ("Stadhuis", "Werf")),
    Municipality("Papendrecht", "PAP", 12, ("Stadhuis", "Werf", "Bibliotheek")),
    Municipality("Sliedrecht", "SLD", 10, ("Stadhuis", "Werf")),
    Municipality("Zwijndrecht", "ZWD", 17, ("Stadhuis", "Werf", "Bibliotheek")),
)
SHARED = len(MUNICIPALITIES)  # place of the tenant that holds shared gear

STATUSES = (("active", 0.94), ("offline", 0.03), ("planned", 0.01), ("inventory", 0.01), ("decommissioning", 0.01))
DEPARTMENTS = ("Burgerzaken", "Financien", "Ruimte", "Sociaal Domein", "Vergunningen", "Facilitair", "ICT")
CLUSTERS = ("VDI Dordrecht", "VDI Zwijndrecht")

# slug -> (name, parent); numbered in this order.
ROLES: Mapping[str, tuple[str, str | None]] = {
    "workplace": ("Workplace", None),
    "laptop": ("Laptop", "workplace"),
    "desktop": ("Desktop", "workplace"),
    "counter-pc": ("Counter PC", "workplace"),
    "kiosk": ("Kiosk", "workplace"),
    "vdi-desktop": ("VDI Desktop", "workplace"),
    "vdi-host": ("VDI Host", None),
    "access-switch": ("Access Switch", None),
    "distribution-switch": ("Distribution Switch", None),
}
PLATFORMS: Mapping[str, tuple[str, str | None]] = {
    "windows": ("Windows", None),
    "windows-11": ("Windows 11", "windows"),
    "windows-server-2022": ("Windows Server 2022", "windows"),
    "linux": ("Linux", None),
    "debian-13": ("Debian 13", "linux"),
    "network-os": ("Network OS", None),
    "cisco-ios": ("Cisco IOS", "network-os"),
    "arista-eos": ("Arista EOS", "network-os"),
    "debian-12": ("Debian 12", "linux"),
}
# slug -> (model, maker)
MAKES: Mapping[str, tuple[str, str]] = {
    "hp-elitebook-840": ("EliteBook 840 G10", "HP"),
    "dell-latitude-5450": ("Latitude 5450", "Dell"),
    "hp-elitedesk-800": ("EliteDesk 800 G9", "HP"),
    "dell-optiplex-7020": ("OptiPlex 7020", "Dell"),
    "igel-ud3": ("UD3", "IGEL"),
    "dell-poweredge-r760": ("PowerEdge R760", "Dell"),
    "cisco-c9300-24p": ("C9300-24P", "Cisco"),
    "arista-720xp-24": ("CCS-720XP-24Y6", "Arista"),
    "cisco-c9500-16x": ("C9500-16X", "Cisco"),
}


# slug -> name
TAGS: Mapping[str, str] = {"mobile": "Mobile", "public": "Public", "thin-client": "Thin client"}


def _numbered(names: Mapping[str, object]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names, start=1)}


ROLE_IDS, PLATFORM_IDS, TYPE_IDS, TAG_IDS = map(_numbered, (ROLES, PLATFORMS, MAKES, TAGS))


# What the config contexts give each host, and switches besides.
CONTEXTS = ("Drechtsteden", "Switches")
HOST_CONTEXT: dict[str, JsonValue] = {"ntp": ["ntp1.drechtsteden.example", "ntp2.drechtsteden.example"]}
SWITCH_CONTEXT: dict[str, JsonValue] = {**HOST_CONTEXT, "syslog": {"server": "log.drechtsteden.example", "port": 514}}
OWNER_NAMES = ("Servicecentrum", "Facilitair bedrijf")


def release_of(version: str) -> Release:
    """A version such as `4.4.10` or `4.7.0-beta1` -> its release, such as (4, 4, 10)."""
    return tuple(int(part) for part in version.partition("-")[0].split("."))


def _sites() -> tuple[tuple[Site, ...], tuple[tuple[int, ...], ...]]:
    """All sites, and their ids per tenant."""
    sites: list[Site] = []
    for tenant, municipality in enumerate(MUNICIPALITIES, start=1):
        for kind in municipality.sites:
            slug = f"{municipality.letters}-{kind}".lower()
            sites.append(_site(len(sites) + 1, f"{municipality.name} {kind}", slug, tenant))
    sites.append(_site(len(sites) + 1, "Drechtsteden Datacenter", "drs-datacenter", SHARED + 1))
    per_tenant = tuple(tuple(site.id for site in sites if site.tenant == tenant + 1) for tenant in range(SHARED + 1))
    return tuple(sites), per_tenant


def _site(number: int, name: str, slug: str, tenant: int) -> Site:
    return Site(number, name, slug, region=2, tenant=tenant, time_zone="Europe/Amsterdam", last_updated=UPDATED)


SITES, SITES_OF = _sites()


def mer_of(site: int) -> int:
    """Id of a site's main equipment room."""
    return site


def base_objects(release: Release) -> Objects:
    """The rows around the hosts of an estate, as a NetBox of that release has them."""
    names = [*(municipality.name for municipality in MUNICIPALITIES), "Drechtsteden"]
    owners = OWNER_NAMES if release >= OWNERS else ()
    return Objects(
        tenant_groups=(TenantGroup(1, "Drechtsteden", "drechtsteden", None, UPDATED),),
        tenants=tuple(Tenant(number, name, name.lower(), 1, UPDATED) for number, name in enumerate(names, start=1)),
        regions=(
            Region(1, "Zuid-Holland", "zuid-holland", None, UPDATED),
            Region(2, "Drechtsteden", "drechtsteden", 1, UPDATED),
        ),
        sites=SITES,
        locations=_locations(),
        device_roles=_roles(nested=release >= NESTED_ROLES),
        platforms=_platforms(nested=release >= NESTED_PLATFORMS),
        device_types=tuple(
            DeviceType(TYPE_IDS[slug], model, slug, maker, UPDATED) for slug, (model, maker) in MAKES.items()
        ),
        tags=tuple(Tag(TAG_IDS[slug], name, slug, UPDATED) for slug, name in TAGS.items()),
        custom_fields=(
            CustomField(1, "update_ring", "select", 1, UPDATED),
            CustomField(2, "owner_department", "text", None, UPDATED),
            CustomField(3, "image_version", "text", None, UPDATED),
        ),
        choice_sets=(ChoiceSet(1, "update_rings", None, ("canary", "pilot", "broad"), UPDATED),),
        config_contexts=tuple(ConfigContext(number, name, AS_OF) for number, name in enumerate(CONTEXTS, start=1)),
        owners=tuple(Owner(number, name) for number, name in enumerate(owners, start=1)),
        clusters=tuple(
            Cluster(number, name, SHARED + 1, SITES[-1].id, UPDATED) for number, name in enumerate(CLUSTERS, start=1)
        ),
    )


def _locations() -> tuple[Location, ...]:
    """Each site's equipment room, on its ground floor."""
    floors = [Location(len(SITES) + at.id, "Begane grond", f"{at.slug}-bg", at.id, None, UPDATED) for at in SITES]
    rooms = [Location(mer_of(at.id), "MER", f"{at.slug}-mer", at.id, len(SITES) + at.id, UPDATED) for at in SITES]
    return (*rooms, *floors)


def _roles(*, nested: bool) -> tuple[DeviceRole, ...]:
    return tuple(
        DeviceRole(ROLE_IDS[slug], name, slug, ROLE_IDS[parent] if parent and nested else None, UPDATED)
        for slug, (name, parent) in ROLES.items()
    )


def _platforms(*, nested: bool) -> tuple[Platform, ...]:
    return tuple(
        Platform(PLATFORM_IDS[slug], name, slug, PLATFORM_IDS[parent] if parent and nested else None, UPDATED)
        for slug, (name, parent) in PLATFORMS.items()
    )
