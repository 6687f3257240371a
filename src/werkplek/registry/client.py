"""Reads whole tables from NetBox's REST API: complete, or an error that says what was found and expected."""

from __future__ import annotations

import email.utils
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Any, NoReturn, Self
from urllib.parse import parse_qs, urlsplit

import httpx

from werkplek.errors import Problem, WerkplekError
from werkplek.registry import strict_json
from werkplek.registry.config import ApiConfig, is_loopback

CONNECTIONS = 2  # what serves best against NetBox's usual three workers, and leaves one for people
MOST_TRIES = 4
LONGEST_WAIT = 60.0  # seconds, per request, spent on Retry-After
REMEDIES = {
    401: "Check the token (NETBOX_TOKEN or `token_file`).",
    403: "Check the token (NETBOX_TOKEN or `token_file`) and its view permissions.",
    404: "Check `api_url`.",
    429: "NetBox is limiting its callers: try again later.",
}
AGAIN = "Run again; if it stays, look at NetBox's own log."


@dataclass(frozen=True, slots=True)
class Query:
    """One table to read: path under `/api/` and extra parameters."""

    path: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Page:
    count: int
    rows: tuple[dict[str, object], ...]
    next: str | None
    url: str


class NetBoxClient:
    """A connection to one NetBox. Use as a context manager; safe to use from several threads."""

    def __init__(self, config: ApiConfig, sleep: Callable[[float], None] = time.sleep) -> None:
        self._config = config
        self._sleep = sleep
        # A proxy from the environment must not see what stays on this machine.
        proxied = not is_loopback(urlsplit(config.url).hostname or "")
        self._http = httpx.Client(
            headers={"Accept": "application/json", "Authorization": authorization(config.token)},
            verify=_tls(config),
            timeout=config.timeout,
            limits=httpx.Limits(max_connections=CONNECTIONS),
            trust_env=proxied,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def version(self) -> str:
        """NetBox's version, such as `4.4.10`."""
        url, body = self._get("status/", {})
        version = body.get("netbox-version") if isinstance(body, dict) else None
        if not isinstance(version, str):
            self._refuse(url, "HTTP 200 without 'netbox-version'", "NetBox's status", "Check `api_url`.")
        return version

    def tables(self, queries: Sequence[Query]) -> list[list[dict[str, object]]]:
        """Every row of each table, in the order of ids, at most two requests at a time.

        Raises WerkplekError when any page is not what its table announced; then no row is returned.
        """
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            try:
                firsts = list(pool.map(lambda query: self._page(query, self._config.page_size, 0), queries))
                jobs = [
                    [pool.submit(self._page, query, len(first.rows), offset) for offset in self._offsets(first)]
                    for query, first in zip(queries, firsts, strict=True)
                ]
                pages = [[first, *(job.result() for job in rest)] for first, rest in zip(firsts, jobs, strict=True)]
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return [self._joined(table) for table in pages]

    def _offsets(self, first: _Page) -> range:
        """Where the other pages start. NetBox may clamp `limit` (MAX_PAGE_SIZE) and then says so in `next`."""
        size, limit = len(first.rows), self._config.page_size
        if size == first.count:
            return range(0)
        clamped = parse_qs(urlsplit(first.next or "").query).get("limit")
        if size == 0 or (size != limit and clamped != [str(size)]):
            self._short_page(first, min(first.count, limit))
        return range(size, first.count, size)

    def _joined(self, pages: Sequence[_Page]) -> list[dict[str, object]]:
        first = pages[0]
        rows: list[dict[str, object]] = []
        for page in pages:
            if page.count != first.count:
                found = f"count {page.count}, after count {first.count} on the first page"
                self._refuse(page.url, found, "the same count on every page", "The registry changed: run again.")
            expected = min(len(first.rows), first.count - len(rows))
            if len(page.rows) != expected:
                self._short_page(page, expected)
            rows += page.rows
        ids = {row["id"] for row in rows if isinstance(row.get("id"), int)}
        if len(ids) != first.count:
            found = f"{len(ids)} different ids in {first.count} rows"
            self._refuse(first.url, found, "each id once", "The registry changed: run again.")
        return rows

    def _short_page(self, page: _Page, expected: int) -> NoReturn:
        self._refuse(page.url, f"HTTP 200 with {len(page.rows)} rows", f"{expected} rows (count {page.count})", AGAIN)

    def _page(self, query: Query, limit: int, offset: int) -> _Page:
        parameters = {**query.parameters, "ordering": "id", "limit": str(limit), "offset": str(offset)}
        url, body = self._get(f"{query.path}/", parameters)
        match body:
            case {"count": int(count), "next": str() | None as after, "results": [*rows]} if _are_objects(rows):
                return _Page(count, tuple(rows), after, url)
        self._refuse(url, f"HTTP 200 with {_shape(body)}", "an object with 'count', 'next' and a list 'results'", AGAIN)

    def _get(self, path: str, parameters: Mapping[str, str]) -> tuple[str, Any]:
        """URL and decoded JSON of one answer. Waits for Retry-After on 429 and 503, within bounds."""
        request = self._http.build_request("GET", f"{self._config.url}api/{path}", params=parameters)
        url = str(request.url)
        waited = 0.0
        for attempt in range(1, MOST_TRIES + 1):
            response = self._send(request, url)
            if response.status_code not in (429, 503):
                break
            pause = _retry_after(response.headers.get("Retry-After"))
            if pause is None or attempt == MOST_TRIES or waited + pause > LONGEST_WAIT:
                break
            self._sleep(pause)
            waited += pause
        return url, self._decoded(response, url)

    def _send(self, request: httpx.Request, url: str) -> httpx.Response:
        try:
            return self._http.send(request, follow_redirects=False)
        except httpx.TimeoutException:
            found, remedy = f"no answer within {self._config.timeout:g} s", "Raise `timeout`, or try later."
            self._refuse(url, found, "an answer", remedy)
        except httpx.HTTPError as error:
            self._refuse(url, *_connection_problem(error))

    def _decoded(self, response: httpx.Response, url: str) -> object:
        status, kind = response.status_code, response.headers.get("Content-Type", "no content type")
        if response.is_redirect:
            target = response.headers.get("Location", "nowhere")
            remedy = "Set `api_url` to the address that answers by itself."
            self._refuse(url, f"HTTP {status}, a redirect to {target}", "HTTP 200", remedy)
        if status != 200:
            self._refuse(url, f"HTTP {status}{_detail(response)}", "HTTP 200", REMEDIES.get(status, AGAIN))
        if "json" not in kind:
            remedy = "Check `api_url`: a login page or a proxy answered."
            self._refuse(url, f"HTTP 200 with {kind}", "HTTP 200 with application/json", remedy)
        try:
            return strict_json.loads(response.content)
        except ValueError:
            self._refuse(url, "HTTP 200 with text that is not JSON", "JSON", AGAIN)

    def _refuse(self, url: str, found: str, expected: str, remedy: str) -> NoReturn:
        hidden = found.replace(self._config.token, "***")  # a server may echo what it was sent
        problem = Problem(url, hidden, expected, remedy)
        raise WerkplekError("The registry could not be read; no host was taken from it", [problem])


def authorization(token: str) -> str:
    """Value of the Authorization header; tokens of version 2 (NetBox 4.5) begin with `nbt_` and are bearer tokens."""
    return f"Bearer {token}" if token.startswith("nbt_") else f"Token {token}"


def _tls(config: ApiConfig) -> ssl.SSLContext | bool:
    if not config.verify:
        return False
    try:
        return ssl.create_default_context(cafile=str(config.ca_file) if config.ca_file else None)
    except ssl.SSLError:
        problem = Problem(str(config.ca_file), "no usable certificate", "certificates in PEM form", "Check `ca_file`.")
        raise WerkplekError("The registry could not be read; no host was taken from it", [problem]) from None


def _connection_problem(error: httpx.HTTPError) -> tuple[str, str, str]:
    """(found, expected, remedy) for a connection that failed before an answer was whole."""
    text = str(error) or type(error).__name__
    if "CERTIFICATE_VERIFY_FAILED" in text:
        reason = text.rpartition("certificate verify failed: ")[2].split(" (_ssl")[0]
        remedy = "Name the issuer's certificate in `ca_file`."
        return f"a certificate that does not verify ({reason})", "a certificate this machine trusts", remedy
    if isinstance(error, httpx.ConnectError):
        return f"no connection ({text})", "a NetBox that answers", "Check `api_url`, the network and NetBox."
    return f"a connection that broke ({text})", "a whole answer", AGAIN


def _detail(response: httpx.Response) -> str:
    """NetBox's own words about an error, on one line."""
    try:
        body = strict_json.loads(response.content)
    except ValueError:
        return ""
    detail = body.get("detail") if isinstance(body, dict) else None
    return f" ({ascii(detail)[1:-1][:200]})" if isinstance(detail, str) else ""


def _are_objects(rows: list[object]) -> bool:
    return all(isinstance(row, dict) for row in rows)


def _shape(body: object) -> str:
    if not isinstance(body, dict):
        return f"a JSON {type(body).__name__}"
    return f"an object with {', '.join(sorted(body)) or 'nothing'}"[:200]


def _retry_after(text: str | None) -> float | None:
    """Seconds to wait: RFC 9110, section 10.2.3, knows a number of seconds and a date."""
    if text is None:
        return None
    if text.strip().isdecimal():
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return None
