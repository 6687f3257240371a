"""Paging and links of NetBox's lists, as Django REST framework and NetBox 4.4 do them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

DEFAULT_LIMIT = 50  # NetBox's PAGINATE_COUNT
MAX_LIMIT = 1000  # NetBox's MAX_PAGE_SIZE

type Parameters = dict[str, list[str]]


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
