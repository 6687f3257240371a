"""Recordings of a real NetBox, and a snapshot made of the rows in them."""

import json
import re
from pathlib import Path

from werkplek.registry.model import TABLES
from werkplek.registry.netbox import assemble
from werkplek.registry.rows import columns

FOLDER = Path(__file__).resolve().parents[2] / "data" / "netbox"
RECORDINGS = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
TYPES = {table.path: name for name, table in TABLES.items()}
# Columns that a snapshot does not keep and the double keeps when it is given them.
EXTRAS = ("created", "last_updated", "color", "description", "comments")


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
    answers = {name: [blank(table) | row for row in merged[name]] for name, table in TABLES.items()}
    extras = {
        name: {row["id"]: {key: row[key] for key in EXTRAS if key in row} for row in rows}
        for name, rows in merged.items()
    }
    return assemble(answers, "http://127.0.0.1:8001/", "4.4.10", "2026-11-23T20:00:00Z"), extras


def rows_of(recording):
    """Rows of a recorded list; long ones were cut short, with a remark as the last item."""
    return [row for row in recording["body"].get("results", []) if isinstance(row, dict)]


def merge(rows):
    """One row out of several that say more or less about an object."""
    merged = {}
    for row in sorted(rows, key=len, reverse=True):
        merged |= {key: value for key, value in row.items() if key not in merged}
    if "site" not in merged and str(merged.get("url")).find("/locations/") > 0:
        merged["site"] = nested_site(merged)
    return merged


def blank(table):
    """Columns of a row of which little was recorded."""
    usual = {"tags": [], "custom_fields": {}, "status": "active", "serial": "", "asset_tag": None}
    return {"scope_type": None} | {name: usual.get(name) for name in columns(table)}


def nested_site(row):
    """A nested location does not say its site; its slug begins with it."""
    slug = row["slug"]
    for found, site in objects([recording["body"] for recording in RECORDINGS.values()]):
        if found == "dcim.site" and slug == f"{site['slug']}-mer":
            return site["id"]
    return None
