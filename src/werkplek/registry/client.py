"""Asks NetBox's REST API: a whole answer, or an error that names the URL, what was found and how to mend it."""

from __future__ import annotations

import email.utils
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, NoReturn, Self
from urllib.parse import parse_qs, urlsplit

import httpx

from werkplek.errors import Problem, WerkplekError
from werkplek.registry import strict_json
from werkplek.registry.api_config import ApiConfig, is_loopback

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

type Parameters = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Page:
    """One answer about a table: how many rows it announces, which it holds, and the size NetBox clamped it to."""

    count: int
    rows: tuple[dict[str, object], ...]
    clamped: bool
    url: str


class NetBoxClient:
    """Asks one NetBox, over a connection for each thread. Use as a context manager."""

    def __init__(self, config: ApiConfig, sleep: Callable[[float], None] = time.sleep) -> None:
        self._config = config
        self._sleep = sleep
        self.api_version = ""  # such as `4.4`, of the latest answer
        self._tls = _tls(config)
        self._own = threading.local()
        self._opened: list[httpx.Client] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for opened in self._opened:
            opened.close()

    def _http(self) -> httpx.Client:
        """This thread's connection. httpcore (1.0.9) may close one that another thread has just begun to use."""
        found: httpx.Client | None = getattr(self._own, "client", None)
        if found is None:
            # A proxy from the environment must not see what stays on this machine.
            proxied = not is_loopback(urlsplit(self._config.url).hostname or "")
            found = self._own.client = httpx.Client(
                headers={"Accept": "application/json", "Authorization": authorization(self._config.token)},
                verify=self._tls,
                timeout=self._config.timeout,
                limits=httpx.Limits(max_connections=1),
                trust_env=proxied,
            )
            self._opened.append(found)
        return found

    def version(self) -> str:
        """NetBox's version, such as `4.4.10`."""
        url, body = self._get("status/", {})
        version = body.get("netbox-version") if isinstance(body, dict) else None
        if not isinstance(version, str):
            self.refuse(url, "HTTP 200 without 'netbox-version'", "NetBox's status", "Check `api_url`.")
        return version

    def page(self, path: str, parameters: Parameters, limit: int) -> Page:
        """The first `limit` rows of a table under `/api/`, as many as were announced.

        NetBox counts and reads in two steps, so an edit in between may leave them apart: then it is asked once more.
        Raises WerkplekError when the answer is not whole.
        """
        page = self._page(path, parameters, limit)
        if not _whole(page, limit):
            page = self._page(path, parameters, limit)
        if not _whole(page, limit):
            expected = f"{min(page.count, limit)} rows (count {page.count})"
            self.refuse(page.url, f"HTTP 200 with {len(page.rows)} rows", expected, AGAIN)
        return page

    def _page(self, path: str, parameters: Parameters, limit: int) -> Page:
        url, body = self._get(f"{path}/", {**parameters, "limit": str(limit)})
        match body:
            case {"count": int(count), "next": str() | None as after, "results": [*rows]} if _are_objects(rows):
                # NetBox may clamp `limit` (MAX_PAGE_SIZE) and then says so in `next`.
                given = parse_qs(urlsplit(after or "").query).get("limit")
                return Page(count, tuple(rows), given == [str(len(rows))] != [str(limit)], url)
        self.refuse(url, f"HTTP 200 with {_shape(body)}", "an object with 'count', 'next' and a list 'results'", AGAIN)

    def _get(self, path: str, parameters: Parameters) -> tuple[str, Any]:
        """URL and decoded JSON of one answer. Waits for Retry-After on 429 and 503, within bounds."""
        request = self._http().build_request("GET", f"{self._config.url}api/{path}", params=parameters)
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
        self.api_version = response.headers.get("API-Version", "")
        return url, self._decoded(response, url)

    def _send(self, request: httpx.Request, url: str) -> httpx.Response:
        try:
            return self._http().send(request, follow_redirects=False)
        except httpx.TimeoutException:
            found, remedy = f"no answer within {self._config.timeout:g} s", "Raise `timeout`, or try later."
            self.refuse(url, found, "an answer", remedy)
        except httpx.HTTPError as error:
            self.refuse(url, *_connection_problem(error))

    def _decoded(self, response: httpx.Response, url: str) -> object:
        status, kind = response.status_code, response.headers.get("Content-Type", "no content type")
        if response.is_redirect:
            target = response.headers.get("Location", "nowhere")
            remedy = "Set `api_url` to the address that answers by itself."
            self.refuse(url, f"HTTP {status}, a redirect to {target}", "HTTP 200", remedy)
        if status != 200:
            self.refuse(url, f"HTTP {status}{_detail(response)}", "HTTP 200", REMEDIES.get(status, AGAIN))
        if "json" not in kind:
            remedy = "Check `api_url`: a login page or a proxy answered."
            self.refuse(url, f"HTTP 200 with {kind}", "HTTP 200 with application/json", remedy)
        try:
            return strict_json.loads(response.content)
        except ValueError:
            self.refuse(url, "HTTP 200 with text that is not JSON", "JSON", AGAIN)

    def refuse(self, url: str, found: str, expected: str, remedy: str) -> NoReturn:
        """Raise for what NetBox answered, without the token."""
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
    if not isinstance(body, dict):
        return ""
    # A refused filter is told as {"tenant": ["Select a valid choice. ..."]}.
    told = [body["detail"]] if "detail" in body else [f"{name}: {words}" for name, words in body.items()]
    text = "; ".join(str(words) for words in told)
    return f" ({ascii(text)[1:-1][:200]})" if text else ""


def _whole(page: Page, limit: int) -> bool:
    return len(page.rows) == min(page.count, limit) or (page.clamped and 0 < len(page.rows) < page.count)


def _are_objects(rows: list[object]) -> bool:
    return all(isinstance(row, dict) and type(row.get("id")) is int for row in rows)


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
