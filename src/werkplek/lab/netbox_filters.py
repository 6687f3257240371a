"""Filters of NetBox's lists: unknown values are errors in NetBox's words, unknown names are ignored as NetBox does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from werkplek.lab.estate_tables import OWNERS, Release
from werkplek.lab.netbox_answers import Refusal
from werkplek.lab.netbox_filter_elsewhere import ELSEWHERE
from werkplek.lab.netbox_filter_kinds import CustomField, Filter, Test
from werkplek.lab.netbox_filter_names import FILTERS, OF_OWNERS, WITHOUT_LOOKUPS
from werkplek.lab.netbox_store import Store
from werkplek.lab.netbox_types import is_tree
from werkplek.registry.tables import HOSTS

OF_TREES = frozenset({"parent", "parent_id", "ancestor", "ancestor_id"})
# The release that a filter or a lookup came with.
SINCE: Mapping[str, Release] = {"tag_id": (4, 3), **dict.fromkeys(OF_OWNERS, OWNERS)}
LOOKUPS_SINCE: Mapping[str, Release] = {"regex": (4, 3, 5), "iregex": (4, 3, 5)}
CONTROLS = frozenset({"limit", "offset", "ordering", "fields", "brief", "exclude"})
# Parameters of later releases, which the double does not have: paging by id, and columns to leave out.
LATER_CONTROLS: Mapping[str, Release] = {"start": (4, 6), "omit": (4, 5, 2)}


def tests(store: Store, object_type: str, parameters: Mapping[str, Sequence[str]]) -> list[Test]:
    """One test per filter. Raises Refusal: 400 with every wrong value, 501 for a filter that only NetBox has."""
    result: list[Test] = []
    wrong: dict[str, list[str]] = {}
    for name, values in parameters.items():
        if name in LATER_CONTROLS and store.release >= LATER_CONTROLS[name]:
            raise Refusal(501, {"detail": f"The lab's NetBox has no parameter {name!r}."})
        if name not in CONTROLS:
            try:
                result += _tests(store, object_type, name, values)
            except ValueError as error:
                # A range has one field for both its ends.
                wrong["time" if name in ("time_after", "time_before") else name] = [str(error)]
    if wrong:
        raise Refusal(400, wrong)
    return result


def _tests(store: Store, object_type: str, name: str, values: Sequence[str]) -> Iterator[Test]:
    base, _, lookup = name.partition("__")
    found = None if lookup and base in WITHOUT_LOOKUPS else _filter(store, object_type, base)
    if found is None:
        if base in ELSEWHERE[object_type] or (base in OF_OWNERS and store.release >= OWNERS):
            raise _unserved(object_type, name)
        return
    if store.release < LOOKUPS_SINCE.get(lookup, (0,)):
        return
    test = found.test(store, lookup, values)
    if test is None:
        raise _unserved(object_type, name)
    yield test


def _filter(store: Store, object_type: str, base: str) -> Filter | None:
    """The filter of that name in the release that is played."""
    if base.startswith("cf_") and object_type in HOSTS:
        kinds = dict(store.index.custom_fields)
        name = base.removeprefix("cf_")
        return CustomField(name, kinds[name]) if name in kinds else None
    if base in OF_TREES and not is_tree(object_type, store.release):
        return None
    return FILTERS[object_type].get(base) if store.release >= SINCE.get(base, (0,)) else None


def _unserved(object_type: str, name: str) -> Refusal:
    return Refusal(501, {"detail": f"The lab's NetBox does not filter {object_type} by {name!r}."})
