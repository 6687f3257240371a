"""A registry of a few hosts in two municipalities, and what tests change in it."""

from dataclasses import replace

from werkplek.registry import model
from werkplek.registry.tables import Snapshot

SAVED = "2026-11-23T12:00:00.000000Z"
SOURCE = "https://netbox.example/"


def device(number, name, **more):
    """A laptop of Papendrecht that keeps the data contract, unless `more` says otherwise."""
    row = model.Device(
        id=number,
        name=name,
        status="active",
        serial=f"SN{number}",
        asset_tag=None,
        site=1,
        location=None,
        tenant=1,
        role=1,
        platform=1,
        device_type=None,
        cluster=None,
        virtual_chassis=None,
        vc_position=None,
        tags=(),
        primary_ip4=number,
        primary_ip6=None,
        oob_ip=None,
        owner=None,
        custom_fields={"update_ring": "broad"},
        config_context=None,
        last_updated=SAVED,
    )
    return replace(row, **more)


def ring(name):
    return {"update_ring": name}


DEVICES = (
    device(1, "PAP-LT-1"),
    device(2, "PAP-LT-2", custom_fields=ring("canary")),
    device(3, "PAP-LT-3", status="planned"),
    device(4, "ZWD-LT-1", tenant=2),
    device(5, "PAP-SRV-1", role=3),
)


def snapshot(*devices, include=(), filters=None, source=SOURCE, **tables):
    """A registry that holds these devices, and each an address."""
    objects = model.Objects(
        tenant_groups=(model.TenantGroup(1, "Drechtsteden", "drechtsteden", None, SAVED),),
        tenants=(
            model.Tenant(1, "Papendrecht", "papendrecht", 1, SAVED),
            model.Tenant(2, "Zwijndrecht", "zwijndrecht", 1, SAVED),
            model.Tenant(3, "Rotterdam", "rotterdam", None, SAVED),
        ),
        sites=(model.Site(1, "Stadhuis", "stadhuis", None, 1, None, SAVED),),
        device_roles=(
            model.DeviceRole(1, "Laptop", "laptop", None, SAVED),
            model.DeviceRole(2, "Switch", "switch", None, SAVED),
            model.DeviceRole(3, "Server", "server", None, SAVED),
        ),
        platforms=(
            model.Platform(1, "Windows 11", "windows-11", None, SAVED),
            model.Platform(2, "IOS", "ios", None, SAVED),
        ),
        custom_fields=(model.CustomField(1, "update_ring", "text", None, SAVED),),
        ip_addresses=tuple(model.IPAddress(row.id, f"10.0.0.{row.id}/24", "") for row in devices),
        devices=devices,
    )
    return Snapshot(source, SAVED, "4.4.10", tuple(include), filters or {}, replace(objects, **tables))


SOURCE_FILE = """\
plugin: registry_snapshot
snapshot: registry.json
tenant_group: drechtsteden
classes: {workstation: [laptop], network: [switch]}
families: {windows-11: windows, ios: network_os}
"""
