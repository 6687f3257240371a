"""A small estate for tests: raw snapshot rows, and what is made of them.

A host's `primary_ip4`, `primary_ip6` and `oob_ip` may be text, or text and a DNS name: `whole` makes rows of those.
"""

import copy
import json
from hashlib import sha256
from pathlib import Path

from werkplek.registry.config import RegistryConfig, registry_config
from werkplek.registry.rows import read_objects
from werkplek.registry.tables import ADDRESS, ADDRESS_COLUMNS, DEVICE, HOSTS, MACHINE, TABLES, Snapshot

SOURCE = "https://netbox.example/"
AS_OF = "2026-11-23T12:00:00.000000Z"
UPDATED = "2026-11-20T08:00:00.000000Z"
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
    "connect_by": ["primary_ip4", "primary_ip6"],
    "municipalities_dir": "municipalities",
    "compose": {},
    "groups": {},
    "keyed_groups": [],
    "strict": False,
}
SLUGS = ("papendrecht", "hendrik-ido-ambacht", "drechtsteden")


def named(number, slug, **more):
    """A row of a small table; its name is made of the slug."""
    return {"id": number, "name": slug.replace("-", " ").title(), "slug": slug, "last_updated": UPDATED} | more


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
        "device_type": None,
        "cluster": None,
        "virtual_chassis": None,
        "vc_position": None,
        "tags": [1],
        "primary_ip4": f"10.0.{number // 250}.{number % 250 + 1}/24",
        "primary_ip6": None,
        "oob_ip": None,
        "owner": None,
        "custom_fields": {"update_ring": "broad", "owner_department": "Burgerzaken"},
        "config_context": None,
        "last_updated": UPDATED,
    }
    return row | more


def machine(number, name, **more):
    """A virtual desktop in the cluster; its role has no class, unless `more` gives it another one."""
    row = device(number, name, role=7, platform=3, cluster=1)
    for column in ("asset_tag", "location", "device_type", "virtual_chassis", "vc_position", "oob_ip"):
        del row[column]
    return row | more


ROWS = {name: [] for name in TABLES} | {
    "tenancy.tenantgroup": [named(1, "drechtsteden", parent=None), named(2, "others", parent=None)],
    "tenancy.tenant": [
        *(named(number, slug, group=1) for number, slug in enumerate(SLUGS, start=1)),
        named(4, "rotterdam", group=2),
    ],
    "dcim.region": [named(1, "zuid-holland", parent=None), named(2, "eiland", parent=1)],
    "dcim.site": [
        named(1, "pap-stadhuis", region=2, tenant=1, time_zone="Europe/Amsterdam"),
        named(2, "hia-raadhuis", region=2, tenant=2, time_zone=None),
    ],
    "dcim.location": [named(1, "balie", site=1, parent=None)],
    "dcim.devicerole": [
        named(1, "workplace", parent=None),
        named(2, "laptop", parent=1),
        named(3, "counter-pc", parent=1),
        named(4, "vdi-host", parent=None),
        named(5, "access-switch", parent=None),
        named(6, "distribution-switch", parent=None),
        named(7, "vdi-desktop", parent=None),
        named(8, "server", parent=None),
    ],
    "dcim.platform": [
        named(1, "windows", parent=None),
        named(2, "windows-11", parent=1),
        named(3, "windows-server-2022", parent=1),
        named(4, "linux", parent=None),
        named(5, "debian-13", parent=4),
        named(6, "network-os", parent=None),
        named(7, "cisco-ios", parent=6),
        named(8, "amiga-os", parent=None),
    ],
    "extras.tag": [named(1, "balie")],
    "extras.customfield": [
        {"id": 1, "name": "update_ring", "type": "select", "choice_set": 1, "last_updated": UPDATED},
        {"id": 2, "name": "owner_department", "type": "text", "choice_set": None, "last_updated": UPDATED},
    ],
    "extras.customfieldchoiceset": [
        {
            "id": 1,
            "name": "rings",
            "base_choices": None,
            "extra_choices": ["canary", "broad"],
            "last_updated": UPDATED,
        }
    ],
    "virtualization.cluster": [{"id": 1, "name": "VDI Noord 1", "tenant": 3, "site": 2, "last_updated": UPDATED}],
    DEVICE: [
        device(1, "PAP-LT-001", custom_fields={"update_ring": "canary", "owner_department": "ICT"}),
        device(2, "PAP-BALIE-001", role=3, platform=5),
        device(3, "HIA-LT-001", tenant=2, site=2, location=None, status="planned"),
        device(4, "VDI-01", tenant=3, site=2, location=None, role=4, platform=3, cluster=1),
        device(5, "PAP-SW-1", role=5, platform=7, primary_ip4=None, primary_ip6="2001:db8::5/64"),
        device(6, "PAP-SRV-1", role=8, platform=5),
    ],
    MACHINE: [machine(1, "PAP-VD-001")],
}


def rows():
    """A fresh copy of the estate's rows by type, addresses still as text."""
    return copy.deepcopy(ROWS)


def with_devices(*devices):
    """The estate with these devices and no virtual machine."""
    return rows() | {DEVICE: list(devices), MACHINE: []}


def whole(objects):
    """A copy in which each host's addresses are rows of their own, with an id that follows from the host's."""
    made = copy.deepcopy(objects)
    hosts = [(object_type, row) for object_type in HOSTS for row in made[object_type] if isinstance(row, dict)]
    found = [address for object_type, row in hosts for address in _taken_out(object_type, row)]
    made[ADDRESS] += sorted(found, key=lambda address: address["id"])
    return made


def _taken_out(object_type, row):
    for place, column in enumerate(ADDRESS_COLUMNS, start=1):
        given = row.get(column)
        if isinstance(given, str | tuple):
            address, dns_name = given if isinstance(given, tuple) else (given, "")
            row[column] = row["id"] * 10 + place + (5 if object_type == MACHINE else 0)
            yield {"id": row[column], "address": address, "dns_name": dns_name}


def document(objects, /, **header):
    """A snapshot file's content with a right checksum, unless `header` says otherwise."""
    tables = whole(objects)
    base = {"schema": 3, "source": SOURCE, "as_of": AS_OF, "netbox_version": "4.4.10", "include": [], "filters": {}}
    said = base | {"objects": tables} | {name: value for name, value in header.items() if name != "sha256"}
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return said | {"sha256": sha256(canonical).hexdigest()} | header


def snapshot(objects, source=SOURCE, include=(), filters=None):
    """The rows, typed and checked."""
    typed, problems = read_objects(whole(objects), lambda table, index, number: f"{table.object_type}[{index}]")
    assert not problems, problems
    return Snapshot(source, AS_OF, "4.4.10", tuple(include), filters or {}, typed)


def config(folder, slugs=SLUGS, **options) -> RegistryConfig:
    """A configuration whose municipality documents exist in `folder`."""
    documents = Path(folder) / "municipalities"
    documents.mkdir(exist_ok=True)
    for slug in slugs:
        (documents / f"{slug}.yml").touch()
    return registry_config(OPTIONS | options, Path(folder) / "registry.yml")


def api_row(object_type, row, objects):
    """A row as NetBox's API sends it: relations nested, choices as value and label. `objects` as `whole` gives them."""
    result = dict(row)
    for column, target in TABLES[object_type].references.items():
        value = row[column]
        many = [_nested(target, number, objects) for number in value] if isinstance(value, list) else None
        result[column] = many if many is not None else _nested(target, value, objects)
    for column in ("status", "mode", "type", "priority"):
        if row.get(column) is not None:
            result[column] = {"value": row[column], "label": row[column].title()}
    if object_type == "dcim.devicetype":
        result["manufacturer"] = {"id": 1, "name": row["manufacturer"], "slug": "maker"}
    if object_type == "dcim.virtualchassis":
        result["master"] = _nested(DEVICE, row["master"], objects)
    if object_type == "extras.customfieldchoiceset":
        result["extra_choices"] = [[choice, choice.title()] for choice in row["extra_choices"]]
    if object_type == "virtualization.cluster":
        site = result.pop("site")
        result |= {"scope_type": "dcim.site" if site else None, "scope_id": site and site["id"]}
    if object_type == "dcim.interface":
        result |= connected(*([result.pop("peer")] if row["peer"] else []))
        result.pop("peer", None)
    return result


def connected(*ends, reachable=True, kind="dcim.interface"):
    """What NetBox tells of a port whose cable leads to these ends, which are as a snapshot has them."""
    nested = [
        {"id": end["id"], "name": end["name"], "device": {"id": end["device"], "name": end["device_name"]}}
        for end in ends
    ]
    return {
        "connected_endpoints": nested or None,
        "connected_endpoints_type": kind if ends else None,
        "connected_endpoints_reachable": reachable if ends else None,
    }


def _nested(target, number, objects):
    if number is None:
        return None
    row = next((row for row in objects[target] if row["id"] == number), {})
    told = {column: row[column] for column in ("name", "address", "dns_name") if column in row}
    return {"id": number, "url": f"{SOURCE}api/{TABLES[target].path}/{number}/", **told}
