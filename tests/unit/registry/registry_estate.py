"""A small estate for tests: raw snapshot rows, and what is made of them."""

import copy
import json
from hashlib import sha256
from pathlib import Path

from werkplek.registry.config import RegistryConfig, registry_config
from werkplek.registry.model import TABLES, Snapshot
from werkplek.registry.rows import read_objects

SOURCE = "https://netbox.example/"
TAKEN_AT = "2026-11-23T12:00:00Z"
OPTIONS = {
    "tenant_group": "drechtsteden",
    "classes": {
        "workstation": ["workplace"],
        "vdi_host": ["vdi-host"],
        "network": ["access-switch", "distribution-switch"],
    },
    "families": {"windows": "windows", "linux": "linux", "network-os": "network_os"},
    "ring_field": "update_ring",
    "lifecycle": ["active"],
    "municipalities_dir": "municipalities",
}
SLUGS = ("papendrecht", "hendrik-ido-ambacht", "drechtsteden")


def _named(number, name, **more):
    return {"id": number, "name": name.replace("-", " ").title(), "slug": name, **more}


def device(number, name, **more):
    """A laptop of Papendrecht that keeps the data contract, unless `more` says otherwise."""
    row = {
        "id": number,
        "name": name,
        "status": "active",
        "serial": f"SN{number}",
        "asset_tag": f"A{number}",
        "site": 1,
        "location": 1,
        "tenant": 1,
        "role": 2,
        "platform": 2,
        "device_type": 1,
        "cluster": None,
        "virtual_chassis": None,
        "tags": [1],
        "primary_ip4": f"10.0.{number // 250}.{number % 250 + 1}/24",
        "primary_ip6": None,
        "custom_fields": {"update_ring": "broad", "owner_department": "Burgerzaken"},
        "last_updated": "2026-11-20T08:00:00Z",
    }
    return row | more


def machine(number, name, **more):
    row = device(number, name, role=7, platform=3, cluster=1)
    for column in ("asset_tag", "location", "device_type", "virtual_chassis"):
        del row[column]
    return row | more


ROWS = {
    "tenancy.tenantgroup": [_named(1, "drechtsteden", parent=None), _named(2, "others", parent=None)],
    "tenancy.tenant": [
        *(_named(number, slug, group=1) for number, slug in enumerate(SLUGS, start=1)),
        _named(4, "rotterdam", group=2),
    ],
    "dcim.region": [_named(1, "zuid-holland", parent=None), _named(2, "eiland", parent=1)],
    "dcim.site": [
        _named(1, "pap-stadhuis", region=2, tenant=1, time_zone="Europe/Amsterdam"),
        _named(2, "hia-raadhuis", region=2, tenant=2, time_zone=None),
    ],
    "dcim.location": [_named(1, "balie", site=1)],
    "dcim.devicerole": [
        _named(1, "workplace", parent=None),
        _named(2, "laptop", parent=1),
        _named(3, "counter-pc", parent=1),
        _named(4, "vdi-host", parent=None),
        _named(5, "access-switch", parent=None),
        _named(6, "distribution-switch", parent=None),
        _named(7, "vdi-desktop", parent=None),
        _named(8, "server", parent=None),
    ],
    "dcim.platform": [
        _named(1, "windows", parent=None),
        _named(2, "windows-11", parent=1),
        _named(3, "windows-server-2022", parent=1),
        _named(4, "linux", parent=None),
        _named(5, "debian-13", parent=4),
        _named(6, "network-os", parent=None),
        _named(7, "cisco-ios", parent=6),
        _named(8, "amiga-os", parent=None),
    ],
    "dcim.devicetype": [{"id": 1, "model": "Latitude", "slug": "latitude", "manufacturer": "Dell"}],
    "extras.tag": [_named(1, "balie")],
    "virtualization.cluster": [{"id": 1, "name": "VDI Noord 1", "tenant": 3, "site": 2}],
    "dcim.device": [
        device(1, "PAP-LT-001", custom_fields={"update_ring": "canary", "owner_department": "ICT"}),
        device(2, "PAP-BALIE-001", role=3, platform=5),
        device(3, "HIA-LT-001", tenant=2, site=2, status="planned"),
        device(4, "VDI-01", tenant=3, site=2, role=4, platform=3, cluster=1),
        device(5, "PAP-SW-1", role=5, platform=7, primary_ip4=None, primary_ip6="2001:db8::5/64"),
        device(6, "PAP-SRV-1", role=8, platform=5),
    ],
    "virtualization.virtualmachine": [machine(1, "PAP-VD-001")],
}


def rows():
    """A fresh copy of the estate's rows by type."""
    return copy.deepcopy(ROWS)


def with_devices(*devices):
    return rows() | {"dcim.device": list(devices)}


def document(objects, **header):
    """A snapshot file's content with a right checksum, unless `header` says otherwise."""
    canonical = json.dumps(objects, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    base = {"schema": 1, "source": SOURCE, "taken_at": TAKEN_AT, "netbox_version": "4.4.10"}
    return base | {"sha256": sha256(canonical).hexdigest(), "objects": objects} | header


def snapshot(objects, source=SOURCE):
    typed, problems = read_objects(objects, lambda table, index, number: f"{table.object_type}[{index}]")
    assert not problems, problems
    return Snapshot(source, TAKEN_AT, "4.4.10", typed)


def config(folder, slugs=SLUGS, **options) -> RegistryConfig:
    """A configuration whose municipality documents exist in `folder`."""
    documents = Path(folder) / "municipalities"
    documents.mkdir(exist_ok=True)
    for slug in slugs:
        (documents / f"{slug}.yml").touch()
    return registry_config(OPTIONS | options, Path(folder) / "registry.yml")


def api_row(object_type, row, objects):
    """A row as NetBox's API sends it: relations nested, choices as value and label."""
    table = TABLES[object_type]
    result = dict(row)
    for column, target in table.references.items():
        if column == "tags":
            result["tags"] = [_nested(target, number, objects) for number in row["tags"]]
        else:
            result[column] = _nested(target, row[column], objects)
    if "status" in row:
        result["status"] = {"value": row["status"], "label": row["status"].title()}
    for column in ("primary_ip4", "primary_ip6"):
        if row.get(column):
            result[column] = {"id": 1, "address": row[column], "display": row[column]}
    if object_type == "dcim.devicetype":
        result["manufacturer"] = {"id": 1, "name": row["manufacturer"], "slug": "maker"}
    if object_type == "virtualization.cluster":
        site = result.pop("site")
        result |= {"scope_type": "dcim.site" if site else None, "scope_id": site and site["id"]}
    return result


def _nested(target, number, objects):
    if number is None:
        return None
    row = next((row for row in objects[target] if row["id"] == number), {})
    return {"id": number, "display": row.get("name"), "name": row.get("name")}
