"""Recordings of a real NetBox, and a snapshot made of the rows in them."""

import json
import re
from pathlib import Path

from werkplek.registry.rows import read_objects
from werkplek.registry.tables import TABLES, Snapshot, columns

FOLDER = Path(__file__).resolve().parents[2] / "data" / "netbox"
RECORDINGS = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
TYPES = {table.path: name for name, table in TABLES.items()}
# Columns that a snapshot does not keep and the double keeps when it is given them.
EXTRAS = (
    *("created", "last_updated", "color", "description", "comments", "label"),
    *("assigned_object_type", "assigned_object_id", "weight", "data"),
)
# Columns with a choice, which a snapshot keeps as a plain word.
CHOICES = ("status", "mode", "type", "priority", "base_choices")


def objects(value):
    """Every object with an address of its own in a recorded answer, with its type."""
    if isinstance(value, list):
        for item in value:
            yield from objects(item)
    elif isinstance(value, dict):
        found = re.fullmatch(r"http://[^/]+/api/(.+)/\d+/", str(value.get("url")))
        if found and found[1] in TYPES and "id" in value:
            yield TYPES[found[1]], value
        for item in value.values():
            yield from objects(item)


def harvested():
    """(snapshot, extra columns by type and id): all that the recordings say of each object, full rows first."""
    seen = {name: {} for name in TABLES}
    for name, recording in RECORDINGS.items():
        if not name.startswith(("tag_", "object_changes")):
            for object_type, row in objects(recording["body"]):
                seen[object_type].setdefault(row["id"], []).append(row)
            if name.startswith("devices_"):
                for row in rows_of(recording):
                    seen["dcim.device"].setdefault(row["id"], []).append(row)
    merged = {name: [merge(found) for found in rows.values()] for name, rows in seen.items()}
    raw = {name: [relational(table, blank(table) | row) for row in merged[name]] for name, table in TABLES.items()}
    found, problems = read_objects(raw, lambda table, _at, number: f"{table.path}/{number}")
    assert not problems
    extras = {
        name: {row["id"]: {key: row[key] for key in EXTRAS if key in row} for row in rows}
        for name, rows in merged.items()
    }
    return Snapshot("http://127.0.0.1:8001/", "2026-11-23T20:00:00Z", "4.4.10", (), {}, found), extras


def rows_of(recording):
    """Rows of a recorded list; long ones were cut short, with a remark as the last item."""
    return [row for row in recording["body"].get("results", []) if isinstance(row, dict)]


def merge(rows):
    """One row out of several that say more or less about an object."""
    merged = {}
    for row in sorted(rows, key=len, reverse=True):
        merged |= {key: value for key, value in row.items() if key not in merged}
    if "asset_tag" not in merged and "name" in merged:
        # A nested device says its asset tag in `display` only.
        found = re.fullmatch(re.escape(str(merged["name"])) + r" \((DS\d+)\)", str(merged.get("display")))
        merged |= {"asset_tag": found[1]} if found else {}
    if "site" not in merged and str(merged.get("url")).find("/locations/") > 0:
        merged["site"] = nested_site(merged)
    return merged


def relational(table, row):
    """A recorded row in the form of a snapshot."""
    kept = {name: plain(table, name, row[name]) for name in columns(table)}
    if table.object_type == "virtualization.cluster":
        kept["site"] = row.get("scope_id") if row.get("scope_type") == "dcim.site" else None
    if table.object_type == "dcim.interface":
        assert row.get("connected_endpoints") is None, "the recordings are of ports without cables"
    if table.object_type == "extras.customfieldchoiceset":
        kept["extra_choices"] = [value for value, _label in row["extra_choices"]]
    return kept


def plain(table, column, value):
    if isinstance(value, list) and column in table.references:
        return sorted(item["id"] for item in value)
    if isinstance(value, dict) and column in (*table.references, "device_type", "master"):
        return value["id"]
    if isinstance(value, dict) and column in CHOICES:
        return value["value"]
    return value["name"] if isinstance(value, dict) and column == "manufacturer" else value


def blank(table):
    """Columns of a row of which little was recorded."""
    usual = {
        **{"tags": [], "custom_fields": {}, "status": "active", "serial": "", "asset_tag": None},
        **{"enabled": True, "tagged_vlans": [], "description": "", "dns_name": "", "extra_choices": []},
        "type": "1000base-t",
    }
    return {name: usual.get(name) for name in columns(table)}


def nested_site(row):
    """A nested location does not say its site; its slug begins with it."""
    slug = row["slug"]
    for found, site in objects([recording["body"] for recording in RECORDINGS.values()]):
        if found == "dcim.site" and slug == f"{site['slug']}-mer":
            return site["id"]
    return None
