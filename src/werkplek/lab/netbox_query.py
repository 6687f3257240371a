"""Paging, ordering and links of NetBox's lists, as Django REST framework and NetBox 4.4 do them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from werkplek.lab.netbox_answers import Refusal
from werkplek.lab.netbox_store import CHANGES, TREES, Row, Store

DEFAULT_LIMIT = 50  # NetBox's PAGINATE_COUNT
MAX_LIMIT = 1000  # NetBox's MAX_PAGE_SIZE

type Parameters = dict[str, list[str]]
type Rank = tuple[int, Sequence[tuple[int, int, str]]]


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of a list are wanted, from 0."""

    limit: int
    offset: int


def page(parameters: Parameters) -> Page:
    """`limit` and `offset` as NetBox reads them: what is no number counts as absent, limit 0 is the maximum."""
    limit = _natural(parameters, "limit", DEFAULT_LIMIT)
    return Page(min(limit or MAX_LIMIT, MAX_LIMIT), _natural(parameters, "offset", 0))


def _natural(parameters: Parameters, name: str, default: int) -> int:
    try:
        value = int(parameters[name][-1])
    except (KeyError, ValueError):
        return default
    return value if value >= 0 else default


def links(url: str, wanted: Page, count: int) -> tuple[str | None, str | None]:
    """Addresses of the next and the previous page."""
    after, before = wanted.offset + wanted.limit, wanted.offset - wanted.limit
    following = _link(url, wanted.limit, after) if after < count else None
    previous = _link(url, wanted.limit, max(before, 0)) if wanted.offset > 0 else None
    return following, previous


def _link(url: str, limit: int, offset: int) -> str:
    """The same list at another offset; REST framework sorts the parameters and leaves out an offset of 0."""
    parts = urlsplit(url)
    query = parse_qs(parts.query, keep_blank_values=True) | {"limit": [str(limit)], "offset": [str(offset)]}
    if offset == 0:
        del query["offset"]
    return parts._replace(query=urlencode(sorted(query.items()), doseq=True)).geturl()


def ordered(store: Store, object_type: str, parameters: Parameters) -> list[Row]:
    """All rows of a type in the wanted order, which is the type's own unless `ordering` names a column."""
    asked = parameters.get("ordering", [""])[-1]

    def compute() -> list[int]:
        rows = store.tables[object_type]
        names = [name for name in asked.split(",") if _sortable(object_type, rows.values(), name.removeprefix("-"))]
        return _sorted(rows.values(), names) if names else default_order(store, object_type)

    rows = store.tables[object_type]
    return [rows[number] for number in store.index.order(object_type, asked, compute)]


def _sorted(rows: Iterable[Row], names: Sequence[str]) -> list[int]:
    result = list(rows)
    for name in reversed(names):
        result.sort(key=_by(name.removeprefix("-")), reverse=name.startswith("-"))
    return [row["id"] for row in result]


def _by(column: str) -> Callable[[Row], Rank]:
    return lambda row: _rank(row.get(column))


def _sortable(object_type: str, rows: Iterable[Row], column: str) -> bool:
    """As NetBox, unknown columns are ignored; a column that NetBox could sort by and this double cannot is refused."""
    values = [row.get(column) for row in rows]
    if column in ("id", "name", "slug", "status", "serial", "asset_tag", "last_updated", "time"):
        return True
    if any(value is not None for value in values):
        raise Refusal(501, {"detail": f"The lab's NetBox does not order {object_type} by {column!r}."})
    return False


def default_order(store: Store, object_type: str) -> list[int]:
    """Ids in the order that NetBox's model gives: trees depth first, changes newest first, the rest by name."""
    rows = store.tables[object_type]
    if object_type in TREES:
        return _depth_first(rows.values())
    if object_type == CHANGES:
        return sorted(rows, reverse=True)
    if object_type == "dcim.devicetype":
        return sorted(rows, key=lambda number: (_rank(rows[number]["manufacturer"]), _rank(rows[number]["model"])))
    if object_type == "dcim.location":
        sites = {number: at for at, number in enumerate(default_order(store, "dcim.site"))}
        return sorted(rows, key=lambda number: (sites[rows[number]["site"]], _rank(rows[number]["name"])))
    return sorted(rows, key=lambda number: (rows[number].get("weight", 1000), _rank(rows[number]["name"]), number))


def _depth_first(rows: Iterable[Row]) -> list[int]:
    below: dict[int | None, list[Row]] = {}
    for row in sorted(rows, key=lambda row: _rank(row["name"])):
        below.setdefault(row["parent"], []).append(row)
    result: list[int] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        row = waiting.pop()
        result.append(row["id"])
        waiting += reversed(below.get(row["id"], []))
    return result


PARTS = re.compile(r"\d+|.", re.DOTALL)


def _rank(value: str | int | None) -> Rank:
    """Sort key of NetBox's collation `natural_sort` (ICU, numeric), PostgreSQL's nulls last: punctuation, numbers
    by value, letters without case.
    """
    if value is None:
        return (1, ())
    return (0, tuple(_part(part) for part in PARTS.findall(str(value).casefold())))


def _part(part: str) -> tuple[int, int, str]:
    if part.isdecimal():
        return (1, int(part), "")
    return (2, 0, part) if part.isalpha() else (0, 0, part)
