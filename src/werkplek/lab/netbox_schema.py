"""The NetBox double's own OpenAPI document: the paths that it serves and the parameters that it knows."""

from __future__ import annotations

from collections.abc import Iterator

from werkplek.lab.estate_tables import OWNERS
from werkplek.lab.netbox_filter_names import FILTERS, OF_OWNERS, WITHOUT_LOOKUPS
from werkplek.lab.netbox_filters import CONTROLS
from werkplek.lab.netbox_index import Row
from werkplek.lab.netbox_store import Store
from werkplek.lab.netbox_types import TYPES
from werkplek.registry.tables import HOSTS


def schema(store: Store) -> Row:
    """As `/api/schema/` has it, of which clients read the version and the names of filters."""
    release = ".".join(store.version.split(".")[:2])
    paths = {
        f"/api/{kind.path}/": {"get": {"parameters": [_parameter(name) for name in sorted(_names(store, object_type))]}}
        for object_type, kind in TYPES.items()
        if store.release >= kind.since
    }
    info = {"title": "NetBox REST API (the lab's double)", "version": f"{store.version} ({release})"}
    return {"openapi": "3.0.3", "info": info, "paths": paths, "components": {}}


def _parameter(name: str) -> Row:
    return {"in": "query", "name": name, "schema": {"type": "array", "items": {"type": "string"}}}


def _names(store: Store, object_type: str) -> Iterator[str]:
    yield from CONTROLS
    for name, kind in FILTERS[object_type].items():
        if name in OF_OWNERS and store.release < OWNERS:
            continue
        yield name
        if name not in WITHOUT_LOOKUPS:
            yield from (f"{name}__{lookup}" for lookup in kind.lookups)
    if object_type in HOSTS:
        yield from (f"cf_{name}" for name, _kind in store.index.custom_fields)
