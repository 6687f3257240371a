"""Whole tables out of NetBox: ranges of ids side by side, and apart what costs NetBox less that way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from werkplek.errors import WerkplekError
from werkplek.registry.answers import addresses, relational
from werkplek.registry.client import NetBoxClient, Page, Parameters
from werkplek.registry.query import Query, Rows
from werkplek.registry.state import number
from werkplek.registry.tables import ADDRESS, HOSTS, INTERFACE, TABLES, Table

type ApiRow = dict[str, object]
type Job = Future[list[ApiRow]]
type Span = tuple[int, int | None]
"""(first id, first id beyond or None)."""


@dataclass(frozen=True, slots=True)
class FullReading:
    """One reading of whole tables. `size` is the number of rows that a request asks for.

    A table is cut into ranges of ids, each read by one request, or by following the last id: so a row that is added or
    deleted meanwhile moves no other one out of sight or into view twice.
    """

    client: NetBoxClient
    pool: ThreadPoolExecutor
    size: int
    query: Query

    def rows(self, tables: Iterable[Table]) -> Rows:
        """Every row of each table, and of the addresses those that hosts have."""
        wanted = [table for table in tables if not is_void(table, self.query)]
        wanted.sort(key=lambda table: table.object_type not in HOSTS)  # the longest answers first, beside the others
        firsts = [job.result() for job in [self.pool.submit(self._first, table) for table in wanted]]
        tags = self._tags_apart(wanted, firsts)
        try:
            return self._rest(wanted, firsts, tags)
        except WerkplekError as error:
            # NetBox refuses a filter by a tag that went away meanwhile.
            if not tags or not any(problem.found.startswith("HTTP 400") for problem in error.problems):
                raise
            return self._rest(wanted, firsts, {})

    def _first(self, table: Table) -> Page:
        parameters = {**self.query.fixed(table), **self.query.columns(table), "ordering": "id"}
        return self.client.page(table.path, parameters, self.size)

    def _page(self, path: str, parameters: Parameters, limit: int) -> Page:
        return self.pool.submit(self.client.page, path, parameters, limit).result()

    def _tags_apart(self, tables: Sequence[Table], firsts: Sequence[Page]) -> dict[str, int]:
        """Tags (slug -> id) whose hosts are asked for tag by tag, because that costs NetBox less; usually none or all.

        In a list of hosts the tags cost a third; a list of ids costs half of that, and a request as much as 100 rows.
        """
        pages = [page for table, page in zip(tables, firsts, strict=True) if table.object_type in HOSTS]
        left = sum(page.count - len(page.rows) for page in pages)
        if left <= 0:
            return {}
        page = self._page("extras/tags", {"fields": "id,slug,tagged_items", "ordering": "id"}, self.size)
        uses = sum(count for row in page.rows if isinstance(count := row.get("tagged_items"), int))
        if page.count > len(page.rows) or 2 * 100 * page.count + uses // 2 > left:
            return {}
        return {str(row["slug"]): number(row) for row in page.rows}

    def _rest(self, tables: Sequence[Table], firsts: Sequence[Page], tags: Mapping[str, int]) -> Rows:
        """The first pages and all that comes after them."""
        names = self._names(tables, firsts)
        spans = self._spans(tables, firsts)
        jobs = [
            list(self._jobs(table, first, found, tags))
            for table, first, found in zip(tables, firsts, spans, strict=True)
        ]
        found: Rows = {}
        for table, first, parts in zip(tables, firsts, jobs, strict=True):
            rows = {number(row): dict(row) for row in first.rows}
            rows |= {number(row): row for tag, job in parts if tag is None for row in job.result()}
            _put_tags(rows, {tag: job.result() for tag, job in parts if tag is not None})
            add(found, table, rows.values(), self.query)
        unnamed = [row for row in found.get(ADDRESS, []) if row["dns_name"] is None]
        if unnamed:
            known = {number(row): row.get("dns_name", "") for row in (names or self._read_names()).result()}
            for row in unnamed:
                row["dns_name"] = known.get(number(row), "")
        return found

    def _names(self, tables: Sequence[Table], firsts: Sequence[Page]) -> Job | None:
        """The reading of DNS names, begun early where hosts are seen to come without: NetBox before 4.6.4."""
        pages = [page for table, page in zip(tables, firsts, strict=True) if table.object_type in HOSTS]
        nested = next((found for page in pages for row in page.rows for found in addresses(row)), None)
        return self._read_names() if nested and nested["dns_name"] is None else None

    def _read_names(self) -> Job:
        table = TABLES[ADDRESS]
        parameters = {**self.query.fixed(table), "dns_name__empty": "false", "fields": "id,dns_name"}
        return self.pool.submit(walk, self.client, self.size, table, parameters)

    def _jobs(
        self, table: Table, first: Page, spans: Sequence[Span], tags: Mapping[str, int]
    ) -> Iterator[tuple[int | None, Job]]:
        """Readings of what the first page left: rows, and for each tag the ids of what bears it."""
        apart = tags if table.object_type in HOSTS and first.count > len(first.rows) else {}
        fixed, columns = self.query.fixed(table), self.query.columns(table, without="tags" if apart else "")
        for low, high in spans:
            parameters = {**fixed, **columns} | ({} if high is None else {"id__lt": str(high)})
            yield None, self.pool.submit(walk, self.client, self.size, table, parameters, low)
        for slug, tag in apart.items():
            parameters = {**fixed, **narrow(table, "id"), "tag": [*fixed.get("tag", ()), slug]}
            start = number(first.rows[-1]) + 1
            yield tag, self.pool.submit(walk, self.client, self.size, table, parameters, start)

    def _spans(self, tables: Sequence[Table], firsts: Sequence[Page]) -> list[list[Span]]:
        """For each table the spans of ids that its first page left."""
        lasts = [
            self.pool.submit(self._last, table) if first.count > len(first.rows) else None
            for table, first in zip(tables, firsts, strict=True)
        ]
        return [list(spans_of(first, last.result())) if last else [] for first, last in zip(firsts, lasts, strict=True)]

    def _last(self, table: Table) -> Page:
        parameters = {**self.query.fixed(table), **narrow(table, "id"), "ordering": "-id"}
        return self.client.page(table.path, parameters, 1)


def spans_of(first: Page, last: Page) -> Iterator[Span]:
    """Spans of ids behind a table's first page, up to its last row; the last span is open.

    A span of as many ids as a page holds always fits one page; sparse tables get wider ones.
    """
    left, size = first.count - len(first.rows), len(first.rows)
    start = number(first.rows[-1]) + 1
    end = number(last.rows[0]) + 1 if last.rows else start
    width = max(size, (end - start) * size * 4 // (left * 5))
    for low in range(start, max(end, start + 1), width):
        yield low, low + width if low + width < end else None


def walk(client: NetBoxClient, size: int, table: Table, parameters: Parameters, low: int = 0) -> list[ApiRow]:
    """Rows from id `low` on, in order, each request going on after the last id of the one before."""
    rows: list[ApiRow] = []
    while True:
        page = client.page(table.path, {**parameters, "ordering": "id", "id__gte": str(low)}, size)
        rows += page.rows
        if len(page.rows) == page.count:
            return rows
        low = number(page.rows[-1]) + 1


def is_void(table: Table, query: Query) -> bool:
    """A list without values is no filter to NetBox: it would answer with every port there is."""
    return table.object_type == INTERFACE and not query.port_roles


def narrow(table: Table, fields: str) -> dict[str, str]:
    """These fields alone; a host's config context is rendered, even where no field shows it, unless it is excluded."""
    return {"fields": fields} | ({"exclude": "config_context"} if table.object_type in HOSTS else {})


def add(found: Rows, table: Table, rows: Iterable[Mapping[str, object]], query: Query) -> None:
    """Put API rows among the found ones, as snapshot rows."""
    mine = found.setdefault(table.object_type, [])
    for row in rows:
        mine.append(relational(table, row, query.include))
        if table.object_type in HOSTS:
            found.setdefault(ADDRESS, []).extend(addresses(row))


def _put_tags(rows: Mapping[int, ApiRow], bearers: Mapping[int, Sequence[ApiRow]]) -> None:
    """Give tags to the rows that came without, by the lists of what bears each tag."""
    if not bearers:
        return
    for row in rows.values():
        row.setdefault("tags", [])
    for tag, found in bearers.items():
        for bearer in found:
            row = rows.get(number(bearer), {})
            tags = row.get("tags")
            if isinstance(tags, list):
                tags.append({"id": tag})
