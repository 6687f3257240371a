"""The hosts of a Linux lab, and the registry snapshot that describes them."""

from __future__ import annotations

from dataclasses import replace

from werkplek.lab.estate import NETBOX, SOURCE
from werkplek.lab.estate_tables import (
    AS_OF,
    MUNICIPALITIES,
    PLATFORM_IDS,
    ROLE_IDS,
    SHARED,
    SITES_OF,
    TYPE_IDS,
    UPDATED,
    base_objects,
    release_of,
)
from werkplek.lab.linux import directory
from werkplek.lab.linux.images import RECIPES
from werkplek.lab.linux.model import LinuxHost
from werkplek.registry.model import Cluster, Device, IPAddress
from werkplek.registry.tables import Snapshot

CLUSTER = "VDI Linux"
RINGS = ("canary", "pilot", "broad")
DORDRECHT, PAPENDRECHT = 1, 3
# Where kiosks stand, in turn: two municipalities, two Debians.
KIOSKS = ((DORDRECHT, "trixie", "debian-13"), (PAPENDRECHT, "bookworm", "debian-12"))


def hosts(kiosks: int, session_hosts: int) -> tuple[LinuxHost, ...]:
    """This many kiosks, Debian 13 in Dordrecht and Debian 12 in Papendrecht in turn, and hosts of one VDI cluster."""
    return (*map(_kiosk, range(kiosks)), *map(_session_host, range(session_hosts)))


def _kiosk(number: int) -> LinuxHost:
    tenant, image, platform = KIOSKS[number % len(KIOSKS)]
    town = MUNICIPALITIES[tenant]
    name = f"{town.letters}-KS-{number // len(KIOSKS) + 1:04}"
    return LinuxHost(name, "", image, platform, "workstation", town.name.lower(), RINGS[min(number // 2, 2)])


def _session_host(number: int) -> LinuxHost:
    ring = RINGS[min(number, 2)]
    name = f"DRS-VL-{number + 1:04}"
    return LinuxHost(name, "", "session-host", "debian-13", "vdi_host", "drechtsteden", ring, CLUSTER)


def snapshot(lab_hosts: tuple[LinuxHost, ...]) -> Snapshot:
    """The registry as it is with these hosts in it; the image that each should run is the one it was made from."""
    base = base_objects(release_of(NETBOX))
    clusters = (*base.clusters, Cluster(len(base.clusters) + 1, CLUSTER, SHARED + 1, SITES_OF[SHARED][0], UPDATED))
    numbered = list(enumerate((host for host in lab_hosts if not directory.is_controller(host)), start=1))
    objects = replace(
        base,
        clusters=clusters,
        devices=tuple(_device(number, host, clusters[-1].id) for number, host in numbered),
        ip_addresses=tuple(IPAddress(number, f"{host.address}/24", "") for number, host in numbered),
    )
    return Snapshot(SOURCE, AS_OF, NETBOX, include=(), filters={}, objects=objects)


def _device(number: int, host: LinuxHost, cluster: int) -> Device:
    names = [town.name.lower() for town in MUNICIPALITIES]
    tenant = names.index(host.municipality) if host.municipality in names else SHARED
    session_host = host.workplace_class == "vdi_host"
    return Device(
        id=number,
        name=host.name,
        status="active",
        serial=f"LAB{number:05}",
        asset_tag=f"DS9{number:05}",
        site=SITES_OF[tenant][0],
        location=None,
        tenant=tenant + 1,
        role=ROLE_IDS["vdi-host" if session_host else "kiosk"],
        platform=PLATFORM_IDS[host.platform],
        device_type=TYPE_IDS["dell-poweredge-r760" if session_host else "igel-ud3"],
        cluster=cluster if session_host else None,
        virtual_chassis=None,
        vc_position=None,
        tags=(),
        primary_ip4=number,
        primary_ip6=None,
        oob_ip=None,
        owner=None,
        custom_fields={
            "update_ring": host.ring,
            "owner_department": "ICT",
            "image_version": RECIPES[host.image].version if session_host else None,
        },
        config_context={},
        last_updated=UPDATED,
    )
