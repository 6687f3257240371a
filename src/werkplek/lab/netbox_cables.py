"""Columns of cables in NetBox's REST API, in its order, and what interfaces show of theirs.

A cable here connects two interfaces: patch panels, and paths over several cables, are for NetBox alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from werkplek.lab.netbox_columns import BARE, COMMENTS, DESCRIPTION, OWNER, STAMPS, always, choice_of, head, held, nulls
from werkplek.lab.netbox_index import Row
from werkplek.lab.netbox_rows import Getter, View
from werkplek.lab.netbox_types import CABLE, TERMINATION
from werkplek.registry.tables import INTERFACE


def _ends(side: str) -> Getter:
    def ends(view: View, row: Row) -> list[Row]:
        return [
            {"object_type": INTERFACE, "object_id": number, "object": view.nested(INTERFACE, number)}
            for number in view.store.index.ends.get((row["id"], side), ())
        ]

    return ends


def _cable() -> dict[str, Getter]:
    return {
        **head(CABLE),
        "type": always(None),
        "a_terminations": _ends("A"),
        "b_terminations": _ends("B"),
        "status": choice_of("status"),
        **nulls("profile", "tenant", "bundle"),
        "label": held("label"),
        "color": always(""),
        **nulls("length", "length_unit"),
        **DESCRIPTION,
        **OWNER,
        **COMMENTS,
        **BARE,
        **STAMPS,
    }


def _termination() -> dict[str, Getter]:
    return {
        **{name: getter for name, getter in head(TERMINATION).items() if name != "display_url"},
        "cable": held("cable"),
        "cable_end": held("cable_end"),
        "termination_type": always(INTERFACE),
        "termination_id": held("termination_id"),
        "termination": lambda view, row: view.nested(INTERFACE, row["termination_id"]),
        **STAMPS,
    }


def _far(view: View, row: Row) -> list[Row | None]:
    side = "B" if row["cable_end"] == "A" else "A"
    return [view.nested(INTERFACE, number) for number in view.store.index.ends.get((row["cable"], side), ())]


def _far_type(view: View, row: Row) -> str | None:
    return INTERFACE if _far(view, row) else None


def _reachable(view: View, row: Row) -> Any:
    if row["cable"] is None:
        return None
    return bool(_far(view, row)) and view.row(CABLE, row["cable"])["status"] == "connected"


CABLED: Mapping[str, Getter] = {
    "cable": lambda view, row: view.nested(CABLE, row["cable"]),
    "cable_end": held("cable_end"),
}
LINK_PEERS: Mapping[str, Getter] = {"link_peers": _far, "link_peers_type": _far_type}
CONNECTED: Mapping[str, Getter] = {
    "connected_endpoints": lambda view, row: _far(view, row) or None,
    "connected_endpoints_type": _far_type,
    "connected_endpoints_reachable": _reachable,
}
COLUMNS: Mapping[str, Mapping[str, Getter]] = MappingProxyType({CABLE: _cable(), TERMINATION: _termination()})
